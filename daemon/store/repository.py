"""The store as a whole: open it, join methods into one transaction, examine it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import text

from daemon.store.claims import Claims
from daemon.store.decisions import Decisions
from daemon.store.engine import WAIT, Database, make_private
from daemon.store.errors import StoreDamaged
from daemon.store.keys import Keys
from daemon.store.mails import Mails
from daemon.store.migrate import migrate
from daemon.store.placements import Placements
from daemon.store.views import Views
from daemon.store.words import Words


class Store:
    """Everything that relance remembers, in one SQLite file. Threads and processes may share it.

    Every method is one transaction; ``transaction`` joins several.
    """

    def __init__(self, database: Database) -> None:
        """Use ``Store.open``."""
        self._database = database
        self._seen = database.data_version()
        self.path = database.path
        self.mails = Mails(database)
        self.views = Views(database)
        self.words = Words(database)
        self.claims = Claims(database)
        self.placements = Placements(database)
        self.decisions = Decisions(database)
        self.keys = Keys(database)

    @classmethod
    def open(cls, path: Path, *, wait: float = WAIT) -> Store:
        """Open the database file, making it (mode 600, in a folder of mode 700) and bringing it up to date as needed.

        ``wait`` is how many seconds to wait for another writer. Raises ``StoreUnavailable``, ``StoreDamaged`` and
        ``StoreTooNew``.
        """
        make_private(path)
        database = Database(path, wait)
        try:
            migrate(database)
            return cls(database)
        except BaseException:
            database.close()
            raise

    def close(self) -> None:
        """Close the file. The store cannot be used afterwards."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Join what this thread does in the block into one transaction: all of it is kept, or nothing.

        Other writers wait meanwhile. Re-entrant: a block inside a block (and each method) undoes only its own part
        when it fails and the outer block goes on. Raises ``StoreUnavailable``.
        """
        with self._database.write():
            yield

    def changed(self) -> bool:
        """Say whether another process, or another ``Store`` on this file, has committed anything since last asked.

        By ``PRAGMA data_version`` on the one connection that this store writes with, so its own commits, from
        whatever thread, never count. The first call speaks of what happened since the store was opened. A commit that
        changed no row may count too. Raises ``StoreUnavailable`` when another thread writes for longer than ``wait``.
        """
        before, self._seen = self._seen, self._database.data_version()
        return before != self._seen

    def check(self) -> list[str]:
        """Examine the whole file (it is read whole); return what is wrong, nothing for a sound one."""
        try:
            with self._database.read() as connection:
                integrity = connection.execute(text("PRAGMA integrity_check")).scalars().all()
                orphans = connection.execute(text("PRAGMA foreign_key_check")).all()
                mode = connection.execute(text("PRAGMA journal_mode")).scalar_one()
        except StoreDamaged as damage:
            return [str(damage)]
        problems = [str(line) for line in integrity if line != "ok"]
        problems += [f"a row of {row[0]} points to a row of {row[2]} that is not there" for row in orphans]
        if mode != "wal":
            problems.append(
                f"journal_mode is {mode}: the file system of {self.path} cannot share memory between programs"
            )
        return problems
