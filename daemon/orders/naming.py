"""What an order is called: the number that its mails print, and for a shop's order the shop's domain before it.

Amazon's numbers are its alone. Those of other shops are not: two shops may both have an order 1001. So a shop's order
goes by ``maison-verre.example/1001``, in the store, on the command line and in what its owner reads; the shop itself is
written to with the number that it printed.
"""

from __future__ import annotations

from parsers.amazon import site
from parsers.notice import Notice

_MARK = "/"


def named(notice: Notice) -> Notice:
    """Return a notice with its order's full name in place of the printed number. Doing it twice is doing it once."""
    host = notice.marketplace
    if not notice.order_id or not host or site.of_address(f"@{host}") is not None:
        return notice
    if notice.order_id.startswith(f"{host}{_MARK}"):
        return notice
    return notice.model_copy(update={"order_id": f"{host}{_MARK}{notice.order_id}"})


def shop_of(order_id: str) -> str | None:
    """Return the domain of the shop whose order it is, None for an order at Amazon."""
    host, mark, _ = order_id.partition(_MARK)
    return host if mark and host else None


def number_of(order_id: str) -> str:
    """Return the number as it was printed."""
    return order_id.partition(_MARK)[2] if shop_of(order_id) else order_id
