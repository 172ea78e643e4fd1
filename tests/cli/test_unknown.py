"""``relance unknown``: a mail in words that relance does not know is listed, shown, and made shareable."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.cli.conftest import Home
from tests.road import mails

WORDS = "Bonjour Camille,\nles hirondelles de votre pot sont parties pour le n° 404-5520917-7318842 !\n"


@pytest.fixture
def puzzled(ready: Home) -> Home:
    """Return a home with one mail of Amazon's in words that no lexicon has."""
    now = datetime.now(UTC)
    ready.receive(mails.mail("Amazon.fr <order-update@amazon.fr>", "Des hirondelles", WORDS, now, key="odd"))
    return ready


def test_it_is_counted_listed_and_shown(puzzled: Home) -> None:
    """``status`` counts it and says where to look; the list names it; its number shows its words."""
    assert "see: relance unknown" in puzzled.run("status").out
    (one,) = puzzled.run("unknown", "--json").json
    assert (one["sender"], one["subject"]) == ("order-update@amazon.fr", "Des hirondelles")
    assert one["mail_id"][:12] in puzzled.run("unknown").out
    shown = puzzled.run("unknown", one["mail_id"][:6]).out
    assert "les hirondelles de votre pot" in shown
    assert f"relance unknown {one['mail_id'][:12]} --redact" in shown


def test_it_is_exported_without_what_is_the_owners(puzzled: Home, tmp_path: Path) -> None:
    """The file keeps the words; name and number are others'; beside it stands what is read today, for a test."""
    (one,) = puzzled.run("unknown", "--json").json
    ran = puzzled.run("unknown", "--redact", "--out", str(tmp_path / "shared"))
    path = tmp_path / "shared" / f"{one['mail_id'][:12]}.eml"
    assert str(path) in ran.out
    assert "Read each one first" in ran.out
    said = path.read_text("utf-8")
    assert "les hirondelles de votre pot" in said
    assert "Camille" not in said
    assert "5520917" not in said
    assert json.loads(path.with_suffix(".json").read_text("utf-8")) == {"notices": []}


def test_nothing_to_share(ready: Home) -> None:
    """Where all was understood the list says so, and no folder is made; an unknown number ends with code 6."""
    assert "was understood" in ready.run("unknown").out
    assert "was understood" in ready.run("unknown", "--redact", "--out", str(ready.folder / "x")).out
    assert not (ready.folder / "x").exists()
    ran = ready.run("unknown", "ffff")
    assert ran.code == 6
    assert "relance unknown" in ran.err
