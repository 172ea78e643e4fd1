"""When the disk is full, the file is locked, may not be written, or is not what it should be: for real."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from daemon.mailbox.base import Role, Watermark
from daemon.store import Store
from daemon.store.errors import StoreDamaged, StoreTooNew, StoreUnavailable
from tests.store.samples import NOW, ORDER, OWNER, arrived, keep, word

ROOT = Path(__file__).resolve().parents[2]
BIG = 200_000


def _keep_big(store: Store, *uids: int) -> int:
    mails = [arrived(uid, size=BIG) for uid in uids]
    # Filler that zstd cannot shrink, so that the disk really has to hold it.
    packed = [type(one)(one.uid, one.received_at, (one.raw or b"") + os.urandom(BIG)) for one in mails]
    return store.mails.keep(OWNER, "maison", "INBOX", Role.INBOX, Watermark(7, max(uids)), packed, NOW)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Mount a disk of two megabytes where the test may."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m,mode=700", "tmpfs", disk], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("a small disk can be mounted by root only")
    try:
        yield disk
    finally:
        subprocess.run(["umount", disk], check=True)


def test_full_disk_pauses_and_loses_nothing(small_disk: Path) -> None:
    """On a full disk keeping fails as a whole and says so; with room again it succeeds, nothing lost or doubled."""
    path = small_disk / "state" / "relance.db"
    with Store.open(path, wait=0.2) as store:
        kept = keep(store, 1)
        ballast = small_disk / "ballast"
        with pytest.raises(OSError, match="No space left"):
            ballast.write_bytes(bytes(3 * 2**20))
        with pytest.raises(StoreUnavailable, match=r"relance\.db is full|relance\.db cannot be read or written"):
            _keep_big(store, 2, 3)
        assert keep(store) == kept
        assert store.mails.watermark("maison", "INBOX") == Watermark(7, 1)
        ballast.unlink()
        assert _keep_big(store, 2, 3) == 2
        assert store.mails.counts().new == 3
        assert store.check() == []


def test_full_disk_never_leaves_half_a_block(small_disk: Path) -> None:
    """A block that goes on after the disk was full is kept whole or refused whole, even if SQLite rolled it back."""
    with Store.open(small_disk / "state" / "relance.db", wait=0.2) as store:

        def block() -> None:
            with store.transaction():
                store.words.add(OWNER, word(), NOW)
                # Enough that the cache spills onto the full disk in the midst of a statement.
                with pytest.raises(StoreUnavailable):
                    _keep_big(store, *range(100, 150))
                store.words.add(OWNER, word(), NOW)

        try:
            block()
            expected = 2
        except StoreUnavailable:
            expected = 0
        assert len(store.words.of_order(OWNER, ORDER)) == expected
        assert (store.mails.counts().new > 0) is (expected == 2)
        store.words.add(OWNER, word(), NOW)
        assert len(store.words.of_order(OWNER, ORDER)) == expected + 1
        assert store.check() == []


_FILE_LIMIT = """
import resource, sys
from pathlib import Path
from daemon.store import Store
from daemon.store.errors import StoreUnavailable
from tests.store.samples import keep, word, NOW, OWNER
from tests.store.test_failures import _keep_big
store = Store.open(Path(sys.argv[1]), wait=0.2)
keep(store, 1)
soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, hard))
try:
    _keep_big(store, 2)
except StoreUnavailable as problem:
    print("paused", problem)
resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
print("kept", _keep_big(store, 2), store.mails.counts().new, store.check())
store.close()
"""


def test_quota_pauses_and_loses_nothing(path: Path) -> None:
    """When the file may not grow (a quota), keeping fails as a whole and says so, and succeeds once it may."""
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", _FILE_LIMIT, path],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    paused, kept = run.stdout.splitlines()
    assert paused.startswith(f"paused the database {path} cannot be read or written")
    assert kept == "kept 1 2 []"


_HOLDER = """
import sqlite3, sys
held = sqlite3.connect(sys.argv[1], isolation_level=None)
held.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.readline()
held.execute("ROLLBACK")
held.close()
"""


def test_locked_database_pauses_and_loses_nothing(store: Store, path: Path) -> None:
    """While another process holds the file, writing fails after the wait and reading goes on; then writing succeeds."""
    with subprocess.Popen(
        [sys.executable, "-c", _HOLDER, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdin
        assert holder.stdout
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(StoreUnavailable, match=r"another program holds the database .*relance\.db"):
            keep(store, 1)
        assert store.mails.counts().new == 0
        holder.communicate("release\n", timeout=10)
    assert len(keep(store, 1)) == 1
    assert store.check() == []


_READER = """
import os, sys
from pathlib import Path
from daemon.store import Store
from daemon.store.errors import StoreUnavailable
from tests.store.samples import keep
os.setuid(65534)
try:
    with Store.open(Path(sys.argv[1]), wait=0.2) as store:
        keep(store, 1)
except StoreUnavailable as problem:
    print(problem)
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_file_that_may_not_be_written_is_named(tmp_path: Path) -> None:
    """A database that this user may read but not write gives one sentence with its name and what to mend."""
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o755)
    path = tmp_path / "relance.db"
    Store.open(path).close()
    path.chmod(0o644)
    run = subprocess.run(
        [sys.executable, "-c", _READER, path], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    assert run.stdout.count("\n") == 1
    assert f"the database {path}" in run.stdout
    assert "rights" in run.stdout


def test_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    """A path whose folder cannot be made gives one sentence with the file's name."""
    (tmp_path / "state").write_text("a file, not a folder")
    with pytest.raises(StoreUnavailable, match=r"relance\.db cannot be made"):
        Store.open(tmp_path / "state" / "relance.db")


@pytest.mark.parametrize("content", [b"This is a letter, not a database.\n" * 200, os.urandom(20_000)])
def test_file_that_is_no_database_is_damaged(path: Path, content: bytes) -> None:
    """A file that is no database is called damaged by its name, and is left as it is."""
    path.parent.mkdir()
    path.write_bytes(content)
    with pytest.raises(StoreDamaged, match=r"relance\.db is damaged"):
        Store.open(path)
    assert path.read_bytes() == content


def test_damaged_pages_are_found(path: Path) -> None:
    """Examining a database whose pages were overwritten says what is wrong instead of failing."""
    with Store.open(path) as store:
        keep(store, *range(1, 400))
    with path.open("r+b") as file:
        # The schema and the tables' first pages lie before; here are rows of mails.
        for page in range(80, 90):
            file.seek(page * 4096)
            file.write(b"\xff" * 4096)
    with Store.open(path) as store:
        assert store.check() != []


def test_broken_reference_is_found(store: Store, path: Path) -> None:
    """A row that points nowhere is reported with the names of both tables."""
    (mail,) = keep(store, 1)
    raw = sqlite3.connect(path)
    raw.execute("DELETE FROM mails WHERE mail_id = ?", (mail,))
    raw.commit()
    raw.close()
    assert "a row of raws points to a row of mails that is not there" in store.check()


def test_newer_database_is_refused(path: Path) -> None:
    """A database of a newer relance is refused with its name and left as it is."""
    Store.open(path).close()
    raw = sqlite3.connect(path)
    raw.execute("UPDATE alembic_version SET version_num = 'r9999'")
    raw.commit()
    raw.close()
    with pytest.raises(StoreTooNew, match=r"relance\.db was written by a newer relance"):
        Store.open(path)


def test_errors_do_not_quote_what_was_stored(store: Store) -> None:
    """The text of a database's error holds no address and no word of a mail."""
    from sqlalchemy.exc import IntegrityError

    with pytest.raises(IntegrityError) as failed:
        store.words.add("secret@exemple.fr", word().model_copy(update={"note": "mot secret"}), None)  # type: ignore[arg-type]
    assert "secret" not in str(failed.value)
