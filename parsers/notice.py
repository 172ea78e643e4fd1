"""What a parser gives: notices. One notice is what one letter says of one order.

Every field is optional because mails get poorer over the years: absent means
"the mail does not say". Amounts are ``Decimal`` in the currency named by the
notice (ISO 4217); dates are calendar days in the marketplace's time zone.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from parsers.letter import Trust, Value


class Kind(StrEnum):
    """What happened, in the words of the field."""

    CONFIRMED = "confirmed"
    SHIPPED = "shipped"
    OUT_FOR_DELIVERY = "out_for_delivery"
    DELIVERED = "delivered"
    ATTEMPTED = "attempted"
    PICKUP_READY = "pickup_ready"
    ANNOUNCED = "announced"
    DELAYED = "delayed"
    CANCELLED = "cancelled"
    RETURNED = "returned"
    REFUNDED = "refunded"
    INVOICED = "invoiced"
    CHARGED = "charged"
    PAYMENT_FAILED = "payment_failed"
    SELLER_MESSAGE = "seller_message"
    SUPPORT_MESSAGE = "support_message"
    CLAIM_UPDATE = "claim_update"
    OWNER_REPORT = "owner_report"
    OTHER = "other"


class Party(StrEnum):
    """Who sells, or who ships."""

    AMAZON = "amazon"
    THIRD_PARTY = "third_party"


class NoteMeaning(StrEnum):
    """What the owner's own words say of an order."""

    NOT_RECEIVED = "not_received"
    DAMAGED = "damaged"
    MISSING_ITEM = "missing_item"
    WRONG_ITEM = "wrong_item"
    REFUND_MISSING = "refund_missing"
    WRONG_CHARGE = "wrong_charge"
    RECEIVED = "received"
    FOUND = "found"
    """Believed lost, then found ("je l'ai retrouvé"); counts as received."""
    CREDITED = "credited"
    """The refund is on the owner's account."""
    NONE = "none"


class ReplyMeaning(StrEnum):
    """What a seller's or customer service's message amounts to."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    ASKS = "asks"
    OFF_PLATFORM = "off_platform"
    AUTOMATIC = "automatic"
    UNCLEAR = "unclear"


class Item(Value):
    """A line of an order. ``price`` is for one unit, in the notice's currency."""

    title: str
    quantity: int = 1
    price: Decimal | None = None


class Notice(Value):
    """What one letter says of one order."""

    kind: Kind
    source: str
    """``mail_id`` of the letter, or ``report:N`` for a word of the owner given on the command line."""
    at: datetime
    """When the sender wrote it (aware)."""
    trust: Trust = Trust.UNVERIFIED
    provable: bool = False
    """Where it arrived, honest mails are proven: one that is not is in doubt."""
    retailer: str | None = None
    marketplace: str | None = None
    """Host without www, such as ``amazon.fr``."""
    order_id: str | None = None
    items: tuple[Item, ...] = ()
    total: Decimal | None = None
    currency: str | None = None
    promised_from: date | None = None
    promised_to: date | None = None
    delivered_to: str | None = None
    tracking_numbers: tuple[str, ...] = ()
    carrier: str | None = None
    by_carrier: bool = False
    """The carrier wrote it: what it names as seller is only whoever handed the parcel in."""
    seller: str | None = None
    sold_by: Party | None = None
    shipped_by: Party | None = None
    refund_amount: Decimal | None = None
    refund_method: str | None = None
    """What the refund goes to, as the mail names it ("Visa ending in 1234")."""
    refund_expected: date | None = None
    """The day by which the refund is said to be there."""
    pickup_deadline: date | None = None
    reply_means: ReplyMeaning | None = None
    note: str | None = None
    note_means: NoteMeaning | None = None
    reply_to: str | None = None
    """Address at which the sender of a seller's message can be answered."""
    message_id: str | None = None
    """Message-ID of the letter, for an answer in its thread."""
    subject: str | None = None
    """Subject of the letter, shown as evidence."""
