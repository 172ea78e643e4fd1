"""Carriers' mails find their order: by tracking number or reference, else only as a guess that changes nothing."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.orders import fold, same_parcel
from daemon.orders.link import suspects
from daemon.orders.order import Joined
from daemon.orders.parcels import suspected
from parsers.letter import Trust
from parsers.notice import Kind, Notice
from tests.orders.notices import ORDER, at, carrier, shop

OTHER = "404-5550123-9087761"
KNOWN = [
    shop(Kind.SHIPPED, "2026-03-04 11:00", tracking_numbers=("XW402318877TS",)),
    shop(Kind.SHIPPED, "2026-03-04 12:00", tracking_numbers=("6A22233344455",), order_id=OTHER),
    shop(Kind.SHIPPED, "2026-03-04 12:00", tracking_numbers=("6A99933344455",), trust=Trust.FORGED),
]
MAISON: dict[str, Any] = {"retailer": "Maison Verre", "marketplace": "maison-verre.example"}


def sent(order_id: str = ORDER, when: str = "2026-03-04 11:00", **fields: Any) -> Notice:
    """Return a shop's mail that its parcel has left, without a number."""
    return shop(Kind.SHIPPED, when, **{**MAISON, "order_id": order_id, **fields})


def parcel(when: str = "2026-03-06 14:00", **fields: Any) -> Notice:
    """Return a carrier's mail that names the shop."""
    told = {"tracking_numbers": ("6A00033344455",), "seller": "MAISON VERRE SARL", "retailer": "Maison Verre Sarl"}
    return carrier(fields.pop("kind", Kind.DELIVERED), when, **{**told, **fields})


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


def test_a_parcel_tells_by_what_its_carrier_s_mails_joined() -> None:
    """By number where the order knows it, by reference where the carrier names the order, not at all without any."""
    number = ("XW402318877TS",)
    by_number = carrier(Kind.DELIVERED, "2026-03-06 14:00", tracking_numbers=number)
    by_reference = carrier(Kind.DELIVERED, "2026-03-06 14:00", tracking_numbers=number, order_id=ORDER)
    assert fold(ORDER, [KNOWN[0]]).parcels[0].joined is None
    assert fold(ORDER, [KNOWN[0], by_number]).parcels[0].joined is Joined.NUMBER
    assert fold(ORDER, [by_reference]).parcels[0].joined is Joined.REFERENCE


def test_who_handed_a_parcel_in_is_not_the_seller() -> None:
    """The order keeps the seller and the shop that its own mails name."""
    loose = parcel(tracking_numbers=("XW402318877TS",), seller="Quai 9 Logistique", retailer="Quai 9 Logistique")
    order = fold(ORDER, [KNOWN[0].model_copy(update={"seller": "Atelier Corbin"}), loose])
    assert (order.seller, order.retailer) == ("Atelier Corbin", "Amazon")


def test_shop_and_days_make_a_suspicion() -> None:
    """A carrier's mail that names the shop of the only order sent in those days is suspected to be about it."""
    loose = parcel()
    assert suspects(ORDER, [loose], {ORDER: [sent()], OTHER: [sent(OTHER, **SAPINS)]}) == [loose]
    assert [one.joined for one in suspected([loose])] == [Joined.SUSPECTED]
    assert [one.key for one in suspected([loose])] == ["6A00033344455"]


SAPINS: dict[str, Any] = {"retailer": "Les Sapins", "marketplace": "les-sapins.example"}


@pytest.mark.parametrize(
    ("loose", "known"),
    [
        (parcel(), {ORDER: [sent()], OTHER: [sent(OTHER)]}),
        (parcel(), {ORDER: [sent(**SAPINS)]}),
        (parcel("2026-02-28 14:00"), {ORDER: [sent()]}),
        (parcel("2026-03-27 14:00"), {ORDER: [sent()]}),
        (parcel(), {ORDER: [sent(carrier="GLS")]}),
        (parcel(), {ORDER: [sent(tracking_numbers=("XW402318877TS",))]}),
        (parcel(), {ORDER: [sent()], OTHER: [sent(OTHER, **SAPINS, tracking_numbers=("6A00033344455",))]}),
        (parcel(seller=None, retailer=None), {ORDER: [sent()]}),
        (parcel(trust=Trust.FORGED), {ORDER: [sent()]}),
        (parcel(order_id=OTHER), {ORDER: [sent()]}),
        (parcel(by_carrier=False), {ORDER: [sent()]}),
        (parcel(), {ORDER: [sent(trust=Trust.FORGED)]}),
        (parcel(), {ORDER: [shop(Kind.CONFIRMED, "2026-03-04 11:00", **MAISON)]}),
        (parcel(), {}),
    ],
    ids=[
        *("two orders fit", "another shop", "before it left", "long after", "another carrier", "number known"),
        *("another order's number", "no shop named", "forged", "names its order", "no carrier's", "forged order"),
        *("not sent", "no order"),
    ],
)
def test_nothing_less_makes_a_suspicion(loose: Notice, known: dict[str, list[Notice]]) -> None:
    """Two orders that fit, another shop, day, carrier or number: then nothing is guessed."""
    assert suspects(ORDER, [loose], known) == []


@given(
    days=st.lists(st.integers(-6, 30), min_size=1, max_size=4),
    carried=st.lists(st.tuples(st.integers(0, 30), st.sampled_from(["6A1", "6A2", "6A3"])), max_size=4),
    seed=st.integers(0, 999),
)
@settings(deadline=None, max_examples=80)
def test_no_order_of_arrival_changes_a_suspicion(days: list[int], carried: list[tuple[int, str]], seed: int) -> None:
    """Orders and carriers' mails in any order, some twice, give the same suspicions, and no notice has two orders."""
    start = at("2026-03-01 09:00")
    ids = [f"404-555012{n}-9087761" for n in range(len(days))]
    known = {
        key: [sent(key).model_copy(update={"at": start + timedelta(days=day)})]
        for key, day in zip(ids, days, strict=True)
    }
    loose = [
        parcel(tracking_numbers=(f"{number}033344455",)).model_copy(update={"at": start + timedelta(days=day)})
        for day, number in carried
    ]
    mixed, shuffled = [*loose, *loose[:1]], list(known.items())
    random.Random(seed).shuffle(mixed)
    random.Random(seed).shuffle(shuffled)
    first = {key: {one.source for one in suspects(key, loose, known)} for key in ids}
    again = {key: {one.source for one in suspects(key, mixed, dict(shuffled))} for key in ids}
    assert first == again
    assert sum(map(len, first.values())) == len(set().union(*first.values()))
