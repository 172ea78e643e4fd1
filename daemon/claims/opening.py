"""Which claims are to be opened or taken up again: one for each confirmed trouble and party."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from daemon.anomalies.anomaly import Anomaly, Certainty, Code
from daemon.claims import settle
from daemon.claims.claim import Claim, Outcome, Stage
from daemon.claims.context import Context
from daemon.claims.match import first_sent_at, owner_words, same_parcel, sent_draft
from daemon.claims.reference import reference
from daemon.claims.route import Route, route
from daemon.orders.belief import believing
from daemon.orders.order import Order
from daemon.rules import Rules


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
    for anomaly in _to_write_about(order, anomalies):
        if _is_stale(anomaly, order, now, context):
            continue
        for way in route(order, anomaly, rules).routes:
            if _is_pursued(_last(anomaly, way, claims), order, anomaly, anomalies):
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
    newest = settle.newest(anomaly, order)
    cancelled = believing(order).cancelled_at
    ended = (order.credited_at, cancelled, settle.refund_announced(order, newest))
    if any(moment is not None and moment >= newest for moment in ended):
        return True
    late = anomaly.code == Code.DELIVERY_LATE
    return late and settle.contested_delivery(anomaly.parcel, anomalies) is not None


def resumed(order: Order, anomalies: Sequence[Anomaly], claims: Sequence[Claim], rules: Rules) -> list[Claim]:
    """Return closed claims whose end turned out to be none, as they are when they are open again.

    The owner took back "found" or "credited", or says again that nothing came, and what they had written still stands
    with the other party. Where nothing had been written, or the withdrawal was sent, a new claim is opened instead.
    """
    back = [claim for claim in claims if claim.closed_at is not None and _waits_again(claim, order)]
    for anomaly in _to_write_about(order, anomalies):
        for way in route(order, anomaly, rules).routes:
            last = _last(anomaly, way, claims)
            if last is not None and _can_resume(last, order, anomaly, anomalies):
                back.append(last)
    return [_as_open(claim) for claim in {claim.ref: claim for claim in back}.values()]


def _to_write_about(order: Order, anomalies: Sequence[Anomaly]) -> list[Anomaly]:
    sure = [one for one in anomalies if one.certainty == Certainty.CONFIRMED]
    return [one for one in sure if not _settled_before(order, one, anomalies)]


def _is_stale(anomaly: Anomaly, order: Order, now: datetime, context: Context) -> bool:
    told = any(one.source in anomaly.evidence for one in owner_words(order))
    return not told and now - anomaly.since > context.fresh_within


def _last(anomaly: Anomaly, way: Route, claims: Sequence[Claim]) -> Claim | None:
    """The claim about a trouble with a party: the open one, else the one that was closed last."""
    mine = [
        claim
        for claim in claims
        if (claim.code, claim.party) == (anomaly.code.value, way.party) and same_parcel(claim.parcel, anomaly.parcel)
    ]
    return max(mine, key=_order, default=None)


def _order(claim: Claim) -> tuple[bool, datetime, datetime, int]:
    """Later claims about the same have longer numbers, which tells apart those of one moment."""
    return (claim.closed_at is None, claim.closed_at or claim.opened_at, claim.opened_at, len(claim.ref))


def _is_pursued(last: Claim | None, order: Order, anomaly: Anomaly, anomalies: Sequence[Anomaly]) -> bool:
    """A claim is on its way or taken up again, or the owner dropped it and has not spoken since."""
    if last is None:
        return False
    return (
        last.closed_at is None or _stays_dropped(last, order, anomaly) or _can_resume(last, order, anomaly, anomalies)
    )


def _can_resume(last: Claim, order: Order, anomaly: Anomaly, anomalies: Sequence[Anomaly]) -> bool:
    if last.closed_at is None or first_sent_at(last) is None or sent_draft(last, Stage.WITHDRAWAL) is not None:
        return False
    over = settle.outcome(_as_open(last), order, anomalies, ())
    return over is None and not _stays_dropped(last, order, anomaly)


def _stays_dropped(last: Claim, order: Order, anomaly: Anomaly) -> bool:
    """The owner dismissed the claim and has not reported the trouble since; mails alone do not bring it back."""
    words = [one for one in owner_words(order) if one.source in anomaly.evidence]
    again = any(last.closed_at is not None and one.at > last.closed_at for one in words)
    return last.outcome == Outcome.DISMISSED and not again


def _waits_again(claim: Claim, order: Order) -> bool:
    """The owner took back that the money came: the refund that was announced is still to be seen."""
    return claim.outcome == Outcome.REFUNDED and claim.refund_announced_at is not None and order.credited_at is None


def _as_open(claim: Claim) -> Claim:
    return claim.model_copy(update={"closed_at": None, "outcome": None})
