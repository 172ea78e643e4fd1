"""The fold: what an order is, from the notices of its mails."""

from __future__ import annotations

from datetime import date, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given, settings

from daemon.orders import fold
from daemon.orders.order import Confidence
from parsers.letter import Trust
from parsers.notice import Item, Kind, NoteMeaning, Notice, Party
from tests.orders.notices import ORDER, at, carrier, shop, shuffled, word


@settings(deadline=None, max_examples=200)
@given(shuffled())
def test_neither_order_nor_repeats_matter(pair: tuple[list[Notice], list[Notice]]) -> None:
    """The same notices in any order, with any repeats, give the same order to the last byte."""
    story, again = pair
    assert fold(ORDER, story) == fold(ORDER, again)
    assert fold(ORDER, story).model_dump_json() == fold(ORDER, again).model_dump_json()


@settings(deadline=None, max_examples=100)
@given(shuffled())
def test_folding_a_timeline_again_changes_nothing(pair: tuple[list[Notice], list[Notice]]) -> None:
    """An order is wholly in its timeline: folding that gives the order back."""
    order = fold(ORDER, pair[0])
    assert fold(ORDER, order.timeline) == order


def test_one_moment_in_two_zones_is_one_notice() -> None:
    """A notice whose time is written with another offset is a repeat, not a second notice."""
    one = shop(Kind.DELIVERED, "2026-03-12 14:05")
    same = one.model_copy(update={"at": one.at.astimezone(timezone(timedelta(hours=1)))})
    assert len(fold(ORDER, [one, same]).timeline) == 1
    assert fold(ORDER, [one, same]).model_dump_json() == fold(ORDER, [same, one]).model_dump_json()


def test_forged_and_foreign_notices_are_ignored() -> None:
    """A forged mail and a mail of another order leave no trace."""
    true = shop(Kind.CONFIRMED, "2026-03-02 09:00", total=Decimal("42.80"))
    forged = shop(Kind.REFUNDED, "2026-03-03 09:00", trust=Trust.FORGED, refund_amount=Decimal("42.80"))
    foreign = shop(Kind.DELIVERED, "2026-03-03 10:00", order_id="404-5550123-9087761")
    assert fold(ORDER, [true, forged, foreign]) == fold(ORDER, [true])


def test_no_notice_gives_an_empty_order() -> None:
    """Nothing known is no error."""
    order = fold(ORDER, [])
    assert (order.order_id, order.timeline, order.parcels, order.total) == (ORDER, (), (), None)


LONG = "Sac de terreau de coco compressé 5 kg pour semis"
ZINC_A, ZINC_B = "Arrosoir en zinc 9 litres avec pomme", "Arrosoir en zinc 9 litres avec pomme en laiton"


@pytest.mark.parametrize(
    ("mails", "items"),
    [
        pytest.param([[(LONG, 2)], [("Sac de terreau de coco...", 1)]], [(LONG, 2)], id="cut with dots"),
        pytest.param([[("Sac de terreau de coco…", 3)], [(LONG, 2)]], [(LONG, 3)], id="greatest quantity"),
        pytest.param([[("Sac de terreau de", 1)], [(LONG, 2)]], [(LONG, 2)], id="cut without dots"),
        pytest.param([[("SAC DE  TERREAU de coco\u00a0...", 1)], [(LONG, 1)]], [(LONG, 1)], id="blanks and capitals"),
        pytest.param([[("Gants", 1)], [("Gants de jardin", 1)]], [("Gants", 1), ("Gants de jardin", 1)], id="short"),
        pytest.param([[(ZINC_A, 1), (ZINC_B, 1)]], [(ZINC_A, 1), (ZINC_B, 1)], id="side by side"),
        pytest.param([[("Gants", 1), ("Gants", 1)], [("Gants", 1)]], [("Gants", 2)], id="two lines of one mail"),
        pytest.param([[("Gants…", 1)]], [("Gants…", 1)], id="never seen whole"),
    ],
)
def test_items_merge_by_the_beginning_of_their_title(
    mails: list[list[tuple[str, int]]], items: list[tuple[str, int]]
) -> None:
    """A cut title joins the whole one, and two different things stay two."""
    notices = [
        shop(Kind.CONFIRMED, f"2026-03-0{day} 09:00", items=tuple(Item(title=t, quantity=q) for t, q in lines))
        for day, lines in enumerate(mails, 1)
    ]
    assert [(item.title, item.quantity) for item in fold(ORDER, notices).items] == items


