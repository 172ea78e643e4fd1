"""What the store says of the mails it keeps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from daemon.mailbox.base import Role
from parsers.letter import Trust


class MailState(StrEnum):
    """What has become of a mail."""

    NEW = "new"
    READ = "read"
    QUARANTINED = "quarantined"
    DROPPED = "dropped"
    """Taken out of quarantine for good by the owner; its bytes are kept."""


@dataclass(frozen=True, slots=True)
class PendingMail:
    """A mail that waits to be read."""

    owner: str
    mailbox: str
    mail_id: str
    received_at: datetime
    role: Role
    attempts: int
    """How often reading it was begun before."""


@dataclass(frozen=True, slots=True)
class QuarantinedMail:
    """A mail that could not be read. What it says of itself is not known."""

    owner: str
    mailbox: str
    mail_id: str
    received_at: datetime
    size: int
    """Bytes of the raw mail."""
    reason: str
    attempts: int
    quarantined_at: datetime


@dataclass(frozen=True, slots=True)
class MailSummary:
    """What is shown of a mail that was read."""

    sender: str
    subject: str
    message_id: str
    date: datetime
    trust: Trust
    understood: bool


@dataclass(frozen=True, slots=True)
class UnclearMail:
    """A mail that was read and not understood: from a known sender, in words that no lexicon has."""

    owner: str
    mailbox: str
    mail_id: str
    received_at: datetime
    sender: str
    subject: str


@dataclass(frozen=True, slots=True)
class Counts:
    """How many mails are in each state."""

    new: int = 0
    read: int = 0
    quarantined: int = 0
    dropped: int = 0
    not_understood: int = 0
    """Of those read: from a known sender, in words that no lexicon knows."""
