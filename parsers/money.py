"""Amounts of money, read strictly: a number that can be understood in two ways is not read at all."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from babel import Locale

from parsers.wording import load

_DATA = load(Path(__file__).parent / "lexicon" / "money.toml")
_SYMBOLS: dict[str, str] = {**_DATA["symbols"], **{code: code for code in _DATA["codes"]}}
_WHOLE = frozenset(_DATA["whole"])
_ROUND = _WHOLE | frozenset(_DATA["round"])
_HOME: dict[str, list[str]] = dict(_DATA["home"])
_EACH = re.compile(
    rf" ?(?:/ ?)?(?:{'|'.join(map(re.escape, sorted(_DATA['each'], key=len, reverse=True)))})$", re.IGNORECASE
)
_JOINED = "|".join(map(re.escape, _DATA["joined"]))
_CUR = "|".join(re.escape(sign) for sign in sorted([*_SYMBOLS, *_HOME], key=len, reverse=True))
# Thousands, lakhs (1,23,456), or plain; a dash may stand for no cents ("12,-").
_NUM = (
    r"(?:\d{1,3}(?:[ .,']\d{3}){1,7}(?:[.,]\d{1,2})?(?!\d)|\d{1,2}(?:,\d\d)+,\d{3}(?:\.\d{1,2})?(?!\d)|\d+(?:[.,]\d+)?)"
    r"(?:[.,:]-{1,2})?"
)
_EDGE = r"(?![A-Za-z0-9\u00c0-\u024f])"
_MONEY = re.compile(
    rf"(?<![A-Za-z0-9\u00c0-\u024f_.,-])(?P<sign>[-−–] ?)?(?:(?P<c1>{_CUR}) ?(?P<sign2>[-−–])?(?P<n1>{_NUM}){_EDGE}"
    rf"|(?P<n2>{_NUM}) ?(?P<c2>{_JOINED}|(?:{_CUR}){_EDGE}))(?![.,]\d)"
)
# What is left of a price whose cents were set apart: "$ 19 99".
_APART = re.compile(rf"(?P<c1>{_CUR}) ?(?P<n1>\d{{1,3}}(?:[ .,]\d{{3}})*) (?P<cents>\d\d)")
_WIDE = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | {ord("’"): "'"}
_SPLIT = re.compile(r"^\d{3,}$")
_CENT = Decimal("0.01")
_AMOUNT = 28
"""Characters at the end of a line within which its amount stands."""


class Money(NamedTuple):
    """An amount in a currency (ISO 4217)."""

    amount: Decimal
    currency: str
    split: bool = False
    """The decimal sign may have been lost on the way (``1495 €`` for 14.95): three digits or more, none marked."""


@cache
def _group(language: str) -> str:
    """Return the grouping sign of a language, from CLDR; empty when the language is not known."""
    if not language:
        return ""
    symbols = Locale.parse(language).number_symbols
    return re.sub(r"\s", " ", symbols.get("latn", symbols)["group"])


def number(text: str, language: str = "") -> Decimal | None:
    """Return a number as the language writes it, or None when it can be read in two ways or in none.

    ``87.35000000000001`` (a float that was printed whole) is rounded to cents; ``1.234`` and ``1,234`` are read only
    where the sign is the language's grouping sign; of two different signs the last is the decimal one.
    """
    group = _group(language)
    marks = re.findall(r"[ .,']", text)
    if not marks:
        return Decimal(text) if text.isdigit() else None
    head, last, tail = text.rpartition(marks[-1])
    if len(set(marks)) == 1 and (len(marks) > 1 or len(tail) == 3):
        return _grouped(text, last) if last == group or last in " '" else None
    if len(marks) == 1:
        return _decimal(head, last, tail)
    value = _grouped(head, marks[0]) if len(set(marks[:-1])) == 1 and last in ".," and last != marks[0] else None
    return None if value is None else Decimal(f"{value}.{tail}")


def _grouped(text: str, mark: str) -> Decimal | None:
    """Read a whole number in groups of three digits, or of two before the last three (lakhs)."""
    sizes = [len(part) for part in text.split(mark)[1:]]
    lakhs = mark == "," and sizes[:-1] == [2] * (len(sizes) - 1) and sizes[-1:] == [3]
    return Decimal(text.replace(mark, "")) if sizes == [3] * len(sizes) or lakhs else None


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
    value = number(digits.rstrip("-").rstrip(".,:") if digits[-1] == "-" else digits, language)
    if value is None:
        return None
    currency = _currency(sign, home)
    split = bool(_SPLIT.match(digits)) and not sign.replace(".", "").isalpha() and currency not in _ROUND
    negative = bool(match["sign"] or match["sign2"])
    value = value if currency in _WHOLE else value.quantize(_CENT)
    return Money(-value if negative else value, currency, split)


def _currency(sign: str, home: str) -> str:
    shared = _HOME.get(sign, [])
    return home if home in shared else shared[0] if shared else _SYMBOLS[sign]


def _plain(text: str) -> str:
    """Return a text with single kinds of blanks, apostrophes and figures."""
    return " ".join((text if text.isascii() else text.translate(_WIDE)).split())


def find(text: str, language: str = "", home: str = "") -> Money | None:
    """Return the first amount in a line, None when it is unclear; ``home`` (ISO 4217) says which dollar ``$`` is."""
    match = _MONEY.search(_plain(text))
    return _money(match, language, home) if match else None


@lru_cache(maxsize=2_000)
def read(text: str, language: str = "", home: str = "") -> Money | None:
    """Return the amount when the text is nothing but one amount (``EUR 26,95``, ``19.99 USD``, ``-12,50 €``)."""
    text = _plain(text)
    match = _MONEY.fullmatch(text)
    if match:
        return _money(match, language, home)
    apart = _APART.fullmatch(text)
    if apart is None:
        return None
    value = number(apart["n1"], language)
    currency = _currency(apart["c1"], home)
    return None if value is None or currency in _WHOLE else Money(Decimal(f"{value}.{apart['cents']}"), currency)


def behind(text: str, language: str = "", home: str = "") -> tuple[str, Money | None, bool]:
    """Return what stands before the amount with which a text ends, that amount, and whether it is said to be of one.

    ``("Oats", 4.79 USD, True)`` for ``Oats  $4.79 each``. The amount is None when the text ends otherwise.
    """
    text = _plain(text)
    each = _EACH.search(text) if text[-1:].isalpha() or text[-1:] == "." else None
    text = text[: each.start()] if each else text
    match = next(
        (found for found in _MONEY.finditer(text, max(0, len(text) - _AMOUNT)) if found.end() == len(text)), None
    )
    return (
        (text[: match.start()].rstrip(" :-–|@"), _money(match, language, home), each is not None)
        if match
        else (text, None, False)
    )


def unsplit(money: Money) -> Money:
    """Put back the decimal sign that a superscript lost: ``1495 €`` is 14.95."""
    return money._replace(amount=(money.amount / 100).quantize(_CENT), split=False) if money.split else money
