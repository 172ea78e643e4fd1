"""Claims and drafts: one anomaly pursued against one party, and the text of each stage."""

from __future__ import annotations

import hashlib
from datetime import datetime
from enum import StrEnum

from parsers.letter import Value


class ClaimParty(StrEnum):
    """To whom a claim goes."""

    AMAZON = "amazon"
    """Amazon's customer service: sold and shipped by Amazon, or the Amazon half of an FBA claim."""
    FBA_SELLER = "fba_seller"
    """A third party sold it, Amazon shipped it."""
    SELLER = "seller"
    """A third party sold and shipped it."""
    SHOP = "shop"
    """Another shop than Amazon."""


class Channel(StrEnum):
    """How a draft travels."""

    AMAZON_CONTACT = "amazon_contact"
    """Chat, telephone or form: one draft with three renderings."""
    SELLER_MESSAGE = "seller_message"
    """Amazon's messaging page; the owner pastes the text."""
    SELLER_MAIL = "seller_mail"
    """An answer by mail in an existing thread with the seller's relay address."""
    A_TO_Z_FORM = "a_to_z_form"
    """The A-to-z Guarantee's form; the owner pastes the text."""
    SHOP_MAIL = "shop_mail"
    """A mail to another shop, at an address of its own domain."""
    SHOP_CONTACT = "shop_contact"
    """That shop's own site, where no such address is known; the owner pastes the text."""


BY_MAIL = frozenset({Channel.SELLER_MAIL, Channel.SHOP_MAIL})
"""Channels of the drafts that are messages with an address."""


class Stage(StrEnum):
    """The steps of a ladder, and the courteous end of a claim that is withdrawn after sending."""

    FIRST = "first"
    REMINDER = "reminder"
    A_TO_Z = "a_to_z"
    WITHDRAWAL = "withdrawal"


class DraftState(StrEnum):
    """drafted → approved → sent → answered; or withdrawn by itself; or dismissed by the owner."""

    DRAFTED = "drafted"
    APPROVED = "approved"
    SENT = "sent"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"
    DISMISSED = "dismissed"


OPEN_STATES = frozenset({DraftState.DRAFTED, DraftState.APPROVED})


class Outcome(StrEnum):
    """Why a claim was closed."""

    DELIVERED = "delivered"
    REFUNDED = "refunded"
    """Refund seen by the owner."""
    CANCELLED = "cancelled"
    FOUND = "found"
    DISMISSED = "dismissed"
    SUPERSEDED = "superseded"
    """Another claim of the same order takes its place: the trouble, or who answers for it, turned out to be another."""
    GONE = "gone"
    """Nothing had been sent, and the trouble no longer shows: a later promise, or the owner took back their word."""


class Draft(Value):
    """The text of one stage of one claim."""

    claim: str
    """Human number, such as ``R-7F3K``."""
    stage: Stage
    party: ClaimParty
    channel: Channel
    language: str
    subject: str
    body: str
    """The letter itself (the form's or the message's text)."""
    chat: str | None = None
    """At most five lines for Amazon's chat (channel ``amazon_contact`` only)."""
    phone: str | None = None
    """A script of about thirty seconds (channel ``amazon_contact`` only)."""
    to: str | None = None
    """Mail address (the channels of ``BY_MAIL`` only)."""
    in_reply_to: str | None = None
    links: tuple[tuple[str, str], ...] = ()
    """(key of the link's name in ``templates/cli`` ``link.<key>``, URL), most useful first."""
    missing: tuple[str, ...] = ()
    """Facts shown as ``[À COMPLÉTER]``; while any is left, the draft cannot be approved."""
    evidence: tuple[str, ...] = ()
    state: DraftState = DraftState.DRAFTED
    created_at: datetime
    approved_at: datetime | None = None
    sent_at: datetime | None = None

    @property
    def content_hash(self) -> str:
        """SHA-256 (hex) of everything that would reach the other party; an approval is of this hash."""
        parts = (self.subject, self.body, self.chat or "", self.phone or "", self.to or "")
        return hashlib.sha256("\x00".join(parts).encode()).hexdigest()


class FollowUp(Value):
    """A step that falls due: at ``due_at`` the stage is drafted unless it was cancelled."""

    claim: str
    stage: Stage
    due_at: datetime


class Claim(Value):
    """One anomaly pursued against one party."""

    ref: str
    """Human number ``R-XXXX``, derived from what it is about, so that it never changes."""
    order_id: str
    code: str
    parcel: str = ""
    party: ClaimParty
    recommended: bool = True
    """With two claims for one trouble (FBA): the one to send first."""
    why: str
    """Key of the explanation of the routing (``route.<key>``)."""
    opened_at: datetime
    closed_at: datetime | None = None
    outcome: Outcome | None = None
    answered_at: datetime | None = None
    """When the party answered with more than an automatic reply."""
    refund_announced_at: datetime | None = None
    """A refund was announced; the claim waits for the owner to see the money."""
    drafts: tuple[Draft, ...] = ()
    follow_ups: tuple[FollowUp, ...] = ()
    """Those that are neither done nor cancelled."""
