"""The owners' words, one TOML file a language, made into patterns when a note first needs them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from parsers.notice import NoteMeaning
from parsers.owner.phrases import compiled, folded, needed


@dataclass(frozen=True)
class Sign:
    """Phrases that mean something."""

    means: NoteMeaning
    phrases: Sequence[str]
    blocked_by: Sequence[str]
    literal: bool
    """The phrases hold their own negation."""
    negated: NoteMeaning | None

    @cached_property
    def starts(self) -> frozenset[str]:
        """Return how words begin of which a text with one of the phrases has one; empty where nothing is sure."""
        return needed(self.phrases)

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Return what finds the phrases."""
        return compiled(self.phrases)

    @cached_property
    def blocked(self) -> re.Pattern[str]:
        """Return what finds the phrases in whose clause the sign does not count."""
        return compiled(self.blocked_by)

    def may_stand(self, starts: set[str]) -> bool:
        """Say whether a text whose words begin so can hold one of the phrases."""
        return not self.starts or not self.starts.isdisjoint(starts)


@dataclass(frozen=True)
class Lexicon:
    """One language."""

    data: dict[str, Any]
    signs: tuple[Sign, ...]

    @cached_property
    def negations(self) -> re.Pattern[str]:
        """Return what finds words that turn a sign round."""
        return compiled(self.data["negations"])

    @cached_property
    def splits(self) -> re.Pattern[str]:
        """Return what finds words between two clauses."""
        return compiled(self.data["splits"])

    @cached_property
    def idioms(self) -> re.Pattern[str]:
        """Return what finds words that are said in passing."""
        return compiled(self.data["idioms"])

    @cached_property
    def suppositions(self) -> re.Pattern[str]:
        """Return what finds words of a clause that reports nothing."""
        return compiled(self.data["suppositions"])

    @cached_property
    def other_objects(self) -> re.Pattern[str]:
        """Return what finds things that are received or lost and are not the goods."""
        return compiled(self.data["other_objects"])


@cache
def lexicons() -> tuple[Lexicon, ...]:
    """Return the lexicons of all languages, read once; a language is there when its file is."""
    paths = sorted(Path(__file__).parent.glob("*.toml"))
    # Folding a file whole is much quicker than folding each of its phrases.
    return tuple(_lexicon(tomllib.loads(folded(path.read_text("utf-8")))) for path in paths)


def _lexicon(data: dict[str, Any]) -> Lexicon:
    return Lexicon(data, tuple(map(_sign, data["sign"])))


def _sign(data: dict[str, Any]) -> Sign:
    return Sign(
        means=NoteMeaning(data["means"]),
        phrases=data["phrases"],
        blocked_by=data.get("blocked_by", ()),
        literal=data.get("literal", False),
        negated=NoteMeaning(data["negated"]) if data.get("negated") else None,
    )
