"""Dates as mail programs write them above a forwarded mail, in about thirty languages."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, timedelta, timezone, tzinfo

from daemon.intake import headers
from daemon.intake.words import plain, words

_LONGEST = 200
"""Characters of a line in which a date is looked for."""
_TIME = re.compile(r"(?<![\d/.+-])(\d{1,2})(?:\s?[:h시時点]\s?|\.)(\d{2})(?:[:.](\d{2}))?(?![\d/])")
_HALF_BEFORE = re.compile(r"([^\W\d_]{2,3})\s?$")
_HALF_BEHIND = re.compile(r"\s?([^\W\d_]\.\s?[^\W\d_]|[^\W\d_]{2,7})")
_DAY_MONTH_YEAR = re.compile(r"(?<!\d)(\d{1,2})\s?[/.-]\s?(\d{1,2})\s?[/.-]\s?(\d{4}|\d{2})(?!\d)")
_YEAR_MONTH_DAY = re.compile(r"(?<!\d)(\d{4})\s?[/.年년-]\s?(\d{1,2})\s?[/.月월-]\s?(\d{1,2})(?!\d)\s?[日일]?")
_YEAR = re.compile(r"(?<!\d)(19[89]\d|20\d\d)(?!\d)")
_DAY = re.compile(r"(?<![\d:+-])(\d{1,2})(?:er|st|nd|rd|th)?(?![\d:h])")
_MARKS = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069]")
_WORD = re.compile(r"[^\W\d_]{2,}")
_OFFSET = re.compile(r"(?:^|(?<=utc)|(?<=gmt)|(?<=\s)|(?<=\())([+-])(\d{1,2})(?::?(\d{2}))?(?!\d)")
_ZONE = re.compile(r"[a-z]{3,4}")


def parse(text: str, zone: tzinfo) -> datetime | None:
    """Return the moment that a header line names, aware; ``zone`` is used where the line names none.

    « ven. 4 sept. 2026 à 15:47 », « 29 août 2026 à 10:26:14 UTC+2 », "Wed, Oct 27, 2021 at 9:31 AM".
    A day without a time is its noon. None when there is no date in it.
    """
    if (standard := _standard(text)) is not None:
        return standard
    low = _readable(text)
    found = _numeric(low) or _worded(low)
    if found is None:
        return None
    year, month, day, rest = found
    try:
        hour, minute, second, behind = _time(rest)
        return datetime(year, month, day, hour, minute, second, tzinfo=_zone(behind, zone))
    except (ValueError, OverflowError):
        return None


def _readable(text: str) -> str:
    """Return the line folded, without accents and the marks of writing direction that Outlook puts into dates."""
    low = plain(_MARKS.sub("", text[: 2 * _LONGEST]))[:_LONGEST]
    return low if low.isascii() else unicodedata.normalize("NFC", low)


def _standard(text: str) -> datetime | None:
    """RFC 5322 with a numeric zone; without one the library would invent UTC."""
    return headers.parse_date(text) if re.search(r"\d:\d\d(?::\d\d)? [+-]\d{4}\b", text) else None


def _numeric(low: str) -> tuple[int, int, int, str] | None:
    """Year, month, day and the line without them."""
    if found := _YEAR_MONTH_DAY.search(low):
        return int(found[1]), int(found[2]), int(found[3]), low[: found.start()] + " " + low[found.end() :].lstrip("t")
    if (found := _DAY_MONTH_YEAR.search(low)) is None:
        return None
    first, second, year = int(found[1]), int(found[2]), int(found[3])
    if year < 100 and _YEAR.search(low):
        # Danes write times like dates: « 2. november 2021 09.26.50 ».
        return None
    rest = low[: found.start()] + " " + low[found.end() :]
    # Americans put the month first, and tell by their clock.
    if (second > 12 and "." not in found[0]) or (first <= 12 and "/" in found[0] and re.search(r"\d\s?[ap]m\b", rest)):
        first, second = second, first
    return year if year > 99 else 2000 + year, second, first, rest


def _worded(low: str) -> tuple[int, int, int, str] | None:
    year = _YEAR.search(low)
    if year is None:
        return None
    before, behind = low[: year.start()], low[year.end() :]
    # Weekdays begin like months: the word nearest to the year counts, « mar. 2 nov. 2021 ».
    near = [*reversed(_WORD.findall(before)), *_WORD.findall(behind)]
    dotted = behind.startswith(".") and bool(before.strip())
    month = next((number for word in near if (number := _month(word, dotted))), None)
    rest = f"{before} {behind}"
    day = _DAY.search(_TIME.sub(" ", rest))
    return (int(year[1]), month, int(day[1]), rest) if day and month else None


def _month(word: str, dotted: bool) -> int | None:
    table = words()
    for size in range(min(8, len(word)), 1, -1):
        start = word[:size]
        if dotted and start in table.dotted_months:
            return table.dotted_months[start]
        if start in table.months and (size > 2 or size == len(word)):
            return table.months[start]
    return None


def _time(low: str) -> tuple[int, int, int, str]:
    """Hour, minute, second, and what stands behind the time, where a zone would be."""
    found = _TIME.search(low)
    if found is None:
        return 12, 0, 0, ""
    hour, behind = int(found[1]), low[found.end() :]
    half = _half(low[: found.start()], behind)
    if half and hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    return hour, int(found[2]), int(found[3] or 0), behind


def _half(before: str, behind: str) -> str:
    """Return ``a`` or ``p`` where the line says which half of the day it is."""
    halves = words().halves
    if found := _HALF_BEHIND.match(behind):
        return halves.get(found[1].replace(" ", ""), "")
    found = _HALF_BEFORE.search(before[-4:])
    return halves.get(found[1], "") if found and not found[1].isascii() else ""


def _zone(rest: str, fallback: tzinfo) -> tzinfo:
    if found := _OFFSET.search(rest):
        minutes = int(found[2]) * 60 + int(found[3] or 0)
        return timezone(timedelta(minutes=-minutes if found[1] == "-" else minutes)) if minutes < 24 * 60 else fallback
    zones = words().zones
    named = next((zones[word] for word in _ZONE.findall(rest) if word in zones), None)
    return fallback if named is None else timezone(timedelta(hours=named))
