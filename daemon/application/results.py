"""What the use cases give, and how they fail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from daemon import heartbeat
from daemon.anomalies.anomaly import Anomaly
from daemon.claims.claim import Claim, Draft
from daemon.claims.windows import Windows
from daemon.orders.order import Order, Parcel
from daemon.store import MailSummary


class ApplicationError(Exception):
    """Base of what a person can ask for in vain."""


class OrderUnknown(ApplicationError):
    """No order has this number."""

    def __init__(self, order_id: str, nearest: str | None) -> None:
        super().__init__(order_id)
        self.order_id, self.nearest = order_id, nearest


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
    """There is no decision left, or not this one, that could be undone."""


class LaterStep(ApplicationError):
    """A later stage was written since; that one must be undone or dismissed first."""

    def __init__(self, ref: str) -> None:
        super().__init__(ref)
        self.ref = ref


class MailUnknown(ApplicationError):
    """No mail in quarantine has this id."""

    def __init__(self, mail_id: str) -> None:
        super().__init__(mail_id)
        self.mail_id = mail_id


class NotUnclear(ApplicationError):
    """No mail that was not understood has this id."""


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

    decision_id: int
    what: str
    subject: str
    effects: tuple[Effect, ...] = ()
    stage: str | None = None
    """The stage of the draft that was decided about."""


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
    orders: int
    open_claims: int
    drafts: int
    next_due: datetime | None
    store_path: str
