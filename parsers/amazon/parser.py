"""Amazon's mails: letter in, notices out, one for each order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from parsers import links, text
from parsers.amazon import body, facts, items, kinds, messages, parcels
from parsers.amazon import lexicon as languages
from parsers.amazon import site as sites
from parsers.amazon.body import Context, Section
from parsers.amazon.site import Site
from parsers.letter import Letter
from parsers.links import Target
from parsers.notice import Item, Kind, Notice, ReplyMeaning
from parsers.text import Line
from parsers.wording import Plain

_FALLBACK = "amazon.com"
_CUT = re.compile(r"(?:\.\.\.|…)$")
_PROMISING = frozenset((Kind.CONFIRMED, Kind.SHIPPED, Kind.OUT_FOR_DELIVERY, Kind.DELAYED, Kind.ATTEMPTED))
_FETCHED = frozenset((Kind.PICKUP_READY, Kind.ATTEMPTED))
_REFUNDING = frozenset((Kind.REFUNDED, Kind.SUPPORT_MESSAGE, Kind.CANCELLED))
_MESSAGES = frozenset((Kind.SELLER_MESSAGE, Kind.SUPPORT_MESSAGE))
_WITHOUT_TOTAL = _MESSAGES | {Kind.REFUNDED, Kind.RETURNED, Kind.OTHER, Kind.CLAIM_UPDATE}
_OVERRULED = {
    Kind.REFUNDED: frozenset((Kind.OTHER,)),
    Kind.CANCELLED: frozenset((Kind.OTHER,)),
    Kind.ATTEMPTED: frozenset((Kind.REFUNDED, Kind.CANCELLED)),
    Kind.DELIVERED: frozenset((Kind.PICKUP_READY,)),
}
"""What a subject states, and which headlines know better: what was asked for was not done, what failed is over, or
what arrived did so at a shop."""


@dataclass(frozen=True)
class _Mail:
    """A letter in the making: its lines and how they are read."""

    letter: Letter
    lines: Sequence[Line]
    context: Context

    @cached_property
    def targets(self) -> list[Target]:
        """Return where the mail's links lead; found out only when something asks."""
        return _targets(self.lines)

    @cached_property
    def plain(self) -> Plain:
        """Return the lines as one folded text."""
        return Plain(self.lines)


def claims(letter: Letter) -> bool:
    """Tell whether Amazon, or a seller through Amazon's relay, wrote the letter.

    A forward may have lost the address of its sender ("De : Amazon.fr"); its name is believed then, because the owner,
    who forwarded it, read it.
    """
    if letter.sender:
        return sites.of_address(letter.sender) is not None
    return letter.forwarded and sites.is_amazon(letter.sender_name)


def read(letter: Letter) -> list[Notice]:
    """Return what the letter says, one notice an order; nothing when it is not Amazon's or tells nothing.

    The text part counts, and the HTML where it adds something; the HTML alone where the text only points to it.
    """
    if not claims(letter):
        return []
    plain = text.from_plain(letter.text) if letter.text.strip() else []
    if plain and _points_to_html(letter):
        notices = _read(letter, text.from_html(letter.html))
        return _merge(notices, _read(letter, plain)) if _wanting(notices) else notices
    # A mail without a body may still tell by its subject.
    notices = _read(letter, plain) if plain or not letter.html.strip() else []
    if letter.html and _wanting(notices):
        notices = _merge(notices, _read(letter, text.from_html(letter.html)))
    return notices


def understood(letter: Letter, notices: Sequence[Notice]) -> bool:
    """Tell whether the letter's meaning is known: it gave notices, or is known to say nothing of an order."""
    if notices or sites.is_noise(letter.sender):
        return True
    lines = text.from_plain(letter.text) or text.from_html(letter.html)
    site = _site(letter, lines)
    lexicon = languages.of_text(kinds.skeleton(letter.subject), lines, site.languages)
    subject = kinds.Subject(letter.subject)
    return any(kinds.is_noise(subject, each) for each in languages.near(lexicon, site.languages))


def _points_to_html(letter: Letter) -> bool:
    """Tell whether the text part is but a few words beside the HTML; people's own messages are short, and whole."""
    people = sites.is_relay(letter.sender) or sites.is_support(letter.sender)
    return not people and bool(letter.html.strip()) and text.is_stub(letter.text)


def _wanting(notices: Sequence[Notice]) -> bool:
    """Tell whether the HTML can add something: text parts lack titles' ends and the decimal signs of prices."""
    return not notices or any(
        notice.order_id is None or any(_CUT.search(item.title) for item in notice.items) for notice in notices
    )


