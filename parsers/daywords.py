"""How each language writes days, as patterns for folded text.

Names of months and weekdays come from CLDR (Babel), all other words from ``lexicon/dates.toml``. A language that
writes signs for year, month and day (``8月3日``) names them there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from babel import Locale

from parsers.text import fold
from parsers.wording import load

_DATA = load(Path(__file__).parent / "lexicon" / "dates.toml")
_CLOCK = r"(?! ?(?:h\b|h\d|:|\d|am\b|pm\b|a\.m|p\.m))"
_NUMBERS = r"20\d\d(?P<dash>[-/.])\d{1,2}(?P=dash)\d{1,2}"


class Words(NamedTuple):
    """A language's names of months and days, and the patterns made of them."""

    months: dict[str, int]
    weekdays: dict[str, int]
    relative: dict[str, int]
    fillers: re.Pattern[str]
    day: re.Pattern[str]
    bare: re.Pattern[str]
    until: re.Pattern[str]
    open: re.Pattern[str]
    today: re.Pattern[str]
    hours: re.Pattern[str]
    month_first: bool
    """Whether 8/5 is always the fifth of August."""


class _Parts(NamedTuple):
    """Expressions of which the shapes of days are put together."""

    week: str
    whole_week: str
    number: str
    month: str
    year: str
    of: str
    article: str
    after: str


def codes() -> tuple[str, ...]:
    """Return the languages in which days can be read."""
    return tuple(key for key, value in _DATA.items() if isinstance(value, dict))


@cache
def words(code: str) -> Words:
    """Return the names and patterns of a language; built once. Raises ``KeyError`` for an unknown one."""
    data, locale = _DATA[code], Locale.parse(code)
    days = locale.days["format"]
    months = _names(locale.months["format"], "wide", "abbreviated") | _folded(data["months"])
    whole = _names(days, "wide") | _folded(data["weekdays"])
    weekdays = whole | _names(days, "abbreviated")
    relative = _folded(data["relative"])
    parts = _parts(data, months, weekdays, whole)
    signed = bool(data.get("signs"))
    edge = "" if signed else r"(?!\w)"
    until, fillers = _any(data["until"], edge), _any(data["fillers"], edge)
    day = "|".join(_own_names(shape, index) for index, shape in enumerate(_shapes(data, parts)) if shape)
    soon = rf"{_any(relative)}){edge}"
    # The first of two days may leave out its month: "15.-17. September".
    bare = rf"(?:{parts.week},? ?(?:{parts.article} ?)?)?{parts.number}{_sign(data, 2, '?')}{_CLOCK}"
    return Words(
        months,
        weekdays,
        relative,
        re.compile(rf"(?:[:,(]? ?(?:{fillers}) ?|[: ,(])*"),
        re.compile(rf"(?:(?P<rel>{soon},? ?\(?(?:{parts.article} ?)?)?(?:{day})|(?P<rel_>{soon}"),
        re.compile(bare),
        re.compile(rf",? ?(?:{until}) ?(?:{parts.article} ?)?"),
        re.compile(rf"[\s,](?:{until})\s?$"),
        re.compile(
            ("" if signed else r"(?<!\w)") + f"(?:{_any([w for w, days in relative.items() if not days], edge)})"
        ),
        _hours(until, _any(data["hours"]), _any(data["clock"])),
        bool(data.get("signs")),
    )


def _hours(until: str, signs: str, before: str) -> re.Pattern[str]:
    """Return what an hour, or a window of two, looks like; it is taken out, since its figures are no days."""
    half = r"(?: ?[ap](?:\.m\b\.?|m\b))"
    hour = (
        rf"(?:(?:{before})\.? ?\d{{1,2}}(?:[:.]\d\d)?(?!\w)|\b\d{{1,2}}(?::\d\d(?!\d)(?: ?(?:{signs})(?!\w))?{half}?"
        rf"|(?:\.\d\d)? ?(?:{signs})(?: ?\d\d)?(?!\w)|(?:\.\d\d)?{half}))"
    )
    first = rf"(?:(?<![/.\-\d])\d{{1,2}}(?:[:.]\d\d)?(?= ?(?:{until}) ?{hour})|{hour})"
    return re.compile(rf",? ?(?:{first} ?(?:{until}) ?)?{hour}")


