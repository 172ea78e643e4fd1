"""Parcels of an order, by tracking number; mails without one speak of the only parcel, or of the parcel ``""``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from daemon.orders.link import numbers
from daemon.orders.order import Parcel
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
    )
