"""The running service: one thread per mailbox, one clock, one orderly end.

Each mailbox is watched in its own thread, which also reads what came and
places what is due. The main thread looks whether a wait has ended or the
command line has written, tells systemd how things are, and waits for SIGTERM.
Everything that matters is in the store before it is acted upon, so the end
may come at any moment.
"""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable
from types import FrameType

import structlog

from daemon import heartbeat, mailbox, notify
from daemon.clock import Clock, SystemClock
from daemon.ending import Ending
from daemon.mailbox.base import Mailbox, State
from daemon.pipeline import Pipeline
from daemon.readingroom import ReadingRoom
from daemon.rules import load
from daemon.settings import Settings
from daemon.store import Store
from daemon.store.errors import StoreUnavailable
from daemon.watch import Beat, Progress, Watch

log = structlog.get_logger()

TICK = 1.0
"""Seconds between two looks at the clock and at what the command line has written."""
AGAIN = 60.0
"""Seconds after which a mailbox whose watch a defect has ended is watched again."""
GRACE = 3.0
"""Seconds that the threads have to end after SIGTERM; systemd gives five."""


def _unseen(mailbox: str, folder: str, done: int, total: int) -> None:
    """Show no progress: what ``relance status`` tells is enough where nobody looks on."""


class Service:
    """All mailboxes of one configuration, watched until told to stop."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        clock: Clock,
        show: Progress = _unseen,
        room: ReadingRoom | None = None,
    ) -> None:
        """Mails are read in the ``room``; without one, in this process."""
        self._clock = clock
        self._settings = settings
        self._store = store
        self.pipeline = Pipeline(settings, store, load(settings.rules_dir), clock, room)
        self._room = room
        self._beat = Beat(heartbeat.path(store.path.parent), clock)
        self._ending = Ending()
        self._stop = threading.Event()
        self.watches = [Watch(box, store, self.pipeline, clock, self._beat, show) for box in settings.mailboxes]
        self._boxes = [mailbox.make(box, clock) for box in settings.mailboxes]
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Isolate mails that killed the process before, and start one thread per mailbox."""
        for mail in self._store.mails.isolate_crashed(self._clock.now()):
            log.error("mail_quarantined", mail=mail[:12], reason="crash")
        if moved := self._store.placements.rehome(self._homes()):
            log.warning("placements_rehomed", count=moved)
        for box, watch in zip(self._boxes, self.watches, strict=True):
            thread = threading.Thread(target=self._watch, args=(box, watch), name=f"mailbox-{box.name}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def _homes(self) -> dict[str, list[str]]:
        homes: dict[str, list[str]] = {}
        for box in self._settings.mailboxes:
            homes.setdefault(box.owner.key, []).append(box.name)
        return homes

    def _watch(self, box: Mailbox, watch: Watch) -> None:
        """Watch. A defect of ours ends this mailbox's watch alone, and it begins again after a while."""
        while not self._stop.is_set():
            try:
                return box.watch(watch, self._stop)
            except Exception:
                log.exception("watch_failed", mailbox=box.name)
                watch.state(State.RETRYING, "defect", seconds=round(AGAIN))
            self._stop.wait(AGAIN)
        return None

    def tick(self) -> None:
        """Do what has fallen due or what the command line asks for; wake the mailboxes that have something to place."""
        try:
            changed = self._store.changed()
            if self.pipeline.due() or changed:
                for box in self._boxes:
                    if self._store.placements.waiting(box.name):
                        box.wake()
            self._recovered()
            if self._room is not None:
                self._room.rest()
        except StoreUnavailable as problem:
            if self._beat.store_problem("store_unavailable"):
                log.warning("store_unavailable", reason=str(problem))

    def _recovered(self) -> None:
        if self._beat.store_problem(None):
            log.info("store_available")

    def alive(self) -> bool:
        """Say whether every mailbox's thread ended a cycle, or said for how long it waits, in time."""
        return not self._hanging()

    def _hanging(self) -> list[str]:
        now = time.monotonic()
        return [watch.name for watch in self.watches if watch.due_by <= now]

    def run(self) -> None:
        """Serve until stopped."""
        notify.send("READY=1", f"STATUS={len(self._boxes)} mailboxes")
        told: list[str] = []
        while not self._ending.wait(TICK):
            self.tick()
            self._beat.write()
            hanging = self._hanging()
            if not hanging:
                notify.send("WATCHDOG=1")
            elif hanging != told:
                log.error("mailbox_hangs", mailboxes=hanging)
            told = hanging
        self.close()

    def stop(self) -> None:
        """Ask everything to end; safe from a signal handler."""
        self._ending.ask()

    def wake(self) -> None:
        """Look into every mailbox now."""
        for box in self._boxes:
            box.wake()

    def close(self) -> None:
        """End the threads, politely first, then by closing their sockets."""
        notify.send("STOPPING=1")
        self._stop.set()
        self.wake()
        deadline = time.monotonic() + GRACE
        for thread, box in zip(self._threads, self._boxes, strict=True):
            thread.join(max(0.0, (deadline - time.monotonic()) / 2))
            if thread.is_alive():
                box.interrupt()
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        if self._room is not None:
            self._room.close()
        self._beat.write(running=False)


def run(settings: Settings, store: Store, show: Progress = _unseen) -> None:
    """Watch until SIGTERM or SIGINT. ``show`` is told how far a first reading has come."""
    service = Service(settings, store, SystemClock(), show, ReadingRoom())
    _on_signals(service.stop)
    service.start()
    service.run()


def _on_signals(stop: Callable[[], None]) -> None:
    def handle(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - the signature is signal's
        stop()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, handle)
