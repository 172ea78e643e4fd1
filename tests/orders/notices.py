"""Notices for the tests of orders and anomalies: short to write, and strategies for Hypothesis."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from hypothesis import strategies as st

from parsers.letter import Trust
from parsers.notice import Item, Kind, NoteMeaning, Notice, Party, ReplyMeaning

ORDER = "404-7719035-2286641"
SHOP: dict[str, Any] = {"retailer": "Amazon", "marketplace": "amazon.fr", "trust": Trust.SIGNED}
_serial = count(1)


def at(text: str) -> datetime:
    """Return a moment written ``2026-03-12 14:05`` in UTC, or with an offset of its own."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def shop(kind: Kind, when: str, **fields: Any) -> Notice:
    """Return a notice drawn from a mail of Amazon.fr about ``ORDER``."""
    return Notice(
        **{"kind": kind, "at": at(when), "source": f"m{next(_serial):04}", "order_id": ORDER, **SHOP, **fields}
    )


def carrier(kind: Kind, when: str, **fields: Any) -> Notice:
    """Return a notice drawn from a carrier's mail, which names no order."""
    given = {"kind": kind, "at": at(when), "source": f"c{next(_serial):04}", "carrier": "Chronopost"}
    return Notice(**given | {"by_carrier": True} | fields)


def word(means: NoteMeaning | None, when: str, **fields: Any) -> Notice:
    """Return a word of the owner about ``ORDER``."""
    given = {"source": f"report:{next(_serial)}", "order_id": ORDER, "trust": Trust.OWNER, **fields}
    return Notice(kind=Kind.OWNER_REPORT, at=at(when), note_means=means, **given)


TITLES = (
    "Sac de terreau de coco compressé 5 kg pour semis",
    "Sac de terreau de coco...",
    "Sac de terreau de coco…",
    "Arrosoir en zinc 9 litres avec pomme amovible",
    "Arrosoir en zinc 9 litres avec pomme en laiton",
    "Arrosoir en zinc…",
    "Gants",
)
NUMBERS = ("XW402318877TS", "xw 402 318 877 ts", "6A22233344455", "TBA304499120077")
_START = datetime(2026, 3, 1, tzinfo=UTC)
_moments = st.integers(0, 40 * 24 * 4).map(lambda quarters: _START + timedelta(minutes=15 * quarters))
_days = st.integers(0, 45).map(lambda days: date(2026, 3, 1) + timedelta(days=days))
_items = st.lists(
    st.builds(
        Item,
        title=st.sampled_from(TITLES),
        quantity=st.integers(1, 4),
        price=st.none() | st.sampled_from([Decimal("12.90"), Decimal("7.5"), Decimal("7.50")]),
    ),
    max_size=3,
).map(tuple)
_numbers = st.lists(st.sampled_from(NUMBERS), max_size=2).map(tuple)


def _mail(kind: Kind, moment: datetime, **fields: Any) -> Notice:
    return Notice(kind=kind, at=moment, **fields)