def test_money_comes_from_the_confirmation() -> None:
    """The latest confirmation's total counts, not that of one parcel nor that of a refund."""
    order = fold(
        ORDER,
        [
            shop(Kind.CONFIRMED, "2026-03-02 09:00", total=Decimal("42.80"), currency="EUR"),
            shop(Kind.CONFIRMED, "2026-03-02 11:00", total=Decimal("40.10"), currency="EUR"),
            shop(Kind.SHIPPED, "2026-03-04 11:00", total=Decimal("19.99")),
            shop(Kind.REFUNDED, "2026-03-20 11:00", total=Decimal("5.00"), refund_amount=Decimal("5.00")),
        ],
    )
    assert (order.total, order.currency, order.refund_amount) == (Decimal("40.10"), "EUR", Decimal("5.00"))


def test_without_a_confirmation_the_greatest_total_is_nearest() -> None:
    """Shipping mails name the total of a parcel, so the greatest of them stands for the order's."""
    totals = [shop(Kind.SHIPPED, f"2026-03-0{d} 09:00", total=Decimal(t)) for d, t in ((4, "31.00"), (5, "11.80"))]
    assert fold(ORDER, totals).total == Decimal("31.00")


def test_refunds_add_up_and_a_forward_is_no_second_refund() -> None:
    """Two refunds are summed; the same one forwarded, its date cut to the minute, is not counted twice."""
    first = shop(Kind.REFUNDED, "2026-03-20 11:03:41", refund_amount=Decimal("5.00"))
    forwarded = shop(Kind.REFUNDED, "2026-03-20 11:03:00", refund_amount=Decimal("5.00"))
    second = shop(Kind.REFUNDED, "2026-03-21 08:00", refund_amount=Decimal("5.00"))
    order = fold(ORDER, [first, forwarded, second])
    assert (order.refund_amount, order.refunded_at) == (Decimal("10.00"), second.at)


def test_the_first_promise_stays_the_contract_date() -> None:
    """The earliest mail's last day is the first promise, the latest mail's the latest, whatever the days."""
    order = fold(
        ORDER,
        [
            shop(Kind.DELAYED, "2026-03-11 09:00", promised_from=date(2026, 3, 14), promised_to=date(2026, 3, 16)),
            shop(Kind.CONFIRMED, "2026-03-02 09:00", promised_from=date(2026, 3, 10), promised_to=date(2026, 3, 12)),
            shop(Kind.REFUNDED, "2026-03-12 09:00", promised_to=date(2026, 3, 25)),
            carrier(Kind.ANNOUNCED, "2026-03-12 09:00", promised_to=date(2026, 3, 18)),
        ],
    )
    assert (order.promised_first, order.promised_latest) == (date(2026, 3, 12), date(2026, 3, 16))


def test_a_carriers_day_counts_only_when_the_shop_named_none() -> None:
    """A carrier's estimate is the promise of an order whose shop made none; a single day may be ``promised_from``."""
    order = fold(ORDER, [carrier(Kind.ANNOUNCED, "2026-03-12 09:00", promised_from=date(2026, 3, 18))])
    assert order.promised_first == order.promised_latest == date(2026, 3, 18)


def test_mails_without_a_number_speak_of_the_only_parcel() -> None:
    """With one tracking number, written in two ways, all mails are about one parcel."""
    order = fold(
        ORDER,
        [
            shop(Kind.SHIPPED, "2026-03-04 11:00", tracking_numbers=("XW402318877TS",), carrier="Chronopost"),
            carrier(Kind.OUT_FOR_DELIVERY, "2026-03-06 07:00", tracking_numbers=("xw 402 318 877 ts",)),
            shop(Kind.DELIVERED, "2026-03-06 14:00", delivered_to="boîte aux lettres"),
        ],
    )
    (parcel,) = order.parcels
    assert (parcel.key, parcel.carrier, parcel.delivered_to) == ("XW402318877TS", "Chronopost", "boîte aux lettres")
    assert (parcel.shipped_at, parcel.delivered_at) == (at("2026-03-04 11:00"), at("2026-03-06 14:00"))


def test_mails_without_a_number_go_to_no_parcel_of_several() -> None:
    """With two tracking numbers, a delivery that names none belongs to the parcel without a name."""
    order = fold(
        ORDER,
        [
            shop(Kind.SHIPPED, "2026-03-04 11:00", tracking_numbers=("XW402318877TS",)),
            shop(Kind.SHIPPED, "2026-03-05 11:00", tracking_numbers=("6A22233344455",)),
            shop(Kind.DELIVERED, "2026-03-06 14:00"),
        ],
    )
    delivered = {parcel.key: parcel.delivered_at for parcel in order.parcels}
    assert delivered == {"": at("2026-03-06 14:00"), "6A22233344455": None, "XW402318877TS": None}


