"""What relance says to people, in French and English: ``templates/cli/<language>/*.toml``.

Days, hours, countdowns and amounts are written as each language writes them (Unicode CLDR, through Babel). A word that
follows a number stands behind that number's name: ``{count} {count:mail|mails}``, for one and for several.

Moments are told in the zone where the owner lives, which ``live_in`` names; where this machine's clock shows another
time, the zone is written behind them.
"""

from __future__ import annotations

import os
import tomllib
from contextvars import ContextVar
from datetime import date, datetime, timedelta, tzinfo
from decimal import Decimal
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

from daemon import resources

LANGUAGES = ("fr", "en")

_spoken: ContextVar[str | None] = ContextVar("spoken", default=None)
_country: ContextVar[str | None] = ContextVar("country", default=None)


class UnknownMessage(LookupError):
    """A message key is in no catalogue: a programming error, found by the tests."""


class MissingFact(LookupError):
    """A message names a fact that was not given: a programming error, found by the tests."""


def _flat(table: dict[str, Any], prefix: str = "") -> dict[str, str]:
    out: dict[str, str] = {}
    for key, value in table.items():
        if isinstance(value, dict):
            out.update(_flat(value, f"{prefix}{key}."))
        else:
            out[prefix + key] = str(value)
    return out


def messages(path: Path) -> dict[str, str]:
    """Return the messages of one file by dotted key."""
    return _flat(tomllib.loads(path.read_text("utf-8")))


@cache
def catalogue(language: str) -> dict[str, str]:
    """Return all messages of a language by dotted key."""
    out: dict[str, str] = {}
    for path in sorted((resources.templates() / "cli" / language).glob("*.toml")):
        out.update(messages(path))
    return out


def language_of_locale() -> str:
    """Return the language of the user's locale (the first set of LC_ALL, LC_MESSAGES, LANG): French or English."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return "fr" if value.lower().startswith("fr") else "en"
    return "en"


def use(language: str | None) -> None:
    """Speak ``language`` from now on in this context; None goes back to the locale's."""
    _spoken.set(language)


def asked_for() -> str | None:
    """Return the language that ``use`` was told to speak; None where the locale decides."""
    return _spoken.get()


def spoken() -> str:
    """Return the language that is spoken when none is asked for."""
    return _spoken.get() or language_of_locale()


def live_in(country: str | None) -> None:
    """Tell moments in the zone of a country (ISO 3166) from now on in this context; None is the machine's zone."""
    _country.set(country)


def home_zone() -> tzinfo | None:
    """Return the zone in which moments are told when none is asked for; None is the machine's."""
    from daemon.zones import zone_of  # noqa: PLC0415 - brings Babel

    country = _country.get()
    return zone_of(country) if country else None


class _Counting(Formatter):
    """Chooses between the two words of ``{count:mail|mails}``."""

    def __init__(self, language: str) -> None:
        # French says "0 mail", English "0 mails".
        self._one = {"0", "1"} if language == "fr" else {"1"}

    def format_field(self, value: Any, format_spec: str) -> str:  # noqa: ANN401 - any fact
        """Return the word that fits the number, or the fact itself."""
        one, choice, several = format_spec.partition("|")
        if not choice:
            return str(super().format_field(value, format_spec))
        return one if str(value) in self._one else several


def known(key: str) -> bool:
    """Say whether a message exists, for keys that come from data."""
    return key in catalogue(spoken())


def say(key: str, language: str | None = None, /, **facts: object) -> str:
    """Return the message ``key`` with its facts filled in. Raises ``UnknownMessage`` and ``MissingFact``."""
    try:
        text = catalogue(language or spoken())[key]
    except KeyError:
        raise UnknownMessage(f"{key} is in no catalogue of templates/cli/{language or spoken()}") from None
    if not facts and "{" not in text:
        return text
    try:
        return _Counting(language or spoken()).vformat(text, (), facts) if "|" in text else text.format(**facts)
    except (KeyError, IndexError) as error:
        raise MissingFact(f"{key} needs the fact {error}") from None


def when(moment: datetime, language: str | None = None, zone: tzinfo | None = None) -> str:
    """Return an aware moment as people write it, to the minute, in ``zone``.

    Without one it is told where the owner lives, and the zone is named if this machine's clock shows another time.
    """
    from babel.dates import format_datetime  # noqa: PLC0415 - most commands never write a date

    language = language or spoken()
    local = moment.astimezone(zone or home_zone())
    told = format_datetime(local, say("format.when", language), tzinfo=local.tzinfo, locale=language)
    elsewhere = zone is None and local.utcoffset() != moment.astimezone().utcoffset()
    return say("format.elsewhere", language, when=told, zone=local.tzinfo) if elsewhere else told


def day(value: date, language: str | None = None) -> str:
    """Return a calendar day as people write it."""
    from babel.dates import format_date  # noqa: PLC0415 - most commands never write a date

    language = language or spoken()
    return format_date(value, say("format.day", language), locale=language)


def countdown(due: datetime, now: datetime, language: str | None = None) -> str:
    """Return how far ``due`` is from ``now`` ("in 2 days", "il y a 3 heures"); both aware."""
    from babel.dates import format_timedelta  # noqa: PLC0415 - most commands never write a date

    return format_timedelta(due - now, add_direction=True, locale=language or spoken())


def span(length: timedelta, language: str | None = None) -> str:
    """Return a length of time ("2 days", "48 heures")."""
    from babel.dates import format_timedelta  # noqa: PLC0415 - most commands never write a date

    return format_timedelta(length, locale=language or spoken())


def money(amount: Decimal, currency: str | None, language: str | None = None) -> str:
    """Return an amount with its currency (ISO 4217); without one, the number alone."""
    from babel.numbers import format_currency, format_decimal  # noqa: PLC0415 - most commands never write an amount

    language = language or spoken()
    if currency is None:
        return format_decimal(amount, locale=language)
    return format_currency(amount, currency, locale=language)
