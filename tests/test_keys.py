"""Keys out of DNS, asked of a name server on this machine: found, gone, silent, and kept for a while."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from daemon.clock import SystemClock
from daemon.intake.dkim import key_names
from daemon.keys import MOST_KEPT, PATIENCE, Answer, Dns, KeyRing, Unanswered
from daemon.mailbox.base import Arrived, Role, Watermark
from daemon.reader import Homes, Reader
from daemon.reading import Here
from daemon.settings import Settings
from daemon.store import Store
from parsers.letter import Trust
from tests.intake.signing import key_pair, signed
from tests.servers.names import NameServer

NAME = "s1._domainkey.amazon.fr"
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
MAIL = (
    b"From: Amazon.fr <shipment-tracking@amazon.fr>\r\nTo: lou.martel@example.net\r\nSubject: Votre colis\r\n"
    b"Date: Mon, 02 Mar 2026 09:12:00 +0000\r\nMessage-ID: <m7@amazon.fr>\r\n\r\nBonjour\r\n"
)


def test_a_key_comes_whole_and_with_its_time() -> None:
    """Shows that a long record, which DNS gives in pieces, is put together, and that its time to live comes with it."""
    record = key_pair(4, 2048).record
    with NameServer({NAME: record}).running() as ask:
        assert ask(NAME, PATIENCE) == Answer(record, 600)
        assert ask("s2._domainkey.amazon.fr", PATIENCE).text == ""


@pytest.mark.parametrize("silent", [True, False])
def test_no_answer_is_told_from_no_key(silent: bool) -> None:
    """Shows that a resolver which is silent, or fails, is no proof that a key is gone."""
    started = time.monotonic()
    with NameServer({}, silent=silent, failing=not silent).running() as ask, pytest.raises(Unanswered):
        ask(NAME, 0.3)
    assert time.monotonic() - started < 2


def test_a_mail_waits_for_no_more_than_its_time() -> None:
    """Shows that a mail with many signatures waits three seconds in all for a resolver that does not answer."""
    moments, waited = [0.0], []

    def slow(_: str, seconds: float) -> Answer:
        waited.append(seconds)
        moments[0] += min(seconds, 1.2)
        raise Unanswered

    many = b"".join(b"DKIM-Signature: d=amazon.fr; s=s%d\r\n" % each for each in range(5)) + MAIL
    assert KeyRing(slow, lambda: moments[0]).of(key_names(many)) == {}
    assert moments[0] <= PATIENCE
    assert [round(each, 1) for each in waited] == [3.0, 1.8, 0.6]


def test_answers_are_kept_for_their_time_and_silence_for_a_minute() -> None:
    """Shows that a name is asked for once in its time, also one whose key is gone, and that silence is kept shortly."""
    moments, asked = [0.0], []
    replies: dict[str, Answer | None] = {NAME: Answer("v=DKIM1; p=AA", 600)}

    def ask(name: str, _: float) -> Answer:
        asked.append(name)
        if (reply := replies[name]) is None:
            raise Unanswered
        return reply

    ring, raw = KeyRing(ask, lambda: moments[0]), [NAME]
    assert ring.of(raw) == ring.of(raw) == {NAME: "v=DKIM1; p=AA"}
    assert asked == [NAME]
    moments[0], replies[NAME] = 700.0, None
    assert ring.of(raw) == ring.of(raw) == {}
    assert len(asked) == 2
    moments[0], replies[NAME] = 800.0, Answer("", 600)
    assert ring.of(raw) == ring.of(raw) == {}
    assert len(asked) == 3


def test_after_some_silences_the_resolver_is_left_alone() -> None:
    """Shows that a thousand mails of different senders do not each wait for a resolver that is down."""
    moments, asked = [0.0], []

    def ask(name: str, _: float) -> Answer:
        asked.append(name)
        raise Unanswered

    ring = KeyRing(ask, lambda: moments[0])
    for each in range(50):
        ring.of([f"k{each}._domainkey.amazon.fr"])
    assert len(asked) == 3
    moments[0] = 61.0
    ring.of([NAME])
    assert len(asked) == 4


def test_what_is_kept_is_bounded() -> None:
    """Shows that senders who sign with ever new keys do not fill the memory: the oldest answer is forgotten."""
    asked: list[str] = []

    def ask(name: str, _: float) -> Answer:
        asked.append(name)
        return Answer("v=DKIM1; p=AA", 600)

    ring = KeyRing(ask, lambda: 0.0)
    names = [f"k{each}._domainkey.amazon.fr" for each in range(MOST_KEPT + 1)]
    for name in [*names, names[-1], names[0]]:
        ring.of([name])
    assert len(asked) == len(names) + 1


Read = Callable[[bytes, bool, Dns], "Trust | str"]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Give an empty store."""
    with Store.open(tmp_path / "relance.sqlite3") as store:
        yield store


