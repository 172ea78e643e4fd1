"""Which keys stood under a name one after the other, and since when."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0003"
down_revision = "r0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.rename_table("dkim_keys", "dkim_keys_before")
    op.create_table(
        "dkim_keys",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("first_at", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", "record", name="pk_dkim_keys"),
        sqlite_strict=True,
    )
    op.execute(
        "INSERT INTO dkim_keys (name, record, first_at, seen_at) "
        "SELECT name, record, seen_at, seen_at FROM dkim_keys_before"
    )
    op.drop_table("dkim_keys_before")
