"""Keeping mails: each content once, and a watermark that does not go back."""

from __future__ import annotations

import hashlib
import itertools
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from daemon.mailbox.base import Arrived, Role, Watermark
from daemon.store import Store
from daemon.store.errors import NaiveTime, StoreDamaged, UnknownMail
from tests.store.samples import NOW, OTHER, OWNER, arrived, later, raw

_KEY = 2**63 - 1
"""The key of a Maildir file: a hash that fills SQLite's integers."""


def _keep(store: Store, mark: Watermark, *mails: Arrived, folder: str = "INBOX", owner: str = OWNER) -> int:
    return store.mails.keep(owner, "maison", folder, Role.INBOX, mark, mails, NOW)


def test_mail_comes_back_as_it_came(store: Store) -> None:
    """A mail is given back byte for byte, under the SHA-256 of its bytes."""
    content = bytes(range(256)) * 200
    _keep(store, Watermark(7, 3), Arrived(3, NOW, content))
    mail_id = hashlib.sha256(content).hexdigest()
    assert store.mails.raw(OWNER, mail_id) == content
    assert store.mails.watermark("maison", "INBOX") == Watermark(7, 3)


def test_unknown_mail_is_named(store: Store) -> None:
    """Asking for a mail that is not there says so, also for another owner's mail."""
    _keep(store, Watermark(7, 3), arrived(3))
    with pytest.raises(UnknownMail):
        store.mails.raw(OTHER, hashlib.sha256(raw(3)).hexdigest())


def test_changed_bytes_are_noticed(store: Store, path: Path) -> None:
    """A raw mail whose bytes are not those that were stored is reported as damage, never handed on."""
    import sqlite3

    import zstandard

    _keep(store, Watermark(7, 3), arrived(3))
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE raws SET zstd = ?", (zstandard.compress(b"something else"),))
    connection.close()
    with pytest.raises(StoreDamaged):
        store.mails.raw(OWNER, hashlib.sha256(raw(3)).hexdigest())


def test_same_mail_in_two_folders_is_kept_once(store: Store) -> None:
    """A mail seen in a second folder leaves a sighting there and no second mail."""
    assert _keep(store, Watermark(7, 3), arrived(3)) == 1
    assert _keep(store, Watermark(9, 41), arrived(41, number=3), folder="Archive") == 0
    assert store.mails.counts().new == 1
    assert store.mails.seen("maison", "Archive") == {41}


def test_owners_share_nothing(store: Store) -> None:
    """The same bulk mail in two owners' mailboxes is a mail of each."""
    assert _keep(store, Watermark(7, 3), arrived(3)) == 1
    assert _keep(store, Watermark(7, 3), arrived(3), owner=OTHER) == 1
    assert [mail.owner for mail in store.mails.pending(10)] == [OWNER, OTHER]


def test_folder_made_anew_gives_no_second_mail(store: Store) -> None:
    """A new uidvalidity replaces the watermark and the seen keys, and the same mails are not kept again."""
    _keep(store, Watermark(7, 30), arrived(30))
    assert _keep(store, Watermark(8, 1), arrived(1, number=30)) == 0
    assert store.mails.watermark("maison", "INBOX") == Watermark(8, 1)
    assert store.mails.seen("maison", "INBOX") == {1}


def test_file_that_did_not_matter_can_matter_later(store: Store) -> None:
    """A Maildir file passed over once is remembered as seen, and its mail is kept when it is handed over later."""
    assert _keep(store, Watermark(1, 0), Arrived(_KEY, NOW, None)) == 0
    assert store.mails.seen("maison", "INBOX") == {_KEY}
    assert store.mails.pending(10) == []
    assert _keep(store, Watermark(1, 0), Arrived(_KEY, NOW, raw(5))) == 1


def test_pending_is_by_arrival_and_limited(store: Store) -> None:
    """Mails wait in the order in which they arrived, whatever order they were kept in."""
    _keep(store, Watermark(7, 9), arrived(9), arrived(2), arrived(5))
    first, second = store.mails.pending(2)
    assert (first.received_at, second.received_at) == (later(minutes=2), later(minutes=5))
    assert (first.role, first.mailbox, first.attempts) == (Role.INBOX, "maison", 0)


def test_time_without_zone_is_refused(store: Store) -> None:
    """A naive time is a programming error and writes nothing."""
    with pytest.raises(NaiveTime):
        _keep(store, Watermark(7, 3), replace(arrived(3), received_at=NOW.replace(tzinfo=None)))
    assert store.mails.watermark("maison", "INBOX") is None


_BATCH = st.tuples(
    st.integers(1, 3),
    st.integers(0, 12),
    st.lists(st.tuples(st.integers(1, 12), st.none() | st.integers(0, 6)), max_size=5),
)
_boxes = itertools.count()


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches=st.lists(_BATCH, max_size=12))
def test_any_repetition_keeps_each_content_once(
    store: Store, batches: list[tuple[int, int, list[tuple[int, int | None]]]]
) -> None:
    """Whatever is handed over again, under any uidvalidity, each content is there once and the mark never sinks."""
    box = f"box{next(_boxes)}"
    kept: set[int] = set()
    expected: Watermark | None = None
    sighted: dict[int, set[int]] = {}
    for validity, last, mails in batches:
        handed = [Arrived(uid, NOW, None if number is None else raw(number)) for uid, number in mails]
        new = store.mails.keep(box, box, "INBOX", Role.INBOX, Watermark(validity, last), handed, NOW)
        contents = {number for _, number in mails if number is not None}
        assert new == len(contents - kept)
        kept |= contents
        sighted.setdefault(validity, set()).update(uid for uid, _ in mails)
        same = expected is not None and expected.uidvalidity == validity
        expected = Watermark(validity, max(last, expected.last_uid if same and expected else 0))
        assert store.mails.watermark(box, "INBOX") == expected
        assert store.mails.seen(box, "INBOX") == sighted[validity]
    stored = [mail.mail_id for mail in store.mails.pending(100_000) if mail.owner == box]
    assert sorted(stored) == sorted(hashlib.sha256(raw(number)).hexdigest() for number in kept)
    assert {store.mails.raw(box, mail_id) for mail_id in stored} == {raw(number) for number in kept}
