"""Greetings and logins that no real server can be made to show."""

from __future__ import annotations

import base64
import sys
import threading
from pathlib import Path
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


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        ("NO [AUTHENTICATIONFAILED] Authentication failed.", State.REFUSED),
        ("NO LOGIN failed.", State.REFUSED),
        ("NO [EXPIRED] Password has expired", State.REFUSED),
        ("NO [UNAVAILABLE] Temporary authentication failure.", State.RETRYING),
        ("NO [INUSE] Mailbox in use", State.RETRYING),
        ("NO [ALERT] Too many simultaneous connections. (Failure)", State.RETRYING),
    ],
)
def test_a_refusal_is_told_from_a_busy_server(
    scripted_imap: ScriptedImap, monkeypatch: pytest.MonkeyPatch, answer: str, state: State
) -> None:
    """What says that the password is wrong ends the mailbox after one try; what says "not now" is tried again."""
    scripted_imap.answers["LOGIN"] = lambda talk, tag, _: talk.send(f"{tag} {answer}\r\n")
    sink = MemorySink()
    with watching(mailbox(scripted_imap, monkeypatch), sink) as watch:
        sink.wait_state(state)
        if state is State.REFUSED:
            watch.thread.join(5)
            assert not watch.thread.is_alive()
        else:
            sink.wait(lambda: sum(one is state for one, _, _ in sink.states) >= 2)
    assert (scripted_imap.count("LOGIN") == 1) is (state is State.REFUSED)


@pytest.mark.parametrize("greeting", ["* BYE too many connections\r\n", "HTTP/1.1 400 Bad Request\r\n", ""])
def test_a_strange_greeting_is_tried_again(
    scripted_imap: ScriptedImap, monkeypatch: pytest.MonkeyPatch, greeting: str
) -> None:
    """A server that greets with BYE, in another protocol or not at all is tried again until it greets as it should."""
    good = scripted_imap.greeting
    scripted_imap.greeting = greeting
    sink = MemorySink()
    with watching(mailbox(scripted_imap, monkeypatch), sink):
        sink.wait_state(State.RETRYING)
        assert sink.states[-1][1] == "no_greeting"
        scripted_imap.greeting = good
        sink.wait_state(State.WATCHING)


def test_a_server_that_dies_during_login_is_tried_again(
    scripted_imap: ScriptedImap, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A connection that is lost in the middle of a login is no refusal."""
    tries = 0

    def login(talk: Talk, tag: str, arguments: str) -> None:
        nonlocal tries
        tries += 1
        if tries == 1:
            talk.hang_up()
        else:
            talk.ok(tag)

    scripted_imap.answers["LOGIN"] = login
    sink = MemorySink()
    with watching(mailbox(scripted_imap, monkeypatch), sink):
        sink.wait_state(State.WATCHING)
    assert not sink.has_been(State.REFUSED)


def test_the_token_is_asked_for_at_every_connect(
    scripted_imap: ScriptedImap, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The token's command runs before every login, and what it prints then is what is sent by XOAUTH2."""
    counter = tmp_path / "count"
    counter.touch()
    program = f"p={str(counter)!r}; print('jeton-%d' % len(open(p).read())); open(p, 'a').write('x')"
    sent: list[str] = []

    def authenticate(talk: Talk, tag: str, arguments: str) -> None:
        talk.send("+ \r\n")
        sent.append(base64.b64decode(talk.read_line() or "").decode())
        talk.ok(tag)
        if len(sent) == 2:
            threading.Timer(0.2, scripted_imap.hang_up).start()

    scripted_imap.answers["AUTHENTICATE"] = authenticate
    sink = MemorySink()
    token = {"command": [sys.executable, "-c", program]}
    with watching(mailbox(scripted_imap, monkeypatch, password=None, token=token), sink):
        sink.wait(lambda: len(sent) >= 4 and sink.states[-1][0] is State.WATCHING)
    assert sent == [f"user=camille\x01auth=Bearer jeton-{n}\x01\x01" for n in range(4)]


def test_a_refused_token_ends_calmly(scripted_imap: ScriptedImap, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server's explanation of a refused token is answered by nothing, and the mailbox stops."""

    def authenticate(talk: Talk, tag: str, arguments: str) -> None:
        talk.send("+ \r\n")
        talk.read_line()
        talk.send("+ eyJzdGF0dXMiOiI0MDAifQ==\r\n")
        assert talk.read_line() == ""
        talk.send(f"{tag} NO [AUTHENTICATIONFAILED] token expired\r\n")

    scripted_imap.answers["AUTHENTICATE"] = authenticate
    sink = MemorySink()
    token = {"command": ["/bin/echo", "jeton"]}
    with watching(mailbox(scripted_imap, monkeypatch, password=None, token=token), sink):
        sink.wait_state(State.REFUSED)


def test_a_server_without_starttls_gets_no_password(
    scripted_imap: ScriptedImap, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where STARTTLS is wished for and not offered, nothing is sent in plain text."""
    sink = MemorySink()
    with watching(mailbox(scripted_imap, monkeypatch, security="starttls"), sink):
        sink.wait_state(State.RETRYING)
    assert sink.states[-2][1] == "no_starttls"
    assert scripted_imap.count("LOGIN|AUTHENTICATE") == 0


def test_an_account_with_one_connection_only_is_polled(
    scripted_imap: ScriptedImap, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the server takes no second login, the mailbox reads by polling over the one that it has."""

    def login(talk: Talk, tag: str, arguments: str) -> None:
        if talk.number == 1:
            talk.ok(tag)
        else:
            talk.send(f"{tag} NO [LIMIT] Maximum number of connections exceeded\r\n")

    scripted_imap.answers["LOGIN"] = login
    sink = MemorySink()
    with watching(mailbox(scripted_imap, monkeypatch), sink) as watch:
        sink.wait_state(State.WATCHING)
        scripted_imap.folders["INBOX"].append(mail(1))
        watch.mailbox.wake()
        sink.wait_mails(1)
    assert not sink.has_been(State.RETRYING)
    assert scripted_imap.connections == 2
