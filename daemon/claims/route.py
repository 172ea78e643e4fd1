"""Whom to write to: the three ways of responsibility, with what they rest on."""

from __future__ import annotations

from daemon.anomalies.anomaly import Anomaly
from daemon.claims.claim import ClaimParty
from daemon.claims.tables import ShopRoute, Who, routing
from daemon.orders.order import Confidence, Order, PartyFact
from daemon.rules import Rules
from parsers.letter import Value
from parsers.notice import Kind


class Route(Value):
    """One party to write to."""

    party: ClaimParty
    recommended: bool
    """The one to write to first."""
    why: str
    """Key of the explanation (``templates/cli``, ``route.<why>``)."""
    sources: tuple[str, ...] = ()
    """``Notice.source`` of what it rests on, sorted."""
    confidence: Confidence = Confidence.READ
    """The weakest of the facts it rests on."""


class Routing(Value):
    """Either routes, the recommended one first, or what must be asked before anybody is written to."""

    routes: tuple[Route, ...] = ()
    ask: str | None = None
    """Key of the question (``templates/cli``, ``ask.<key>``)."""
    sources: tuple[str, ...] = ()
    """What is known so far, even where it does not suffice."""


def route(order: Order, anomaly: Anomaly, rules: Rules) -> Routing:
    """Return whom to write to about a trouble of delivery, or what to ask.

    For the order of another shop that is the shop. A fact that another mail contradicts, or that was only guessed,
    counts as unknown. The table is ``routing.toml`` of the rules; it is one for every trouble of delivery, so
    ``anomaly`` does not change the answer: it is what a table for other troubles would go by.
    """
    del anomaly
    if order.shop is not None:
        return _to_shop(order, routing(rules).shop)
    cell = routing(rules).at(_who(order.sold_by), _who(order.shipped_by))
    facts = [fact for fact in (order.sold_by, order.shipped_by) if fact is not None]
    sources = tuple(sorted({source for fact in facts for source in fact.sources}))
    if cell.ask:
        return Routing(ask=cell.ask, sources=sources)
    confidence = _weakest([fact for fact in facts if _who(fact) != "unknown"])
    routes = tuple(
        Route(party=party, recommended=place == 0, why=cell.why, sources=sources, confidence=confidence)
        for place, party in enumerate(cell.routes)
    )
    return Routing(routes=routes, sources=sources)


def _to_shop(order: Order, shop: ShopRoute) -> Routing:
    """Whoever else sells through a shop, or carries for it: its mails say that the contract is with it."""
    sources = tuple(sorted({one.source for one in order.timeline if one.order_id and one.kind != Kind.OWNER_REPORT}))
    routes = tuple(
        Route(party=party, recommended=place == 0, why=shop.why, sources=sources)
        for place, party in enumerate(shop.routes)
    )
    return Routing(routes=routes, sources=sources)


def _who(fact: PartyFact | None) -> Who:
    if fact is None or fact.contradicted or fact.confidence == Confidence.GUESSED:
        return "unknown"
    return "amazon" if fact.party.value == "amazon" else "third_party"


def _weakest(facts: list[PartyFact]) -> Confidence:
    return min((fact.confidence for fact in facts), key=list(Confidence).index, default=Confidence.GUESSED)
