"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _mails()
    _views()
    _words()
    _claims()
    _drafts()
    _placements()


def _mails() -> None:
    op.create_table(
        "mails",
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("mail_id", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("mailbox", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("attempt_started_at", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("quarantined_at", sa.Text(), nullable=True),
        sa.Column("stored_at", sa.Text(), nullable=False),
        sa.Column("sender", sa.Text(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("message_id", sa.Text(), nullable=True),
        sa.Column("date", sa.Text(), nullable=True),
        sa.Column("trust", sa.Text(), nullable=True),
        sa.Column("understood", sa.Integer(), nullable=True),
        sa.CheckConstraint("state IN ('new', 'read', 'quarantined', 'dropped')", name=op.f("ck_mails_state")),
        sa.PrimaryKeyConstraint("owner", "mail_id", name="pk_mails"),
        sqlite_strict=True,
    )
    op.create_index("ix_mails_state_received_at_mail_id", "mails", ["state", "received_at", "mail_id"])
    op.create_table(
        "raws",
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("mail_id", sa.Text(), nullable=False),
        sa.Column("zstd", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["owner", "mail_id"], ["mails.owner", "mails.mail_id"], name="fk_raws_mails"),
        sa.PrimaryKeyConstraint("owner", "mail_id", name="pk_raws"),
        sqlite_strict=True,
    )
    op.create_table(
        "sightings",
        sa.Column("mailbox", sa.Text(), nullable=False),
        sa.Column("folder", sa.Text(), nullable=False),
        sa.Column("uidvalidity", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Integer(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("mail_id", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["owner", "mail_id"], ["mails.owner", "mails.mail_id"], name="fk_sightings_mails"),
        sa.PrimaryKeyConstraint("mailbox", "folder", "uidvalidity", "uid", name="pk_sightings"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "folders",
        sa.Column("mailbox", sa.Text(), nullable=False),
        sa.Column("folder", sa.Text(), nullable=False),
        sa.Column("uidvalidity", sa.Integer(), nullable=False),
        sa.Column("last_uid", sa.Integer(), nullable=False),
        sa.Column("read_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("mailbox", "folder", name="pk_folders"),
        sqlite_strict=True,
    )


def _views() -> None:
    op.create_table(
        "notices",
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("mail_id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["owner", "mail_id"], ["mails.owner", "mails.mail_id"], name="fk_notices_mails"),
        sa.PrimaryKeyConstraint("owner", "mail_id", "position", name="pk_notices"),
        sqlite_strict=True,
    )
    op.create_index("ix_notices_owner_order_id_at", "notices", ["owner", "order_id", "at"])
    op.create_table(
        "notice_tracking",
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("mail_id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner", "mail_id", "position"],
            ["notices.owner", "notices.mail_id", "notices.position"],
            name="fk_notice_tracking_notices",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("owner", "number", "mail_id", "position", name="pk_notice_tracking"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_notice_tracking_owner_mail_id_position", "notice_tracking", ["owner", "mail_id", "position"])
    op.create_table(
        "orders",
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("reconsider_at", sa.Text(), nullable=True),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("owner", "order_id", name="pk_orders"),
        sqlite_strict=True,
    )
    op.create_index("ix_orders_reconsider_at", "orders", ["reconsider_at"])


def _words() -> None:
    op.create_table(
        "words",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("told_at", sa.Text(), nullable=False),
        sa.Column("withdrawn", sa.Integer(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_words"),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    op.create_index("ix_words_owner_order_id", "words", ["owner", "order_id"])
    op.create_table(
        "decisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("undone_at", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_decisions"),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )


def _claims() -> None:
    op.create_table(
        "claims",
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("parcel", sa.Text(), nullable=False),
        sa.Column("party", sa.Text(), nullable=False),
        sa.Column("recommended", sa.Integer(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.Text(), nullable=False),
        sa.Column("closed_at", sa.Text(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.Text(), nullable=True),
        sa.Column("refund_announced_at", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("ref", name="pk_claims"),
        sqlite_strict=True,
    )
    op.create_index("ix_claims_owner_order_id", "claims", ["owner", "order_id"])
    op.create_table(
        "follow_ups",
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("due_at", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.Text(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'done', 'cancelled')", name=op.f("ck_follow_ups_state")),
        sa.ForeignKeyConstraint(["ref"], ["claims.ref"], name="fk_follow_ups_claims"),
        sa.PrimaryKeyConstraint("ref", "stage", name="pk_follow_ups"),
        sqlite_strict=True,
    )
    op.create_index("ix_follow_ups_state_due_at", "follow_ups", ["state", "due_at"])


def _drafts() -> None:
    op.create_table(
        "drafts",
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.Column("approved_at", sa.Text(), nullable=True),
        sa.Column("approved_hash", sa.Text(), nullable=True),
        sa.Column("sent_at", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state IN ('drafted', 'approved', 'sent', 'answered', 'withdrawn', 'dismissed')",
            name=op.f("ck_drafts_state"),
        ),
        sa.ForeignKeyConstraint(["ref"], ["claims.ref"], name="fk_drafts_claims"),
        sa.PrimaryKeyConstraint("ref", "stage", name="pk_drafts"),
        sqlite_strict=True,
    )
    op.create_table(
        "draft_revisions",
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["ref", "stage"], ["drafts.ref", "drafts.stage"], name="fk_draft_revisions_drafts"),
        sa.PrimaryKeyConstraint("ref", "stage", "revision", name="pk_draft_revisions"),
        sqlite_strict=True,
    )


def _placements() -> None:
    op.create_table(
        "placements",
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("mailbox", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("folder", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("uid", sa.Integer(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("intended_at", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.Text(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'done', 'removing', 'removed')", name=op.f("ck_placements_state")),
        sa.PrimaryKeyConstraint("message_id", name="pk_placements"),
        sqlite_strict=True,
    )
    op.create_index("ix_placements_mailbox_state_intended_at", "placements", ["mailbox", "state", "intended_at"])
    op.create_index("ix_placements_owner_ref", "placements", ["owner", "ref"])
