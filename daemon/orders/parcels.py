"""Parcels of an order, by tracking number; mails without one speak of the only parcel, or of the parcel ``""``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from daemon.orders.link import numbers
from daemon.orders.order import Joined, Parcel
from daemon.orders.timeline import first, latest
from parsers.notice import Kind, Notice

ON_THE_WAY = frozenset(
    {
        Kind.SHIPPED,
        Kind.OUT_FOR_DELIVERY,
        Kind.DELIVERED,
        Kind.ATTEMPTED,
        Kind.PICKUP_READY,
        Kind.ANNOUNCED,
        Kind.RETURNED,
    }
)


def keys(timeline: Iterable[Notice]) -> list[str]:
    """Return the tracking numbers that mails (not the owner) name, sorted."""
    return sorted({n for notice in timeline if notice.kind is not Kind.OWNER_REPORT for n in numbers(notice)})


def of_parcel(timeline: Sequence[Notice], key: str) -> list[Notice]:
    """Return the mails that speak of the parcel ``key``; those without a number speak of the only parcel."""
    known = keys(timeline)
    home = known[0] if len(known) == 1 else ""
    mails = [notice for notice in timeline if notice.kind is not Kind.OWNER_REPORT]
    return [notice for notice in mails if key in (numbers(notice) or {home})]


def parcels(timeline: Sequence[Notice]) -> tuple[Parcel, ...]:
    """Return the parcels, by key. ``timeline`` is arranged.

    Times are those of the first shipping notice and of the last delivery notice.
    """
    known = keys(timeline)
    out = [_parcel(key, of_parcel(timeline, key)) for key in known]
    unnumbered = of_parcel(timeline, "") if len(known) != 1 else []
    if any(notice.kind in ON_THE_WAY for notice in unnumbered):
        out.insert(0, _parcel("", unnumbered))
    return tuple(out)


def _parcel(key: str, mails: Sequence[Notice]) -> Parcel:
    return Parcel(
        key=key,
        carrier=latest(mails, lambda one: one.carrier),
        shipped_at=first(mails, lambda one: one.at if one.kind is Kind.SHIPPED else None),
        delivered_at=latest(mails, lambda one: one.at if one.kind is Kind.DELIVERED else None),
        delivered_to=latest(mails, lambda one: one.delivered_to if one.kind is Kind.DELIVERED else None),
        joined=_joined(mails),
    )


def _joined(mails: Iterable[Notice]) -> Joined | None:
    """Return by what the carrier's mails among these belong to the order: a number counts before a reference."""
    written = [one for one in mails if one.by_carrier]
    if not written:
        return None
    return Joined.NUMBER if any(one.order_id is None for one in written) else Joined.REFERENCE


def suspected(notices: Iterable[Notice]) -> tuple[Parcel, ...]:
    """Return the parcels that carriers' notices tell of which only seem to be an order's, by key.

    They are no part of the order: nothing that is wrong is ever concluded from them.
    """
    by_key: dict[str, list[Notice]] = {}
    for notice in sorted(notices, key=lambda one: (one.at, one.source)):
        for key in sorted(numbers(notice)) or [""]:
            by_key.setdefault(key, []).append(notice)
    found = (_parcel(key, mails) for key, mails in sorted(by_key.items()))
    return tuple(one.model_copy(update={"joined": Joined.SUSPECTED}) for one in found)
