"""Every regular expression that the program compiles, in code or of a file's words: none needs more time than its text.

What is compiled is seen where it happens, in a process of its own that loads every module, every table that is made
once, and reads every sample mail: an expression that is added tomorrow is fed, too.
"""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import pytest

from tests import nearmisses

ROOT = Path(__file__).resolve().parents[1]
LENGTH, SHORT = 100_000, 2_000
SLOW = 0.002
"""A text that takes that many seconds when it is short is tried at full length."""
LIMIT = 4.0
"""Seconds of processor time: many times what is needed, on a busy machine, too."""
BOUNDED = {
    "daemon/configuration.py": (2_000, "an error of the library that reads a configuration"),
    "daemon/mailbox/fetched.py": (2_000, "one line of a server's answer, behind a library that cuts it"),
    "daemon/orders/goods.py": (2_000, "the title of an article"),
    "daemon/claims/letter.py": (400, "an address"),
    "daemon/intake/aliases.py": (254, "an address, or a name no longer than one"),
    "daemon/intake/headers.py": (4_000, "a header's value, of which the whole must match"),
    "parsers/amazon/lexicon.py": (500, "a phrase of our own files"),
    "parsers/phrase.py": (4_000, "one line or a phrase: longer lines are cut"),
    "parsers/carriers/names.py": (400, "a sender's name"),
    "daemon/redaction/people.py": (5_000, "a line of a mail that its owner makes shareable, by a command of theirs"),
    "daemon/redaction/numbers.py": (5_000, "the same"),
    "daemon/redaction/text.py": (5_000, "the same"),
}
"""Files whose expressions only meet short texts: how long those are, and what they are."""
LEXICON = ("parsers/phrase.py", "parsers/owner/", "parsers/carriers/data.py")
"""Where the phrases of files become expressions: thousands, of which each shape is tried once."""


class _TooLong(Exception):
    """A search takes longer than it may; the library looks for signals while it searches."""


def _end(_number: int, _frame: FrameType | None) -> None:
    raise _TooLong


@pytest.fixture(scope="module")
def compiled() -> dict[str, list[re.Pattern[str] | re.Pattern[bytes]]]:
    """Return what the program compiles, by the file that does."""
    told = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.compiled"], cwd=ROOT, capture_output=True, check=True, timeout=300
    )
    found: dict[str, list[re.Pattern[str] | re.Pattern[bytes]]] = defaultdict(list)
    for place, pattern, flags, binary in json.loads(told.stdout):
        raw = pattern.encode("latin-1") if binary else pattern
        found[place].append(re.compile(raw, flags))
    return found


def spent(expression: re.Pattern[str] | re.Pattern[bytes], text: str) -> float:
    """Return the processor time in which everything that matches in a text is found."""
    raw = text.encode() if isinstance(expression.pattern, bytes) else text
    begun = time.process_time()
    before = signal.signal(signal.SIGPROF, _end)
    signal.setitimer(signal.ITIMER_PROF, LIMIT * 1.5)
    try:
        assert all(found is not None for found in expression.finditer(raw))  # type: ignore[arg-type]
    except _TooLong:
        return LIMIT * 64
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
    return time.process_time() - begun


def slowest(expression: re.Pattern[str] | re.Pattern[bytes], length: int) -> float:
    """Return the most time that one of its near misses takes."""
    short = [(spent(expression, text), at) for at, text in enumerate(nearmisses.texts(expression, min(SHORT, length)))]
    slow = sorted((took, at) for took, at in short if took > SLOW)[-3:]
    if not slow or length <= SHORT:
        return max((took for took, _ in short), default=0.0)
    # What takes a square of its length would take minutes at full length: it is seen at a part of it.
    middle = list(nearmisses.texts(expression, length // 8))
    took = max(spent(expression, middle[at]) for _, at in slow)
    if took > LIMIT / 8:
        return took * 64
    whole = list(nearmisses.texts(expression, length))
    return max(spent(expression, whole[at]) for _, at in slow)


def shapes(compiled: dict[str, list[re.Pattern[str] | re.Pattern[bytes]]]) -> Iterator[tuple[str, re.Pattern[str]]]:
    """Give one expression of each shape that the phrases of files have."""
    seen = set()
    for place, found in compiled.items():
        if place.startswith(LEXICON):
            for each in found:
                shape = re.sub(r"\d+", "", nearmisses.skeleton(each))[:160]
                if (place, shape) not in seen:
                    seen.add((place, shape))
                    yield place, each  # type: ignore[misc]


def limit_of(place: str) -> int:
    """Return how long the texts are that the expressions of a file meet."""
    return BOUNDED.get(place, (LENGTH, ""))[0]


@pytest.mark.slow
@pytest.mark.parametrize("part", ["daemon", "parsers"])
def test_expressions_in_code_are_linear(
    compiled: dict[str, list[re.Pattern[str] | re.Pattern[bytes]]], part: str
) -> None:
    """Shows that 100 kB of near misses hold up no expression that the code writes down, or makes of a table."""
    mine = {place: found for place, found in compiled.items() if place.startswith(part) and place not in LEXICON}
    mine = {place: found for place, found in mine.items() if not place.startswith(LEXICON)}
    slow = [(place, each.pattern[:80]) for place, found in mine.items() for each in found
            if slowest(each, limit_of(place)) > LIMIT]  # fmt: skip
    assert slow == []


@pytest.mark.slow
def test_expressions_of_phrases_are_linear(compiled: dict[str, list[re.Pattern[str] | re.Pattern[bytes]]]) -> None:
    """Shows the same for every shape of the phrases in the lexicons of all languages, the owner's and carriers'."""
    slow = [(place, each.pattern[:80]) for place, each in shapes(compiled) if slowest(each, limit_of(place)) > LIMIT]
    assert slow == []


def test_everything_is_seen(compiled: dict[str, list[re.Pattern[str] | re.Pattern[bytes]]]) -> None:
    """Shows that the expressions of every part of the program are among those that are fed."""
    parts = ("daemon/intake/", "daemon/redaction/", "daemon/mailbox/", "parsers/carriers/", "parsers/shops/")
    more = ("parsers/amazon/", "parsers/phrase.py", "parsers/owner/", "parsers/money.py", "daemon/orders/")
    assert [part for part in (*parts, *more) if not any(place.startswith(part) for place in compiled)] == []
    assert sum(map(len, compiled.values())) > 1_000
    assert [place for place in BOUNDED if place not in compiled] == []


def test_a_bad_expression_is_found_out() -> None:
    """Shows that what backtracks without end, or by the square of its text, is told from what does not."""
    assert slowest(re.compile(r"\s*x\s*y$"), 1_000) < LIMIT
    assert slowest(re.compile(r"\s*\d+\s*:\s*$"), LENGTH) > LIMIT
    assert slowest(re.compile(r"\d{1,9}:"), LENGTH) < LIMIT
