"""Forwards, answers and the owner's own mails: a mail in ``tests/mails/forwards`` beside what must come out of it.

A new mail program: put its mail there, with the JSON that says what the letters hold.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from daemon.intake import open_mail
from parsers.letter import Letter

MAILS = Path(__file__).parents[1] / "mails" / "forwards"
NAMES = sorted(path.stem for path in MAILS.glob("*.eml"))
OWNERS = ("camille.besson@example.net",)
ARRIVED = datetime(2026, 9, 5, 6, 12, 30, tzinfo=UTC)


def letters(name: str) -> tuple[Letter, ...]:
    """Return what a sample gives when its owner is known."""
    return open_mail((MAILS / f"{name}.eml").read_bytes(), received_at=ARRIVED, owner_addresses=OWNERS)


def expected(name: str) -> list[dict[str, Any]]:
    """Return what the sample's JSON says of its letters."""
    wanted: list[dict[str, Any]] = json.loads((MAILS / f"{name}.json").read_text("utf-8"))["letters"]
    return wanted


def test_every_mail_has_its_expectation() -> None:
    """Shows that no sample mail is left without what must come out of it, nor the reverse."""
    assert sorted(path.stem for path in MAILS.glob("*.json")) == NAMES
    assert len(NAMES) >= 26


@pytest.mark.parametrize("name", NAMES)
def test_letters_are_what_was_forwarded_or_written(name: str) -> None:
    """Shows that sender, subject, date, note and trust of each sample come out as its JSON says."""
    found = letters(name)
    wanted = expected(name)
    assert len(found) == len(wanted)
    for letter, fields in zip(found, wanted, strict=True):
        plain = letter.model_dump(mode="json")
        plain["date"] = letter.date.isoformat()
        exact = {key: value for key, value in fields.items() if not key.endswith(("_has", "_lacks"))}
        assert {key: plain[key] for key in exact} == exact


@pytest.mark.parametrize("name", NAMES)
def test_bodies_are_the_inner_mails_alone(name: str) -> None:
    """Shows that text and HTML hold the order and nothing of what a mail program wrote above it."""
    for letter, fields in zip(letters(name), expected(name), strict=True):
        for body in ("text", "html"):
            value = getattr(letter, body)
            assert all(part in value for part in fields.get(f"{body}_has", ()))
            assert not any(part in value for part in fields.get(f"{body}_lacks", ()) if part != ">" or body == "text")


@pytest.mark.parametrize("name", [name for name in NAMES if not name.startswith(("reply", "own", "lookalike"))])
def test_without_owner_whoever_forwards_counts_as_the_owner(name: str) -> None:
    """Shows that a forward read with no owner given has the same sender, note and trust."""
    raw = (MAILS / f"{name}.eml").read_bytes()
    for letter, known in zip(open_mail(raw, received_at=ARRIVED), letters(name), strict=True):
        assert (letter.sender, letter.note, letter.trust) == (known.sender, known.note, known.trust)


@pytest.mark.parametrize("name", [name for name in NAMES if not name.startswith(("reply", "own"))])
def test_a_strangers_forward_is_not_unwrapped(name: str) -> None:
    """Shows that a forward by somebody who is not the owner stays the stranger's own letter, without a note."""
    raw = (MAILS / f"{name}.eml").read_bytes()
    (letter,) = open_mail(raw, received_at=ARRIVED, owner_addresses=("somebody.else@example.net",))
    assert letter.sender == OWNERS[0]
    assert (letter.forwarded, letter.note) == (False, None)


def own(subject: str, body: str, head: str = "") -> Letter:
    """Return the letter of a mail that the owner wrote."""
    raw = f"From: {OWNERS[0]}\r\nSubject: {subject}\r\n{head}\r\n{body}".encode()
    (letter,) = open_mail(raw, received_at=ARRIVED, owner_addresses=OWNERS)
    return letter


def test_a_forward_in_an_unknown_shape_is_no_note() -> None:
    """Shows that a whole foreign mail without a known header block is not taken for the owner's words."""
    order = "Votre colis a été livré. Bien reçu ? Répondez-nous.\r\n" * 12
    assert own("Fwd: colis", order).note is None
    assert own("Fwd: colis", "jamais reçu").note == "jamais reçu"


def test_an_absence_notice_is_no_note() -> None:
    """Shows that what the owner's mailbox answers by itself is not the owner's word."""
    assert own("Re: colis", "Je n'ai pas reçu", "Auto-Submitted: auto-replied\r\n").note is None
    assert own("Re: colis", "Je n'ai pas reçu", "Auto-Submitted: no\r\n").note == "Je n'ai pas reçu"
