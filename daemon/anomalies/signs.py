"""What the mails of an order show of its delivery."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from daemon.orders import goods
from daemon.orders.link import numbers
from daemon.orders.order import Order
from daemon.orders.parcels import ON_THE_WAY, keys, of_parcel
from daemon.orders.timeline import from_shop
from parsers.letter import Trust
from parsers.notice import Kind, Notice

_BELIEVED = frozenset({Trust.SIGNED, Trust.OWNER})


def mails(order: Order, parcel: str = "") -> list[Notice]:
    """Return the mails about a parcel, or about the order as a whole, in time order."""
    if parcel:
        return of_parcel(order.timeline, parcel)
    return [one for one in order.timeline if one.kind is not Kind.OWNER_REPORT]


def of_kind(order: Order, *kinds: Kind, parcel: str = "") -> list[Notice]:
    """Return the mails of some kinds, in time order."""
    return [one for one in mails(order, parcel) if one.kind in kinds]


def same_parcel(order: Order, one: Notice, other: Notice) -> bool:
    """Whether two mails certainly speak of one parcel.

    By tracking number, else by what is in it, else because the order was shipped in one piece. When nothing tells,
    the answer is no: a second parcel that is still out does not contradict the delivery of the first.
    """
    if one == other:
        return True
    if numbers(one) and numbers(other):
        return bool(numbers(one) & numbers(other))
    if one.items and other.items:
        return goods.same(one.items, other.items)
    shipments = {
        mail.at.astimezone(UTC).replace(second=0, microsecond=0)
        for mail in of_kind(order, Kind.SHIPPED)
        if from_shop(mail)
    }
    return len(keys(order.timeline)) <= 1 and len(shipments) <= 1


def settled(order: Order, since: datetime) -> bool:
    """Whether a cancellation or a refund leaves nothing to be delivered.

    A refund counts when it came after ``since``, or when it may be of the whole price.
    """
    alive = ON_THE_WAY - {Kind.RETURNED}
    if (cancelled := order.cancelled_at) and not any(one.at > cancelled for one in of_kind(order, *alive)):
        return True
    if order.refunded_at is None:
        return False
    partial = order.refund_amount is not None and order.total is not None and order.refund_amount < order.total
    return order.refunded_at >= since or not partial


def believed(*notices: Notice | None) -> bool:
    """Whether one of these was proven to come from its sender: unverified mails alone confirm nothing."""
    return any(one is not None and one.trust in _BELIEVED for one in notices)


def moment(at: datetime, zone: ZoneInfo) -> str:
    """Return a moment as ``Anomaly.facts`` holds it: ISO 8601 to the minute, in the order's zone, with its offset."""
    return at.astimezone(zone).isoformat(timespec="minutes")
