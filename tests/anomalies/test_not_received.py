"""Said to be delivered, but not received: by the owner's word, or because another mail contradicts it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from daemon import rules
from daemon.anomalies import find, next_check
from daemon.anomalies.anomaly import Anomaly, Certainty, Code
from daemon.orders import fold
from daemon.say import say
from parsers.notice import Item, Kind, NoteMeaning, Notice
from tests.orders.notices import ORDER, at, carrier, shop, word

RULES = rules.load()
NOW = at("2026-03-20 12:00")
ONE, TWO = "XW402318877TS", "6A22233344455"
N = NoteMeaning


def found(*notices: Notice, now: str = "2026-03-20 12:00") -> list[Anomaly]:
    """Return what is wrong with the order that the notices make, once it was explained in both languages."""
    out = find(fold(ORDER, notices), at(now), RULES)
    for one in out:
        assert all("{" not in say(f"why.{one.reason}", language, **one.facts) for language in ("fr", "en"))
    return out


def delivered(when: str = "2026-03-12 13:05", **fields: object) -> Notice:
    """Return Amazon's delivery notice."""
    return shop(Kind.DELIVERED, when, **fields)


def test_the_owners_word_after_a_delivery_confirms() -> None:
    """A "Livré" forwarded with "pas reçu" is confirmed, names both mails, and says from when it is safe to write."""
    mail = delivered(carrier="Chronopost")
    said = word(N.NOT_RECEIVED, "2026-03-13 08:30", source=mail.source)
    assert found(mail, said) == [
        Anomaly(
            code=Code.NOT_RECEIVED,
            order_id=ORDER,
            certainty=Certainty.CONFIRMED,
            since=mail.at,
            claim_from=at("2026-03-14 13:05"),
            evidence=(mail.source,),
            reason="not_received_told",
            facts={
                "delivered": "2026-03-12T14:05+01:00",
                "reported": "2026-03-13T09:30+01:00",
                "carrier": "Chronopost",
            },
        )
    ]


SAID = word(N.NOT_RECEIVED, "2026-03-13 08:30")
RESOLVED = [
    pytest.param(word(N.RECEIVED, "2026-03-14 08:30"), id="received"),
    pytest.param(word(N.FOUND, "2026-03-14 08:30"), id="found"),
    pytest.param(word(N.DAMAGED, "2026-03-14 08:30"), id="came damaged"),
    pytest.param(word(N.CREDITED, "2026-03-14 08:30"), id="money seen"),
    pytest.param(delivered("2026-03-14 08:30"), id="delivered again"),
    pytest.param(shop(Kind.REFUNDED, "2026-03-14 08:30", refund_amount=Decimal("9.90")), id="refunded"),
    pytest.param(shop(Kind.CANCELLED, "2026-03-14 08:30"), id="cancelled"),
]


@pytest.mark.parametrize("later", RESOLVED)
def test_what_comes_after_the_word_resolves(later: Notice) -> None:
    """The later of two counts: goods, money or a cancellation after the owner's word end the trouble."""
    assert len(found(delivered(), SAID)) == 1
    assert found(delivered(), SAID, later) == []


@pytest.mark.parametrize("earlier", [N.RECEIVED, N.FOUND])
def test_a_new_word_beats_an_old_one(earlier: NoteMeaning) -> None:
    """The owner may err first: the latest word counts."""
    assert len(found(delivered(), word(earlier, "2026-03-12 20:00"), SAID)) == 1


def test_words_of_one_moment_go_by_source() -> None:
    """Two words of the same minute have a fixed order, so the answer does not depend on which came in first."""
    no = word(N.NOT_RECEIVED, "2026-03-13 08:30", source="report:1")
    yes = word(N.RECEIVED, "2026-03-13 08:30", source="report:2")
    assert found(delivered(), no, yes) == found(delivered(), yes, no) == []


def test_a_word_that_says_nothing_of_the_delivery_changes_nothing() -> None:
    """A complaint about a charge neither makes nor ends the trouble."""
    assert found(delivered(), word(N.WRONG_CHARGE, "2026-03-13 08:30")) == []
    assert len(found(delivered(), SAID, word(N.WRONG_CHARGE, "2026-03-14 08:30"))) == 1


def test_a_delivery_alone_is_silence() -> None:
    """When all is well nothing is found and nothing is to come."""
    order = fold(ORDER, [shop(Kind.CONFIRMED, "2026-03-02 09:00", promised_to=date(2026, 3, 12)), delivered()])
    assert find(order, NOW, RULES) == []
    assert next_check(order, NOW, RULES) is None


def test_a_second_parcel_does_not_resolve_the_first() -> None:
    """With two things in two unnumbered parcels, the delivery of one says nothing of the other."""
    gloves, soil = (Item(title="Gants"),), (Item(title="Terreau 5 kg"),)
    mails = [
        shop(Kind.SHIPPED, "2026-03-10 09:00", items=gloves),
        shop(Kind.SHIPPED, "2026-03-11 09:00", items=soil),
        delivered(items=gloves),
        delivered("2026-03-14 10:00", items=soil),
    ]
    assert [one.evidence[0] for one in found(*mails, SAID)] == [mails[2].source]


