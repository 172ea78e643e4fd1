"""An order as it is known without the mails that nobody proves, and which mails those are."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from daemon.orders.fold import fold
from daemon.orders.link import same_parcel
from daemon.orders.order import Order
from daemon.orders.timeline import doubted
from parsers.letter import Trust
from parsers.notice import Kind, Notice

__all__ = ["believing", "doubted", "marked", "rested_on", "without"]

_ENDING = frozenset({Kind.REFUNDED, Kind.CANCELLED, Kind.OWNER_REPORT})


def marked(notices: Iterable[Notice], *, provable: bool) -> tuple[Notice, ...]:
    """Return a mail's notices as they are kept; ``provable`` says whether its mailbox proves honest mails."""
    return tuple(
        one.model_copy(update={"provable": True}) if provable and one.trust is Trust.UNVERIFIED else one
        for one in notices
    )


def without(order: Order, dropped: Callable[[Notice], bool]) -> Order:
    """Return the order without some of its notices, and without the carriers' that only these had joined to it."""
    if not any(map(dropped, order.timeline)):
        return order
    kept = [one for one in order.timeline if not dropped(one)]
    joined = [one for one in kept if one.order_id is not None or order.order_id in same_parcel(one, kept)]
    return fold(order.order_id, joined).model_copy(update={"pursued": order.pursued})


def believing(order: Order) -> Order:
    """Return the order without the notices in doubt, but for those that its open claims rest on."""
    return without(order, lambda one: doubted(one) and not rested_on(order, one))


def rested_on(order: Order, notice: Notice) -> bool:
    """Whether open claims rest on a notice; never on what ends a trouble, though the same mail may say it."""
    return notice.source in order.pursued.evidence and notice.kind not in _ENDING
