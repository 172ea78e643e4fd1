"""What to do next, step by step: real folds and real anomalies, a clock that stands where it is put."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from daemon.claims import Windows, deadlines, plan
from daemon.claims.actions import (
    AnnounceRefund,
    CancelFollowUps,
    CloseClaim,
    CompleteFollowUp,
    ComposeStage,
    MarkAnswered,
    MarkDraftAnswered,
    OpenClaim,
    ReopenClaim,
    ScheduleFollowUp,
    WithdrawDraft,
)
from daemon.claims.claim import ClaimParty, DraftState, FollowUp, Outcome, Stage
from daemon.claims.tables import Ladder, ladder
from parsers.notice import Kind, NoteMeaning, Notice, Party, ReplyMeaning
from tests.claims.kit import (
    FRENCH,
    ORDER,
    RULES,
    START,
    Desk,
    claim_on,
    composed,
    confirmed,
    delivered,
    draft_of,
    notice,
    said,
    wrote,
)

H = timedelta(hours=1)
TOLD = START + 2 * H
MISSING = said(NoteMeaning.NOT_RECEIVED, TOLD, "pas reçu")
BY_SELLER: dict[str, Any] = {"sold_by": Party.THIRD_PARTY, "shipped_by": Party.THIRD_PARTY}
FBA: dict[str, Any] = {"sold_by": Party.THIRD_PARTY, "shipped_by": Party.AMAZON}


def desk(*notices: Notice, **parties: Any) -> Desk:
    """Return a desk on an order that was confirmed, and where these mails came."""
    return Desk(confirmed(**parties), *notices, now=TOLD)


def sent_first(**parties: Any) -> Desk:
    """Return a desk on which the first message about a parcel that is not there went out."""
    made = desk(delivered(), MISSING, **parties)
    made.step()
    made.send(made.claims[0].ref, Stage.FIRST)
    made.step()
    return made


# ── opening ───────────────────────────────────────────────────────────────


def test_a_confirmed_trouble_opens_a_claim_and_asks_for_its_text_at_once() -> None:
    """The owner's "pas reçu" opens one claim against Amazon and asks for the first text, though it is early to send."""
    made = desk(delivered(), MISSING)
    (anomaly,) = made.found()
    assert anomaly.claim_from > made.now
    opened, compose = made.plan()
    assert isinstance(opened, OpenClaim)
    assert isinstance(compose, ComposeStage)
    assert (opened.claim.party, opened.claim.order_id, opened.claim.opened_at) == (ClaimParty.AMAZON, ORDER, TOLD)
    assert (compose.ref, compose.stage) == (opened.claim.ref, Stage.FIRST)


def test_a_suspicion_opens_nothing() -> None:
    """A mail that contradicts the delivery makes a suspicion; nobody is written to before the owner has spoken."""
    made = desk(delivered(), notice(Kind.ATTEMPTED, START + H))
    assert made.found()
    assert made.plan() == []


def test_shipped_by_amazon_gives_two_claims_of_which_amazons_is_recommended() -> None:
    """What a third party sold and Amazon shipped is claimed from Amazon first, and from the seller."""
    made = desk(delivered(), MISSING, **FBA)
    made.step()
    assert [(one.party, one.recommended) for one in made.claims] == [
        (ClaimParty.AMAZON, True),
        (ClaimParty.FBA_SELLER, False),
    ]
    assert len({one.ref for one in made.claims}) == 2


def test_an_unknown_seller_opens_nothing_until_the_owner_has_said_who() -> None:
    """While only the shipper is known nothing is written; the owner's word on the seller opens the claims."""
    made = Desk(confirmed(sold_by=None), delivered(), MISSING, now=TOLD)
    assert made.plan() == []
    told = said(NoteMeaning.NONE, TOLD + H).model_copy(update={"sold_by": Party.AMAZON})
    assert composed(made.step(told)) == [(made.only().ref, Stage.FIRST)]


def test_a_number_that_another_order_has_is_not_given_twice() -> None:
    """The numbers of all claims there are keep a new one from colliding."""
    made = desk(delivered(), MISSING)
    (first, _) = made.plan()
    assert isinstance(first, OpenClaim)
    made.taken = {first.claim.ref}
    (second, _) = made.plan()
    assert isinstance(second, OpenClaim)
    assert second.claim.ref.startswith(first.claim.ref)
    assert second.claim.ref != first.claim.ref


