"""What a claim can ask for: the actions that planning gives and that the store applies.

Every action is idempotent: applying it to claims that already show its effect changes nothing, and so a plan that
was applied, wholly or twice, gives the same claims. ``ComposeStage`` alone is not for the store: it asks whoever
runs the plan to write the letter and to come back with an ``AddDraft``.
"""

from __future__ import annotations

from datetime import datetime
from typing import TypeAlias

from daemon.claims.claim import Claim, Draft, FollowUp, Outcome, Stage
from parsers.letter import Value


class OpenClaim(Value):
    """Pursue an anomaly against a party. The claim's own drafts and follow-ups are opened with it."""

    claim: Claim


class AddDraft(Value):
    """Put the text of one stage before the owner; a stage that has a draft keeps it, unless it was withdrawn."""

    draft: Draft


class ComposeStage(Value):
    """The stage is due: its letter must be written. Not applied by the store."""

    ref: str
    stage: Stage


class WithdrawDraft(Value):
    """The text of a stage is pointless by now; only a draft that was not sent can be withdrawn."""

    ref: str
    stage: Stage


class ScheduleFollowUp(Value):
    """The next stage falls due at the follow-up's ``due_at``; one that is open for the stage is moved."""

    follow_up: FollowUp


class CancelFollowUps(Value):
    """No further stage of this claim falls due."""

    ref: str


class CompleteFollowUp(Value):
    """The stage that fell due was drafted."""

    ref: str
    stage: Stage


class CloseClaim(Value):
    """Nothing remains to be pursued. Its follow-ups are cancelled with it; its drafts are left as they are."""

    ref: str
    outcome: Outcome
    at: datetime


class ReopenClaim(Value):
    """The trouble is back: the claim is open again, without an outcome."""

    ref: str


class AnnounceRefund(Value):
    """The party announced a refund; the claim waits for the owner to see the money."""

    ref: str
    at: datetime


class MarkAnswered(Value):
    """The party answered the claim with more than an automatic reply."""

    ref: str
    at: datetime


class MarkDraftAnswered(Value):
    """The draft of this stage, which was sent, has its answer."""

    ref: str
    stage: Stage


Action: TypeAlias = (
    OpenClaim
    | AddDraft
    | ComposeStage
    | WithdrawDraft
    | ScheduleFollowUp
    | CancelFollowUps
    | CompleteFollowUp
    | CloseClaim
    | ReopenClaim
    | AnnounceRefund
    | MarkAnswered
    | MarkDraftAnswered
)
"""Everything that a plan is made of."""
