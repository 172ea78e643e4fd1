"""The service: what it tells systemd, when it counts as alive, and how it ends."""

from __future__ import annotations

import select
import signal
import socket
import tempfile
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from daemon import service as service_module
from daemon import watch as watch_module
from daemon.clock import SetClock
from daemon.mailbox.base import Sink, State
from daemon.mailbox.maildir import MaildirMailbox
from daemon.service import Service
from daemon.settings import MaildirMailbox as Maildir
from daemon.watch import CYCLE
from parsers.amazon import parser as amazon
from parsers.letter import Letter
from parsers.notice import Notice
from tests.house import CAMILLE, NOW, ORDER, House, bought, box, brought, from_amazon
from tests.road import mails
from tests.road.conftest import Maker, make_relance
from tests.road.service import until

__all__ = ["make_relance"]  # a fixture


class Systemd:
    """The other end of ``$NOTIFY_SOCKET``."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.settimeout(20)
        self._socket.bind(str(path))

    def hears(self) -> str:
        """Return the next datagram, waiting for it."""
        return self._socket.recv(4096).decode()

    def heard(self) -> list[str]:
        """Return what has come so far, without waiting."""
        found = []
        while select.select([self._socket], [], [], 0)[0]:
            found.append(self.hears())
        return found

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()


@pytest.fixture
def systemd(monkeypatch: pytest.MonkeyPatch) -> Iterator[Systemd]:
    """Listen as systemd does; a socket's path must be short."""
    with tempfile.TemporaryDirectory(prefix="notify-") as folder:
        listening = Systemd(Path(folder) / "socket")
        monkeypatch.setenv("NOTIFY_SOCKET", str(listening.path))
        yield listening
        listening.close()


def _maildir(folder: Path, more: str = "") -> str:
    settings = box(folder)
    return (
        f'[[mailboxes]]\nname = "perso"\nkind = "maildir"\npath = "{settings.path}"\npoll_seconds = 0.1\n{more}\n'
        f'[mailboxes.owner]\nname = "Camille Rivoire"\naddresses = ["{mails.OWNER}"]\n'
    )


def test_systemd_hears_of_start_life_and_end(systemd: Systemd, make_relance: Maker, tmp_path: Path) -> None:
    """The real process says READY, then WATCHDOG again and again, then STOPPING, and ends with code 0 in under 5 s."""
    relance = make_relance(_maildir(tmp_path))
    relance.start()
    assert systemd.hears() == "READY=1\nSTATUS=1 mailboxes"
    assert [systemd.hears(), systemd.hears()] == ["WATCHDOG=1", "WATCHDOG=1"]
    assert relance.json("status")["running"] is True
    code, seconds = relance.stop()
    assert (code, seconds < 5) == (0, True)
    assert systemd.heard()[-1] == "STOPPING=1"


def test_it_ends_in_time_while_it_works(systemd: Systemd, make_relance: Maker, tmp_path: Path) -> None:
    """SIGTERM amid a first reading ends it in under 5 s, and the next start goes on from there."""
    config = _maildir(tmp_path, "read_back_days = 3650")
    orders = [mails.order_number(number) for number in range(40)]
    for place, raw in enumerate(raw for order in orders for raw in (bought(order), brought(order))):
        (tmp_path / "perso" / "new" / f"{place}.mail").write_bytes(raw)
    relance = make_relance(config)
    relance.start()
    until(lambda: any(one["event"] == "mails_kept" for one in relance.lines()), "mails to be kept")
    code, seconds = relance.stop()
    assert (code, seconds < 5) == (0, True)
    relance.start()
    until(lambda: len(relance.json("orders")) == 40 and relance.json("status")["mails"]["new"] == 0, "all orders")
    assert relance.stop()[0] == 0


