"""Regular expressions: that none needs more time than the length of its text asks for."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

import parsers
from parsers import daywords, wording
from parsers.amazon import lexicon
from parsers.shops import jsonld
from parsers.shops import parser as shops
from parsers.text import fold
from parsers.wording import load

LENGTH = 100_000
LIMIT = 4.0
"""Seconds of processor time for one text: many times what is needed, on a busy machine, too; what grows with the
square of its text takes tens of seconds, and what backtracks beyond that for ever."""
SHORT, SLOW = 5_000, 0.004
"""Every text is tried at this length; one that takes that many seconds at it is tried at full length, too."""
ELSEWHERE = ("parsers.carriers", "parsers.amazon.lexicon", "parsers.phrase")
"""Modules whose expressions only meet lines of bounded length, or the phrases of files."""
RUNS = (
    *(
        "a",
        "1",
        " ",
        "-",
        ".",
        ",",
        ":",
        "(",
        "[",
        "<",
        '"',
        "'",
        "«",
        "„",
        "「",
        "/",
        "=",
        "_",
        "é",
        "あ",
        "\ue000",
        "*",
    ),
    *(
        "1 ",
        "1,",
        "1.",
        "1 234",
        "a-",
        "a ",
        "a. ",
        "A1 ",
        "1Z ",
        "$1",
        "€ ",
        "- ",
        "\n",
        "https://",
        "<a ",
        "</p",
        "&a;",
    ),
    *(
        "404-",
        "404-7719035-",
        "a@",
        "@a.",
        "12:30 ",
        "12. ",
        "2026-",
        "5 - ",
        "le ",
        "mon, ",
        "[a](",
        "[image: ",
        "» «",
    ),
    *("a.b", "a, a, ", "<sup>1", "12\ue000", "?u=", "%41", '"a" ', "' '", "x 1 ", "1 x "),
)


def expressions(value: Any, seen: set[int]) -> Iterator[re.Pattern[str]]:
    """Yield the compiled expressions in a value: itself, and what containers hold."""
    if isinstance(value, re.Pattern):
        if isinstance(value.pattern, str):
            yield value
    elif isinstance(value, (dict, list, tuple, frozenset, set)) and id(value) not in seen:
        seen.add(id(value))
        for each in value.values() if isinstance(value, dict) else value:
            yield from expressions(each, seen)


def reachable() -> dict[str, re.Pattern[str]]:
    """Return every expression that a module of the parsers holds, and those of days in every language."""
    found: dict[str, re.Pattern[str]] = {}
    for name, module in list(sys.modules.items()):
        if name.startswith("parsers") and not name.startswith(ELSEWHERE):
            for each in expressions(vars(module), set()):
                found.setdefault(each.pattern, each)
    for code in daywords.codes():
        for each in expressions(tuple(daywords.words(code)), set()):
            found.setdefault(each.pattern, each)
    return found


def shapes() -> dict[str, str]:
    """Return one phrase for each shape that Amazon's phrases have in any language: the literal parts left out."""
    found: dict[str, str] = {}
    for path in sorted((lexicon.library().folder).glob("*.toml")):
        for phrase in strings(load(path)):
            shape = re.sub(r"[^*{}$]+(?![^{]*\})", "-", re.sub(r"\{[^{}]*\|[^{}]*\}", "{a|b}", phrase))
            if shape != "-":
                found.setdefault(shape, phrase)
    return found


def strings(value: Any) -> Iterator[str]:
    """Yield the texts in a file's tables."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, (dict, list)):
        for each in value.values() if isinstance(value, dict) else value:
            yield from strings(each)


def spent(expression: re.Pattern[str], text: str) -> float:
    """Return the processor time that a search takes."""
    begun = time.process_time()
    expression.search(text)
    return time.process_time() - begun


def seconds(expression: re.Pattern[str], texts: Iterable[str]) -> float:
    """Return the most processor time that a text takes: of all together, and of each that is slow when it is short."""
    texts = list(texts)
    tried = sorted(((spent(expression, text[:SHORT]), text) for text in texts), reverse=True)
    slow = [text for took, text in tried[:3] if took > SLOW]
    return max(spent(expression, text) for text in ["".join(text[: LENGTH // len(texts)] for text in texts), *slow])


def repeated(piece: str) -> str:
    """Return a piece over and over, as long as a large mail."""
    return (piece * (LENGTH // len(piece) + 1))[:LENGTH]


TEXTS = tuple(map(repeated, RUNS))


@pytest.mark.parametrize("expression", [pytest.param(each, id=str(at)) for at, each in enumerate(reachable().values())])
def test_an_expression_of_the_parsers_is_linear(expression: re.Pattern[str]) -> None:
    """100 kB of any one kind of sign, or of what nearly is an amount, a day, a link or a number, take no time."""
    assert seconds(expression, TEXTS) < LIMIT, expression.pattern[:200]


@pytest.mark.parametrize("phrase", shapes().values())
def test_a_phrase_is_linear(phrase: str) -> None:
    """100 kB that begin like a phrase again and again, in part or nearly whole, take no time."""
    said = re.sub(r"\{@(\w+)\}", r"{a \1|b}", phrase)  # what the words are does not matter
    first = re.sub(r"\{([^{}|]*)\|[^{}]*\}", r"\1", said)
    literals = [part for part in re.split(r"\{\w+\}|\*|\$", fold(first)) if part.strip()]
    texts = [repeated(part) for part in literals]
    nearly = " ".join(f"{part} x1" for part in literals[:-1])
    texts += [repeated("".join(literals[:-1]) or literals[0]), repeated(f"{nearly} ")]
    texts += [(literals[0] + repeated(run))[:LENGTH] for run in ("a", "1", " ", ".", "a ", "1 ", "a. ", "(", "a-1")]
    assert seconds(re.compile(wording.pattern(said.strip("*"))), texts) < LIMIT


def test_every_expression_was_looked_at() -> None:
    """The test reaches the expressions of text, money, links, days, of Amazon's own modules and of shops' markup."""
    assert parsers.__file__
    assert shops.__file__
    assert {each.pattern for each in expressions(vars(jsonld), set())} <= reachable().keys()
    assert len(reachable()) > 80
    assert len(shapes()) > 60
