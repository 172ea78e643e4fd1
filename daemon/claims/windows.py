"""The dates of a claim: when the reminder falls due, and when the A-to-z Guarantee can be asked for."""

from __future__ import annotations

from datetime import datetime

from daemon.anomalies.anomaly import Code
from daemon.claims import tables
from daemon.claims.claim import Claim, Stage
from daemon.claims.match import delivered_at, first_sent_at, sent_draft
from daemon.orders.belief import believing
from daemon.orders.order import Order
from daemon.rules import Rules
from parsers.letter import Value


class Windows(Value):
    """The dates of a claim, aware, in UTC."""

    reminder_at: datetime | None = None
    """When the reminder is drafted; None while nothing was sent, or when it was drafted already."""
    a_to_z_from: datetime | None = None
    """First moment at which the A-to-z Guarantee can be asked for. While the seller was not written to, it counts
    as if they were written to when the claim was opened."""
    a_to_z_safe_from: datetime | None = None
    """The moment from which nobody can object that it is too early."""
    a_to_z_until: datetime | None = None
    """The moment at which it is too late."""


def deadlines(claim: Claim, order: Order, rules: Rules) -> Windows:
    """Return when the reminder falls due and when the A-to-z Guarantee can be asked for (a seller's claim only).

    The Guarantee's dates are those of ``config/rules/a_to_z.toml``. When no day was ever promised, its end is counted
    from the order's day, which can only be earlier than the true one.
    """
    zone = rules.zone(order)
    order = believing(order)
    first = sent_draft(claim, Stage.FIRST)
    due = first is not None and first.sent_at and not any(one.stage == Stage.REMINDER for one in claim.drafts)
    next_step = tables.ladder(rules).next_of(claim.party, Stage.FIRST)
    wait = getattr(rules.waits, next_step.wait).value.min if next_step else None
    reminder_at = wait.after(first.sent_at, zone) if wait and first and first.sent_at and due else None
    if not any(step.window == "a_to_z" for step in tables.ladder(rules).steps(claim.party)):
        return Windows(reminder_at=reminder_at)
    contacted = first_sent_at(claim) or claim.opened_at
    arrived = delivered_at(order, claim.parcel) if claim.code == Code.NOT_RECEIVED else None
    found = rules.a_to_z.dates(contacted=contacted, promised=order.promised_latest, delivered=arrived, zone=zone)
    if found is None:
        return Windows(reminder_at=reminder_at)
    earliest = order.ordered_at or arrived
    fallback = rules.a_to_z.window.value.after(earliest, zone) if earliest else None
    return Windows(
        reminder_at=reminder_at,
        a_to_z_from=found.possible_from,
        a_to_z_safe_from=found.safe_from,
        a_to_z_until=found.until or fallback,
    )
