"""Power cuts: the real process is killed at random moments while mails arrive, and nothing is lost or doubled."""

from __future__ import annotations

import hashlib
import random
import sqlite3
import threading
from collections import Counter
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy

import pytest

from tests.road import mails
from tests.road.service import Relance, until
from tests.servers.dovecot import Dovecot

KILLS = 64
ORDERS = 32
RELAY = "z8n4c1mmq0@marketplace.amazon.fr"


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_killed_at_random_moments_nothing_is_lost_or_doubled(dovecot: Dovecot, relance: Relance) -> None:
    """After 64 kills every mail is stored once, every claim drafted once, and each draft placed once."""
    chance = random.Random(20260322)
    post = _story(datetime.now(UTC).replace(microsecond=0))
    delivered: list[bytes] = []
    for number in range(KILLS):
        relance.start()
        share = post[number * len(post) // KILLS : (number + 1) * len(post) // KILLS]
        for raw in share:
            dovecot.deliver("camille", raw)
            delivered.append(raw)
        # From "Python has hardly started" to "all is done and it idles".
        threading.Event().wait(chance.uniform(0.2, 2.2))
        relance.kill()
    assert len(delivered) == len(post)
    starts = relance.states().count("starting")
    relance.start()
    until(lambda: "watching" in relance.states() and relance.states().count("starting") > starts, "the last start")
    until(lambda: _read(relance) == len(post), "every mail to be read", 60)
    until(lambda: _placed(relance) == ORDERS // 2, "every draft to be placed", 60)
    assert relance.stop()[0] == 0
    _assert_stored_once(relance, post)
    _assert_placed_once(dovecot, relance)


def _story(now: datetime) -> list[bytes]:
    """Orders of which every second was not received; half of those sold by a seller who has written."""
    post: list[bytes] = []
    for number in range(ORDERS):
        order = mails.order_number(number)
        seller = "Verrerie du Sault" if number % 4 == 1 else ""
        day = now - timedelta(days=20, minutes=number)
        post.append(mails.confirmed(order, day, seller=seller))
        if seller:
            post.append(mails.seller_wrote(order, day + timedelta(hours=1), RELAY, seller=seller, text="Merci !"))
        post.append(mails.newsletter(day, number))
        post.append(mails.delivered(order, day + timedelta(days=3)))
        if number % 2:
            post.append(mails.not_received(order, day + timedelta(days=4)))
    return post


def _query(relance: Relance, sql: str) -> list[tuple[object, ...]]:
    path = relance.state / "relance.sqlite3"
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10) as connection:
        rows = connection.execute(sql).fetchall()
    connection.close()
    return rows


def _read(relance: Relance) -> int:
    """Return how many mails are behind us: read, or passed over because they cannot matter."""
    ((read,),) = _query(relance, "SELECT count(*) FROM mails WHERE state = 'read'")
    return int(str(read)) + ORDERS


def _placed(relance: Relance) -> int:
    ((count,),) = _query(relance, "SELECT count(*) FROM placements WHERE state = 'done'")
    return int(str(count))


def _assert_stored_once(relance: Relance, post: list[bytes]) -> None:
    matter = [raw for raw in post if b"potager" not in raw]
    expected = {hashlib.sha256(raw.replace(b"\n", b"\r\n")).hexdigest() for raw in matter}
    stored = [row[0] for row in _query(relance, "SELECT mail_id FROM mails")]
    assert len(stored) == len(set(stored)) == len(expected)
    assert set(stored) == expected
    assert _query(relance, "SELECT count(*) FROM mails WHERE state <> 'read'") == [(0,)]


def _assert_placed_once(dovecot: Dovecot, relance: Relance) -> None:
    drafted = _query(relance, "SELECT ref, stage FROM drafts")
    assert len(drafted) == len(set(drafted)) == ORDERS // 2
    placed = Counter(
        str(message_from_bytes(one.raw, policy=policy.default)["Message-ID"])
        for folder in ("INBOX", "Drafts")
        for one in dovecot.messages("camille", folder)
        if b"X-Relance" in one.raw
    )
    assert set(placed.values()) == {1}
    by_seller = sum("draft@" in message_id for message_id in placed)
    assert by_seller == len([number for number in range(ORDERS) if number % 4 == 1])
    wanted = {str(row[0]) for row in _query(relance, "SELECT message_id FROM placements")}
    assert set(placed) == wanted
