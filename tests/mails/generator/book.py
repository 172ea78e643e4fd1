"""Phrasebooks: how Amazon writes in one language. ``tests/mails/book/README.md`` tells the format."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

FOLDER = Path(__file__).parents[1] / "book"
Patterns = tuple[str, ...]
Template = Literal["new", "old"]
TEMPLATES: tuple[Template, Template] = ("new", "old")
KINDS = (
    *("confirmed", "shipped", "out_for_delivery", "delivered", "attempted", "pickup_ready", "delayed", "cancelled"),
    *("returned_authorised", "returned_received", "refunded", "invoiced", "charged", "payment_failed"),
)
MEANINGS = ("accepted", "refused", "asks", "off_platform", "automatic", "unclear")


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Person(_Data):
    """Someone who buys."""

    first: str
    last: str
    city: str


class Carrier(_Data):
    """A carrier as mails print it; ``#`` in a number is any digit."""

    name: str
    numbers: Patterns


class Place(_Data):
    """A sentence that says where a parcel was left, and the part of it that does."""

    text: str
    says: str


class Dates(_Data):
    """Names of months and weekdays where Amazon's differ from CLDR's."""

    months: Patterns | None = None
    weekdays: Patterns | None = None
    short_months: Patterns | None = None
    short_weekdays: Patterns | None = None


class Signs(_Data):
    """The signs within numbers."""

    decimal: str
    group: str


class Money(Signs):
    """How amounts are written; ``sites`` has the signs of marketplaces that differ from the language's others."""

    sites: dict[str, Signs] = {}
    text: Patterns
    html: Patterns
    old: Patterns


class Says(_Data):
    """The mails of one kind in one template."""

    senders: Patterns
    subjects: Patterns
    subjects_more: Patterns = ()
    headlines: Patterns
    sentences: Patterns = ()
    arrival: Patterns = ()
    blocks: Patterns = ()


class Seller(_Data):
    """Messages of sellers through Amazon's relay."""

    names: Patterns
    subjects: Patterns
    begin: Patterns
    end: Patterns
    order: Patterns
    after: Patterns
    replies: dict[str, Patterns]


class Support(_Data):
    """Messages of customer service."""

    names: Patterns
    senders: Patterns
    subjects: Patterns
    replies: dict[str, Patterns]


class Outcome(_Data):
    """Subjects and texts of one answer to a claim."""

    subjects: Patterns
    texts: Patterns


class Claim(_Data):
    """Mails about an A-to-z claim."""

    senders: Patterns
    acknowledged: Outcome
    granted: Outcome
    refused: Outcome


class Noise(_Data):
    """Mails that say nothing of an order's course."""

    sender: str
    subjects: Patterns
    texts: Patterns


Labels = dict[str, Patterns]


class Book(_Data):
    """How Amazon writes in one language."""

    language: str
    source: str
    checked_on: date
    confidence: str
    sites: Patterns = Field(min_length=1)
    charsets: Patterns = ()
    people: tuple[Person, ...] = Field(min_length=2)
    goods: Patterns = Field(min_length=10)
    sellers: Patterns = Field(min_length=3)
    agents: Patterns
    lockers: Patterns
    cards: Patterns
    recommended: Patterns
    carriers: tuple[Carrier, ...] = Field(min_length=2)
    places: tuple[Place, ...] = Field(min_length=2)
    dates: Dates = Dates()
    money: Money
    labels: dict[Template, Labels]
    arrival: dict[Template, Labels]
    delay: dict[Template, Labels]
    new: dict[str, Says]
    old: dict[str, Says]
    seller: Seller
    support: Support
    claim: Claim
    noise: tuple[Noise, ...] = Field(min_length=3)

    @model_validator(mode="after")
    def _whole(self) -> Book:
        for template in TEMPLATES:
            missing = set(KINDS) - set(self.kinds(template))
            if missing:
                raise ValueError(f"[{template}] lacks {sorted(missing)}")
        if set(self.seller.replies) != set(MEANINGS):
            raise ValueError(f"[seller.replies] must hold {MEANINGS}")
        return self

    def kinds(self, template: Template) -> dict[str, Says]:
        """Return the kinds of mail of a template."""
        return self.new if template == "new" else self.old


@cache
def book(language: str) -> Book:
    """Return the book of a language. Raises ``FileNotFoundError``, ``tomllib.TOMLDecodeError``, ``ValueError``."""
    return Book.model_validate(tomllib.loads((FOLDER / f"{language}.toml").read_text("utf-8")))


def languages() -> tuple[str, ...]:
    """Return the languages that there is a book for."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))
