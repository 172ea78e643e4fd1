"""What the owner says and decides, what follows from it, and taking it back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeAlias

import pytest

from daemon.application import (
    Change,
    ClaimUnknown,
    EmptyText,
    LaterStep,
    MailUnknown,
    NotApprovable,
    NotApproved,
    NothingOpen,
    NothingToUndo,
    NotYetWritten,
    OrderAmbiguous,
    OrderUnknown,
    OwnerUnknown,
)
from daemon.claims.claim import Channel, ClaimParty, DraftState, Outcome, Stage
from daemon.claims.words import words
from daemon.mailbox.base import Role
from parsers.notice import NoteMeaning, Party
from tests.house import CAMILLE, NOOR, NOW, ORDER, RELAY, House, bought, box, brought, from_amazon, from_seller, missed
from tests.road import mails

OTHER = mails.order_number(12)
Decide: TypeAlias = Callable[[House], Change]


def _effects(change: Change) -> list[str]:
    return [effect.key for effect in change.effects]


def _delivered(house: House) -> House:
    """Let an order of Amazon's own be delivered, says its mail."""
    house.receive(bought(), brought())
    return house


def test_a_report_too_early_says_when_it_is_not(house: House) -> None:
    """Until when it is too early is told; then relance asks, not before, and the same word writes the claim."""
    promised = (NOW + timedelta(days=3)).date()
    house.receive(mails.confirmed(ORDER, NOW - timedelta(days=1), promised=promised.isoformat()))
    (early,) = house.app.report(ORDER, NoteMeaning.NOT_RECEIVED).effects
    assert (early.key, early.facts["promised"]) == ("too_early", promised.isoformat())
    until = datetime.fromisoformat(early.facts["until"])
    house.later(seconds=(until - NOW).total_seconds() - 60)
    assert house.intended() == []
    house.later(minutes=2)
    assert [one.kind for one in house.intended()] == ["question"]
    assert _effects(house.app.report(ORDER, NoteMeaning.NOT_RECEIVED)) == ["claim_opened", "draft_written"]


def test_what_keeps_relance_from_writing_is_asked(house: House) -> None:
    """Nobody knows who sells: the question is told at once, not only sent by mail."""
    house.receive(brought())
    change = house.app.report(ORDER, NoteMeaning.NOT_RECEIVED)
    assert [(one.key, one.facts["question"]) for one in change.effects] == [("question", "who_sold_and_shipped")]


def test_two_owners_with_one_number_are_told_apart(tmp_path: Path) -> None:
    """Without a name nothing is decided; an address in any case, or the mailbox's name, says whose order is meant."""
    house = House(tmp_path, box(tmp_path), box(tmp_path, "bureau", NOOR))
    house.receive(bought())
    house.receive(bought(), place=1)
    with pytest.raises(OrderAmbiguous) as raised:
        house.app.report(ORDER, NoteMeaning.NOT_RECEIVED)
    assert set(raised.value.owners) == {CAMILLE.key, NOOR.key}
    house.app.report(ORDER, NoteMeaning.DAMAGED, owner="Noor.Delmas@example.net")
    house.app.correct(ORDER, Party.THIRD_PARTY, owner="bureau")
    assert len(house.order(owner=NOOR).timeline) == 3
    assert len(house.order(owner=CAMILLE).timeline) == 1
    assert house.app.order(ORDER, "perso").owner == CAMILLE.key
    with pytest.raises(OwnerUnknown):
        house.app.order(ORDER, "nobody@example.net")
    house.close()


# ── words ─────────────────────────────────────────────────────────────────


def test_a_report_opens_a_claim_and_undo_closes_it(house: House) -> None:
    """A report of "not received" opens a claim with its text; taking the word back withdraws both."""
    _delivered(house)
    change = house.app.report(ORDER, NoteMeaning.NOT_RECEIVED, "rien dans la boîte")
    assert _effects(change) == ["claim_opened", "draft_written"]
    assert house.order().timeline[-1].note == "rien dans la boîte"
    undone = house.app.undo()
    assert _effects(undone) == ["draft_withdrawn", "claim_closed"]
    assert (house.claim().outcome, house.draft().state) == (Outcome.GONE, DraftState.WITHDRAWN)
    assert house.app.drafts() == []
    assert len(house.order().timeline) == 2


