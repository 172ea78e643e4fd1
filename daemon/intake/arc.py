"""ARC (RFC 8617): forwarders who change a mail, and so break its signature, say that it was whole when they got it.

Anybody can say so, and a later hop can put other words into a sealed mail. So every hop must be a forwarder that
``config/intake/senders.toml`` names, and the first one must have seen the signature hold.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache

from daemon.intake import authres, tags
from daemon.intake.alignment import aligned
from daemon.intake.headers import Fields
from daemon.intake.words import table

MAX_HOPS = 8
_HEADERS = ("arc-authentication-results", "arc-message-signature", "arc-seal")
_READ_ONCE = ("from", "subject", "date", "content-type", "content-transfer-encoding")
"""A second one could be put on top of what was sealed."""
_INSTANCE = re.compile(r"\s{0,50}+i\s{0,50}+=\s{0,50}+(\d{1,2})\s{0,50}+;(.*)", re.I | re.S)


@dataclass(frozen=True, slots=True)
class Hop:
    """One forwarder's three headers."""

    results: str
    """What it found, without the instance."""
    message: dict[str, str]
    seal: dict[str, str]


def key_names(fields: Fields) -> tuple[str, ...]:
    """Return the names of the keys that a chain of known forwarders is verified with; none for any other chain."""
    found = chain(fields)
    if not _known(found, ()):
        return ()
    return tuple(
        dict.fromkeys(filter(None, (tags.key_name(each) for hop in found for each in (hop.message, hop.seal))))
    )


def vouches(fields: Fields, domain: str, our_sealers: Collection[str] = ()) -> bool:
    """Say whether known forwarders say that ``domain``'s signature held. Their seals are to be verified besides.

    ``our_sealers`` are domains of the owner's own server, which may seal what it receives.
    """
    found = chain(fields)
    doubled = any(sum(name == once for name, _ in fields.items) > 1 for once in _READ_ONCE)
    if doubled or not _known(found, our_sealers) or not _covers(found[-1]):
        return False
    _, stated = authres.parse(found[0].results)
    return authres.outcome(stated, domain) == "pass"


def chain(fields: Fields) -> tuple[Hop, ...]:
    """Return the hops, the first one first; nothing when one is incomplete, doubled or missing."""
    found: dict[tuple[int, str], str] = {}
    for name, value in fields.items:
        if name in _HEADERS:
            instance = _INSTANCE.match(value) if name == _HEADERS[0] else None
            number = instance[1] if instance else tags.tags(value).get("i", "")
            key = (int(number) if number.isascii() and number.isdecimal() and len(number) < 3 else 0, name)
            if not 1 <= key[0] <= MAX_HOPS or key in found:
                return ()
            found[key] = instance[2] if instance else value
    hops = len(found) // len(_HEADERS)
    if set(found) != {(hop, name) for hop in range(1, hops + 1) for name in _HEADERS}:
        return ()
    return tuple(
        Hop(found[hop, _HEADERS[0]], tags.tags(found[hop, _HEADERS[1]]), tags.tags(found[hop, _HEADERS[2]]))
        for hop in range(1, hops + 1)
    )


def _known(found: tuple[Hop, ...], ours: Collection[str]) -> bool:
    return bool(found) and all(_is_known(each.get("d", ""), ours) for hop in found for each in (hop.message, hop.seal))


def _is_known(domain: str, ours: Collection[str]) -> bool:
    domain = domain.lower()
    return domain in _sealers() or any(aligned(domain, own) for own in ours)


def _covers(last: Hop) -> bool:
    """Whether the last forwarder signed what makes a mail this one: whom it is from, and what it says."""
    signed = last.message.get("h", "").lower().split(":")
    return {"from", "subject"} <= set(signed) and "l" not in last.message


@cache
def _sealers() -> frozenset[str]:
    return frozenset(table("senders")["arc"]["sealers"])
