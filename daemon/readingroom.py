"""A child process in which mails are read, one after the other: what a mail does to its reader, it does there.

The child has two seconds of computing for a mail, and a bounded memory; the kernel keeps both, whatever the code is in
the middle of. It knows neither store nor network nor password. When a mail is its end, the mail is set aside and the
next one gets a new child.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import select
import signal
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from typing import IO

from daemon.intake import UnreadableMail
from daemon.reading import COMPUTING, Reading, Sheet, place_of, read

PATIENCE = 60.0
"""Seconds after which a child that neither computes nor answers is given up: on a busy machine it waits its turn."""
REST = 20.0
"""Seconds without a mail after which the child is let go: it takes as much memory as the service."""
MEMORY = 1 << 30
"""Bytes of address space that a child may take: ten times what the longest mails need."""
_ENVIRONMENT = ("PATH", "LANG", "LANGUAGE", "TZ", "LD_LIBRARY_PATH", "TMPDIR")
_ENVIRONMENT_FAMILIES = ("LC_", "PYTHON")
_PR_SET_PDEATHSIG = 1
"""From ``linux/prctl.h``."""
_CHILD = (sys.executable, "-P", "-m", "daemon.readingroom")
"""Without the folder that relance was started in: that may hold anything, also something named ``daemon``."""
_LAST_WAIT = 1.0
"""Seconds that the end waits for a mail that is being read."""
_SIZE = struct.Struct(">I")
_HERE, _READ, _UNREADABLE, _FAILED = b"h", b"r", b"u", b"f"


class ReaderDied(Exception):
    """The child that read a mail was ended by it; the message says how."""


class NoReader(Exception):
    """No child could be started; that is no mail's fault."""


class ReadingFailed(Exception):
    """A parser failed on a mail; the message names the error and its place in the code, and nothing of the mail."""


class ReadingRoom:
    """Reads mails apart; thread-safe, one mail at a time. ``close`` it, or leave it to the end of the process."""

    def __init__(self, command: Sequence[str] = _CHILD, patience: float = PATIENCE) -> None:
        self._command = (*command,)
        self._patience = patience
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._used = 0.0

    def ready(self) -> None:
        """Have a child that waits for a mail. Raises ``NoReader``."""
        with self._lock:
            self._started()

    def read(self, raw: bytes, sheet: Sheet) -> Reading:
        """Decode and understand a mail.

        Raises ``UnreadableMail``, ``ReadingFailed`` and ``ReaderDied`` for the mail's sake, else ``NoReader``.
        """
        frame = sheet.model_dump_json().encode() + b"\n" + raw
        with self._lock:
            try:
                return self._asked(frame)
            except _Killed as killed:
                if killed.by_time:
                    raise ReaderDied("too slow") from None
            try:
                # Somebody else may have ended it, for want of memory perhaps: the mail gets one more reader.
                return self._asked(frame)
            except _Killed as killed:
                raise ReaderDied("too slow" if killed.by_time else f"exit {killed.code}") from None

    def rest(self) -> None:
        """Let the child go when it has had nothing to do for a while; never waits for a mail that is being read."""
        if self._lock.acquire(blocking=False):
            try:
                if self._child is not None and time.monotonic() - self._used > REST:
                    self._end()
            finally:
                self._lock.release()

    def close(self) -> None:
        """Let the child go. One that is at a mail is left to the end of this process, which is its own."""
        if self._lock.acquire(timeout=_LAST_WAIT):
            try:
                self._end()
            finally:
                self._lock.release()

    def _asked(self, frame: bytes) -> Reading:
        child = self._started()
        try:
            answer = self._answered(child, frame)
        except BaseException:
            self._end(killed=True)
            raise
        if answer is None:
            code = self._end(killed=False)
            raise _Killed(code)
        self._used = time.monotonic()
        return _made_out(answer)

    def _started(self) -> subprocess.Popen[bytes]:
        if self._child is None or self._child.poll() is not None:
            self._end()
            self._child = self._new()
        return self._child

    def _new(self) -> subprocess.Popen[bytes]:
        """Start a child, and wait until it has everything that it reads with."""
        pipe, nowhere = subprocess.PIPE, subprocess.DEVNULL
        try:
            child = subprocess.Popen(self._command, stdin=pipe, stdout=pipe, stderr=nowhere, env=_environment())
        except OSError as error:
            raise NoReader(type(error).__name__) from None
        assert child.stdout is not None
        self._used = time.monotonic()
        if _received(child.stdout, len(_HERE), self._used + self._patience) != _HERE:
            self._child = child
            raise NoReader(f"exit {self._end(killed=True)}")
        return child

    def _answered(self, child: subprocess.Popen[bytes], frame: bytes) -> bytes | None:
        """Return the child's answer, None when it ended without one."""
        assert child.stdin is not None and child.stdout is not None  # noqa: PT018 - both are pipes
        with contextlib.suppress(BrokenPipeError):
            child.stdin.write(_SIZE.pack(len(frame)) + frame)
            child.stdin.flush()
        deadline = time.monotonic() + self._patience
        head = _received(child.stdout, _SIZE.size, deadline)
        return None if head is None else _received(child.stdout, _SIZE.unpack(head)[0], deadline)

    def _end(self, *, killed: bool = False) -> int:
        """End the child and return its exit code. One that has ended without an answer is not waited for long."""
        child, self._child = self._child, None
        if child is None:
            return 0
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        if killed:
            child.kill()
        try:
            return child.wait(1)
        except subprocess.TimeoutExpired:
            child.kill()
            return child.wait() and _Killed.HANGING


