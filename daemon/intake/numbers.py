"""Order numbers that no shop gave out: an imitation must name one, and often has only the look of one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from daemon.intake.words import plain, table

_MOST = 300_000
"""Most characters of a mail that are searched."""
_TAG = re.compile(r"<[^<>]*+>")
_NUMBER = r"([a-z0-9](?:[a-z0-9]|[-‐‑–](?=[a-z0-9])){4,30}+)(?![\w@./])"
_GROUPS = r"\d{1,5}+[-‐‑–]\d{4,9}+[-‐‑–]\d{4,9}+"
_DATE = re.compile(r"(?:\d{4}-\d\d?-\d\d?|\d\d?-\d\d?-\d{2,4})")
_MIN_DIGITS = 5


@dataclass(frozen=True, slots=True)
class _Patterns:
    genuine: re.Pattern[str]
    named: tuple[re.Pattern[str], ...]


@cache
def _patterns() -> _Patterns:
    data = table("senders")["order_numbers"]
    genuine = "|".join(data["genuine"])
    numbered, names, marks = (
        "|".join(re.escape(each) for each in sorted(set(map(plain, data[key])), key=len, reverse=True))
        for key in ("numbered", "names", "marks")
    )
    marked = rf"(?:(?:{marks})\s{{0,5}})"
    named = (
        rf"(?<!\w)(?:{numbered})\s{{0,5}}{marked}{{0,3}}{_NUMBER}",
        rf"(?<!\w)(?:{names})\s{{0,5}}{marked}{{1,3}}{_NUMBER}",
        rf"(?<!\w)(?:{names})\s{{0,5}}({_GROUPS})(?![\w@./-])",
    )
    # In links, a number may stand between letters and signs of any kind.
    return _Patterns(re.compile(rf"(?<![0-9])(?:{genuine})(?![0-9])", re.I), tuple(map(re.compile, named)))


def malformed(subject: str, text: str, html: str) -> bool:
    """Say whether a mail names an order by a number of another form, and none by a right one."""
    genuine = _patterns().genuine
    if any(genuine.search(each[:_MOST]) for each in (subject, text, html)):
        return False
    shown = _TAG.sub(" ", html[:_MOST])
    return any(_is_wrong(token) for each in (subject, text[:_MOST], shown) for token in _named(each))


def _named(text: str) -> Iterator[str]:
    """Yield what stands where an order's number should."""
    text = plain(text)
    return (match[1] for pattern in _patterns().named for match in pattern.finditer(text))


def _is_wrong(token: str) -> bool:
    """Say whether what stands for a number can be one: a date is none, nor are digits that a publisher blotted out."""
    return sum(each.isdigit() for each in token) >= _MIN_DIGITS and not _DATE.fullmatch(token) and "xx" not in token
