"""Days as mails write them: ``mercredi 5 août``, ``Arriving tomorrow``, ``12 - 15 September``, ``Friday``.

A missing year is the one that puts the day nearest to the mail's own day. A weekday that contradicts its date makes
the whole unreadable: a promise that cannot be right is not a promise.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import NamedTuple

from babel import Locale

from parsers.text import fold
from parsers.wording import load

_DATA = load(Path(__file__).parent / "lexicon" / "dates.toml")
_LOOK_BACK = timedelta(days=90)  # a promise without a year lies at most this far behind its mail
_CLOCK = r"(?! ?(?:h\b|h\d|:|am\b|pm\b|a\.m|p\.m))"


class Span(NamedTuple):
    """The first and the last day that a text names; the same day twice when it names one."""

    first: date
    last: date


class _Language(NamedTuple):
    months: dict[str, int]
    weekdays: dict[str, int]
    relative: dict[str, int]
    fillers: re.Pattern[str]
    day: re.Pattern[str]
    bare: re.Pattern[str]
    until: re.Pattern[str]
    open: re.Pattern[str]


def _names(table: Mapping[str, Mapping[int, str]]) -> dict[str, int]:
    return {
        fold(name).rstrip("."): number for width in ("wide", "abbreviated") for number, name in table[width].items()
    }


def _any(words: Iterable[str]) -> str:
    return "|".join(re.escape(fold(word)) for word in sorted(words, key=len, reverse=True))


@cache
def _language(code: str) -> _Language:
    """Return the names and patterns of a language; built once."""
    words, locale = _DATA[code], Locale.parse(code)
    months = _names(locale.months["format"]) | {fold(k): v for k, v in words["months"].items()}
    weekdays = _names(locale.days["format"]) | {fold(k): v for k, v in words["weekdays"].items()}
    relative = {fold(k): v for k, v in words["relative"].items()}
    week = rf"(?P<week>{_any(weekdays)})\b\.?"
    number = rf"(?P<day>\d{{1,2}})(?:{_any(words['ordinals'])})?\b"
    month = rf"(?P<month>{_any(months)})\b\.?"
    year = r"(?:,? (?P<year>20\d\d)\b)?"
    of = rf" (?:(?:{_any(words['of'])}) )?" if words["of"] else " "
    shapes = [
        r"(?P<iso>20\d\d-\d\d-\d\d)\b",
        rf"(?:{week},? +)?(?P<num>\d{{1,2}}[/.]\d{{1,2}}(?:[/.](?:20)?\d\d)?)\b",
        rf"(?:{week},? +(?:(?:le|the) )?)?{number}{of}{month}{year}",
        rf"(?:{week},? +)?{month} {number}{_CLOCK}{year}" if words["month_first"] else "",
        week,
    ]
    body = "|".join(_own_names(shape, index) for index, shape in enumerate(shapes) if shape)
    soon = rf"{_any(relative)})\b"
    return _Language(
        months,
        weekdays,
        relative,
        re.compile(rf"(?:[:,(]? ?(?:{_any(words['fillers'])})\b ?|[: ,(])*"),
        re.compile(rf"(?:(?P<rel>{soon},? \(?)?(?:{body})|(?P<rel_>{soon}"),
        re.compile(rf"(?:(?P<week>{_any(weekdays)})\.?,? )?(?P<day>\d{{1,2}})(?:{_any(words['ordinals'])})?\b{_CLOCK}"),
        re.compile(rf",? ?(?:{_any(words['until'])}) ?(?:(?:le|the) )?"),
        re.compile(rf"\d.*[\s,](?:{_any(words['until'])})\s*$"),
    )


def _own_names(shape: str, index: int) -> str:
    return re.sub(r"\?P<(\w+)>", rf"?P<\1_{index}>", shape)


class _Day(NamedTuple):
    week: int | None = None
    day: int | None = None
    month: int | None = None
    year: int | None = None
    relative: int | None = None


def _parts(match: re.Match[str], lang: _Language, month_first: bool) -> _Day | None:
    got = {k.rstrip("_0123456789"): v for k, v in match.groupdict().items() if v is not None}
    week = lang.weekdays[got["week"]] if "week" in got else None
    relative = lang.relative[got["rel"]] if "rel" in got else None
    if "iso" in got:
        year, month, day = (int(part) for part in got["iso"].split("-"))
        return _Day(week, day, month, year, relative)
    if "num" in got:
        return _numeric(got["num"], week, month_first)
    if "month" in got:
        year_ = int(got["year"]) if "year" in got else None
        return _Day(week, int(got["day"]), lang.months[got["month"]], year_, relative)
    return _Day(week=week, relative=relative)


def _numeric(text: str, week: int | None, month_first: bool) -> _Day | None:
    parts = [int(part) for part in re.split(r"[/.]", text)]
    first, second = (parts[1], parts[0]) if month_first else (parts[0], parts[1])
    year = (parts[2] if parts[2] > 99 else 2000 + parts[2]) if len(parts) == 3 else None
    return _Day(week, first, second, year) if 1 <= second <= 12 else None


def _resolve(part: _Day, today: date) -> date | None:
    """Return the calendar day that the parts mean for a mail written on ``today``."""
    if part.month is None or part.day is None:
        if part.relative is not None:
            return today + timedelta(days=part.relative)
        return None if part.week is None else today + timedelta(days=(part.week - today.weekday() - 1) % 7 + 1)
    years = [part.year] if part.year is not None else [today.year - 1, today.year, today.year + 1]
    for year in years:
        try:
            found = date(year, part.month, part.day)
        except ValueError:
            continue
        if part.year is None and found < today - _LOOK_BACK:
            continue
        return found if part.week in (None, found.weekday()) else None
    return None


def _pair(text: str, at: int, lang: _Language, month_first: bool) -> tuple[_Day, _Day] | None:
    """Read one day or two from a position on."""
    first = lang.day.match(text, at)
    bare = lang.bare.match(text, at)
    if bare and (first is None or first.end() <= bare.end()):
        until = lang.until.match(text, bare.end())
        second = lang.day.match(text, until.end()) if until else None
        end = _parts(second, lang, month_first) if second else None
        if end is not None and end.month is not None:
            week = lang.weekdays[bare["week"]] if bare["week"] else None
            return _Day(week, int(bare["day"]), end.month, end.year), end
    start = _parts(first, lang, month_first) if first else None
    if first is None or start is None:
        return None
    return start, _end(text, first.end(), start, lang, month_first) or start


def _end(text: str, at: int, start: _Day, lang: _Language, month_first: bool) -> _Day | None:
    """Read the last day of a span, which may leave out the month (``September 12 - 15``)."""
    until = lang.until.match(text, at)
    if until is None:
        return None
    second = lang.day.match(text, until.end())
    if second:
        return _parts(second, lang, month_first)
    bare = lang.bare.match(text, until.end()) if start.month is not None else None
    return _Day(None, int(bare["day"]), start.month, start.year) if bare else None


def read(text: str, today: date, language: str, *, month_first: bool = False) -> Span | None:
    """Return the day or days at the beginning of a text, for a mail written on ``today`` (in the reader's zone).

    Words such as "on" or "entre le" may stand before, anything after. ``month_first`` reads ``05/18`` as 18 May.
    None when no day stands there, when weekday and date disagree, or when a span ends before it begins.
    """
    lang = _language(language)
    plain = fold(text)
    filler = lang.fillers.match(plain)
    pair = _pair(plain, filler.end() if filler else 0, lang, month_first)
    if pair is None:
        return None
    start, end = pair
    if start.year is None and end.year is not None and start.month is not None and end.month is not None:
        start = start._replace(year=end.year - (start.month > end.month))
    first, last = _resolve(start, today), _resolve(end, today)
    return Span(first, last) if first is not None and last is not None and first <= last else None


def is_open(text: str, language: str) -> bool:
    """Tell whether a text holds the first day of a span and breaks off where the last one must follow ("22 May -")."""
    return _language(language).open.search(fold(text)) is not None


def languages() -> tuple[str, ...]:
    """Return the languages in which days can be read."""
    return tuple(key for key, value in _DATA.items() if isinstance(value, dict))


def of_epoch(seconds: int) -> date | None:
    """Return the day (UTC) of a time stamp in a link, or None when it is no plausible time of an order."""
    if not 946_684_800 <= seconds <= 4_102_444_800:
        return None
    return datetime.fromtimestamp(seconds, UTC).date()
