"""The troubles of delivery that the owner speaks of: "delivered" but not received, or not come when it was due."""

from __future__ import annotations

from collections.abc import Iterable

from daemon.anomalies.anomaly import Anomaly, Certainty, Code
from daemon.anomalies.due import Due, due
from daemon.anomalies.signs import moment, of_kind, same_parcel, settled
from daemon.anomalies.words import Dispute
from daemon.orders.order import Order
from daemon.orders.parcels import ON_THE_WAY
from daemon.rules import Rules
from parsers.notice import Kind, Notice


def sources(notices: Iterable[Notice | None]) -> tuple[str, ...]:
    """Return the sources of notices, in time order, each once."""
    known = sorted((one for one in notices if one), key=lambda one: (one.at, one.source))
    return tuple(dict.fromkeys(one.source for one in known))


def told(order: Order, dispute: Dispute, rules: Rules) -> Anomaly | None:
    """Return the trouble that the owner's word makes: not received, else late, else (too early) none."""
    word = dispute.words[-1]
    said = {one.source for one in dispute.words}
    delivered = _deliveries(order, dispute, said)
    doubted = [one for one in delivered if one.at <= word.at or one.source in said]
    later = [one for one in delivered if one not in doubted]
    if doubted:
        return _not_received(order, dispute, doubted, later, rules)
    return None if later else _late(order, dispute, rules)


def _deliveries(order: Order, dispute: Dispute, said: set[str]) -> list[Notice]:
    """Return the delivery notices that a dispute can be about.

    An owner who forwards the shipping mail of one parcel does not doubt the delivery of another one.
    """
    delivered = of_kind(order, Kind.DELIVERED, parcel=dispute.parcel)
    forwarded = [one for one in of_kind(order, *ON_THE_WAY) if one.source in said]
    return [one for one in delivered if not forwarded or any(same_parcel(order, mail, one) for mail in forwarded)]


def _not_received(
    order: Order, dispute: Dispute, doubted: list[Notice], later: list[Notice], rules: Rules
) -> Anomaly | None:
    """Return the trouble of a parcel that a mail says delivered and the owner's later word says is not there.

    A delivery of that parcel after the word ends it.

    ``claim_from`` is the safe wait after the delivery notice: the draft can be made at once, and says until when it
    is better kept. An owner who has done the checks need not wait.
    """
    word, mail, zone = dispute.words[-1], doubted[-1], rules.zone(order)
    if settled(order, word.at) or any(same_parcel(order, mail, one) for one in later):
        return None
    facts = {"delivered": moment(mail.at, zone), "reported": moment(word.at, zone)}
    return Anomaly(
        code=Code.NOT_RECEIVED,
        order_id=order.order_id,
        parcel=dispute.parcel,
        certainty=Certainty.CONFIRMED,
        since=mail.at,
        claim_from=rules.waits.not_received.value.safe.after(mail.at, zone),
        evidence=sources([mail, *dispute.words]),
        reason="not_received_told",
        facts=facts | ({"carrier": mail.carrier} if mail.carrier else {}),
    )


def confirming(order: Order, dispute: Dispute, rules: Rules) -> tuple[Notice, Due] | None:
    """Return the first word that was said when the order was already due, going by the mails sent until then.

    A promise that is moved later, after the word, does not unsay it. A word said too early proves nothing later on:
    the parcel may have come since, without a mail.
    """
    for word in dispute.words:
        limit = due(order, rules, word.at)
        if limit and word.at >= limit.at:
            return word, limit
    return None


def _late(order: Order, dispute: Dispute, rules: Rules) -> Anomaly | None:
    confirmed = confirming(order, dispute, rules)
    if confirmed is None or settled(order, dispute.words[-1].at) or of_kind(order, Kind.RETURNED):
        return None
    word, limit = confirmed
    zone = rules.zone(order)
    ready = [one for one in of_kind(order, Kind.PICKUP_READY, parcel=dispute.parcel) if one.at <= word.at]
    # It may be waiting at a pick-up point: one word could mean "not fetched yet", a second one answers the question.
    doubtful = bool(ready) and len(dispute.words) == 1
    facts = {"reported": moment(word.at, zone)}
    facts["promised" if limit.day else "due"] = limit.day.isoformat() if limit.day else moment(limit.at, zone)
    if doubtful:
        facts["ready"] = moment(ready[-1].at, zone)
    return Anomaly(
        code=Code.DELIVERY_LATE,
        order_id=order.order_id,
        parcel=dispute.parcel,
        certainty=Certainty.SUSPECTED if doubtful else Certainty.CONFIRMED,
        since=limit.at,
        claim_from=limit.tell_at,
        evidence=sources([limit.notice, *dispute.words, *ready]),
        reason="late_pickup" if doubtful else "late_told" if limit.day else "late_told_no_date",
        facts=facts,
        ask="picked_up" if doubtful else None,
    )
