"""From facts to notices: whose order it is, what happened to it, and until when it was promised."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from parsers.amazon import site
from parsers.carriers import data as carriers
from parsers.letter import Letter
from parsers.links import ORDER_ID
from parsers.notice import Item, Kind, Notice
from parsers.shops import vocabulary
from parsers.shops.facts import Parcel, Purchase, Shop
from parsers.text import fold

_PROMISING = frozenset(
    {Kind.CONFIRMED, Kind.SHIPPED, Kind.OUT_FOR_DELIVERY, Kind.DELAYED, Kind.ATTEMPTED, Kind.ANNOUNCED}
)
_WAITING = frozenset({Kind.PICKUP_READY, Kind.ATTEMPTED})
_BEFORE, _AHEAD = timedelta(days=90), timedelta(days=400)
_LONGEST_NAME = 80


def drawn(
    letter: Letter,
    shop: Shop,
    kind: Kind,
    parcels: Sequence[Parcel],
    purchase: Purchase | None = None,
    alone: bool = True,
) -> Notice | None:
    """Return a notice of one kind, None when it would say nothing of an order or a parcel, or not whose it is.

    ``alone``: the letter says nothing else of this order, so that items without a parcel belong to these parcels.
    """
    whose = _whose(letter, shop, purchase.order if purchase else None)
    numbers = tuple(dict.fromkeys(number for parcel in parcels for number in parcel.numbers))
    if whose is None or not (whose["order_id"] or numbers):
        return None
    total = purchase.total if purchase else None
    return Notice(
        kind=kind,
        source=letter.mail_id,
        at=letter.date,
        trust=letter.trust,
        message_id=letter.message_id or None,
        subject=letter.subject or None,
        seller=shop.seller[:_LONGEST_NAME] or None,
        items=_items(parcels, purchase.items if purchase else (), alone),
        total=total.amount if total else None,
        currency=total.currency if total else None,
        tracking_numbers=numbers,
        carrier=_carrier(letter, parcels),
        **_days(letter, kind, parcels),
        **whose,
    )


def _items(parcels: Sequence[Parcel], ordered: Sequence[Item], alone: bool) -> tuple[Item, ...]:
    """Return what is in the parcels, at the order's prices; all of the order where the parcels do not say."""
    shipped = list(dict.fromkeys(item for parcel in parcels for item in parcel.items))
    if not shipped:
        return tuple(ordered) if alone else ()
    known = {item.title: item.price for item in ordered}
    return tuple(
        item if item.price is not None else item.model_copy(update={"price": known.get(item.title)}) for item in shipped
    )


def _days(letter: Letter, kind: Kind, parcels: Iterable[Parcel]) -> dict[str, Any]:
    """Return the promised days and the day until which a parcel waits; days far from the letter's are mistakes."""
    earliest, latest = (letter.date - _BEFORE).date(), (letter.date + _AHEAD).date()
    out: dict[str, Any] = {}
    stated = [(one.promised_from, one.promised_to) for one in parcels]
    spans = [(first, last) for first, last in stated if first and last and earliest <= first <= last <= latest]
    if kind in _PROMISING and spans:
        out |= {"promised_from": min(first for first, _ in spans), "promised_to": max(last for _, last in spans)}
    until = [parcel.collect_until for parcel in parcels if parcel.collect_until and parcel.collect_until <= latest]
    if kind in _WAITING and until:
        out["pickup_deadline"] = min(until)
    return out


def _carrier(letter: Letter, parcels: Iterable[Parcel]) -> str | None:
    """Return the carrier's name, a known one's as its own mails have it; else who wrote, if that is a carrier."""
    name = next((parcel.carrier for parcel in parcels if parcel.carrier), None)
    if name is None:
        wrote = carriers.of_address(letter.sender)
        return wrote.name if wrote else None
    known = {fold(one.name): one.name for one in carriers.carriers()}
    return known.get(fold(name), name[:_LONGEST_NAME])


def _whose(letter: Letter, shop: Shop, number: str | None) -> dict[str, Any] | None:
    """Return whose order it is. Nobody but Amazon is believed to sell for Amazon.

    A shop is known by the domain that wrote: markup cannot say that a mail is another shop's.
    """
    if (home := site.of_address(letter.sender)) is not None:
        order = number if number and ORDER_ID.fullmatch(number) else None
        return {"retailer": "Amazon", "marketplace": home.host, "order_id": order}
    if carriers.of_address(letter.sender) is not None:
        order = number if number and ORDER_ID.fullmatch(number) else None
        return {"retailer": _named(shop), "order_id": order}
    name = _named(shop) or _signed(letter)
    domain = _domain(letter, shop, name)
    if domain is None or (name and site.is_amazon(name)):
        return None
    return {
        "retailer": name or domain,
        "marketplace": domain,
        "order_id": number,
        "reply_to": _address(letter, shop, domain),
    }


def _named(shop: Shop) -> str | None:
    return None if vocabulary.is_blank(shop.name) or "://" in shop.name else shop.name[:_LONGEST_NAME]


def _signed(letter: Letter) -> str | None:
    """Return the name of the sender when it is that of a shop: "Tracking" or "Customer service" is not."""
    name = letter.sender_name[:_LONGEST_NAME].strip()
    domain = vocabulary.domain_of(letter.sender.rpartition("@")[2]) or ""
    label, plain = _letters(domain.partition(".")[0]), _letters(name)
    return name if plain and (vocabulary.is_platform(domain) or plain in label or label in plain) else None


def _letters(text: str) -> str:
    return "".join(sign for sign in fold(text) if sign.isalnum())


def _domain(letter: Letter, shop: Shop, name: str | None) -> str | None:
    """Return the domain by which a shop is known: its sender's, or what a platform that writes for many names."""
    own = vocabulary.domain_of(letter.sender.rpartition("@")[2])
    if own is None or not vocabulary.is_platform(own):
        return own
    hosts = [host for url in shop.urls if (host := _host(url))]
    stated = next((host for host in hosts if not vocabulary.is_platform(host)), None)
    if stated and site.of_address(f"@{stated}") is None:
        return stated
    plain = "-".join("".join(c if c.isascii() and c.isalnum() else " " for c in fold(name or "")).split())
    return f"{plain}.{own}" if plain else None


def _host(url: str) -> str | None:
    try:
        return vocabulary.domain_of(urlsplit(url).hostname or "")
    except ValueError:
        return None


def _address(letter: Letter, shop: Shop, domain: str) -> str | None:
    """Return the address at which somebody at the shop can be written to: one of its own domain that is read."""
    for address in (letter.reply_to, *shop.mails, letter.sender):
        at = vocabulary.domain_of(address.rpartition("@")[2])
        if at == domain and vocabulary.is_read(address):
            return address
    return None
