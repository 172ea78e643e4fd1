"""Watching a real Dovecot: nothing is lost, nothing is marked, and only what matters is fetched."""

from __future__ import annotations

import random
import threading
from datetime import UTC, datetime, timedelta

import pytest

from daemon.mailbox.base import Role, State
from tests.mailbox.kit import SHORT, imap, mail
from tests.mailbox.sink import MemorySink, watching
from tests.servers.dovecot import Dovecot


def test_a_mail_that_arrives_is_handed_over_whole(dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mail delivered during IDLE comes to the sink at once, byte for byte and with the server's time."""
    sink = MemorySink()
    with watching(imap(dovecot, monkeypatch), sink):
        sink.wait_state(State.WATCHING)
        dovecot.deliver("camille", mail(1))
        sink.wait_mails(1, 5)
    assert [arrived.raw for _, arrived in sink.handed] == [mail(1)]
    assert sink.handed[0][1].received_at == dovecot.messages("camille")[0].received_at


def test_no_wake_up_is_lost(dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    """In 20 rounds a mail delivered at any moment around login and IDLE is read long before IDLE ends by itself."""
    chance = random.Random(7)
    sink = MemorySink()
    with dovecot.client("camille") as client:
        for round_ in range(20):
            with watching(imap(dovecot, monkeypatch), sink):
                threading.Event().wait(chance.uniform(0, 0.06))
                client.append("INBOX", mail(round_))
                sink.wait_mails(round_ + 1, 4)
    assert len(sink.mails) == 20


def test_a_mail_that_comes_while_another_is_worked_on_is_not_lost(
    dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Mails delivered while the sink is busy with the last sync are all read without waiting for the next slice."""
    sink = MemorySink()
    with dovecot.client("camille") as client:

        def deliver_another(_: object) -> None:
            if len(sink.mails) < 4:
                client.append("INBOX", mail(len(sink.mails)))

        sink.on_caught_up = deliver_another
        with watching(imap(dovecot, monkeypatch), sink):
            sink.wait_mails(4, 8)
    assert len(sink.handed) == 4


def test_no_flag_changes(dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    """After mails were read whole, none is marked as seen and no other flag has changed."""
    dovecot.deliver("camille", mail(1))
    dovecot.deliver("camille", mail(2), flags=["\\Flagged", "\\Seen"])
    sink = MemorySink()
    with watching(imap(dovecot, monkeypatch), sink):
        sink.wait_mails(2)
    flags = [message.flags - {"\\Recent"} for message in dovecot.messages("camille")]
    assert flags == [frozenset(), frozenset({"\\Flagged", "\\Seen"})]


def test_a_mail_read_elsewhere_first_is_still_read(dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mail that a telephone has marked as seen before relance looked counts as new all the same."""
    sink = MemorySink()
    with watching(imap(dovecot, monkeypatch), sink):
        sink.wait_state(State.WATCHING)
        dovecot.deliver("camille", mail(1), flags=["\\Seen"])
        sink.wait_mails(1)


def test_unwanted_mails_are_not_fetched_whole(dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 40 mails of 50 kB one matters: the server sends that one and the headers of the others, and no more."""
    dovecot.deliver_many("camille", [mail(n, size=50_000) for n in range(40)])
    dovecot.deliver("camille", mail(99, sender="expedition@boutique-exemple.example", size=50_000))
    before = dovecot.bytes_sent("camille")
    sink = MemorySink(lambda header, role: header.sender == "expedition@boutique-exemple.example")
    with watching(imap(dovecot, monkeypatch), sink):
        sink.wait_state(State.WATCHING)
    with dovecot.client("camille"):
        pass
    assert len(sink.mails) == 1
    assert len(sink.headers) == 41
    assert 50_000 < dovecot.bytes_sent("camille") - before < 90_000


def test_headers_tell_what_a_sink_needs(dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    """The header handed to the sink has bare addresses, the decoded subject, the identifiers and our own mark."""
    extra = (
        "Cc: =?utf-8?q?Zo=C3=A9?= <ZOE@Famille-Roussel.example>\r\nIn-Reply-To: <a@x.example>\r\n"
        "References: <a@x.example>\r\n <b@x.example>\r\nX-Relance: 1\r\n"
    )
    dovecot.deliver("camille", mail(5, extra=extra))
    sink = MemorySink()
    with watching(imap(dovecot, monkeypatch), sink):
        sink.wait_state(State.WATCHING)
    header, role = sink.headers[0]
    assert role is Role.INBOX
    assert header.sender == "livraison@colis-exemple.example"
    assert header.to == ("camille@famille-roussel.example", "zoe@famille-roussel.example")
    assert header.subject == "Expédié n°5"
    assert (header.message_id, header.in_reply_to) == ("<colis-5@colis-exemple.example>", "<a@x.example>")
    assert header.references == ("<a@x.example>", "<b@x.example>")
    assert header.ours
    assert sink.mails == {}


def test_the_first_start_reads_back_so_far_and_no_further(dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of mails of 3, 30 and 300 days ago a first start with 60 days reads two, with progress, never the third."""
    now = datetime.now(UTC)
    for days in (300, 30, 3):
        dovecot.deliver("camille", mail(days), received_at=now - timedelta(days=days))
    sink = MemorySink()
    for _ in range(2):
        with watching(imap(dovecot, monkeypatch, read_back_days=60), sink):
            sink.wait_state(State.WATCHING)
            sink.wait_cycle() if sink.cycles == 0 else None
    assert [arrived.uid for _, arrived in sink.handed] == [2, 3]
    assert sink.has_been(State.READING_BACK)
    assert ("INBOX", 2, 2) in sink.steps
    assert sink.marks["INBOX"].last_uid == 3


def test_nothing_to_read_back_leaves_a_watermark(dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where all mails lie before the window, the watermark stands behind them, and the next mail is read."""
    dovecot.deliver("camille", mail(1), received_at=datetime.now(UTC) - timedelta(days=300))
    sink = MemorySink()
    with watching(imap(dovecot, monkeypatch, read_back_days=0), sink):
        sink.wait_state(State.WATCHING)
        assert sink.marks["INBOX"].last_uid == 1
        dovecot.deliver("camille", mail(2))
        sink.wait_mails(1)
    assert [arrived.uid for _, arrived in sink.handed] == [2]


def test_a_crash_in_the_middle_loses_and_repeats_nothing(dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    """A first read of 450 mails that breaks in its second batch goes on there, and hands each mail over once."""
    dovecot.deliver_many("camille", [mail(n) for n in range(450)])
    sink = MemorySink()

    def full(folder: str, mark: object, mails: object) -> None:
        if len(sink.handed) >= 200:
            raise RuntimeError("power cut")
        MemorySink.keep(sink, folder, mark, mails)  # type: ignore[arg-type]

    monkeypatch.setattr(sink, "keep", full)
    with pytest.raises(RuntimeError, match="power cut"), watching(imap(dovecot, monkeypatch), sink) as watch:
        watch.thread.join(10)
    monkeypatch.undo()
    with watching(imap(dovecot, monkeypatch), sink):
        sink.wait_mails(450)
    assert sorted(arrived.uid for _, arrived in sink.handed) == list(range(1, 451))


def test_mails_expunged_meanwhile_are_skipped(dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mail that another program removes between its header and its body is passed over, and the others are read."""
    dovecot.deliver_many("camille", [mail(n) for n in range(3)])
    sink = MemorySink()

    def remove_second(header: object, role: object) -> bool:
        if len(sink.headers) == 1:
            dovecot.expunge("camille", [2])
        return True

    sink.wants = remove_second
    with watching(imap(dovecot, monkeypatch), sink):
        sink.wait_state(State.WATCHING)
    assert {arrived.uid for _, arrived in sink.handed} in ({1, 3}, {1, 2, 3})
    assert sink.marks["INBOX"].last_uid == 3


def test_several_folders_and_sent_mail(dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    """All configured folders and the folder of sent mail, found by SPECIAL-USE, are read, each in its role."""
    dovecot.create_folder("camille", "Achats/Été")
    dovecot.deliver("camille", mail(1))
    dovecot.deliver("camille", mail(2), "Achats/Été")
    sink = MemorySink()
    with watching(imap(dovecot, monkeypatch, pace=SHORT, folders=("INBOX", "Achats/Été")), sink):
        sink.wait_mails(2)
        dovecot.deliver("camille", mail(3), "Sent")
        dovecot.deliver("camille", mail(4), "Achats/Été")
        sink.wait_mails(4)
    assert sorted((folder, arrived.uid) for folder, arrived in sink.handed) == [
        ("Achats/Été", 1),
        ("Achats/Été", 2),
        ("INBOX", 1),
        ("Sent", 1),
    ]
    assert {role for _, role in sink.headers} == {Role.INBOX, Role.SENT}


def test_wake_makes_a_sync(dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    """``wake`` from another thread makes the mailbox sync at once, without an event from the server."""
    sink = MemorySink()
    mailbox = imap(dovecot, monkeypatch)
    with watching(mailbox, sink):
        sink.wait_state(State.WATCHING)
        before = sink.cycles
        mailbox.wake()
        sink.wait(lambda: sink.cycles > before, 3)
