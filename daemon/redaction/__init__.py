"""A mail made shareable: names, addresses, numbers and links replaced, each always by the same, the wording kept."""

from daemon.redaction.mail import redact

__all__ = ["redact"]
