"""How a language writes days, moments, amounts and items: ``templates/letters/<language>/words.toml`` and CLDR."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import format_currency

from daemon import resources
from parsers.letter import Value
from parsers.notice import Item, Notice


class Words(Value):
    """The forms of one language."""

    placeholder: str
    """Stands for a fact that is missing."""
    locale: str
    day: str
    """CLDR pattern of a day."""
    moment: str
    """CLDR pattern of a day and time."""
    first_of_month: tuple[str, str]
    """How the first day of a month begins by CLDR, and how it is written."""
    hours: str
    days: str
    item: str
    one_more: str
    more_items: str
    typography: tuple[tuple[str, str], ...]
    evidence: dict[str, str]
    """Names of mails by their kind."""

    def on(self, day: date | datetime, zone: ZoneInfo) -> str:
        """Return a day in words; a moment (aware) is that of ``zone``."""
        if isinstance(day, datetime):
            day = day.astimezone(zone).date()
        return self._ordinal(format_date(day, self.day, locale=self.locale), day)

    def at(self, moment: datetime, zone: ZoneInfo) -> str:
        """Return a moment (aware) in words, in the time of ``zone``."""
        local = moment.astimezone(zone)
        text = format_datetime(local, self.moment, tzinfo=zone, locale=self.locale)
        return self._ordinal(text, local.date())

    def _ordinal(self, text: str, day: date) -> str:
        old, new = self.first_of_month
        return re.sub(rf"(?<!\d){re.escape(old)}", new, text, count=1) if old and day.day == 1 else text

    def time(self, hours: int) -> str:
        """Return a time to answer in words: in days from three whole ones on."""
        days, rest = divmod(hours, 24)
        return self.hours.format(count=hours) if rest or days < 3 else self.days.format(count=days)

    def amount(self, amount: Decimal, currency: str) -> str:
        """Return an amount in the currency ``currency`` (ISO 4217)."""
        return format_currency(amount, currency, locale=self.locale)

    def items(self, items: Sequence[Item], length: int) -> str:
        """Return the first item's title, at most ``length`` characters of it, and how many there are besides."""
        if not items:
            return ""
        title = shortened(items[0].title, length)
        others = sum(item.quantity for item in items) - items[0].quantity
        form = {0: self.item, 1: self.one_more}.get(others, self.more_items)
        return form.format(title=title, count=others)

    def mail(self, notice: Notice, zone: ZoneInfo) -> str | None:
        """Return the name of a mail as evidence, None when its kind is not evidence."""
        form = self.evidence.get(notice.kind)
        return form.format(date=self.on(notice.at, zone)) if form else None

    def spaced(self, text: str) -> str:
        """Return the text with the spaces at which a line must not break."""
        for plain, bound in self.typography:
            text = text.replace(plain, bound)
        return text


def shortened(text: str, length: int) -> str:
    """Return the text on one line, cut at a word to at most ``length`` characters."""
    text = one_line(text)
    if len(text) <= length:
        return text
    return text[: length - 1].rsplit(" ", 1)[0].rstrip(" ,;:-–") + "…"


def one_line(text: str) -> str:
    """Return the text without control and direction characters, on one line."""
    return " ".join(re.sub(r"[\x00-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2066-\u2069]", " ", text).split())


@cache
def words(language: str) -> Words:
    """Return the words of a language. Raises ``FileNotFoundError`` for one that letters are not written in."""
    path = resources.templates() / "letters" / language / "words.toml"
    return Words.model_validate(tomllib.loads(path.read_text("utf-8")))
