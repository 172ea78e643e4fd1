"""Every expression of the modules that take mails apart: time grows with the text, whatever the text is."""

from __future__ import annotations

import dataclasses
import inspect
import re
import time
from collections.abc import Iterator
from types import ModuleType

import pytest

from daemon.intake import (
    arc,
    authres,
    blocks,
    brands,
    charset,
    decode,
    ending,
    flowed,
    forward,
    gateways,
    headers,
    html,
    labels,
    leading,
    note,
    numbers,
    proof,
    signatures,
    subjects,
    tags,
    when,
    words,
)

MODULES = (
    *(arc, authres, blocks, brands, charset, decode, ending, flowed, forward, html, labels),
    *(gateways, leading, note, numbers, proof, signatures, subjects, tags, when, words),
)
LENGTH = 100_000
SHORT, SLOWEST = 5_000, 4
"""Every text is tried at this length, and so many, which were slowest then, at full length."""
LIMIT = 6.0
"""Seconds of processor time: many times what is needed, on a busy machine, too; what grows with the square of its
text takes tens of seconds."""
PIECES = [
    " ",
    "\n",
    "\xa0",
    "a",
    "é",
    "1",
    "-",
    "=",
    "_",
    ".",
    ":",
    ">",
    "<",
    "(",
    "[",
    "a ",
    "a.",
    "1 ",
    "1.",
    "12:",
    "2026-",
    "1.1.",
    "a:",
    "a: ",
    "De: a\n",
    "@",
    "a@b",
    "<a@",
    "<mailto:",
    "[image:",
    "Fwd:",
    "Message du 1",
    "gmt-1",
    "<a b=",
    "<style>",
    "<!--",
    "\n--a",
    "--a ",
    "---=",
    "\u200b",
    "http://",
    "://",
    "https://a.",
    "www.",
    "<a href='",
    "<a href=http://a>",
    "404-",
    "404-7719035-",
    "order number: ",
    "n° ",
    "=?utf-8?q?",
    "=?utf-8?b?YWFh",
    "=?utf-8?b?YWFh?= ",
    "i=1; ",
    "a=b; ",
    "a=b;(",
    "from a by b ",
    '"\\\\',
    "#:",
]


Expression = re.Pattern[str] | re.Pattern[bytes]


def held(value: object, name: str) -> Iterator[tuple[str, Expression]]:
    """Yield the expressions in a value with a name each: itself, and those in tables, tuples and dataclasses."""
    if isinstance(value, re.Pattern):
        yield name, value
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from held(each, f"{name}.{key}")
    elif isinstance(value, tuple):
        for at, each in enumerate(value):
            yield from held(each, f"{name}.{at}")
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            yield from held(getattr(value, field.name), f"{name}.{field.name}")


def expressions(module: ModuleType) -> Iterator[tuple[str, Expression]]:
    """Yield a module's compiled expressions with their names, and those that it makes once of the words in files."""
    for name, value in vars(module).items():
        yield from held(value, f"{module.__name__}.{name}")
        if hasattr(value, "cache_parameters") and not inspect.signature(value).parameters:
            yield from held(value(), f"{module.__name__}.{name}")


ALL = [each for module in MODULES for each in expressions(module)]


def spent(expression: Expression, piece: str, length: int) -> float:
    """Return the processor time in which an expression is looked for in a piece over and over."""
    text = (piece * (length // len(piece)))[: length - 1] + "\x01"
    begun = time.process_time()
    found = expression.finditer(text.encode() if isinstance(expression.pattern, bytes) else text)  # type: ignore[arg-type]
    assert sum(1 for _ in found) >= 0
    return time.process_time() - begun


@pytest.mark.parametrize("piece", PIECES)
def test_headers_of_every_sort_are_soon_read(piece: str) -> None:
    """Shows that the longest header of one thing over and over is soon read as words, as addresses and as a date."""
    value = piece * (headers.MAX_VALUE // len(piece))
    begun = time.process_time()
    headers.decoded(value)
    headers.parse_addresses(value)
    headers.parse_date(value)
    assert time.process_time() - begun < LIMIT


@pytest.mark.parametrize(("name", "expression"), ALL, ids=[name for name, _ in ALL])
def test_near_misses_are_soon_told(name: str, expression: Expression) -> None:
    """Shows that 100 kB of what may begin something, and never ends it, hold no expression up."""
    tried = sorted(((spent(expression, piece, SHORT), piece) for piece in PIECES), reverse=True)
    for _, piece in tried[:SLOWEST]:
        assert spent(expression, piece, LENGTH) < LIMIT, (name, piece)


def test_there_is_something_to_feed() -> None:
    """Shows that the expressions are found where they are."""
    names = {name.removeprefix("daemon.intake.") for name, _ in ALL}
    assert len(ALL) >= 60
    assert {"labels._LABEL", "html._TAG", "when._TIME", "words.words.glued", "numbers._patterns.genuine"} <= names
    assert {"leading._ANY_HOST", "leading._order_words", "subjects._lexicon.within"} <= names


@pytest.mark.parametrize("piece", PIECES)
def test_lines_of_every_sort_are_soon_read(piece: str) -> None:
    """Shows that 100 kB of one thing over and over, on one line or many, are soon searched for blocks and endings."""
    whole = piece * (LENGTH // len(piece))
    for lines in (whole.split("\n"), [whole[at : at + 300] for at in range(0, LENGTH, 300)], [f"{piece}:"] * 5_000):
        begun = time.process_time()
        note.of_reply(lines)
        assert time.process_time() - begun < LIMIT
