"""What the use cases give, and how they fail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from daemon import heartbeat
from daemon.anomalies.anomaly import Anomaly
from daemon.claims.claim import Claim, Draft
from daemon.claims.windows import Windows
from daemon.orders.order import Order, Parcel
from daemon.store import MailSummary
from parsers.notice import Notice


class ApplicationError(Exception):
    """Base of what a person can ask for in vain."""


class OrderUnknown(ApplicationError):
    """No order has this number."""

    def __init__(self, order_id: str, nearest: str | None) -> None:
        super().__init__(order_id)
        self.order_id, self.nearest = order_id, nearest


class OrderAmbiguous(ApplicationError):
    """More than one owner has an order with this number, and none was named."""

    def __init__(self, order_id: str, owners: Sequence[str]) -> None:
        super().__init__(order_id)
        self.order_id, self.owners = order_id, tuple(owners)


class OwnerUnknown(ApplicationError):
    """No mailbox of the configuration has this owner."""

    def __init__(self, owner: str, known: Sequence[str]) -> None:
        super().__init__(owner)
        self.owner, self.known = owner, tuple(known)


class ClaimUnknown(ApplicationError):
    """No claim has this number."""

    def __init__(self, ref: str, nearest: str | None) -> None:
        super().__init__(ref)
        self.ref, self.nearest = ref, nearest


class NothingOpen(ApplicationError):
    """The claim has no draft that this could be done to."""

    def __init__(self, ref: str) -> None:
        super().__init__(ref)
        self.ref = ref


class NotApprovable(ApplicationError):
    """The draft still lacks facts."""

    def __init__(self, ref: str, missing: Sequence[str]) -> None:
        super().__init__(ref)
        self.ref, self.missing = ref, tuple(missing)


class NotApproved(ApplicationError):
    """The text that is said to be sent was not approved."""

    def __init__(self, ref: str, stage: str) -> None:
        super().__init__(ref)
        self.ref, self.stage = ref, stage


class NotYetWritten(ApplicationError):
    """The text is said to have been sent before it was written."""

    def __init__(self, ref: str, written_at: datetime) -> None:
        super().__init__(ref)
        self.ref, self.written_at = ref, written_at


class EmptyText(ApplicationError):
    """A draft is to be left without a word."""

    def __init__(self, ref: str) -> None:
        super().__init__(ref)
        self.ref = ref


class NothingToUndo(ApplicationError):
    """There is no decision left that could be undone; or, with ``decision_id``, not this one."""

    def __init__(self, decision_id: int | None = None, *, undone: bool = False) -> None:
        super().__init__(decision_id)
        self.decision_id, self.undone = decision_id, undone


class LaterStep(ApplicationError):
    """A later stage was written since; that one must be undone or dismissed first."""

    def __init__(self, ref: str) -> None:
        super().__init__(ref)
        self.ref = ref


class MailUnknown(ApplicationError):
    """No mail in quarantine has this id, or more than one begins with it: then these are ``candidates``."""

    def __init__(self, mail_id: str, candidates: Sequence[str] = ()) -> None:
        super().__init__(mail_id)
        self.mail_id, self.candidates = mail_id, tuple(candidates)


class NotUnclear(MailUnknown):
    """No mail that was not understood has this id, or more than one begins with it."""


class NotDropped(MailUnknown):
    """No mail that was dropped has this id, or more than one begins with it."""


@dataclass(frozen=True, slots=True)
class OrderSummary:
    """One line of the list of orders."""

    owner: str
    order: Order
    anomalies: tuple[Anomaly, ...]
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class OrderView:
    """Everything known of one order."""

    owner: str
    order: Order
    anomalies: tuple[Anomaly, ...]
    claims: tuple[Claim, ...]
    questions: tuple[str, ...]
    mails: dict[str, MailSummary]
    next_check: datetime | None
    suspected: tuple[Parcel, ...] = ()
    """Parcels of which a carrier wrote and that may be this order's; nothing is concluded from them."""


@dataclass(frozen=True, slots=True)
class LooseParcel:
    """A parcel of which a carrier wrote and which no order knows."""

    owner: str
    parcel: Parcel
    """Its key is the tracking number, empty where the mails name none."""
    shop: str | None
    """Whoever handed it in, as the carrier names them."""
    timeline: tuple[Notice, ...]
    """What the carrier's mails say, oldest first."""
    perhaps: tuple[str, ...]
    """The order that it may belong to, by shop and time; nothing is concluded from that."""


@dataclass(frozen=True, slots=True)
class ClaimView:
    """Everything known of one claim."""

    owner: str
    claim: Claim
    order: Order
    anomaly: Anomaly | None
    windows: Windows


@dataclass(frozen=True, slots=True)
class DraftView:
    """A draft that waits for its owner."""

    owner: str
    claim: Claim
    draft: Draft


@dataclass(frozen=True, slots=True)
class Effect:
    """What followed from a decision: ``key`` of the catalogues (``effect.<key>``) and its facts."""

    key: str
    facts: dict[str, str]


@dataclass(frozen=True, slots=True)
class Change:
    """A decision that was carried out."""

    decision_id: int | None
    """None when nothing had to be decided: what was asked for is so already."""
    what: str
    subject: str
    effects: tuple[Effect, ...] = ()
    stage: str | None = None
    """The stage of the draft that was decided about."""
    undone: str | None = None
    """What the decision was that an undo took back."""
    said: dict[str, str] = field(default_factory=dict)
    """What the owner's word was, for a report or a correction, also for one that is taken back."""


@dataclass(frozen=True, slots=True)
class ReplayResult:
    """What reading all mails again gave."""

    mails: int
    orders: int
    troubles: int
    quarantined: int


@dataclass(frozen=True, slots=True)
class Status:
    """How relance is."""

    running: bool
    boxes: tuple[heartbeat.Box, ...]
    store_problem: str | None
    mails: dict[str, int]
    not_understood: int
    quarantined: int
    unverified: int
    """Mails of orders of which nothing proves the sender."""
    loose_parcels: int
    """Parcels of carriers' mails that no order knows."""
    orders: int
    open_claims: int
    drafts: int
    next_due: datetime | None
    store_path: str
