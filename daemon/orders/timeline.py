"""The notices of an order, put in one order that depends on nothing but themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from typing import TypeVar

from parsers.letter import Trust
from parsers.notice import Kind, Notice

T = TypeVar("T")

_PROMISING = frozenset(
    {Kind.CONFIRMED, Kind.SHIPPED, Kind.OUT_FOR_DELIVERY, Kind.DELAYED, Kind.ATTEMPTED, Kind.ANNOUNCED}
)


def _place(notice: Notice) -> tuple[datetime, str, str]:
    """Time first, then source. The whole content settles what is left, so that no two notices share a place."""
    return notice.at.astimezone(UTC), notice.source, notice.model_dump_json()


def arrange(order_id: str, notices: Iterable[Notice]) -> tuple[Notice, ...]:
    """Return the notices that may speak of an order, without repeats, by time and then source.

    Forged ones are left out, and those that name another order.
    """
    mine = [one for one in notices if one.trust is not Trust.FORGED and one.order_id in (None, order_id)]
    return tuple(dict.fromkeys(sorted(mine, key=_place)))


def doubted(notice: Notice) -> bool:
    """Whether a notice could have been proven and was not.

    It is shown, and what it says lets a trouble rest, but by itself it ends nothing. Where no mail is ever proven none
    is in doubt, save words in the owner's name: those are taken at their word there, so one that was not is.
    """
    return notice.trust is Trust.UNVERIFIED and (notice.provable or notice.kind is Kind.OWNER_REPORT)


def from_shop(notice: Notice) -> bool:
    """Whether the shop or its seller wrote it, not a carrier: a carrier's estimate is nobody's promise."""
    return bool(notice.retailer or notice.marketplace) and not notice.by_carrier


def last_day(notice: Notice) -> date | None:
    """Return the last day on which a notice expects the delivery."""
    return notice.promised_to or notice.promised_from


def promises(timeline: Iterable[Notice]) -> list[Notice]:
    """Return the shop's notices that name a day of delivery; carriers' ones for an order whose shop named none."""
    dated = [one for one in timeline if one.kind in _PROMISING and last_day(one)]
    return [one for one in dated if from_shop(one)] or dated


def first(timeline: Iterable[Notice], pick: Callable[[Notice], T | None]) -> T | None:
    """Return the first thing that a notice says, None when none says it."""
    return next((value for notice in timeline if (value := pick(notice)) is not None), None)


def latest(timeline: Sequence[Notice], pick: Callable[[Notice], T | None]) -> T | None:
    """Return the last thing that a notice says, None when none says it."""
    return first(reversed(timeline), pick)
