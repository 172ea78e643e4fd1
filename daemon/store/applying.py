"""How each action of a plan is written. Every function runs inside its caller's transaction."""

from __future__ import annotations

from datetime import datetime
from functools import singledispatch
from typing import Any

from sqlalchemy import Connection, and_, select, update
from sqlalchemy.dialects.sqlite import insert

from daemon.claims.actions import (
    AddDraft,
    AnnounceRefund,
    CancelFollowUps,
    CloseClaim,
    CompleteFollowUp,
    MarkAnswered,
    MarkDraftAnswered,
    OpenClaim,
    ReopenClaim,
    ScheduleFollowUp,
    WithdrawDraft,
)
from daemon.claims.claim import Claim, DraftState, FollowUp
from daemon.store import drafts
from daemon.store.errors import ReferenceTaken, UnknownClaim
from daemon.store.schema import claims, follow_ups


@singledispatch
def apply(action: object, connection: Connection, owner: str, now: datetime) -> None:  # noqa: ARG001 — the actions' signature
    """Write one action. Raises what ``Claims.apply`` says."""
    raise TypeError(f"{type(action).__name__} is not for the store")


@apply.register
def _open(action: OpenClaim, connection: Connection, owner: str, now: datetime) -> None:
    claim = action.claim
    holder = connection.execute(select(claims.c.owner).where(claims.c.ref == claim.ref)).scalar_one_or_none()
    if holder is not None and holder != owner:
        raise ReferenceTaken(claim.ref)
    if holder is not None:
        return
    connection.execute(insert(claims).values(owner=owner, **_row(claim)))
    for draft in claim.drafts:
        drafts.add(connection, draft)
    for follow_up in claim.follow_ups:
        _schedule_one(connection, follow_up, now)


@apply.register
def _add_draft(action: AddDraft, connection: Connection, owner: str, now: datetime) -> None:  # noqa: ARG001
    _must_own(connection, owner, action.draft.claim)
    drafts.add(connection, action.draft)


@apply.register
def _withdraw(action: WithdrawDraft, connection: Connection, owner: str, now: datetime) -> None:  # noqa: ARG001
    _must_own(connection, owner, action.ref)
    # What the owner dismissed is off the table already, and stays their decision.
    if drafts.get(connection, action.ref, action.stage).state != DraftState.DISMISSED:
        drafts.move(connection, action.ref, action.stage, DraftState.WITHDRAWN)


@apply.register
def _draft_answered(action: MarkDraftAnswered, connection: Connection, owner: str, now: datetime) -> None:  # noqa: ARG001
    _must_own(connection, owner, action.ref)
    drafts.move(connection, action.ref, action.stage, DraftState.ANSWERED)


@apply.register
def _schedule(action: ScheduleFollowUp, connection: Connection, owner: str, now: datetime) -> None:
    _must_own(connection, owner, action.follow_up.claim)
    _schedule_one(connection, action.follow_up, now)


@apply.register
def _cancel(action: CancelFollowUps, connection: Connection, owner: str, now: datetime) -> None:
    _must_own(connection, owner, action.ref)
    _end_follow_ups(connection, action.ref, None, "cancelled", now)


@apply.register
def _complete(action: CompleteFollowUp, connection: Connection, owner: str, now: datetime) -> None:
    _must_own(connection, owner, action.ref)
    _end_follow_ups(connection, action.ref, action.stage, "done", now)


@apply.register
def _close(action: CloseClaim, connection: Connection, owner: str, now: datetime) -> None:
    _must_own(connection, owner, action.ref)
    still_open = and_(claims.c.ref == action.ref, claims.c.closed_at.is_(None))
    connection.execute(update(claims).where(still_open).values(closed_at=action.at, outcome=action.outcome))
    _end_follow_ups(connection, action.ref, None, "cancelled", now)


@apply.register
def _reopen(action: ReopenClaim, connection: Connection, owner: str, now: datetime) -> None:  # noqa: ARG001
    _set(connection, owner, action.ref, closed_at=None, outcome=None)


@apply.register
def _announce(action: AnnounceRefund, connection: Connection, owner: str, now: datetime) -> None:  # noqa: ARG001
    _set(connection, owner, action.ref, refund_announced_at=action.at)


@apply.register
def _answered(action: MarkAnswered, connection: Connection, owner: str, now: datetime) -> None:  # noqa: ARG001
    _set(connection, owner, action.ref, answered_at=action.at)


def _set(connection: Connection, owner: str, ref: str, **values: Any) -> None:  # noqa: ANN401 — columns of one table
    _must_own(connection, owner, ref)
    connection.execute(update(claims).where(claims.c.ref == ref).values(values))


def _must_own(connection: Connection, owner: str, ref: str) -> None:
    mine = select(claims.c.ref).where(claims.c.ref == ref, claims.c.owner == owner)
    if connection.execute(mine).first() is None:
        raise UnknownClaim(ref)


def _schedule_one(connection: Connection, follow_up: FollowUp, now: datetime) -> None:
    due = {"due_at": follow_up.due_at, "state": "open", "changed_at": now}
    row = insert(follow_ups).values(ref=follow_up.claim, stage=follow_up.stage, **due)
    moved = (follow_ups.c.state != "open") | (follow_ups.c.due_at != row.excluded.due_at)
    connection.execute(row.on_conflict_do_update(index_elements=["ref", "stage"], set_=due, where=moved))


def _end_follow_ups(connection: Connection, ref: str, stage: str | None, state: str, now: datetime) -> None:
    ended = update(follow_ups).where(follow_ups.c.ref == ref, follow_ups.c.state == "open")
    if stage is not None:
        ended = ended.where(follow_ups.c.stage == stage)
    connection.execute(ended.values(state=state, changed_at=now))


def _row(claim: Claim) -> dict[str, Any]:
    return {
        "ref": claim.ref,
        "order_id": claim.order_id,
        "code": claim.code,
        "parcel": claim.parcel,
        "party": claim.party,
        "recommended": int(claim.recommended),
        "why": claim.why,
        "opened_at": claim.opened_at,
        "closed_at": claim.closed_at,
        "outcome": claim.outcome,
        "answered_at": claim.answered_at,
        "refund_announced_at": claim.refund_announced_at,
    }