def test_a_text_that_could_not_be_written_is_asked_for_again() -> None:
    """A claim whose first letter failed keeps asking for it, and is not opened twice."""
    made = desk(delivered(), MISSING)
    opened = made.plan()[0]
    assert isinstance(opened, OpenClaim)
    made.claims = [opened.claim]
    assert made.plan() == [ComposeStage(ref=opened.claim.ref, stage=Stage.FIRST)]


def test_a_parcel_that_gets_its_number_later_is_still_the_same_trouble() -> None:
    """A mail that names the parcel, read after the claim was opened, does not open a second one."""
    made = desk(delivered(), MISSING)
    made.step()
    actions = made.step(notice(Kind.SHIPPED, START - 30 * H, tracking_numbers=("QA4471902285",)))
    assert actions == []
    assert len(made.claims) == 1


def test_mails_that_settle_the_trouble_before_it_was_read_open_nothing() -> None:
    """After a standstill the whole story is read at once: a trouble that a refund ended is not claimed."""
    made = desk(delivered(), MISSING, notice(Kind.REFUNDED, TOLD + 24 * H, refund_amount=49))
    made.now = TOLD + 48 * H
    assert made.plan() == []


# ── reminder ──────────────────────────────────────────────────────────────


def test_nothing_is_counted_before_the_owner_has_sent() -> None:
    """A draft that lies there for a week starts no clock."""
    made = desk(delivered(), MISSING)
    made.step()
    assert made.step(hours=24 * 7) == []


def test_the_reminder_falls_due_48_hours_after_confirmed_sending() -> None:
    """Sending schedules the reminder; it is drafted at the hour, and its row is done."""
    made = desk(delivered(), MISSING)
    made.step()
    claim = made.only()
    made.send(claim.ref, Stage.FIRST)
    due = made.now + 48 * H
    follow_up = FollowUp(claim=claim.ref, stage=Stage.REMINDER, due_at=due)
    assert made.step() == [ScheduleFollowUp(follow_up=follow_up)]
    assert deadlines(made.only(), made.order, RULES) == Windows(reminder_at=due)
    assert made.step(hours=47.9) == []
    assert made.step(hours=0.1) == [
        ComposeStage(ref=claim.ref, stage=Stage.REMINDER),
        CompleteFollowUp(ref=claim.ref, stage=Stage.REMINDER),
    ]
    assert made.step(hours=1000) == []


def test_a_sending_seen_late_is_reminded_of_at_once() -> None:
    """When the sending was 60 hours ago already, the reminder is drafted without a row in between."""
    made = desk(delivered(), MISSING)
    made.step()
    made.send(made.only().ref, Stage.FIRST)
    made.now += 60 * H
    assert composed(made.step()) == [(made.only().ref, Stage.REMINDER)]
    assert made.only().follow_ups == ()


@pytest.mark.parametrize(
    ("parties", "kind"), [(BY_SELLER, Kind.SELLER_MESSAGE), ({}, Kind.SUPPORT_MESSAGE)], ids=["seller", "amazon"]
)
def test_an_answer_holds_the_reminder(parties: dict[str, Any], kind: Kind) -> None:
    """An answer after the sending is noted, cancels the wait, and no reminder follows."""
    made = sent_first(**parties)
    ref, at = made.only().ref, made.now + 5 * H
    assert made.step(wrote(at, kind=kind)) == [
        MarkAnswered(ref=ref, at=at),
        MarkDraftAnswered(ref=ref, stage=Stage.FIRST),
        CancelFollowUps(ref=ref),
    ]
    assert made.step(hours=100) == []


def test_an_answer_takes_back_the_reminder_that_was_not_sent_yet() -> None:
    """A drafted "without an answer" is withdrawn when the answer comes."""
    made = sent_first(**BY_SELLER)
    made.step(hours=48)
    assert WithdrawDraft(ref=made.only().ref, stage=Stage.REMINDER) in made.step(wrote(made.now + H))


def test_an_automatic_reply_is_no_answer() -> None:
    """An acknowledgement of receipt does not stop the clock."""
    made = sent_first(**BY_SELLER)
    assert made.step(wrote(made.now + H, ReplyMeaning.AUTOMATIC)) == []
    assert composed(made.step(hours=48)) == [(made.only().ref, Stage.REMINDER)]


