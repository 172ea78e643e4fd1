"""The shell's side of a mailbox: what it keeps, what it reads and places, and how it tells its health."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import structlog

from daemon import heartbeat
from daemon.clock import Clock
from daemon.intake.relevance import wanted
from daemon.mailbox.base import Arrived, Header, Mailbox, Role, State, Watermark
from daemon.outbox import ids
from daemon.pipeline import Pipeline
from daemon.settings import AnyMailbox
from daemon.store import Store

log = structlog.get_logger()

Progress = Callable[[str, str, int, int], None]
"""Told of mailbox, folder, mails read back so far, and how many there are."""

CYCLE = 90.0
"""Seconds within which a mailbox's thread must have ended a cycle, or said for how long it waits."""
_RESTING = frozenset({State.REFUSED, State.STOPPED})
_WELL = frozenset({State.STARTING, State.WATCHING, State.READING_BACK, State.STOPPED})


class Watch:
    """The shell's side of one mailbox: its sink, and how long its thread may stay silent."""

    def __init__(
        self, settings: AnyMailbox, store: Store, pipeline: Pipeline, clock: Clock, beat: Beat, show: Progress
    ) -> None:
        self._settings = settings
        self._store = store
        self._pipeline = pipeline
        self._clock = clock
        self._beat = beat
        self._show = show
        self.name = settings.name
        self.cycles = 0
        self.due_by = time.monotonic() + CYCLE

    def watermark(self, folder: str) -> Watermark | None:
        """Return how far ``folder`` was read."""
        return self._store.mails.watermark(self.name, folder)

    def seen(self, folder: str) -> set[int]:
        """Return the files of a Maildir folder that were looked at before."""
        return self._store.mails.seen(self.name, folder)

    def wanted(self, header: Header, role: Role) -> bool:
        """Say whether this mail can matter."""
        return wanted(header, role, self._settings.owner.addresses, ids.is_ours, self._settings.read)

    def keep(self, folder: str, mark: Watermark, mails: Sequence[Arrived]) -> None:
        """Write mails and watermark in one transaction. Raises ``StoreUnavailable``."""
        role = Role.INBOX if folder in self._settings.folders else Role.SENT
        new = self._store.mails.keep(self._settings.owner.key, self.name, folder, role, mark, mails, self._clock.now())
        if new:
            log.info("mails_kept", mailbox=self.name, count=new)

    def state(self, state: State, message: str = "", **facts: str | int) -> None:
        """Note the mailbox's health; a thread that waits says for how long (``seconds``)."""
        waits = float(facts.get("seconds", 0)) + CYCLE
        self.due_by = float("inf") if state in _RESTING else time.monotonic() + waits
        level = log.info if state in _WELL else log.warning
        if self._beat.tell(self.name, state, message, facts):
            level("mailbox_state", mailbox=self.name, state=state.value, message=message, **facts)

    def progress(self, folder: str, done: int, total: int) -> None:
        """Note how far reading back has come."""
        self._alive()
        self._beat.progress(self.name, folder, done, total)
        self._show(self.name, folder, done, total)

    def caught_up(self, box: Mailbox) -> None:
        """Read what came, place what is due. Raises ``StoreUnavailable`` and ``MailboxError``: the caller waits."""
        self._pipeline.read_new(lambda _: self._alive())
        self._pipeline.place(box)
        self.cycles += 1
        self._alive()

    def _alive(self) -> None:
        self.due_by = time.monotonic() + CYCLE


class Beat:
    """The health of all mailboxes, in the file that ``relance status`` reads."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self._path = path
        self._clock = clock
        self._lock = threading.Lock()
        self._boxes: dict[str, heartbeat.Box] = {}
        self._store_problem: str | None = None
        self._running = True

    def tell(self, name: str, state: State, message: str, facts: Mapping[str, str | int]) -> bool:
        """Note a state; return whether it is news."""
        with self._lock:
            before = self._boxes.get(name)
            new = before is None or (before.state, before.message) != (state.value, message)
            since = self._clock.now() if new or before is None else before.since
            self._boxes[name] = heartbeat.Box(
                name=name, state=state.value, message=message, facts={k: str(v) for k, v in facts.items()}, since=since
            )
            self._write()
            return new

    def progress(self, name: str, folder: str, done: int, total: int) -> None:
        """Note how far reading back has come."""
        self.tell(name, State.READING_BACK, "reading_back", {"folder": folder, "done": done, "total": total})

    def store_problem(self, problem: str | None) -> bool:
        """Note that the store takes no writes, or does again; return whether it is news."""
        with self._lock:
            new = problem != self._store_problem
            self._store_problem = problem
            self._write()
            return new

    def write(self, *, running: bool = True) -> None:
        """Show that the service lives, or that it ends."""
        with self._lock:
            self._running = running
            self._write()

    def _write(self) -> None:
        boxes = tuple(self._boxes.values())
        beat = heartbeat.Beat.of(self._clock.now(), boxes, self._store_problem)
        heartbeat.write(self._path, beat.model_copy(update={"running": self._running}))
