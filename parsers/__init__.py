"""Letter in, notices out: what order mails say. Knows nothing of the daemon.

``read`` is the way in; ``known_sender`` tells which mails are worth fetching, ``understood`` which were not understood.
"""

from parsers.registry import known_sender, read, understood

__all__ = ["known_sender", "read", "understood"]