_shop_notices = st.builds(
    _mail,
    kind=st.sampled_from([kind for kind in Kind if kind is not Kind.OWNER_REPORT]),
    moment=_moments,
    source=st.sampled_from([f"m{n}" for n in range(12)]),
    order_id=st.sampled_from([ORDER, ORDER, ORDER, "404-5550123-9087761"]),
    retailer=st.just("Amazon"),
    marketplace=st.sampled_from(["amazon.fr", "amazon.de", None]),
    trust=st.sampled_from([Trust.SIGNED, Trust.OWNER, Trust.UNVERIFIED, Trust.FORGED]),
    items=_items,
    total=st.none() | st.sampled_from([Decimal("42.80"), Decimal("19.99")]),
    currency=st.sampled_from(["EUR", None]),
    promised_to=st.none() | _days,
    tracking_numbers=_numbers,
    carrier=st.sampled_from([None, "Colissimo", "Amazon Logistics"]),
    seller=st.sampled_from([None, "Jardin des Deux Rives"]),
    sold_by=st.sampled_from([None, Party.AMAZON, Party.THIRD_PARTY]),
    shipped_by=st.sampled_from([None, Party.AMAZON, Party.THIRD_PARTY]),
    refund_amount=st.none() | st.just(Decimal("19.99")),
    reply_to=st.sampled_from([None, "h7d2kq@marketplace.amazon.fr"]),
    reply_means=st.sampled_from([None, ReplyMeaning.ASKS]),
    message_id=st.sampled_from([None, "<a1@example.org>", "<b2@example.org>"]),
)
_carrier_notices = st.builds(
    _mail,
    kind=st.sampled_from([Kind.ANNOUNCED, Kind.OUT_FOR_DELIVERY, Kind.DELIVERED, Kind.ATTEMPTED, Kind.PICKUP_READY]),
    moment=_moments,
    source=st.sampled_from([f"c{n}" for n in range(6)]),
    carrier=st.just("Chronopost"),
    promised_to=st.none() | _days,
    tracking_numbers=_numbers,
)
_words = st.builds(
    _mail,
    kind=st.just(Kind.OWNER_REPORT),
    moment=_moments,
    source=st.sampled_from([f"report:{n}" for n in range(6)]) | st.sampled_from([f"m{n}" for n in range(12)]),
    order_id=st.just(ORDER),
    trust=st.just(Trust.OWNER),
    tracking_numbers=_numbers,
    shipped_by=st.sampled_from([None, Party.AMAZON]),
    note_means=st.sampled_from(list(NoteMeaning)),
)
stories = st.lists(_shop_notices | _carrier_notices | _words, max_size=9)
"""Lives of an order, in any order: mails of the shop and of carriers, words of the owner, some forged or of others."""


_plain = {"trust": st.just(Trust.SIGNED), "tracking_numbers": st.sampled_from([(), (), NUMBERS[:1], NUMBERS[2:3]])}
_soon = st.integers(0, 16 * 8).map(lambda quarters: _START + timedelta(hours=3 * quarters))
_deliveries = st.builds(
    _mail,
    kind=st.sampled_from([Kind.CONFIRMED, Kind.SHIPPED, Kind.OUT_FOR_DELIVERY, Kind.DELIVERED, Kind.DELAYED]),
    moment=_soon,
    source=st.sampled_from([f"m{n}" for n in range(12)]),
    order_id=st.just(ORDER),
    retailer=st.just("Amazon"),
    promised_to=st.none() | st.integers(0, 16).map(lambda days: date(2026, 3, 1) + timedelta(days=days)),
    **_plain,
)
_carried = st.builds(
    _mail,
    kind=st.sampled_from([Kind.OUT_FOR_DELIVERY, Kind.DELIVERED, Kind.ATTEMPTED, Kind.PICKUP_READY, Kind.RETURNED]),
    moment=_soon,
    source=st.sampled_from([f"c{n}" for n in range(6)]),
    carrier=st.just("Chronopost"),
    **_plain,
)
_missed = st.builds(
    _mail,
    kind=st.just(Kind.OWNER_REPORT),
    moment=_soon,
    source=st.sampled_from([f"report:{n}" for n in range(6)]) | st.sampled_from([f"m{n}" for n in range(12)]),
    order_id=st.just(ORDER),
    note_means=st.sampled_from([NoteMeaning.NOT_RECEIVED] * 3 + [NoteMeaning.RECEIVED]),
    **_plain,
)
troubled = st.lists(_deliveries | _carried | _missed, min_size=2, max_size=7)
"""Two weeks of deliveries that go wrong more often than not."""


@st.composite
def shuffled(draw: st.DrawFn, of: st.SearchStrategy[list[Notice]] = stories) -> tuple[list[Notice], list[Notice]]:
    """Return a story, and the same one in another order with repeats."""
    story = draw(of)
    again = draw(st.lists(st.sampled_from(story), max_size=5)) if story else []
    return story, draw(st.permutations(story + again))
