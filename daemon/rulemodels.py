"""The forms of the rule files: every value says where it comes from, when that was looked at, and how sure it is."""

from __future__ import annotations

import re
from datetime import date, datetime
from enum import StrEnum
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, field_validator

from daemon.spans import Span, end_of
from parsers.letter import Value

T = TypeVar("T")


class Sure(StrEnum):
    """How sure a rule is."""

    SEEN = "V"
    """Seen in the source's own text."""
    PARTIAL = "P"
    """Secondary or partial."""
    MEMORY = "M"
    """From memory, inferred, or our own proposal: never cited in a letter."""


class Source(Value):
    """Where a rule comes from."""

    source: str = Field(min_length=3)
    checked_on: date
    """Day on which the source was last looked at."""
    confidence: Sure

    @property
    def citable(self) -> bool:
        """Whether a letter may rest on it."""
        return self.confidence is not Sure.MEMORY


class Sourced(Source, Generic[T]):
    """A value and where it comes from."""

    value: T


class Wait(Value):
    """How long to wait: ``min`` where it can be defended, ``safe`` where nobody can object."""

    min: Span
    safe: Span


class Waits(Value):
    """``waits.toml``. Each docstring says what the wait starts from."""

    delivery_late_tell: Sourced[Wait]
    """From the midnight that ends the latest promised day."""
    late_without_date_shipped: Sourced[Span]
    """From the shipping notice, when no day was ever promised."""
    late_without_date_ordered: Sourced[Span]
    """From the order, when no day was ever promised and no shipping notice came."""
    not_received: Sourced[Wait]
    """From the delivered notice. ``min`` is for an owner who has done the checks, ``safe`` for all others."""
    delivery_contradicted: Sourced[Wait]
    """From the notice that contradicts the delivery."""
    contradiction_window: Sourced[Span]
    """From the delivered notice: a later notice contradicts it no more."""
    follow_up: Sourced[Wait]
    """From the confirmed sending of a message to its reminder."""
    shop_follow_up: Sourced[Wait]
    """The same for another shop than Amazon."""


class AToZWindow(Value):
    """When an A-to-z claim can be filed (aware, UTC)."""

    possible_from: datetime
    safe_from: datetime
    until: datetime | None
    """None when no day was ever promised."""


class AToZ(Value):
    """``a_to_z.toml``: the A-to-z Guarantee, for what a third party sold and shipped."""

    window: Sourced[Span]
    """From the latest promised day."""
    contact_first: Sourced[Wait]
    """From the confirmed sending of the message to the seller."""
    after_promised: Sourced[Wait]
    """From the midnight that ends the latest promised day."""
    after_delivered: Sourced[Wait]
    """From the delivered notice."""
    exclusions: Sourced[tuple[str, ...]]
    """Keys of what the guarantee does not cover."""

    def dates(
        self, *, contacted: datetime, promised: date | None, delivered: datetime | None, zone: ZoneInfo
    ) -> AToZWindow | None:
        """Return when the claim is possible, safe, and over; None when nothing was promised nor delivered.

        possible = max(contacted + contact_first, min(promised + after_promised, delivered + after_delivered));
        until = promised + window. Moments are aware, ``promised`` is the latest promised day in ``zone``.
        """
        due = end_of(promised, zone) if promised else None

        def possible(contact: Span, from_promise: Span, from_delivery: Span) -> datetime | None:
            starts = [from_promise.after(due, zone)] if due else []
            starts += [from_delivery.after(delivered, zone)] if delivered else []
            return max(contact.after(contacted, zone), min(starts)) if starts else None

        first, promise, delivery = self.contact_first.value, self.after_promised.value, self.after_delivered.value
        soon = possible(first.min, promise.min, delivery.min)
        safe = possible(first.safe, promise.safe, delivery.safe)
        if soon is None or safe is None:
            return None
        return AToZWindow(possible_from=soon, safe_from=safe, until=self.window.value.after(due, zone) if due else None)


class Phone(Value):
    """Customer service's numbers, as they are to be dialled."""

    national: str = Field(pattern=r"^[+0-9][0-9 ]{5,}$")
    from_abroad: str | None = Field(default=None, pattern=r"^\+[0-9 ]{6,}$")


class Channels(Value):
    """``channels.toml``: where Amazon is reached. A number or a link in a mail is never used."""

    default_host: Sourced[str]
    """Marketplace of an order whose mails name none."""
    hosts: Sourced[frozenset[str]]
    """Hosts, without www, to which links may lead."""
    order_ids: Sourced[tuple[str, ...]]
    """Regular expressions; an order number matches one of them from end to end."""
    links: dict[str, Sourced[str]]
    """Paths by key; ``{id}`` is the order number."""
    phones: dict[str, Sourced[Phone]]
    """By the marketplace's country, ISO 3166."""

    @field_validator("links")
    @classmethod
    def _only_paths(cls, links: dict[str, Sourced[str]]) -> dict[str, Sourced[str]]:
        for key, path in links.items():
            if not re.fullmatch(r"/(?!/)[A-Za-z0-9/._?=&-]*(\{id\})?", path.value):
                raise ValueError(
                    f'{key}: write a path such as "/your-orders/orders", with {{id}} at its end or nowhere'
                )
        return links


class Words(Value):
    """A text in the languages that relance writes."""

    fr: str
    en: str


class Article(Source):
    """One article of law: how it is named, and what it says in one line."""

    name: Words
    says: Words
    topics: frozenset[str]
    """Codes of the anomalies it helps against."""


class Law(Value):
    """``law/<name>.toml``: what a consumer who lives in one of ``countries`` can rely on."""

    countries: frozenset[str]
    articles: dict[str, Article]

    def citable(self, topic: str) -> tuple[Article, ...]:
        """Return the articles for ``topic`` (an anomaly's code) that a letter may cite, in the file's order."""
        return tuple(a for a in self.articles.values() if topic in a.topics and a.citable)


class Marketplace(Source):
    """``marketplaces/<host>.toml``: one of Amazon's sites."""

    host: str = Field(pattern=r"^amazon\.[a-z]{2,3}(\.[a-z]{2})?$")
    country: str = Field(pattern="^[A-Z]{2}$")
    currency: str = Field(pattern="^[A-Z]{3}$")
    time_zone: str
    """IANA name. It resolves "today" and says when a promised day is over."""
    languages: tuple[str, ...] = Field(min_length=1)
    """ISO 639-1, the usual one first."""

    @field_validator("time_zone")
    @classmethod
    def _exists(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError(f'no time zone is called "{name}"; write one such as "Europe/Paris"') from None
        return name

    @property
    def zone(self) -> ZoneInfo:
        """The time zone."""
        return ZoneInfo(self.time_zone)
