"""The owners' words, one TOML file a language, made into patterns."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from parsers.notice import NoteMeaning
from parsers.owner.phrases import compiled, needed


@dataclass(frozen=True, slots=True)
class Sign:
    """Phrases that mean something."""

    means: NoteMeaning
    pattern: re.Pattern[str]
    blocked: re.Pattern[str] | None
    """Phrases in the same clause under which the sign does not count."""
    literal: bool
    """The phrases hold their own negation."""
    negated: NoteMeaning | None
    starts: frozenset[str]
    """A text without a word that begins so has none of the phrases; empty where nothing so simple tells it."""

    def may_stand(self, starts: set[str]) -> bool:
        """Say whether a text whose words begin so can hold one of the phrases."""
        return not self.starts or not self.starts.isdisjoint(starts)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """One language."""

    negations: re.Pattern[str]
    splits: re.Pattern[str]
    idioms: re.Pattern[str]
    suppositions: re.Pattern[str]
    other_objects: re.Pattern[str]
    signs: tuple[Sign, ...]


@cache
def lexicons() -> tuple[Lexicon, ...]:
    """Return the lexicons of all languages, read once."""
    paths = sorted(Path(__file__).parent.glob("*.toml"))
    return tuple(_lexicon(tomllib.loads(path.read_text("utf-8"))) for path in paths)


def _lexicon(data: dict[str, Any]) -> Lexicon:
    names = ("splits", "idioms", "suppositions", "other_objects")
    patterns = {name: compiled(data[name]) for name in names}
    negations = "|".join(re.escape(word).replace(r"\ ", r"\s") for word in data["negations"])
    return Lexicon(re.compile(rf"(?:^|\s)(?:{negations})(?=\s|$)"), signs=tuple(map(_sign, data["sign"])), **patterns)


def _sign(data: dict[str, Any]) -> Sign:
    return Sign(
        means=NoteMeaning(data["means"]),
        pattern=compiled(data["phrases"]),
        blocked=compiled(data["blocked_by"]) if data.get("blocked_by") else None,
        literal=data.get("literal", False),
        negated=NoteMeaning(data["negated"]) if data.get("negated") else None,
        starts=needed(data["phrases"]),
    )
