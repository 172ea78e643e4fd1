"""Mails that nobody proves, where honest ones are proven: they let a claim rest, are asked about, and end nothing."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from daemon import anomalies, claims, orders
from daemon.anomalies.anomaly import Certainty, Code
from daemon.claims.actions import AnnounceRefund, CloseClaim, MarkAnswered, OpenClaim, WithdrawDraft
from daemon.claims.claim import Outcome, Stage
from daemon.orders.belief import doubted, marked
from parsers.letter import Trust
from parsers.notice import Kind, NoteMeaning, Notice, Party, ReplyMeaning
from tests.claims.kit import ORDER, RELAY, RULES, START, Desk, composed, confirmed, delivered, notice, said, wrote

DAY = timedelta(days=1)
MISSING = NoteMeaning.NOT_RECEIVED
UNPROVEN: dict[str, Any] = {"trust": Trust.UNVERIFIED, "provable": True}


def unproven(one: Notice) -> Notice:
    """Return a notice as it is kept when nothing proves its mail."""
    return one.model_copy(update=UNPROVEN)


def missed(*, sent: bool = False) -> Desk:
    """Return the claim of an owner whose parcel is said to be delivered, and is not there."""
    desk = Desk(confirmed(), delivered())
    desk.step(said(MISSING, START + DAY))
    if sent:
        desk.send(desk.only().ref, Stage.FIRST)
        desk.step()
    return desk


def refund(at: datetime) -> Notice:
    """Return the announcement of a whole refund."""
    return notice(Kind.REFUNDED, at, refund_amount=Decimal("49.90"), currency="EUR")


SILENCING = [
    (refund(START + 2 * DAY), "unproven_refunded"),
    (notice(Kind.CANCELLED, START + 2 * DAY), "unproven_cancelled"),
    (delivered(START + 2 * DAY), "received"),
]


@pytest.mark.parametrize("sent", [False, True], ids=["drafted", "sent"])
@pytest.mark.parametrize(("mail", "ask"), SILENCING, ids=lambda value: value if isinstance(value, str) else "")
def test_what_nobody_proves_lets_a_claim_rest_and_is_asked(mail: Notice, ask: str, sent: bool) -> None:
    """A refund, a cancellation or a delivery in doubt closes nothing, withdraws no text, and is put to the owner."""
    desk = missed(sent=sent)
    actions = desk.step(unproven(mail))
    assert not [one for one in actions if isinstance(one, (CloseClaim, AnnounceRefund, WithdrawDraft, OpenClaim))]
    assert desk.only().closed_at is None
    assert desk.only().follow_ups == ()
    (found,) = desk.found()
    assert (found.certainty, found.ask) == (Certainty.SUSPECTED, ask)
    assert mail.source in found.evidence
    assert composed(desk.step(hours=24 * 10)) == []


@pytest.mark.parametrize(("mail", "ask"), SILENCING, ids=lambda value: value if isinstance(value, str) else "")
def test_a_word_of_the_owner_answers_it(mail: Notice, ask: str) -> None:
    """The word "not received" takes the claim up again; another mail of the kind then changes nothing any more."""
    desk = missed(sent=True)
    desk.step(unproven(mail))
    actions = desk.step(said(MISSING, START + 5 * DAY))
    assert composed(actions) == [(desk.only().ref, Stage.REMINDER)]
    again = mail.model_copy(update={"at": START + 6 * DAY, "source": "again"})
    desk.step(unproven(again))
    (found,) = desk.found()
    assert (found.certainty, found.ask) == (Certainty.CONFIRMED, None)


@pytest.mark.parametrize(
    ("meaning", "outcome"), [(NoteMeaning.CREDITED, "refunded"), (NoteMeaning.RECEIVED, "delivered")]
)
def test_the_owner_can_end_what_rests(meaning: NoteMeaning, outcome: str) -> None:
    """Money seen, or the parcel received, closes the claim that a mail in doubt has stopped."""
    desk = missed(sent=True)
    desk.step(unproven(refund(START + 2 * DAY)))
    desk.step(said(meaning, START + 3 * DAY))
    assert desk.only().outcome == Outcome(outcome)


@pytest.mark.parametrize("mail", [mail for mail, _ in SILENCING], ids=lambda mail: mail.kind.value)
def test_a_proof_that_comes_later_ends_it(mail: Notice) -> None:
    """The same news from a mail that is proven does what it always did."""
    doubtful, sure = missed(sent=True), missed(sent=True)
    doubtful.step(unproven(mail))
    proven = mail.model_copy(update={"at": START + 3 * DAY, "source": "proven"})
    doubtful.step(proven)
    sure.step(proven)
    assert (doubtful.only().outcome, doubtful.only().refund_announced_at) == (
        sure.only().outcome,
        sure.only().refund_announced_at,
    )


def test_an_answer_that_nobody_proves_is_asked() -> None:
    """A seller's "we accept" in doubt answers nothing: no reminder is written until the owner has said how it is."""
    desk = Desk(confirmed(sold_by=Party.THIRD_PARTY, shipped_by=Party.THIRD_PARTY), delivered())
    desk.step(said(MISSING, START + DAY))
    desk.send(desk.only().ref, Stage.FIRST)
    desk.step()
    actions = desk.step(unproven(wrote(START + 2 * DAY, ReplyMeaning.ACCEPTED)))
    assert not [one for one in actions if isinstance(one, MarkAnswered)]
    (found,) = desk.found()
    assert (found.certainty, found.ask) == (Certainty.SUSPECTED, "unproven_answer")
    assert composed(desk.step(hours=24 * 5)) == []
    assert composed(desk.step(said(MISSING, START + 8 * DAY))) == [(desk.only().ref, Stage.REMINDER)]


