"""Late: the promised day has passed, by the owner's word or by the mails alone."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from daemon import rules
from daemon.anomalies import find, next_check, too_early
from daemon.anomalies.anomaly import Anomaly, Certainty, Code
from daemon.orders import fold
from daemon.say import say
from parsers.letter import Trust
from parsers.notice import Item, Kind, NoteMeaning, Notice
from tests.orders.notices import ORDER, at, carrier, shop, word

RULES = rules.load()
N = NoteMeaning
CONFIRMED = shop(Kind.CONFIRMED, "2026-03-02 09:00", promised_from=date(2026, 3, 10), promised_to=date(2026, 3, 12))
MIDNIGHT = at("2026-03-12 23:00")
"""The end of the promised day in Paris."""
TELL = at("2026-03-13 23:00")
SECOND = timedelta(seconds=1)


def found(*notices: Notice, now: str = "2026-03-15 12:00") -> list[Anomaly]:
    """Return what is wrong with the order that the notices make, once it was explained in both languages."""
    out = find(fold(ORDER, notices), at(now), RULES)
    for one in out:
        assert all("{" not in say(f"why.{one.reason}", language, **one.facts) for language in ("fr", "en"))
    return out


def test_mails_alone_make_a_question_one_day_after_the_promised_day() -> None:
    """Silence is suspected, not confirmed: many sellers mail no delivery; it begins on the second to the day."""
    order = fold(ORDER, [CONFIRMED])
    assert find(order, TELL - SECOND, RULES) == []
    assert find(order, TELL, RULES) == [
        Anomaly(
            code=Code.DELIVERY_LATE,
            order_id=ORDER,
            certainty=Certainty.SUSPECTED,
            since=MIDNIGHT,
            claim_from=TELL,
            evidence=(CONFIRMED.source,),
            reason="late_silent",
            facts={"promised": "2026-03-12"},
            ask="received",
        )
    ]


def test_the_times_at_which_to_look_again() -> None:
    """Before the wait is over: then; while it is asked: when the right expires; afterwards: never."""
    order = fold(ORDER, [CONFIRMED])
    expiry = at("2026-06-10 22:00")
    assert next_check(order, at("2026-03-03 09:00"), RULES) == TELL
    assert next_check(order, TELL, RULES) == expiry
    assert next_check(order, expiry, RULES) is None
    assert find(order, expiry - SECOND, RULES) != []
    assert find(order, expiry, RULES) == []


@pytest.mark.parametrize(
    ("host", "day", "since", "told"),
    [
        pytest.param("amazon.fr", date(2026, 3, 28), "2026-03-28 23:00", "2026-03-29 22:00", id="summer time begins"),
        pytest.param("amazon.fr", date(2026, 10, 24), "2026-10-24 22:00", "2026-10-25 23:00", id="summer time ends"),
        pytest.param("amazon.fr", date(2026, 12, 31), "2026-12-31 23:00", "2027-01-01 23:00", id="new year"),
        pytest.param("amazon.co.uk", date(2026, 3, 12), "2026-03-13 00:00", "2026-03-14 00:00", id="London"),
        pytest.param("amazon.co.jp", date(2026, 3, 12), "2026-03-12 15:00", "2026-03-13 15:00", id="Tokyo"),
        pytest.param("amazon.com", date(2026, 3, 12), "2026-03-13 07:00", "2026-03-14 07:00", id="Los Angeles"),
        pytest.param("amazon.in", date(2026, 3, 12), "2026-03-12 18:30", "2026-03-13 18:30", id="half an hour"),
        pytest.param("amazon.eg", date(2026, 4, 23), "2026-04-23 22:00", "2026-04-24 22:00", id="no such midnight"),
        pytest.param(None, date(2026, 3, 12), "2026-03-12 23:00", "2026-03-13 23:00", id="site unknown: the default"),
        pytest.param("shop.example", date(2026, 3, 12), "2026-03-12 23:00", "2026-03-13 23:00", id="site not on file"),
    ],
)
def test_days_are_the_marketplaces(host: str | None, day: date, since: str, told: str) -> None:
    """A promised day ends at the site's midnight, and days of 23 and 25 hours are days."""
    order = fold(ORDER, [shop(Kind.CONFIRMED, "2026-01-02 09:00", marketplace=host, promised_to=day)])
    assert find(order, at(told) - SECOND, RULES) == []
    (one,) = find(order, at(told), RULES)
    assert (one.since, one.claim_from) == (at(since), at(told))