def test_what_the_seller_wrote_before_is_no_answer() -> None:
    """A message of the seller from before the sending does not hold the reminder."""
    made = desk(delivered(), MISSING, wrote(START - 24 * H), **BY_SELLER)
    made.step()
    made.send(made.only().ref, Stage.FIRST)
    made.step()
    assert composed(made.step(hours=48)) == [(made.only().ref, Stage.REMINDER)]


def test_the_other_partys_message_is_no_answer() -> None:
    """A message of the seller does not hold the reminder to Amazon."""
    made = sent_first(**FBA)
    made.step(wrote(made.now + H))
    assert (made.claims[0].ref, Stage.REMINDER) in composed(made.step(hours=48))


# ── A-to-z ────────────────────────────────────────────────────────────────


def late_desk() -> Desk:
    """Return a desk on a seller's parcel that did not come by 1 March, with its first message sent on the 3rd."""
    made = Desk(confirmed(**BY_SELLER), said(NoteMeaning.NOT_RECEIVED, START + 24 * H), now=START + 24 * H)
    made.step()
    made.send(made.only().ref, Stage.FIRST)
    made.step()
    return made


def test_a_seller_who_stays_silent_leads_to_the_a_to_z_guarantee() -> None:
    """First message, 48 hours, reminder, 48 hours, then the Guarantee's form: each once, none earlier."""
    made = late_desk()
    ref = made.only().ref
    assert composed(made.step(hours=48)) == [(ref, Stage.REMINDER)]
    assert made.step(hours=500) == []  # the reminder was not sent: nothing follows
    made.send(ref, Stage.REMINDER)
    assert made.step() == [
        ScheduleFollowUp(follow_up=FollowUp(claim=ref, stage=Stage.A_TO_Z, due_at=made.now + 48 * H))
    ]
    assert made.step(hours=47) == []
    assert composed(made.step(hours=1)) == [(ref, Stage.A_TO_Z)]
    made.send(ref, Stage.A_TO_Z)
    assert made.step(hours=500) == []


def test_the_guarantee_waits_for_its_own_date() -> None:
    """When a later promise moves the Guarantee's first day past the reminder's wait, the form waits for it."""
    made = late_desk()
    ref = made.only().ref
    made.step(hours=48)
    made.send(ref, Stage.REMINDER)
    made.step(notice(Kind.DELAYED, made.now, promised_to=date(2026, 3, 9)))
    first_day = datetime.fromisoformat("2026-03-13T00:00+01:00")
    assert deadlines(made.only(), made.order, RULES).a_to_z_from == first_day
    assert composed(made.step(hours=(first_day - made.now) / H - 1)) == []
    assert composed(made.step(hours=1)) == [(ref, Stage.A_TO_Z)]


def test_the_guarantee_is_not_offered_once_its_window_is_over() -> None:
    """A reminder that was sent on the 89th day leads to no form, and no row stays open."""
    made = late_desk()
    ref = made.only().ref
    made.step(hours=24 * 88)
    made.send(ref, Stage.REMINDER)
    assert made.step(hours=1) == []
    assert made.step(hours=24 * 30) == []
    assert made.only().follow_ups == ()


def test_a_form_that_was_not_filed_in_time_is_withdrawn() -> None:
    """When the window closes on a form that still waits, the form is withdrawn."""
    made = late_desk()
    ref = made.only().ref
    made.step(hours=48)
    made.send(ref, Stage.REMINDER)
    made.step(hours=48)
    assert made.step(hours=24 * 90) == [WithdrawDraft(ref=ref, stage=Stage.A_TO_Z)]
    assert made.step(hours=1) == []


@pytest.mark.parametrize("parties", [{}, FBA], ids=["amazon", "fba"])
def test_the_guarantee_is_for_what_a_third_party_sold_and_shipped(parties: dict[str, Any]) -> None:
    """Neither Amazon's own sales nor what Amazon shipped for another lead to the A-to-z Guarantee."""
    made = desk(delivered(), MISSING, **parties)
    made.step()
    for _ in range(4):
        for claim in made.claims:
            for draft in claim.drafts:
                if draft.state == DraftState.DRAFTED:
                    made.send(claim.ref, draft.stage)
        made.step()
        made.step(hours=72)
    assert {draft.stage for claim in made.claims for draft in claim.drafts} == {Stage.FIRST, Stage.REMINDER}
    assert deadlines(made.claims[-1], made.order, RULES).a_to_z_from is None


