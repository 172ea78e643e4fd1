"""Seeing in the Sent folder that a draft went out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from daemon.claims.claim import Channel, ClaimParty, DraftState, Stage
from daemon.outbox import ids
from daemon.outbox.sent import was_sent
from parsers.letter import Letter, Trust
from tests.claims.kit import ORDER, OWNER, RELAY, START
from tests.outbox.kit import draft, mail_draft

HOUR = timedelta(hours=1)


def letter(**fields: Any) -> Letter:
    """Return a mail of the owner's Sent folder."""
    given = {
        "mail_id": "0" * 64,
        "sender": OWNER.addresses[0],
        "to": (RELAY,),
        "subject": "Re: Votre commande",
        "date": START + HOUR,
        "received_at": START + HOUR,
        "trust": Trust.OWNER,
    }
    return Letter(**(given | fields))


def test_the_drafts_own_message_id_is_enough() -> None:
    """A program that keeps the Message-ID shows it, whatever became of the rest."""
    claim, made = mail_draft()
    own = ids.message_id(claim.ref, "first", "draft", 1, OWNER)
    assert was_sent(letter(message_id=own, subject="autre", to=()), [(claim, made)]) == (claim.ref, Stage.FIRST)


@pytest.mark.parametrize("field", ["in_reply_to", "references"])
def test_a_mail_in_the_drafts_thread_is_enough(field: str) -> None:
    """A program that gives a new Message-ID keeps the thread: the seller's message, or the draft itself."""
    claim, made = mail_draft()
    for thread in (made.in_reply_to, ids.message_id(claim.ref, "first", "draft", 1, OWNER)):
        value = thread if field == "in_reply_to" else (thread,)
        assert was_sent(letter(**{field: value}), [(claim, made)]) == (claim.ref, Stage.FIRST)


@pytest.mark.parametrize("where", ["subject", "text", "html"])
def test_the_orders_number_to_a_seller_is_enough(where: str) -> None:
    """A text pasted into a new mail to a seller's relay address is known by the order's number."""
    claim, made = draft(ClaimParty.SELLER)
    other_relay = "zz81kq@marketplace.amazon.de"
    found = was_sent(letter(to=(other_relay,), **{where: f"<p>commande {ORDER}</p>"}), [(claim, made)])
    assert found == (claim.ref, Stage.FIRST)


def test_other_mails_prove_nothing() -> None:
    """Another order's number, another recipient, or a mail written before the draft: nothing was sent."""
    pair = draft(ClaimParty.SELLER)
    for other in (
        letter(text="commande 404-1180457-9913602"),
        letter(text=ORDER, to=("ami@example.net",)),
        letter(text=ORDER, to=()),
        letter(text=ORDER, date=START - HOUR),
    ):
        assert was_sent(other, [pair]) is None


def test_an_answer_to_relances_own_notice_is_no_sending() -> None:
    """The owner who answers "bien reçu" to a notice has written to nobody else."""
    claim, made = draft(ClaimParty.SELLER)
    answer = letter(
        to=(OWNER.addresses[0],),
        in_reply_to=ids.message_id(claim.ref, "first", "notice", 1, OWNER),
        subject=f"Re: [relance] {claim.ref} – Commande {ORDER}",
    )
    assert was_sent(answer, [(claim, made)]) is None


def test_amazons_customer_service_has_no_mail_address() -> None:
    """A mail to a seller does not send what is for Amazon, nor the Guarantee's form."""
    assert was_sent(letter(text=ORDER), [draft(ClaimParty.AMAZON)]) is None
    claim, made = draft(ClaimParty.SELLER)
    form = made.model_copy(update={"stage": Stage.A_TO_Z, "channel": Channel.A_TO_Z_FORM})
    assert was_sent(letter(text=ORDER), [(claim, form)]) is None


@pytest.mark.parametrize("state", [DraftState.SENT, DraftState.WITHDRAWN, DraftState.DISMISSED, DraftState.ANSWERED])
def test_only_what_waits_can_be_sent(state: DraftState) -> None:
    """What went out already, or was taken back, is not sent again by a second mail."""
    claim, made = draft(ClaimParty.SELLER)
    assert was_sent(letter(text=ORDER), [(claim, made.model_copy(update={"state": state}))]) is None


def test_an_approved_text_goes_before_one_that_is_not() -> None:
    """When a mail fits two texts, the approved one was sent."""
    claim, made = draft(ClaimParty.SELLER)
    newer = made.model_copy(
        update={"stage": Stage.REMINDER, "state": DraftState.APPROVED, "created_at": START + HOUR / 2}
    )
    assert was_sent(letter(text=ORDER), [(claim, made), (claim, newer)]) == (claim.ref, Stage.REMINDER)


def test_in_a_thread_about_two_orders_the_number_decides() -> None:
    """Two claims in one thread of the same seller: the one whose order the mail names was sent."""
    claim, made = mail_draft()
    other = claim.model_copy(update={"ref": "R-2XQ8", "order_id": "404-1180457-9913602"})
    pairs = [(claim, made), (other, made)]
    assert was_sent(letter(in_reply_to=made.in_reply_to, text="404-1180457-9913602"), pairs) == ("R-2XQ8", Stage.FIRST)
