"""Bringing a database up to date, from whatever version wrote it, with Alembic and without ``alembic.ini``."""

from __future__ import annotations

from pathlib import Path

import tenacity
from sqlalchemy import Connection, inspect, text

from daemon.store.engine import Database
from daemon.store.errors import StoreTooNew, StoreUnavailable
from daemon.store.schema import REVISION

SCRIPTS = Path(__file__).resolve().parent / "migrations"


def migrate(database: Database) -> None:
    """Run the migrations that the database lacks, all in one transaction.

    Raises ``StoreTooNew``, ``StoreUnavailable`` and ``StoreDamaged``.
    """
    _write_ahead(database)
    with database.read() as connection:
        if _revision(connection) == REVISION:
            return
    with database.write() as connection:
        # Another process may have migrated while this one waited for its turn.
        if (revision := _revision(connection)) != REVISION:
            _upgrade(connection, database.path, revision)


def _write_ahead(database: Database) -> None:
    """Set WAL once; it is a property of the file.

    Two processes at their first start meet here, and SQLite does not wait by itself for this lock.
    """
    again = tenacity.Retrying(
        retry=tenacity.retry_if_exception_type(StoreUnavailable),
        stop=tenacity.stop_after_delay(database.wait),
        wait=tenacity.wait_fixed(0.05),
        reraise=True,
    )
    again(database.set_journal_mode, "wal")


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


def _upgrade(connection: Connection, path: Path, revision: str | None) -> None:
    # Imported here: the command line opens the store for every command and seldom has to migrate.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if revision is not None and revision not in known:
        raise StoreTooNew(f"the database {path} was written by a newer relance; install that version or a later one")
    command.upgrade(config, "head")
