"""What an ``Order``, a ``ParcelDelivery`` or an ``Invoice`` of schema.org says, as plain facts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, tzinfo
from decimal import Decimal
from typing import NamedTuple

from parsers import links, tracking
from parsers.notice import Item, Kind
from parsers.shops import values, vocabulary
from parsers.shops.thing import Thing, Value
from parsers.shops.values import Price

MAX_ITEMS = 100
"""Lines of an order that are read."""
MAX_PARCELS = 20
_LONGEST_NUMBER = 64
_TOTAL = ("price", "totalprice", "total", "totalpaymentdue", "pricespecification")
_TITLE = ("name", "title", "description")


class Shop(NamedTuple):
    """Who sells, as far as the markup says."""

    name: str = ""
    seller: str = ""
    """The seller behind a shop that sells for others."""
    urls: tuple[str, ...] = ()
    mails: tuple[str, ...] = ()


class Parcel(NamedTuple):
    """One parcel. Days are the calendar days that the shop wrote."""

    kind: Kind | None
    order: str | None
    numbers: tuple[str, ...]
    carrier: str | None
    promised_from: date | None
    promised_to: date | None
    collect_until: date | None
    items: tuple[Item, ...]
    shop: Shop


class Purchase(NamedTuple):
    """One order, or the invoice of one."""

    kind: Kind | None
    order: str | None
    items: tuple[Item, ...]
    total: Price | None
    parcels: tuple[Parcel, ...]
    shop: Shop


def of_order(order: Thing, zone: tzinfo | None) -> Purchase:
    """Return what an order says; ``zone`` is the one that the shop writes in."""
    total = values.price(order.values(*_TOTAL), values.said_currency(order))
    if total is None:
        total = next((one for bill in order.things("partofinvoice") if (one := _due(bill))), None)
    number, shop = order_number(order), _shop(order)
    parcels = [_parcel(one, number, shop, zone) for one in order.things("orderdelivery", "delivery")]
    statuses = [*order.values("orderstatus", "status")]
    return Purchase(
        kind=_kind(statuses), order=number, items=_items(order, total), total=total,
        parcels=tuple(parcels[:MAX_PARCELS]), shop=shop,
    )  # fmt: skip


def of_invoice(invoice: Thing, zone: tzinfo | None) -> Iterator[Purchase]:
    """Yield what an invoice says of each order that it names; one that names none is no shop's."""
    orders = [of_order(one, zone) for one in invoice.things("referencesorder", "order")]
    paid = [kind for one in invoice.values("paymentstatus") if (kind := vocabulary.of_payment(_text(one)))]
    kind = paid[0] if paid else Kind.INVOICED
    # The sum of an invoice over several orders is no order's.
    total = _due(invoice) if len(orders) == 1 else None
    for order in orders:
        shop = joined(_shop(invoice), order.shop)
        yield order._replace(kind=kind, total=total or order.total, shop=shop, parcels=())


def of_parcel(parcel: Thing, zone: tzinfo | None) -> tuple[Parcel, tuple[Purchase, ...]]:
    """Return what a parcel says, and what it says of the orders that it is a part of."""
    orders = tuple(of_order(one, zone) for one in parcel.things("partoforder", "order"))
    shop = joined(_seller_of(parcel), orders[0].shop if orders else Shop())
    return _parcel(parcel, orders[0].order if orders else None, shop, zone), orders


def order_number(order: Thing) -> str | None:
    """Return an order's number as it is printed, None for what cannot be one."""
    for value in order.values("ordernumber", "confirmationnumber", "orderid", "identifier"):
        text = _text(value) if isinstance(value, str) else value.words("value")
        possible = any(sign.isalnum() for sign in text) and "://" not in text and "@" not in text
        if possible and len(text) <= _LONGEST_NUMBER and not vocabulary.is_blank(text):
            return text
    return None


def _text(value: Value) -> str:
    return value if isinstance(value, str) else value.words("name", "value")


def _due(invoice: Thing) -> Price | None:
    return values.price(invoice.values("totalpaymentdue", "totalprice", "total"), values.said_currency(invoice))


def _kind(statuses: Iterable[Value]) -> Kind | None:
    """Return the first status that is known; a thing may hold it as its name or status (``DeliveryEvent``)."""
    for value in statuses:
        texts = (
            [value] if isinstance(value, str) else [_text(one) for one in value.values("name", "status", "eventstatus")]
        )
        for text in texts:
            if kind := vocabulary.of_status(text):
                return kind
    return None


def _parcel(parcel: Thing, order: str | None, shop: Shop, zone: tzinfo | None) -> Parcel:
    first = _day(parcel, ("expectedarrivalfrom",), zone)
    last = _day(parcel, ("expectedarrivaluntil", "expectedarrival"), zone)
    # The earliest day alone promises nothing, and a span that ends before it begins cannot be right.
    promised = (first or last, last) if last and (first is None or first <= last) else (None, None)
    statuses = [*parcel.values("deliverystatus", "hasdeliverystatus", "status")]
    events = [*parcel.things("deliverystatus", "hasdeliverystatus")]
    until = [day for event in events if (day := _day(event, ("availablethrough",), zone))]
    return Parcel(
        kind=_kind(statuses), order=order, numbers=_numbers(parcel),
        carrier=_carrier(parcel), promised_from=promised[0], promised_to=promised[1],
        collect_until=until[0] if until else None, items=_shipped(parcel), shop=shop,
    )  # fmt: skip


