"""The tables. Times are UTC text of fixed width, so that they sort as they are; enums and JSON are text.

Facts (mails, sightings, words, claims, draft revisions, decisions) are never
rewritten; views (notices, orders) can be made again from them. A raw mail has a
table of its own: its row is written once, whatever becomes of the mail.

``migrations/`` makes the same tables; a test holds the two equal.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    Dialect,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
)
from sqlalchemy.types import TypeDecorator

from daemon.store.errors import NaiveTime

REVISION = "r0003"
"""The newest migration: a database that stands there needs none."""


class Moment(TypeDecorator[datetime]):
    """A moment: aware in, aware UTC out, to the microsecond. Raises ``NaiveTime`` for a time without a zone."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:  # noqa: ARG002 — SQLAlchemy's signature
        """Write as ``2026-03-01T09:30:00.000000+00:00``."""
        if value is None:
            return None
        if value.utcoffset() is None:
            raise NaiveTime(value.isoformat())
        return value.astimezone(UTC).isoformat(timespec="microseconds")

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 — the same
        """Read what was written."""
        return None if value is None else datetime.fromisoformat(value)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _one_of(column: str, *values: str) -> CheckConstraint:
    return CheckConstraint(f"{column} IN ({', '.join(repr(value) for value in values)})", name=column)


def _table(name: str, *parts: Any, **options: Any) -> Table:  # noqa: ANN401 — columns, constraints and indexes alike
    return Table(name, metadata, *parts, sqlite_strict=True, **options)


def _text(name: str, *, null: bool = False, key: bool = False) -> Column[str]:
    return Column(name, Text, nullable=null, primary_key=key)


def _number(name: str, *, null: bool = False, key: bool = False) -> Column[int]:
    return Column(name, Integer, nullable=null, primary_key=key)


def _moment(name: str, *, null: bool = False) -> Column[datetime]:
    return Column(name, Moment, nullable=null)


def _mail_key() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["owner", "mail_id"], ["mails.owner", "mails.mail_id"])


mails = _table(
    "mails",
    _text("owner", key=True),
    _text("mail_id", key=True),
    _number("size"),
    _moment("received_at"),
    _text("role"),
    _text("mailbox"),
    _text("state"),
    _number("attempts"),
    _moment("attempt_started_at", null=True),
    _text("reason", null=True),
    _moment("quarantined_at", null=True),
    _moment("stored_at"),
    _text("sender", null=True),
    _text("subject", null=True),
    _text("message_id", null=True),
    _moment("date", null=True),
    _text("trust", null=True),
    _number("understood", null=True),
    _one_of("state", "new", "read", "quarantined", "dropped"),
    Index(None, "state", "received_at", "mail_id"),
)

raws = _table(
    "raws",
    _text("owner", key=True),
    _text("mail_id", key=True),
    Column("zstd", LargeBinary, nullable=False),
    _mail_key(),
)

sightings = _table(
    "sightings",
    _text("mailbox", key=True),
    _text("folder", key=True),
    _number("uidvalidity", key=True),
    _number("uid", key=True),
    _text("owner"),
    _text("mail_id", null=True),
    _mail_key(),
    sqlite_with_rowid=False,
)

folders = _table(
    "folders",
    _text("mailbox", key=True),
    _text("folder", key=True),
    _number("uidvalidity"),
    _number("last_uid"),
    _moment("read_at"),
)

notices = _table(
    "notices",
    _text("owner", key=True),
    _text("mail_id", key=True),
    _number("position", key=True),
    _text("order_id", null=True),
    _text("kind"),
    _moment("at"),
    _text("payload"),
    _mail_key(),
    Index(None, "owner", "order_id", "at"),
)

notice_tracking = _table(
    "notice_tracking",
    _text("owner", key=True),
    _text("number", key=True),
    _text("mail_id", key=True),
    _number("position", key=True),
    ForeignKeyConstraint(
        ["owner", "mail_id", "position"],
        ["notices.owner", "notices.mail_id", "notices.position"],
        ondelete="CASCADE",
    ),
    Index(None, "owner", "mail_id", "position"),
    sqlite_with_rowid=False,
)

words = _table(
    "words",
    _number("id", key=True),
    _text("owner"),
    _text("order_id"),
    _moment("told_at"),
    _number("withdrawn"),
    _text("payload"),
    Index(None, "owner", "order_id"),
    sqlite_autoincrement=True,
)

orders = _table(
    "orders",
    _text("owner", key=True),
    _text("order_id", key=True),
    _moment("reconsider_at", null=True),
    _text("payload"),
    Index(None, "reconsider_at"),
)

claims = _table(
    "claims",
    _text("ref", key=True),
    _text("owner"),
    _text("order_id"),
    _text("code"),
    _text("parcel"),
    _text("party"),
    _number("recommended"),
    _text("why"),
    _moment("opened_at"),
    _moment("closed_at", null=True),
    _text("outcome", null=True),
    _moment("answered_at", null=True),
    _moment("refund_announced_at", null=True),
    Index(None, "owner", "order_id"),
)

drafts = _table(
    "drafts",
    Column("ref", Text, ForeignKey("claims.ref"), primary_key=True),
    _text("stage", key=True),
    _number("revision"),
    _text("state"),
    _moment("created_at"),
    _moment("approved_at", null=True),
    _text("approved_hash", null=True),
    _moment("sent_at", null=True),
    _one_of("state", "drafted", "approved", "sent", "answered", "withdrawn", "dismissed"),
)

draft_revisions = _table(
    "draft_revisions",
    _text("ref", key=True),
    _text("stage", key=True),
    _number("revision", key=True),
    _moment("written_at"),
    _text("content_hash"),
    _text("payload"),
    ForeignKeyConstraint(["ref", "stage"], ["drafts.ref", "drafts.stage"]),
)

follow_ups = _table(
    "follow_ups",
    Column("ref", Text, ForeignKey("claims.ref"), primary_key=True),
    _text("stage", key=True),
    _moment("due_at"),
    _text("state"),
    _moment("changed_at"),
    _one_of("state", "open", "done", "cancelled"),
    Index(None, "state", "due_at"),
)

placements = _table(
    "placements",
    _text("message_id", key=True),
    _text("owner"),
    _text("mailbox"),
    _text("kind"),
    _text("ref"),
    _text("stage"),
    _text("folder"),
    _text("state"),
    _number("uid", null=True),
    _number("attempts"),
    _text("reason", null=True),
    _moment("intended_at"),
    _moment("changed_at"),
    Column("raw", LargeBinary, nullable=False),
    _one_of("state", "open", "done", "removing", "removed"),
    Index(None, "mailbox", "state", "intended_at"),
    Index(None, "owner", "ref"),
)

dkim_keys = _table(
    "dkim_keys",
    _text("name", key=True),
    _text("record", key=True),
    _moment("first_at"),
    _moment("seen_at"),
)

decisions = _table(
    "decisions",
    _number("id", key=True),
    _text("owner"),
    _text("what"),
    _text("subject"),
    _text("before"),
    _text("after"),
    _moment("at"),
    _moment("undone_at", null=True),
    sqlite_autoincrement=True,
)
