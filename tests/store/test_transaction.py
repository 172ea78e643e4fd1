"""Joining methods, sharing the file between threads and processes, and seeing that somebody else wrote."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from daemon.mailbox.base import Role, Watermark
from daemon.store import Store
from daemon.store.errors import UnknownWord
from tests.store.samples import NOW, ORDER, OWNER, arrived, keep, rolled_back, word


def _words(store: Store) -> int:
    return len(store.words.of_order(OWNER, ORDER))


def test_block_is_kept_whole_or_not_at_all(store: Store) -> None:
    """What is done in a block is seen inside it at once, and is gone altogether when the block fails."""
    with rolled_back(store):
        store.words.add(OWNER, word(), NOW)
        keep(store, 1)
        assert (_words(store), store.mails.counts().new) == (1, 1)
    assert (_words(store), store.mails.counts().new) == (0, 0)
    with store.transaction():
        store.words.add(OWNER, word(), NOW)
    assert _words(store) == 1


def test_inner_failure_undoes_the_inner_part_only(store: Store) -> None:
    """A failing block or method inside a block undoes its own part, and the outer block can go on."""
    with store.transaction():
        store.words.add(OWNER, word(), NOW)
        with rolled_back(store):
            store.words.add(OWNER, word(), NOW)
        with pytest.raises(UnknownWord):
            store.words.withdraw(99)
        store.words.add(OWNER, word(), NOW)
    assert _words(store) == 2


def test_others_see_a_block_when_it_is_over(store: Store, path: Path) -> None:
    """Neither another thread nor another store sees half a block, and reading never waits for a writer."""
    with Store.open(path, wait=0.2) as other, ThreadPoolExecutor(1) as pool:
        with store.transaction():
            store.words.add(OWNER, word(), NOW)
            assert pool.submit(_words, store).result(5) == _words(other) == 0
        assert pool.submit(_words, store).result(5) == _words(other) == 1


def test_threads_write_at_once_and_lose_nothing(path: Path) -> None:
    """Many threads that keep mails and add words through one store all get their turn."""
    with Store.open(path) as store, ThreadPoolExecutor(8) as pool:
        start = threading.Barrier(8)

        def work(number: int) -> None:
            start.wait(5)
            for uid in range(10 * number, 10 * number + 10):
                mark = Watermark(7, uid)
                with store.transaction():
                    store.mails.keep(OWNER, f"box{number}", "INBOX", Role.INBOX, mark, [arrived(uid)], NOW)
                    store.words.add(OWNER, word(), NOW)

        list(pool.map(work, range(8), timeout=60))
        assert (store.mails.counts().new, _words(store), store.check()) == (80, 80, [])


def test_only_what_others_write_counts_as_changed(store: Store, path: Path) -> None:
    """A commit of another store on the file is seen once; our own, from whatever thread, never."""
    with Store.open(path) as other, ThreadPoolExecutor(1) as pool:
        assert not store.changed()
        keep(store, 1)
        pool.submit(keep, store, 2).result(5)
        assert (store.changed(), other.changed()) == (False, True)
        other.words.add(OWNER, word(), NOW)
        keep(store, 3)
        assert (store.changed(), store.changed()) == (True, False)
        with rolled_back(other):
            other.words.add(OWNER, word(), NOW)
        assert not store.changed()


def test_file_and_folder_are_private(store: Store, path: Path) -> None:
    """The database, its WAL and its folder can be read by their owner only."""
    keep(store, 1)
    assert path.parent.stat().st_mode & 0o777 == 0o700
    modes = {one.name: one.stat().st_mode & 0o777 for one in path.parent.iterdir()}
    assert modes == {"relance.db": 0o600, "relance.db-wal": 0o600, "relance.db-shm": 0o600}


def test_file_open_to_others_is_closed_to_them(path: Path) -> None:
    """A database that was copied in with loose rights is made private when it is opened."""
    Store.open(path).close()
    path.chmod(0o644)
    Store.open(path).close()
    assert path.stat().st_mode & 0o777 == 0o600


def test_everything_is_there_after_closing(path: Path) -> None:
    """What was kept is there when the store is opened again, and the WAL was folded into the file."""
    with Store.open(path) as store:
        (mail,) = keep(store, 1)
    assert [one.name for one in path.parent.iterdir()] == ["relance.db"]
    with Store.open(path) as store:
        assert store.mails.raw(OWNER, mail)
        assert (store.path, store.check()) == (path, [])
