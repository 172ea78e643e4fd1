"""The service when something is wrong around it: it says so, loses nothing, and goes on by itself."""

from __future__ import annotations

import os
import sqlite3
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.requirements import missing
from tests.road import mails
from tests.road.conftest import Maker
from tests.road.service import Relance, account, until
from tests.servers.dovecot import Dovecot

NOW = datetime.now(UTC).replace(microsecond=0)


def _orders(relance: Relance) -> set[str]:
    return {one["order"]["order_id"] for one in relance.json("orders")}


def _status(relance: Relance) -> str:
    return relance.command("status", "--json").stdout


def test_a_locked_database_pauses_the_intake(dovecot: Dovecot, relance: Relance) -> None:
    """While another process holds the database, ``status`` says so; afterwards every mail is there."""
    relance.start()
    dovecot.deliver("camille", mails.confirmed(mails.order_number(1), NOW))
    until(lambda: _orders(relance) == {mails.order_number(1)}, "the first order")
    holder = sqlite3.connect(relance.state / "relance.sqlite3", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    dovecot.deliver("camille", mails.confirmed(mails.order_number(2), NOW))
    until(lambda: '"paused"' in _status(relance), "the pause to be told")
    holder.execute("ROLLBACK")
    holder.close()
    until(lambda: len(_orders(relance)) == 2, "the second order")
    until(lambda: '"watching"' in _status(relance), "the pause to end")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Mount a disk of 3 MB."""
    if os.geteuid() != 0:
        missing("root, to mount a small disk")
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(disk)], check=False)
    if mounted.returncode:
        missing("the right to mount a tmpfs")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


def test_a_full_disk_pauses_the_intake(dovecot: Dovecot, make_relance: Maker, small_disk: Path) -> None:
    """With the disk full, ``status`` says so and nothing is lost; with room again, the service goes on by itself."""
    relance = make_relance(account(dovecot), password=dovecot.password)
    text = relance.config.read_text("utf-8").replace(str(relance.state), str(small_disk / "state"))
    relance.config.write_text(text, "utf-8")
    relance.start()
    dovecot.deliver("camille", mails.confirmed(mails.order_number(1), NOW))
    until(lambda: _orders(relance) == {mails.order_number(1)}, "the first order")
    _fill(small_disk / "ballast")
    for number in range(2, 8):
        dovecot.deliver("camille", _heavy(number))
    until(lambda: '"paused"' in _status(relance), "the pause to be told")
    (small_disk / "ballast").unlink()
    until(lambda: len(_orders(relance)) == 7, "the other orders")
    assert '"watching"' in _status(relance)


def _fill(path: Path) -> None:
    with path.open("wb", buffering=0) as ballast:
        try:
            while True:
                ballast.write(b"\0" * 4096)
        except OSError:
            return


def _heavy(number: int) -> bytes:
    """Return a confirmation with an attachment that cannot be compressed."""
    order = mails.order_number(number)
    return mails.confirmed(order, NOW) + os.urandom(20_000).hex().encode() + b"\n"


def test_a_refused_login_stops_that_mailbox_alone(dovecot: Dovecot, make_relance: Maker) -> None:
    """A wrong password is told once, not tried again, and the other mailbox is watched as ever."""
    wrong = account(dovecot, "autre", "noor").replace("RELANCE_TEST_PASSWORD", "RELANCE_WRONG_PASSWORD")
    relance = make_relance(account(dovecot), wrong, password=dovecot.password)
    relance.start(RELANCE_WRONG_PASSWORD="no such thing")
    until(lambda: "refused" in relance.states(), "the refusal")
    dovecot.deliver("camille", mails.confirmed(mails.order_number(1), NOW))
    until(lambda: _orders(relance) == {mails.order_number(1)}, "the order in the other mailbox")
    assert relance.states().count("refused") == 1
    status = relance.command("--language", "en", "status")
    assert (status.returncode, "refused" in status.stdout) == (1, True)


def test_a_dropped_connection_is_made_again(dovecot: Dovecot, relance: Relance) -> None:
    """A server that dies and comes back is found again, and what came meanwhile is read."""
    relance.start()
    until(lambda: "watching" in relance.states(), "watching")
    dovecot.kill()
    until(lambda: "retrying" in relance.states(), "the loss to be noticed")
    dovecot.restart()
    dovecot.deliver("camille", mails.confirmed(mails.order_number(1), NOW))
    until(lambda: _orders(relance) == {mails.order_number(1)}, "the order", 60)


def test_a_forged_mail_makes_no_order(dovecot: Dovecot, relance: Relance) -> None:
    """A mail that imitates Amazon is set aside with its reason; it can be shown, retried, dropped, and brought back."""
    relance.start()
    forged = mails.mail(
        "Amazon.fr <service-client@amazon-fr-colis.example>",
        "Votre commande 404-1234098-7654321 est bloquée",
        "Confirmez votre carte : https://amazon-fr-colis.example/\nCommande 404-1234098-7654321\n",
        NOW,
        key="forged",
    )
    dovecot.deliver("camille", forged)
    (aside,) = until(lambda: relance.json("quarantine", "list"), "the quarantine")
    assert aside["reason"] == "forged"
    assert _orders(relance) == set()
    mail_id = aside["mail_id"][:12]
    assert relance.command("quarantine", "show", mail_id).returncode == 0
    assert relance.command("quarantine", "retry", mail_id).returncode == 1
    assert [one["reason"] for one in relance.json("quarantine", "list")] == ["forged"]
    assert relance.command("quarantine", "drop", mail_id).returncode == 0
    assert relance.json("quarantine", "list") == []
    assert relance.command("undo").returncode == 0
    assert len(relance.json("quarantine", "list")) == 1


def test_hostile_mails_do_not_hold_up_the_others(dovecot: Dovecot, relance: Relance) -> None:
    """Mails whose senders are made to exhaust the reader are passed over, and the service lives and ends as ever."""
    dovecot.deliver("camille", mails.confirmed(mails.order_number(1), NOW))
    dovecot.deliver("camille", _from("(" * 3_000 + " x@y.example z@t.example"))
    dovecot.deliver("camille", _from("a" * 100_000))
    dovecot.deliver("camille", mails.confirmed(mails.order_number(2), NOW))
    relance.start()
    until(lambda: _orders(relance) == {mails.order_number(1), mails.order_number(2)}, "both orders")
    code, seconds = relance.stop()
    assert code == 0
    assert seconds < 5


def _from(sender: str) -> bytes:
    return f"From: {sender}\r\nTo: {mails.OWNER}\r\nSubject: Bonjour\r\n\r\nBonjour\r\n".encode()


def test_a_word_on_the_command_line_reaches_the_mailbox(dovecot: Dovecot, relance: Relance) -> None:
    """What ``relance report`` sets off is placed in the mailbox by the running service, and ``undo`` takes it back."""
    order = mails.order_number(1)
    relance.start()
    dovecot.deliver("camille", mails.confirmed(order, NOW - timedelta(days=6)))
    dovecot.deliver("camille", mails.delivered(order, NOW - timedelta(days=3)))
    until(lambda: _orders(relance) == {order}, "the order")
    assert relance.command("report", order, "not-received", "--note", "rien dans la boîte").returncode == 0
    until(lambda: any(b"X-Relance" in one.raw for one in dovecot.messages("camille")), "the notice")
    assert len(relance.json("drafts")) == 1
    assert relance.command("undo").returncode == 0
    assert relance.json("drafts") == []