def test_a_word_given_again_after_an_undo_opens_a_new_claim(house: House) -> None:
    """A claim that was never sent stays closed; the same trouble told again gets a number of its own."""
    _delivered(house).app.report(ORDER, NoteMeaning.NOT_RECEIVED)
    house.app.undo()
    house.later(minutes=1)
    assert _effects(house.app.report(ORDER, NoteMeaning.NOT_RECEIVED)) == ["claim_opened", "draft_written"]
    old, new = house.claims()
    assert (old.outcome, new.outcome, old.ref != new.ref) == (Outcome.GONE, None, True)


def test_an_unknown_order_or_claim_is_told_with_the_nearest(house: House) -> None:
    """A mistyped number is answered with the one that was probably meant, and nothing is written down."""
    house.receive(*from_amazon())
    with pytest.raises(OrderUnknown) as order:
        house.app.report(f"{ORDER[:-1]}0", NoteMeaning.FOUND)
    assert order.value.nearest == ORDER
    ref = house.claim().ref
    with pytest.raises(ClaimUnknown) as claim:
        house.app.approve(f"{ref[:-1]}A")
    assert claim.value.nearest == ref
    assert house.app.decisions() == []


def test_found_after_sending_asks_for_a_courteous_end(house: House) -> None:
    """The word "found" after sending drafts the withdrawal and ends the reminder, and it can be taken back."""
    house.receive(*from_seller())
    house.send()
    house.later(hours=3)
    change = house.app.report(ORDER, NoteMeaning.FOUND)
    assert _effects(change) == ["draft_written", "claim_closed"]
    assert (house.claim().outcome, house.claim().follow_ups) == (Outcome.FOUND, ())
    assert (house.draft(Stage.WITHDRAWAL).state, house.draft().state) == (DraftState.DRAFTED, DraftState.SENT)
    house.app.undo()
    assert (house.claim().outcome, house.draft(Stage.WITHDRAWAL).state) == (None, DraftState.WITHDRAWN)
    assert [one.stage for one in house.claim().follow_ups] == [Stage.REMINDER]


def test_found_before_sending_leaves_nothing_to_send(house: House) -> None:
    """The word "found" before anything was sent withdraws the text and asks nobody for anything."""
    house.receive(*from_seller())
    house.later(minutes=1)
    assert _effects(house.app.report(ORDER, NoteMeaning.FOUND)) == ["draft_withdrawn", "claim_closed"]
    assert house.app.drafts() == []


def test_the_owner_answers_who_sold_and_shipped(house: House) -> None:
    """Without knowing who answers nothing is drafted; saying sold by another, shipped by Amazon drafts both ways."""
    house.receive(brought(), missed())
    assert house.claims() == []
    assert house.app.order(ORDER).questions == ("who_sold_and_shipped",)
    change = house.app.correct(ORDER, sold_by=Party.THIRD_PARTY, shipped_by=Party.AMAZON)
    assert _effects(change).count("claim_opened") == 2
    recommended = {one.party: one.recommended for one in house.claims()}
    assert recommended == {ClaimParty.AMAZON: True, ClaimParty.FBA_SELLER: False}
    assert [one.claim.party for one in house.app.drafts()] == [ClaimParty.AMAZON, ClaimParty.FBA_SELLER]
    assert house.app.order(ORDER).questions == ()


