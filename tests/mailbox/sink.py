"""The other side of a mailbox, in memory: it keeps mails by content, as the store does, and tells when one came."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from daemon.mailbox.base import Arrived, Header, Mailbox, Role, State, Watermark

PATIENCE = 10.0
"""Seconds after which a test gives up waiting."""


def _everything(header: Header, role: Role) -> bool:
    return not header.ours


class MemorySink:
    """A ``Sink`` that remembers; ``wants`` says which mails matter, ``on_caught_up`` acts as the pipeline would."""

    def __init__(self, wants: Callable[[Header, Role], bool] = _everything) -> None:
        self.wants = wants
        self.marks: dict[str, Watermark] = {}
        self.keys: dict[str, set[int]] = {}
        self.mails: dict[str, bytes] = {}
        self.handed: list[tuple[str, Arrived]] = []
        self.headers: list[tuple[Header, Role]] = []
        self.states: list[tuple[State, str, dict[str, str | int]]] = []
        self.steps: list[tuple[str, int, int]] = []
        self.cycles = 0
        self.troubles: list[Exception] = []
        """Raised by the next calls of ``keep``, one each."""
        self.on_caught_up: Callable[[Mailbox], None] = lambda mailbox: None
        self._changed = threading.Condition()

    def watermark(self, folder: str) -> Watermark | None:
        """Return the mark kept last."""
        return self.marks.get(folder)

    def seen(self, folder: str) -> set[int]:
        """Return all keys kept."""
        return set(self.keys.get(folder, ()))

    def wanted(self, header: Header, role: Role) -> bool:
        """Note the header and ask ``wants``."""
        self.headers.append((header, role))
        return self.wants(header, role)

    def keep(self, folder: str, mark: Watermark, mails: Sequence[Arrived]) -> None:
        """Keep mark and mails, or raise the next trouble."""
        if self.troubles:
            raise self.troubles.pop(0)
        with self._changed:
            self.marks[folder] = mark
            for mail in mails:
                self.handed.append((folder, mail))
                self.keys.setdefault(folder, set()).add(mail.uid)
                if mail.raw is not None:
                    self.mails.setdefault(hashlib.sha256(mail.raw).hexdigest(), mail.raw)
            self._changed.notify_all()

    def state(self, state: State, message: str = "", **facts: str | int) -> None:
        """Note a state."""
        with self._changed:
            self.states.append((state, message, facts))
            self._changed.notify_all()

    def progress(self, folder: str, done: int, total: int) -> None:
        """Note a step."""
        self.steps.append((folder, done, total))

    def caught_up(self, mailbox: Mailbox) -> None:
        """Act as the test wishes, and count."""
        self.on_caught_up(mailbox)
        with self._changed:
            self.cycles += 1
            self._changed.notify_all()

    def wait(self, condition: Callable[[], bool], seconds: float = PATIENCE) -> None:
        """Wait until something is true of this sink; fail after ``seconds``."""
        with self._changed:
            assert self._changed.wait_for(condition, seconds), f"waited {seconds} s in vain; states: {self.states}"

    def wait_state(self, state: State, seconds: float = PATIENCE) -> None:
        """Wait until the mailbox is in a state."""
        self.wait(lambda: bool(self.states) and self.states[-1][0] is state, seconds)

    def wait_mails(self, count: int, seconds: float = PATIENCE) -> None:
        """Wait until as many different mails were kept."""
        self.wait(lambda: len(self.mails) >= count, seconds)

    def wait_cycle(self, seconds: float = PATIENCE) -> None:
        """Wait for one more complete sync."""
        before = self.cycles
        self.wait(lambda: self.cycles > before, seconds)

    def has_been(self, state: State) -> bool:
        """Say whether the mailbox was ever in a state."""
        return any(one is state for one, _, _ in self.states)


class Watching:
    """A mailbox watched in a thread of its own."""

    def __init__(self, mailbox: Mailbox, sink: MemorySink) -> None:
        self.mailbox = mailbox
        self.sink = sink
        self.stop = threading.Event()
        self.error: BaseException | None = None
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def end(self, seconds: float = 5) -> float:
        """Stop as the service does; return the seconds that it took."""
        began = time.monotonic()
        self.stop.set()
        self.mailbox.wake()
        self.thread.join(seconds)
        assert not self.thread.is_alive(), "watch does not end"
        if self.error is not None:
            raise self.error
        return time.monotonic() - began

    def _run(self) -> None:
        try:
            self.mailbox.watch(self.sink, self.stop)
        except BaseException as error:  # noqa: BLE001 - raised again in the test's own thread
            self.error = error


@contextmanager
def watching(mailbox: Mailbox, sink: MemorySink) -> Iterator[Watching]:
    """Watch a mailbox for the time of a block."""
    watch = Watching(mailbox, sink)
    try:
        yield watch
    finally:
        watch.end()