def test_a_later_promise_that_nobody_proves_is_asked() -> None:
    """A new day of delivery in doubt does not make a late parcel punctual."""
    desk = Desk(confirmed(promised=date(2026, 3, 1)))
    desk.step(said(MISSING, START + DAY))
    assert desk.only().code == Code.DELIVERY_LATE
    desk.step(unproven(notice(Kind.DELAYED, START + 2 * DAY, promised_to=date(2026, 4, 30))))
    assert desk.only().closed_at is None
    desk.step(said(MISSING, START + 3 * DAY))
    assert [one.certainty for one in desk.found()] == [Certainty.CONFIRMED]


def test_a_word_in_the_owners_name_that_nobody_proves_is_asked() -> None:
    """Neither does it open a claim, nor does it close one; the owner is asked whether the parcel has come."""
    desk = Desk(confirmed(), delivered())
    assert desk.step(said(MISSING, START + DAY).model_copy(update={"trust": Trust.UNVERIFIED})) == []
    (found,) = desk.found()
    assert (found.certainty, found.ask, found.reason) == (Certainty.SUSPECTED, "received", "unproven_missing")
    desk = missed()
    desk.step(said(NoteMeaning.FOUND, START + 2 * DAY).model_copy(update={"trust": Trust.UNVERIFIED}))
    assert desk.only().closed_at is None
    assert [one.ask for one in desk.found()] == ["received"]


def test_nobody_is_written_to_at_an_address_in_doubt() -> None:
    """A seller's address and thread are taken from proven mails; who sold it, from others only where none tells."""
    forged = wrote(START, ReplyMeaning.ASKS).model_copy(update=UNPROVEN | {"reply_to": "x9@marketplace.amazon.fr"})
    order = orders.fold(ORDER, [confirmed(), wrote(START - DAY), forged])
    assert order.seller_address == RELAY
    assert len(order.seller_thread) == 1
    lie = unproven(notice(Kind.SHIPPED, START, sold_by=Party.THIRD_PARTY))
    fact = orders.fold(ORDER, [confirmed(), lie]).sold_by
    assert fact is not None
    assert (fact.party, fact.contradicted) == (Party.AMAZON, False)


def test_where_nothing_can_be_proven_mails_count() -> None:
    """Without a server's name or DKIM every mail is unverified: then a refund is a refund, or none would ever be."""
    desk = missed(sent=True)
    (mail,) = marked([refund(START + 2 * DAY).model_copy(update={"trust": Trust.UNVERIFIED})], provable=False)
    assert not doubted(mail)
    assert [one for one in desk.step(mail) if isinstance(one, AnnounceRefund)]


