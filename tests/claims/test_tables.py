"""The owner's own ladder and routing."""

from __future__ import annotations

from pathlib import Path

import pytest

from daemon import claims, resources
from daemon.claims.claim import ClaimParty, Stage
from daemon.claims.tables import ladder, routing
from daemon.rules import Rules, RulesError, load
from parsers.notice import NoteMeaning
from tests.claims.kit import FRENCH, START, Desk, claim_on, confirmed, delivered, said, trouble

SHIPPED = resources.config() / "rules"


def overridden(folder: Path, name: str, text: str) -> Rules:
    """Return the rules with a file of the owner's own."""
    (folder / name).write_text(text, "utf-8")
    return load(folder)


def test_a_step_of_the_owners_own_is_taken(tmp_path: Path) -> None:
    """A longer time to answer, written in the rules' folder, stands in the letter."""
    shipped = (SHIPPED / "ladder.toml").read_text("utf-8")
    steps = shipped[shipped.index("\n[[step]]") :].replace("grants_hours = 48", "grants_hours = 120", 1)
    own = overridden(tmp_path, "ladder.toml", steps)
    assert ladder(own).step_of(ClaimParty.AMAZON, Stage.FIRST).grants_hours == 120
    assert ladder(own).limits == ladder(load()).limits
    desk = Desk(confirmed(), delivered(), said(NoteMeaning.NOT_RECEIVED, START))
    about = trouble(desk.found()[0].code, desk.order)
    bodies = [
        claims.compose(claim_on(ClaimParty.AMAZON), desk.order, about, Stage.FIRST, START, rules, FRENCH).body
        for rules in (own, load())
    ]
    told = [body.replace("\u00a0", " ").replace("\u202f", " ") for body in bodies]
    assert [("5 jours" in body, "48 heures" in body) for body in told] == [(True, False), (False, True)]


def test_a_route_of_the_owners_own_is_taken(tmp_path: Path) -> None:
    """Whoever wants to write to the seller first where Amazon shipped another's sale can say so."""
    shipped = (SHIPPED / "routing.toml").read_text("utf-8")
    cells = shipped[shipped.index("\n[[cell]]") :].replace('["amazon", "fba_seller"]', '["fba_seller", "amazon"]')
    own = overridden(tmp_path, "routing.toml", cells)
    assert routing(own).at("third_party", "amazon").routes == (ClaimParty.FBA_SELLER, ClaimParty.AMAZON)
    assert routing(own).shop == routing(load()).shop


@pytest.mark.parametrize("name", ["ladder.toml", "routing.toml"])
def test_a_mistake_in_them_is_told_by_file_and_key(tmp_path: Path, name: str) -> None:
    """A table of the owner's that does not hold together is refused at the start, not at the first trouble."""
    key = {"ladder.toml": "step", "routing.toml": "cell"}[name]
    own = overridden(tmp_path, name, f"{key} = []\n")
    with pytest.raises(RulesError, match=name):
        claims.check(own)
