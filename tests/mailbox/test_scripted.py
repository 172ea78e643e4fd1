"""Faults that no real server can be made to show."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest

from daemon.mailbox.backoff import Pace
from daemon.mailbox.base import State
from daemon.mailbox.imap import ImapMailbox
from tests.mailbox.kit import QUICK, mail, scripted_settings
from tests.mailbox.sink import MemorySink, watching
from tests.servers.scripted import ScriptedImap, Talk


def mailbox(server: ScriptedImap, monkeypatch: pytest.MonkeyPatch, pace: Pace = QUICK, **changes: Any) -> ImapMailbox:
    """Return the mailbox of the scripted account."""
    return ImapMailbox(scripted_settings(server, monkeypatch, **changes), pace=pace)


def test_an_event_that_comes_with_the_answer_to_idle(
    scripted_imap: ScriptedImap, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A mail announced in the same packet as IDLE's own answer is read at once: the sync comes after IDLE."""

    def idle(talk: Talk, tag: str, arguments: str) -> None:
        scripted_imap.folders["INBOX"].append(mail(1))
        talk.send("+ idling\r\n* 1 EXISTS\r\n")
        talk.read_line()
        talk.ok(tag)

    scripted_imap.answers["IDLE"] = idle
    sink = MemorySink()
    with watching(mailbox(scripted_imap, monkeypatch), sink):
        sink.wait_mails(1, 3)


def test_a_line_split_over_two_packets(scripted_imap: ScriptedImap, monkeypatch: pytest.MonkeyPatch) -> None:
    """An event torn in two by the network costs at most a new connection, never the mail."""
    idles = 0

    def idle(talk: Talk, tag: str, arguments: str) -> None:
        nonlocal idles
        idles += 1
        talk.send("+ idling\r\n")
        if idles == 1:
            # Two syncs later the connection surely waits for events.
            sink.wait(lambda: sink.cycles >= 1)
            threading.Event().wait(0.1)
            scripted_imap.folders["INBOX"].append(mail(1))
            talk.send("* 1 EXI")
            threading.Event().wait(0.1)
            talk.send("STS\r\n")
        talk.read_line()
        talk.ok(tag)

    scripted_imap.answers["IDLE"] = idle
    sink = MemorySink()
    with watching(mailbox(scripted_imap, monkeypatch), sink):
        sink.wait_mails(1, 4)


@pytest.mark.parametrize("farewell", [b"* BYE going down\r\n", b""])
def test_a_server_that_leaves_during_idle(
    scripted_imap: ScriptedImap, monkeypatch: pytest.MonkeyPatch, farewell: bytes
) -> None:
    """A close during IDLE, with or without BYE, means a new connection at once and no busy loop meanwhile."""
    idles = 0

    def idle(talk: Talk, tag: str, arguments: str) -> None:
        nonlocal idles
        idles += 1
        talk.send("+ idling\r\n")
        if idles == 1:
            sink.wait(lambda: sink.cycles >= 1)
            talk.send(farewell)
            talk.hang_up()
        talk.read_line()
        talk.ok(tag)

    scripted_imap.answers["IDLE"] = idle
    sink = MemorySink()
    with watching(mailbox(scripted_imap, monkeypatch), sink):
        sink.wait_state(State.RETRYING, 3)
        sink.wait_state(State.WATCHING, 3)
        used = time.process_time()
        threading.Event().wait(0.3)
        assert time.process_time() - used < 0.15
    assert scripted_imap.connections == 4