@pytest.mark.parametrize(
    ("sold", "shipped", "party"),
    [
        (Party.AMAZON, Party.AMAZON, ClaimParty.AMAZON),
        (Party.AMAZON, None, ClaimParty.AMAZON),
        (Party.THIRD_PARTY, Party.THIRD_PARTY, ClaimParty.SELLER),
    ],
)
def test_each_answer_goes_to_its_party(house: House, sold: Party, shipped: Party | None, party: ClaimParty) -> None:
    """What the owner knows of the parties decides whom to write to; undone, it is no longer known."""
    house.receive(brought(), missed())
    house.app.correct(ORDER, sold_by=sold, shipped_by=shipped)
    assert house.claim().party == party
    house.app.undo()
    assert house.app.order(ORDER).questions == ("who_sold_and_shipped",)


def test_a_correction_replaces_a_claim_that_was_not_sent(house: House) -> None:
    """Mails named Amazon; the owner knows better: the claim moves to the seller, and back when that is undone."""
    house.receive(*from_amazon())
    amazon = house.claim().ref
    house.app.correct(ORDER, sold_by=Party.THIRD_PARTY, shipped_by=Party.THIRD_PARTY)
    assert [one.claim.party for one in house.app.drafts()] == [ClaimParty.SELLER]
    assert house.app.claim(amazon).claim.outcome == Outcome.SUPERSEDED
    house.later(minutes=1)
    house.app.undo()
    assert [one.claim.party for one in house.app.drafts()] == [ClaimParty.AMAZON]


# ── decisions about a text ────────────────────────────────────────────────


def test_an_approval_is_of_one_text(house: House) -> None:
    """Editing an approved draft takes the approval away; the new text can be approved, and both can be undone."""
    house.receive(*from_amazon())
    ref, before = house.claim().ref, house.draft()
    house.app.approve(ref)
    assert (house.draft().state, house.draft().approved_at) == (DraftState.APPROVED, NOW)
    house.later(minutes=1)
    house.app.edit(ref, body="Bonjour,\nje n'ai rien reçu.\nCamille Rivoire")
    assert (house.draft().state, house.draft().approved_at) == (DraftState.DRAFTED, None)
    house.app.approve(ref)
    assert house.draft().body.startswith("Bonjour,\nje n'ai rien")
    house.app.undo()
    house.app.undo()
    assert (house.draft().state, house.draft().body) == (DraftState.APPROVED, before.body)
    house.app.undo()
    assert house.draft() == before
    with pytest.raises(NothingToUndo):
        house.app.undo()


def test_the_same_text_again_is_no_edit(house: House) -> None:
    """An edit that changes nothing keeps the approval."""
    house.receive(*from_amazon())
    house.app.approve(house.claim().ref)
    house.app.edit(house.claim().ref, body=house.draft().body)
    assert house.draft().state == DraftState.APPROVED


def test_a_text_with_blanks_cannot_be_approved(house: House) -> None:
    """While a fact is missing neither approving nor sending is possible; filling it in makes it so."""
    house.receive(*from_seller())
    ref, draft = house.claim().ref, house.draft()
    blank = f"commandé le {words(draft.language).placeholder}"
    house.store.claims.edit(ref, Stage.FIRST, draft.subject, blank, None, None, NOW, missing=("ordered",))
    with pytest.raises(NotApprovable) as refused:
        house.app.approve(ref)
    assert refused.value.missing == ("ordered",)
    with pytest.raises(NotApproved):
        house.app.sent(ref)
    house.app.edit(ref, body=f"{blank} ou à peu près")
    with pytest.raises(NotApprovable):
        house.app.approve(ref)
    house.app.edit(ref, body="commandé le 9 mars")
    house.app.approve(ref)
    assert house.draft().missing == ()


def test_sending_needs_an_approval_and_starts_the_clock(house: House) -> None:
    """An unapproved text cannot be said to be sent, nor an approved one before it was written; the clock then runs."""
    house.receive(*from_seller())
    ref = house.claim().ref
    with pytest.raises(NotApproved):
        house.app.sent(ref)
    house.app.approve(ref)
    with pytest.raises(NotYetWritten):
        house.app.sent(ref, NOW - timedelta(days=1))
    house.later(hours=1)
    sent_at = NOW + timedelta(minutes=7)
    change = house.app.sent(ref, sent_at)
    assert _effects(change) == ["follow_up"]
    draft = house.draft()
    assert (draft.state, draft.approved_at, draft.sent_at) == (DraftState.SENT, NOW, sent_at)
    assert house.claim().follow_ups[0].due_at == sent_at + timedelta(hours=48)
    house.app.undo()
    assert (house.draft().state, house.draft().sent_at) == (DraftState.APPROVED, None)
    assert house.claim().follow_ups == ()


