"""A real Dovecot on loopback, unprivileged, with free ports and a certificate of its own.

Plain classes, so that benchmarks and other tests can use them; the pytest fixtures are in ``tests/conftest.py``.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from imapclient import IMAPClient  # type: ignore[import-untyped]  # the library ships no types

from tests.servers.certificate import Certificate
from tests.servers.dovecot_config import CONFIG

PASSWORD = 'a pass word "with" \\signs'
USERS = ("camille", "noor", "jo")


@dataclass(frozen=True)
class Message:
    """A message as the server keeps it."""

    uid: int
    flags: frozenset[str]
    received_at: datetime
    raw: bytes


def free_port() -> int:
    """Return a TCP port of loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def installed() -> bool:
    """Say whether a Dovecot with IMAP is on this machine."""
    return shutil.which("dovecot") is not None and Path("/usr/lib/dovecot/imap").exists()


class Dovecot:
    """One server. ``users`` can log in with ``PASSWORD``; every user has INBOX, Drafts, Sent and Trash.

    Runs as nobody when the tests run as root, else as the present user. ``extra`` is added to its configuration.
    """

    host = "127.0.0.1"
    password = PASSWORD

    def __init__(self, certificate: Certificate, users: Sequence[str] = USERS, extra: str = "") -> None:
        self.users = tuple(users)
        self.certificate = certificate
        self.port = free_port()
        self.tls_port = free_port()
        # Not pytest's own folder: nobody may not enter it, and Unix sockets need a short path.
        self.root = Path(tempfile.mkdtemp(prefix="dovecot-"))
        self._extra = extra
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def ca_file(self) -> Path:
        """Certificate to trust."""
        return self.certificate.cert

    @property
    def pid(self) -> int:
        """Process id of Dovecot's master."""
        assert self._process is not None, "Dovecot is not running"
        return self._process.pid

    def start(self) -> None:
        """Start it and wait until it greets (some 50 ms)."""
        for tries_left in (2, 1, 0):
            try:
                self._start()
            except RuntimeError:
                # Somebody else may have taken a port since it was found free.
                self.kill()
                if not tries_left:
                    raise
                self.port, self.tls_port = free_port(), free_port()
            else:
                return

    def _start(self) -> None:
        self._write_config()
        as_nobody = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"] if os.geteuid() == 0 else []
        self._process = subprocess.Popen(
            [*as_nobody, "dovecot", "-F", "-c", str(self.root / "dovecot.conf")],
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        self._wait_for_greeting()

    def stop(self) -> None:
        """End it with everything that it started, and remove its files."""
        self.kill()
        shutil.rmtree(self.root, ignore_errors=True)

    def kill(self) -> None:
        """Kill it and its children at once, as a power cut does; the mails stay."""
        if self._process is None:
            return
        self._signal(signal.SIGKILL)
        self._process.communicate()
        self._process = None

    def restart(self) -> None:
        """Kill it if it runs, and start it on the same ports with the same mails."""
        self.kill()
        shutil.rmtree(self.root / "run", ignore_errors=True)
        self.start()

    def freeze(self) -> None:
        """Stop all its processes: connections stay open and nothing answers."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let a frozen server go on."""
        self._signal(signal.SIGCONT)

    @contextmanager
    def client(self, user: str) -> Iterator[Any]:
        """Open an ``IMAPClient`` of one's own for ``user``."""
        client = IMAPClient(self.host, self.port, ssl=False, timeout=10)
        client.normalise_times = False
        client.login(user, PASSWORD)
        with client:
            yield client

    def deliver(
        self,
        user: str,
        raw: bytes,
        folder: str = "INBOX",
        *,
        received_at: datetime | None = None,
        flags: Sequence[str] = (),
    ) -> int:
        """Put a mail into a folder as a delivery does; return its UID."""
        with self.client(user) as client:
            return self._append(client, raw, folder, received_at, flags)

    def deliver_many(
        self, user: str, mails: Sequence[bytes], folder: str = "INBOX", *, received_at: datetime | None = None
    ) -> list[int]:
        """Put many mails into a folder over one connection; return their UIDs."""
        with self.client(user) as client:
            return [self._append(client, raw, folder, received_at, ()) for raw in mails]

    def messages(self, user: str, folder: str = "INBOX") -> list[Message]:
        """Return the messages of a folder by UID, without changing a flag."""
        with self.client(user) as client:
            client.select_folder(folder, readonly=True)
            found = client.fetch(client.search("ALL"), ["FLAGS", "INTERNALDATE", "BODY.PEEK[]"])
        return [
            Message(uid, frozenset(flag.decode() for flag in data[b"FLAGS"]), data[b"INTERNALDATE"], data[b"BODY[]"])
            for uid, data in sorted(found.items())
        ]

    def create_folder(self, user: str, folder: str) -> None:
        """Create a folder."""
        with self.client(user) as client:
            client.create_folder(folder)

    def delete_folder(self, user: str, folder: str) -> None:
        """Delete a folder with its mails."""
        with self.client(user) as client:
            client.delete_folder(folder)

    def expunge(self, user: str, uids: Sequence[int], folder: str = "INBOX") -> None:
        """Remove messages, as another mail program does."""
        with self.client(user) as client:
            client.select_folder(folder)
            client.delete_messages(uids)
            client.uid_expunge(uids)

    def log(self) -> str:
        """Return the server's log."""
        path = self.root / "dovecot.log"
        return path.read_text("utf-8", "replace") if path.exists() else ""

    def bytes_sent(self, user: str) -> int:
        """Return the bytes sent to ``user`` in all IMAP sessions that have ended."""
        return sum(int(n) for n in re.findall(rf"imap\({re.escape(user)}\)[^\n]* sent=(\d+)", self.log()))

    def _append(self, client: Any, raw: bytes, folder: str, at: datetime | None, flags: Sequence[str]) -> int:
        answer = client.append(folder, raw, flags=[flag.encode() for flag in flags], msg_time=at)
        found = re.search(rb"APPENDUID \d+ (\d+)", answer)
        assert found is not None, answer
        return int(found[1])

    def _write_config(self) -> None:
        nobody = os.geteuid() == 0
        user, group = ("nobody", "nogroup") if nobody else _present_user()
        for folder in ("run", "state", "mail"):
            (self.root / folder).mkdir(exist_ok=True)
        shutil.copy(self.certificate.cert, self.root / "cert.pem")
        shutil.copy(self.certificate.key, self.root / "key.pem")
        lines = [f"{name}:{{PLAIN}}{PASSWORD}\n" for name in self.users]
        (self.root / "users").write_text("".join(lines), "utf-8")
        text = CONFIG.format(
            root=self.root, user=user, group=group, port=self.port, tls_port=self.tls_port, extra=self._extra
        )
        (self.root / "dovecot.conf").write_text(text, "utf-8")
        if nobody:
            for path in (self.root, *self.root.iterdir()):
                shutil.chown(path, user, group)

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None:
            os.killpg(self._process.pid, number)

    def _wait_for_greeting(self, seconds: float = 10) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            try:
                with socket.create_connection((self.host, self.port), 1) as line:
                    if line.recv(64).startswith(b"* OK"):
                        return
            except OSError:
                pass
            assert self._process is not None
            if self._process.poll() is not None:
                assert self._process.stderr is not None
                raise RuntimeError(f"Dovecot did not start: {self._process.stderr.read().decode()} {self.log()}")
            time.sleep(0.005)  # there is no event to wait for: the port opens when it opens
        raise RuntimeError(f"Dovecot does not answer: {self.log()}")


def _present_user() -> tuple[str, str]:
    import grp
    import pwd

    return pwd.getpwuid(os.geteuid()).pw_name, grp.getgrgid(os.getegid()).gr_name
