"""relance: the service that watches a mailbox and drafts claims."""

__version__ = "0.1.0"
