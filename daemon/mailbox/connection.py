"""One IMAP connection: typed, with time limits everywhere, and every fault under one of four names.

``ConnectionLost`` is raised for a dead line and for nonsense on it alike: after either, what the library has in its
buffers is worth nothing, and only a new connection and a new look at the folders can be trusted.
"""

from __future__ import annotations

import contextlib
import imaplib
import re
import ssl
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from imapclient.exceptions import (  # type: ignore[import-untyped]  # the library ships no types
    CapabilityError,
    ProtocolError,
)

from daemon.mailbox.base import CommandRefused, ConnectionLost, FolderMissing, MailboxError
from daemon.mailbox.client import greeted, shut
from daemon.mailbox.fetched import Fetched, fetched
from daemon.mailbox.lifeline import Lifeline, Socket
from daemon.mailbox.login import login
from daemon.mailbox.tls import context
from daemon.settings import ImapMailbox

_CODE = re.compile(r"\[([A-Z-]+)")
_APPENDUID = re.compile(rb"\[APPENDUID \d+ (\d+)\]", re.IGNORECASE)
_NOT_A_FOLDER = frozenset({b"\\noselect", b"\\nonexistent"})


@dataclass(frozen=True, slots=True)
class Selected:
    """What EXAMINE says of a folder; ``uidnext`` is 0 where the server does not tell."""

    uidvalidity: int
    uidnext: int
    exists: int


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of LIST; its attributes are in lower case."""

    name: str
    delimiter: str
    attributes: frozenset[bytes]

    @property
    def selectable(self) -> bool:
        """Say whether it can hold mails."""
        return not self.attributes & _NOT_A_FOLDER


class Connection:
    """A connection that is logged in.

    All methods raise ``ConnectionLost``, and ``CommandRefused`` where the server says NO.
    """

    def __init__(self, client: Any, socket: Socket) -> None:  # noqa: ANN401 - the library ships no types
        self._client = client
        self._socket = socket
        self.broken = False
        """The line is dead: nothing else will come of this connection."""

    @classmethod
    def open(cls, settings: ImapMailbox, line: Lifeline, timeout: float | None = None) -> Connection:
        """Connect and log in; ``timeout`` (seconds) is for each answer.

        Raises ``LoginRefused`` and ``Misconfigured`` too.
        """
        seconds = timeout or settings.timeout_seconds
        tls = None if settings.security == "plain" else context(settings.ca_file)
        try:
            socket = Socket(settings.host, settings.port, seconds, line)
        except OSError as error:
            raise ConnectionLost.of("unreachable", host=settings.host, port=settings.port) from error
        client: Any = None
        try:
            client = greeted(socket, settings, tls, seconds)
            connection = cls(client, socket)
            with connection._translated():
                login(client, settings, line)
        except BaseException:
            socket.close()
            shut(client)
            raise
        return connection

    def close(self) -> None:
        """Close the line without a farewell: a dead server would not answer it."""
        self._socket.close()
        shut(self._client)

    def has(self, capability: str) -> bool:
        """Say whether the server offers ``capability`` after login."""
        with self._translated():
            return bool(self._client.has_capability(capability))

    @property
    def greeting(self) -> str:
        """What the server said first."""
        return bytes(self._client.welcome or b"").decode("utf-8", "replace")

    def folders(self) -> tuple[Folder, ...]:
        """List all folders."""
        with self._translated():
            return tuple(
                Folder(name, (delimiter or b"").decode(), frozenset(flag.lower() for flag in attributes))
                for attributes, delimiter, name in self._client.list_folders()
            )

    def examine(self, folder: str) -> Selected:
        """Open a folder for reading only. Raises ``FolderMissing``."""
        return self._open_folder(folder, readonly=True)

    def select(self, folder: str) -> Selected:
        """Open a folder for writing; nothing is marked as seen by that. Raises ``FolderMissing``."""
        return self._open_folder(folder, readonly=False)

    def search(self, criteria: Sequence[str | int | Any]) -> list[int]:
        """Return the UIDs that match, in ascending order."""
        with self._translated():
            return sorted(set(self._client.search(criteria)))

    def fetch(self, uids: Sequence[int], items: Sequence[str]) -> dict[int, dict[bytes, Any]]:
        """Return the items by UID; a message that has gone is silently missing."""
        with self._translated():
            answer: dict[int, dict[bytes, Any]] = self._client.fetch(uids, items) if uids else {}
            return answer

    def fetch_headers(self, uids: Sequence[int], fields: Sequence[str]) -> list[Fetched]:
        """Return time, size and the named header fields of messages, by UID; those that have gone are missing."""
        item = f"BODY.PEEK[HEADER.FIELDS ({' '.join(fields)})]"
        with self._translated():
            answer = self._client.fetch_lines(uids, ["UID", "INTERNALDATE", "RFC822.SIZE", item]) if uids else []
            asked = set(uids)
            return sorted((one for one in fetched(answer) if one.uid in asked), key=lambda one: one.uid)

    def append(self, folder: str, raw: bytes, flags: Iterable[str]) -> int | None:
        """Append a message; return its UID where the server tells it (UIDPLUS)."""
        with self._translated():
            found = _APPENDUID.search(self._client.append(folder, raw, flags=[flag.encode() for flag in flags]) or b"")
        return int(found[1]) if found else None

    def remove(self, uid: int) -> None:
        """Remove one message of the selected folder, and no other. Needs UIDPLUS."""
        with self._translated():
            self._client.delete_messages([uid], silent=True)
            self._client.uid_expunge([uid])

    def noop(self) -> None:
        """Ask for a sign of life."""
        with self._translated():
            self._client.noop()

    def idle(self) -> None:
        """Enter IDLE; what comes with the continuation stays unseen in a buffer, so look at the folder afterwards."""
        with self._translated(refusal_is_fatal=True):
            self._client.idle()

    def idle_done(self) -> None:
        """Leave IDLE; a frozen server is noticed here."""
        with self._translated(refusal_is_fatal=True):
            self._client.idle_done()

    def idle_events(self) -> list[tuple[Any, ...]]:
        """Return what the server said in IDLE, without waiting; BYE and a closed line are ``ConnectionLost``."""
        with self._translated(refusal_is_fatal=True):
            events: list[tuple[Any, ...]] = self._client.idle_check(timeout=0)
        if any(event and event[0] == b"BYE" for event in events) or (not events and self._socket.ended()):
            self.broken = True
            raise ConnectionLost.of("connection_lost")
        return events

    def pending(self) -> bool:
        """Say whether TLS has decrypted bytes that the bare socket does not show."""
        sock = self._client.socket()
        return isinstance(sock, ssl.SSLSocket) and sock.pending() > 0

    def fileno(self) -> int:
        """Return the socket's file descriptor, for polling only."""
        return int(self._client.socket().fileno())

    def _open_folder(self, folder: str, *, readonly: bool) -> Selected:
        try:
            with self._translated():
                answer = self._client.select_folder(folder, readonly=readonly)
        except CommandRefused:
            if any(known.name == folder and known.selectable for known in self.folders()):
                raise
            raise FolderMissing.of("folder_gone", folder=folder) from None
        return Selected(answer.get(b"UIDVALIDITY", 0), answer.get(b"UIDNEXT", 0), answer.get(b"EXISTS", 0))

    @contextlib.contextmanager
    def _translated(self, *, refusal_is_fatal: bool = False) -> Iterator[None]:
        try:
            yield
        except MailboxError as error:
            self.broken = self.broken or isinstance(error, ConnectionLost)
            raise
        except (imaplib.IMAP4.abort, ProtocolError, OSError, ValueError, LookupError, TypeError) as error:
            self.broken = True
            raise ConnectionLost.of("connection_lost") from error
        except (imaplib.IMAP4.error, CapabilityError) as error:
            if refusal_is_fatal:
                self.broken = True
                raise ConnectionLost.of("connection_lost") from error
            # The server's own words can quote a folder or an address; only its code is kept.
            code = _CODE.search(str(error))
            raise CommandRefused.of("command_refused", code=code[1] if code else "NO") from None
