"""What a letter can state: facts of the order and the claim, as text in the letter's language and its site's days."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from daemon.anomalies.anomaly import Anomaly
from daemon.claims import tables
from daemon.claims.claim import Claim, Outcome, Stage
from daemon.claims.match import delivered_at, first_sent_at, have_it, same_parcel, sent_draft, troubled_at
from daemon.claims.settle import refund_announced
from daemon.claims.words import Words, one_line, shortened, words
from daemon.orders.order import Order, Parcel
from daemon.orders.parcels import of_parcel
from daemon.rules import Article, Rules
from daemon.settings import Owner
from daemon.spans import Unit
from parsers.notice import Kind, Notice

_SHOWN = frozenset({Kind.SHIPPED, Kind.DELIVERED, Kind.DELAYED, Kind.ATTEMPTED, Kind.RETURNED})
_HOURS = {Unit.HOURS: 1, Unit.DAYS: 24, Unit.WORKING_DAYS: 24}
_ARRIVED = {Outcome.FOUND: "found", Outcome.DELIVERED: "received", None: "tracking"}


@dataclass
class Blanks:
    """Hands out facts that a letter cannot do without, and notes which were missing."""

    known: dict[str, str]
    placeholder: str
    missing: list[str] = field(default_factory=list)

    def need(self, name: str) -> str:
        """Return a fact, or the placeholder when it is missing."""
        if text := self.known[name]:
            return text
        if name not in self.missing:
            self.missing.append(name)
        return self.placeholder


def facts(
    claim: Claim, order: Order, anomaly: Anomaly | None, stage: Stage, rules: Rules, owner: Owner
) -> dict[str, Any]:
    """Return the values of a letter's template, all of them text, lists of text or truth values; "" is unknown."""
    language, zone = words(owner.language), rules.zone(order)
    parcel = _parcel(claim, order)
    whole = len(order.parcels) <= 1
    steps = tables.ladder(rules)

    def on(day: date | datetime | None) -> str:
        return language.on(day, zone) if day is not None else ""

    reminder = sent_draft(claim, Stage.REMINDER)
    priced = whole and order.total is not None and order.currency
    return {
        "name": one_line(owner.name),
        "order_id": one_line(order.number),
        "site": rules.site(order).host,
        "shop": one_line(order.retailer or order.shop or ""),
        "items": language.items(order.items, steps.limits.title_characters) if whole else "",
        "seller": one_line(order.seller or ""),
        "claim_why": claim.why,
        "party": claim.party.value,
        "stage": stage.value,
        "scenario": claim.code.replace("-", "_"),
        "whole": whole,
        "amount": language.amount(order.total, order.currency) if priced and order.total and order.currency else "",
        "tracking": parcel.key if parcel else "",
        "carrier": one_line(parcel.carrier or "") if parcel else "",
        "delivered_to": shortened(parcel.delivered_to or "", steps.limits.title_characters) if parcel else "",
        "delivered": on(_delivery(claim, order, anomaly)),
        "shipped": on(parcel.shipped_at) if parcel else "",
        "ordered": on(order.ordered_at),
        "promised_first": on(order.promised_first or order.promised_latest),
        "promised": on(order.promised_latest or order.promised_first),
        "contacted": on(first_sent_at(claim)),
        "answered": on(claim.answered_at),
        "reminded": on(reminder.sent_at) if reminder else "",
        "refunded": on(refund_announced(order, troubled_at(claim, order))),
        "arrived": _ARRIVED.get(have_it(order, troubled_at(claim, order)), "tracking"),
        "evidence": _named(_evidence(claim, order, anomaly), language, order, rules),
        "law": _law(claim, rules, owner),
        "time": language.time(steps.step_of(claim.party, stage).grants_hours),
        "waited": _waited(rules),
    }


def _parcel(claim: Claim, order: Order) -> Parcel | None:
    near = [one for one in order.parcels if same_parcel(one.key, claim.parcel)]
    return next((one for one in near if one.key == claim.parcel), near[0] if len(near) == 1 else None)


def _delivery(claim: Claim, order: Order, anomaly: Anomaly | None) -> datetime | None:
    """When the parcel is said to have been delivered: by the mail that the trouble rests on, where there is one."""
    sources = set(anomaly.evidence) if anomaly else set()
    named = [one.at for one in order.timeline if one.kind == Kind.DELIVERED and one.source in sources]
    return max(named) if named else delivered_at(order, claim.parcel)


def _evidence(claim: Claim, order: Order, anomaly: Anomaly | None) -> list[Notice]:
    """The mails that show the order and the trouble; what the owner said is no evidence to others."""
    sources = set(anomaly.evidence) if anomaly else set()
    about = {one.source for one in of_parcel(order.timeline, claim.parcel)} if claim.parcel else None
    return [
        one
        for one in order.timeline
        if one.source in sources
        or one.kind == Kind.CONFIRMED
        or (one.kind in _SHOWN and (about is None or one.source in about))
    ]


def _named(notices: Iterable[Notice], language: Words, order: Order, rules: Rules) -> list[str]:
    """Each kind once: its last mail, but of those that say it left the first, the shop's own before a carrier's."""
    named: dict[Kind, Notice] = {}
    for one in notices:
        known = named.get(one.kind)
        if known is None or one.kind is not Kind.SHIPPED or (known.by_carrier and not one.by_carrier):
            named[one.kind] = one
    names = (language.mail(one, rules.zone(order)) for one in named.values())
    return [name for name in names if name]


def _law(claim: Claim, rules: Rules, owner: Owner) -> list[dict[str, str]]:
    """Articles that may be cited, those that speak of this trouble alone first."""
    law = rules.law(owner.country)
    articles: Iterable[Article] = law.citable(claim.code) if law else ()
    ranked = sorted(articles, key=lambda article: len(article.topics))
    return [
        {"name": getattr(one.name, owner.language.value), "says": getattr(one.says, owner.language.value)}
        for one in ranked
    ]


def _waited(rules: Rules) -> int:
    span = rules.a_to_z.contact_first.value.min
    return span.amount * _HOURS[span.unit]
