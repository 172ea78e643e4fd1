"""The message in the owner's Drafts."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from daemon.outbox import ids
from daemon.outbox.drafts import draft_message
from daemon.outbox.message import Unaddressable
from tests.claims.kit import OWNER, RELAY, START
from tests.outbox.kit import draft, mail_draft, read


def test_a_draft_is_a_message_that_only_has_to_be_sent() -> None:
    """From the owner, to the seller's relay address, with a fixed Message-ID, a date, a thread and the text."""
    claim, made = mail_draft()
    message = read(draft_message(made, claim, OWNER, 1))
    assert message["From"] == "Camille Roux <camille.roux@example.org>"
    assert message["To"] == RELAY
    assert message["Subject"] == "Re: Votre commande"
    assert message["Message-ID"] == ids.message_id(claim.ref, "first", "draft", 1, OWNER)
    assert message["In-Reply-To"] == message["References"] == made.in_reply_to
    assert message["Date"].datetime == START
    assert message["X-Relance"] == "1"
    assert str(message.get_content()).replace("\r\n", "\n").rstrip("\n") == made.body


def test_the_same_revision_is_the_same_message_to_the_byte() -> None:
    """A crash between intent and placing cannot make two different messages."""
    claim, made = mail_draft()
    assert draft_message(made, claim, OWNER, 1) == draft_message(made, claim, OWNER, 1)
    assert draft_message(made, claim, OWNER, 1) != draft_message(made, claim, OWNER, 2)


def test_the_message_passes_every_server() -> None:
    """Lines end in CRLF, none is longer than 998 characters, and every byte is ASCII."""
    claim, made = mail_draft()
    raw = draft_message(made, claim, OWNER, 1)
    assert raw.isascii()
    lines = raw.split(b"\r\n")
    assert max(map(len, lines)) <= 998
    assert not any(b"\n" in line for line in lines)


def test_nobody_can_write_headers_through_a_text() -> None:
    """Line breaks in a subject, a name or a thread's identifier never become a header."""
    claim, made = mail_draft()
    poisoned = made.model_copy(
        update={"subject": "Re: x\r\nBcc: victim@example.net", "in_reply_to": "<a@b>\r\nBcc: victim@example.net"}
    )
    owner = OWNER.model_copy(update={"name": "Camille\r\nBcc: victim@example.net\r\n"})
    message = read(draft_message(poisoned, claim, owner, 1))
    assert message["Bcc"] is None
    assert message["In-Reply-To"] == "<a@b>"
    assert message["Subject"] == "Re: x Bcc: victim@example.net"


def test_an_identifier_is_never_folded() -> None:
    """A long Message-ID stays on its header's line, where servers look for it."""
    claim, made = mail_draft()
    owner = OWNER.model_copy(update={"addresses": (f"c@{'long-' * 11}domain.example.org",)})
    raw = draft_message(made, claim, owner, 1)
    assert f"Message-ID: {ids.message_id(claim.ref, 'first', 'draft', 1, owner)}\r\n".encode() in raw


@pytest.mark.parametrize("to", [None, "", "nobody", "a b@example.net", "x@example.net\r\nBcc: y@example.net"])
def test_a_draft_without_a_usable_address_is_refused(to: str | None) -> None:
    """What has no address, or one that cannot be written, raises instead of going astray."""
    claim, made = draft()
    with pytest.raises(Unaddressable):
        draft_message(made.model_copy(update={"to": to}), claim, OWNER, 1)


def test_an_edited_subject_keeps_its_accents() -> None:
    """A subject in French, however long, comes back as it was written."""
    claim, made = mail_draft()
    subject = "Re: Commande à réexpédier – dès que possible, s’il vous plaît " * 3
    edited = made.model_copy(update={"subject": subject, "created_at": datetime(2026, 3, 4, tzinfo=UTC)})
    assert read(draft_message(edited, claim, OWNER, 2))["Subject"] == subject.strip()