@pytest.mark.parametrize(
    "ending",
    [
        shop(Kind.DELIVERED, "2026-03-12 14:00"),
        carrier(Kind.DELIVERED, "2026-03-14 14:00"),
        shop(Kind.RETURNED, "2026-03-14 14:00"),
        shop(Kind.CANCELLED, "2026-03-11 14:00"),
        shop(Kind.REFUNDED, "2026-03-14 14:00", refund_amount=Decimal("5.00")),
        word(N.RECEIVED, "2026-03-11 14:00"),
        word(N.FOUND, "2026-03-14 14:00"),
        word(N.DAMAGED, "2026-03-11 14:00"),
        word(N.CREDITED, "2026-03-14 14:00"),
    ],
    ids=lambda one: f"{one.kind}-{one.note_means}",
)
def test_what_ends_lateness(ending: Notice) -> None:
    """Goods, money, a cancellation or a return end it, for mails alone and after the owner's word alike."""
    said = word(N.NOT_RECEIVED, "2026-03-13 06:00")
    assert found(CONFIRMED) != []
    assert found(CONFIRMED, ending) == []
    assert found(CONFIRMED, ending.model_copy(update={"at": at("2026-03-14 15:00")}), said) == []


def test_a_part_of_the_price_refunded_before_does_not_end_it() -> None:
    """A small refund of an order that is still to come leaves it late; a whole one does not."""
    priced = CONFIRMED.model_copy(update={"total": Decimal("42.80")})
    part = shop(Kind.REFUNDED, "2026-03-05 14:00", refund_amount=Decimal("5.00"))
    assert found(priced, part) != []
    assert found(priced, part.model_copy(update={"refund_amount": Decimal("42.80")})) == []


def test_a_shipment_after_a_cancellation_lives() -> None:
    """Cancelled, ordered to be sent after all: what was shipped later can be late."""
    cancelled, shipped = shop(Kind.CANCELLED, "2026-03-03 14:00"), shop(Kind.SHIPPED, "2026-03-04 14:00")
    assert found(CONFIRMED, cancelled) == []
    assert found(CONFIRMED, cancelled, shipped) != []


def test_the_owners_word_confirms_as_soon_as_the_day_is_over() -> None:
    """Asked or not, the owner who misses it after the promised day makes it late, never also not received."""
    said = word(N.NOT_RECEIVED, "2026-03-12 23:00")
    (one,) = found(CONFIRMED, said, now="2026-03-12 23:00")
    assert (one.code, one.certainty, one.reason, one.ask) == (
        Code.DELIVERY_LATE,
        Certainty.CONFIRMED,
        "late_told",
        None,
    )
    assert (one.since, one.claim_from, one.evidence) == (MIDNIGHT, TELL, (CONFIRMED.source, said.source))
    assert one.facts == {"promised": "2026-03-12", "reported": "2026-03-13T00:00+01:00"}


def test_too_early_is_nothing_wrong_yet() -> None:
    """A "pas encore reçu" before the day is over is answered with a date, and later proves nothing by itself."""
    said = word(N.NOT_RECEIVED, "2026-03-12 22:59:59")
    order = fold(ORDER, [CONFIRMED, said])
    assert find(order, said.at, RULES) == []
    early = too_early(order, said.at, RULES)
    assert early is not None
    assert (early.until, early.reason, early.evidence) == (TELL, "too_early", (said.source,))
    assert early.facts["promised"] == "2026-03-12"
    assert next_check(order, said.at, RULES) == TELL
    assert too_early(order, TELL, RULES) is None
    assert [one.certainty for one in find(order, TELL, RULES)] == [Certainty.SUSPECTED]


