"""Routing and ladder as data: models of ``config/rules/routing.toml`` and ``config/rules/ladder.toml``.

The owner's files of the same names in ``rules_dir`` are laid over them; their lists are replaced whole.
"""

from __future__ import annotations

from datetime import date
from itertools import product
from typing import Literal, Self

from pydantic import Field, model_validator

from daemon.claims.claim import Channel, ClaimParty, Stage
from daemon.rules import Rules
from parsers.letter import Value

Who = Literal["amazon", "third_party", "unknown"]
WHO: tuple[Who, ...] = ("amazon", "third_party", "unknown")


class Sourced(Value):
    """A rule says where it comes from, when that was looked at, and how sure it is (V, P or M)."""

    source: str = Field(min_length=1)
    checked_on: date
    confidence: Literal["V", "P", "M"]


class Cell(Sourced):
    """Whom to write to for one pair of seller and shipper, or what to ask first."""

    sold_by: Who
    shipped_by: Who
    routes: tuple[ClaimParty, ...] = ()
    """Parties, the one to write to first on top."""
    ask: str | None = None
    why: str

    @model_validator(mode="after")
    def _routes_or_question(self) -> Self:
        if bool(self.routes) == bool(self.ask):
            raise ValueError("give either routes or ask")
        return self


class ShopRoute(Sourced):
    """Whom to write to about the order of another shop than Amazon."""

    routes: tuple[ClaimParty, ...] = Field(min_length=1)
    why: str


class RoutingTable(Value):
    """Every pair of seller and shipper, each exactly once, and other shops."""

    shop: ShopRoute
    cell: tuple[Cell, ...]

    @model_validator(mode="after")
    def _every_pair_once(self) -> Self:
        pairs = sorted((cell.sold_by, cell.shipped_by) for cell in self.cell)
        if pairs != sorted(product(WHO, WHO)):
            raise ValueError("each pair of sold_by and shipped_by must have exactly one cell")
        return self

    def at(self, sold_by: Who, shipped_by: Who) -> Cell:
        """Return the cell of a pair."""
        return next(cell for cell in self.cell if (cell.sold_by, cell.shipped_by) == (sold_by, shipped_by))


class Step(Sourced):
    """One rung: what is drafted for a party, how it travels, and when it falls due."""

    party: ClaimParty
    stage: Stage
    channel: Channel
    after: Stage | None = None
    """The step that must have been sent before, as long ago as ``wait`` says."""
    wait: Literal["follow_up", "shop_follow_up"] = "follow_up"
    """Name of the wait in ``waits.toml``."""
    grants_hours: int = Field(default=48, ge=1)
    """The time to answer that the text grants, in hours."""
    window: Literal["a_to_z"] | None = None
    """Only while the A-to-z Guarantee can be asked for."""


class Limits(Sourced):
    """How long the texts may be: lines, words, characters."""

    chat_lines: int = Field(ge=1)
    phone_words: int = Field(ge=1)
    form_characters: int = Field(ge=100)
    title_characters: int = Field(ge=10)


class Ladder(Value):
    """The steps of every party, in order."""

    limits: Limits
    links: dict[Channel, tuple[str, ...]]
    """Keys of the pages shown beside a draft, most useful first."""
    step: tuple[Step, ...]

    @model_validator(mode="after")
    def _links_for_every_channel(self) -> Self:
        if missing := set(Channel) - set(self.links):
            raise ValueError(f"links: say which pages go with {', '.join(sorted(missing))}")
        return self

    @model_validator(mode="after")
    def _each_follows_an_earlier_one(self) -> Self:
        for party in ClaimParty:
            stages: list[Stage] = []
            for step in self.steps(party):
                if step.stage in stages or step.after != (stages[-1] if stages else None):
                    raise ValueError(f"steps of {party.value}: {step.stage.value} must follow the step before it, once")
                stages.append(step.stage)
            if stages[:1] != [Stage.FIRST]:
                raise ValueError(f"steps of {party.value} must begin with first")
        return self

    def steps(self, party: ClaimParty) -> tuple[Step, ...]:
        """Return a party's steps, first to last."""
        return tuple(step for step in self.step if step.party == party)

    def step_of(self, party: ClaimParty, stage: Stage) -> Step:
        """Return one step; a withdrawal, which is no rung, goes the way of the first. Raises ``LookupError``."""
        wanted = Stage.FIRST if stage == Stage.WITHDRAWAL else stage
        for step in self.steps(party):
            if step.stage == wanted:
                return step
        raise LookupError(f"{party.value} has no step {stage.value}")

    def next_of(self, party: ClaimParty, stage: Stage) -> Step | None:
        """Return the step that comes after ``stage``, None for the last."""
        return next((step for step in self.steps(party) if step.after == stage), None)


def routing(rules: Rules) -> RoutingTable:
    """Return the routing table, with the owner's changes. Raises ``RulesError``."""
    return rules.table("routing", RoutingTable)


def ladder(rules: Rules) -> Ladder:
    """Return the ladder, with the owner's changes. Raises ``RulesError``."""
    return rules.table("ladder", Ladder)


def check(rules: Rules) -> None:
    """Raise ``RulesError`` when the owner's routing or ladder cannot be used."""
    routing(rules), ladder(rules)
