"""What is to stand in the owner's mailbox: wished once, placed once, and taken out when it has no point any more."""

from __future__ import annotations

from datetime import timedelta
from email.message import EmailMessage

import pytest

from daemon.claims.claim import ClaimParty, DraftState, Stage
from daemon.mailbox.maildir import MaildirMailbox
from daemon.settings import MaildirMailbox as Settings
from daemon.store.placements import PlacementState
from parsers.notice import NoteMeaning, Party
from tests.house import CAMILLE, NOW, ORDER, House, bought, brought, from_amazon, from_seller, missed
from tests.road import mails


def _body(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    assert isinstance(part, EmailMessage)
    return str(part.get_content()).replace("\r\n", "\n")


def _settled(house: House) -> None:
    """Assert that planning again asks for nothing, and that placing again moves nothing."""
    house.place()
    before = house.snapshot()
    house.pipeline.reconsider(CAMILLE.key, ORDER)
    assert house.snapshot() == before
    assert house.place() == 0


def test_wishes_are_wished_once(house: House) -> None:
    """At every step of a claim's life, planning again after placing gives nothing new."""
    house.receive(*from_seller())
    _settled(house)
    house.app.edit(house.claim().ref, body="Bonjour,\nrien reçu.")
    _settled(house)
    house.app.approve(house.claim().ref)
    _settled(house)
    house.send()
    _settled(house)
    house.later(hours=48)
    _settled(house)
    house.later(minutes=1)
    house.app.report(ORDER, NoteMeaning.CREDITED)
    _settled(house)


def test_planning_before_placing_changes_no_wish(house: House) -> None:
    """While the mailbox cannot be reached, whatever is wished stays wished, however often the order is judged."""
    house.receive(*from_seller())
    house.place()
    house.later(minutes=1)
    house.app.report(ORDER, NoteMeaning.FOUND)
    assert [one.kind for one in house.intended()] == ["closing"]
    for _ in range(2):
        house.pipeline.reconsider(CAMILLE.key, ORDER)
        assert [one.kind for one in house.intended()] == ["closing"]
    house.place()
    assert (house.kinds(), house.kinds(".Drafts")) == (["closing"], [])


def test_each_party_has_its_way(house: House) -> None:
    """What can be answered by mail becomes a draft; what goes by chat, telephone or a form is sent to the owner."""
    house.receive(*from_seller(), *from_amazon(mails.order_number(12)))
    house.place()
    assert (house.kinds(), house.kinds(".Drafts")) == (["notice"], ["draft"])
    (draft,) = house.messages(".Drafts")
    assert _body(draft).strip() == house.draft(party=ClaimParty.SELLER).body.strip()


def test_an_edited_draft_replaces_the_old_one(house: House) -> None:
    """After an edit, Drafts holds the new text alone; undone, the old one alone."""
    house.receive(*from_seller())
    house.place()
    old = _body(house.messages(".Drafts")[0])
    house.app.edit(house.claim().ref, body="Bonjour,\nje n'ai rien reçu.")
    house.place()
    (draft,) = house.messages(".Drafts")
    assert _body(draft).startswith("Bonjour,\nje n'ai rien reçu.")
    house.app.undo()
    house.place()
    assert [_body(one) for one in house.messages(".Drafts")] == [old]


@pytest.mark.parametrize("means", [NoteMeaning.FOUND, NoteMeaning.CREDITED])
def test_a_withdrawn_draft_leaves_the_mailbox(house: House, means: NoteMeaning) -> None:
    """A text that has become pointless is taken out of Drafts, and the owner is told once that all is over."""
    house.receive(*from_seller())
    house.place()
    house.later(minutes=1)
    house.app.report(ORDER, means)
    house.place()
    assert (house.kinds(".Drafts"), house.kinds()) == ([], ["closing"])


def test_a_dismissed_draft_leaves_the_mailbox_and_comes_back(house: House) -> None:
    """The owner's own dismissal needs no closing mail; undoing it puts the draft back."""
    house.receive(*from_seller())
    house.place()
    house.app.dismiss(house.claim().ref)
    house.place()
    assert (house.kinds(".Drafts"), house.kinds()) == ([], [])
    house.app.undo()
    house.place()
    assert house.kinds(".Drafts") == ["draft"]


def test_a_draft_that_was_sent_is_left_alone(house: House) -> None:
    """A mail program that keeps a sent draft in Drafts finds it there still, also when the claim is over."""
    house.receive(*from_seller())
    house.place()
    house.send()
    house.later(minutes=1)
    house.app.report(ORDER, NoteMeaning.CREDITED)
    house.place()
    assert house.draft().state == DraftState.SENT
    assert house.kinds(".Drafts") == ["draft"]


def test_a_draft_sent_before_it_was_placed_is_never_placed(house: House) -> None:
    """What the owner sent by another way is not put before them again."""
    house.receive(*from_seller())
    house.send()
    house.place()
    assert house.kinds(".Drafts") == []


def test_a_notice_of_a_withdrawn_text_is_never_placed(house: House) -> None:
    """A text that is pointless before the mailbox could be reached is not placed, and neither is its closing."""
    house.receive(*from_amazon())
    assert [one.kind for one in house.intended()] == ["notice"]
    house.later(minutes=1)
    house.app.report(ORDER, NoteMeaning.FOUND)
    house.place()
    assert house.kinds() == []


def test_a_closing_only_follows_what_was_shown(house: House) -> None:
    """The owner hears of an end only when they were shown a beginning."""
    house.receive(*from_amazon())
    house.place()
    house.later(minutes=1)
    house.app.report(ORDER, NoteMeaning.FOUND)
    house.place()
    assert house.kinds() == ["notice", "closing"]


def test_a_question_is_asked_once(house: House) -> None:
    """Not knowing who sold an order, relance asks once; with the answer, the texts follow."""
    house.receive(brought(), missed())
    house.place()
    house.receive(mails.not_received(ORDER, NOW, note="toujours pas reçu"))
    house.place()
    assert house.kinds() == ["question"]
    house.app.correct(ORDER, sold_by=Party.AMAZON)
    house.place()
    assert house.kinds() == ["question", "notice"]


def test_a_question_that_was_answered_before_is_never_asked(house: House) -> None:
    """A doubt that is settled before the mailbox could be reached leaves no question in it."""
    house.receive(brought(), missed())
    assert [one.kind for one in house.intended()] == ["question"]
    house.later(minutes=1)
    house.app.report(ORDER, NoteMeaning.FOUND)
    assert house.app.order(ORDER).anomalies == ()
    house.place()
    assert house.kinds() == []


def test_an_old_doubt_is_not_asked_by_mail(house: House) -> None:
    """A first start does not flood the mailbox: doubts older than two weeks are listed only."""
    long_ago = NOW - timedelta(days=20)
    house.receive(brought(now=long_ago), missed(now=long_ago))
    assert house.app.order(ORDER).questions == ("who_sold_and_shipped",)
    assert house.intended() == []


def test_a_claim_withdrawn_after_sending_ends_with_a_text(house: House) -> None:
    """When the parcel turns up after the seller was written to, the courteous end lies in Drafts before the closing."""
    house.receive(*from_seller())
    house.place()
    house.send()
    house.later(hours=1)
    house.receive(mails.delivered(ORDER, house.clock.now()))
    house.place()
    assert (house.kinds(".Drafts"), house.kinds()) == (["draft", "draft"], [])
    assert str(house.messages(".Drafts")[-1]["Message-ID"]).split(".")[2] == Stage.WITHDRAWAL.value
    house.send()
    house.place()
    assert house.kinds() == ["closing"]


# ── folders that are missing, and time in between ─────────────────────────


def test_a_missing_inbox_delays_and_loses_nothing(house: House) -> None:
    """Without the INBOX its notices wait, with the reason, while drafts are placed; it comes back, and so do they."""
    house.receive(*from_amazon(mails.order_number(12)), *from_seller())
    root = house.boxes[0].path
    (root / "cur").rename(root / "away")
    assert house.place() == 1
    (waiting,) = house.intended()
    assert (waiting.kind, waiting.attempts, bool(waiting.reason)) == ("notice", 1, True)
    assert house.kinds(".Drafts") == ["draft"]
    (root / "away").rename(root / "cur")
    assert house.place() == 1
    assert house.kinds() == ["notice"]


class _Slow(MaildirMailbox):
    """A real Maildir on which somebody decides something while a message is being put there."""

    def __init__(self, settings: Settings, house: House) -> None:
        super().__init__(settings)
        self._house = house

    def append(self, *args: object, **given: object) -> int | None:
        """Append, and let the owner dismiss the text before it is known to be there."""
        key = super().append(*args, **given)  # type: ignore[arg-type]  # handed on
        self._house.app.dismiss(self._house.claim().ref)
        return key

    def remove(self, *args: object) -> bool:
        """Remove, and let the owner change their mind before it is known to be gone."""
        gone = super().remove(*args)  # type: ignore[arg-type]  # handed on
        self._house.app.undo()
        return gone


def test_a_decision_while_a_draft_is_being_placed_counts(house: House) -> None:
    """A draft dismissed while it is appended is taken out again, and one brought back meanwhile is put back."""
    house.receive(*from_seller())
    (wish,) = house.intended()
    house.pipeline.place(_Slow(house.boxes[0], house))
    assert house.kinds(".Drafts") == []
    placed = house.store.placements.find(wish.message_id)
    assert placed is not None
    assert placed.state == PlacementState.OPEN
    house.place()
    assert house.kinds(".Drafts") == ["draft"]


def test_bought_alone_wishes_for_nothing(house: House) -> None:
    """An order with which nothing is wrong puts nothing anywhere."""
    house.receive(bought(now=NOW + timedelta(days=20)))
    assert house.place() == 0
