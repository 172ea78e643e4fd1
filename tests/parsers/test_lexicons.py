"""The files of wordings themselves."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

import parsers
from parsers import dates
from parsers.notice import Kind, ReplyMeaning
from parsers.tracking import CHECKS

ROOT = Path(parsers.__file__).parent
FILES = sorted(
    path for folder in ("lexicon", "amazon/lexicon", "carriers/lexicon") for path in (ROOT / folder).rglob("*.toml")
)
LANGUAGES = ("fr", "en")
CARRIERS = sorted((ROOT / "carriers" / "lexicon").glob("*.toml"))


def load(path: Path) -> dict[str, Any]:
    """Return a file's tables."""
    return tomllib.loads(path.read_text("utf-8"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.parent.name}-{path.stem}")
def test_every_file_tells_where_it_comes_from_and_where_a_new_wording_goes(path: Path) -> None:
    """Each lexicon begins with a comment for its editor and is dated and sourced."""
    data = load(path)
    assert path.read_text("utf-8").startswith("# ")
    assert data["source"]
    assert data["checked_on"]
    assert data["confidence"] in ("high", "medium", "low")


def test_amazon_s_languages_have_the_same_tables() -> None:
    """French and English have the same tables and labels, so that no rule reads a language only half."""
    french, english = (load(ROOT / "amazon" / "lexicon" / f"{code}.toml") for code in LANGUAGES)
    assert french.keys() == english.keys()
    for table in ("headline", "labels", "replies", "message", "place"):
        assert french[table].keys() == english[table].keys()
    assert all(code in dates.languages() for code in LANGUAGES)


@pytest.mark.parametrize("code", LANGUAGES)
def test_kinds_and_meanings_are_those_of_the_notices(code: str) -> None:
    """No file names a kind or an answer's meaning that notices do not know."""
    amazon = load(ROOT / "amazon" / "lexicon" / f"{code}.toml")
    carriers = load(ROOT / "carriers" / "lexicon" / "languages" / f"{code}.toml")
    named = {*amazon["subject"], *amazon["weak_subject"], *amazon["headline"], *carriers["kinds"]}
    assert named <= set(Kind)
    assert set(amazon["replies"]) - {"condition", "pending"} <= set(ReplyMeaning)


@pytest.mark.parametrize("path", CARRIERS, ids=lambda path: path.stem)
def test_a_carrier_s_senders_are_its_own(path: Path) -> None:
    """No address or domain belongs to two carriers, each address is in lower case, each check digit rule exists."""
    data = load(path)
    others = {sender for other in CARRIERS if other != path for sender in load(other)["senders"]}
    assert not others & set(data["senders"])
    assert all(sender == sender.lower() for sender in [*data["senders"], *data["noise"]])
    assert all(form.get("check", "mod10") in CHECKS for form in data["forms"])