def test_one_and_the_same_parcel_proven_by_its_carrier_counts() -> None:
    """A carrier's proven delivery of a parcel that only a mail in doubt gives to the order ends no lateness."""
    desk = Desk(confirmed(promised=date(2026, 3, 1)))
    desk.step(said(MISSING, START + DAY))
    lure = unproven(notice(Kind.SHIPPED, START + DAY + timedelta(hours=1), tracking_numbers=("6A99933344455",)))
    carried = Notice(
        kind=Kind.DELIVERED,
        at=START + 2 * DAY,
        source="carrier",
        trust=Trust.SIGNED,
        by_carrier=True,
        carrier="Colissimo",
        tracking_numbers=("6A99933344455",),
    )
    desk.step(lure, carried)
    assert desk.only().closed_at is None


# ── whatever comes, in whatever order ─────────────────────────────────────

_MOMENTS = st.integers(-9 * 24, 40 * 24).map(lambda hours: START + timedelta(hours=hours))
_DOUBTED = st.builds(
    Notice,
    kind=st.sampled_from([kind for kind in Kind if kind not in {Kind.CHARGED, Kind.INVOICED, Kind.OTHER}]),
    at=_MOMENTS,
    source=st.integers(0, 9).map("doubted{}".format),
    trust=st.just(Trust.UNVERIFIED),
    provable=st.just(True),
    order_id=st.just(ORDER),
    retailer=st.sampled_from(["amazon", None]),
    promised_to=st.none() | st.integers(-9, 60).map(lambda days: START.date() + timedelta(days=days)),
    tracking_numbers=st.sampled_from([(), ("QA4471902285",), ("6A99933344455",)]),
    refund_amount=st.sampled_from([None, Decimal("10.00"), Decimal("49.90")]),
    reply_means=st.sampled_from([None, *ReplyMeaning]),
    note_means=st.sampled_from([None, *NoteMeaning]),
    sold_by=st.sampled_from([None, *Party]),
    shipped_by=st.sampled_from([None, *Party]),
    reply_to=st.sampled_from([None, "x9@marketplace.amazon.fr"]),
)


@st.composite
def troubled(draw: st.DrawFn) -> Desk:
    """Return a desk with an open claim, which may rest on mails in doubt itself; its text may have been sent."""
    parties = draw(st.sampled_from([(Party.AMAZON, Party.AMAZON), (Party.THIRD_PARTY, Party.THIRD_PARTY)]))
    promised = draw(st.sampled_from([date(2026, 3, 1), None]))
    bought = confirmed(sold_by=parties[0], shipped_by=parties[1], promised=promised)
    known = [bought, *draw(st.sampled_from([(delivered(),), (delivered(tracking_numbers=("QA4471902285",)),), ()]))]
    desk = Desk(*(draw(st.sampled_from([one, unproven(one)])) for one in known))
    desk.step(said(MISSING, START + DAY), *draw(st.lists(_DOUBTED, max_size=2)))
    sent: bool = draw(st.booleans())
    if desk.claims and sent:
        desk.send(desk.claims[0].ref, Stage.FIRST)
        desk.step()
    return desk


@settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(troubled(), st.lists(st.lists(_DOUBTED, min_size=1, max_size=3), max_size=5), st.integers(0, 90))
def test_a_claim_is_never_closed_by_them_alone(desk: Desk, mails: list[list[Notice]], hours: int) -> None:
    """Whatever mails in doubt come, in whatever order, dated whenever: every open claim stays open and is explained."""
    before = [claim.ref for claim in desk.claims]
    for batch in mails:
        desk.notices += batch
        desk.step(hours=hours)
        assert desk.plan() == []
        for ref in before:
            claim = desk.claim(ref)
            assert claim.closed_at is None
            assert claim.answered_at is None
            assert claim.refund_announced_at is None
            assert claims.anomaly_of(claim, desk.found()) is not None


@settings(deadline=None, max_examples=200)
@given(mails=st.lists(_DOUBTED, max_size=8), hours=st.integers(0, 24 * 50))
def test_no_trouble_is_confirmed_by_them_alone(mails: list[Notice], hours: int) -> None:
    """An order of which only mails in doubt tell has no confirmed trouble, at any time, and so no claim."""
    order = orders.fold(ORDER, mails)
    found = anomalies.find(order, START + timedelta(hours=hours), RULES)
    assert [one for one in found if one.certainty is Certainty.CONFIRMED] == []
    parcels = [one.parcel for one in found]
    assert len(set(parcels)) == len(parcels)
    assert "" not in parcels or len(parcels) == 1
