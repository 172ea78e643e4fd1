"""The troubles of delivery that mails alone show: a promised day that passed, a delivery contradicted."""

from __future__ import annotations

from datetime import datetime

from daemon.anomalies.anomaly import Anomaly, Certainty, Code
from daemon.anomalies.delivery import sources
from daemon.anomalies.due import Due, due
from daemon.anomalies.signs import believed, mails, moment, of_kind, same_parcel, settled
from daemon.anomalies.words import disputes, settling
from daemon.orders.link import numbers
from daemon.orders.order import Order
from daemon.orders.parcels import keys
from daemon.orders.timeline import from_shop
from daemon.rules import Rules
from parsers.notice import Kind, Notice

_UNDER_WAY = frozenset({Kind.SHIPPED, Kind.ANNOUNCED, Kind.OUT_FOR_DELIVERY, Kind.DELAYED, Kind.ATTEMPTED})
_CONTRADICTING = frozenset({Kind.ATTEMPTED, Kind.RETURNED, Kind.OUT_FOR_DELIVERY, Kind.PICKUP_READY})


def late(order: Order, now: datetime, rules: Rules) -> Anomaly | None:
    """Return lateness as the mails show it: suspected, for many sellers mail no delivery; two signals confirm it.

    At least one of the two must be proven to come from its sender; else the owner is asked.
    An order without any promised day is asked about only when its owner has already missed it.
    """
    limit = due(order, rules)
    if limit is None or now < limit.tell_at or (limit.day is None and not disputes(order)):
        return None
    if of_kind(order, Kind.DELIVERED, Kind.RETURNED) or settling(order) or settled(order, limit.at):
        return None
    certainty, reason, signal = _strength(order, limit)
    if not believed(limit.notice, signal):
        certainty = Certainty.SUSPECTED
    if certainty is Certainty.SUSPECTED and _too_old(limit.at, now, rules, order):
        return None
    zone = rules.zone(order)
    facts = {"promised" if limit.day else "due": limit.day.isoformat() if limit.day else moment(limit.at, zone)}
    if signal:
        facts["ready" if reason == "late_pickup" else "seen"] = moment(signal.at, zone)
        facts |= {"carrier": signal.carrier} if signal.carrier else {}
    ask = {"late_pickup": "picked_up"}.get(reason, "received") if certainty is Certainty.SUSPECTED else None
    return Anomaly(
        code=Code.DELIVERY_LATE,
        order_id=order.order_id,
        certainty=certainty,
        since=limit.at,
        claim_from=limit.tell_at,
        evidence=sources([limit.notice, signal]),
        reason=reason,
        facts=facts,
        ask=ask,
    )


def _strength(order: Order, limit: Due) -> tuple[Certainty, str, Notice | None]:
    """Return how sure the lateness is, why, and the mail that makes it so."""
    if ready := of_kind(order, Kind.PICKUP_READY):
        return Certainty.SUSPECTED, "late_pickup", ready[-1]
    if limit.day is None:
        return Certainty.SUSPECTED, "late_silent_no_date", None
    if delayed := [one for one in of_kind(order, Kind.DELAYED) if from_shop(one)]:
        return Certainty.CONFIRMED, "late_delayed", delayed[-1]
    seen = [one for one in mails(order) if one.kind in _UNDER_WAY and not from_shop(one) and one.at >= limit.at]
    if seen:
        return Certainty.CONFIRMED, "late_under_way", seen[-1]
    return Certainty.SUSPECTED, "late_silent", None


def _too_old(since: datetime, now: datetime, rules: Rules, order: Order) -> bool:
    """Whether a doubt is no longer worth a question, because its owner could not act on the answer any more."""
    return now >= rules.a_to_z.window.value.after(since, rules.zone(order))


def contradicted(order: Order, now: datetime, rules: Rules) -> list[Anomaly]:
    """Return the deliveries that another mail contradicts, all suspected, at most one a parcel."""
    by_parcel: dict[str, Anomaly] = {}
    for delivered in of_kind(order, Kind.DELIVERED):
        if any(word.at >= delivered.at for word in settling(order)):
            continue
        if contrary := _contrary(order, delivered, rules):
            one = _doubt(order, delivered, contrary, rules)
            if not settled(order, one.since) and not _too_old(one.since, now, rules, order):
                by_parcel[one.parcel] = one
    return list(by_parcel.values())


def _contrary(order: Order, delivered: Notice, rules: Rules) -> Notice | None:
    """Return the last mail that contradicts a delivery and that no later delivery of the same parcel mends."""
    zone = rules.zone(order)
    until = rules.waits.contradiction_window.value.after(delivered.at, zone)
    day = delivered.at.astimezone(zone).date()
    found = None
    for one in of_kind(order, *_CONTRADICTING, Kind.DELIVERED):
        if not same_parcel(order, delivered, one):
            continue
        same_day_attempt = one.kind is Kind.ATTEMPTED and one.at.astimezone(zone).date() == day
        if one.kind is Kind.DELIVERED:
            found = None if one.at > delivered.at else found
        # The shop writes of goods that its customer sends back, which contradicts nothing.
        elif (delivered.at < one.at <= until and not (one.kind is Kind.RETURNED and from_shop(one))) or (
            same_day_attempt and one.at <= delivered.at
        ):
            found = one
    return found


def _doubt(order: Order, delivered: Notice, contrary: Notice, rules: Rules) -> Anomaly:
    zone = rules.zone(order)
    number = numbers(delivered) or numbers(contrary)
    before = contrary.at <= delivered.at
    since = max(contrary.at, delivered.at)
    facts = {"delivered": moment(delivered.at, zone), "contradicted": moment(contrary.at, zone)}
    return Anomaly(
        code=Code.NOT_RECEIVED,
        order_id=order.order_id,
        parcel=min(number) if number and len(keys(order.timeline)) > 1 else "",
        certainty=Certainty.SUSPECTED,
        since=since,
        claim_from=rules.waits.delivery_contradicted.value.safe.after(since, zone),
        evidence=sources([delivered, contrary]),
        reason="contradicted_before" if before else f"contradicted_{contrary.kind.value}",
        facts=facts | ({"carrier": contrary.carrier} if contrary.carrier else {}),
        ask="received",
    )
