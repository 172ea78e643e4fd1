"""How far a first reading has come: one line at the terminal, rewritten as mails are read."""

from __future__ import annotations

import threading
from typing import TextIO

from daemon.say import say

_WIDTH = 24
_CLEAR = "\r\x1b[K"


class ReadingBack:
    """Shows a bar on ``out`` while folders are read; the mailboxes' threads may call it at once."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._lock = threading.Lock()
        self._open: dict[tuple[str, str], tuple[int, int]] = {}

    def __call__(self, mailbox: str, folder: str, done: int, total: int) -> None:
        """Note that ``done`` of ``total`` mails of a folder are read, and redraw."""
        with self._lock:
            finished = done >= total
            if finished:
                self._open.pop((mailbox, folder), None)
                text = say("status.read_back", mailbox=mailbox, folder=folder, total=total)
                self._out.write(f"{_CLEAR}{text}\n")
            else:
                self._open[mailbox, folder] = (done, total)
            self._draw()

    def _draw(self) -> None:
        if self._open:
            done, total = (sum(each) for each in zip(*self._open.values(), strict=True))
            filled = _WIDTH * done // max(total, 1)
            text = say(
                "status.reading", names=", ".join(sorted({box for box, _ in self._open})), done=done, total=total
            )
            self._out.write(f"{_CLEAR}{'━' * filled}{'─' * (_WIDTH - filled)} {text}")
        self._out.flush()
