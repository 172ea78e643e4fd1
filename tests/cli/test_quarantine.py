"""``relance quarantine``: a mail that could not be read is seen, tried again, dropped and brought back."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from daemon import configuration, locations
from daemon.mailbox.base import Arrived, Role, Watermark
from daemon.store import Store
from tests.cli.conftest import Home
from tests.road import mails


@pytest.fixture
def stuck(ready: Home) -> str:
    """Set a mail aside, as after two crashes; return its number."""
    settings = configuration.read(ready.config)
    owner, now = settings.mailboxes[0].owner.key, datetime.now(UTC)
    raw = mails.mail("Zoé Éluard <zoe@example.org>", "Coucou à l’été", "Un \x1b[31mrouge\x1b[0m", now, key="stuck")
    with Store.open(locations.database(settings)) as store:
        store.mails.keep(owner, "main", "INBOX", Role.INBOX, Watermark(1, 1), [Arrived(1, now, raw)], now)
        (mail,) = store.mails.pending(10)
        store.mails.quarantine(owner, mail.mail_id, "crashed", now)
    return mail.mail_id


def test_it_is_listed_and_shown(ready: Home, stuck: str) -> None:
    """The list has its number, ``show`` its text, without what would paint the terminal; ``--raw`` has every byte."""
    assert stuck[:12] in ready.run("quarantine", "list").out
    shown = ready.run("quarantine", "show", stuck[:8]).out
    assert stuck in shown
    assert "Subject: Coucou à l’été" in shown
    assert "From: Zoé Éluard <zoe@example.org>" in shown
    assert "=?utf-8" not in shown.lower()
    assert "\x1b" not in shown
    (one,) = ready.run("quarantine", "list", "--json").json
    assert one["mail_id"] == stuck


def test_it_can_be_tried_again(ready: Home, stuck: str) -> None:
    """A mail that can be read by now leaves the quarantine."""
    ran = ready.run("quarantine", "retry")
    assert ran.code == 0
    assert "1 read; 0 still in quarantine." in ran.out
    assert ready.run("quarantine", "show", stuck).code == 6


def test_dropping_can_be_taken_back_in_two_ways(ready: Home, stuck: str) -> None:
    """``undo`` and ``quarantine undrop`` both bring a dropped mail back."""
    for way in (("undo",), ("quarantine", "undrop", stuck)):
        assert ready.run("quarantine", "drop", stuck[:6]).code == 0
        assert ready.run("quarantine", "list", "--json").json == []
        assert ready.run(*way).code == 0
        assert len(ready.run("quarantine", "list", "--json").json) == 1


@pytest.mark.parametrize("command", ["show", "drop", "retry"])
def test_an_unknown_mail_is_not_found(ready: Home, command: str) -> None:
    """Exit code 6, and where the right number is listed."""
    ran = ready.run("quarantine", command, "ffff")
    assert ran.code == 6
    assert "relance quarantine list" in ran.err


def test_a_number_that_is_not_enough_names_those_it_could_be(ready: Home) -> None:
    """More than one mail begins alike: exit code 6, and their numbers; ``undrop`` looks among the dropped."""
    settings = configuration.read(ready.config)
    owner, now = settings.mailboxes[0].owner.key, datetime.now(UTC)
    raws = [mails.newsletter(now, number) for number in range(17)]
    with Store.open(locations.database(settings)) as store:
        arrived = [Arrived(place, now, raw) for place, raw in enumerate(raws, 1)]
        store.mails.keep(owner, "main", "INBOX", Role.INBOX, Watermark(1, 17), arrived, now)
        for mail in store.mails.pending(20):
            store.mails.quarantine(owner, mail.mail_id, "crashed", now)
    numbers = [one["mail_id"] for one in ready.run("quarantine", "list", "--json").json]
    first = next(one[0] for one in numbers if sum(each[0] == one[0] for each in numbers) > 1)
    ran = ready.run("quarantine", "show", first)
    assert ran.code == 6
    assert f"More than one mail begins with {first}: " in ran.err
    assert all(one[:12] in ran.err for one in numbers if one[0] == first)
    ran = ready.run("quarantine", "undrop", numbers[0])
    assert ran.code == 6
    assert "No mail that was dropped begins with" in ran.err
    assert "relance undo --list" in ran.err


def test_its_text_is_decoded(ready: Home) -> None:
    """Quoted-printable is shown as people read it; ``--raw`` as it came; one that names no charset known, as bytes."""
    head = (
        b"From: a@example.org\nMIME-Version: 1.0\nContent-Transfer-Encoding: quoted-printable\nContent-Type: text/plain"
    )
    good = head + b"; charset=utf-8\n\nLe colis est arriv=C3=A9 d=\n=C3=A9chir=C3=A9\n"
    odd = head + b"; charset=klingon\n\nvoil=C3=A0\n"
    settings = configuration.read(ready.config)
    owner, now = settings.mailboxes[0].owner.key, datetime.now(UTC)
    with Store.open(locations.database(settings)) as store:
        arrived = [Arrived(place, now, raw) for place, raw in enumerate((good, odd), 1)]
        store.mails.keep(owner, "main", "INBOX", Role.INBOX, Watermark(1, 2), arrived, now)
        numbers = [mail.mail_id for mail in store.mails.pending(10)]
        for number in numbers:
            store.mails.quarantine(owner, number, "crashed", now)
    shown = [ready.run("quarantine", "show", number).out for number in numbers]
    assert any("Le colis est arrivé déchiré" in one for one in shown)
    assert any("voil=C3=A0" in one for one in shown)


def test_a_dropped_mail_is_called_dropped(ready: Home, stuck: str) -> None:
    """Taking it back says that it had been dropped, in French too, and ``check`` speaks of mails set aside."""
    assert "mails set aside: 1" in ready.run("check", "--offline").out
    assert "mails mis de côté\u00a0: 1" in ready.run("--language", "fr", "check", "--offline").out
    ready.run("quarantine", "drop", stuck[:6])
    assert f"mail {stuck[:12]} jeté" in ready.run("--language", "fr", "undo").out
