"""The fold: notices in, order out, whatever their order and however often each comes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from decimal import Decimal

from daemon.orders import goods, parties
from daemon.orders.naming import shop_of
from daemon.orders.order import Order
from daemon.orders.parcels import parcels
from daemon.orders.timeline import arrange, doubted, first, last_day, latest, promises
from parsers.notice import Kind, NoteMeaning, Notice

_NOT_THE_TOTAL = frozenset({Kind.REFUNDED, Kind.RETURNED, Kind.CANCELLED, Kind.OWNER_REPORT})


def fold(order_id: str, notices: Iterable[Notice]) -> Order:
    """Return what ``notices`` say of the order ``order_id``.

    Forged notices are ignored, and those that name another order. A carrier's notice names none; it is the caller's
    to say that it belongs here (``same_parcel``).
    """
    timeline = arrange(order_id, notices)
    total, currency = _total(timeline)
    refunded_at, refund_amount = _refunds(timeline)
    promised = [last_day(notice) for notice in promises(timeline)]
    # What nobody proves says neither what the owner knows nor where others are written to.
    sure = [one for one in timeline if not doubted(one)]
    mails = [one for one in sure if one.kind is Kind.SELLER_MESSAGE]
    # A carrier's mail may name another shop than the one that sold.
    own = [one for one in timeline if one.order_id and not one.by_carrier]
    shop = shop_of(order_id) is not None
    return Order(
        order_id=order_id,
        retailer=first(own or timeline, lambda one: one.retailer),
        marketplace=first(own or timeline, lambda one: one.marketplace),
        items=goods.merge(timeline),
        total=total,
        currency=currency,
        ordered_at=first(timeline, lambda one: one.at if one.kind is Kind.CONFIRMED else None),
        seller=latest([one for one in timeline if not one.by_carrier], lambda one: one.seller)
        or (latest(own, lambda one: one.retailer) if shop else None),
        seller_address=latest([one for one in own if one in sure] if shop else mails, lambda one: one.reply_to),
        seller_thread=tuple(dict.fromkeys(one.message_id for one in mails if one.message_id)),
        sold_by=parties.sold_by(timeline),
        shipped_by=parties.shipped_by(timeline),
        promised_first=promised[0] if promised else None,
        promised_latest=promised[-1] if promised else None,
        parcels=parcels(timeline),
        cancelled_at=_cancelled(timeline),
        refunded_at=refunded_at,
        refund_amount=refund_amount,
        credited_at=latest(sure, lambda one: one.at if one.note_means is NoteMeaning.CREDITED else None),
        timeline=timeline,
    )


def _total(timeline: Sequence[Notice]) -> tuple[Decimal | None, str | None]:
    """Return the order's total and its currency: the last confirmation's, else the last invoice's.

    Other mails may name the total of one parcel: the greatest of them is the nearest to the order's.
    """
    priced = [one for one in timeline if one.total is not None and one.kind not in _NOT_THE_TOTAL]
    for kind in (Kind.CONFIRMED, Kind.INVOICED):
        if best := [one for one in priced if one.kind is kind]:
            return best[-1].total, best[-1].currency or _currency(timeline)
    if not priced:
        return None, _currency(timeline)
    top = max(priced, key=lambda one: one.total or Decimal(0))
    return top.total, top.currency or _currency(timeline)


def _currency(timeline: Sequence[Notice]) -> str | None:
    return latest(timeline, lambda one: one.currency)


def _refunds(timeline: Sequence[Notice]) -> tuple[datetime | None, Decimal | None]:
    """Return when a refund was last announced, and the sum of all.

    A forward keeps its mail's date to the minute only, so one amount in one minute is one refund.
    """
    refunds = [one for one in timeline if one.kind is Kind.REFUNDED]
    amounts = {
        (one.at.astimezone(UTC).replace(second=0, microsecond=0), one.refund_amount)
        for one in refunds
        if one.refund_amount is not None
    }
    summed = sum((amount for _, amount in amounts), Decimal(0)) if amounts else None
    return (refunds[-1].at if refunds else None), summed


def _cancelled(timeline: Sequence[Notice]) -> datetime | None:
    """Return when the order as a whole was last cancelled; one cancelled item of several leaves the others alive."""
    cancelled = [one for one in timeline if one.kind is Kind.CANCELLED]
    return cancelled[-1].at if cancelled and goods.covers(cancelled, timeline) else None
