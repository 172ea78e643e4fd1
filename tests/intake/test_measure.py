"""Mails made to exhaust their reader: time grows with their length, and not with its square."""

from __future__ import annotations

import gc
import time
from datetime import UTC, datetime

import pytest

import parsers
from daemon.intake import open_mail
from daemon.intake.authres import parse as read_results
from daemon.intake.headers import Address, parse_addresses
from daemon.intake.html import lines
from daemon.intake.lookalike import links_lie
from parsers.links import parcel_numbers, target

ARRIVED = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
OWNER = "camille@exemple.example"
SENDERS = ("Amazon.fr <confirmation-commande@amazon.fr>", f"Camille <{OWNER}>")
HTML = [
    "<a ", "<a href=https://x.y/ ", "<a href=https://x.y/>x ", "<!--", "<!", "<![", "<?", "<style>", "<title>",
    "<", "</", "&", "&amp;", "<b>", "<div>", "<blockquote>", "<br>", "<td>", "<sup>", "1<sup>00</sup>", "é", " ",
]  # fmt: skip
TEXT = [
    "-- \n", "a:\n", "---\n", "-----", "De : ", "De : a\n", "Reply-To : a\n", "404-", "404-7719035-2286641 ", " ",
    "\t", "a@", "€ ", "1", "1 ", "1.", "é", "> ", ">", "(", "[", "\"", "https://x.y/", "Le 1 mars a écrit :\n", "\n",
]  # fmt: skip
LEAST = 0.5
"""Seconds under which nothing is said about growth: there the clock tells more than the mail."""


def mail(kind: str, sender: str, body: str) -> bytes:
    """Return a mail with one body of this kind."""
    head = f"From: {sender}\r\nTo: {OWNER}\r\nSubject: Votre commande\r\nMIME-Version: 1.0\r\n"
    return f"{head}Content-Type: text/{kind}; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{body}".encode()


def seconds(raw: bytes) -> float:
    """Return the processor time that a mail takes from its bytes to its notices."""
    gc.collect()
    begun = time.process_time()
    for letter in open_mail(raw, received_at=ARRIVED, owner_addresses=(OWNER,)):
        parsers.read(letter)
    return time.process_time() - begun


@pytest.mark.parametrize("sender", SENDERS, ids=("shop", "owner"))
@pytest.mark.parametrize(
    ("kind", "token"), [("html", token) for token in HTML] + [("plain", token) for token in TEXT], ids=repr
)
def test_time_does_not_grow_with_the_square(kind: str, token: str, sender: str) -> None:
    """Four times as much of whatever may begin something takes no more than about four times as long."""
    whole = seconds(mail(kind, sender, token * (1_000_000 // len(token))))
    if whole > LEAST:
        quarter = seconds(mail(kind, sender, token * (250_000 // len(token))))
        assert whole < 10 * max(quarter, LEAST / 10)


@pytest.mark.parametrize("start", ["<", "<a ", "<a href", "<!--", "<style>"])
@pytest.mark.parametrize("filling", ["a", " ", "x=y "])
def test_one_opening_without_an_end_is_soon_read(start: str, filling: str) -> None:
    """A tag that never ends, whatever it is filled with, holds nothing up."""
    assert seconds(mail("html", SENDERS[1], start + filling * (1_000_000 // len(filling)))) < 5


@pytest.mark.parametrize(
    "value",
    ["a" + " " * 20_000 + "b", '"a' * 10_000, "(" * 5_000 + "a@b.example", "a" * 20_000 + " <x@y.example>"],
    ids=lambda value: value[:3],
)
def test_senders_are_soon_told(value: str) -> None:
    """A From field made to exhaust its reader gives a letter all the same."""
    assert seconds(mail("plain", value, "Bonjour")) < 2
    assert len(parse_addresses(value)) <= 1


def test_quotes_without_an_end_are_soon_read() -> None:
    """Authentication results whose quoted strings never end hold nothing up, and say nothing."""
    begun = time.process_time()
    assert read_results('mx.example; "' + '\\"' * 100_000) == ("mx.example", ())
    assert time.process_time() - begun < 2


def test_what_is_hidden_makes_no_lines() -> None:
    """Styles and comments are left out, also with tags inside; one that never ends hides nothing."""
    shown = "<style>a{}</style>un<!-- <p>faux</p> --><br><title>faux</TITLE >deux<!-- trois<br>"
    assert [line.text for line in lines(shown)] == ["un", "deux<!-- trois"]
    assert [shown[: line.end][-4:] for line in lines(shown)] == ["<br>", "<br>"]


def test_links_are_found_among_broken_anchors() -> None:
    """Anchors without an end, before and behind it, do not keep a false link from being seen, nor a true one."""
    sender = Address("Amazon.fr", "confirmation-commande@amazon.fr")
    broken = "<a " * 50 + "<a href=https://x.y/ " * 50
    false = f"{broken}<a class=b href = 'https://voleur.example/commande'>Votre commande</A>{broken}"
    assert links_lie(sender, "", false)
    true = "<a href=https://www.amazon.fr/commande>Votre commande</a>"
    assert links_lie(sender, "", false + true)
    assert not links_lie(sender, "", broken.replace("https://x.y/", "https://www.amazon.fr/") + true)


def test_a_link_of_many_folders_is_soon_read() -> None:
    """A link that names the tracking page over and over holds nothing up."""
    link = target("https://colis.example" + "/suivi" * 40_000 + "/")
    assert link is not None
    begun = time.process_time()
    assert parcel_numbers(link) == []
    assert time.process_time() - begun < 2
