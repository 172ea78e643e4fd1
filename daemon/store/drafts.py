"""Drafts as rows: a state that moves, and texts that are only ever added to.

Every function runs inside its caller's transaction.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic_core import from_json
from sqlalchemy import ColumnElement, Connection, Row, Select, and_, func, insert, select, update

from daemon.claims.claim import Draft, DraftState, Stage
from daemon.store.errors import IllegalTransition, IncompleteDraft, StaleApproval, UnknownDraft
from daemon.store.schema import claims, draft_revisions, drafts

_KEPT_BY_STATE = {"claim", "stage", "state", "created_at", "approved_at", "sent_at"}
"""Fields of a draft that are columns; the others are the text and are a revision's."""

TRANSITIONS = {
    DraftState.DRAFTED: frozenset({DraftState.APPROVED, DraftState.WITHDRAWN, DraftState.DISMISSED}),
    DraftState.APPROVED: frozenset({DraftState.SENT, DraftState.WITHDRAWN, DraftState.DISMISSED}),
    DraftState.SENT: frozenset({DraftState.ANSWERED}),
    DraftState.ANSWERED: frozenset[DraftState](),
    DraftState.WITHDRAWN: frozenset[DraftState](),
    DraftState.DISMISSED: frozenset[DraftState](),
}
"""Where each state can go. What is seen to have happened (``record_sent``) and undoing are not bound by it."""


def load(connection: Connection, claim: ColumnElement[bool]) -> list[Draft]:
    """Return the drafts of the claims that match, by claim and in the order of the stages."""
    found = [_draft(row) for row in connection.execute(_with_text().join(claims).where(claim))]
    ladder = list(Stage)
    return sorted(found, key=lambda one: (one.claim, ladder.index(one.stage)))


def get(connection: Connection, ref: str, stage: Stage) -> Draft:
    """Return one draft. Raises ``UnknownDraft``."""
    row = connection.execute(_with_text().where(_is(ref, stage))).one_or_none()
    if row is None:
        raise UnknownDraft(f"{ref} {stage}")
    return _draft(row)


def add(connection: Connection, draft: Draft) -> None:
    """Write a draft, unless its stage has one; one that was withdrawn is replaced by the new text, as a revision."""
    state = connection.execute(select(drafts.c.state).where(_is(draft.claim, draft.stage))).scalar_one_or_none()
    if state == DraftState.WITHDRAWN:
        _revise(connection, draft, draft.created_at)
    if state is not None:
        return
    row = {"ref": draft.claim, "stage": draft.stage, "revision": 1, "created_at": draft.created_at, **_state(draft)}
    connection.execute(insert(drafts).values(row))
    _write_text(connection, draft, 1, draft.created_at)


def move(connection: Connection, ref: str, stage: Stage, wanted: DraftState) -> None:
    """Change a draft's state; nothing to do when it is there already.

    Raises ``IllegalTransition`` and ``UnknownDraft``.
    """
    current = get(connection, ref, stage).state
    if current == wanted:
        return
    if wanted not in TRANSITIONS[current]:
        raise IllegalTransition(ref, stage, current, wanted)
    connection.execute(update(drafts).where(_is(ref, stage)).values(state=wanted))


def approve(connection: Connection, ref: str, stage: Stage, content_hash: str | None, now: datetime) -> None:
    """Approve exactly the text with this hash.

    Raises ``StaleApproval`` when the draft has another one by now, ``IncompleteDraft`` while facts are missing,
    ``IllegalTransition`` and ``UnknownDraft``.
    """
    draft = get(connection, ref, stage)
    if content_hash != draft.content_hash:
        raise StaleApproval(f"the text of {ref} {stage} is not the one that was approved; read it again")
    if draft.missing:
        raise IncompleteDraft(f"{ref} {stage} lacks {', '.join(draft.missing)}")
    if draft.state == DraftState.APPROVED:
        return
    move(connection, ref, stage, DraftState.APPROVED)
    approval = {"approved_at": now, "approved_hash": content_hash}
    connection.execute(update(drafts).where(_is(ref, stage)).values(approval))


def send(connection: Connection, ref: str, stage: Stage, now: datetime) -> None:
    """Note the sending of an approved draft. Raises ``StaleApproval``, ``IllegalTransition``, ``UnknownDraft``."""
    draft = get(connection, ref, stage)
    if draft.state == DraftState.SENT:
        return
    move(connection, ref, stage, DraftState.SENT)
    approved = select(drafts.c.approved_hash).where(_is(ref, stage))
    if connection.execute(approved).scalar_one() != draft.content_hash:
        raise StaleApproval(f"the text of {ref} {stage} is not the one that was approved")
    connection.execute(update(drafts).where(_is(ref, stage)).values(sent_at=now))


