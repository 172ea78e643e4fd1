"""Days as mails write them: ``mercredi 5 août``, ``Arriving tomorrow``, ``12 - 15 September``, ``8月3日(月)``.

A missing year is the one that puts the day nearest to the mail's own day. A weekday that contradicts its date makes
the whole unreadable: a promise that cannot be right is not a promise. Hours are not read.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from parsers import daywords
from parsers.daywords import Words
from parsers.text import fold

_LOOK_BACK = timedelta(days=90)  # a promise without a year lies at most this far behind its mail


class Span(NamedTuple):
    """The first and the last day that a text names; the same day twice when it names one."""

    first: date
    last: date


class _Day(NamedTuple):
    week: int | None = None
    day: int | None = None
    month: int | None = None
    year: int | None = None
    relative: int | None = None


def _parts(match: re.Match[str], lang: Words, month_first: bool) -> _Day | None:
    got = {k.rstrip("_0123456789"): v for k, v in match.groupdict().items() if v is not None}
    named = got.get("week") or got.get("brief")
    week = lang.weekdays[named] if named else None
    relative = lang.relative[got["rel"]] if "rel" in got else None
    year = int(got["year"]) if "year" in got else None
    if "iso" in got:
        first, second, third = (int(part) for part in re.split(r"[-/.]", got["iso"]))
        return _Day(week, third, second, first, relative)
    if "num" in got:
        return _numeric(got["num"], week, month_first)
    if "moon" in got:
        return _Day(week, int(got["day"]), int(got["moon"]), year, relative)
    if "month" in got:
        return _Day(week, int(got["day"]), lang.months[got["month"]], year, relative)
    return _Day(week=week, relative=relative)


def _numeric(text: str, week: int | None, month_first: bool) -> _Day | None:
    parts = [int(part) for part in re.split(r"[-/.]", text)]
    first, second = (parts[1], parts[0]) if month_first else (parts[0], parts[1])
    year = (parts[2] if parts[2] > 99 else 2000 + parts[2]) if len(parts) == 3 else None
    return _Day(week, first, second, year) if 1 <= second <= 12 else None


def _weekday(week: int, after: date) -> date:
    """Return the first such weekday behind a day."""
    return after + timedelta(days=(week - after.weekday() - 1) % 7 + 1)


def _resolve(part: _Day, today: date) -> date | None:
    """Return the calendar day that the parts mean for a mail written on ``today``."""
    if part.month is None or part.day is None:
        if part.relative is not None:
            return today + timedelta(days=part.relative)
        return None if part.week is None else _weekday(part.week, today)
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


def _pair(text: str, at: int, lang: Words, month_first: bool) -> tuple[_Day, _Day] | None:
    """Read one day or two from a position on."""
    first = lang.day.match(text, at)
    bare = lang.bare.match(text, at)
    if bare and (first is None or first.end() <= bare.end()):
        until = lang.until.match(text, bare.end())
        second = lang.day.match(text, until.end()) if until else None
        end = _parts(second, lang, month_first) if second else None
        if end is not None and end.month is not None and end.day is not None:
            week = lang.weekdays[bare["week"]] if bare["week"] else None
            day = int(bare["day"])
            return _Day(week, day, *_month_before(end, crossed=day > end.day)), end
    start = _parts(first, lang, month_first) if first else None
    if first is None or start is None:
        return None
    return start, _end(text, first.end(), start, lang, month_first) or start


def _month_before(end: _Day, *, crossed: bool) -> tuple[int | None, int | None]:
    """Return month and year of a span's first day that names none: the last day's, or those before ("30 - 2 May")."""
    if not crossed or end.month is None:
        return end.month, end.year
    if end.month > 1:
        return end.month - 1, end.year
    return 12, None if end.year is None else end.year - 1


def _end(text: str, at: int, start: _Day, lang: Words, month_first: bool) -> _Day | None:
    """Read the last day of a span, which may leave out the month (``September 12 - 15``)."""
    until = lang.until.match(text, at)
    if until is None:
        return None
    second = lang.day.match(text, until.end())
    if second:
        return _parts(second, lang, month_first)
    bare = lang.bare.match(text, until.end()) if start.month is not None else None
    if bare is None or start.month is None or start.day is None:
        return None
    day = int(bare["day"])
    if day >= start.day:
        return _Day(None, day, start.month, start.year)
    year = None if start.year is None else start.year + (start.month == 12)
    return _Day(None, day, start.month % 12 + 1, year)


def read(text: str, today: date, language: str, *, month_first: bool = False) -> Span | None:
    """Return the day or days at the beginning of a text, for a mail written on ``today`` (in the reader's zone).

    Words such as "on" or "entre le" may stand before, anything after. ``month_first`` reads ``05/18`` as 18 May.
    None when no day stands there, when weekday and date disagree, or when a span ends before it begins.
    """
    lang = daywords.words(language)
    plain = " ".join(lang.hours.sub("", fold(text[:200])).split())
    filler = lang.fillers.match(plain)
    pair = _pair(plain, filler.end() if filler else 0, lang, month_first or lang.month_first)
    return _span(*pair, today) if pair else None


def _span(start: _Day, end: _Day, today: date) -> Span | None:
    if start.year is None and end.year is not None and start.month is not None and end.month is not None:
        start = start._replace(year=end.year - (start.month > end.month))
    first, last = _resolve(start, today), _resolve(end, today)
    if first is None or last is None:
        return None
    if start.month is None and start.week is not None and end.month is not None:
        first = last - timedelta(days=(last.weekday() - start.week) % 7)  # "Wednesday - Friday, 7 August"
    if end.month is None and end.week is not None and last < first:
        last = _weekday(end.week, first)
    return Span(first, last) if first <= last else None


def is_filler(text: str, language: str) -> bool:
    """Tell whether a text is nothing but words that stand before a date ("is:")."""
    return daywords.words(language).fillers.fullmatch(fold(text[:80]).strip()) is not None


def is_open(text: str, language: str) -> bool:
    """Tell whether a text holds the first day of a span and breaks off where the last one must follow ("22 May -")."""
    plain = fold(text[:200]).rstrip()
    return any(c.isdigit() for c in plain) and daywords.words(language).open.search(plain) is not None


def says_today(text: str, language: str) -> bool:
    """Tell whether a text names the day on which it is written ("today", "ce soir")."""
    return daywords.words(language).today.search(fold(text)) is not None


def languages() -> tuple[str, ...]:
    """Return the languages in which days can be read."""
    return daywords.codes()


def of_epoch(seconds: int) -> date | None:
    """Return the day (UTC) of a time stamp in a link, or None when it is no plausible time of an order."""
    if not 946_684_800 <= seconds <= 4_102_444_800:
        return None
    return datetime.fromtimestamp(seconds, UTC).date()