def test_a_text_cannot_be_emptied(house: House) -> None:
    """An edit that leaves no word is refused, and a subject stays on one line."""
    house.receive(*from_seller())
    ref = house.claim().ref
    with pytest.raises(EmptyText):
        house.app.edit(ref, body=" \n")
    house.app.edit(ref, subject="Commande\nen retard")
    assert house.draft().subject == "Commande en retard"


def test_the_reminder_comes_48_hours_after_sending(house: House) -> None:
    """Not a minute before: the reminder is drafted when 48 hours have passed since the sending was noted."""
    house.receive(*from_seller())
    house.send()
    assert house.claim().follow_ups[0].due_at == NOW + timedelta(hours=48)
    house.later(hours=47, minutes=59)
    assert len(house.claim().drafts) == 1
    house.later(minutes=1)
    assert house.draft(Stage.REMINDER).state == DraftState.DRAFTED
    assert house.draft(Stage.REMINDER).channel == Channel.SELLER_MAIL
    assert house.claim().follow_ups == ()


@pytest.mark.parametrize("news", [mails.delivered, mails.refunded])
def test_good_news_cancels_the_reminder(house: House, news: Callable[..., bytes]) -> None:
    """A delivery or a refund after the sending: no reminder falls due, and none is drafted 48 hours later."""
    house.receive(*from_seller())
    house.send()
    house.later(hours=5)
    house.receive(news(ORDER, house.clock.now()))
    assert house.claim().follow_ups == ()
    house.later(hours=48)
    assert Stage.REMINDER not in {one.stage for one in house.claim().drafts}


def test_dismissing_ends_a_claim_and_undo_brings_it_back(house: House) -> None:
    """A dismissed text closes its claim, and mails alone do not reopen it; undoing does."""
    house.receive(*from_amazon())
    ref = house.claim().ref
    assert _effects(house.app.dismiss(ref)) == ["claim_closed"]
    assert (house.claim().outcome, house.draft().state) == (Outcome.DISMISSED, DraftState.DISMISSED)
    with pytest.raises(NothingOpen):
        house.app.approve(ref)
    house.later(hours=2)
    house.receive(mails.mail(f"C <{mails.OWNER}>", "x", f"{ORDER}", house.clock.now(), key="x"))
    assert len(house.claims()) == 1
    house.app.undo()
    assert (house.claim().outcome, house.draft().state) == (None, DraftState.DRAFTED)
    house.app.approve(ref)


# ── undoing out of turn ───────────────────────────────────────────────────


def test_a_decision_under_a_later_one_stays(house: House) -> None:
    """An approval cannot be undone by its number while the sending after it stands; and no decision twice."""
    house.receive(*from_amazon())
    ref = house.claim().ref
    approved = house.app.approve(ref).decision_id
    sent = house.app.sent(ref).decision_id
    with pytest.raises(LaterStep):
        house.app.undo(approved)
    house.app.undo(sent)
    house.app.undo(approved)
    assert house.draft().state == DraftState.DRAFTED
    for number in (approved, sent, 99):
        with pytest.raises(NothingToUndo):
            house.app.undo(number)


def test_decisions_about_others_can_be_undone_in_any_order(house: House) -> None:
    """What was decided of another claim since does not stand in the way."""
    house.receive(*from_amazon(), *from_amazon(OTHER))
    one, other = house.claims()
    first = house.app.approve(one.ref).decision_id
    house.app.dismiss(other.ref)
    house.app.undo(first)
    assert {claim.ref: claim.drafts[0].state for claim in house.claims()} == {
        one.ref: DraftState.DRAFTED,
        other.ref: DraftState.DISMISSED,
    }


