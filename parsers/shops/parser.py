"""Letters with schema.org markup, whoever wrote them: each order that the markup describes gives a notice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from parsers.letter import Letter
from parsers.notice import Kind, Notice
from parsers.shops import facts, jsonld, microdata, vocabulary
from parsers.shops.drawing import drawn
from parsers.shops.facts import Parcel, Purchase, Shop
from parsers.shops.thing import named
from parsers.text import MAX_HTML

MAX_NOTICES = 20
"""Most notices drawn from one letter."""
_ABOUT = frozenset({"order", "parceldelivery", "invoice"})


class _Said(NamedTuple):
    """What the markup says, sorted: purchases by number, and parcels of whatever purchase."""

    purchases: dict[str, list[Purchase]]
    parcels: list[Parcel]


def completed(letter: Letter, notices: Sequence[Notice]) -> list[Notice]:
    """Return what the markup of a letter says when nothing was read yet; else the notices, with what they lack."""
    marked = _read(letter)
    return [_filled(one, notices, marked) for one in notices] if notices else marked


def _read(letter: Letter) -> list[Notice]:
    said = _said(letter)
    found: list[Notice | None] = []
    for number, purchases in said.purchases.items():
        purchase = _merged(purchases)
        found += _of_purchase(letter, purchase, [*purchase.parcels, *(p for p in said.parcels if p.order == number)])
    found += [drawn(letter, parcel.shop, _kind(letter, parcel, None), [parcel]) for parcel in _loose(said)]
    return [one for one in found if one is not None][:MAX_NOTICES]


def _said(letter: Letter) -> _Said:
    html, zone = letter.html[:MAX_HTML], letter.date.tzinfo
    said = _Said({}, [])
    for thing in named([*jsonld.things(html), *microdata.things(html)], _ABOUT):
        orders: Iterable[Purchase] = ()
        if "parceldelivery" in thing.types:
            parcel, orders = facts.of_parcel(thing, zone)
            said.parcels.append(parcel)
        elif "invoice" in thing.types:
            orders = facts.of_invoice(thing, zone)
        else:
            orders = (facts.of_order(thing, zone),)
        for order in orders:
            if order.order:
                said.purchases.setdefault(order.order, []).append(order)
            else:
                said.parcels.extend(order.parcels)
    return said


def _loose(said: _Said) -> list[Parcel]:
    """Return the parcels with a number that belong to no purchase named here, each once."""
    taken = {n for many in said.purchases.values() for one in many for parcel in one.parcels for n in parcel.numbers}
    taken |= {number for parcel in said.parcels if parcel.order for number in parcel.numbers}
    loose: dict[tuple[str, ...], Parcel] = {}
    for parcel in said.parcels:
        if parcel.order is None and parcel.numbers and not taken & set(parcel.numbers):
            loose.setdefault(parcel.numbers, parcel)
    return list(loose.values())


def _merged(purchases: Sequence[Purchase]) -> Purchase:
    """Return what is said of one order here and there in a letter (in JSON-LD and again in microdata) as one."""
    first, *others = purchases
    for one in others:
        first = Purchase(
            kind=first.kind or one.kind,
            order=first.order,
            items=first.items or one.items,
            total=first.total or one.total,
            parcels=first.parcels or one.parcels,
            shop=facts.joined(first.shop, one.shop),
        )
    return first


def _of_purchase(letter: Letter, purchase: Purchase, parcels: Sequence[Parcel]) -> list[Notice | None]:
    """Return one notice, or one for each thing that happened to parcels of the order."""
    by_kind: dict[Kind, list[Parcel]] = {}
    for parcel in {one._replace(shop=Shop()): one for one in parcels}.values():
        by_kind.setdefault(_kind(letter, parcel, purchase), []).append(parcel)
    if not by_kind:
        by_kind[purchase.kind or vocabulary.of_subject(letter.subject) or Kind.CONFIRMED] = []
    return [drawn(letter, purchase.shop, kind, some, purchase, len(by_kind) == 1) for kind, some in by_kind.items()]


def _kind(letter: Letter, parcel: Parcel, purchase: Purchase | None) -> Kind:
    """Return what happened to a parcel: its own status, its order's, what the subject says, else that it left.

    Many shops leave an order's status at "processing" in whatever they write: with a parcel's number it says nothing.
    """
    said = parcel.kind or (purchase.kind if purchase else None)
    if parcel.kind is None and said is Kind.CONFIRMED and parcel.numbers:
        said = None
    if said is None:
        said = vocabulary.of_subject(letter.subject)
    return said or (Kind.SHIPPED if parcel.numbers else Kind.CONFIRMED)


def _filled(notice: Notice, notices: Sequence[Notice], marked: Sequence[Notice]) -> Notice:
    """Return a notice with those fields that it lacks and that the markup has of the same order."""
    same = [one for one in marked if one.order_id == notice.order_id and one.order_id]
    if not same and len(notices) == len(marked) == 1 and None in (notice.order_id, marked[0].order_id):
        same = list(marked)
    if not same:
        return notice
    more: dict[str, Any] = {}
    for name in ("items", "tracking_numbers", "carrier", "pickup_deadline"):
        if not getattr(notice, name) and getattr(same[0], name):
            more[name] = getattr(same[0], name)
    for pair in (("promised_from", "promised_to"), ("total", "currency")):
        if all(getattr(notice, name) is None for name in pair):
            more |= {name: getattr(same[0], name) for name in pair}
    return notice.model_copy(update=more) if more else notice
