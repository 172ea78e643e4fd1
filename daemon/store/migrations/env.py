"""Alembic's entry: runs inside the transaction of the connection that ``daemon.store.migrate`` hands over."""

from __future__ import annotations

from alembic import context

from daemon.store.schema import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
context.run_migrations()