def test_undoing_a_sending_takes_back_what_followed_by_itself(house: House) -> None:
    """A reminder that was written and not sent goes with the sending that it rests on, and comes again after it."""
    house.receive(*from_seller())
    sent = house.send().decision_id
    house.later(hours=48)
    house.app.undo(sent)
    assert (house.draft().state, house.draft(Stage.REMINDER).state) == (DraftState.APPROVED, DraftState.WITHDRAWN)
    house.app.sent(house.claim().ref)
    house.later(hours=48)
    assert house.draft(Stage.REMINDER).state == DraftState.DRAFTED
    house.send()
    assert sent is not None
    with pytest.raises(LaterStep):
        house.app.undo(sent + 1)


def _refunded(house: House) -> None:
    house.app.report(ORDER, NoteMeaning.CREDITED)


def _seen_in_sent(house: House) -> None:
    me = f"Camille Rivoire <{mails.OWNER}>"
    raw = mails.mail(me, "Re:", f"Commande {ORDER}\n", house.clock.now(), key="mine", to=RELAY)
    house.receive(raw, role=Role.SENT)


@pytest.mark.parametrize("since", [_refunded, _seen_in_sent])
def test_an_approval_that_events_overtook_stays(house: House, since: Callable[[House], None]) -> None:
    """When the text was withdrawn by itself or seen in the Sent folder, undoing its approval would unmake a fact."""
    house.receive(*from_seller())
    approved = house.app.approve(house.claim().ref).decision_id
    house.later(minutes=5)
    since(house)
    state = house.draft().state
    assert state in {DraftState.WITHDRAWN, DraftState.SENT}
    with pytest.raises(LaterStep):
        house.app.undo(approved)
    assert house.draft().state == state


def test_undoing_a_sending_of_a_closed_claim_leaves_no_open_text(house: House) -> None:
    """The money came after the sending; when the sending is undone, the claim stays closed, its text withdrawn."""
    house.receive(*from_seller())
    sent = house.send().decision_id
    house.later(hours=1)
    _refunded(house)
    house.app.undo(sent)
    assert (house.claim().outcome, house.draft().state) == (Outcome.REFUNDED, DraftState.WITHDRAWN)
    assert house.app.drafts() == []


# ── quarantine ────────────────────────────────────────────────────────────


@pytest.fixture
def aside(house: House) -> str:
    """Return the id of a mail in quarantine."""
    house.receive(
        mails.mail("Amazon.fr <suivi@amazon-fr-colis.example>", "Livré", f"Commande {ORDER}\n", NOW, key="forged")
    )
    return house.app.quarantined()[0].mail_id


def test_a_dropped_mail_comes_back_by_undo(house: House, aside: str) -> None:
    """Dropping a mail empties the quarantine; undo puts the mail back, once."""
    house.app.quarantine_drop(aside[:12])
    assert house.app.quarantined() == []
    house.app.undo()
    assert [one.mail_id for one in house.app.quarantined()] == [aside]
    with pytest.raises(NothingToUndo):
        house.app.undo()


def test_a_mail_put_back_by_hand_is_no_longer_to_be_undone(house: House, aside: str) -> None:
    """After ``quarantine undrop``, by the first characters of the id, nothing is left to undo."""
    house.app.quarantine_drop(aside)
    house.app.quarantine_undrop(aside[:12])
    assert [one.mail_id for one in house.app.quarantined()] == [aside]
    with pytest.raises(NothingToUndo):
        house.app.undo()


def test_an_unknown_mail_is_told(house: House, aside: str) -> None:
    """Ids of no mail, or of one that was not dropped, are refused."""
    for act in (house.app.quarantine_show, house.app.quarantine_retry, house.app.quarantine_drop):
        with pytest.raises(MailUnknown):
            act("f" * 64)
    with pytest.raises(MailUnknown):
        house.app.quarantine_undrop(aside)
    assert house.app.quarantine_show(aside[:12])[1].startswith(b"From: Amazon.fr")
