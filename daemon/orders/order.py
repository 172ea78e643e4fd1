"""An order: what is known of one purchase, folded from its notices.

The fold does not depend on the order in which mails came nor on how often: the
same notices give the same order. ``fold`` lives in ``daemon.orders.fold``.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from daemon.orders.naming import number_of, shop_of
from parsers.letter import Value
from parsers.notice import Item, Notice, Party


class Confidence(StrEnum):
    """How sure a derived fact is, weakest first."""

    GUESSED = "guessed"
    """Inferred, for example from a tracking number's form."""
    READ = "read"
    """Written in an unverified or signed mail."""
    TOLD = "told"
    """The owner said so; it beats everything."""


class PartyFact(Value):
    """Who sells or ships, with the notices it rests on."""

    party: Party
    confidence: Confidence
    sources: tuple[str, ...]
    """Sources (``Notice.source``) in sorted order."""
    contradicted: bool = False
    """Another mail of the same confidence says otherwise."""


class Joined(StrEnum):
    """By what a carrier's mails belong to an order, surest first."""

    NUMBER = "number"
    """The order's own mails name the parcel's number."""
    REFERENCE = "reference"
    """The carrier names the order."""
    SUSPECTED = "suspected"
    """Only the shop's name and the days fit; nothing is concluded from it."""


class Parcel(Value):
    """One parcel of an order. A mail without a tracking number speaks of the parcel ``""``."""

    key: str
    """The tracking number, or ``""`` while none is known."""
    carrier: str | None = None
    shipped_at: datetime | None = None
    delivered_at: datetime | None = None
    delivered_to: str | None = None
    joined: Joined | None = None
    """How its carrier's mails came to this order; None when no carrier wrote."""


class Pursuit(Value):
    """What the open claims of an order rest on. The pipeline puts it beside what the mails say."""

    evidence: tuple[str, ...] = ()
    """Sources (``Notice.source``), sorted: no mail that nobody proves takes these away again."""
    written_at: datetime | None = None
    """When a party was first written to (aware)."""


class Order(Value):
    """What is known of one purchase. Times are aware, dates are days in the marketplace's zone."""

    order_id: str
    """The number that Amazon printed; for another shop's order its full name, ``shop.example/1001``."""
    retailer: str | None = None
    marketplace: str | None = None
    items: tuple[Item, ...] = ()
    total: Decimal | None = None
    currency: str | None = None
    ordered_at: datetime | None = None
    seller: str | None = None
    seller_address: str | None = None
    """Relay address from which the seller wrote (``…@marketplace.amazon.fr``), if they did; for the order of another
    shop the address at which that shop can be written to, None when only machines write from those that are known."""
    seller_thread: tuple[str, ...] = ()
    """Message-IDs of the seller's messages, oldest first."""
    sold_by: PartyFact | None = None
    shipped_by: PartyFact | None = None
    promised_first: date | None = None
    """Last day of the first promise made: the contract date."""
    promised_latest: date | None = None
    """Last day of the most recent promise."""
    parcels: tuple[Parcel, ...] = ()
    cancelled_at: datetime | None = None
    refunded_at: datetime | None = None
    """When a refund was announced by mail."""
    refund_amount: Decimal | None = None
    """Sum of the refunds announced."""
    credited_at: datetime | None = None
    """When the owner saw the money."""
    timeline: tuple[Notice, ...] = ()
    """Every notice, without repeats, by time and then source."""
    pursued: Pursuit = Pursuit()

    @property
    def number(self) -> str:
        """The number as it was printed."""
        return number_of(self.order_id)

    @property
    def shop(self) -> str | None:
        """The domain of the shop whose order it is, None for an order at Amazon."""
        return shop_of(self.order_id)
