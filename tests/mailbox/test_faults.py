"""Servers that die, freeze, refuse or hide: each fault is noticed, told, and passes without loss."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator

import pytest
import structlog

from daemon.mailbox.backoff import Pace
from daemon.mailbox.base import State
from daemon.mailbox.imap import ImapMailbox
from daemon.store.errors import StoreUnavailable
from tests.mailbox.kit import SHORT, imap, mail, settings
from tests.mailbox.sink import MemorySink, watching
from tests.servers.dovecot import Dovecot


def test_a_killed_server_is_found_again(dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    """After the server was killed the mailbox says so, tries again, and reads what came when it is back."""
    sink = MemorySink()
    with watching(imap(dovecot, monkeypatch), sink):
        sink.wait_state(State.WATCHING)
        dovecot.kill()
        sink.wait_state(State.RETRYING)
        sink.wait(lambda: any(message == "unreachable" for _, message, _ in sink.states))
        assert sink.states[-1][2].keys() >= {"seconds", "again", "attempt"}
        dovecot.restart()
        dovecot.deliver("camille", mail(1))
        sink.wait_mails(1)
        sink.wait_state(State.WATCHING)


def test_a_frozen_server_is_noticed(dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that keeps its connections open and answers nothing is noticed within slice and time limit."""
    sink = MemorySink()
    with watching(imap(dovecot, monkeypatch, pace=SHORT, timeout_seconds=2), sink):
        sink.wait_state(State.WATCHING)
        dovecot.freeze()
        began = time.monotonic()
        sink.wait_state(State.RETRYING, SHORT.idle + 2 + 1)
        assert time.monotonic() - began < SHORT.idle + 2 + 1
        dovecot.thaw()
        dovecot.deliver("camille", mail(1))
        sink.wait_mails(1)


def test_the_usual_waits_notice_a_dead_server_within_a_minute() -> None:
    """The longest stay in IDLE and the longest time for an answer on that line make less than 60 seconds."""
    assert Pace().idle + Pace().answer < 60


