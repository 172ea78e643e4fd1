"""Links: unwrapped, and asked only where they are known."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from parsers import links

ORDER = "404-7719035-2286641"


def wrapped(target: str) -> str:
    """Return an address as Amazon's mails wrap it."""
    return f"https://www.amazon.fr/gp/r.html?C=1&K=2&M=urn:rtn:msg:3&T=C&U={quote(target, safe='')}&H=4"


def numbers(*urls: str) -> list[str]:
    """Return the order numbers of some links."""
    return links.order_ids(target for url in urls if (target := links.target(url)))


@pytest.mark.parametrize(
    "target",
    [
        f"https://www.amazon.fr/progress-tracker/package?orderId={ORDER}&packageIndex=0",
        f"https://www.amazon.fr/gp/css/shiptrack/view.html?ie=UTF8&orderID={ORDER}&packageId=1",
        f"https://www.amazon.fr/gp/css/shiptrack/view.html/ref=TE_typ?orderID={ORDER}",
        f"https://www.amazon.fr/your-orders/order-details?orderID={ORDER}",
        f"https://business.amazon.fr/abredir/gp/css/summary/edit.html?orderID={ORDER}",
        f"https://www.amazon.fr/spr/returns/label?orderId={ORDER}",
    ],
)
def test_known_targets_name_their_order_wrapped_or_not(target: str) -> None:
    """The order number is found in every known target, plain, wrapped once and wrapped twice."""
    assert numbers(target) == numbers(wrapped(target)) == numbers(wrapped(wrapped(target))) == [ORDER]


def test_a_session_number_is_no_order() -> None:
    """Numbers in the path of a product, or in an unknown place, are not taken though they look like orders."""
    assert numbers("https://www.amazon.fr/dp/B0TEST/259-7740163-5502948?psc=1") == []
    assert numbers("https://www.amazon.fr/gp/product/B0TEST?orderId=259-7740163-5502948") == []


def test_the_order_s_own_page_counts_before_its_invoice() -> None:
    """An invoice can be another order's: where a better target names an order, the invoice is not asked."""
    invoice = "https://www.amazon.fr/gp/css/summary/print.html?orderID=404-1111111-2222222"
    details = f"https://www.amazon.fr/your-orders/order-details?orderID={ORDER}"
    assert numbers(invoice, details) == [ORDER]
    assert numbers(invoice) == ["404-1111111-2222222"]


@pytest.mark.parametrize("url", ["https://[", "http://", "https://www.amazon.fr/gp/r.html?U=https%3A%2F%2F[", "x", ""])
def test_a_broken_address_is_no_reason_to_fail(url: str) -> None:
    """Nonsense in a link gives no order and raises nothing."""
    assert numbers(url) == []


def test_a_link_can_state_the_day_of_arrival() -> None:
    """The time stamp of old track links is read; nonsense in its place is not."""
    good = links.target("https://www.amazon.fr/gp/css/shiptrack/view.html?latestArrivalDate=1637092800")
    bad = links.target("https://www.amazon.fr/gp/css/shiptrack/view.html?latestArrivalDate=99999999999999")
    assert good is not None
    assert bad is not None
    assert links.arrival([bad, good]) == "2021-11-16"
    assert links.arrival([bad]) is None
