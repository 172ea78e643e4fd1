"""What must be put into a mailbox, or taken out again: written as an intent before, and as done after.

A message is known by its fixed Message-ID. Whoever places it searches for that
id first, so a crash between the append and ``done`` makes no second message.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Row, select, update
from sqlalchemy.dialects.sqlite import insert

from daemon.store.engine import Database
from daemon.store.errors import UnknownPlacement
from daemon.store.schema import placements


class PlacementState(StrEnum):
    """intended (open) → done → removing → removed; intended again, it is open again."""

    OPEN = "open"
    DONE = "done"
    REMOVING = "removing"
    """To be taken out of the mailbox, if it is there."""
    REMOVED = "removed"


class Wish(Protocol):
    """What ``intend`` needs to know of a message."""

    @property
    def kind(self) -> str: ...  # noqa: D102 — described by Placement
    @property
    def ref(self) -> str: ...  # noqa: D102
    @property
    def stage(self) -> str: ...  # noqa: D102
    @property
    def message_id(self) -> str: ...  # noqa: D102
    @property
    def folder(self) -> str: ...  # noqa: D102
    @property
    def raw(self) -> bytes: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Placement:
    """A message of ours in a mailbox, or on its way there."""

    message_id: str
    owner: str
    mailbox: str
    kind: str
    ref: str
    """Number of the claim, or what else the message is about."""
    stage: str
    folder: str
    """Role of the folder: ``drafts`` or ``inbox``."""
    state: PlacementState
    uid: int | None
    """UID in its folder, where the server told it."""
    attempts: int
    """How often placing it failed."""
    reason: str | None
    """Why it failed last."""
    intended_at: datetime
    changed_at: datetime
    raw: bytes
    """The message (RFC 5322)."""

    @property
    def is_open(self) -> bool:
        """Whether it is intended and not there yet."""
        return self.state == PlacementState.OPEN


_COLUMNS = (
    placements.c.message_id,
    placements.c.owner,
    placements.c.mailbox,
    placements.c.kind,
    placements.c.ref,
    placements.c.stage,
    placements.c.folder,
    placements.c.state,
    placements.c.uid,
    placements.c.attempts,
    placements.c.reason,
    placements.c.intended_at,
    placements.c.changed_at,
    placements.c.raw,
)


class Placements:
    """``store.placements``. Every method raises ``StoreUnavailable`` when the database cannot be used now."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def intend(self, owner: str, mailbox: str, wish: Wish, now: datetime) -> None:
        """Write that a message must be placed. One that is placed or intended already stays as it is.

        One that was removed, or was about to be, is intended again.
        """
        fresh = {
            "owner": owner,
            "mailbox": mailbox,
            "kind": wish.kind,
            "ref": wish.ref,
            "stage": wish.stage,
            "folder": wish.folder,
            "raw": wish.raw,
            "state": PlacementState.OPEN,
            "uid": None,
            "attempts": 0,
            "reason": None,
            "intended_at": now,
            "changed_at": now,
        }
        intent = insert(placements).values(message_id=wish.message_id, **fresh)
        gone = placements.c.state.in_([PlacementState.REMOVING, PlacementState.REMOVED])
        with self._database.write() as connection:
            connection.execute(intent.on_conflict_do_update(index_elements=["message_id"], set_=fresh, where=gone))

    def rehome(self, homes: Mapping[str, Collection[str]]) -> int:
        """Hand what is on its way to mailboxes that are gone to their owners' first ones; return how many messages.

        ``homes`` are the names of each owner's mailboxes, the first one on top.
        """
        moving = placements.c.state.in_([PlacementState.OPEN, PlacementState.REMOVING])
        moved = 0
        with self._database.write() as connection:
            for owner, names in homes.items():
                lost = (placements.c.owner == owner) & placements.c.mailbox.not_in(list(names)) & moving
                found = connection.execute(update(placements).where(lost).values(mailbox=next(iter(names))))
                moved += found.rowcount
        return moved

    def open(self, mailbox: str) -> list[Placement]:
        """Return what is still to be placed in a mailbox, longest intended first."""
        return self._select(placements.c.mailbox == mailbox, placements.c.state == PlacementState.OPEN)

    def to_remove(self, mailbox: str) -> list[Placement]:
        """Return what is still to be taken out of a mailbox, longest intended first."""
        return self._select(placements.c.mailbox == mailbox, placements.c.state == PlacementState.REMOVING)

    def waiting(self, mailbox: str) -> bool:
        """Say whether anything is to be placed in a mailbox or taken out of it."""
        moving = placements.c.state.in_([PlacementState.OPEN, PlacementState.REMOVING])
        wanted = select(placements.c.message_id).where(placements.c.mailbox == mailbox, moving).limit(1)
        with self._database.read() as connection:
            return connection.execute(wanted).first() is not None

    def of(self, owner: str, refs: Iterable[str]) -> list[Placement]:
        """Return what is placed or to be placed about these claims, without what was or will be removed."""
        staying = placements.c.state.in_([PlacementState.OPEN, PlacementState.DONE])
        return self._select(placements.c.owner == owner, placements.c.ref.in_(list(refs)), staying)

    def find(self, message_id: str) -> Placement | None:
        """Return one message, whatever has become of it; None when it was never intended."""
        return next(iter(self._select(placements.c.message_id == message_id)), None)

    def done(self, message_id: str, uid: int | None, now: datetime) -> None:
        """Write that a message is in its folder. Raises ``UnknownPlacement``."""
        self._change(message_id, now, state=PlacementState.DONE, uid=uid, reason=None)

    def failed(self, message_id: str, reason: str, now: datetime) -> None:
        """Write why placing a message failed; it stays to be placed. Raises ``UnknownPlacement``."""
        self._change(message_id, now, reason=reason, attempts=placements.c.attempts + 1)

    def ask_removal(self, message_id: str, now: datetime) -> None:
        """Let a message be taken out, also one of which it is not known that it got there. Raises ``UnknownPlacement``.

        One that was removed already stays so.
        """
        known = self.find(message_id)
        if known is None or known.state != PlacementState.REMOVED:
            self._change(message_id, now, state=PlacementState.REMOVING)

    def removed(self, message_id: str, now: datetime) -> None:
        """Write that a message is no longer in the mailbox. Raises ``UnknownPlacement``."""
        self._change(message_id, now, state=PlacementState.REMOVED, uid=None)

    def _select(self, *where: ColumnElement[bool]) -> list[Placement]:
        wanted = select(*_COLUMNS).where(*where).order_by(placements.c.intended_at, placements.c.message_id)
        with self._database.read() as connection:
            return [_placement(row) for row in connection.execute(wanted)]

    def _change(self, message_id: str, now: datetime, **values: Any) -> None:  # noqa: ANN401 — columns of one table
        changed = update(placements).where(placements.c.message_id == message_id).values(changed_at=now, **values)
        with self._database.write() as connection:
            if connection.execute(changed).rowcount != 1:
                raise UnknownPlacement(message_id)


def _placement(row: Row[*tuple[Any, ...]]) -> Placement:
    return Placement(**{**row._mapping, "state": PlacementState(row.state)})
