"""A sink that waits for the store: full disks and locked databases pause a mailbox, and lose nothing."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Sequence
from typing import TypeVar

import structlog

from daemon.mailbox.backoff import Pace, until_stored
from daemon.mailbox.base import Arrived, ConnectionLost, Header, Mailbox, MailboxError, Role, Sink, State, Watermark
from daemon.store.errors import StoreUnavailable

log = structlog.get_logger()
T = TypeVar("T")


class PatientSink:
    """Passes everything on to a sink. While the store takes nothing, it tells so and tries the same again, later.

    Every method can raise ``Stopping``.
    """

    def __init__(self, sink: Sink, stop: threading.Event, pace: Pace) -> None:
        self._sink = sink
        self._stop = stop
        self._pace = pace
        self._told: tuple[State, str, dict[str, str | int]] = (State.STARTING, "starting", {})

    def watermark(self, folder: str) -> Watermark | None:
        """Return how far ``folder`` was read."""
        return self._patiently(lambda: self._sink.watermark(folder))

    def seen(self, folder: str) -> set[int]:
        """Return the keys of the files seen in a Maildir folder."""
        return self._patiently(lambda: self._sink.seen(folder))

    def wanted(self, header: Header, role: Role) -> bool:
        """Say whether a mail can matter: a matter of its header alone, asked for every one of thousands."""
        return self._sink.wanted(header, role)

    def keep(self, folder: str, mark: Watermark, mails: Sequence[Arrived]) -> None:
        """Write mails and watermark."""
        self._patiently(lambda: self._sink.keep(folder, mark, mails))

    def progress(self, folder: str, done: int, total: int) -> None:
        """Tell how far reading back has come."""
        with contextlib.suppress(StoreUnavailable):
            self._sink.progress(folder, done, total)

    def tell(self, state: State, message: str = "", **facts: str | int) -> None:
        """Tell the mailbox's health."""
        self._told = (state, message, facts)
        with contextlib.suppress(StoreUnavailable):
            self._sink.state(state, message, **facts)

    def caught_up(self, mailbox: Mailbox) -> None:
        """Let the sink process what came. Raises ``ConnectionLost`` when the line broke under its hands."""
        try:
            self._patiently(lambda: self._sink.caught_up(mailbox))
        except ConnectionLost:
            raise
        except MailboxError as error:
            log.warning("mailbox_cannot_place", mailbox=mailbox.name, reason=error.key or type(error).__name__)

    def _patiently(self, work: Callable[[], T]) -> T:
        before = self._told
        done = until_stored(self._pace, self._stop, self._pause, work)
        if self._told[0] is State.PAUSED and before[0] is not State.PAUSED:
            state, message, facts = before
            self.tell(state, message, **facts)
        return done

    def _pause(self, seconds: float) -> None:
        self.tell(State.PAUSED, "store_unavailable", seconds=round(seconds))