@pytest.fixture
def read(store: Store, tmp_path: Path) -> Read:
    """Give what the service makes of a mail, and of one that it has again: its trust, or why it was set aside."""

    def run(raw: bytes, dkim: bool, ask: Dns) -> Trust | str:
        owner = {"name": "Lou", "addresses": ["lou.martel@example.net"]}
        box = {"name": "home", "kind": "maildir", "path": str(tmp_path), "dkim": dkim, "owner": owner}
        settings = Settings.model_validate({"mailboxes": [box]})
        key = settings.mailboxes[0].owner.key
        store.mails.keep(key, "home", "INBOX", Role.INBOX, Watermark(1, 1), [Arrived(1, NOW, raw)], NOW)
        store.mails.requeue()
        (mail,) = store.mails.pending(5)
        Reader(Homes(settings), store, SystemClock(), Here(), keys=KeyRing(ask)).read(mail)
        if aside := store.mails.quarantined(key):
            return aside[0].reason
        summary = store.mails.summary(key, mail.mail_id)
        assert summary is not None
        return summary.trust

    return run


@pytest.mark.parametrize(
    ("change", "dkim", "wanted"),
    [
        ((b"", b""), True, Trust.SIGNED),
        ((b"", b""), False, Trust.UNVERIFIED),
        ((b"Bonjour", b"Bonsoir"), True, "forged"),
        ((b"s=s1", b"s=s9"), True, Trust.UNVERIFIED),
    ],
)
def test_the_service_verifies_what_its_owner_wants_verified(
    read: Read, change: tuple[bytes, bytes], dkim: bool, wanted: Trust | str
) -> None:
    """Shows the whole way: with ``dkim = true`` a mail is signed, forged, or unverified when its key is gone."""
    server = NameServer({NAME: key_pair().record})
    with server.running() as ask:
        assert read(signed(MAIL).replace(*change) if change[0] else signed(MAIL), dkim, ask) == wanted
    assert bool(server.asked) is dkim


def test_a_mail_stays_as_proven_as_it_was(read: Read) -> None:
    """Shows that a replay needs neither DNS nor a key that its sender has withdrawn since."""
    with NameServer({NAME: key_pair().record}).running() as ask:
        assert read(signed(MAIL), True, ask) == Trust.SIGNED
    gone = NameServer({})
    with gone.running() as ask:
        assert read(signed(MAIL), True, ask) == Trust.SIGNED
    assert gone.asked == []


def test_a_key_proves_nothing_that_came_after_its_end(store: Store) -> None:
    """Shows that a remembered key counts only for mails that had arrived when DNS still had it."""
    store.keys.remember({}, NOW)
    store.keys.remember({NAME: "v=DKIM1; p=AA"}, NOW)
    store.keys.remember({NAME: "v=DKIM1; p=BB"}, NOW + timedelta(hours=1))
    later = NOW + timedelta(hours=1)
    assert store.keys.since([NAME], later) == {NAME: "v=DKIM1; p=BB"}
    assert store.keys.since([NAME, "x"], NOW) == {NAME: "v=DKIM1; p=AA"}
    assert store.keys.since([NAME], later + timedelta(seconds=1)) == {}
    assert store.keys.since([], NOW) == {}


@pytest.mark.parametrize(("change", "wanted"), [((b"", b""), Trust.UNVERIFIED), ((b"Bonjour", b"Bonsoir"), "forged")])
def test_a_key_that_took_anothers_place_makes_no_true_mail_false(
    read: Read, store: Store, change: tuple[bytes, bytes], wanted: Trust | str
) -> None:
    """Shows that a mail read while DNS failed, and again when another key stands there, is unverified, if unchanged."""
    raw = signed(MAIL).replace(*change) if change[0] else signed(MAIL)
    with NameServer({}, failing=True).running() as ask:
        assert read(raw, True, ask) == Trust.UNVERIFIED
    with NameServer({NAME: key_pair(2).record}).running() as ask:
        assert read(raw, True, ask) == wanted
    assert store.keys.since([NAME], NOW) == {NAME: key_pair(2).record}


@pytest.mark.parametrize(
    ("change", "wanted"), [((b"", b""), Trust.SIGNED), ((b"Subject: ", b"Subject: Re: "), "forged")]
)
def test_the_key_of_then_counts_though_another_came_after(
    read: Read, store: Store, change: tuple[bytes, bytes], wanted: Trust | str
) -> None:
    """Shows that a replay takes the key that stood there when the mail came: what was true or forged then still is."""
    raw = signed(MAIL).replace(*change, 1) if change[0] else signed(MAIL)
    store.keys.remember({NAME: key_pair().record}, NOW + timedelta(hours=1))
    store.keys.remember({NAME: key_pair(2).record}, NOW + timedelta(days=60))
    store.keys.remember({NAME: key_pair().record}, NOW + timedelta(days=90))
    with NameServer({}).running() as ask:
        assert read(raw, True, ask) == wanted
