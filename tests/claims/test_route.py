"""Whom to write to."""

from __future__ import annotations

import tomllib
from itertools import product

import pytest
from pydantic import ValidationError

from daemon import resources
from daemon.anomalies.anomaly import Code
from daemon.claims import route
from daemon.claims.claim import ClaimParty
from daemon.claims.tables import RoutingTable
from daemon.orders.order import Confidence, Order, PartyFact
from daemon.say import say
from parsers.notice import Party
from tests.claims.kit import ORDER, RULES, trouble

AMAZON, THIRD = Party.AMAZON, Party.THIRD_PARTY
FILE = resources.config() / "rules" / "routing.toml"


def fact(party: Party | None, confidence: Confidence = Confidence.READ, contradicted: bool = False) -> PartyFact | None:
    """Return who sells or ships, by one mail."""
    if party is None:
        return None
    return PartyFact(party=party, confidence=confidence, sources=(f"mail-{party.value}",), contradicted=contradicted)


def order(sold_by: PartyFact | None, shipped_by: PartyFact | None) -> Order:
    """Return an order of which only seller and shipper are known."""
    return Order(order_id=ORDER, sold_by=sold_by, shipped_by=shipped_by)


@pytest.mark.parametrize(
    ("sold_by", "shipped_by", "parties", "ask"),
    [
        (AMAZON, AMAZON, [ClaimParty.AMAZON], None),
        (AMAZON, THIRD, [ClaimParty.AMAZON], None),
        (AMAZON, None, [ClaimParty.AMAZON], None),
        (THIRD, AMAZON, [ClaimParty.AMAZON, ClaimParty.FBA_SELLER], None),
        (THIRD, THIRD, [ClaimParty.SELLER], None),
        (THIRD, None, [], "who_shipped"),
        (None, AMAZON, [], "who_sold"),
        (None, THIRD, [], "who_sold"),
        (None, None, [], "who_sold_and_shipped"),
    ],
)
@pytest.mark.parametrize("code", list(Code))
def test_each_pair_of_seller_and_shipper_has_its_parties_or_its_question(
    sold_by: Party | None, shipped_by: Party | None, parties: list[ClaimParty], ask: str | None, code: Code
) -> None:
    """Every cell of the table leads to its parties, the one to write to first on top, or to its question."""
    known = order(fact(sold_by), fact(shipped_by))
    found = route(known, trouble(code, known), RULES)
    assert [one.party for one in found.routes] == parties
    assert [one.recommended for one in found.routes] == [True, False][: len(parties)]
    assert found.ask == ask
    for language, one in product(("fr", "en"), found.routes):
        assert say(f"route.{one.why}", language)
    if ask:
        assert all(say(f"ask.{ask}", language) for language in ("fr", "en"))


@pytest.mark.parametrize(
    "shaky", [fact(THIRD, Confidence.GUESSED), fact(THIRD, contradicted=True), fact(THIRD, Confidence.TOLD, True)]
)
def test_what_is_guessed_or_contradicted_is_asked(shaky: PartyFact) -> None:
    """A guess, or a fact that another mail contradicts, sends nobody a letter: the owner is asked."""
    known = order(shaky, fact(AMAZON))
    found = route(known, trouble(Code.NOT_RECEIVED, known), RULES)
    assert (found.routes, found.ask) == ((), "who_sold")
    assert found.sources == ("mail-amazon", "mail-third_party")


def test_a_route_says_what_it_rests_on() -> None:
    """A route names its mails, and is as sure as the weakest of its facts."""
    known = order(fact(THIRD, Confidence.TOLD), fact(THIRD))
    (way,) = route(known, trouble(Code.DELIVERY_LATE, known), RULES).routes
    assert way.sources == ("mail-third_party",)
    assert way.confidence == Confidence.READ


def test_a_guess_does_not_weaken_a_route_that_does_not_need_it() -> None:
    """Sold by Amazon is enough, so a guessed shipper does not make the route a guess."""
    known = order(fact(AMAZON, Confidence.TOLD), fact(THIRD, Confidence.GUESSED))
    (way,) = route(known, trouble(Code.DELIVERY_LATE, known), RULES).routes
    assert (way.party, way.confidence) == (ClaimParty.AMAZON, Confidence.TOLD)


def test_the_table_must_be_whole() -> None:
    """A table with a pair missing, or given twice, is refused when it is read."""
    cells = FILE.read_text("utf-8").split("\n[[cell]]\n")
    assert RoutingTable.model_validate(tomllib.loads(FILE.read_text("utf-8")))
    for broken in (cells[:-1], [*cells, cells[1]]):
        with pytest.raises(ValidationError, match="exactly one cell"):
            RoutingTable.model_validate(tomllib.loads("\n[[cell]]\n".join(broken)))


def test_a_cell_has_routes_or_a_question() -> None:
    """A cell that both routes and asks is refused."""
    text = FILE.read_text("utf-8").replace('ask = "who_shipped"', 'ask = "who_shipped"\nroutes = ["seller"]')
    with pytest.raises(ValidationError, match="either routes or ask"):
        RoutingTable.model_validate(tomllib.loads(text))


def test_every_rule_says_where_it_comes_from() -> None:
    """Each cell names its source, the day on which it was looked at, and how sure it is."""
    for cell in tomllib.loads(FILE.read_text("utf-8"))["cell"]:
        assert cell["source"]
        assert cell["checked_on"].year >= 2026
        assert cell["confidence"] in {"V", "P", "M"}
