"""A mail of the road from order to refund, and what must be read in it."""

from __future__ import annotations

import random
from typing import Any, NamedTuple

from tests.mails.generator import blocks, layouts, mime, render, story, style
from tests.mails.generator.book import Book, Says, Template
from tests.mails.generator.story import Order, Story
from tests.mails.generator.style import Style
from tests.mails.generator.words import plain
from tests.mails.generator.writer import MARKS, Element, Writer, cut, subjects

_PARTIES = {
    "amazon": {"sold_by": "amazon", "shipped_by": "amazon"},
    "third": {"sold_by": "third_party", "shipped_by": "third_party"},
    "fulfilled": {"sold_by": "third_party", "shipped_by": "amazon"},
    "sold": {"sold_by": "third_party"},
}


class Mail(NamedTuple):
    """A raw mail and the notices that must come out of it, as ``relance parse --json`` writes them."""

    raw: bytes
    notices: list[dict[str, Any]]


def kind_of(name: str) -> str:
    """Return the notice's kind for a kind of the book: ``returned`` for ``returned_received``."""
    known = ("returned", "refunded", "out_for_delivery", "pickup_ready", "payment_failed", "invoiced", "charged")
    others = ("confirmed", "shipped", "delivered", "attempted", "delayed", "cancelled")
    return next(kind for kind in (*known, *others) if name.startswith(kind))


def make(
    rng: random.Random,
    book: Book,
    template: Template,
    name: str,
    *,
    host: str = "",
    look: Style | None = None,
    orders: int = 1,
    parts: int = 1,
) -> Mail:
    """Return a mail of a kind of the book. ``host`` and ``look`` are drawn when they are not given."""
    says = book.kinds(template)[name]
    forms = layouts.forms(book, template, name, says)
    several = bool(says.subjects_more) or not all("{title}" in pattern for pattern in says.subjects)
    site = host or rng.choice(book.sites)
    told = story.draw(rng, book, template, site, forms=forms, orders=orders, parts=parts, several=several)
    writer = Writer(rng, book, template, told, look or style.draw(rng, book))
    elements = blocks.body(writer, name, says)
    return finish(writer, says, name, elements)


def finish(writer: Writer, says: Says, name: str, elements: list[Element]) -> Mail:
    """Return the mail that the elements make, and its notices."""
    told, rng = writer.story, writer.rng
    subject = _subject(writer, says, name)
    sender = f"{rng.choice(says.senders)}@{told.site.host}"
    shown = f"{told.site.name} Business" if writer.style.links == "business" and rng.random() < 0.3 else told.site.name
    raw = envelope(writer, shown, sender, subject, elements)
    return Mail(raw, [expected(writer, name, order) for order in told.orders])


def envelope(writer: Writer, name: str, sender: str, subject: str, elements: list[Element]) -> bytes:
    """Return the bytes of a mail from an address."""
    told, look = writer.story, writer.style
    headers = [
        ("Return-Path", f"<{writer.rng.randrange(10**12):012}@bounces.{told.site.host}>"),
        ("From", mime.phrase(name, sender, look)),
        ("To", f"<{told.person.first.encode('ascii', 'ignore').decode().lower() or 'client'}@example.org>"),
        ("Subject", mime.encode(subject, look)),
        ("X-AMAZON-MAIL-RELAY-TYPE", "notification"),
    ]
    text = render.as_text(elements, writer) if look.parts != "html" else None
    markup = render.as_html(elements, writer) if look.parts != "text" else None
    sent = told.sent.astimezone(told.site.zone) if look.local_zone else told.sent
    return mime.build(headers, sent, text, markup, look, f"{writer.rng.randrange(16**16):016x}")


def _subject(writer: Writer, says: Says, name: str) -> str:
    told = writer.story
    first = told.orders[0]
    everything = [article for order in told.orders for article in order.articles]
    joined = Order(first.number, tuple(part for order in told.orders for part in order.parts), {})
    dated = "promised" in writer.printed or "deadline" in writer.printed
    fit = subjects(says, joined, titled="items" in writer.printed, dated=dated)
    if len(told.orders) > 1:
        fit = [pattern for pattern in fit if "{number}" not in pattern]
    several = len(everything) > 1
    values = {
        "title": plain(cut(everything[0].title)),
        "n": plain(str(len(everything) - 1 if several else everything[0].n).join(MARKS[writer.style.marks])),
    }
    if not fit:
        raise ValueError(
            f"[{writer.template}.{name}] of {writer.book.language}: no subject suits a mail of such an order"
        )
    return writer.say(tuple(fit), writer.day_of_kind(name) | values).text


def expected(writer: Writer, name: str, order: Order) -> dict[str, Any]:
    """Return the notice of an order: what was printed of it, no more."""
    told, printed = writer.story, writer.printed
    kind = kind_of(name)
    out: dict[str, Any] = {"kind": kind, "retailer": "Amazon", "marketplace": told.site.host, "order_id": order.number}
    out |= _goods(writer, order)
    if "total" in printed:
        out |= {"total": str(order.total), "currency": told.site.currency}
    if "promised" in printed:
        days = [part.promise for part in order.parts if part.promise]
        out["promised_from"] = min(day.first for day in days).isoformat()
        out["promised_to"] = max(day.last for day in days).isoformat()
    out |= _parcel(told, printed)
    if "party" in printed:
        out |= _PARTIES[told.party] | ({"seller": told.seller} if told.party != "amazon" else {})
    if "refund" in printed:
        out |= {"refund_amount": str(told.refund), "currency": told.site.currency}
    if "refund_by" in printed:
        out["refund_method"] = told.card
    if "refund_date" in printed:
        out["refund_expected"] = told.refund_date.isoformat()
    if "deadline" in printed and kind in ("pickup_ready", "attempted"):
        out["pickup_deadline"] = told.deadline.isoformat()
    return out


def _goods(writer: Writer, order: Order) -> dict[str, Any]:
    if "items" not in writer.printed:
        return {}
    priced = "prices" in writer.printed
    items: list[dict[str, Any]] = [
        {"title": each.title, "quantity": each.n} | ({"price": str(each.price)} if priced else {})
        for each in order.articles
    ]
    return {"items": items} | ({"currency": writer.story.site.currency} if priced else {})


def _parcel(told: Story, printed: set[str]) -> dict[str, Any]:
    out: dict[str, Any] = {}
    if "handed" in printed:
        out["delivered_to"] = told.place.says
    if "carrier" in printed:
        out["carrier"] = told.carrier
    if "tracking" in printed:
        out["tracking_numbers"] = [told.tracking]
    return out