def test_a_number_in_the_owners_words_makes_no_parcel() -> None:
    """Parcels come from mails; what the owner writes names at most one that is there."""
    assert fold(ORDER, [word(NoteMeaning.NOT_RECEIVED, "2026-03-06 14:00", tracking_numbers=("6A1",))]).parcels == ()


def test_the_owner_beats_the_mails_and_mails_beat_guesses() -> None:
    """Told goes before read, read before guessed, and each names the notices it rests on."""
    logistics = shop(Kind.SHIPPED, "2026-03-04 11:00", tracking_numbers=("TBA304499120077",))
    read = shop(Kind.CONFIRMED, "2026-03-02 09:00", shipped_by=Party.THIRD_PARTY)
    told = word(NoteMeaning.NONE, "2026-03-09 09:00", shipped_by=Party.AMAZON)
    facts = [fold(ORDER, notices).shipped_by for notices in ([logistics], [logistics, read], [logistics, read, told])]
    assert [(fact.party, fact.confidence, fact.sources) for fact in facts if fact] == [
        (Party.AMAZON, Confidence.GUESSED, (logistics.source,)),
        (Party.THIRD_PARTY, Confidence.READ, (read.source,)),
        (Party.AMAZON, Confidence.TOLD, (told.source,)),
    ]


def test_mails_that_differ_are_a_contradiction_until_the_owner_speaks() -> None:
    """Two mails that name different sellers are flagged; the owner's latest word ends it."""
    mails = [
        shop(Kind.CONFIRMED, "2026-03-02 09:00", sold_by=Party.AMAZON),
        shop(Kind.SHIPPED, "2026-03-04 09:00", sold_by=Party.THIRD_PARTY),
    ]
    words = [
        word(NoteMeaning.NONE, "2026-03-05 09:00", sold_by=Party.THIRD_PARTY),
        word(NoteMeaning.NONE, "2026-03-06 09:00", sold_by=Party.AMAZON),
    ]
    before, after = fold(ORDER, mails).sold_by, fold(ORDER, mails + words).sold_by
    assert before is not None
    assert after is not None
    assert (before.party, before.contradicted) == (Party.THIRD_PARTY, True)
    assert (after.party, after.contradicted, after.sources) == (Party.AMAZON, False, (words[1].source,))


def test_a_sellers_message_is_a_sign_of_a_third_party() -> None:
    """A message from a marketplace address lets guess who sold, and opens the thread in which to answer."""
    messages = [
        shop(Kind.SELLER_MESSAGE, f"2026-03-0{d} 09:00", reply_to="h7d2kq@marketplace.amazon.fr", message_id=f"<{d}@x>")
        for d in (6, 4)
    ]
    order = fold(ORDER, messages)
    assert order.sold_by is not None
    assert (order.sold_by.party, order.sold_by.confidence) == (Party.THIRD_PARTY, Confidence.GUESSED)
    assert (order.seller_address, order.seller_thread) == ("h7d2kq@marketplace.amazon.fr", ("<4@x>", "<6@x>"))


@pytest.mark.parametrize(("address"), ["shop@example.org", "x@marketplace.amazon.fr.example.org", None])
def test_no_other_address_is_a_sign_of_a_third_party(address: str | None) -> None:
    """An address that only resembles the marketplace's proves nothing."""
    assert fold(ORDER, [shop(Kind.SELLER_MESSAGE, "2026-03-04 09:00", reply_to=address)]).sold_by is None


def test_one_cancelled_item_of_two_does_not_cancel_the_order() -> None:
    """The order is cancelled when every item is, or when the mail names none."""
    gloves, soil = Item(title="Gants"), Item(title=LONG)
    confirmed = shop(Kind.CONFIRMED, "2026-03-02 09:00", items=(gloves, soil))
    one = shop(Kind.CANCELLED, "2026-03-03 09:00", items=(gloves,))
    other = shop(Kind.CANCELLED, "2026-03-04 09:00", items=(Item(title="Sac de terreau de coco…"),))
    whole = shop(Kind.CANCELLED, "2026-03-05 09:00")
    found = [fold(ORDER, [confirmed, *some]).cancelled_at for some in ([one], [one, other], [one, whole])]
    assert found == [None, other.at, whole.at]


def test_credit_is_the_owners_word() -> None:
    """``credited_at`` is when the owner last said that the money is there."""
    credited = word(NoteMeaning.CREDITED, "2026-03-25 09:00")
    assert fold(ORDER, [credited]).credited_at == credited.at