def test_the_window_of_the_guarantee() -> None:
    """Possible 3 days after the promised day's end and 48 hours after the contact, until 90 days from the promise."""
    order = Desk(confirmed(**BY_SELLER)).order
    windows = deadlines(claim_on(ClaimParty.SELLER).model_copy(update={"code": "delivery-late"}), order, RULES)
    assert windows.a_to_z_from == START + 51 * H + 48 * H - 2 * H
    assert windows.a_to_z_until == datetime.fromisoformat("2026-05-31T00:00+02:00")


def test_without_a_promise_the_window_ends_90_days_after_the_order() -> None:
    """When no day was ever promised, the end is counted from the order: never later than the true one."""
    order = Desk(confirmed(promised=None, **BY_SELLER), delivered()).order
    windows = deadlines(claim_on(ClaimParty.SELLER), order, RULES)
    assert order.ordered_at is not None
    assert windows.a_to_z_until == RULES.a_to_z.window.value.after(order.ordered_at, RULES.zone(order))


# ── the end ───────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("word", "outcome"), [(NoteMeaning.FOUND, Outcome.FOUND), (NoteMeaning.RECEIVED, Outcome.DELIVERED)]
)
def test_a_parcel_that_is_there_withdraws_what_was_not_sent(word: NoteMeaning, outcome: Outcome) -> None:
    """A parcel that turns up before sending withdraws the draft and closes the claim; nothing else is written."""
    made = desk(delivered(), MISSING)
    made.step()
    ref, at = made.only().ref, made.now + H
    assert made.step(said(word, at)) == [
        WithdrawDraft(ref=ref, stage=Stage.FIRST),
        CloseClaim(ref=ref, outcome=outcome, at=at),
    ]
    assert made.step(hours=1000) == []


def test_a_parcel_that_is_there_after_sending_gets_a_courteous_withdrawal() -> None:
    """When something went out already, the withdrawal is drafted before the claim is closed, once."""
    made = sent_first(**BY_SELLER)
    ref, at = made.only().ref, made.now + H
    assert made.step(said(NoteMeaning.FOUND, at)) == [
        CancelFollowUps(ref=ref),
        ComposeStage(ref=ref, stage=Stage.WITHDRAWAL),
        CloseClaim(ref=ref, outcome=Outcome.FOUND, at=at),
    ]
    withdrawal = draft_of(made.only(), Stage.WITHDRAWAL)
    assert withdrawal is not None
    assert withdrawal.state == DraftState.DRAFTED
    assert made.step(hours=1000) == []


def test_a_late_parcel_that_arrives_ends_its_claim() -> None:
    """A delivery mail after the draft withdraws the draft by itself."""
    made = Desk(confirmed(), said(NoteMeaning.NOT_RECEIVED, START + 24 * H), now=START + 24 * H)
    made.step()
    ref, at = made.only().ref, made.now + 20 * H
    assert made.step(delivered(at)) == [
        WithdrawDraft(ref=ref, stage=Stage.FIRST),
        CloseClaim(ref=ref, outcome=Outcome.DELIVERED, at=at),
    ]


def test_a_late_parcel_that_is_then_said_to_be_delivered_but_is_not() -> None:
    """The late claim gives way to the new trouble's, without a withdrawal that would say the parcel came."""
    made = late_desk()
    at = made.now + 20 * H
    arrives = delivered(at)
    made.notices.append(arrives)
    actions = made.step(said(NoteMeaning.NOT_RECEIVED, at + H))
    assert Stage.WITHDRAWAL not in [stage for _, stage in composed(actions)]
    late, missing = made.claims
    assert (late.code, late.outcome) == ("delivery-late", Outcome.SUPERSEDED)
    assert (missing.code, missing.closed_at) == ("not-received", None)
    assert made.plan() == []


def test_a_cancelled_order_ends_its_claim_without_a_withdrawal() -> None:
    """A cancellation closes the claim; the money is another matter."""
    made = late_desk()
    at = made.now + H
    actions = made.step(notice(Kind.CANCELLED, at))
    assert CloseClaim(ref=made.only().ref, outcome=Outcome.CANCELLED, at=at) in actions
    assert composed(actions) == []