class _Killed(Exception):
    """The child ended without an answer."""

    HANGING = -1000

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code

    @property
    def by_time(self) -> bool:
        return self.code in (-signal.SIGPROF, self.HANGING)


def _received(pipe: IO[bytes], size: int, deadline: float) -> bytes | None:
    """Return so many bytes, None when the other side has closed or the deadline has passed."""
    found = bytearray()
    while len(found) < size:
        left = deadline - time.monotonic()
        if left <= 0 or not select.select([pipe], [], [], left)[0]:
            return None
        piece = os.read(pipe.fileno(), min(size - len(found), 1 << 20))
        if not piece:
            return None
        found += piece
    return bytes(found)


def _made_out(answer: bytes) -> Reading:
    how, what = answer[:1], answer[1:]
    if how == _READ:
        return Reading.model_validate_json(what)
    raise (UnreadableMail if how == _UNREADABLE else ReadingFailed)(what.decode())


def _environment() -> dict[str, str]:
    """Return what Python needs: passwords that this process was given have no place beside a hostile mail."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name in _ENVIRONMENT or name.startswith(_ENVIRONMENT_FAMILIES)
    }
    # The child runs the very code that this process runs, wherever that was found.
    return {**kept, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}


# ── in the child ──────────────────────────────────────────────────────────


def _bind() -> None:
    """End with the parent alone, and never take more of the machine than a mail can need."""
    # Elsewhere than on Linux the limits alone must do.
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    # systemd and the terminal ask every process of the service to end; the service itself does it in order.
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    allowed = MEMORY if hard == resource.RLIM_INFINITY else min(MEMORY, hard)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_AS, (allowed, allowed))


def _answer(frame: bytes) -> bytes:
    sheet, _, raw = frame.partition(b"\n")
    try:
        return _READ + read(raw, Sheet.model_validate_json(sheet)).model_dump_json().encode()
    except UnreadableMail as problem:
        return _UNREADABLE + str(problem).encode()
    except Exception as problem:  # noqa: BLE001 - a defect of ours met by one mail must not stop the others
        return _FAILED + f"{type(problem).__name__} at {place_of(problem)}".encode()


def main() -> None:
    """Read mails from standard input, as ``ReadingRoom`` gives them, until it is closed."""
    _bind()
    given, taken = sys.stdin.buffer, sys.stdout.buffer
    taken.write(_HERE)
    taken.flush()
    while len(head := given.read(_SIZE.size)) == _SIZE.size:
        frame = given.read(_SIZE.unpack(head)[0])
        # The default for this signal is death, by the kernel's hand: no code of ours need come to it.
        signal.setitimer(signal.ITIMER_PROF, COMPUTING)
        answer = _answer(frame)
        signal.setitimer(signal.ITIMER_PROF, 0)
        taken.write(_SIZE.pack(len(answer)) + answer)
        taken.flush()


if __name__ == "__main__":
    main()