def test_sigint_ends_it_too(systemd: Systemd, make_relance: Maker, tmp_path: Path) -> None:
    """Ctrl-C at a terminal is an orderly end as well."""
    process = make_relance(_maildir(tmp_path)).start()
    systemd.hears()
    process.send_signal(signal.SIGINT)
    assert process.wait(5) == 0


# ── when it counts as alive: time is set, not waited for ──────────────────


class Time:
    """A monotonic clock that is set."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        """Return the seconds that were set."""
        return self.now


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    """Give the service a clock of its own."""
    made = Time()
    for module in (service_module, watch_module):
        monkeypatch.setattr(module, "time", made)
    return made


@pytest.fixture
def service(house: House, time: Time) -> Service:
    """Return a service whose threads were not started."""
    return Service(house.settings, house.store, house.clock)


def test_a_thread_has_so_long_for_a_cycle(service: Service, time: Time) -> None:
    """A mailbox that says nothing is given up after its cycle's time, and is alive again once it speaks."""
    assert service.alive()
    time.now += CYCLE + 1
    assert not service.alive()
    service.watches[0].progress("INBOX", 10, 200)
    assert service.alive()


def test_waiting_is_no_hanging(service: Service, time: Time) -> None:
    """A mailbox that tries again later is alive for as long as it said that it waits, and a cycle more."""
    service.watches[0].state(State.RETRYING, "connection_lost", seconds=600)
    time.now += 600 + CYCLE - 1
    assert service.alive()
    time.now += 2
    assert not service.alive()


@pytest.mark.parametrize("state", [State.REFUSED, State.STOPPED])
def test_a_mailbox_at_rest_never_hangs(service: Service, time: Time, state: State) -> None:
    """A refused login, or a mailbox that has ended, is not waited for: the others go on being watched."""
    service.watches[0].state(state, "login_refused")
    time.now += 10_000_000
    assert service.alive()


def test_a_paused_mailbox_says_how_long(service: Service, time: Time) -> None:
    """A full disk is not a hang either, while its pauses are told."""
    service.watches[0].state(State.PAUSED, "store_unavailable", seconds=60)
    time.now += 60 + CYCLE - 1
    assert service.alive()


class Faulty(MaildirMailbox):
    """A mailbox whose thread does what it should not."""

    def __init__(
        self, settings: Maildir, does: Callable[[], object], interrupted: Callable[[], None] = lambda: None
    ) -> None:
        super().__init__(settings)
        self._does, self._interrupted = does, interrupted

    def watch(self, sink: Sink, stop: threading.Event) -> None:
        """Do it."""
        self._does()

    def interrupt(self) -> None:
        """Tell that it was interrupted."""
        self._interrupted()


class _Counting(SetClock):
    """A set clock that counts how often it is asked: once in each of the service's rounds at least."""

    asked = 0

    def now(self) -> datetime:
        """Count, and return the time that was set."""
        self.asked += 1
        return super().now()


