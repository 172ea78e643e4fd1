"""Which order a carrier's notice speaks of: by tracking number or reference for sure, by shop and time as a guess."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from parsers.letter import Trust
from parsers.notice import Kind, Notice
from parsers.text import fold

_FILLING = re.compile(r"[\s.\-_/]+")
_WORD = re.compile(r"[^\W_]+")
_COMPANY = frozenset(
    re.findall(r"\w+", "ab bv co com corp de ets fr gmbh inc it limited llc ltd nl sa sarl sas spa srl sp uk www")
)
"""What stands behind a shop's name in one mail and not in another."""
BEFORE = timedelta(days=3)
"""A carrier may know of a parcel this long before its shop says that it left."""
AFTER = timedelta(days=21)
"""A parcel that left longer ago than this is another one."""
_LEFT = frozenset({Kind.SHIPPED, Kind.OUT_FOR_DELIVERY, Kind.DELAYED, Kind.PICKUP_READY, Kind.ATTEMPTED})


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


def suspects(order_id: str, loose: Iterable[Notice], orders: Mapping[str, Sequence[Notice]]) -> list[Notice]:
    """Return the carriers' notices that only seem to speak of an order, in no particular order.

    ``orders`` holds what is known of each of the owner's orders. A notice is suspected when no order knows its
    number, it names the shop, and of all orders just this one was sent by that shop at that time, by that carrier as
    far as its mails say. Neither the order of the notices nor that of the orders matters.
    """
    mine = [one for one in orders.get(order_id, ()) if one.trust is not Trust.FORGED]
    if not mine:
        return []
    everything = [one for known in orders.values() for one in known]
    near = (one for one in loose if _open(one) and _may_be(one, mine))
    alone = (one for one in near if not same_parcel(one, everything))
    return [one for one in alone if [key for key, known in orders.items() if _may_be(one, known)] == [order_id]]


def _open(notice: Notice) -> bool:
    return notice.by_carrier and notice.order_id is None and notice.trust is not Trust.FORGED


def _may_be(loose: Notice, known: Sequence[Notice]) -> bool:
    """Tell whether a carrier's notice fits an order: shop, time and carrier."""
    mails = [one for one in known if one.trust is not Trust.FORGED and one.kind is not Kind.OWNER_REPORT]
    sent = [one for one in mails if one.kind in _LEFT and not one.by_carrier]
    # An order whose mails name the parcel's number does not have to be guessed.
    if any(numbers(one) for one in sent) or not any(_near(loose.at, one.at) for one in sent):
        return False
    carriers = {one.carrier.casefold() for one in sent if one.carrier}
    if carriers and loose.carrier and loose.carrier.casefold() not in carriers:
        return False
    shops = {_name(name) for one in mails if not one.by_carrier for name in (one.retailer, one.seller) if name}
    return bool({_name(name) for name in (loose.retailer, loose.seller) if name} & shops - {""})


def _near(carried: datetime, sent: datetime) -> bool:
    return sent - BEFORE <= carried <= sent + AFTER


def _name(shop: str) -> str:
    """Return a shop's name as it is compared: without accents, capitals, signs and the form of its company."""
    return " ".join(word for word in _WORD.findall(fold(shop)) if word not in _COMPANY)