def _targets(lines: Sequence[Line]) -> list[Target]:
    return [link for line in lines for url in line.urls if (link := links.target(url)) is not None]


def _site(letter: Letter, lines: Sequence[Line]) -> Site:
    """Return the marketplace: the sender's, but amazon.com also writes for others, whose links then tell."""
    site = sites.of_address(letter.sender)
    if site is None or site.host == _FALLBACK:
        site = sites.of_links(_targets(lines)) or site
    return site or sites.sites()[_FALLBACK]


def _read(letter: Letter, lines: Sequence[Line]) -> list[Notice]:
    site = _site(letter, lines)
    lexicon = languages.of_text(kinds.skeleton(letter.subject), lines, site.languages)
    lines = body.unwrapped(lines, lexicon)
    mail = _Mail(letter, lines, Context(lexicon, site, letter.date.astimezone(site.zone).date()))
    kind = _kind(mail)
    return [] if kind is None else _notices(mail, kind)


def _kind(mail: _Mail) -> Kind | None:
    """Return what the mail tells. A subject known as noise is believed: requests for reviews hold every headline."""
    sender, lexicon = mail.letter.sender, mail.context.lexicon
    if sites.is_relay(sender):
        return Kind.SELLER_MESSAGE
    if sites.is_support(sender):
        return Kind.SUPPORT_MESSAGE
    if sites.is_noise(sender):
        return None
    subject = kinds.Subject(mail.letter.subject)
    found = kinds.of_subject(subject, lexicon)
    if found is None and (not kinds.is_noise(subject, lexicon) or _bills(mail)):
        found = kinds.of_body(subject, mail.lines, mail.plain, lexicon)
    # "Your cancellation request" names what was asked for; only the headline tells that it was not done.
    if found in _OVERRULED:
        told = kinds.of_headline(mail.lines, mail.plain, lexicon)
        return told if told in _OVERRULED[found] else found
    return found


def _bills(mail: _Mail) -> bool:
    """Tell whether a mail names an order and its total: no request for a review does, nor an advertisement."""
    rows = body.rows(mail.lines, mail.plain, mail.context)
    return any(row.ids for row in rows) and facts.total(rows, mail.context) is not None


def _notices(mail: _Mail, kind: Kind) -> list[Notice]:
    rows = body.rows(mail.lines, mail.plain, mail.context)
    sections = body.sections(rows)
    common = _common(mail, kind, rows)
    if len(sections) > 1:
        return [_notice(mail, kind, section, common) for section in sections]
    section = sections[0]
    numbers: list[str | None] = [section.order_id] if section.order_id else [*_hidden_numbers(mail)]
    return [_notice(mail, kind, Section(number, section.rows), common) for number in numbers or [None]]


def _hidden_numbers(mail: _Mail) -> list[str]:
    """Return the orders of a mail that prints no number: those of its subject, else of its links."""
    said = list(dict.fromkeys(links.ORDER_ID.findall(text.clean(mail.letter.subject))))
    if said:
        return said
    below = list(dict.fromkeys(number for line in mail.lines for number in links.ORDER_ID.findall(line.text)))
    return below if len(below) == 1 else links.order_ids(mail.targets)


def _common(mail: _Mail, kind: Kind, rows: list[body.Row]) -> dict[str, Any]:
    """Return what holds for every order of the mail."""
    letter, context = mail.letter, mail.context
    carrier, numbers = parcels.parcel(rows, context)
    if not numbers and kind not in _MESSAGES:
        linked, numbers = parcels.linked_parcel(url for line in mail.lines for url in line.urls)
        carrier = carrier or linked
    out: dict[str, Any] = {
        "kind": kind,
        "source": letter.mail_id,
        "at": letter.date,
        "trust": letter.trust,
        "message_id": letter.message_id or None,
        "subject": letter.subject or None,
        "retailer": "Amazon",
        "marketplace": context.site.host,
        "carrier": carrier,
        "tracking_numbers": numbers,
    }
    if kind is Kind.DELIVERED:
        out["delivered_to"] = facts.place(rows, context)
    if kind in _FETCHED:
        out["pickup_deadline"] = facts.deadline(rows, context)
    if kind in _MESSAGES:
        out |= _message(mail, kind)
    if kind is Kind.CLAIM_UPDATE:
        subject = kinds.Subject(letter.subject).line
        out["reply_means"] = messages.decision([subject, *(row.line for row in rows)], context.lexicon)
    return out