def test_nothing_is_too_early_when_nobody_misses_it() -> None:
    """Without the owner's word, after a delivery, or once confirmed, there is nothing to wait for."""
    said = word(N.NOT_RECEIVED, "2026-03-11 09:00")
    now = at("2026-03-11 10:00")
    late = word(N.NOT_RECEIVED, "2026-03-13 09:00")
    for notices in ([CONFIRMED], [CONFIRMED, said, shop(Kind.DELIVERED, "2026-03-11 09:30")], [CONFIRMED, late]):
        assert too_early(fold(ORDER, notices), now, RULES) is None


def test_a_delivery_after_the_word_resolves_and_a_word_after_the_delivery_beats_it() -> None:
    """The later of the two counts: late, then delivered, then not received after all."""
    said, came = word(N.NOT_RECEIVED, "2026-03-13 09:00"), shop(Kind.DELIVERED, "2026-03-14 09:00")
    again = word(N.NOT_RECEIVED, "2026-03-14 20:00")
    codes = [[one.code for one in found(CONFIRMED, *some)] for some in ([said], [said, came], [said, came, again])]
    assert codes == [[Code.DELIVERY_LATE], [], [Code.NOT_RECEIVED]]


def test_a_promise_moved_after_the_word_does_not_unsay_it() -> None:
    """What was late when the owner said so stays late, on the day that was promised then."""
    said = word(N.NOT_RECEIVED, "2026-03-13 09:00")
    moved = shop(Kind.DELAYED, "2026-03-13 15:00", promised_to=date(2026, 3, 20))
    (one,) = found(CONFIRMED, said, moved)
    assert (one.reason, one.facts["promised"]) == ("late_told", "2026-03-12")
    assert len(found(CONFIRMED, said, moved, word(N.NOT_RECEIVED, "2026-03-14 09:00"))) == 1


def test_a_promise_moved_before_anybody_complains_is_waited_for() -> None:
    """A delay that is announced in time moves the question, and when the new day passes too it is confirmed."""
    moved = shop(Kind.DELAYED, "2026-03-11 15:00", promised_to=date(2026, 3, 20))
    assert found(CONFIRMED, moved, now="2026-03-21 22:59") == []
    (one,) = found(CONFIRMED, moved, now="2026-03-21 23:00")
    assert (one.certainty, one.reason, one.ask) == (Certainty.CONFIRMED, "late_delayed", None)
    assert one.facts == {"promised": "2026-03-20", "seen": "2026-03-11T16:00+01:00"}
    assert one.since == at("2026-03-20 23:00")


@pytest.mark.parametrize("kind", [Kind.OUT_FOR_DELIVERY, Kind.ANNOUNCED, Kind.DELAYED, Kind.ATTEMPTED])
def test_a_carrier_that_still_carries_confirms(kind: Kind) -> None:
    """A carrier's mail after the promised day is a second, independent signal; one of before is not."""
    after, before = carrier(kind, "2026-03-12 23:00"), carrier(kind, "2026-03-12 22:59")
    confirmed, suspected = found(CONFIRMED, after), found(CONFIRMED, before)
    assert [(one.certainty, one.reason) for one in confirmed] == [(Certainty.CONFIRMED, "late_under_way")]
    assert confirmed[0].facts["carrier"] == "Chronopost"
    assert [(one.certainty, one.reason) for one in suspected] == [(Certainty.SUSPECTED, "late_silent")]


@pytest.mark.parametrize(
    ("promise", "signal", "certainty"),
    [
        (Trust.UNVERIFIED, Trust.UNVERIFIED, Certainty.SUSPECTED),
        (Trust.SIGNED, Trust.UNVERIFIED, Certainty.CONFIRMED),
        (Trust.UNVERIFIED, Trust.SIGNED, Certainty.CONFIRMED),
        (Trust.OWNER, Trust.UNVERIFIED, Certainty.CONFIRMED),
    ],
)
def test_unverified_mails_alone_confirm_nothing(promise: Trust, signal: Trust, certainty: Certainty) -> None:
    """Two mails that nobody vouches for make the owner be asked; one that is proven, or the owner's word, confirms."""
    first = CONFIRMED.model_copy(update={"trust": promise})
    moved = shop(Kind.DELAYED, "2026-03-11 15:00", promised_to=date(2026, 3, 12), trust=signal)
    under_way = carrier(Kind.OUT_FOR_DELIVERY, "2026-03-12 23:00", trust=signal)
    seen = [found(first, moved.model_copy(update={"promised_to": None})), found(first, under_way)]
    assert [(one.certainty, one.ask) for some in seen for one in some] == [
        (certainty, "received" if certainty is Certainty.SUSPECTED else None)
    ] * 2
    (told,) = found(first, under_way, word(N.NOT_RECEIVED, "2026-03-13 09:00"))
    assert told.certainty is Certainty.CONFIRMED


