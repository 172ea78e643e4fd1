"""What every kind of mailbox offers, and what it hands on.

A mailbox knows folders and messages, never orders. It reads headers first,
asks its ``Sink`` which mails matter, and hands those over whole; the sink
writes them and the folder's watermark in one transaction.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


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
        """Called after each complete sync of all folders: process what came, place what is due, ping the watchdog."""


class Mailbox(Protocol):
    """One account. ``watch`` blocks in its own thread; ``append`` and ``find`` are called by the sink inside ``caught_up``."""

    name: str

    def watch(self, sink: Sink, stop: threading.Event) -> None:
        """Watch until ``stop`` is set (then ``wake`` is called). Returns; raises only for a programming error."""

    def wake(self) -> None:
        """Make ``watch`` run one sync now; safe from any thread and from a signal handler's successor."""

    def append(self, folder: str | Role, raw: bytes, *, message_id: str, draft: bool) -> int | None:
        """Append a message unless one with ``message_id`` is there; return its UID where the server tells it.

        ``folder`` is a name, or a role resolved by SPECIAL-USE; ``draft=True`` sets ``\\Draft``. Raises ``MailboxError``.
        """

    def drafts_folder(self) -> str:
        """Name of the Drafts folder (SPECIAL-USE, then usual names, or as configured). Raises ``FolderMissing``."""


class MailboxError(Exception):
    """The mailbox cannot be used now; the message says why and what to do."""


class LoginRefused(MailboxError):
    """The server refused the login."""


class FolderMissing(MailboxError):
    """A folder that the configuration names, or that is needed, is not there."""