def _folded(table: Mapping[str, int]) -> dict[str, int]:
    return {fold(name): number for name, number in table.items()}


def _names(table: Mapping[str, Mapping[int, str]], *widths: str) -> dict[str, int]:
    return {fold(name).rstrip("."): number for width in widths for number, name in table[width].items()}


def _any(words: Iterable[str], edge: str = "") -> str:
    """Return one of the words as an expression, the longest first; ``edge`` follows those that end with a letter."""
    folded = sorted(map(fold, words), key=len, reverse=True)
    return "|".join(re.escape(word) + (edge if word[-1].isalnum() else "") for word in folded) or r"(?!)"


def _sign(data: Mapping[str, Any], which: int, often: str = "") -> str:
    """Return the sign of year (0), month (1) or day (2) as an expression; empty for languages without."""
    signs: list[str] = data.get("signs", [])
    return f"(?:{re.escape(signs[which])}){often}" if signs else ""


def _parts(data: Mapping[str, Any], months: Iterable[str], weekdays: Iterable[str], whole: Iterable[str]) -> _Parts:
    of = f"(?:{_any(data['of'])}) " if data["of"] else ""
    week = rf"(?P<week>{_any(weekdays)})"
    signed = bool(data.get("signs"))
    return _Parts(
        week=week if signed else rf"{week}\b\.?",
        whole_week=rf"(?P<week>{_any(whole)})" if signed else rf"(?:(?P<week>{_any(whole)})\b|{_brief(weekdays)})",
        number=rf"(?P<day>\d{{1,2}})(?!\d)(?:{_any(data['ordinals'])})?" + ("" if signed else r"(?!\w)"),
        month=rf"(?P<month>{_any(months)})\b\.?",
        year=rf"(?:(?:,? (?:{of})?|-)(?P<year>20\d\d)\b)?",
        of=rf"(?: (?:{of})?|-)",
        article=f"(?:{_any(data['articles'])})" if data["articles"] else "(?:)",
        # In some languages the weekday stands behind: "3 Eylül Perşembe", "8月3日(月)".
        after=rf"(?:,? ?\(?(?P<week>{_any(weekdays)})(?!\w)\)?)?" if data.get("week_last") else "",
    )


def _brief(weekdays: Iterable[str]) -> str:
    """Return weekdays that are cut short, alone: many are words of their own ("so", "do", "mar")."""
    return rf"(?P<brief>{_any(weekdays)})\.?(?=\W*$)"


def _shapes(data: Mapping[str, Any], parts: _Parts) -> list[str]:
    """Return the shapes of a day, of which the first that fits counts."""
    before = rf"(?:{parts.week},? ?(?:{parts.article} ?)?)?"
    shapes = [
        rf"{before}(?P<iso>{_NUMBERS})(?!\d){parts.after}",
        rf"{before}(?P<num>\d{{1,2}}[/.]\d{{1,2}}(?:[/.](?:20)?\d\d)?|\d{{1,2}}-\d{{1,2}}-20\d\d)(?![/.]?\d){parts.after}",
    ]
    if data.get("signs"):
        year, month, day = (_sign(data, which) for which in (0, 1, 2))
        shapes += [
            rf"(?:(?P<year>20\d\d) ?{year} ?)?(?P<moon>\d{{1,2}}) ?{month} ?(?P<day>\d{{1,2}}) ?{day}{parts.after}"
        ]
    else:
        shapes += [rf"{before}{parts.number}{parts.of}{parts.month}{parts.year}{parts.after}"]
        if data["month_first"]:
            shapes += [rf"{before}{parts.month} (?:{parts.article} ?)?{parts.number}{_CLOCK}{parts.year}"]
    return [*shapes, parts.whole_week]


def _own_names(shape: str, index: int) -> str:
    """Make the groups' names the shape's own; ``after`` repeats the weekday's."""
    seen: dict[str, int] = {}

    def own(match: re.Match[str]) -> str:
        seen[match[1]] = seen.get(match[1], -1) + 1
        return f"?P<{match[1]}_{index}{seen[match[1]]}>"

    return re.sub(r"\?P<(\w+)>", own, shape).replace("(?P=dash)", f"(?P=dash_{index}0)")
