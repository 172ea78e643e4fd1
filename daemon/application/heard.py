"""Troubles that the owner told of, and that no claim is made of yet."""

from __future__ import annotations

from collections.abc import Iterable

from parsers.letter import Trust
from parsers.notice import NoteMeaning, Notice

HEARD_ONLY = frozenset(NoteMeaning) - {
    NoteMeaning.NOT_RECEIVED,
    NoteMeaning.RECEIVED,
    NoteMeaning.FOUND,
    NoteMeaning.CREDITED,
    NoteMeaning.NONE,
}
"""Troubles that are written down and that no claim is made of yet."""


def heard_only(timeline: Iterable[Notice]) -> list[Notice]:
    """Return the owner's own words of such troubles, the last of each kind; money that came after them ends them."""
    found: dict[NoteMeaning, Notice] = {}
    for notice in timeline:
        if notice.trust is Trust.UNVERIFIED or notice.note_means is None:
            continue
        if notice.note_means is NoteMeaning.CREDITED:
            found.clear()
        elif notice.note_means in HEARD_ONLY:
            found[notice.note_means] = notice
    return list(found.values())