def test_the_shipping_mail_of_one_parcel_does_not_doubt_another() -> None:
    """Forwarding the shipping mail of what is missing makes no trouble of what came."""
    gloves, soil = (Item(title="Gants"),), (Item(title="Terreau 5 kg"),)
    shipped = shop(Kind.SHIPPED, "2026-03-11 09:00", items=soil, promised_to=date(2026, 3, 12))
    mails = [shop(Kind.SHIPPED, "2026-03-10 09:00", items=gloves), shipped, delivered(items=gloves)]
    said = word(N.NOT_RECEIVED, "2026-03-14 08:30", source=shipped.source)
    assert [(one.code, one.certainty) for one in found(*mails, said)] == [(Code.DELIVERY_LATE, Certainty.CONFIRMED)]


def test_a_forwarded_delivery_is_itself_what_is_doubted() -> None:
    """Two shipments that nothing tells apart: the delivery mail that the owner forwards is the one in question."""
    shipped = [shop(Kind.SHIPPED, f"2026-03-1{day} 09:00") for day in (0, 1)]
    mails = [*shipped, delivered(), delivered("2026-03-13 07:00")]
    said = word(N.NOT_RECEIVED, "2026-03-13 08:30", source=mails[2].source)
    assert [(one.code, one.since) for one in found(*mails, said)] == [(Code.NOT_RECEIVED, mails[2].at)]


def test_a_forward_written_before_its_own_mail_is_still_about_it() -> None:
    """Clocks differ: the delivery mail that the owner forwards is doubted, even if it seems to be the younger one."""
    mail = delivered("2026-03-13 08:31")
    said = word(N.NOT_RECEIVED, "2026-03-13 08:30", source=mail.source)
    assert [one.since for one in found(mail, said)] == [mail.at]


TWO_PARCELS = [
    shop(Kind.SHIPPED, "2026-03-10 09:00", tracking_numbers=(ONE,)),
    shop(Kind.SHIPPED, "2026-03-10 10:00", tracking_numbers=(TWO,)),
    delivered(tracking_numbers=(ONE,)),
    delivered("2026-03-12 15:00", tracking_numbers=(TWO,)),
]


def test_each_parcel_has_its_own_trouble() -> None:
    """A word that names a tracking number is about that parcel, and "bien reçu" for one leaves the other."""
    words = [word(N.NOT_RECEIVED, f"2026-03-13 0{n}:00", tracking_numbers=(p,)) for n, p in enumerate((ONE, TWO), 1)]
    assert [one.parcel for one in found(*TWO_PARCELS, *words)] == [TWO, ONE]
    have = word(N.RECEIVED, "2026-03-13 09:00", tracking_numbers=(TWO,))
    assert [one.parcel for one in found(*TWO_PARCELS, *words, have)] == [ONE]
    assert found(*TWO_PARCELS, *words, word(N.RECEIVED, "2026-03-13 09:00")) == []


def test_a_parcel_is_never_in_two_troubles() -> None:
    """The whole order and one of its parcels are not both missed: what was said first names the trouble."""
    single = word(N.NOT_RECEIVED, "2026-03-13 08:00", tracking_numbers=(ONE,))
    before, after = word(N.NOT_RECEIVED, "2026-03-13 07:00"), word(N.NOT_RECEIVED, "2026-03-13 09:00")
    assert [one.parcel for one in found(*TWO_PARCELS, single, after)] == [ONE]
    assert [one.parcel for one in found(*TWO_PARCELS, single, before)] == [""]


def test_a_number_learnt_later_does_not_rename_the_trouble() -> None:
    """While one parcel is known the trouble is the order's; a second parcel, or a late number, does not change that."""
    said = word(N.NOT_RECEIVED, "2026-03-13 08:00", tracking_numbers=(ONE,))
    mails = [shop(Kind.SHIPPED, "2026-03-10 09:00", tracking_numbers=(ONE,)), delivered(tracking_numbers=(ONE,))]
    second = shop(Kind.SHIPPED, "2026-03-14 09:00", tracking_numbers=(TWO,))
    assert [one.parcel for one in found(*mails, said)] == [one.parcel for one in found(*mails, said, second)] == [""]


def contrary(kind: Kind, when: str, **fields: object) -> Notice:
    """Return a carrier's notice about the first parcel."""
    return carrier(kind, when, **{"tracking_numbers": (ONE,), **fields})


SHIPPED = shop(Kind.SHIPPED, "2026-03-10 09:00", tracking_numbers=(ONE,))


