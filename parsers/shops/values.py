"""Values as shops write them into their markup: prices as text, odd dates. What is not clear is not read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal
from email.utils import parsedate_to_datetime
from typing import NamedTuple

from parsers import money
from parsers.shops.thing import Thing, Value

_CENT = Decimal("0.01")
_CODE = re.compile(r"[A-Za-z]{3}")
_NUMBER = re.compile(r"[-−–+]?\s?\d[\d\s.,'’]{0,24}")
_ISO = re.compile(
    r"(\d{4})-?(\d\d)-?(\d\d)(?:[T ](\d\d):?(\d\d)(?::?(\d\d)(?:[.,]\d{1,9})?)?\s?(Z|[+-]\d\d(?::?\d\d)?)?)?"
)
_EUROPEAN = re.compile(r"(\d{1,2})([./-])\s?(\d{1,2})\2\s?(\d{4})(?:,?[T ]\d\d?[:.h]\d\d.{0,12})?")
_EPOCH = re.compile(r"(\d{10})(?:\d{3})?")
_MAIL_DATE = re.compile(r"(?:[A-Za-z]{3}, )?\d{1,2} [A-Za-z]{3} \d{4}\b")
_YEARS = range(2000, 2101)
_PRICE = ("price", "value", "minprice", "amount")
_CURRENCY = ("pricecurrency", "currency")


class Price(NamedTuple):
    """An amount, and its currency (ISO 4217) where that is known."""

    amount: Decimal
    currency: str | None


def amount(text: str) -> Decimal | None:
    """Return a number with or without a currency's sign: ``139.80``, ``1.234,56 €``, ``1 234,5``.

    schema.org wants a point before the decimals, shops write what their country writes: of two different marks the
    last one is the decimal mark. ``1.234`` can be read in two ways and is not read.
    """
    found = _NUMBER.findall(text)
    if len(found) != 1 or len(text) > 60:
        return None
    bare = re.sub(r"\s", "", found[0]).replace("−", "-").replace("–", "-").replace("’", "'").rstrip(".,'")
    sign, digits = ("-", bare[1:]) if bare.startswith("-") else ("", bare.lstrip("+"))
    if (value := _plain(digits)) is None:
        return None
    return Decimal(f"{sign}{value}").quantize(_CENT)


def _plain(digits: str) -> str | None:
    """Return digits with marks as a number with a point, None when they can be read in two ways or in none."""
    marks = re.findall(r"[.,']", digits)
    first, *groups = re.split(r"[.,']", digits)
    if not marks:
        return digits if len(digits) <= 12 else None
    if not 1 <= len(first) <= 12 or not all(len(group) == 3 for group in groups[:-1]):
        return None
    if len(set(marks)) == 1 and len(groups[-1]) == 3 and (len(marks) > 1 or marks[0] == "'"):
        return first + "".join(groups)
    # Before the decimals all marks are of one kind, and of another than theirs.
    if marks[-1] == "'" or marks[-1] in marks[:-1] or len(set(marks[:-1])) > 1:
        return None
    return f"{first}{''.join(groups[:-1])}.{groups[-1]}" if _are_decimals(groups[-1], marks) else None


def _are_decimals(digits: str, marks: list[str]) -> bool:
    """Up to two digits are; many behind a single point are those of a float that was printed whole, near to cents."""
    if len(digits) <= 2:
        return True
    whole = Decimal(f"0.{digits[:12]}")
    return marks == ["."] and len(digits) > 3 and abs(whole - whole.quantize(_CENT)) < Decimal("0.0001")


def currency(text: str) -> str | None:
    """Return the currency that a text names by its code or its sign, None when it names none that is known."""
    sign = re.sub(r"[\d\s.,'’+−–-]", "", text[:60])
    if _CODE.fullmatch(sign):
        sign = sign.upper()
    found = money.read(f"1 {sign}") if 0 < len(sign) <= 5 else None
    return found.currency if found else None


def price(values: Iterator[Value], given: str | None = None) -> Price | None:
    """Return the first price: a text, or a thing with ``price`` or ``value``; ``given`` is the currency around it."""
    for value in values:
        if isinstance(value, str):
            if (number := amount(value)) is not None:
                return Price(number, given or currency(value))
        elif found := price(value.values(*_PRICE, "pricespecification"), said_currency(value) or given):
            return found
    return None


def said_currency(thing: Thing) -> str | None:
    """Return the currency that a thing states for its prices."""
    return next((code for text in thing.values(*_CURRENCY) if isinstance(text, str) and (code := currency(text))), None)


def quantity(values: Iterator[Value]) -> int:
    """Return the first quantity (a number, or a thing with ``value``), 1 when there is none that makes sense."""
    for value in values:
        text = value if isinstance(value, str) else value.words("value", "minvalue")
        if (number := amount(text)) is not None and number == number.to_integral_value() and 1 <= number <= 9999:
            return int(number)
    return 1


def day(text: str, zone: tzinfo | None) -> date | None:
    """Return the day of a date as it was written; a moment in UTC is that day in ``zone``, where the shop writes.

    ISO 8601 with and without time, ``15.09.2026``, ``15/09/2026`` where it is clear, seconds or milliseconds since
    1970, the dates of mails. None for whatever else.
    """
    text = " ".join(text.split())[:60]
    try:
        found = _iso(text, zone) or _european(text) or _epoch(text, zone) or _of_mail(text)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None
    return found if found and found.year in _YEARS else None


def _iso(text: str, zone: tzinfo | None) -> date | None:
    match = _ISO.fullmatch(text)
    if match is None:
        return None
    whole = date(int(match[1]), int(match[2]), int(match[3]))
    if match[7] not in ("Z", "+00:00", "+0000", "+00"):
        return whole
    at = datetime(whole.year, whole.month, whole.day, int(match[4]), int(match[5]), tzinfo=UTC)
    # Midnight in UTC is how programs write a day without a time; it is no moment.
    return whole if (at.hour, at.minute) == (0, 0) else at.astimezone(zone or UTC).date()


def _european(text: str) -> date | None:
    match = _EUROPEAN.fullmatch(text)
    if match is None:
        return None
    first, second = int(match[1]), int(match[3])
    if match[2] == "/" and first != second:
        if first <= 12 and second <= 12:
            return None
        first, second = max(first, second), min(first, second)
    return date(int(match[4]), second, first)


def _epoch(text: str, zone: tzinfo | None) -> date | None:
    match = _EPOCH.fullmatch(text)
    at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=int(match[1])) if match else None
    return at.astimezone(zone or UTC).date() if at else None


def _of_mail(text: str) -> date | None:
    return parsedate_to_datetime(text).date() if _MAIL_DATE.match(text) else None
