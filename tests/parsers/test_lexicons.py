"""The files of wordings themselves."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

import parsers
from parsers import dates
from parsers.amazon import site
from parsers.notice import Kind, ReplyMeaning
from parsers.tracking import CHECKS

ROOT = Path(parsers.__file__).parent
FILES = sorted(
    path for folder in ("lexicon", "amazon/lexicon", "carriers/lexicon") for path in (ROOT / folder).rglob("*.toml")
)
AMAZON = sorted(path.stem for path in (ROOT / "amazon" / "lexicon").glob("*.toml") if path.stem != "common")
CARRIERS_LANGUAGES = sorted(path.stem for path in (ROOT / "carriers" / "lexicon" / "languages").glob("*.toml"))
OPTIONAL = {"tracking", "carrier", "price"}
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


@pytest.mark.parametrize("code", AMAZON)
def test_amazon_s_languages_have_the_same_tables(code: str) -> None:
    """Every language has the tables and labels of English, so that no rule reads a language only half."""
    english, data = (load(ROOT / "amazon" / "lexicon" / f"{each}.toml") for each in ("en", code))
    assert data.keys() - {"script"} | {"words", "family", "senses", "later"} == english.keys()
    assert data["language"] == code
    for table in ("headline", "labels", "replies", "message", "place", "claim"):
        assert data[table].keys() | OPTIONAL == english[table].keys() | OPTIONAL, table
    assert data["subject"].keys() == english["subject"].keys()
    assert code in dates.languages()


def test_there_is_a_lexicon_for_every_language_of_the_sites() -> None:
    """The usual language of each of Amazon's marketplaces has its file of wordings."""
    assert {each.languages[0] for each in site.sites().values()} <= set(AMAZON)
    assert {"fr", "en", "de", "it", "es", "nl", "pl", "sv", "pt", "ja", "tr"} <= set(AMAZON)


@pytest.mark.parametrize("code", AMAZON)
def test_kinds_and_meanings_are_those_of_the_notices(code: str) -> None:
    """No file names a kind or an answer's meaning that notices do not know."""
    amazon = load(ROOT / "amazon" / "lexicon" / f"{code}.toml")
    assert {*amazon["subject"], *amazon["weak_subject"], *amazon["headline"]} <= set(Kind)
    assert {*amazon["replies"], *amazon["claim"]} - {"condition", "pending", "fillers"} <= set(ReplyMeaning)


@pytest.mark.parametrize("code", CARRIERS_LANGUAGES)
def test_kinds_of_carriers_are_those_of_the_notices(code: str) -> None:
    """No file of the carriers' sentences names a kind that notices do not know."""
    assert set(load(ROOT / "carriers" / "lexicon" / "languages" / f"{code}.toml")["kinds"]) <= set(Kind)


@pytest.mark.parametrize("path", CARRIERS, ids=lambda path: path.stem)
def test_a_carrier_s_senders_are_its_own(path: Path) -> None:
    """No address or domain belongs to two carriers, each address is in lower case, each check digit rule exists."""
    data = load(path)
    others = {sender for other in CARRIERS if other != path for sender in load(other)["senders"]}
    assert not others & set(data["senders"])
    assert all(sender == sender.lower() for sender in [*data["senders"], *data["noise"]])
    assert all(form.get("check", "mod10") in CHECKS for form in data["forms"])
