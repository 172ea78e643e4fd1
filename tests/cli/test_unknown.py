"""``relance unknown``: a mail in words that relance does not know is listed, shown, and made shareable."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from daemon.cli import unknown
from tests.cli.conftest import Home
from tests.road import mails

MAILS = Path(__file__).parents[1] / "mails"
WORDS = "Bonjour Camille,\nles hirondelles de votre pot sont parties pour le n° 404-5520917-7318842 !\n"


@pytest.fixture
def puzzled(ready: Home) -> Home:
    """Return a home with one mail of Amazon's in words that no lexicon has."""
    now = datetime.now(UTC)
    ready.receive(mails.mail("Amazon.fr <order-update@amazon.fr>", "Des hirondelles", WORDS, now, key="odd"))
    return ready


def test_it_is_counted_listed_and_shown(puzzled: Home) -> None:
    """``status`` counts it and says where to look; the list names it; its number shows its words."""
    assert "1 mail from a known sender was not understood; see it with: relance unknown" in puzzled.run("status").out
    (one,) = puzzled.run("unknown", "--json").json
    assert (one["sender"], one["subject"]) == ("order-update@amazon.fr", "Des hirondelles")
    assert f"See one with: relance unknown {one['mail_id'][:12]}" in puzzled.run("unknown").out
    shown = puzzled.run("unknown", one["mail_id"][:6]).out
    assert "les hirondelles de votre pot" in shown
    assert f"relance unknown {one['mail_id'][:12]} --redact" in shown


def test_it_is_exported_without_what_is_the_owners(puzzled: Home, tmp_path: Path) -> None:
    """The file keeps the words; name and number are others'; beside it stands what is read today, for a test."""
    (one,) = puzzled.run("unknown", "--json").json
    ran = puzzled.run("unknown", "--redact", "--out", str(tmp_path / "shared"))
    path = tmp_path / "shared" / f"{one['mail_id'][:12]}.eml"
    assert str(path) in ran.out
    assert "Read it first" in ran.out
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


def test_it_becomes_a_test_by_what_is_printed_alone(puzzled: Home) -> None:
    """The whole journey, each step typed as the step before it said: counted, listed, shown, exported, read again."""
    step = re.search(r"relance (unknown)$", puzzled.run("status").out, re.MULTILINE)
    assert step is not None
    listed = puzzled.run(step[1]).out
    step = re.search(r"See one with: relance (unknown \w+)\.", listed)
    assert step is not None
    shown = puzzled.run(*step[1].split()).out
    assert "les hirondelles" in shown
    step = re.search(r"relance (unknown \w+ --redact)$", shown, re.MULTILINE)
    assert step is not None
    folder = puzzled.folder / "shared"
    exported = puzzled.run(*step[1].split(), "--out", str(folder)).out
    assert "relance unknown --help" in exported
    (mail,) = folder.glob("*.eml")
    assert mail.name in exported
    for language in ("en", "fr"):
        told = " ".join(puzzled.run("--language", language, "unknown", "--help").out.split())
        for part in ('{"kind": "delivered", "order_id": ', "tests/mails/carriers", "relance parse ", "relance replay"):
            assert part in told
    (read,) = puzzled.run("parse", "--json", str(mail)).out.splitlines()
    assert json.loads(read)["notices"] == json.loads(mail.with_suffix(".json").read_text("utf-8"))["notices"]


def test_what_is_read_is_written_as_tests_compare_it(home: Home, tmp_path: Path) -> None:
    """The .json holds the fields that the project's sample mails hold, and no other."""
    sample = MAILS / "carriers/colissimo_delivered"
    assert unknown._read(sample.with_suffix(".eml").read_bytes()) == json.loads(sample.with_suffix(".json").read_text())
    sample = MAILS / "amazon/fr/new_refunded"
    assert unknown._read(sample.with_suffix(".eml").read_bytes()) == json.loads(sample.with_suffix(".json").read_text())


@pytest.mark.parametrize(("language", "said"), [("en", "this is no folder"), ("fr", "ce n’est pas un dossier")])
def test_a_file_is_no_folder(puzzled: Home, language: str, said: str) -> None:
    """Where a file has the name of the folder to write to, it is said, and the file stays."""
    file = puzzled.folder / "shared"
    file.write_text("mine", "utf-8")
    ran = puzzled.run("--language", language, "unknown", "--redact", "--out", str(file))
    assert ran.code == 2
    assert said in ran.err
    assert file.read_text("utf-8") == "mine"
