"""What a parser reads: a decoded, unwrapped mail.

The daemon's intake makes letters from raw mails; parsers never see MIME. All
values are immutable, so a letter can be shared between threads and read again.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class Value(BaseModel):
    """Base of relance's value objects: frozen, no unknown field, cheap to store as JSON."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Trust(StrEnum):
    """How far a letter's sender is believed.

    ``signed``: our own server's Authentication-Results say that the sender's domain signed it.
    ``owner``: forwarded or written by the mailbox's owner. ``unverified``: nothing proves or
    disproves the sender. ``forged``: something disproves it; no notice is drawn from it.
    """

    SIGNED = "signed"
    OWNER = "owner"
    UNVERIFIED = "unverified"
    FORGED = "forged"


class Link(Value):
    """A link of a letter. It is evidence only: relance never opens it and never shows it as one."""

    text: str
    url: str


class Attachment(Value):
    """A file that came with a letter; its bytes stay in the raw mail."""

    name: str
    content_type: str
    size: int


class Letter(Value):
    """One mail as its reader sees it, forwards unwrapped."""

    mail_id: str
    """SHA-256 of the raw mail, in hex: the evidence that notices point to."""
    sender: str
    """The address that matters, in lower case: the inner one of a forward. Empty when there is none."""
    sender_name: str = ""
    reply_to: str = ""
    """The address that answers are to go to, in lower case; empty when the mail names none besides its sender."""
    to: tuple[str, ...] = ()
    subject: str = ""
    """The inner subject of a forward, decoded, without ``Fwd:``/``TR:``."""
    date: datetime
    """When the mail that matters was written (aware). Falls back to the time of arrival."""
    received_at: datetime
    """When the outer mail arrived (aware)."""
    text: str = ""
    """The text/plain body of the mail that matters, ``\\n`` line ends, a forward's quote marks removed, or nothing."""
    html: str = ""
    """The text/html body of the mail that matters, size and depth capped; may be empty."""
    attachments: tuple[Attachment, ...] = ()
    note: str | None = None
    """What the owner wrote above a forward, in a reply or a mail of their own; quoted text and signature removed."""
    forwarded: bool = False
    forwarded_by: str | None = None
    """Address of the outer sender of a forward, in lower case."""
    trust: Trust = Trust.UNVERIFIED
    message_id: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