@pytest.mark.parametrize(
    ("kind", "when", "reason"),
    [
        (Kind.ATTEMPTED, "2026-03-12 16:00", "contradicted_attempted"),
        (Kind.RETURNED, "2026-03-13 16:00", "contradicted_returned"),
        (Kind.OUT_FOR_DELIVERY, "2026-03-13 07:00", "contradicted_out_for_delivery"),
        (Kind.PICKUP_READY, "2026-03-13 07:00", "contradicted_pickup_ready"),
        (Kind.ATTEMPTED, "2026-03-12 09:00", "contradicted_before"),
        (Kind.ATTEMPTED, "2026-03-15 13:05", "contradicted_attempted"),
    ],
)
def test_a_contradicted_delivery_is_suspected_and_asked_about(kind: Kind, when: str, reason: str) -> None:
    """Another mail that says otherwise makes a question, never a claim, and 24 hours of patience."""
    against, mail = contrary(kind, when), delivered()
    (one,) = found(SHIPPED, mail, against)
    assert (one.code, one.certainty, one.reason, one.ask) == (
        Code.NOT_RECEIVED,
        Certainty.SUSPECTED,
        reason,
        "received",
    )
    assert set(one.evidence) == {mail.source, against.source}
    assert one.since == max(mail.at, against.at)
    assert one.claim_from == one.since + timedelta(hours=24)


@pytest.mark.parametrize(
    "harmless",
    [
        pytest.param(contrary(Kind.OUT_FOR_DELIVERY, "2026-03-12 07:00"), id="out for delivery before"),
        pytest.param(contrary(Kind.ATTEMPTED, "2026-03-11 22:30"), id="attempted the day before, in Paris"),
        pytest.param(contrary(Kind.ATTEMPTED, "2026-03-15 13:06"), id="attempted days later"),
        pytest.param(shop(Kind.RETURNED, "2026-03-13 07:00"), id="the owner sends it back"),
        pytest.param(contrary(Kind.OUT_FOR_DELIVERY, "2026-03-13 07:00", tracking_numbers=(TWO,)), id="other parcel"),
    ],
)
def test_what_does_not_contradict_a_delivery(harmless: Notice) -> None:
    """What came before, much later, or about something else leaves a delivery as it is."""
    assert found(SHIPPED, delivered(tracking_numbers=(ONE,)), harmless) == []


def test_an_unnumbered_parcel_still_out_does_not_contradict_the_first() -> None:
    """Two shipments, no numbers, no items: nothing tells that the mails speak of one parcel, so nobody is bothered."""
    out = shop(Kind.OUT_FOR_DELIVERY, "2026-03-13 07:00")
    shipped = [shop(Kind.SHIPPED, f"2026-03-1{day} 09:00") for day in (0, 1)]
    assert found(*shipped, delivered(), out) == []
    assert len(found(shipped[0], delivered(), out)) == 1


@pytest.mark.parametrize(
    "mended",
    [
        pytest.param([delivered("2026-03-14 10:00")], id="delivered again"),
        pytest.param([word(N.RECEIVED, "2026-03-14 10:00")], id="received"),
        pytest.param([word(N.RECEIVED, "2026-03-12 20:00")], id="received before the other mail"),
        pytest.param([shop(Kind.REFUNDED, "2026-03-14 10:00")], id="refunded"),
    ],
)
def test_a_contradiction_is_mended(mended: list[Notice]) -> None:
    """A later delivery, the owner's word or a refund ends the doubt."""
    assert found(SHIPPED, delivered(), contrary(Kind.ATTEMPTED, "2026-03-13 07:00"), *mended) == []


def test_the_owners_word_confirms_a_contradiction() -> None:
    """Asked and answered: the doubt becomes the confirmed trouble of the same parcel, and only that."""
    (one,) = found(SHIPPED, delivered(), contrary(Kind.ATTEMPTED, "2026-03-12 16:00"), SAID)
    assert (one.certainty, one.reason, one.parcel) == (Certainty.CONFIRMED, "not_received_told", "")


def test_a_doubt_of_one_parcel_stands_beside_the_trouble_of_another() -> None:
    """Two parcels, one disputed and one contradicted, are two troubles."""
    said = word(N.NOT_RECEIVED, "2026-03-13 08:00", tracking_numbers=(TWO,))
    both = found(*TWO_PARCELS, said, contrary(Kind.ATTEMPTED, "2026-03-12 16:00"))
    assert [(one.parcel, one.certainty) for one in both] == [(TWO, Certainty.CONFIRMED), (ONE, Certainty.SUSPECTED)]


def test_an_old_doubt_is_dropped() -> None:
    """After 90 days nobody could act on the answer, so nothing is asked any more, to the second."""
    order = fold(ORDER, [SHIPPED, delivered(), contrary(Kind.ATTEMPTED, "2026-03-12 16:00")])
    end = at("2026-06-10 15:00")
    assert len(find(order, end - timedelta(seconds=1), RULES)) == 1
    assert find(order, end, RULES) == []
    assert next_check(order, NOW, RULES) == end


def test_the_next_look_is_when_the_claim_is_safe() -> None:
    """A confirmed trouble is looked at again when its wait is over, and then no more."""
    order = fold(ORDER, [delivered(), SAID])
    assert next_check(order, SAID.at, RULES) == at("2026-03-14 13:05")
    assert next_check(order, at("2026-03-14 13:05"), RULES) is None
