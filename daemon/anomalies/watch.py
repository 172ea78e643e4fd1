"""What is wrong with an order now, and when that can next change by the mere passing of time."""

from __future__ import annotations

from datetime import datetime

from daemon.anomalies.anomaly import Anomaly
from daemon.anomalies.delivery import confirming, told
from daemon.anomalies.doubt import variants, weighed
from daemon.anomalies.due import due
from daemon.anomalies.signs import moment, of_kind, settled
from daemon.anomalies.unasked import contradicted, late
from daemon.anomalies.words import disputes
from daemon.orders.order import Order
from daemon.rules import Rules
from parsers.letter import Value
from parsers.notice import Kind


class TooEarly(Value):
    """The owner misses a parcel that nobody promised for today: nothing is wrong yet."""

    until: datetime
    """When it is looked at again (aware, UTC)."""
    reason: str
    """Key of the explanation in ``templates/cli`` (``why.<reason>``)."""
    facts: dict[str, str]
    evidence: tuple[str, ...]


def find(order: Order, now: datetime, rules: Rules) -> list[Anomaly]:
    """Return what is wrong with an order at ``now`` (aware), by parcel. One parcel has one trouble at most.

    What the owner says goes before what mails show; mails in doubt neither confirm nor end anything. Waits are those of
    ``rules.waits``, days those of the order's zone.
    """
    found = weighed(order, lambda known: _shown(known, now, rules), rules)
    return sorted(found, key=lambda one: (one.parcel, one.code))


def _shown(order: Order, now: datetime, rules: Rules) -> list[Anomaly]:
    """Return what the notices show, whoever wrote them."""
    said = [one for dispute in disputes(order) if (one := told(order, dispute, rules))]
    doubts = contradicted(order, now, rules)
    if said:
        named = {one.parcel for one in said}
        return said + [one for one in doubts if one.parcel and "" not in named and one.parcel not in named]
    passed = late(order, now, rules)
    return [passed] if passed else doubts


def too_early(order: Order, now: datetime, rules: Rules) -> TooEarly | None:
    """Return until when to wait, when the owner misses a parcel that is not due yet; None in every other case."""
    limit = due(order, rules)
    for dispute in disputes(order):
        word = dispute.words[-1]
        over = of_kind(order, Kind.DELIVERED, Kind.RETURNED) or settled(order, word.at)
        if limit is None or now >= limit.tell_at or over or confirming(order, dispute, rules):
            continue
        facts = {"reported": moment(word.at, rules.zone(order)), "until": moment(limit.tell_at, rules.zone(order))}
        return TooEarly(
            until=limit.tell_at,
            reason="too_early" if limit.day else "too_early_no_date",
            facts=facts | ({"promised": limit.day.isoformat()} if limit.day else {}),
            evidence=tuple(one.source for one in dispute.words),
        )
    return None


def next_check(order: Order, now: datetime, rules: Rules) -> datetime | None:
    """Return the first moment after ``now`` at which ``find`` changes or a claim becomes safe, if no mail comes.

    None when time alone changes nothing. Aware, UTC.
    """
    present = find(order, now, rules)
    safe = {one.claim_from for one in present if one.claim_from > now}
    turns = sorted(at for at in _moments(order, present, rules) if at > now)
    change = next((at for at in turns if find(order, at, rules) != present), None)
    return min(safe | ({change} if change else set()), default=None)


def _moments(order: Order, present: list[Anomaly], rules: Rules) -> set[datetime]:
    """Return the moments at which an order can turn late, or a doubt too old."""
    limits = [limit for known in variants(order) if (limit := due(known, rules))]
    begins = {one.since for one in present} | {limit.at for limit in limits}
    ends = {rules.a_to_z.window.value.after(at, rules.zone(order)) for at in begins}
    return ends | {limit.tell_at for limit in limits}
