"""What the owner decided, with the state before and after, so that it can be undone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, update

from daemon.store.engine import Database
from daemon.store.errors import UnknownDecision
from daemon.store.schema import decisions

Snapshot = Mapping[str, Any]
"""JSON values by name; what they are is the application's affair."""


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision of an owner."""

    id: int
    owner: str
    what: str
    subject: str
    """Number of the claim, the order or the mail that it is about."""
    before: Snapshot
    after: Snapshot
    at: datetime
    undone_at: datetime | None


class Decisions:
    """``store.decisions``. Every method raises ``StoreUnavailable`` when the database cannot be used now."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(self, owner: str, what: str, subject: str, before: Snapshot, after: Snapshot, now: datetime) -> int:
        """Write down a decision; return its number. ``before`` and ``after`` hold JSON values only."""
        made = insert(decisions).values(
            owner=owner, what=what, subject=subject, before=_json(before), after=_json(after), at=now
        )
        with self._database.write() as connection:
            number: int = connection.execute(made.returning(decisions.c.id)).scalar_one()
            return number

    def last(self) -> Decision | None:
        """Return the newest decision that was not undone."""
        wanted = select(decisions).where(decisions.c.undone_at.is_(None)).order_by(decisions.c.id.desc()).limit(1)
        with self._database.read() as connection:
            row = connection.execute(wanted).one_or_none()
        return None if row is None else _decision(row)

    def get(self, decision: int) -> Decision:
        """Return one decision. Raises ``UnknownDecision``."""
        with self._database.read() as connection:
            row = connection.execute(select(decisions).where(decisions.c.id == decision)).one_or_none()
        if row is None:
            raise UnknownDecision(str(decision))
        return _decision(row)

    def mark_undone(self, decision: int, now: datetime) -> None:
        """Write that a decision was undone; the first time counts. Raises ``UnknownDecision``."""
        with self._database.write() as connection:
            self.get(decision)
            open_one = (decisions.c.id == decision) & decisions.c.undone_at.is_(None)
            connection.execute(update(decisions).where(open_one).values(undone_at=now))

    def all(self) -> list[Decision]:
        """Return every decision, oldest first."""
        with self._database.read() as connection:
            return [_decision(row) for row in connection.execute(select(decisions).order_by(decisions.c.id))]


def _json(values: Snapshot) -> str:
    return json.dumps(values, ensure_ascii=False, sort_keys=True)


def _decision(row: Row[Any]) -> Decision:
    return Decision(**{**row._mapping, "before": json.loads(row.before), "after": json.loads(row.after)})
