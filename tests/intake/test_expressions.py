"""Every expression of the modules that take mails apart: time grows with the text, whatever the text is."""

from __future__ import annotations

import re
import time
from types import ModuleType

import pytest

from daemon.intake import blocks, charset, decode, ending, forward, html, note, when, words

MODULES = (blocks, charset, decode, ending, forward, html, note, when, words)
LENGTH = 100_000
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
]


def expressions(module: ModuleType) -> list[tuple[str, re.Pattern[str] | re.Pattern[bytes]]]:
    """Return a module's compiled expressions, those in tables included, with their names."""
    found = []
    for name, value in vars(module).items():
        several = value.items() if isinstance(value, dict) else [("", value)]
        found += [(f"{module.__name__}.{name}{key}", one) for key, one in several if isinstance(one, re.Pattern)]
    return found


ALL = [*(each for module in MODULES for each in expressions(module)), ("words.glued", words.words().glued)]


@pytest.mark.parametrize(("name", "expression"), ALL, ids=[name for name, _ in ALL])
def test_near_misses_are_soon_told(name: str, expression: re.Pattern[str] | re.Pattern[bytes]) -> None:
    """Shows that 100 kB of what may begin something, and never ends it, hold no expression up for two seconds."""
    for piece in PIECES:
        text = (piece * (LENGTH // len(piece)))[: LENGTH - 1] + "\x01"
        begun = time.process_time()
        found = expression.finditer(text.encode() if isinstance(expression.pattern, bytes) else text)  # type: ignore[arg-type]
        assert sum(1 for _ in found) >= 0
        assert time.process_time() - begun < 2, (name, piece)


def test_there_is_something_to_feed() -> None:
    """Shows that the expressions are found where they are."""
    assert len(ALL) >= 30
    assert {"daemon.intake.blocks._LABEL", "daemon.intake.html._TAG", "daemon.intake.when._TIME"} <= {
        name for name, _ in ALL
    }


@pytest.mark.parametrize("piece", PIECES)
def test_lines_of_every_sort_are_soon_read(piece: str) -> None:
    """Shows that 100 kB of one thing over and over, on one line or many, are soon searched for blocks and endings."""
    whole = piece * (LENGTH // len(piece))
    for lines in (whole.split("\n"), [whole[at : at + 300] for at in range(0, LENGTH, 300)], [f"{piece}:"] * 5_000):
        begun = time.process_time()
        note.of_reply(lines)
        assert time.process_time() - begun < 2
