"""What relance says: complete in both languages, and never a key that does not exist."""

from __future__ import annotations

import ast
import re
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from string import Formatter
from zoneinfo import ZoneInfo

import pytest

from daemon import resources, say
from daemon.anomalies.anomaly import Certainty, Code
from daemon.claims.claim import Channel, ClaimParty, DraftState, Outcome, Stage
from daemon.mailbox.base import State
from daemon.orders.order import Confidence
from parsers.letter import Trust
from parsers.notice import Kind, NoteMeaning, Party

CODE = Path(say.__file__).parent
FILES = sorted(path.name for path in (resources.templates() / "cli" / "fr").glob("*.toml"))

WORDS: list[tuple[str, type[StrEnum]]] = [
    ("problem", Code),
    ("certainty", Certainty),
    ("party", ClaimParty),
    ("channel", Channel),
    ("stage", Stage),
    ("state", DraftState),
    ("outcome", Outcome),
    ("status.state", State),
    ("confidence", Confidence),
    ("trust", Trust),
    ("kind", Kind),
    ("means", NoteMeaning),
    ("sells", Party),
]


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def _calls(name: str) -> Iterator[tuple[str, int, ast.expr]]:
    """Yield the first argument of every call of a function of this name in the code."""
    for path in sorted(CODE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and node.args:
                called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                if called == name:
                    yield path.name, node.lineno, node.args[0]


def _literals(node: ast.expr) -> list[str]:
    """Return the keys that an argument can be: one, or both of a choice."""
    if isinstance(node, ast.IfExp):
        return _literals(node.body) + _literals(node.orelse)
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


@pytest.mark.parametrize("file", FILES)
def test_both_languages_have_the_same_messages_with_the_same_facts(file: str) -> None:
    """A message that exists in one language exists in the other and names the same facts."""
    fr, en = (say.messages(resources.templates() / "cli" / language / file) for language in ("fr", "en"))
    assert fr.keys() == en.keys()
    assert {key: _fields(fr[key]) for key in fr} == {key: _fields(en[key]) for key in en}


@pytest.mark.parametrize("language", say.LANGUAGES)
def test_no_message_is_empty_and_none_stands_in_two_files(language: str) -> None:
    """Files cannot overwrite each other's messages, and nothing is said in no words."""
    files = (resources.templates() / "cli" / language).glob("*.toml")
    counted = Counter(key for path in files for key in say.messages(path))
    assert [key for key, count in counted.items() if count > 1] == []
    assert [key for key, text in say.catalogue(language).items() if not text.strip()] == []


def test_every_message_that_code_names_exists() -> None:
    """Each literal key of ``say`` is in the catalogue."""
    named = [(file, line, key) for file, line, node in _calls("say") for key in _literals(node)]
    assert len(named) > 50
    assert [place for place in named if place[2] not in say.catalogue("en")] == []


def test_every_family_of_messages_that_code_names_exists() -> None:
    """Where a key is put together from a name, the catalogue has messages that begin like it."""
    families = []
    for file, line, node in _calls("say"):
        if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
            families.append((file, line, str(node.values[0].value)))
    assert len(families) > 20
    known = say.catalogue("en")
    assert [place for place in families if not any(key.startswith(place[2]) for key in known)] == []


def test_every_complaint_says_what_is_wrong_and_what_to_do() -> None:
    """Each complaint of the command line has both sentences."""
    keys = {key for _, _, node in _calls("Complaint") for key in _literals(node)}
    assert len(keys) > 15
    assert [key for key in keys for part in ("what", "do") if f"error.{key}.{part}" not in say.catalogue("fr")] == []


@pytest.mark.parametrize(("prefix", "words"), WORDS, ids=[prefix for prefix, _ in WORDS])
def test_every_state_and_kind_has_a_name(prefix: str, words: type[StrEnum]) -> None:
    """No word of the models is shown bare for want of a translation."""
    assert [word for word in words if f"{prefix}.{word.value}" not in say.catalogue("fr")] == []


def test_an_unknown_message_names_its_key() -> None:
    """A key that no file has is a programming error, told as such."""
    with pytest.raises(say.UnknownMessage, match=r"cli\.nonsense"):
        say.say("cli.nonsense", "en")


def test_a_fact_that_was_not_given_is_named() -> None:
    """A message whose fact is missing says which."""
    with pytest.raises(say.MissingFact, match="names"):
        say.say("error.near", "en", other="x")


def test_facts_are_never_taken_for_patterns() -> None:
    """Braces in what a mail says are shown, not filled in."""
    assert "{0.__class__}" in say.say("error.near", "en", names="{0.__class__}")


@pytest.mark.parametrize(
    ("variables", "language"),
    [
        ({"LC_ALL": "fr_FR.UTF-8", "LANG": "en_GB.UTF-8"}, "fr"),
        ({"LC_MESSAGES": "fr_BE.UTF-8", "LANG": "C"}, "fr"),
        ({"LC_ALL": "", "LANG": "fr"}, "fr"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({}, "en"),
    ],
)
def test_the_locale_decides(monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], language: str) -> None:
    """The first variable that is set decides, and what is not French is English."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert say.spoken() == language


def test_moments_are_written_as_each_language_does() -> None:
    """A moment is told in the zone asked for, a day without an hour."""
    moment = datetime(2026, 3, 14, 17, 30, tzinfo=UTC)
    paris = ZoneInfo("Europe/Paris")
    assert say.when(moment, "fr", paris) == "sam. 14 mars 2026 à 18:30"
    assert say.when(moment, "en", paris) == "Sat 14 Mar 2026, 18:30"
    assert say.day(date(2026, 8, 1), "fr") == "sam. 1 août 2026"


@pytest.fixture
def at_home(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Give the machine's clock a zone with ``TZ``, and forget afterwards where the owner lives."""
    yield monkeypatch
    monkeypatch.undo()
    time.tzset()
    say.live_in(None)


@pytest.mark.parametrize(
    ("machine", "country", "told"),
    [
        ("Europe/Paris", "FR", "Sat 14 Mar 2026, 18:30"),
        ("UTC", "FR", "Sat 14 Mar 2026, 18:30 (Europe/Paris)"),
        ("America/Montreal", "CH", "Sat 14 Mar 2026, 18:30 (Europe/Zurich)"),
        ("Atlantic/Canary", "ES", "Sat 14 Mar 2026, 17:30"),
        ("Asia/Tokyo", "ES", "Sat 14 Mar 2026, 18:30 (Europe/Madrid)"),
        ("Asia/Tokyo", None, "Sun 15 Mar 2026, 02:30"),
        ("Asia/Tokyo", "ZZ", "Sun 15 Mar 2026, 02:30"),
    ],
)
def test_moments_are_told_where_the_owner_lives(
    at_home: pytest.MonkeyPatch, machine: str, country: str | None, told: str
) -> None:
    """The owner's country decides, of several zones the machine's; a zone that is not the machine's is named."""
    at_home.setenv("TZ", machine)
    time.tzset()
    say.live_in(country)
    assert say.when(datetime(2026, 3, 14, 17, 30, tzinfo=UTC), "en") == told


@pytest.mark.parametrize(
    ("language", "words"), [("fr", ["essai", "essai", "essais"]), ("en", ["tries", "try", "tries"])]
)
def test_words_follow_their_number(language: str, words: list[str]) -> None:
    """After none, one and two stands the word that each language puts there."""
    told = [say.say("cli.quarantine.why", language, at="", attempts=number, reason="") for number in (0, 1, 2)]
    assert [re.findall(r"\d (\w+)", one)[0] for one in told] == words


@pytest.mark.parametrize("language", say.LANGUAGES)
def test_every_number_has_both_of_its_words(language: str) -> None:
    """No message puts an (s), and both words of a choice are there."""
    texts = say.catalogue(language)
    assert [key for key, text in texts.items() if re.search(r"\w\(e?s\)", text)] == []
    choices = [spec for text in texts.values() for _, _, spec, _ in Formatter().parse(text) if spec]
    assert len(choices) > 5
    assert [spec for spec in choices if spec.count("|") != 1] == []


def test_countdowns_look_both_ways() -> None:
    """What is to come and what is past are told apart."""
    now = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)
    assert say.countdown(now + timedelta(hours=48), now, "en") == "in 2 days"
    assert say.countdown(now - timedelta(hours=3), now, "fr") == "il y a 3 heures"
    assert say.span(timedelta(hours=5), "fr").replace("\xa0", " ") == "5 heures"


def test_amounts_keep_sign_and_currency() -> None:
    """Amounts are written as each language groups and places them."""
    assert say.money(Decimal("-1234.50"), "EUR", "fr").replace("\u202f", " ").replace("\xa0", " ") == "-1 234,50 €"
    assert say.money(Decimal("19.9"), "GBP", "en") == "£19.90"
    assert say.money(Decimal("19.9"), None, "fr") == "19,9"
