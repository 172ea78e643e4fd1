"""Amounts of money, read strictly: a number that can be understood in two ways is not read at all."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import NamedTuple

from babel import Locale

from parsers.wording import load

_DATA = load(Path(__file__).parent / "lexicon" / "money.toml")
_SYMBOLS: dict[str, str] = {**_DATA["symbols"], **{code: code for code in _DATA["codes"]}}
_WHOLE = frozenset(_DATA["whole"])
_HOME: dict[str, list[str]] = dict(_DATA["home"])
_CUR = "|".join(re.escape(sign) for sign in sorted([*_SYMBOLS, *_HOME], key=len, reverse=True))
_NUM = r"\d{1,3}(?:[ .,']\d{3})+(?:[.,]\d{1,2})?(?!\d)|\d+(?:[.,]\d+)?"
_MONEY = re.compile(
    rf"(?<![\w.,-])(?P<sign>[-−–] ?)?(?:(?P<c1>{_CUR}) ?(?P<sign2>[-−–])?(?P<n1>{_NUM})|(?P<n2>{_NUM}) ?(?P<c2>{_CUR}))"
    r"(?![^\W_])(?![.,]\d)"
)
_SPLIT = re.compile(r"^\d{3,}$")
_BLANKS = re.compile(r"\s")
_CENT = Decimal("0.01")


class Money(NamedTuple):
    """An amount in a currency (ISO 4217)."""

    amount: Decimal
    currency: str
    split: bool = False
    """The decimal sign may have been lost on the way (``1495 €`` for 14.95): three digits or more, none marked."""


@cache
def _signs(language: str) -> tuple[str, str]:
    """Return the decimal and the grouping sign of a language, from CLDR; empty when the language is not known."""
    if not language:
        return "", ""
    symbols = Locale.parse(language).number_symbols
    symbols = symbols.get("latn", symbols)
    return symbols["decimal"], re.sub(r"\s", " ", symbols["group"])


def number(text: str, language: str = "") -> Decimal | None:
    """Return a number as the language writes it, or None when it can be read in two ways or in none.

    ``87.35000000000001`` (a float that was printed whole) is rounded to cents; ``1.234`` and ``1,234`` are read only
    where the sign is the language's grouping sign.
    """
    decimal, group = _signs(language)
    marks = re.findall(r"[ .,']", text)
    if not marks:
        return Decimal(text) if text.isdigit() else None
    head, last, tail = text.rpartition(marks[-1])
    if len(set(marks)) == 1 and (len(marks) > 1 or len(tail) == 3):
        whole = [len(part) for part in text.split(last)[1:]] == [3] * len(marks)
        return Decimal(text.replace(last, "")) if whole and (last == group or last in " '") else None
    if len(marks) == 1:
        return _decimal(head, last, tail)
    if last not in ".," or (decimal not in ("", last) and marks[0] != " ") or (not decimal and marks[0] != " "):
        return None
    whole = all(len(part) == 3 for part in re.split(r"[ .,']", head)[1:]) and len(set(marks[:-1])) == 1
    return Decimal(f"{re.sub(r'[^0-9]', '', head)}.{tail}") if whole else None


def _decimal(head: str, mark: str, tail: str) -> Decimal | None:
    """Read one sign between digits: up to two digits are decimals; many are a float that was printed whole."""
    if mark not in ".," or not head.isdigit() or not tail.isdigit():
        return None
    value = Decimal(f"{head}.{tail}")
    if len(tail) <= 2:
        return value
    rounded = value.quantize(_CENT)
    return rounded if mark == "." and len(tail) > 5 and abs(value - rounded) < Decimal("0.000001") else None


def _money(match: re.Match[str], language: str, home: str) -> Money | None:
    digits = match["n1"] or match["n2"]
    sign = match["c1"] or match["c2"]
    value = number(digits, language)
    if value is None:
        return None
    shared = _HOME.get(sign, [])
    currency = home if home in shared else shared[0] if shared else _SYMBOLS[sign]
    value = value if currency in _WHOLE else value.quantize(_CENT)
    negative = bool(match["sign"] or match["sign2"])
    return Money(-value if negative else value, currency, bool(_SPLIT.match(digits)) and not sign.isalpha())


def find(text: str, language: str = "", home: str = "") -> Money | None:
    """Return the first amount in a line, None when it is unclear; ``home`` (ISO 4217) says which dollar ``$`` is."""
    match = _MONEY.search(_BLANKS.sub(" ", text))
    return _money(match, language, home) if match else None


def read(text: str, language: str = "", home: str = "") -> Money | None:
    """Return the amount when the text is nothing but one amount (``EUR 26,95``, ``19.99 USD``, ``-12,50 €``)."""
    match = _MONEY.fullmatch(_BLANKS.sub(" ", text).strip())
    return _money(match, language, home) if match else None


def unsplit(money: Money) -> Money:
    """Put back the decimal sign that a superscript lost: ``1495 €`` is 14.95."""
    return money._replace(amount=(money.amount / 100).quantize(_CENT), split=False) if money.split else money
