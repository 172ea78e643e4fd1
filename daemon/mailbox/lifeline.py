"""What another thread may do to a mailbox's thread: wake it, or cut what it is blocked in."""

from __future__ import annotations

import contextlib
import select
import socket
import threading
import time
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Self


class Cut(OSError):
    """The service is ending: whatever was waited for is not waited for any longer."""


class Lifeline:
    """Lives as long as one ``watch``. Only ``wake`` and ``interrupt`` may be called from other threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._cut = False
        self._cutters: dict[int, Callable[[], None]] = {}
        self._read, self._write = socket.socketpair()
        self._read.setblocking(False)
        self._write.setblocking(False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._read.close()
        self._write.close()

    def wake(self) -> None:
        """Make the present or the next ``wait`` return at once."""
        # Full: a wake-up is already on its way. Closed: nobody waits any more.
        with contextlib.suppress(OSError):
            self._write.send(b"w")

    def interrupt(self) -> None:
        """Cut every connection and process that is held, and all that will be."""
        with self._lock:
            self._cut = True
            cutters = list(self._cutters.values())
        for cut in cutters:
            cut()
        self.wake()

    def check(self) -> None:
        """Raise ``Cut`` after ``interrupt``."""
        if self._cut:
            raise Cut("interrupted")

    def hold(self, cut: Callable[[], None]) -> Callable[[], None]:
        """Have ``cut`` called upon ``interrupt``; return what ends that. Raises ``Cut`` when it is too late."""
        with self._lock:
            self.check()
            key = id(cut)
            self._cutters[key] = cut

        def release() -> None:
            with self._lock:
                self._cutters.pop(key, None)

        return release

    def wait(self, seconds: float, *, readable: int | None = None, writable: int | None = None) -> tuple[bool, bool]:
        """Wait for ``wake``, or for a file descriptor, or for ``seconds`` to pass; return (woken, descriptor ready)."""
        poll = select.poll()
        poll.register(self._read, select.POLLIN)
        other = readable if readable is not None else writable
        if other is not None:
            poll.register(other, select.POLLIN if readable is not None else select.POLLOUT)
        ready = {descriptor for descriptor, _ in poll.poll(max(0.0, seconds) * 1000)}
        woken = self._read.fileno() in ready
        if woken:
            self._drain()
        return woken, other in ready

    def _drain(self) -> None:
        with contextlib.suppress(BlockingIOError):
            while self._read.recv(4096):
                pass


@contextlib.contextmanager
def held(line: Lifeline | None, cut: Callable[[], None]) -> Iterator[None]:
    """Hold something for the time of a block; without a lifeline nothing can cut it."""
    release = line.hold(cut) if line is not None else None
    try:
        yield
    finally:
        if release is not None:
            release()


class Socket:
    """A TCP connection that ``interrupt`` can cut at every stage: connecting, TLS, greeting, reading."""

    def __init__(self, host: str, port: int, timeout: float, line: Lifeline) -> None:
        """Connect to the first address of ``host`` that answers within ``timeout`` seconds. Raises ``OSError``."""
        self._line = line
        self.sock = self._connect(host, port, timeout)
        # A second handle of the same connection: it stays valid whatever TLS makes of the first one.
        self._handle = self.sock.dup()
        try:
            self._release = line.hold(self.cut)
        except Cut:
            self._handle.close()
            self.sock.close()
            raise

    def _connect(self, host: str, port: int, timeout: float) -> socket.socket:
        problem: OSError = OSError("no address")
        for family, kind, protocol, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
            sock = socket.socket(family, kind, protocol)
            try:
                self._connect_one(sock, address, timeout)
            except Cut:
                sock.close()
                raise
            except OSError as error:
                sock.close()
                problem = error
            else:
                return sock
        raise problem

    def _connect_one(self, sock: socket.socket, address: tuple[object, ...], timeout: float) -> None:
        sock.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            sock.connect(address)
        deadline = time.monotonic() + timeout
        connected = False
        while not connected:
            self._line.check()
            remaining = deadline - time.monotonic()
            if remaining <= 0:
                raise TimeoutError("timed out while connecting")
            _, connected = self._line.wait(remaining, writable=sock.fileno())
        self._line.check()
        if code := sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
            raise OSError(code, "cannot connect")
        sock.settimeout(timeout)

    def cut(self) -> None:
        """Shut the connection down; whoever reads it gets an end or an error at once."""
        with contextlib.suppress(OSError):
            self._handle.shutdown(socket.SHUT_RDWR)

    def ended(self) -> bool:
        """Say whether the peer has closed the connection and nothing is left to be read."""
        try:
            return self._handle.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
        except BlockingIOError:
            return False
        except OSError:
            return True

    def close(self) -> None:
        """Let go of the second handle, and close the connection."""
        self._release()
        self.cut()
        self._handle.close()
