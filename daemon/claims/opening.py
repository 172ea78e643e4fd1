"""Which claims are to be opened: one for each confirmed trouble and party, unless it is pursued already."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from daemon.anomalies.anomaly import Anomaly, Certainty, Code
from daemon.claims import settle
from daemon.claims.claim import Claim, Outcome
from daemon.claims.context import Context
from daemon.claims.match import owner_words, same_parcel
from daemon.claims.reference import reference
from daemon.claims.route import Route, route
from daemon.orders.order import Order
from daemon.rules import Rules

_COMES_BACK = frozenset({Outcome.GONE, Outcome.SUPERSEDED})


def opened(
    order: Order,
    anomalies: Sequence[Anomaly],
    claims: Sequence[Claim],
    now: datetime,
    rules: Rules,
    context: Context,
    taken: set[str],
) -> Iterator[Claim]:
    """Return the claims to open; their numbers are added to ``taken``."""
    for anomaly in anomalies:
        if anomaly.certainty != Certainty.CONFIRMED or _settled_before(order, anomaly, anomalies):
            continue
        for way in route(order, anomaly, rules).routes:
            if _is_pursued(order, anomaly, way, claims):
                continue
            parts = (context.owner.key, order.order_id, anomaly.code.value, anomaly.parcel, way.party)
            ref = reference(*parts, taken)
            taken.add(ref)
            yield Claim(
                ref=ref,
                order_id=order.order_id,
                code=anomaly.code.value,
                parcel=anomaly.parcel,
                party=way.party,
                recommended=way.recommended,
                why=way.why,
                opened_at=now,
            )


def _settled_before(order: Order, anomaly: Anomaly, anomalies: Sequence[Anomaly]) -> bool:
    """The trouble was settled after the newest mail it rests on, or another one tells it: there is nothing to write."""
    newest = max((one.at for one in order.timeline if one.source in anomaly.evidence), default=anomaly.since)
    ended = (order.credited_at, order.cancelled_at, settle.refund_announced(order, newest))
    if any(moment is not None and moment >= newest for moment in ended):
        return True
    late = anomaly.code == Code.DELIVERY_LATE
    return late and settle.contested_delivery(anomaly.parcel, anomalies) is not None


def _is_pursued(order: Order, anomaly: Anomaly, way: Route, claims: Sequence[Claim]) -> bool:
    """A claim is on its way, or was closed and nothing was said since that brings the trouble back."""
    mine = [
        claim
        for claim in claims
        if (claim.code, claim.party) == (anomaly.code.value, way.party) and same_parcel(claim.parcel, anomaly.parcel)
    ]
    closed = [claim for claim in mine if claim.closed_at is not None]
    if len(closed) < len(mine):
        return True
    if not closed:
        return False
    last = max(closed, key=lambda claim: claim.closed_at or claim.opened_at)
    return last.outcome not in _COMES_BACK and not _said_again(order, anomaly, last)


def _said_again(order: Order, anomaly: Anomaly, closed: Claim) -> bool:
    """The owner reported the trouble after the claim was closed; mails alone never reopen what was closed."""
    words = [one for one in owner_words(order) if one.source in anomaly.evidence]
    return any(closed.closed_at is not None and one.at > closed.closed_at for one in words)
