"""imapclient over a socket that another thread can cut, from the first packet on."""

from __future__ import annotations

import contextlib
import imaplib
import logging
import ssl
from collections.abc import Sequence
from typing import Any

import imapclient  # type: ignore[import-untyped]  # the library ships no types
from imapclient.exceptions import CapabilityError  # type: ignore[import-untyped]

from daemon.mailbox.base import ConnectionLost
from daemon.mailbox.lifeline import Socket
from daemon.settings import ImapMailbox

# At lower levels the library logs what goes over the line: addresses and subjects.
logging.getLogger("imapclient").setLevel(logging.WARNING)


class _Imap4(imaplib.IMAP4):
    """imaplib over a socket that is connected already."""

    def __init__(self, socket: Socket, host: str, tls: ssl.SSLContext | None, timeout: float) -> None:
        self._given = socket
        self._tls = tls
        super().__init__(host, 0, timeout)

    def _create_socket(self, timeout: float | None) -> Any:  # noqa: ANN401, ARG002 - imaplib's own hook
        sock = self._given.sock
        return self._tls.wrap_socket(sock, server_hostname=self.host) if self._tls else sock


class Client(imapclient.IMAPClient):  # type: ignore[misc]  # the library ships no types
    """imapclient over such a socket. TLS begins at once when ``tls`` is given."""

    def __init__(self, socket: Socket, host: str, tls: ssl.SSLContext | None, timeout: float) -> None:
        self._given = (socket, host, tls, timeout)
        super().__init__(host, ssl=tls is not None, timeout=timeout)
        self.normalise_times = False
        # imapclient has imaplib write out every line for a log that nobody reads: a tenth of the time of a first read.
        self._imap.debug = 0

    def _create_IMAP4(self) -> _Imap4:
        return _Imap4(*self._given)

    def fetch_lines(self, uids: Sequence[int], items: Sequence[str]) -> list[Any]:
        """UID FETCH without the library's reading of the answer, which takes most of the time for many small ones."""
        status, lines = self._imap.uid("FETCH", ",".join(map(str, uids)), f"({' '.join(items)})")
        self._checkok("fetch", status, lines)
        return [line for line in lines if line is not None]


def greeted(socket: Socket, settings: ImapMailbox, tls: ssl.SSLContext | None, timeout: float) -> Client:
    """Return a client that the server has greeted, over TLS where ``tls`` is given. Raises ``ConnectionLost``."""
    client: Client | None = None
    try:
        client = Client(socket, settings.host, tls if settings.security == "tls" else None, timeout)
        if settings.security == "starttls":
            client.starttls(tls)
    except (OSError, imaplib.IMAP4.error, ValueError) as error:
        shut(client)
        if isinstance(error, CapabilityError):
            raise ConnectionLost.of("no_starttls", host=settings.host) from None
        if isinstance(error, ssl.SSLCertVerificationError):
            raise ConnectionLost.of("certificate", host=settings.host, why=error.verify_message) from None
        raise ConnectionLost.of("no_greeting", host=settings.host, port=settings.port) from error
    return client


def shut(client: Client | None) -> None:
    """Close a client's sockets without a farewell: a dead server would not answer it."""
    if client is not None:
        with contextlib.suppress(OSError, imaplib.IMAP4.error):
            client.shutdown()
