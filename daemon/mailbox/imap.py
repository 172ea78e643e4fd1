"""An IMAP account, watched for as long as the service lives."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Literal

import structlog

from daemon.clock import Clock, SystemClock
from daemon.mailbox import folders, placing
from daemon.mailbox.backoff import Pace, Stopping, reconnecting
from daemon.mailbox.base import (
    CommandRefused,
    ConnectionLost,
    FolderMissing,
    LoginRefused,
    MailboxError,
    Misconfigured,
    Role,
    Sink,
    State,
)
from daemon.mailbox.lifeline import Cut, Lifeline
from daemon.mailbox.patience import PatientSink
from daemon.mailbox.session import Session
from daemon.settings import ImapMailbox as Settings

log = structlog.get_logger()


class ImapMailbox:
    """An IMAP account. At most two connections are open at a time."""

    def __init__(self, settings: Settings, *, pace: Pace | None = None, clock: Clock | None = None) -> None:
        self.name = settings.name
        self._settings = settings
        self._pace = pace or Pace()
        self._clock = clock or SystemClock()
        self._line: Lifeline | None = None
        self._session: Session | None = None
        self._stop: threading.Event | None = None

    def watch(self, sink: Sink, stop: threading.Event) -> None:
        """Watch until ``stop`` is set and ``wake`` is called; return too when the login is refused."""
        patient = PatientSink(sink, stop, self._pace)
        patient.tell(State.STARTING, "starting")
        self._stop = stop
        try:
            with Lifeline() as line:
                self._line = line
                self._keep_watching(patient, line, stop)
        except Stopping:
            patient.tell(State.STOPPED, "stopped")
        except (LoginRefused, Misconfigured) as error:
            patient.tell(State.REFUSED, error.key, **error.facts)
            log.error("mailbox_refused", mailbox=self.name, reason=error.key)
        finally:
            self._line = self._stop = None

    def wake(self) -> None:
        """Make ``watch`` run one sync now; once ``stop`` is set, make it end."""
        line, stop = self._line, self._stop
        if line is not None:
            line.wake()
        if stop is not None and stop.is_set():
            self.interrupt()

    def interrupt(self) -> None:
        """Cut the connections, whatever ``watch`` is doing with them."""
        line = self._line
        if line is not None:
            line.interrupt()

    def append(self, folder: str | Role, raw: bytes, *, message_id: str, draft: bool) -> int | None:
        """Append a message unless it is there; return its UID where the server tells it. Raises ``MailboxError``."""
        flags = ["\\Draft"] if draft else []
        return placing.append(self._connected().work, self._resolve(folder), raw, message_id, flags)

    def find(self, folder: str | Role, message_id: str) -> int | None:
        """Return the UID of the message with this Message-ID. Raises ``MailboxError``."""
        return placing.find(self._connected().work, self._resolve(folder), message_id)

    def remove(self, folder: str | Role, message_id: str) -> bool:
        """Remove a message that is relance's own; say whether one was. Raises ``MailboxError``."""
        return placing.remove(self._connected().work, self._resolve(folder), message_id)

    def drafts_folder(self) -> str:
        """Return the name of the folder for drafts. Raises ``FolderMissing``."""
        return self._find("drafts", self._settings.drafts)

    def _resolve(self, folder: str | Role) -> str:
        if folder is Role.INBOX:
            return "INBOX"
        if folder is Role.SENT:
            return self._find("sent", self._settings.sent)
        return folder

    def _find(self, role: Literal["drafts", "sent"], setting: str) -> str:
        """Return the folder for a role; one that was made since the login is found, too. Raises ``FolderMissing``."""
        session = self._connected()
        name = folders.find(session.folders, role, setting)
        if name is None:
            session.folders = session.work.folders()
            name = folders.find(session.folders, role, setting)
        if name is None:
            raise FolderMissing.of(f"no_{role}")
        return name

    def _connected(self) -> Session:
        if self._session is None:
            raise MailboxError.of("not_connected")
        return self._session

    def _keep_watching(self, sink: PatientSink, line: Lifeline, stop: threading.Event) -> None:
        def tell(error: ConnectionLost, seconds: float, attempt: int) -> None:
            again = (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat(timespec="seconds")
            facts = dict(error.facts) | {"seconds": round(seconds), "again": again, "attempt": attempt}
            log.warning("mailbox_lost", mailbox=self.name, reason=error.key, seconds=round(seconds), attempt=attempt)
            sink.tell(State.RETRYING, error.key, **facts)

        for attempt in reconnecting(self._pace, stop, tell):
            with attempt:
                self._live(sink, line, stop, partial(setattr, attempt.retry_state, "attempt_number", 1))

    def _live(self, sink: PatientSink, line: Lifeline, stop: threading.Event, succeeded: Callable[[], None]) -> None:
        if stop.is_set():
            raise Stopping
        try:
            with Session(
                self._settings, sink, line, pace=self._pace, clock=self._clock, stopped=stop.is_set
            ) as session:
                self._session = session
                session.run(self, succeeded)
        except (ConnectionLost, CommandRefused, Cut) as error:
            # A line cut by our own hand, at the end, is no fault.
            if stop.is_set():
                raise Stopping from None
            if isinstance(error, CommandRefused):
                raise ConnectionLost.of(error.key, **error.facts) from error
            raise
        finally:
            self._session = None