def test_a_parcel_at_a_pickup_point_is_asked_about_twice() -> None:
    """It may be waiting for its owner: one word asks whether they went there, a second one confirms."""
    ready = carrier(Kind.PICKUP_READY, "2026-03-12 10:00")
    first, second = word(N.NOT_RECEIVED, "2026-03-13 09:00"), word(N.NOT_RECEIVED, "2026-03-14 09:00")
    seen = [found(CONFIRMED, ready, *words) for words in ([], [first], [first, second])]
    assert [[(one.certainty, one.reason, one.ask) for one in some] for some in seen] == [
        [(Certainty.SUSPECTED, "late_pickup", "picked_up")],
        [(Certainty.SUSPECTED, "late_pickup", "picked_up")],
        [(Certainty.CONFIRMED, "late_told", None)],
    ]


def test_without_a_promised_day_only_the_owner_makes_it_late() -> None:
    """No day was named: mails alone say nothing; the owner's word counts two weeks after shipping."""
    shipped = shop(Kind.SHIPPED, "2026-03-02 09:00")
    early, late = word(N.NOT_RECEIVED, "2026-03-16 08:59"), word(N.NOT_RECEIVED, "2026-03-16 09:00")
    assert found(shipped, now="2026-05-01 09:00") == []
    assert [one.reason for one in found(shipped, late, now="2026-03-16 09:00")] == ["late_told_no_date"]
    order = fold(ORDER, [shipped, early])
    waiting = too_early(order, early.at, RULES)
    assert waiting is not None
    assert (waiting.reason, waiting.until) == ("too_early_no_date", at("2026-03-16 09:00"))
    assert [one.reason for one in find(order, waiting.until, RULES)] == ["late_silent_no_date"]


def test_without_day_and_shipment_the_legal_month_counts() -> None:
    """An order with neither is due thirty days after it was made."""
    ordered = shop(Kind.CONFIRMED, "2026-03-02 09:00")
    said = word(N.NOT_RECEIVED, "2026-04-01 08:00")
    assert [one.since for one in found(ordered, said, now="2026-04-01 08:00")] == [at("2026-04-01 08:00")]


def test_a_word_without_any_mail_is_nothing_to_go_by() -> None:
    """An order of which relance has seen no mail is neither late nor early."""
    order = fold(ORDER, [word(N.NOT_RECEIVED, "2026-03-16 08:59")])
    assert find(order, at("2026-06-16 08:59"), RULES) == []
    assert too_early(order, at("2026-03-16 08:59"), RULES) is None
    assert next_check(order, at("2026-03-16 08:59"), RULES) is None


def test_the_missing_one_of_two_parcels_is_late() -> None:
    """The owner names the parcel that did not come: it is late, the one that came is left alone."""
    one, two = "XW402318877TS", "6A22233344455"
    mails = [
        shop(Kind.SHIPPED, "2026-03-04 09:00", tracking_numbers=(one,), items=(Item(title="Gants"),)),
        shop(Kind.SHIPPED, "2026-03-04 10:00", tracking_numbers=(two,), items=(Item(title="Terreau 5 kg"),)),
        carrier(Kind.DELIVERED, "2026-03-12 10:00", tracking_numbers=(one,)),
    ]
    said = word(N.NOT_RECEIVED, "2026-03-14 09:00", tracking_numbers=(two,))
    assert [(found.code, found.parcel) for found in found(CONFIRMED, *mails, said)] == [(Code.DELIVERY_LATE, two)]
    assert found(CONFIRMED, *mails) == []