def test_a_refund_waits_for_the_owner_to_see_the_money() -> None:
    """A refund notice takes back what is open and leaves the claim waiting; "crédité" closes it."""
    made = sent_first()
    ref, at = made.only().ref, made.now + H
    made.step(hours=48)
    assert made.step(notice(Kind.REFUNDED, made.now + H, refund_amount=49)) == [
        AnnounceRefund(ref=ref, at=made.now),
        WithdrawDraft(ref=ref, stage=Stage.REMINDER),
    ]
    assert made.only().closed_at is None
    assert made.step(hours=500) == []
    at = made.now + H
    assert made.step(said(NoteMeaning.CREDITED, at)) == [CloseClaim(ref=ref, outcome=Outcome.REFUNDED, at=at)]


def test_a_refund_cancels_the_reminders_clock() -> None:
    """A refund that is announced while the reminder is scheduled cancels its row."""
    made = sent_first()
    assert CancelFollowUps(ref=made.only().ref) in made.step(notice(Kind.REFUNDED, made.now + H, refund_amount=49))


def test_what_solves_one_of_two_claims_solves_both() -> None:
    """For what Amazon shipped for another, the money closes Amazon's claim and the seller's."""
    made = sent_first(**FBA)
    made.step(notice(Kind.REFUNDED, made.now + H, refund_amount=49))
    made.step(said(NoteMeaning.CREDITED, made.now + H))
    assert [one.outcome for one in made.claims] == [Outcome.REFUNDED, Outcome.REFUNDED]


def test_a_claim_that_is_solved_gives_its_outcome_to_its_twin() -> None:
    """When the trouble no longer shows and one of the two claims was solved, the other ends in the same way."""
    made = desk(delivered(), MISSING, **FBA)
    made.step()
    first, second = made.claims
    made.run([CloseClaim(ref=first.ref, outcome=Outcome.REFUNDED, at=made.now)])
    made.notices.remove(MISSING)
    assert made.step() == [
        WithdrawDraft(ref=second.ref, stage=Stage.FIRST),
        CloseClaim(ref=second.ref, outcome=Outcome.REFUNDED, at=made.now),
    ]


def test_a_dismissed_draft_ends_its_claim_and_is_not_drafted_again() -> None:
    """The owner's dismissal closes that claim alone; mails do not bring it back."""
    made = desk(delivered(), MISSING, **FBA)
    made.step()
    first, second = made.claims
    made.dismiss(first.ref, Stage.FIRST)
    assert made.step() == [CloseClaim(ref=first.ref, outcome=Outcome.DISMISSED, at=made.now)]
    assert made.step(notice(Kind.ATTEMPTED, made.now + H)) == []
    assert made.claim(second.ref).closed_at is None


def test_a_dismissal_holds_after_the_parties_changed_to_and_fro() -> None:
    """A claim that was superseded, opened anew and dismissed, all in one moment, stays dismissed."""
    made = desk(delivered(), MISSING, **BY_SELLER)
    made.step()
    told = said(NoteMeaning.NONE, made.now).model_copy(update={"sold_by": Party.AMAZON, "shipped_by": Party.AMAZON})
    made.step(told)
    made.notices.remove(told)
    made.step()
    assert [claim.party for claim in made.claims] == [ClaimParty.SELLER, ClaimParty.AMAZON, ClaimParty.SELLER]
    made.dismiss(made.claims[-1].ref, Stage.FIRST)
    made.step()
    assert made.plan() == []


def test_a_new_word_of_the_owner_brings_a_closed_trouble_back() -> None:
    """After "retrouvé" by mistake, "pas reçu" again: a new claim with a new number and a text of its own."""
    made = desk(delivered(), MISSING)
    made.step()
    made.step(said(NoteMeaning.FOUND, made.now + H))
    actions = made.step(said(NoteMeaning.NOT_RECEIVED, made.now + H))
    old, new = made.claims
    assert composed(actions) == [(new.ref, Stage.FIRST)]
    assert new.ref.startswith(old.ref)
    assert made.plan() == []


def test_a_word_that_is_taken_back_takes_the_draft_back() -> None:
    """When the owner undoes their report before sending, the draft goes; when they redo it, there is one again."""
    made = desk(delivered(), MISSING)
    made.step()
    made.notices.remove(MISSING)
    actions = made.step()
    assert CloseClaim(ref=made.only().ref, outcome=Outcome.GONE, at=made.now) in actions
    assert made.plan() == []
    assert [stage for _, stage in composed(made.step(MISSING))] == [Stage.FIRST]


