"""Migrations: the same tables as the models, run without alembic.ini, once, and from an installed wheel."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from daemon.store import Store
from daemon.store.migrate import SCRIPTS
from daemon.store.schema import REVISION, metadata

ROOT = Path(__file__).resolve().parents[2]


def _tables(path: Path) -> dict[tuple[str, str], str]:
    """Return what ``sqlite_master`` says of all tables and indexes, but for white space and Alembic's own."""
    connection = sqlite3.connect(path)
    rows = connection.execute("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    connection.close()
    return {
        (kind, name): re.sub(r"\s+", " ", sql).replace(" ,", ",")
        for kind, name, sql in rows
        if name not in ("alembic_version", "sqlite_sequence")
    }


def test_migrated_schema_is_the_fresh_one(path: Path, tmp_path: Path) -> None:
    """Tables and indexes made by the migrations are, to the letter, those made from the models."""
    Store.open(path).close()
    fresh = tmp_path / "fresh.db"
    engine = create_engine(f"sqlite:///{fresh}")
    metadata.create_all(engine)
    engine.dispose()
    assert _tables(path) == _tables(fresh)
    assert len(_tables(fresh)) > len(metadata.tables)


def test_a_database_of_the_first_tables_is_brought_forward(path: Path, tmp_path: Path) -> None:
    """What was there before the keys were kept gets their table, and is otherwise as it was."""
    Store.open(path).close()
    wanted = _tables(path)
    connection = sqlite3.connect(path)
    connection.executescript("DROP TABLE dkim_keys; UPDATE alembic_version SET version_num = 'r0001';")
    connection.close()
    with Store.open(path) as store:
        assert store.check() == []
    assert _tables(path) == wanted


def test_keys_that_were_kept_are_kept_with_their_time(path: Path) -> None:
    """Keys of a database that knew one for each name are there afterwards, as seen then for the first time."""
    Store.open(path).close()
    connection = sqlite3.connect(path)
    connection.executescript(
        "DROP TABLE dkim_keys; UPDATE alembic_version SET version_num = 'r0002';"
        "CREATE TABLE dkim_keys (name TEXT NOT NULL, record TEXT NOT NULL, seen_at TEXT NOT NULL, "
        "CONSTRAINT pk_dkim_keys PRIMARY KEY (name)) STRICT;"
        "INSERT INTO dkim_keys VALUES ('s._domainkey.example', 'p=AA', '2026-03-02T09:30:00.000000+00:00');"
    )
    connection.close()
    seen = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    with Store.open(path) as store:
        assert store.keys.since(["s._domainkey.example"], seen, timedelta(0)) == {"s._domainkey.example": "p=AA"}


def test_alembic_finds_nothing_to_do(path: Path) -> None:
    """Alembic's own comparison of a migrated database with the models finds no difference."""
    Store.open(path).close()
    engine = create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
        assert context.get_current_revision() == REVISION
    engine.dispose()


def test_known_revision_is_the_newest_script() -> None:
    """The revision that needs no migration is the head of the scripts, and there is one head."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    assert ScriptDirectory.from_config(config).get_heads() == [REVISION]


def test_every_table_is_strict(store: Store, path: Path) -> None:
    """SQLite itself refuses a value of the wrong type in every table of ours."""
    connection = sqlite3.connect(path)
    strict = {row[1]: bool(row[5]) for row in connection.execute("PRAGMA table_list") if row[1] in metadata.tables}
    connection.close()
    assert strict == dict.fromkeys(metadata.tables, True)


_OPENER = """
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from daemon.store import Store
sys.stdin.readline()
with Store.open(Path(sys.argv[1])) as store:
    print(store.check(), store.mails.counts().new)
"""


def test_two_processes_can_make_the_file_at_once(path: Path) -> None:
    """Processes that start together on a new file all find it ready, and migrate it once."""
    command = [sys.executable, "-W", "error", "-c", _OPENER, str(path)]
    children = [
        subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for _ in range(3)
    ]
    for child in children:
        assert child.stdin
        child.stdin.write("go\n")
        child.stdin.flush()
    results = [child.communicate(timeout=60) for child in children]
    assert results == [("[] 0\n", "")] * 3


def test_migrations_run_from_a_folder_with_an_odd_name(tmp_path: Path) -> None:
    """Installed elsewhere, under a path with a percent sign and a space, without the checkout, the store opens."""
    site = tmp_path / "100% new"
    site.mkdir()
    for package in ("daemon", "parsers"):
        subprocess.run(["cp", "-r", ROOT / package, site / package], check=True)
    code = "import sys; from pathlib import Path; from daemon.store import Store; Store.open(Path(sys.argv[1])).close()"
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", code, tmp_path / "a b%20c?.db"],
        cwd=site,
        env={"PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (run.returncode, run.stderr) == (0, "")
    assert (tmp_path / "a b%20c?.db").stat().st_size > 0
