"""Dates as mail programs write them above a forwarded mail, in about fifteen languages."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone, tzinfo

from daemon.intake import headers
from daemon.intake.words import plain, words

_TIME = re.compile(r"(?<![\d/.+-])(\d{1,2})\s?[:.h]\s?(\d{2})(?:[:.](\d{2}))?(?![\d/])\s*([ap])?\.?(?:m\b)?")
_DAY_MONTH_YEAR = re.compile(r"(?<!\d)(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})(?!\d)")
_YEAR_MONTH_DAY = re.compile(r"(?<!\d)(\d{4})[/.-](\d{1,2})[/.-](\d{1,2})(?!\d)")
_YEAR = re.compile(r"(?<!\d)(19[89]\d|20\d\d)(?!\d)")
_DAY = re.compile(r"(?<![\d:])(\d{1,2})(?:er|st|nd|rd|th)?(?![\d:h])")
_OFFSET = re.compile(r"(?:(?<=utc)|(?<=gmt)|(?<=\s))([+-])(\d{1,2})(?::?(\d{2}))?(?!\d)")


def parse(text: str, zone: tzinfo) -> datetime | None:
    """Return the moment that a header line names, aware; ``zone`` is used where the line names none.

    « ven. 4 sept. 2026 à 15:47 », « 29 août 2026 à 10:26:14 UTC+2 », "Wed, Oct 27, 2021 at 9:31 AM".
    A day without a time is its noon. None when there is no date in it.
    """
    if (standard := _standard(text)) is not None:
        return standard
    low = plain(text)[:200]
    day = _date(low)
    if day is None:
        return None
    hour, minute, second, rest = _time(low)
    try:
        return datetime(*day, hour, minute, second, tzinfo=_zone(rest, zone))
    except ValueError:
        return None


def _standard(text: str) -> datetime | None:
    """RFC 5322 with a numeric zone; without one the library would invent UTC."""
    return headers.parse_date(text) if re.search(r"\d:\d\d(?::\d\d)? [+-]\d{4}\b", text) else None


def _date(low: str) -> tuple[int, int, int] | None:
    if found := _YEAR_MONTH_DAY.search(low):
        return int(found[1]), int(found[2]), int(found[3])
    if found := _DAY_MONTH_YEAR.search(low):
        first, second, year = int(found[1]), int(found[2]), int(found[3])
        # Americans put the month first, and tell by their clock.
        if second > 12 or (first <= 12 and re.search(r"\d\s?[ap]m\b", low)):
            first, second = second, first
        return year if year > 99 else 2000 + year, second, first
    return _worded(low)


def _worded(low: str) -> tuple[int, int, int] | None:
    year = _YEAR.search(low)
    if year is None:
        return None
    without = low[: year.start()] + " " + low[year.end() :]
    day = _DAY.search(_TIME.sub(" ", without))
    month = next((number for word in re.findall(r"[^\W\d_]{3,}", low) if (number := _month(word))), None)
    return (int(year[1]), month, int(day[1])) if day and month else None


def _month(word: str) -> int | None:
    months = words().months
    return next((months[word[:size]] for size in range(min(6, len(word)), 2, -1) if word[:size] in months), None)


def _time(low: str) -> tuple[int, int, int, str]:
    """Hour, minute, second, and what stands behind the time, where a zone would be."""
    for found in _TIME.finditer(low):
        hour = int(found[1])
        if found[4] and hour <= 12:
            hour = hour % 12 + (12 if found[4] == "p" else 0)
        return hour, int(found[2]), int(found[3] or 0), low[found.end() :]
    return 12, 0, 0, ""


def _zone(rest: str, fallback: tzinfo) -> tzinfo:
    if found := _OFFSET.search(rest):
        minutes = int(found[2]) * 60 + int(found[3] or 0)
        return timezone(timedelta(minutes=-minutes if found[1] == "-" else minutes)) if minutes < 24 * 60 else fallback
    zones = words().zones
    named = next((zones[word] for word in re.findall(r"[a-z]{3,4}", rest) if word in zones), None)
    return fallback if named is None else timezone(timedelta(hours=named))
