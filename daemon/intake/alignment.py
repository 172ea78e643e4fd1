"""Whether a domain that signed speaks for the one that stands in From (RFC 7489, 3.1: relaxed)."""

from __future__ import annotations

from functools import cache

from daemon.intake.words import table


def aligned(signed: str, author: str) -> bool:
    """Say whether two domains are the same, or one lies above the other; what many share vouches for nobody.

    So ``amazonses.com``, which signs for all its customers, says nothing of ``amazon.fr``.
    """
    signed, author = signed.lower().strip("."), author.lower().strip(".")
    if not signed or not author:
        return False
    low, high = sorted((signed, author), key=len)
    return _is_registrable(low) and (low == high or high.endswith("." + low))


def _is_registrable(domain: str) -> bool:
    """Not a public suffix such as ``fr`` or ``co.uk``: their second labels are few, and stand in a table."""
    labels = domain.split(".")
    return len(labels) > 2 or (len(labels) == 2 and labels[0] not in _shared_labels())


@cache
def _shared_labels() -> frozenset[str]:
    return frozenset(table("senders")["shared_labels"])