def _message(mail: _Mail, kind: Kind) -> dict[str, Any]:
    letter, lexicon, likely = mail.letter, mail.context.lexicon, mail.context.site.languages
    near = languages.near(lexicon, likely)
    words = messages.own_words(mail.lines, near)
    # Sellers often write in another language than Amazon's words around theirs.
    own = languages.of_text("", words, (lexicon.language,))
    out: dict[str, Any] = {
        "reply_means": messages.meaning(words, near if own in near else (own, *near)),
        "reply_to": letter.sender or None,
    }
    if kind is Kind.SELLER_MESSAGE:
        out["seller"] = messages.seller(letter.sender_name, lexicon)
    return out


def _notice(mail: _Mail, kind: Kind, section: Section, common: dict[str, Any]) -> Notice:
    rows, context = section.rows, mail.context
    found = _items(mail, kind, rows)
    fields: dict[str, Any] = {**common, "order_id": section.order_id, "items": found}
    total = None if kind in _WITHOUT_TOTAL else facts.total(rows, context)
    refunding = kind in _REFUNDING or (kind is Kind.CLAIM_UPDATE and common["reply_means"] is ReplyMeaning.ACCEPTED)
    refund = facts.refund(rows, mail.letter.subject, context) if refunding else None
    amount = total or refund
    if amount or any(item.price is not None for item in found):
        fields["currency"] = amount.currency if amount else _currency(rows, context)
    fields["total"] = total.amount if total else None
    fields["refund_amount"] = refund.amount if refund else None
    if refunding or kind is Kind.RETURNED:
        fields["refund_method"] = facts.refund_method(rows)
        fields["refund_expected"] = facts.refund_expected(rows, context)
    if kind in _PROMISING:
        span = facts.promised(rows, context, _stamp(mail))
        if span is None and kind is Kind.OUT_FOR_DELIVERY:
            span = facts.said_today([mail.letter.subject, *(row.line.text for row in rows if row.line.plain)], context)
        fields |= {"promised_from": span.first, "promised_to": span.last} if span else {}
    if kind not in _MESSAGES:
        fields |= {k: v for k, v in facts.sellers(rows)._asdict().items() if v is not None}
    return Notice(**fields)


def _stamp(mail: _Mail) -> str | None:
    """Return the day that a link states as a time stamp; few mails have one, so the links are not read for nothing."""
    urls = (url for line in mail.lines for url in line.urls)
    return links.arrival(mail.targets) if any("latestArrivalDate" in url for url in urls) else None


def _currency(rows: Sequence[body.Row], context: Context) -> str:
    return next((row.money.currency for row in rows if row.money is not None), context.site.currency)


def _items(mail: _Mail, kind: Kind, rows: list[body.Row]) -> tuple[Item, ...]:
    if kind is Kind.CLAIM_UPDATE:
        return ()
    if kind in _MESSAGES:
        return items.listed(rows, mail.context)
    found = items.read(rows, mail.context)
    title = None if found else kinds.title_in_subject(mail.letter.subject)
    return (Item(title=title),) if title else found


def _merge(first: list[Notice], second: list[Notice]) -> list[Notice]:
    """Complete the notices of the text with those of the HTML; the same orders, and no new ones when there are any."""
    if not first or not second:
        return first or second
    by_order = {notice.order_id: notice for notice in second}
    alone = second[0] if len(first) == len(second) == 1 else None
    return [_complete(notice, by_order.get(notice.order_id) or alone) for notice in first]


def _complete(notice: Notice, other: Notice | None) -> Notice:
    if other is None:
        return notice
    empty = (None, ())
    names = [name for name in Notice.model_fields if getattr(notice, name) in empty]
    update: dict[str, Any] = {name: getattr(other, name) for name in names if getattr(other, name) not in empty}
    if notice.items and len(other.items) == len(notice.items):
        update["items"] = tuple(_longer(a, b) for a, b in zip(notice.items, other.items, strict=True))
    return notice.model_copy(update=update)


def _longer(mine: Item, other: Item) -> Item:
    """Return one article of both readings: the title that is whole, and the HTML's price, whose decimals are sure."""
    title = other.title if _CUT.search(mine.title) and not _CUT.search(other.title) else mine.title
    price = other.price if _CUT.search(mine.title) and other.price is not None else mine.price
    return Item(title=title, quantity=mine.quantity, price=price)