def test_a_server_without_idle_is_polled(scripted_imap: ScriptedImap, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without IDLE there is one connection, asked for signs of life between two looks, and mails are found."""
    scripted_imap.capabilities = scripted_imap.capabilities.replace("IDLE ", "")
    sink = MemorySink()
    with watching(mailbox(scripted_imap, monkeypatch, pace=Pace(idle=0.1), poll_seconds=5), sink) as watch:
        sink.wait_state(State.WATCHING)
        threading.Event().wait(0.35)
        scripted_imap.folders["INBOX"].append(mail(1))
        watch.mailbox.wake()
        sink.wait_mails(1, 3)
    assert scripted_imap.connections == 1
    assert scripted_imap.count("IDLE") == 0
    assert scripted_imap.count("NOOP") >= 2


def test_nonsense_is_answered_by_a_new_connection(scripted_imap: ScriptedImap, monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer that cannot be read, or a body cut short, leads to a new connection, and the mail is read then."""
    scripted_imap.folders["INBOX"].append(mail(1))
    fetches = 0

    def fetch(talk: Talk, tag: str, arguments: str) -> None:
        nonlocal fetches
        fetches += 1
        if fetches == 1:
            talk.send("* 1 FETCH (UID 1 BODY[HEADER.FIELDS (FROM)] nonsense\r\n")
            talk.ok(tag)
        elif fetches == 3:
            talk.send("* 1 FETCH (UID 1 BODY[] {4000}\r\nFrom: nobody")
            talk.hang_up()
        else:
            scripted_imap._do_uid_fetch(talk, tag, arguments)

    scripted_imap.answers["UID FETCH"] = fetch
    sink = MemorySink()
    with watching(mailbox(scripted_imap, monkeypatch), sink):
        sink.wait_mails(1)
        sink.wait_state(State.WATCHING)
    assert sum(state is State.RETRYING for state, _, _ in sink.states) == 2
    assert list(sink.mails.values()) == [mail(1)]


def test_a_range_past_the_end_brings_no_old_mail_back(
    scripted_imap: ScriptedImap, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a server does not tell UIDNEXT, a search past the end names the last mail: it is not read a second time."""
    scripted_imap.folders["INBOX"].append(mail(1))

    def examine(talk: Talk, tag: str, arguments: str) -> None:
        talk.folder = "INBOX"
        talk.ok(tag, f"{len(scripted_imap.folders['INBOX'])} EXISTS", "0 RECENT", "OK [UIDVALIDITY 7] ok")

    scripted_imap.answers["EXAMINE"] = examine
    sink = MemorySink()
    with watching(mailbox(scripted_imap, monkeypatch), sink) as watch:
        sink.wait_mails(1)
        for _ in range(2):
            watch.mailbox.wake()
            sink.wait_cycle()
    assert len(sink.handed) == 1
    assert scripted_imap.count(r"UID SEARCH UID 2:\*") >= 1


def test_stopping_in_the_middle_of_a_big_fetch(scripted_imap: ScriptedImap, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mailbox that is receiving a huge mail drop by drop ends within two seconds, and nothing half is kept."""
    scripted_imap.folders["INBOX"].append(mail(1))
    dripping = threading.Event()

    def fetch(talk: Talk, tag: str, arguments: str) -> None:
        if "HEADER" in arguments:
            scripted_imap._do_uid_fetch(talk, tag, arguments)
            return
        talk.send("* 1 FETCH (UID 1 BODY[] {400000000}\r\n")
        for _ in range(1000):
            talk.send(b"x" * 1000)
            dripping.set()
            threading.Event().wait(0.01)

    scripted_imap.answers["UID FETCH"] = fetch
    sink = MemorySink()
    with watching(mailbox(scripted_imap, monkeypatch), sink) as watch:
        assert dripping.wait(5)
        assert watch.end() < 2
    assert sink.handed == []


def test_a_huge_folder_is_searched_in_parts(scripted_imap: ScriptedImap, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of 120 000 mails is searched in windows from the top down, so that no answer is too long a line."""

    def examine(talk: Talk, tag: str, arguments: str) -> None:
        talk.folder = "INBOX"
        talk.ok(tag, "120000 EXISTS", "0 RECENT", "OK [UIDVALIDITY 7] ok", "OK [UIDNEXT 120001] ok")

    scripted_imap.answers["EXAMINE"] = examine
    scripted_imap.answers["UID SEARCH"] = lambda talk, tag, _: talk.ok(tag, "SEARCH")
    sink = MemorySink()
    with watching(mailbox(scripted_imap, monkeypatch), sink):
        sink.wait_state(State.WATCHING)
    windows = [line.split()[3] for _, line in scripted_imap.heard if "UID SEARCH" in line]
    assert windows == ["100001:*", "50001:100000", "1:50000"]
    assert sink.marks["INBOX"].last_uid == 120_000


def test_nothing_is_asked_that_could_change_a_folder(
    scripted_imap: ScriptedImap, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reading asks only by EXAMINE and PEEK: either alone keeps a mail unseen, and both are used."""
    scripted_imap.folders["INBOX"].append(mail(1))
    sink = MemorySink()
    with watching(mailbox(scripted_imap, monkeypatch), sink):
        sink.wait_mails(1)
        sink.wait_state(State.WATCHING)
    assert scripted_imap.count("EXAMINE") >= 2
    assert scripted_imap.count(r"BODY\.PEEK\[\]") == 1
    assert scripted_imap.count(r"SELECT|STORE|EXPUNGE|APPEND|BODY\[|RFC822[ )]|ENABLE") == 0


def test_a_server_that_closes_every_idle_is_not_hammered(
    scripted_imap: ScriptedImap, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where logins work and each IDLE is closed at once, the tries are counted on: a sync alone is no success."""

    def idle(talk: Talk, tag: str, arguments: str) -> None:
        talk.send("+ idling\r\n* BYE not today\r\n")
        talk.hang_up()

    scripted_imap.answers["IDLE"] = idle
    sink = MemorySink()
    with watching(mailbox(scripted_imap, monkeypatch), sink):
        sink.wait(lambda: bool(sink.states) and sink.states[-1][2].get("attempt") == 3)
    assert sink.cycles >= 3


def test_a_folder_that_is_refused_does_not_stop_the_others(
    scripted_imap: ScriptedImap, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder that may not be read is told by name, the others are read, and it is tried again."""
    scripted_imap.folders["Prive"] = [mail(1)]
    refusing = True

    def examine(talk: Talk, tag: str, arguments: str) -> None:
        if refusing and "Prive" in arguments:
            talk.send(f"{tag} NO [NOPERM] not yours\r\n")
        else:
            scripted_imap._do_examine(talk, tag, arguments)

    scripted_imap.answers["EXAMINE"] = examine
    sink = MemorySink()
    with watching(mailbox(scripted_imap, monkeypatch, folders=("Prive", "INBOX")), sink) as watch:
        sink.wait_state(State.FOLDER_GONE)
        assert sink.states[-1][1:] == ("folder_refused", {"folder": "Prive", "seconds": 25})
        scripted_imap.folders["INBOX"].append(mail(2))
        watch.mailbox.wake()
        sink.wait_mails(1)
        refusing = False
        watch.mailbox.wake()
        sink.wait_mails(2)
        sink.wait_state(State.WATCHING)


def test_headers_are_read_in_any_shape(scripted_imap: ScriptedImap, monkeypatch: pytest.MonkeyPatch) -> None:
    """Unasked words in between, another order, an empty header in quotes: what is out of the usual is read too."""
    scripted_imap.folders["INBOX"] += [mail(1), mail(2), mail(3)]

    def fetch(talk: Talk, tag: str, arguments: str) -> None:
        if "HEADER" not in arguments:
            scripted_imap._do_uid_fetch(talk, tag, arguments)
            return
        block = mail(1).partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
        talk.send(f'* 1 FETCH (BODY[HEADER.FIELDS ("from" "to")] {{{len(block)}}}\r\n')
        talk.send(block + b' UID 1 RFC822.SIZE 300 INTERNALDATE " 1-Nov-2026 10:00:00 +0100")\r\n')
        talk.send("* 3 FETCH (FLAGS (\\Seen))\r\n")
        talk.send('* 2 FETCH (UID 2 RFC822.SIZE 10 INTERNALDATE "02-Nov-2026 10:00:00 +0100"')
        talk.send(' BODY[HEADER.FIELDS (FROM)] "")\r\n')
        talk.ok(tag)

    scripted_imap.answers["UID FETCH"] = fetch
    sink = MemorySink(lambda header, role: bool(header.sender))
    with watching(mailbox(scripted_imap, monkeypatch), sink):
        sink.wait_mails(1)
        sink.wait_state(State.WATCHING)
    assert [(header.uid, header.sender) for header, _ in sink.headers] == [
        (1, "livraison@colis-exemple.example"),
        (2, ""),
    ]
    assert sink.headers[0][0].received_at.isoformat() == "2026-11-01T09:00:00+00:00"


def test_a_mailbox_told_to_stop_before_it_began_connects_to_nothing(
    scripted_imap: ScriptedImap, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the end comes before the thread has begun, no connection is opened."""
    stop = threading.Event()
    stop.set()
    sink = MemorySink()
    mailbox(scripted_imap, monkeypatch).watch(sink, stop)
    assert sink.states[-1][0] is State.STOPPED
    assert scripted_imap.connections == 0
