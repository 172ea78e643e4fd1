"""Parcels of which a carrier wrote and which no order knows."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from daemon.application.results import LooseParcel
from daemon.orders.link import AFTER, BEFORE, numbers, suspects
from daemon.orders.parcels import suspected
from parsers.letter import Trust
from parsers.notice import Notice
from parsers.text import fold

_WORD = re.compile(r"[^\W_]+")
_WEEK = timedelta(days=7)
_EPOCH = datetime.fromisoformat("2000-01-01T00:00:00+00:00")


def loose_parcels(owner: str, loose: Sequence[Notice], orders: Mapping[str, Sequence[Notice]]) -> list[LooseParcel]:
    """Return one owner's parcels without an order, by key; ``orders`` holds the timeline of each order of theirs."""
    alone = _alone(loose, orders)
    perhaps = _Near(orders)
    by_key = _by_key(alone)
    out = []
    for parcel in suspected(alone):
        timeline = tuple(sorted(by_key[parcel.key], key=lambda one: (one.at, one.source)))
        shop = next((name for one in reversed(timeline) if (name := one.seller or one.retailer)), None)
        orders_near = tuple(sorted({near for one in timeline if (near := perhaps.only(one))}))
        out.append(LooseParcel(owner, parcel.model_copy(update={"joined": None}), shop, timeline, orders_near))
    return out


def loose_count(loose: Sequence[Notice], orders: Mapping[str, Sequence[Notice]]) -> int:
    """Return how many parcels ``loose_parcels`` tells of, without asking which order may be theirs."""
    return len(_by_key(_alone(loose, orders)))


def _alone(loose: Iterable[Notice], orders: Mapping[str, Sequence[Notice]]) -> list[Notice]:
    """Return the carriers' notices whose number no order knows, by the rule of ``same_parcel``."""
    known: set[str] = set()
    for timeline in orders.values():
        for one in timeline:
            if one.order_id and one.trust is not Trust.FORGED:
                known |= numbers(one)
    carried = (one for one in loose if one.by_carrier and one.trust is not Trust.FORGED and not one.order_id)
    return [one for one in carried if not known & numbers(one)]


def _by_key(notices: Iterable[Notice]) -> dict[str, list[Notice]]:
    found: defaultdict[str, list[Notice]] = defaultdict(list)
    for one in notices:
        for key in numbers(one) or {""}:
            found[key].append(one)
    return dict(found)


class _Near:
    """An owner's orders by the words of their shops' names and the weeks of their mails."""

    def __init__(self, orders: Mapping[str, Sequence[Notice]]) -> None:
        self._orders = orders
        self._places: defaultdict[tuple[str, int], set[str]] = defaultdict(set)
        for order_id, timeline in orders.items():
            words = {word for one in timeline for word in _shop(one)}
            weeks = {(one.at - _EPOCH) // _WEEK for one in timeline}
            for place in ((word, week) for word in words for week in weeks):
                self._places[place].add(order_id)

    def only(self, notice: Notice) -> str | None:
        """Return the one order that a notice may speak of; ``None`` where it is none or more than one."""
        fitting = (key for key in self._around(notice) if suspects(key, [notice], {key: self._orders[key]}))
        first = next(fitting, None)
        return first if next(fitting, None) is None else None

    def _around(self, notice: Notice) -> Iterator[str]:
        # A mail of the shop may be as much older, or younger, than the carrier's as the rule of time allows.
        first, last = ((at - _EPOCH) // _WEEK for at in (notice.at - AFTER, notice.at + BEFORE))
        places = ((word, week) for word in _shop(notice) for week in range(first, last + 1))
        yield from sorted({key for place in places for key in self._places.get(place, ())})


def _shop(notice: Notice) -> set[str]:
    return {word for name in (notice.retailer, notice.seller) if name for word in _WORD.findall(fold(name))}
