"""Questions that are asked all the time use indexes, and keeping is quick."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from daemon.mailbox.base import Arrived, Role, Watermark
from daemon.store import Store
from tests.store.samples import NOW, ORDER, OWNER, keep, notice, order, summary


@contextmanager
def _statements() -> Iterator[list[tuple[str, Any]]]:
    """Collect what SQLAlchemy sends to the database."""
    sent: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, sql: str, values: Any, _context: object, _many: bool) -> None:
        if sql.startswith(("SELECT", "UPDATE")):
            sent.append((sql, values))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(Engine, "before_cursor_execute", note)


_ASKED: dict[str, Callable[[Store], object]] = {
    "watermark": lambda store: store.mails.watermark("maison", "INBOX"),
    "seen": lambda store: store.mails.seen("maison", "INBOX"),
    "pending": lambda store: store.mails.pending(10),
    "attempt": lambda store: store.mails.start_attempt(OWNER, store.mails.pending(1)[0].mail_id, NOW),
    "crashed": lambda store: store.mails.isolate_crashed(NOW),
    "quarantined": lambda store: store.mails.quarantined(),
    "notices": lambda store: store.views.notices(OWNER, ORDER),
    "loose": lambda store: store.views.loose(OWNER),
    "by_tracking": lambda store: store.views.by_tracking(OWNER, ["6A01234567891", "8L98765432100"]),
    "order": lambda store: store.views.order(OWNER, ORDER),
    "orders": lambda store: store.views.orders(OWNER),
    "to_reconsider": lambda store: store.views.to_reconsider(NOW),
    "words": lambda store: store.words.of_order(OWNER, ORDER),
    "claims": lambda store: store.claims.of_order(OWNER, ORDER),
    "claim": lambda store: store.claims.find("R-7F3K"),
    "due": lambda store: store.claims.due(NOW),
    "placements": lambda store: store.placements.open("maison"),
    "waiting": lambda store: store.placements.waiting("maison"),
    "placed": lambda store: store.placements.of(OWNER, ["R-7F3K"]),
    "last": lambda store: store.decisions.last(),
}


@pytest.mark.parametrize("name", _ASKED)
def test_frequent_questions_scan_no_table(store: Store, path: Path, name: str) -> None:
    """SQLite answers each frequent question by an index or a key, never by reading a whole table."""
    keep(store, 1, 2, 3)
    with _statements() as sent:
        _ASKED[name](store)
    assert sent
    connection = sqlite3.connect(path)
    for sql, values in sent:
        plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}", values)]
        if name != "last":
            assert not [step for step in plan if step.startswith("SCAN")], (sql, plan)
        assert not [step for step in plan if "AUTOMATIC" in step], (sql, plan)
    connection.close()


def test_hundred_mails_are_kept_quickly(store: Store) -> None:
    """A batch of a hundred mails of 45 kB is on the disk in well under two seconds, and waits in order."""
    mails = [Arrived(uid, NOW, os.urandom(30_000) + bytes(15_000)) for uid in range(100)]
    began = time.process_time()
    assert store.mails.keep(OWNER, "maison", "INBOX", Role.INBOX, Watermark(7, 99), mails, NOW) == 100
    waiting = store.mails.pending(100)
    assert time.process_time() - began < 2
    assert len(waiting) == 100
    for mail in waiting[:3]:
        store.mails.finish(OWNER, mail.mail_id, summary(), [notice(mail.mail_id)])
    store.views.save_order(OWNER, order(), None)
    assert len(store.views.notices(OWNER, ORDER)) == 3
