"""Two connections to one account, from login to the loss of the line.

One connection idles in the first folder; the other one reads, and appends. The order matters: IDLE first, then the
sync. A mail that comes before IDLE is found by the sync, one that comes after it makes IDLE speak; the other way
round, the event can arrive together with IDLE's own answer and stay unseen in a buffer.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Self

import structlog

from daemon.clock import Clock
from daemon.mailbox import folders
from daemon.mailbox.backoff import Pace, Stopping
from daemon.mailbox.base import CommandRefused, ConnectionLost, FolderMissing, Mailbox, Role, State
from daemon.mailbox.connection import Connection, Folder
from daemon.mailbox.lifeline import Lifeline
from daemon.mailbox.patience import PatientSink
from daemon.mailbox.sync import FolderSync, Watched
from daemon.settings import ImapMailbox

log = structlog.get_logger()

_NOISE = 20
"""Times that the socket may seem readable without a word from the server before the line is given up."""


class Session:
    """Open connections, as a context manager.

    ``work`` is the one that reads and appends; ``folders`` were listed at login.
    """

    def __init__(
        self,
        settings: ImapMailbox,
        sink: PatientSink,
        line: Lifeline,
        *,
        pace: Pace,
        clock: Clock,
        stopped: Callable[[], bool],
    ) -> None:
        self._settings = settings
        self._sink = sink
        self._line = line
        self._pace = pace
        self._clock = clock
        self._stopped = stopped
        self._idle_seconds = min(pace.idle, float(settings.poll_seconds))
        # Together with the time limit for the answer, this stays under the minute too.
        self._quiet_seconds = min(pace.idle, max(5.0, 58.0 - settings.timeout_seconds))
        self._idler: Connection | None = None
        self.work: Connection
        self.folders: tuple[Folder, ...] = ()

    def __enter__(self) -> Self:
        self.work = Connection.open(self._settings, self._line)
        try:
            self.folders = self.work.folders()
            if self.work.has("IDLE"):
                self._idler = self._second_connection()
        except BaseException:
            self.work.close()
            raise
        log.info("mailbox_connected", mailbox=self._settings.name, idle=self._idler is not None)
        return self

    def __exit__(self, *_: object) -> None:
        for connection in (self._idler, self.work):
            if connection is not None:
                connection.close()

    def _second_connection(self) -> Connection | None:
        seconds = min(self._pace.answer, float(self._settings.timeout_seconds))
        try:
            return Connection.open(self._settings, self._line, seconds)
        except ConnectionLost as error:
            if error.key != "server_busy":
                raise
            # The account has no connection to spare: reading late is better than not at all.
            log.warning("mailbox_cannot_idle", mailbox=self._settings.name, reason=error.key)
            return None

    def run(self, mailbox: Mailbox, succeeded: Callable[[], None]) -> None:
        """Watch; call ``succeeded`` after each cycle of sync and wait. Ends by ``Stopping`` or ``ConnectionLost``."""
        while True:
            if self._idler is not None and self._enter_idle(self._idler):
                self._cycle_with_idle(self._idler, mailbox)
            else:
                self._cycle_by_polling(mailbox)
            # Not before: a server that takes logins and closes every IDLE at once must not be hammered.
            succeeded()

    def _cycle_with_idle(self, idler: Connection, mailbox: Mailbox) -> None:
        deadline = time.monotonic() + self._idle_seconds
        self._sync(mailbox, self._idle_seconds)
        while self._wait_for_news(idler, deadline):
            self._sync(mailbox, self._idle_seconds)
        idler.idle_done()

    def _cycle_by_polling(self, mailbox: Mailbox) -> None:
        # With a connection that could idle, the folder to idle in is missing now: look for it often.
        seconds = float(self._settings.poll_seconds) if self._idler is None else self._idle_seconds
        deadline = time.monotonic() + seconds
        self._sync(mailbox, seconds)
        while (remaining := deadline - time.monotonic()) > 0:
            woken, _ = self._line.wait(min(remaining, self._quiet_seconds))
            self._check()
            if woken:
                return
            self.work.noop()

    def _enter_idle(self, idler: Connection) -> bool:
        try:
            idler.examine(self._settings.folders[0])
        except (FolderMissing, CommandRefused):
            return False
        idler.idle()
        return True

    def _wait_for_news(self, idler: Connection, deadline: float) -> bool:
        noise = 0
        while noise < _NOISE:
            remaining = deadline - time.monotonic()
            if remaining <= 0:
                return False
            woken, spoken = (False, True) if idler.pending() else self._line.wait(remaining, readable=idler.fileno())
            self._check()
            if woken:
                return True
            events = idler.idle_events() if spoken else []
            if any(len(event) > 1 and event[1] == b"EXISTS" for event in events):
                return True
            noise += spoken and not events
        raise ConnectionLost.of("connection_lost")

    def _check(self) -> None:
        if self._stopped():
            raise Stopping

    def _sync(self, mailbox: Mailbox, seconds: float) -> None:
        problems: dict[str, list[str]] = {}
        for folder in self._watched():
            self._check()
            try:
                FolderSync(self.work, self._sink, folder, self._settings.read_back_days, self._clock.now()).run()
            except FolderMissing:
                problems.setdefault("folder_gone", []).append(folder.name)
            except CommandRefused as error:
                # The watermark has not moved: the next sync asks for the same again.
                log.warning("mailbox_folder_refused", mailbox=self._settings.name, code=error.facts.get("code", ""))
                problems.setdefault("folder_refused", []).append(folder.name)
        self._sink.caught_up(mailbox)
        if self.work.broken:
            raise ConnectionLost.of("connection_lost")
        for key, names in problems.items():
            self._sink.tell(State.FOLDER_GONE, key, folder=", ".join(names), seconds=round(seconds))
        if not problems:
            self._sink.tell(State.WATCHING, "watching", seconds=round(seconds))

    def _watched(self) -> list[Watched]:
        sent = folders.watched(self._settings, self.folders)
        inboxes = [Watched(name, Role.INBOX) for name in self._settings.folders]
        return [*inboxes, Watched(sent, Role.SENT)] if sent else inboxes
