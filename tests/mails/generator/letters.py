"""Mails that people write (sellers, customer service), A-to-z claims, and mails that say nothing of an order."""

from __future__ import annotations

import random
from typing import Any

from tests.mails.generator import mail, story, style
from tests.mails.generator.book import MEANINGS, Book, Patterns, Template
from tests.mails.generator.mail import Mail
from tests.mails.generator.style import Style
from tests.mails.generator.words import Written, plain
from tests.mails.generator.writer import Element, Writer, cut

_CLAIMS = {"acknowledged": None, "granted": "accepted", "refused": "refused"}
_RELAY = "0123456789abcdefghijklmnopqrstuvwxyz"


def names(book: Book) -> tuple[str, ...]:
    """Return the names of every such mail of a book: ``seller_asks``, ``claim_granted``, ``other_0``."""
    sellers = tuple(f"seller_{means}" for means in MEANINGS)
    support = tuple(f"support_{means}" for means in book.support.replies)
    claims = tuple(f"claim_{outcome}" for outcome in _CLAIMS)
    return sellers + support + claims + tuple(f"other_{at}" for at in range(len(book.noise)))


def make(rng: random.Random, book: Book, name: str, *, host: str = "", look: Style | None = None) -> Mail:
    """Return a mail by its name. ``host`` and ``look`` are drawn when they are not given."""
    template: Template = "new"
    told = story.draw(rng, book, template, host or rng.choice(book.sites))
    if told.party == "amazon":
        told = told._replace(party="third")
    order = told.orders[0]
    part = order.parts[0]._replace(articles=(order.articles[0]._replace(n=1),))
    told = told._replace(orders=(order._replace(parts=(part,), extras={}),))
    told = told._replace(refund=told.orders[0].total)
    writer = Writer(rng, book, template, told, look or style.draw(rng, book))
    writer.amounts = (rng.choice([each for each in book.money.text if "{float}" not in each]), "")
    group, _, which = name.partition("_")
    return {"seller": _seller, "support": _support, "claim": _claim, "other": _other}[group](writer, which)


def _paragraphs(words: Written) -> list[Element]:
    return [Element("line", line) for line in words.split() if line.text]


def _say(writer: Writer, patterns: Patterns, *, short: bool = False) -> Written:
    article = writer.story.orders[0].articles[0]
    title = cut(article.title) if short else article.title
    return writer.say(patterns, {"title": plain(title), "money": writer.money(article.price)})


def _notice(writer: Writer, kind: str) -> dict[str, Any]:
    told = writer.story
    out = {"kind": kind, "retailer": "Amazon", "marketplace": told.site.host, "order_id": told.orders[0].number}
    if "refund" in writer.printed:
        out |= {"refund_amount": str(told.refund), "currency": told.site.currency}
        out |= {"refund_method": told.card} if "card" in writer.printed else {}
    return out


def _seller(writer: Writer, means: str) -> Mail:
    says, told = writer.book.seller, writer.story
    elements = _paragraphs(writer.say(says.begin)) + _paragraphs(writer.say(says.replies[means]))
    writer.printed.discard("title")
    order = _say(writer, says.order)
    elements += _paragraphs(writer.say(says.end)) + _paragraphs(order)
    elements += [element for pattern in says.after for element in _paragraphs(writer.say((pattern,)))]
    address = "".join(writer.rng.choice(_RELAY) for _ in range(14)) + f"@marketplace.{told.site.host}"
    name, subject = writer.say(says.names).text, _say(writer, says.subjects, short=True).text
    notice = _notice(writer, "seller_message") | {"seller": told.seller, "reply_means": means}
    if "title" in writer.printed:
        notice["items"] = [{"title": told.orders[0].articles[0].title, "quantity": 1}]
    return Mail(mail.envelope(writer, name, address, subject, elements), [notice])


def _support(writer: Writer, means: str) -> Mail:
    says = writer.book.support
    elements = _paragraphs(writer.say(says.replies[means]))
    sender = f"{writer.rng.choice(says.senders)}@{writer.story.site.host}"
    name, subject = writer.say(says.names).text, writer.say(says.subjects).text
    notice = _notice(writer, "support_message") | {"reply_means": means}
    return Mail(mail.envelope(writer, name, sender, subject, elements), [notice])


def _claim(writer: Writer, outcome: str) -> Mail:
    says = writer.book.claim
    told = {"acknowledged": says.acknowledged, "granted": says.granted, "refused": says.refused}[outcome]
    elements = _paragraphs(writer.say(told.texts))
    sender = f"{writer.rng.choice(says.senders)}@{writer.story.site.host}"
    raw = mail.envelope(writer, writer.story.site.name, sender, writer.say(told.subjects).text, elements)
    means = _CLAIMS[outcome]
    return Mail(raw, [_notice(writer, "claim_update") | ({"reply_means": means} if means else {})])


def _other(writer: Writer, which: str) -> Mail:
    says = writer.book.noise[int(which)]
    elements = _paragraphs(_say(writer, says.texts))
    sender = f"{says.sender}@{writer.story.site.host}"
    subject = _say(writer, says.subjects, short=True).text
    return Mail(mail.envelope(writer, writer.story.site.name, sender, subject, elements), [])