def test_taking_back_found_takes_up_what_had_been_sent() -> None:
    """A "retrouvé" undone after sending: the same claim goes on, without its withdrawal, and with its clock."""
    made = sent_first(**BY_SELLER)
    ref, found = made.only().ref, said(NoteMeaning.FOUND, made.now + H)
    made.step(found)
    made.notices.remove(found)
    actions = made.step()
    assert actions[:2] == [ReopenClaim(ref=ref), WithdrawDraft(ref=ref, stage=Stage.WITHDRAWAL)]
    assert isinstance(actions[2], ScheduleFollowUp)
    assert made.plan() == []
    assert composed(made.step(hours=48)) == [(ref, Stage.REMINDER)]


def test_an_answer_that_came_while_a_claim_was_closed_counts_when_it_is_taken_up_again() -> None:
    """Received, answered, then "not received" after all: the claim is open again, answered, and its withdrawal gone."""
    made = sent_first(**BY_SELLER)
    ref = made.only().ref
    made.step(said(NoteMeaning.RECEIVED, made.now + H))
    made.step(wrote(made.now + H))
    actions = made.step(said(NoteMeaning.NOT_RECEIVED, made.now + H))
    assert actions.count(WithdrawDraft(ref=ref, stage=Stage.WITHDRAWAL)) == 1
    assert made.only().answered_at is not None
    assert made.plan() == []


def test_taking_back_found_before_sending_gives_a_text_again() -> None:
    """A "retrouvé" undone when nothing had been sent: there is a text to send again, under a new number."""
    made = desk(delivered(), MISSING, **FBA)
    made.step()
    found = said(NoteMeaning.FOUND, made.now + H)
    made.step(found)
    made.notices.remove(found)
    made.step()
    assert [claim.closed_at is None for claim in made.claims] == [False, False, True, True]
    assert made.plan() == []


def test_one_of_two_claims_goes_on_and_the_other_begins_anew() -> None:
    """Of Amazon's sent claim and the seller's unsent one, "found" undone resumes the first and renews the second."""
    made = desk(delivered(), MISSING, **FBA)
    made.step()
    amazon, seller = made.claims
    made.send(amazon.ref, Stage.FIRST)
    found = said(NoteMeaning.FOUND, made.now + H)
    made.step(found)
    made.notices.remove(found)
    made.step()
    assert made.claim(amazon.ref).closed_at is None
    assert made.claim(seller.ref).closed_at is not None
    assert made.claims[-1].party == ClaimParty.FBA_SELLER
    assert made.claims[-1].closed_at is None
    assert made.plan() == []


def test_a_claim_on_a_former_party_does_not_end_the_one_that_goes_on() -> None:
    """Two parties were written to, one after the other; what ended both and was taken back ends neither again."""
    made = sent_first(**BY_SELLER)
    made.step(said(NoteMeaning.NONE, made.now + H).model_copy(update={"sold_by": Party.AMAZON}))
    made.send(made.claims[-1].ref, Stage.FIRST)
    made.step()
    made.step(said(NoteMeaning.RECEIVED, made.now + H))
    made.step(said(NoteMeaning.NOT_RECEIVED, made.now + H))
    assert made.plan() == []
    assert made.claims[-1].party == ClaimParty.AMAZON
    assert made.claims[-1].closed_at is None


def test_taking_back_credited_waits_for_the_money_again() -> None:
    """A "crédité" undone: the claim is open again and waits for the refund that was announced."""
    made = sent_first()
    made.step(notice(Kind.REFUNDED, made.now + H, refund_amount=49))
    credited = said(NoteMeaning.CREDITED, made.now + H)
    made.step(credited)
    made.notices.remove(credited)
    assert made.step() == [ReopenClaim(ref=made.only().ref)]
    assert made.plan() == []
    assert made.only().closed_at is None


def test_what_was_sent_is_not_forgotten_when_the_trouble_does_not_show() -> None:
    """A word taken back after sending lets the claim rest: nothing falls due, nothing is closed."""
    made = sent_first()
    made.notices.remove(MISSING)
    assert made.step() == [CancelFollowUps(ref=made.only().ref)]
    assert made.step(hours=500) == []
    assert made.only().closed_at is None
    assert composed(made.step(MISSING)) == [(made.only().ref, Stage.REMINDER)]


