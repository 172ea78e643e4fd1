"""Every sample mail of tests/mails/shops beside the notices that must come out of it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import parsers
from daemon.intake import open_mail
from parsers.notice import Kind
from tests.parsers.test_mails import said

MAILS = Path(__file__).parents[2] / "mails" / "shops"
NAMES = sorted(path.stem for path in MAILS.glob("*.eml"))
ARRIVED = datetime(2026, 11, 5, tzinfo=UTC)


def expected(name: str) -> list[dict[str, Any]]:
    """Return the notices written beside a mail."""
    notices: list[dict[str, Any]] = json.loads((MAILS / f"{name}.json").read_text("utf-8"))["notices"]
    return notices


@pytest.mark.parametrize("name", NAMES)
def test_a_shops_mail_gives_its_notices(name: str) -> None:
    """A mail gives exactly the notices written beside it, field by field, by the road that every mail takes."""
    raw = (MAILS / f"{name}.eml").read_bytes()
    letters = open_mail(raw, received_at=ARRIVED, owner_addresses=("camille.rivoire@example.org",))
    assert [said(notice) for letter in letters for notice in parsers.read(letter)] == expected(name)


def test_every_mail_has_its_expectation_and_the_reverse() -> None:
    """No mail lies in the folder without what must come out of it, nor the reverse."""
    assert sorted(path.stem for path in MAILS.glob("*.json")) == NAMES
    assert len(NAMES) >= 14


def test_the_samples_hold_what_markup_can_say() -> None:
    """The sample mails leave out no kind that schema.org has a status for, and hold four languages."""
    kinds = {notice["kind"] for name in NAMES for notice in expected(name)}
    assert kinds >= {
        *(Kind.CONFIRMED, Kind.SHIPPED, Kind.OUT_FOR_DELIVERY, Kind.DELIVERED, Kind.PICKUP_READY, Kind.CANCELLED),
        *(Kind.RETURNED, Kind.REFUNDED, Kind.INVOICED, Kind.PAYMENT_FAILED),
    }
    assert {name[:3] for name in NAMES} >= {"fr_", "de_", "en_", "nl_"}
    assert any(expected(name) == [] for name in NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_shops_words_are_not_the_owners(name: str) -> None:
    """Where nobody said who the owner is, what a shop's machine wrote is still no note of theirs."""
    letters = open_mail((MAILS / f"{name}.eml").read_bytes(), received_at=ARRIVED)
    assert [letter.note for letter in letters] == [None]
    assert [said(notice) for letter in letters for notice in parsers.read(letter)] == expected(name)