def test_no_watchdog_while_a_mailbox_hangs(
    house: House, time: Time, systemd: Systemd, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When a thread has gone past its time, systemd hears nothing more, the log tells it once; then it goes on."""
    monkeypatch.setattr(service_module, "TICK", 0.01)
    clock = _Counting(NOW)
    service, ended = Service(house.settings, house.store, clock), threading.Event()
    service._boxes = [Faulty(house.boxes[0], lambda: ended.wait(60))]
    service.start()

    def rounds() -> None:
        before = clock.asked
        until(lambda: clock.asked > before + 30, "a few rounds")

    with capture_logs() as logs:
        running = threading.Thread(target=service.run)
        running.start()
        try:
            assert systemd.hears().startswith("READY=1")
            assert systemd.hears() == "WATCHDOG=1"
            time.now += CYCLE + 1
            until(lambda: any(one["event"] == "mailbox_hangs" for one in logs), "the hang to be told")
            systemd.heard()
            rounds()
            assert systemd.heard() == []
            service.watches[0].state(State.WATCHING, "watching", seconds=60)
            assert systemd.hears() == "WATCHDOG=1"
            time.now += 60 + CYCLE + 1
            until(lambda: sum(one["event"] == "mailbox_hangs" for one in logs) == 2, "the second hang to be told")
        finally:
            ended.set()
            service.stop()
            running.join(10)
    assert [one["mailboxes"] for one in logs if one["event"] == "mailbox_hangs"] == [["perso"], ["perso"]]
    assert systemd.heard()[-1] == "STOPPING=1"


def test_a_hanging_mailbox_does_not_delay_the_end(house: House) -> None:
    """A thread that does not end by itself is cut off after a moment: that loses nothing."""
    ended = threading.Event()
    service = Service(house.settings, house.store, house.clock)
    service._boxes = [Faulty(house.boxes[0], lambda: ended.wait(20), ended.set)]
    service.start()
    service.close()
    assert ended.is_set()


def test_a_defect_in_one_mailbox_stops_no_other(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mailbox whose watch a defect has ended is said to be so, and watched again; the service and the rest go on."""
    tries: list[int] = []
    again = threading.Event()

    def broken() -> None:
        tries.append(len(tries))
        if len(tries) == 1:
            raise ZeroDivisionError
        again.set()

    monkeypatch.setattr(service_module, "AGAIN", 0.01)
    service = Service(house.settings, house.store, house.clock)
    service._boxes = [Faulty(house.boxes[0], broken)]
    with capture_logs() as logs:
        running = threading.Thread(target=service.run)
        service.start()
        running.start()
        assert again.wait(20)
        assert running.is_alive()
        service.stop()
        running.join(20)
    assert [one["event"] for one in logs if one["log_level"] == "error"] == ["watch_failed"]
    assert [one["message"] for one in logs if one["event"] == "mailbox_state"] == ["defect"]


# ── threads that share the pipeline ───────────────────────────────────────


def test_a_tick_takes_little_at_a_time(house: House) -> None:
    """With very many orders due at once, the main thread does a few in each round, so that it can end at any moment."""
    orders = [mails.order_number(number) for number in range(100, 125)]
    house.store.views.touch(CAMILLE.key, orders, NOW)
    done = [house.pipeline.due() for _ in range(3)]
    assert (max(done) <= 20, sum(done)) == (True, 25)


def test_a_thread_that_waits_for_another_says_that_it_lives(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """While one mailbox's mails are read, another mailbox's thread waits its turn, tells so, and nothing else waits."""
    begun, go_on = threading.Event(), threading.Event()
    sound = amazon.read

    def slow(one: Letter) -> list[Notice]:
        begun.set()
        assert go_on.wait(20)
        return sound(one)

    monkeypatch.setattr(amazon, "read", slow)
    house.keep(*from_amazon())
    told: list[int] = []
    lives = threading.Event()

    def tell(done: int) -> None:
        told.append(done)
        lives.set()

    first = threading.Thread(target=house.pipeline.read_new)
    second = threading.Thread(target=house.pipeline.read_new, args=(tell,))
    first.start()
    assert begun.wait(20)
    second.start()
    assert lives.wait(20)
    assert house.pipeline.due() == 0
    go_on.set()
    first.join(20)
    second.join(20)
    assert told[0] == 0
    assert house.claim().order_id == ORDER


def test_the_tick_places_what_the_command_line_set_off(house: House) -> None:
    """What another process wrote is looked at within a second: the mailbox is woken to place it."""
    house.receive(bought(), brought())
    service = Service(house.settings, house.store, house.clock)
    service.start()
    try:
        until(lambda: service.watches[0].cycles, "a first cycle")
        other = House(Path(str(house.settings.state_dir)).parent, *house.boxes)
        other.receive(mails.not_received(ORDER, NOW))
        other.close()
        service.tick()
        until(lambda: house.kinds() == ["notice"], "the notice", 9)
    finally:
        service.close()
