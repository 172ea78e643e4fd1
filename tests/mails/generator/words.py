"""How days and amounts are written, and patterns filled."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from babel.dates import get_day_names, get_month_names

from tests.mails.generator.book import Book, Signs
from tests.mails.generator.sites import Site

_NAME = re.compile(r"\{(\w+)\}")


class Written(NamedTuple):
    """The same words in both parts of a mail; ``html`` is markup."""

    text: str
    html: str

    def split(self) -> list[Written]:
        """Return the lines."""
        return [Written(*pair) for pair in zip(self.text.split("\n"), self.html.split("\n"), strict=True)]


def plain(text: str) -> Written:
    """Return words that are written alike in both parts."""
    return Written(text, html.escape(text, quote=False))


def names(pattern: str) -> set[str]:
    """Return the names that a pattern prints."""
    return set(_NAME.findall(pattern))


def fill(pattern: str, values: Mapping[str, Written]) -> Written:
    """Return a pattern with its names printed. Raises ``KeyError`` for a name that has no value there."""
    return Written(
        _NAME.sub(lambda found: values[found[1]].text, pattern),
        _NAME.sub(lambda found: values[found[1]].html, html.escape(pattern, quote=False)),
    )


def day(when: date, book: Book, suffix: str = "") -> dict[str, Written]:
    """Return the names of a day, each with a suffix ("2" for the last day of a span)."""
    locale = book.language
    months = book.dates.months or tuple(get_month_names("wide", "format", locale)[m] for m in range(1, 13))
    short = book.dates.short_months or tuple(get_month_names("abbreviated", "format", locale)[m] for m in range(1, 13))
    weekdays = book.dates.weekdays or tuple(get_day_names("wide", "format", locale)[d] for d in range(7))
    brief = book.dates.short_weekdays or tuple(get_day_names("abbreviated", "format", locale)[d] for d in range(7))
    month, weekday = months[when.month - 1], weekdays[when.weekday()]
    said = {
        "weekday": weekday,
        "Weekday": weekday[:1].upper() + weekday[1:],
        "wd": brief[when.weekday()],
        "d": str(when.day),
        "dd": f"{when.day:02}",
        "month": month,
        "Month": month[:1].upper() + month[1:],
        "mon": short[when.month - 1],
        "m": str(when.month),
        "mm": f"{when.month:02}",
        "year": str(when.year),
    }
    return {f"{name}{suffix}": plain(words) for name, words in said.items()}


def local(amount: Decimal, book: Book, site: Site) -> str:
    """Return an amount in the language's own signs: ``1 219,90``."""
    digits, signs = f"{amount:,.0f}" if site.whole else f"{amount:,.2f}", _signs(book, site)
    return digits.translate({ord(","): signs.group, ord("."): signs.decimal})


def _signs(book: Book, site: Site) -> Signs:
    return book.money.sites.get(site.host, book.money)


def money(amount: Decimal, book: Book, site: Site, pattern: tuple[str, str], exact: float) -> Written:
    """Return an amount by a pattern for text and, unless that is empty, one for HTML; ``exact`` is a sum of floats."""
    digits = local(amount, book, site)
    whole, _, cents = digits.partition(_signs(book, site).decimal)
    if site.whole:
        whole, cents = digits, ""
    number = str(int(amount)) if site.whole else repr(exact)
    said = {"amount": digits, "float": number, "code": site.currency, "symbol": site.symbol}
    values = {name: plain(words) for name, words in said.items()} | {"whole": plain(whole), "cents": plain(cents)}
    text = fill(pattern[0], values).text
    markup = _NAME.sub(lambda found: values[found[1]].html, pattern[1]) if pattern[1] else plain(text).html
    return Written(text, markup.replace("<sup></sup>", ""))