def record_sent(connection: Connection, ref: str, stage: Stage, at: datetime) -> None:
    """Note that the owner sent a draft, whatever its state was: it happened. The first time counts.

    Raises ``UnknownDraft``.
    """
    if get(connection, ref, stage).state not in (DraftState.SENT, DraftState.ANSWERED):
        connection.execute(update(drafts).where(_is(ref, stage)).values(state=DraftState.SENT, sent_at=at))


def edit(connection: Connection, changed: Draft, now: datetime) -> int:
    """Add a revision with the text of ``changed`` and let it be approved anew; return the revision's number.

    The text that is there already makes no revision. Raises ``IllegalTransition`` once the draft is not open.
    """
    before = get(connection, changed.claim, changed.stage)
    if DraftState.APPROVED not in {before.state, *TRANSITIONS[before.state]}:
        raise IllegalTransition(changed.claim, changed.stage, before.state, DraftState.DRAFTED)
    if _text(before) == _text(changed):
        return current_revision(connection, changed.claim, changed.stage)
    again = changed.model_copy(update={"state": DraftState.DRAFTED, "approved_at": None})
    return _revise(connection, again, now)


def restore(connection: Connection, draft: Draft, now: datetime) -> None:
    """Put a draft back as it was: its state and, as a new revision if it has changed, its text."""
    if _text(get(connection, draft.claim, draft.stage)) != _text(draft):
        _revise(connection, draft, now)
    connection.execute(update(drafts).where(_is(draft.claim, draft.stage)).values(_state(draft)))


def current_revision(connection: Connection, ref: str, stage: Stage) -> int:
    """Return the number of the newest text, 1 for the first. Raises ``UnknownDraft``."""
    number: int | None = connection.execute(select(drafts.c.revision).where(_is(ref, stage))).scalar_one_or_none()
    if number is None:
        raise UnknownDraft(f"{ref} {stage}")
    return number


def _revise(connection: Connection, draft: Draft, now: datetime) -> int:
    texts = and_(draft_revisions.c.ref == draft.claim, draft_revisions.c.stage == draft.stage)
    number = connection.execute(select(func.max(draft_revisions.c.revision)).where(texts)).scalar_one() + 1
    _write_text(connection, draft, number, now)
    revised = update(drafts).where(_is(draft.claim, draft.stage))
    connection.execute(revised.values(revision=number, **_state(draft)))
    return int(number)


def _write_text(connection: Connection, draft: Draft, number: int, at: datetime) -> None:
    connection.execute(
        insert(draft_revisions).values(
            ref=draft.claim,
            stage=draft.stage,
            revision=number,
            written_at=at,
            content_hash=draft.content_hash,
            payload=_text(draft),
        )
    )


def _text(draft: Draft) -> str:
    return draft.model_dump_json(exclude=_KEPT_BY_STATE)


def _state(draft: Draft) -> dict[str, Any]:
    return {
        "state": draft.state,
        "approved_at": draft.approved_at,
        "approved_hash": draft.content_hash if draft.approved_at else None,
        "sent_at": draft.sent_at,
    }


def _with_text() -> Select[Any]:
    same = and_(
        draft_revisions.c.ref == drafts.c.ref,
        draft_revisions.c.stage == drafts.c.stage,
        draft_revisions.c.revision == drafts.c.revision,
    )
    columns = (
        drafts.c.ref,
        drafts.c.stage,
        drafts.c.state,
        drafts.c.created_at,
        drafts.c.approved_at,
        drafts.c.sent_at,
    )
    return select(*columns, draft_revisions.c.payload).select_from(drafts.join(draft_revisions, same))


def _is(ref: str, stage: Stage) -> ColumnElement[bool]:
    return and_(drafts.c.ref == ref, drafts.c.stage == stage)


def _draft(row: Row[Any]) -> Draft:
    # The columns complete the text's JSON; validating once turns both into the draft.
    text: dict[str, Any] = from_json(row.payload)
    state = {key: getattr(row, key) for key in ("stage", "state", "created_at", "approved_at", "sent_at")}
    return Draft.model_validate({**text, "claim": row.ref, **state})
