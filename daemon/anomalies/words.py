"""What the owner says of a delivery: the latest word counts, for each parcel."""

from __future__ import annotations

from daemon.orders.link import numbers
from daemon.orders.order import Order
from daemon.orders.parcels import keys
from parsers.letter import Value
from parsers.notice import Kind, NoteMeaning, Notice

_SETTLING = frozenset(
    {
        NoteMeaning.RECEIVED,
        NoteMeaning.FOUND,
        NoteMeaning.CREDITED,
        # Whatever is damaged, wrong or incomplete has come.
        NoteMeaning.DAMAGED,
        NoteMeaning.WRONG_ITEM,
        NoteMeaning.MISSING_ITEM,
    }
)


class Dispute(Value):
    """The owner says that something has not come, and has not taken it back."""

    parcel: str
    """``Parcel.key`` when there were several parcels and the owner named one, else ``""``."""
    words: tuple[Notice, ...]
    """What they said since they last said anything else, oldest first; at least one."""


def is_settling(notice: Notice) -> bool:
    """Whether a word of the owner's puts an end to a trouble of delivery."""
    return notice.kind is Kind.OWNER_REPORT and notice.note_means in _SETTLING


def settling(order: Order) -> list[Notice]:
    """Return the owner's words that put an end to a trouble of delivery, oldest first."""
    return [one for one in order.timeline if is_settling(one)]


def disputes(order: Order) -> list[Dispute]:
    """Return what the owner disputes, by parcel. One parcel is never in two disputes."""
    missing = [
        one for one in order.timeline if one.kind is Kind.OWNER_REPORT and one.note_means is NoteMeaning.NOT_RECEIVED
    ]
    found = [_of_scope(order, scope, missing) for scope in sorted({_scope(order, one) for one in missing})]
    return _apart([one for one in found if one.words])


def _of_scope(order: Order, scope: str, missing: list[Notice]) -> Dispute:
    settled = [one for one in settling(order) if _scope(order, one) in ("", scope)]
    places = {id(one): place for place, one in enumerate(order.timeline)}
    since = places[id(settled[-1])] if settled else -1
    words = [one for one in missing if _scope(order, one) == scope and places[id(one)] > since]
    return Dispute(parcel=scope, words=tuple(words))


def _scope(order: Order, word: Notice) -> str:
    """Return the parcel that a word is about. Mails sent later do not change it, so that a claim keeps its number."""
    named = numbers(word)
    known = keys(one for one in order.timeline if one.at <= word.at)
    return min(named) if len(named) == 1 and len(known) > 1 and named <= set(known) else ""


def _apart(found: list[Dispute]) -> list[Dispute]:
    """Return the order as a whole, or its parcels one by one: whichever the owner spoke of first."""
    whole = [one for one in found if not one.parcel]
    single = [one for one in found if one.parcel]
    if not whole or not single:
        return found
    return whole if whole[0].words[0].at <= min(one.words[0].at for one in single) else single