def test_a_claim_on_the_wrong_party_gives_way() -> None:
    """When the owner says that a third party shipped, Amazon's unsent claim is superseded by the seller's."""
    made = desk(delivered(), MISSING)
    made.step()
    told = said(NoteMeaning.NONE, made.now + H).model_copy(
        update={"sold_by": Party.THIRD_PARTY, "shipped_by": Party.THIRD_PARTY}
    )
    made.step(told)
    assert [(one.party, one.outcome) for one in made.claims] == [
        (ClaimParty.AMAZON, Outcome.SUPERSEDED),
        (ClaimParty.SELLER, None),
    ]
    assert made.plan() == []


def test_an_order_without_trouble_plans_nothing() -> None:
    """Silence when all is well."""
    made = Desk(confirmed(), delivered())
    assert plan(made.order, [], [], made.now, RULES, FRENCH) == []


# ── the table ─────────────────────────────────────────────────────────────


def test_the_ladder_refuses_a_step_without_the_one_before() -> None:
    """A table whose reminder follows nothing is refused when it is read."""
    data = ladder(RULES).model_dump()
    data["step"] = [one for one in data["step"] if one["stage"] != "first"]
    with pytest.raises(ValueError, match="must follow the step before it"):
        Ladder.model_validate(data)


def test_the_ladder_refuses_a_channel_without_pages() -> None:
    """A table that leaves a channel without its pages is refused when it is read."""
    data = ladder(RULES).model_dump()
    del data["links"]["seller_mail"]
    with pytest.raises(ValueError, match="seller_mail"):
        Ladder.model_validate(data)


def test_an_answer_that_solves_nothing_holds_the_ladder_until_the_owner_says_so() -> None:
    """After an answer nothing falls due; "pas reçu" said again brings the reminder, and it names the answer."""
    made = sent_first(**BY_SELLER)
    made.step(wrote(made.now + H))
    made.step(hours=72)
    assert [draft.stage for draft in made.only().drafts] == [Stage.FIRST]
    made.step(said(NoteMeaning.NOT_RECEIVED, made.now + H))
    reminder = draft_of(made.only(), Stage.REMINDER)
    assert reminder is not None
    assert "n’a pas réglé la situation" in reminder.body
    assert "sans réponse" not in reminder.body + reminder.subject
    assert made.plan() == []


def test_money_seen_before_the_trouble_was_told_again_does_not_end_it() -> None:
    """Credited, then "pas reçu" twice, of which one is taken back: the claim goes on, and is not closed and opened."""
    made = desk(promised=date(2026, 3, 1), **BY_SELLER)
    made.step(said(NoteMeaning.CREDITED, TOLD + H))
    first, second = said(NoteMeaning.NOT_RECEIVED, TOLD + 2 * H), said(NoteMeaning.NOT_RECEIVED, TOLD + 3 * H)
    made.step(first)
    made.step(second)
    made.notices.remove(first)
    made.step()
    assert made.only().outcome is None
    assert made.plan() == []


def test_an_old_trouble_that_mails_alone_confirm_waits_for_the_owner() -> None:
    """A first reading of months back opens no claim on lateness long past; the owner's word still does."""
    slipped = notice(Kind.DELAYED, START - 3 * 24 * H, promised_to=START.date() - timedelta(days=2))
    made = desk(slipped, promised=date(2026, 2, 26), **BY_SELLER)
    fresh = [one.certainty.value for one in made.found()]
    made.now += timedelta(days=30)
    assert made.step() == []
    made.step(said(NoteMeaning.NOT_RECEIVED, made.now + H))
    assert (fresh, len(made.claims)) == (["confirmed"], 1)


def test_parties_that_are_unknown_again_take_the_unsent_text_back() -> None:
    """Who sold and shipped was told, then taken back: the unsent text goes, and the question is open again."""
    told = said(NoteMeaning.NONE, TOLD).model_copy(update={"sold_by": Party.AMAZON, "shipped_by": Party.AMAZON})
    made = desk(delivered(), MISSING, told, sold_by=None, shipped_by=None)
    made.step()
    assert [draft.stage for draft in made.only().drafts] == [Stage.FIRST]
    made.notices.remove(told)
    made.step()
    assert (made.only().outcome, draft_of(made.only(), Stage.FIRST).state) == (Outcome.GONE, DraftState.WITHDRAWN)  # type: ignore[union-attr]
    assert made.plan() == []
