"""Parcels without an order: counted and shown in a time that grows with their number alone."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

from daemon.application.loose import loose_count, loose_parcels
from parsers.letter import Trust
from parsers.notice import Kind, Notice

START = datetime(2026, 1, 1, tzinfo=UTC)
_SHOP_MAILS = (Kind.CONFIRMED, Kind.SHIPPED, Kind.OUT_FOR_DELIVERY, Kind.DELIVERED)


def _order(number: int, day: int, shop: str = "Verrier SARL") -> tuple[str, tuple[Notice, ...]]:
    order_id = f"171-{number:07d}-0417732"
    mails = (
        Notice(
            kind=kind,
            source=f"m{number}{kind}",
            at=START + timedelta(days=day, hours=hour),
            trust=Trust.UNVERIFIED,
            order_id=order_id,
            retailer=shop,
        )
        for hour, kind in enumerate(_SHOP_MAILS)
    )
    return order_id, tuple(mails)


def _carried(number: int, day: int, shop: str = "VERRIER", **more: Trust) -> Notice:
    return Notice(
        kind=Kind.SHIPPED,
        source=f"l{number}",
        at=START + timedelta(days=day),
        by_carrier=True,
        carrier="DHL",
        retailer=shop,
        tracking_numbers=(f"00340434{number:012d}",),
        **{"trust": Trust.UNVERIFIED, **more},
    )


def test_the_only_order_of_that_shop_and_time_may_be_the_parcels() -> None:
    """A shop's name counts without its company's form; another shop's or another month's order is not named."""
    orders = dict([_order(1, 10), _order(2, 10, "Autre Maison"), _order(3, 90)])
    found = loose_parcels("zoe", [_carried(1, 12), _carried(2, 60), _carried(3, 8)], orders)
    first = next(iter(orders))
    assert [one.perhaps for one in found] == [(first,), (), (first,)]


def test_two_orders_that_fit_are_none() -> None:
    """Where two orders of one shop left in the same days, neither is named."""
    assert [
        one.perhaps for one in loose_parcels("zoe", [_carried(1, 12)], dict([_order(1, 10), _order(2, 20 - 9)]))
    ] == [()]


def test_as_many_are_counted_as_are_shown() -> None:
    """Two mails of one parcel count once; forged ones and those whose number an order knows do not count."""
    known = _carried(7, 12).model_copy(update={"order_id": "171-0000001-0417732"})
    orders = {"171-0000001-0417732": (known,)}
    mails = [_carried(1, 12), _carried(1, 13), _carried(2, 12), _carried(7, 14), _carried(9, 12, trust=Trust.FORGED)]
    assert loose_count(mails, orders) == len(loose_parcels("zoe", mails, orders)) == 2


def test_thousands_of_orders_take_no_time() -> None:
    """Two thousand orders of one shop and a thousand parcels are gone through within seconds of processor time."""
    orders = dict(_order(number, number % 365) for number in range(2000))
    loose = [_carried(number, number % 365) for number in range(1000)]
    start = time.process_time()
    assert len(loose_parcels("zoe", loose, orders)) == loose_count(loose, orders) == 1000
    assert time.process_time() - start < 5
