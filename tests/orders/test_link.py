"""Carriers' mails find their order by tracking number."""

from __future__ import annotations

from daemon.orders import same_parcel
from parsers.letter import Trust
from parsers.notice import Kind
from tests.orders.notices import ORDER, carrier, shop

OTHER = "404-5550123-9087761"
KNOWN = [
    shop(Kind.SHIPPED, "2026-03-04 11:00", tracking_numbers=("XW402318877TS",)),
    shop(Kind.SHIPPED, "2026-03-04 12:00", tracking_numbers=("6A22233344455",), order_id=OTHER),
    shop(Kind.SHIPPED, "2026-03-04 12:00", tracking_numbers=("6A99933344455",), trust=Trust.FORGED),
]


def test_a_number_written_otherwise_is_the_same_number() -> None:
    """Blanks, dashes and capitals do not matter."""
    loose = carrier(Kind.DELIVERED, "2026-03-06 14:00", tracking_numbers=("xw-402 318.877 ts",))
    assert same_parcel(loose, KNOWN) == {ORDER}


def test_one_box_can_hold_two_orders() -> None:
    """A number that two orders know belongs to both."""
    both = [*KNOWN, shop(Kind.SHIPPED, "2026-03-05 11:00", tracking_numbers=("XW402318877TS",), order_id=OTHER)]
    loose = carrier(Kind.DELIVERED, "2026-03-06 14:00", tracking_numbers=("XW402318877TS",))
    assert same_parcel(loose, both) == {ORDER, OTHER}


def test_unknown_numbers_and_no_number_belong_to_nobody() -> None:
    """A carrier's mail joins no order that does not know its number, nor one that only a forged mail joins to it."""
    for numbers in ((), ("",), ("6A00033344455",), ("6A99933344455",)):
        assert same_parcel(carrier(Kind.DELIVERED, "2026-03-06 14:00", tracking_numbers=numbers), KNOWN) == set()


def test_a_notice_that_names_its_order_belongs_to_it_alone() -> None:
    """A carrier's reference is better than its number; a forged notice belongs to none."""
    named = carrier(Kind.DELIVERED, "2026-03-06 14:00", tracking_numbers=("XW402318877TS",), order_id=OTHER)
    assert same_parcel(named, KNOWN) == {OTHER}
    assert same_parcel(named.model_copy(update={"trust": Trust.FORGED}), KNOWN) == set()
