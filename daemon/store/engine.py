"""The connection to one SQLite file: durable, shared by threads and with other processes.

One connection writes, guarded by a lock, so that threads of this process wait
for each other instead of polling the file; readers take connections from a pool
and never wait (WAL). Each commit is on the disk when it returns
(``synchronous=FULL``).
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, NullPool, QueuePool, create_engine, event
from sqlalchemy.exc import DBAPIError, StatementError

from daemon.store.errors import NaiveTime, StoreDamaged, StoreError, StoreUnavailable

WAIT = 5.0
"""Seconds to wait for a lock that another thread or process holds."""

_BUSY = "another program holds the database {path}; relance tries again, or stop that program"
_FULL = "the disk that holds the database {path} is full; make room, relance goes on by itself"
_UNAVAILABLE = {
    sqlite3.SQLITE_BUSY: _BUSY,
    sqlite3.SQLITE_LOCKED: _BUSY,
    sqlite3.SQLITE_PROTOCOL: _BUSY,
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_IOERR: "the database {path} cannot be read or written; look at the disk (space, quota, errors)",
    sqlite3.SQLITE_READONLY: "the database {path} may not be written; mend its rights or the file system's",
    sqlite3.SQLITE_CANTOPEN: "the database {path} cannot be opened; mend the rights of the file and its folder",
    sqlite3.SQLITE_PERM: "the database {path} may not be opened; mend its rights",
}
_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})


def explain(path: Path, error: DBAPIError | sqlite3.Error) -> StoreError | None:
    """Return what a driver's error means for ``path``, None when it is a defect of the statement itself."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    # The low byte is the kind of error, the others say more of it.
    code = getattr(cause, "sqlite_errorcode", 0) & 0xFF
    if code in _DAMAGED:
        return StoreDamaged(f"the database {path} is damaged; stop relance and put back a copy of it")
    if code in _UNAVAILABLE:
        return StoreUnavailable(_UNAVAILABLE[code].format(path=path))
    return None


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Raise ``StoreUnavailable`` or ``StoreDamaged`` in place of the driver's errors, and ``NaiveTime`` unwrapped."""
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        if (meaning := explain(path, error)) is None:
            raise
        raise meaning from error
    except StatementError as error:
        if isinstance(error.orig, NaiveTime):
            raise error.orig from None
        raise


class Database:
    """Transactions on one SQLite file. Thread-safe."""

    def __init__(self, path: Path, wait: float = WAIT) -> None:
        self.path = path
        self.wait = wait
        self._turn = threading.RLock()
        self._mine = threading.local()
        self._writing = _engine(path, wait, write=True)
        self._reading = _engine(path, wait, write=False)
        self._writer: Connection | None = None

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Run one transaction (``BEGIN IMMEDIATE``); inside another one of this thread, a savepoint of it.

        Raises ``StoreUnavailable`` after ``wait`` seconds of waiting for another writer, and when the disk is full;
        nothing of the transaction is kept then.
        """
        with explained(self.path):
            if (joined := self._joined()) is not None:
                with self._savepoint(joined):
                    yield joined
                return
            with self._lock(), self._transaction(self._open_writer()) as connection:
                yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Read one consistent state; inside this thread's own transaction, with what it has written so far."""
        with explained(self.path):
            if (joined := self._joined()) is not None:
                yield joined
                return
            with self._reading.connect() as connection:
                yield connection

    def data_version(self) -> tuple[int, int]:
        """Return a value that differs when another connection than this object's writer has committed."""
        with explained(self.path), self._lock():
            raw = self._raw()
            (version,) = raw.execute("PRAGMA data_version").fetchone()
            return id(raw), int(version)

    def set_journal_mode(self, mode: str) -> None:
        """Ask for a journal mode; a file system that cannot have it keeps what it has. Raises ``StoreUnavailable``."""
        with explained(self.path), self._lock():
            # Outside of any transaction, as SQLite wants it.
            self._raw().execute(f"PRAGMA journal_mode = {mode}").close()

    def close(self) -> None:
        """Close all connections of this object; the last one of all processes folds the WAL into the file."""
        with self._lock():
            self._drop_writer()
            self._writing.dispose()
            self._reading.dispose()

    def _joined(self) -> Connection | None:
        """Return the connection of the transaction that this thread is in."""
        connection: Connection | None = getattr(self._mine, "connection", None)
        if connection is not None:
            self._must_be_open(connection)
        return connection

    def _must_be_open(self, connection: Connection) -> None:
        """SQLite may roll back by itself when the disk is full; going on would then write half a transaction."""
        driver = connection.connection.driver_connection
        if driver is None or not driver.in_transaction:
            raise StoreUnavailable(f"the database {self.path} gave up a transaction; nothing of it was written")

    @contextmanager
    def _lock(self) -> Iterator[None]:
        if not self._turn.acquire(timeout=self.wait):
            raise StoreUnavailable(_BUSY.format(path=self.path))
        try:
            yield
        finally:
            self._turn.release()

    @contextmanager
    def _transaction(self, connection: Connection) -> Iterator[Connection]:
        transaction = connection.begin()
        self._mine.connection = connection
        try:
            yield connection
            self._must_be_open(connection)
            transaction.commit()
        except BaseException:
            try:
                transaction.rollback()
            except DBAPIError:
                self._drop_writer()
            raise
        finally:
            self._mine.connection = None

    @contextmanager
    def _savepoint(self, connection: Connection) -> Iterator[None]:
        savepoint = connection.begin_nested()
        try:
            yield
            self._must_be_open(connection)
            savepoint.commit()
        except BaseException:
            if _in_transaction(connection):
                savepoint.rollback()
            raise

    def _open_writer(self) -> Connection:
        if self._writer is None:
            self._writer = self._writing.connect()
        return self._writer

    def _raw(self) -> sqlite3.Connection:
        connection = self._open_writer().connection.driver_connection
        assert isinstance(connection, sqlite3.Connection)
        return connection

    def _drop_writer(self) -> None:
        if self._writer is not None:
            self._writer.invalidate()
            self._writer.close()
            self._writer = None


def _in_transaction(connection: Connection) -> bool:
    driver = connection.connection.driver_connection
    return driver is not None and bool(driver.in_transaction)


def make_private(path: Path) -> None:
    """Make the file (mode 600) and its folder (mode 700) unless they are there; both are then on the disk.

    Raises ``StoreUnavailable`` when that cannot be.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if path.exists():
            # Never opened here: closing it would drop the locks that SQLite holds on it elsewhere in this process.
            if path.stat().st_mode & 0o077:
                path.chmod(0o600)
            return
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
        _to_disk(path.parent)
    except OSError as error:
        raise StoreUnavailable(
            f"the database {path} cannot be made or written ({error.strerror}); mend the folder's rights"
        ) from error


def _to_disk(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _engine(path: Path, wait: float, *, write: bool) -> Engine:
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        connect_args={"timeout": wait, "check_same_thread": False},
        # Parameters are mails and addresses: they have no place in an error's text.
        hide_parameters=True,
        poolclass=NullPool if write else QueuePool,
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _record: object) -> None:
        # The driver's own BEGINs would come too late for a consistent read: ours are sent by the next listener.
        connection.isolation_level = None
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = FULL")
        if not write:
            connection.execute("PRAGMA query_only = ON")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

    return engine
