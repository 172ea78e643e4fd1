"""Tracking numbers: which parcel, and so which order, a carrier's notice speaks of."""

from __future__ import annotations

import re
from collections.abc import Iterable

from parsers.letter import Trust
from parsers.notice import Notice

_FILLING = re.compile(r"[\s.\-_/]+")


def normal(number: str) -> str:
    """Return a tracking number as it is compared: capitals, no spaces, dots, dashes or slashes."""
    return _FILLING.sub("", number).upper()


def numbers(notice: Notice) -> set[str]:
    """Return the tracking numbers of a notice in their normal form."""
    return {found for number in notice.tracking_numbers if (found := normal(number))}


def same_parcel(loose: Notice, known: Iterable[Notice]) -> set[str]:
    """Return the ids of the orders that a carrier's notice belongs to: those that know its tracking number.

    Empty when none does. A notice that names its order belongs to that one alone; a forged one to none.
    """
    if loose.trust is Trust.FORGED:
        return set()
    if loose.order_id:
        return {loose.order_id}
    mine = numbers(loose)
    believed = (one for one in known if one.order_id and one.trust is not Trust.FORGED)
    return {one.order_id for one in believed if one.order_id and mine & numbers(one)}
