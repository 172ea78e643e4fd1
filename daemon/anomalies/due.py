"""When a delivery is due: what was promised, and by which mail."""

from __future__ import annotations

from datetime import date, datetime

from daemon.orders.order import Order
from daemon.orders.timeline import last_day, promises
from daemon.rules import Rules, end_of
from parsers.letter import Value
from parsers.notice import Kind, Notice


class Due(Value):
    """The end of the time in which an order had to come."""

    at: datetime
    """The midnight that ends the promised day, or the end of the wait where no day was promised (aware, UTC)."""
    tell_at: datetime
    """From then on it is told, and it is safe to write (aware, UTC)."""
    day: date | None
    """The promised day; None when none was promised."""
    notice: Notice | None
    """The mail it rests on."""


def due(order: Order, rules: Rules, known_at: datetime | None = None) -> Due | None:
    """Return when an order is due, going by the mails sent until ``known_at`` (default: all); None without any mail."""
    sent = [one for one in order.timeline if known_at is None or one.at <= known_at]
    zone = rules.zone(order)
    if promised := promises(sent):
        day = last_day(promised[-1])
        assert day is not None
        at = end_of(day, zone)
        tell_at = rules.waits.delivery_late_tell.value.safe.after(at, zone)
        return Due(at=at, tell_at=tell_at, day=day, notice=promised[-1])
    mails = [one for one in sent if one.kind is not Kind.OWNER_REPORT]
    if not mails:
        return None
    shipped = next((one for one in mails if one.kind is Kind.SHIPPED), None)
    wait = rules.waits.late_without_date_shipped if shipped else rules.waits.late_without_date_ordered
    at = wait.value.after((shipped or mails[0]).at, zone)
    return Due(at=at, tell_at=at, day=None, notice=shipped or mails[0])