def _carrier(parcel: Thing) -> str | None:
    name = parcel.words("carrier", "provider")
    return None if vocabulary.is_blank(name) or "://" in name else name


def _day(thing: Thing, names: Sequence[str], zone: tzinfo | None) -> date | None:
    texts = [value for value in thing.values(*names) if isinstance(value, str)]
    return next((found for text in texts if (found := values.day(text, zone))), None)


def _numbers(parcel: Thing) -> tuple[str, ...]:
    """Return the parcel's numbers; those in the address of its page only where none is written."""
    said = [tracking.squeeze(one) for one in parcel.values("trackingnumber") if isinstance(one, str)]
    good = [number for number in said if tracking.plausible(number)]
    if not good:
        pages = [links.target(one) for one in parcel.values("trackingurl") if isinstance(one, str)]
        good = [number for page in pages if page for number in links.parcel_numbers(page) if tracking.plausible(number)]
    return tuple(dict.fromkeys(good))[:MAX_PARCELS]


def _items(order: Thing, total: Price | None) -> tuple[Item, ...]:
    """Return the lines of an order: its offers, else its items."""
    lines = [line for offer in order.things("acceptedoffer") for line in _offered(offer)]
    lines = lines or [line for one in order.things("ordereditem") for line in _ordered(one)]
    return _of_unit(tuple(lines[:MAX_ITEMS]), total.amount if total else None)


def _of_unit(lines: tuple[Item, ...], total: Decimal | None) -> tuple[Item, ...]:
    """Return the lines with the price of one unit each.

    Some shops write the price of the line. That shows when units at such prices would cost more than the order.
    """
    sums = [(line.price, line.price * line.quantity) for line in lines if line.price is not None]
    if total is None or sum(whole for _, whole in sums) <= total or sum(price for price, _ in sums) > total:
        return lines
    return tuple(
        line if line.price is None else line.model_copy(update={"price": _share(line.price, line.quantity)})
        for line in lines
    )


def _share(price: Decimal, quantity: int) -> Decimal | None:
    share = (price / quantity).quantize(Decimal("0.01"))
    return share if share * quantity == price else None


def _offered(offer: Thing) -> Iterator[Item]:
    price = values.price(offer.values("price", "pricespecification"))
    quantity = values.quantity(offer.values("eligiblequantity", "quantity"))
    goods = [title for one in offer.values("itemoffered") if (title := _title(one))]
    # Several things for one price: what each costs is not said.
    for title in goods or [_title(offer)]:
        if title:
            yield Item(title=title, quantity=quantity, price=price.amount if price and len(goods) <= 1 else None)


def _ordered(item: Thing) -> Iterator[Item]:
    """Yield the line of an ``OrderItem``, or of goods that stand in its place."""
    inner = [title for one in item.values("ordereditem") if (title := _title(one))]
    price = values.price(item.values("price", "pricespecification", "offers"))
    if price is None:
        price = values.price(value for one in item.things("ordereditem") for value in one.values("price", "offers"))
    quantity = values.quantity(item.values("orderquantity", "quantity"))
    if title := inner[0] if inner else _title(item):
        yield Item(title=title, quantity=quantity, price=price.amount if price else None)


def _shipped(parcel: Thing) -> tuple[Item, ...]:
    goods = [(_title(one), one) for one in parcel.values("itemshipped")]
    lines = [
        Item(
            title=title,
            quantity=1 if isinstance(one, str) else values.quantity(one.values("quantity", "orderquantity")),
        )
        for title, one in goods
        if title
    ]
    return tuple(lines[:MAX_ITEMS])


def _title(value: Value) -> str:
    """Return the name of goods; an address or a blank is none."""
    text = value if isinstance(value, str) else value.words(*_TITLE) or value.words("itemoffered")
    return "" if vocabulary.is_blank(text) or "://" in text else text


def _shop(order: Thing) -> Shop:
    who = [*order.values("merchant", "broker", "vendor", "provider")]
    sellers = [*order.values("seller")] or [
        one for offer in order.things("acceptedoffer") for one in offer.values("seller")
    ]
    names = [name for one in who if (name := _title(one))]
    sold = [name for one in sellers if (name := _title(one))]
    name = names[0] if names else sold[0] if sold else ""
    things = [one for one in (*who, *sellers, order) if isinstance(one, Thing)]
    return Shop(
        name=name,
        seller=sold[0] if names and sold and sold[0] != name else "",
        urls=tuple(url for one in things for url in one.values("url", "sameas") if isinstance(url, str)),
        mails=tuple(mail.lower() for one in things for mail in _mails(one)),
    )


def _mails(who: Thing) -> Iterator[str]:
    for one in (who, *who.things("contactpoint", "customerservice")):
        yield from (
            mail.removeprefix("mailto:") for mail in one.values("email") if isinstance(mail, str) and "@" in mail
        )


def _seller_of(parcel: Thing) -> Shop:
    """Return who a parcel says sold it; its provider is its carrier."""
    return _shop(Thing(parcel.types, {name: one for name, one in parcel.props.items() if name != "provider"}))


def joined(one: Shop, other: Shop) -> Shop:
    """Return one shop as it is described in two places."""
    return Shop(one.name or other.name, one.seller or other.seller, one.urls + other.urls, one.mails + other.mails)