def test_waits_grow_and_only_success_resets_them(dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the server is away the tries are counted on, which makes the waits grow; a success starts it over."""
    sink = MemorySink()

    def attempts() -> list[int]:
        return [int(facts["attempt"]) for state, _, facts in sink.states if state is State.RETRYING]

    with watching(imap(dovecot, monkeypatch, pace=SHORT), sink):
        sink.wait(lambda: sink.cycles >= 2)
        dovecot.kill()
        sink.wait(lambda: len(attempts()) >= 4)
        dovecot.restart()
        done = sink.cycles
        sink.wait(lambda: sink.cycles >= done + 2)
        tried = len(attempts())
        dovecot.kill()
        sink.wait(lambda: len(attempts()) > tried)
    assert attempts()[:4] == [1, 2, 3, 4]
    assert attempts()[tried] == 1


def test_a_refused_login_stops_that_mailbox_alone(dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong password ends its mailbox after one try with a clear state, while another mailbox goes on reading."""
    monkeypatch.setenv("RELANCE_TEST_WRONG", "mauvais")
    refused, fine = MemorySink(), MemorySink()
    wrong = imap(dovecot, monkeypatch, "noor", password={"env": "RELANCE_TEST_WRONG"})
    with watching(imap(dovecot, monkeypatch), fine), watching(wrong, refused) as watch:
        refused.wait_state(State.REFUSED)
        watch.thread.join(5)
        assert not watch.thread.is_alive()
        fine.wait_state(State.WATCHING)
        dovecot.deliver("camille", mail(1))
        fine.wait_mails(1)
    assert refused.states[-1][1:] == ("login_refused", {"code": "AUTHENTICATIONFAILED"})
    assert dovecot.log().count("auth failed, 1 attempts") == 1


@pytest.mark.parametrize(("security", "tls"), [("tls", True), ("starttls", False), ("plain", False)])
def test_all_kinds_of_security(dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch, security: str, tls: bool) -> None:
    """TLS, STARTTLS and plain text on loopback all work; the server sees the first two encrypted."""
    sink = MemorySink()
    port = dovecot.tls_port if tls else dovecot.port
    with watching(imap(dovecot, monkeypatch, security=security, port=port), sink):
        sink.wait_state(State.WATCHING)
        dovecot.deliver("camille", mail(1))
        sink.wait_mails(1)
    logins = [line for line in dovecot.log().splitlines() if "Login: user=<camille>" in line]
    assert ("TLS" in logins[0]) is (security != "plain")


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_an_unknown_certificate_is_not_trusted(
    dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch, security: str
) -> None:
    """Without ``ca_file`` the test's own certificate is refused, and no login is tried."""
    sink = MemorySink()
    port = dovecot.tls_port if security == "tls" else dovecot.port
    with watching(imap(dovecot, monkeypatch, security=security, port=port, ca_file=None), sink):
        sink.wait_state(State.RETRYING)
    assert sink.states[-2][1] == "certificate"
    assert "Login:" not in dovecot.log()


def test_plain_text_off_loopback_is_refused(dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    """The configuration does not take plain text for a host that is not this machine."""
    with pytest.raises(ValueError, match="loopback"):
        settings(dovecot, monkeypatch, security="plain", host="imap.famille-roussel.example")


def test_a_full_store_pauses_and_loses_nothing(dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the store takes nothing the mailbox pauses on its open connection, then hands the same mails over once."""
    sink = MemorySink()
    with watching(imap(dovecot, monkeypatch), sink):
        sink.wait_state(State.WATCHING)
        sink.troubles = [StoreUnavailable("disk full") for _ in range(3)]
        dovecot.deliver_many("camille", [mail(1), mail(2)])
        sink.wait_mails(2)
        sink.wait_state(State.WATCHING)
    assert sum(state is State.PAUSED for state, _, _ in sink.states) == 3
    assert sorted(arrived.uid for _, arrived in sink.handed) == [1, 2]
    # Deliveries come in plain text: what is encrypted are the mailbox's own two connections.
    logins = [line for line in dovecot.log().splitlines() if "Login: user=<camille>" in line and "TLS" in line]
    assert len(logins) == 2


def test_stopping_while_paused(dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mailbox that waits for the store ends at once when told to."""
    sink = MemorySink()
    sink.troubles = [StoreUnavailable("locked") for _ in range(1000)]
    with watching(imap(dovecot, monkeypatch), sink) as watch:
        sink.wait_state(State.PAUSED)
        assert watch.end() < 2
    assert sink.states[-1][0] is State.STOPPED


def test_stopping_while_idle(dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    """An idle mailbox ends within two seconds, and its last word is that it has stopped."""
    sink = MemorySink()
    with watching(imap(dovecot, monkeypatch), sink) as watch:
        sink.wait_state(State.WATCHING)
        assert watch.end() < 2
    assert sink.states[-1][0] is State.STOPPED


def test_stopping_while_the_server_is_frozen(dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mailbox that waits for the answer of a frozen server ends within two seconds, not after the time limit."""
    sink = MemorySink()
    with watching(imap(dovecot, monkeypatch, timeout_seconds=60), sink) as watch:
        sink.wait_state(State.WATCHING)
        dovecot.freeze()
        watch.mailbox.wake()
        time.sleep(0.1)  # until it waits for the answer: a thread blocked in a read gives no event
        assert watch.end() < 2
        dovecot.thaw()


def test_stopping_while_retrying(dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mailbox that waits to try again ends within two seconds, however long that wait is."""
    dovecot.kill()
    sink = MemorySink()
    with watching(imap(dovecot, monkeypatch, pace=Pace(first_retry=100)), sink) as watch:
        sink.wait_state(State.RETRYING)
        assert watch.end() < 2


@pytest.fixture
def deaf_port() -> Iterator[int]:
    """Return a port whose queue is full: connecting to it neither succeeds nor fails."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        callers = [socket.socket() for _ in range(4)]
        for caller in callers:
            caller.setblocking(False)
            caller.connect_ex(listener.getsockname())
        yield listener.getsockname()[1]
        for caller in callers:
            caller.close()


def test_stopping_while_connecting(dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch, deaf_port: int) -> None:
    """A mailbox in the middle of a connect that does not end by itself ends within two seconds."""
    sink = MemorySink()
    with watching(imap(dovecot, monkeypatch, port=deaf_port, timeout_seconds=60), sink) as watch:
        sink.wait_state(State.STARTING)
        time.sleep(0.1)  # until it is connecting: that gives no event
        assert watch.end() < 2
    assert not sink.has_been(State.RETRYING)


def test_stopping_while_the_greeting_is_awaited(dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mailbox that waits for a greeting or a TLS answer which never comes ends within two seconds."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        for security in ("tls", "plain"):
            sink = MemorySink()
            port = listener.getsockname()[1]
            mailbox = imap(dovecot, monkeypatch, port=port, security=security, timeout_seconds=60)
            with watching(mailbox, sink) as watch:
                peer, _ = listener.accept()
                with peer:
                    assert watch.end() < 2


def test_logs_hold_no_mail(dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is logged while mails are read holds no address, subject or password."""
    sink = MemorySink()
    with structlog.testing.capture_logs() as logs, watching(imap(dovecot, monkeypatch), sink):
        dovecot.deliver("camille", mail(1))
        sink.wait_mails(1)
        dovecot.kill()
        sink.wait_state(State.RETRYING)
    text = repr(logs)
    assert "mailbox_connected" in text
    assert "mailbox_lost" in text
    assert not [word for word in ("@", "Expédi", "pass word", "Votre colis") if word in text]


def test_at_most_two_connections(dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    """Over many cycles an account has no more than two logins: the connections are kept."""
    sink = MemorySink()
    with watching(ImapMailbox(settings(dovecot, monkeypatch), pace=SHORT), sink):
        sink.wait(lambda: sink.cycles >= 6)
    assert dovecot.log().count("Login: user=<camille>") == 2
