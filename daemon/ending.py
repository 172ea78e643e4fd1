"""Being asked to end, from any thread or from a signal handler."""

from __future__ import annotations

import queue


class Ending:
    """A wish to end that may come at any moment.

    Not a ``threading.Event``: its lock is not re-entrant, and a signal handler runs in the thread that waits. A signal
    at the wrong moment of the wait would have the thread wait for itself, for ever. A ``SimpleQueue`` is made for that.
    """

    def __init__(self) -> None:
        self._wishes: queue.SimpleQueue[None] = queue.SimpleQueue()
        self._asked = False

    def ask(self) -> None:
        """Ask for the end; safe in a signal handler."""
        self._asked = True
        self._wishes.put(None)

    def wait(self, seconds: float) -> bool:
        """Wait for at most so many seconds; return whether the end was asked for, now or before. For one thread."""
        if not self._asked:
            try:
                self._wishes.get(timeout=seconds)
            except queue.Empty:
                return self._asked
        return True
