"""Tag lists of DKIM (RFC 6376, 3.2), enough of them to know whose key is to be asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from daemon.intake.headers import Fields

MAX_SIGNATURE = 4_000
"""Characters of a signature's header that are looked at; genuine ones have some hundred."""
_TAG = re.compile(r"[ \t]{0,100}+([A-Za-z][A-Za-z0-9_]{0,30}+)[ \t]{0,100}+=([^;]*+)(?:;|$)")
_NAME = re.compile(r"[a-z0-9_](?:[a-z0-9._-]{0,250}[a-z0-9])?")


def tags(value: str) -> dict[str, str]:
    """Return the tags of a value, without any white space; nonsense ends the list, and of two the first counts."""
    found: dict[str, str] = {}
    at = 0
    while at < min(len(value), MAX_SIGNATURE) and (tag := _TAG.match(value, at)):
        found.setdefault(tag[1].lower(), "".join(tag[2].split()))
        at = tag.end()
    return found


def key_name(given: Mapping[str, str]) -> str:
    """Return the name under which DNS has the key of a signature, or nothing when its tags make none."""
    name = f"{given.get('s', '')}._domainkey.{given.get('d', '')}".lower()
    return name if given.get("s") and given.get("d") and _NAME.fullmatch(name) and ".." not in name else ""


def each(fields: Fields, header: str) -> Iterator[dict[str, str]]:
    """Yield the tags of every header of one name, from the top."""
    for name, value in fields.items:
        if name == header:
            yield tags(value)
