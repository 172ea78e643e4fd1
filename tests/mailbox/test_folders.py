"""Folders that vanish, come back, or are made anew."""

from __future__ import annotations

import pytest

from daemon.mailbox import folders
from daemon.mailbox.base import State
from daemon.mailbox.connection import Folder
from tests.mailbox.kit import SHORT, imap, mail
from tests.mailbox.sink import MemorySink, watching
from tests.servers.dovecot import Dovecot


def test_a_folder_made_anew_is_read_again_without_duplicates(dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    """When UIDVALIDITY changes, the folder is read again: known mails stay single, the new one is found."""
    dovecot.create_folder("camille", "Achats")
    dovecot.deliver_many("camille", [mail(1), mail(2)], "Achats")
    sink = MemorySink()
    with watching(imap(dovecot, monkeypatch, pace=SHORT, folders=("INBOX", "Achats")), sink):
        sink.wait_mails(2)
        before = sink.marks["Achats"].uidvalidity
        dovecot.delete_folder("camille", "Achats")
        dovecot.create_folder("camille", "Achats")
        dovecot.deliver_many("camille", [mail(3), mail(1), mail(2)], "Achats")
        sink.wait_mails(3)
        sink.wait(lambda: sink.marks["Achats"].last_uid == 3)
    assert sink.marks["Achats"].uidvalidity != before
    assert len(sink.mails) == 3


def test_a_missing_folder_is_named_and_the_others_go_on(dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that goes is told by name, the others are read, nothing kept is touched, and it may come back."""
    dovecot.create_folder("camille", "Achats")
    dovecot.deliver("camille", mail(1), "Achats")
    sink = MemorySink()
    with watching(imap(dovecot, monkeypatch, pace=SHORT, folders=("INBOX", "Achats")), sink):
        sink.wait_state(State.WATCHING)
        dovecot.delete_folder("camille", "Achats")
        sink.wait_state(State.FOLDER_GONE)
        assert sink.states[-1][2]["folder"] == "Achats"
        dovecot.deliver("camille", mail(2))
        sink.wait_mails(2)
        assert sink.marks["Achats"].last_uid == 1
        dovecot.create_folder("camille", "Achats")
        sink.wait_state(State.WATCHING)
        dovecot.deliver("camille", mail(3), "Achats")
        sink.wait_mails(3)


def test_the_idle_folder_may_be_missing(dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the folder to idle in is not there, the others are polled, and IDLE begins when it comes."""
    sink = MemorySink()
    with watching(imap(dovecot, monkeypatch, pace=SHORT, folders=("Achats", "INBOX"), poll_seconds=5), sink) as watch:
        sink.wait_state(State.FOLDER_GONE)
        dovecot.deliver("camille", mail(1))
        watch.mailbox.wake()
        sink.wait_mails(1)
        dovecot.create_folder("camille", "Achats")
        watch.mailbox.wake()
        sink.wait_state(State.WATCHING)
        dovecot.deliver("camille", mail(2), "Achats")
        sink.wait_mails(2)


def test_an_emptied_folder_changes_nothing(dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    """When all mails are removed from a folder, mails and watermark stay, and the next mail is read."""
    sink = MemorySink()
    with watching(imap(dovecot, monkeypatch), sink):
        sink.wait_state(State.WATCHING)
        uids = dovecot.deliver_many("camille", [mail(1), mail(2)])
        sink.wait_mails(2)
        dovecot.expunge("camille", uids)
        dovecot.deliver("camille", mail(3))
        sink.wait_mails(3)
    assert sink.marks["INBOX"].last_uid == 3


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (["INBOX", "Brouillons"], "Brouillons"),
        (["INBOX", "INBOX.Drafts"], "INBOX.Drafts"),
        (["INBOX", "[Gmail].Brouillons", "Projets.Drafts.vieux"], "[Gmail].Brouillons"),
        (["INBOX", "DRAFT"], "DRAFT"),
        (["INBOX", "Archives"], None),
    ],
)
def test_drafts_are_found_by_their_usual_names(names: list[str], found: str | None) -> None:
    """Where a server tells no use, the last part of a folder's name decides, in French and English."""
    assert folders.find([Folder(name, ".", frozenset()) for name in names], "drafts") == found


def test_the_server_knows_better_than_the_name() -> None:
    """A folder that the server calls the one for sent mail wins over one of that name, if it can hold mails."""
    listed = [
        Folder("Sent", "/", frozenset()),
        Folder("[Gmail]/Envoyés", "/", frozenset({b"\\noselect", b"\\sent"})),
        Folder("Parties", "/", frozenset({b"\\sent"})),
    ]
    assert folders.find(listed, "sent") == "Parties"
    assert folders.find(listed, "sent", "Sent") == "Sent"
    assert folders.find(listed, "sent", "Ailleurs") is None
    assert folders.find(listed, "sent", "none") is None
