"""Claims, their drafts and what falls due: the facts of what was pursued."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, select, true

from daemon.claims.actions import Action
from daemon.claims.claim import Claim, ClaimParty, Draft, DraftState, FollowUp, Outcome, Stage
from daemon.store import applying, drafts
from daemon.store.engine import Database
from daemon.store.schema import claims, follow_ups
from daemon.store.schema import drafts as draft_rows


class Claims:
    """``store.claims``. Every method raises ``StoreUnavailable`` when the database cannot be used now."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of_order(self, owner: str, order_id: str) -> list[Claim]:
        """Return the claims about an order, open or closed, oldest first."""
        return [claim for _, claim in self._load((claims.c.owner == owner) & (claims.c.order_id == order_id))]

    def all(self, owner: str | None = None, *, open_only: bool = False) -> list[tuple[str, Claim]]:
        """Return (owner, claim) of all claims, oldest first."""
        where: ColumnElement[bool] = true() if owner is None else claims.c.owner == owner
        return self._load(where & claims.c.closed_at.is_(None) if open_only else where)

    def find(self, ref: str) -> tuple[str, Claim] | None:
        """Return (owner, claim) by the claim's number, None when there is none."""
        return next(iter(self._load(claims.c.ref == ref)), None)

    def taken(self) -> set[str]:
        """Return the numbers of all claims of all owners."""
        with self._database.read() as connection:
            return set(connection.execute(select(claims.c.ref)).scalars())

    def due(self, now: datetime) -> list[tuple[str, str]]:
        """Return (owner, order number) of the open claims of which a stage has fallen due, longest due first."""
        wanted = (
            select(claims.c.owner, claims.c.order_id)
            .join(follow_ups, follow_ups.c.ref == claims.c.ref)
            .where(follow_ups.c.state == "open", follow_ups.c.due_at <= now, claims.c.closed_at.is_(None))
            .order_by(follow_ups.c.due_at)
        )
        with self._database.read() as connection:
            rows = connection.execute(wanted).all()
        return list(dict.fromkeys((row.owner, row.order_id) for row in rows))

    def apply(self, owner: str, actions: Iterable[Action], now: datetime) -> None:
        """Do what a plan asks for, all of it or nothing; what is done already changes nothing.

        Raises ``UnknownClaim`` for a claim that is not this owner's, ``UnknownDraft``, ``IllegalTransition``,
        ``ReferenceTaken``, and ``TypeError`` for an action that is not the store's (``ComposeStage``).
        """
        with self._database.write() as connection:
            for action in actions:
                applying.apply(action, connection, owner, now)

    def set_state(
        self, ref: str, stage: Stage, state: DraftState, now: datetime, *, content_hash: str | None = None
    ) -> None:
        """Move a draft along drafted → approved → sent → answered, or to withdrawn or dismissed while it is open.

        Approving needs ``content_hash``, the hash of the text that was approved. Raises ``IllegalTransition``,
        ``StaleApproval``, ``IncompleteDraft`` and ``UnknownDraft``. A state that is reached already changes nothing.
        """
        with self._database.write() as connection:
            if state == DraftState.APPROVED:
                drafts.approve(connection, ref, stage, content_hash, now)
            elif state == DraftState.SENT:
                drafts.send(connection, ref, stage, now)
            else:
                drafts.move(connection, ref, stage, state)

    def mark_sent(self, ref: str, stage: Stage | str, at: datetime) -> None:
        """Note that the owner was seen, or said, to have sent a draft at ``at``, approved or not.

        The first time counts. Raises ``UnknownDraft``.
        """
        with self._database.write() as connection:
            drafts.record_sent(connection, ref, Stage(stage), at)

    def edit(
        self,
        ref: str,
        stage: Stage,
        subject: str,
        body: str,
        chat: str | None,
        phone: str | None,
        now: datetime,
        *,
        missing: tuple[str, ...] | None = None,
    ) -> int:
        """Add the owner's text as a new revision, which needs a new approval; return its number.

        ``missing`` are the facts that the new text still lacks (None: those of the old one). The same text again
        makes no revision. Raises ``IllegalTransition`` for a draft that is not open any more, ``UnknownDraft``.
        """
        with self._database.write() as connection:
            before = drafts.get(connection, ref, stage)
            lacking = before.missing if missing is None else missing
            text = {"subject": subject, "body": body, "chat": chat, "phone": phone, "missing": lacking}
            return drafts.edit(connection, before.model_copy(update=text), now)

    def restore_draft(self, ref: str, stage: Stage, snapshot: Mapping[str, Any], now: datetime) -> None:
        """Undo: put a draft back as a snapshot (``Draft.model_dump(mode="json")``) shows it.

        A text that has changed since comes back as a new revision, so that no revision ever changes. Raises
        ``ValueError`` for another draft's snapshot, ``UnknownDraft``.
        """
        draft = Draft.model_validate(snapshot)
        if (draft.claim, draft.stage) != (ref, stage):
            raise ValueError(f"this snapshot is not of {ref} {stage}")
        with self._database.write() as connection:
            drafts.restore(connection, draft, now)

    def revision(self, ref: str, stage: Stage) -> int:
        """Return the number of a draft's present text, 1 for the first. Raises ``UnknownDraft``."""
        with self._database.read() as connection:
            return drafts.current_revision(connection, ref, stage)

    def revisions(self, refs: Iterable[str]) -> dict[tuple[str, Stage], int]:
        """Return the numbers of the present texts of all drafts of these claims, by (claim, stage)."""
        wanted = select(draft_rows.c.ref, draft_rows.c.stage, draft_rows.c.revision)
        with self._database.read() as connection:
            rows = connection.execute(wanted.where(draft_rows.c.ref.in_(list(refs)))).all()
        return {(row.ref, Stage(row.stage)): row.revision for row in rows}

    def _load(self, where: ColumnElement[bool]) -> list[tuple[str, Claim]]:
        with self._database.read() as connection:
            rows = connection.execute(select(claims).where(where).order_by(claims.c.opened_at, claims.c.ref)).all()
            texts: dict[str, list[Draft]] = {}
            for draft in drafts.load(connection, where):
                texts.setdefault(draft.claim, []).append(draft)
            waits = _follow_ups(connection, where)
        return [(row.owner, _claim(row, texts.get(row.ref, []), waits.get(row.ref, []))) for row in rows]


def _follow_ups(connection: Connection, claim: ColumnElement[bool]) -> dict[str, list[FollowUp]]:
    wanted = select(follow_ups.c.ref, follow_ups.c.stage, follow_ups.c.due_at).join(claims)
    found: dict[str, list[FollowUp]] = {}
    for row in connection.execute(
        wanted.where(and_(follow_ups.c.state == "open", claim)).order_by(follow_ups.c.due_at)
    ):
        one = FollowUp(claim=row.ref, stage=Stage(row.stage), due_at=row.due_at)
        found.setdefault(row.ref, []).append(one)
    return found


def _claim(row: Row[Any], texts: Iterable[Draft], waits: Iterable[FollowUp]) -> Claim:
    return Claim(
        ref=row.ref,
        order_id=row.order_id,
        code=row.code,
        parcel=row.parcel,
        party=ClaimParty(row.party),
        recommended=bool(row.recommended),
        why=row.why,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        outcome=None if row.outcome is None else Outcome(row.outcome),
        answered_at=row.answered_at,
        refund_announced_at=row.refund_announced_at,
        drafts=tuple(texts),
        follow_ups=tuple(waits),
    )
