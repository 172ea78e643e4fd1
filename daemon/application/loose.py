"""Parcels of which a carrier wrote and which no order knows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from daemon.application.results import LooseParcel
from daemon.orders.link import numbers, same_parcel, suspects
from daemon.orders.parcels import suspected
from parsers.letter import Trust
from parsers.notice import Notice


def loose_parcels(owner: str, loose: Sequence[Notice], orders: Mapping[str, Sequence[Notice]]) -> list[LooseParcel]:
    """Return one owner's parcels without an order, by key; ``orders`` holds the timeline of each order of theirs."""
    known = [one for timeline in orders.values() for one in timeline]
    carried = [one for one in loose if one.by_carrier and one.trust is not Trust.FORGED]
    alone = [one for one in carried if not same_parcel(one, known)]
    perhaps = {id(one): order_id for order_id in orders for one in suspects(order_id, alone, orders)}
    out = []
    for parcel in suspected(alone):
        mails = [one for one in alone if parcel.key in (numbers(one) or {""})]
        timeline = tuple(sorted(mails, key=lambda one: (one.at, one.source)))
        shop = next((name for one in reversed(timeline) if (name := one.seller or one.retailer)), None)
        orders_near = tuple(sorted({perhaps[id(one)] for one in mails if id(one) in perhaps}))
        out.append(LooseParcel(owner, parcel.model_copy(update={"joined": None}), shop, timeline, orders_near))
    return out
