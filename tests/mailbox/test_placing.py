"""Putting messages into a real Dovecot once, finding them, and removing nothing but one's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from daemon.mailbox.base import FolderMissing, Mailbox, MailboxError, Role, State
from daemon.mailbox.imap import ImapMailbox
from tests.mailbox.kit import imap, mail, scripted_settings
from tests.mailbox.sink import MemorySink, watching
from tests.servers.dovecot import Dovecot
from tests.servers.scripted import ScriptedImap

ID = "<relance.r-7f3k.first.1.draft@famille-roussel.example>"


def draft(message_id: str = ID, *, ours: bool = True) -> bytes:
    """Return an invented draft."""
    mark = "X-Relance: 1\n" if ours else ""
    return f"From: camille@famille-roussel.example\nMessage-ID: {message_id}\n{mark}\nBonjour,\nça va.\n".encode()


@pytest.fixture
def during(dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Callable[[Mailbox], Any]], Any]]:
    """Return a function that runs something in ``caught_up`` of a watched mailbox, and returns its result."""
    sink = MemorySink()
    mailbox = imap(dovecot, monkeypatch)

    def run(work: Callable[[Mailbox], Any]) -> Any:
        results: list[Any] = []

        def act(box: Mailbox) -> None:
            if not results:
                try:
                    results.append(work(box))
                except MailboxError as error:
                    results.append(error)

        sink.on_caught_up = act
        mailbox.wake()
        sink.wait(lambda: bool(results))
        if isinstance(results[0], MailboxError):
            raise results[0]
        return results[0]

    with watching(mailbox, sink):
        sink.wait_state(State.WATCHING)
        yield run


def test_a_draft_is_appended_once(dovecot: Dovecot, during: Callable[..., Any]) -> None:
    """Appending a draft twice, as after a crash between APPEND and noting it down, leaves one message."""

    def twice(box: Mailbox) -> list[int | None]:
        return [box.append(box.drafts_folder(), draft(), message_id=ID, draft=True) for _ in range(2)]

    first, second = during(twice)
    kept = dovecot.messages("camille", "Drafts")
    assert [message.uid for message in kept] == [first] == [second]
    assert "\\Draft" in kept[0].flags
    assert kept[0].raw == draft().replace(b"\n", b"\r\n")


def test_a_notice_goes_into_the_inbox_and_is_not_read_again(dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    """A message of ours in INBOX arrives unread for the owner, and its own arrival hands nothing to the sink."""
    sink = MemorySink()
    done: list[int | None] = []
    mailbox = imap(dovecot, monkeypatch)

    def place(box: Mailbox) -> None:
        if not done:
            done.append(box.append(Role.INBOX, draft(), message_id=ID, draft=False))

    sink.on_caught_up = place
    with watching(mailbox, sink):
        sink.wait(lambda: sink.marks.get("INBOX") is not None and sink.marks["INBOX"].last_uid == 1)
    assert dovecot.messages("camille")[0].flags <= {"\\Recent"}
    assert sink.mails == {}


def test_find_tells_the_uid_or_nothing(dovecot: Dovecot, during: Callable[..., Any]) -> None:
    """A message is found by exactly its Message-ID, not by a part of it."""
    uid = dovecot.deliver("camille", draft(), "Drafts")
    assert during(lambda box: box.find("Drafts", ID)) == uid
    assert during(lambda box: box.find("Drafts", "<relance.r-7f3k.first.1.draft@famille-roussel>")) is None
    assert during(lambda box: box.find(Role.SENT, ID)) is None


def test_only_our_own_message_is_removed(dovecot: Dovecot, during: Callable[..., Any]) -> None:
    """Removing takes the message with our header and that Message-ID, and leaves even one that is marked as deleted."""
    dovecot.deliver("camille", draft("<other@x.example>"), "Drafts")
    dovecot.deliver("camille", mail(1), "Drafts", flags=["\\Deleted"])
    dovecot.deliver("camille", draft(), "Drafts")
    assert during(lambda box: box.remove("Drafts", ID)) is True
    left = dovecot.messages("camille", "Drafts")
    assert [message.uid for message in left] == [1, 2]
    assert left[1].flags - {"\\Recent"} == {"\\Deleted"}
    assert during(lambda box: box.remove("Drafts", ID)) is False


def test_what_is_not_ours_is_never_removed(dovecot: Dovecot, during: Callable[..., Any]) -> None:
    """A message with the Message-ID but without our header stays as it is."""
    dovecot.deliver("camille", draft(ours=False), "Drafts")
    assert during(lambda box: box.remove("Drafts", ID)) is False
    assert [message.flags - {"\\Recent"} for message in dovecot.messages("camille", "Drafts")] == [frozenset()]
    assert during(lambda box: box.remove("Nowhere", ID)) is False


def test_a_missing_folder_is_an_error_of_its_own(during: Callable[..., Any]) -> None:
    """Appending to a folder that is not there says which one, and the mailbox goes on watching."""
    with pytest.raises(FolderMissing, match="Nulle part"):
        during(lambda box: box.append("Nulle part", draft(), message_id=ID, draft=True))
    assert during(lambda box: box.drafts_folder()) == "Drafts"


def test_nothing_can_be_placed_without_a_connection(dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    """Outside of a watch, placing says that the mailbox is not connected."""
    with pytest.raises(MailboxError) as caught:
        imap(dovecot, monkeypatch).append("Drafts", draft(), message_id=ID, draft=True)
    assert caught.value.key == "not_connected"


def test_without_uidplus_nothing_is_removed(scripted_imap: ScriptedImap, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the server cannot expunge one message alone, remove touches nothing; append learns the UID by a search."""
    scripted_imap.capabilities = "IMAP4rev1 IDLE AUTH=PLAIN LITERAL+"
    scripted_imap.folders["Drafts"] = []

    def append(talk: Any, tag: str, arguments: str) -> None:
        size = int(arguments.rpartition("{")[2].rstrip("+}"))
        talk.send("+ go on\r\n")
        scripted_imap.folders["Drafts"].append(talk.read_literal(size))
        talk.read_line()
        talk.ok(tag)

    scripted_imap.answers["APPEND"] = append
    sink = MemorySink()
    results: list[Any] = []

    def act(box: Mailbox) -> None:
        if not results:
            results.append(box.append("Drafts", draft(), message_id=ID, draft=True))
            results.append(box.remove("Drafts", ID))

    sink.on_caught_up = act
    with watching(ImapMailbox(scripted_settings(scripted_imap, monkeypatch)), sink):
        sink.wait_state(State.WATCHING)
    assert results == [1, False]
    assert scripted_imap.count("STORE|EXPUNGE|SELECT") == 0
