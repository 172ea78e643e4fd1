"""What every kind of mailbox offers, and what it hands on.

A mailbox knows folders and messages, never orders. It reads headers first,
asks its ``Sink`` which mails matter, and hands those over whole; the sink
writes them and the folder's watermark in one transaction.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Protocol, Self

from daemon.say import say

OURS = "X-Relance"
"""Header field that every message from relance to its owner bears."""


class Role(StrEnum):
    """What a watched folder is for: the owner's mail, or what the owner has sent."""

    INBOX = "inbox"
    SENT = "sent"


class State(StrEnum):
    """Health of a mailbox, shown by ``relance status``."""

    STARTING = "starting"
    READING_BACK = "reading_back"
    WATCHING = "watching"
    RETRYING = "retrying"
    REFUSED = "refused"
    """The server refused the login: nothing is tried again until the configuration or a restart changes it."""
    FOLDER_GONE = "folder_gone"
    PAUSED = "paused"
    """The store cannot take mail (full disk, locked database)."""
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Header:
    """The envelope of a mail, enough to say whether it can matter."""

    uid: int
    received_at: datetime
    size: int
    sender: str
    to: tuple[str, ...]
    subject: str
    message_id: str
    in_reply_to: str
    references: tuple[str, ...]
    ours: bool
    """It bears relance's own header: a notice that we appended, never to be read again."""
    sender_name: str = ""
    """The sender's display name as written, decoded: what an imitation puts a known name into."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """A mail as the server keeps it; ``raw`` is None for a Maildir file seen and found not to matter."""

    uid: int
    received_at: datetime
    raw: bytes | None


@dataclass(frozen=True, slots=True)
class Watermark:
    """How far a folder has been read. For Maildir ``uidvalidity`` is 1 and ``last_uid`` is 0."""

    uidvalidity: int
    last_uid: int


class Sink(Protocol):
    """The shell's side of a mailbox: one per mailbox, called from that mailbox's thread only."""

    def watermark(self, folder: str) -> Watermark | None:
        """Return how far ``folder`` was read, None for never."""

    def seen(self, folder: str) -> set[int]:
        """Return the keys of the files of a Maildir folder that were seen already."""

    def wanted(self, header: Header, role: Role) -> bool:
        """Say whether a mail can matter and is to be fetched whole."""

    def keep(self, folder: str, mark: Watermark, mails: Sequence[Arrived]) -> None:
        """Write mails and watermark in one transaction; raise ``StoreUnavailable`` when that cannot be."""

    def state(self, state: State, message: str = "", **facts: str | int) -> None:
        """Tell the mailbox's health; ``message`` is a key of ``templates/cli`` (``mailbox.<key>``)."""

    def progress(self, folder: str, done: int, total: int) -> None:
        """Tell how far reading back has come, in mails."""

    def caught_up(self, mailbox: Mailbox) -> None:
        """Process what came, place what is due, ping the watchdog: called after each complete sync of all folders."""


class Mailbox(Protocol):
    """One account. ``watch`` blocks in its own thread.

    ``append``, ``find``, ``remove`` and ``drafts_folder`` are called by the sink inside ``caught_up``.
    """

    name: str

    def watch(self, sink: Sink, stop: threading.Event) -> None:
        """Watch until ``stop`` is set (then ``wake`` is called). Returns; raises only for a programming error."""

    def wake(self) -> None:
        """Make ``watch`` run one sync now; safe from any thread and from a signal handler's successor."""

    def append(self, folder: str | Role, raw: bytes, *, message_id: str, draft: bool) -> int | None:
        r"""Append a message unless one with ``message_id`` is there; return its UID where the server tells it.

        ``folder`` is a name, or a role resolved by SPECIAL-USE; ``draft=True`` sets ``\Draft``.
        Raises ``MailboxError``.
        """

    def find(self, folder: str | Role, message_id: str) -> int | None:
        """Return the UID (for a Maildir the key) of the message with ``message_id``, None for none.

        Raises ``MailboxError``.
        """

    def remove(self, folder: str | Role, message_id: str) -> bool:
        """Remove a message that bears the header ``X-Relance`` and exactly this Message-ID; say whether one was.

        Anything else is left alone, and so is everything where the server cannot remove one message alone (no UIDPLUS).
        Raises ``MailboxError``.
        """

    def interrupt(self) -> None:
        """Cut whatever ``watch`` is blocked in, once its ``stop`` is set; safe from any thread."""

    def drafts_folder(self) -> str:
        """Name of the Drafts folder (SPECIAL-USE, then usual names, or as configured). Raises ``FolderMissing``."""


class MailboxError(Exception):
    """The mailbox cannot be used now; the message says why and what to do."""

    key: str = ""
    """Key of the message in ``templates/cli`` (``mailbox.<key>``), to be said in another language."""
    facts: Mapping[str, str | int] = MappingProxyType({})

    @classmethod
    def of(cls, key: str, **facts: str | int) -> Self:
        """Return the error whose message is ``mailbox.<key>`` of the catalogues with these facts filled in."""
        error = cls(say(f"mailbox.{key}", **facts))
        error.key = key
        error.facts = facts
        return error


class LoginRefused(MailboxError):
    """The server refused the login."""


class Misconfigured(MailboxError):
    """Something that the configuration names cannot be used: a secret, a certificate. Trying again does not help."""


class ConnectionLost(MailboxError):
    """The server cannot be reached, has gone, or talks nonsense: connect again later."""


class CommandRefused(MailboxError):
    """The server said NO to a command, and the connection goes on."""


class FolderMissing(MailboxError):
    """A folder that the configuration names, or that is needed, is not there."""
