"""What a sentence means by its words, where no phrase tells it, or where one would be taken in.

The rules are data (``senses.toml``): words that meet in one sentence, in any order, and words that must not be there.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from parsers.text import fold
from parsers.wording import load

NOTHING = "nothing"
"""What advice and questions say."""
LATER = "_too"
"""Marks further rules of a kind, that stand behind those of others."""
_LONGEST = 300


class Rule(NamedTuple):
    """The words of one meaning: of each of ``together`` one stands in the sentence, and none of ``never``."""

    kind: str
    sure: bool
    together: tuple[re.Pattern[str], ...]
    never: re.Pattern[str] | None


@cache
def rules(code: str) -> tuple[Rule, ...]:
    """Return the rules of a language in their order; none where there are none as yet."""
    told = load(Path(__file__).parent / "senses.toml").get(code, {})
    groups: dict[str, str] = told.get("words", {})
    return tuple(
        _rule(kind, rule, groups) for kind, several in told.items() if isinstance(several, list) for rule in several
    )


def _rule(kind: str, rule: str, groups: dict[str, str]) -> Rule:
    """Return a rule as written: ``^`` that it counts before phrases, ``!`` before the words that must not be there."""
    needed, _, never = rule.removeprefix("^").partition("!")
    together = tuple(_one_of(term, groups) for term in needed.split())
    return Rule(kind, rule.startswith("^"), together, _one_of(never.strip(), groups) if never else None)


def _one_of(term: str, groups: dict[str, str]) -> re.Pattern[str]:
    """Return the expression of alternatives; ``@name`` stands for a group of them."""
    words = [each for word in term.split("|") for each in groups.get(word.removeprefix("@"), word).split("|")]
    return re.compile("|".join(map(_word, words)))


def _word(word: str) -> str:
    """Return a word's expression: it begins so, or stands whole (``=``), or anywhere (``~``); ``_`` is a blank."""
    bare = re.escape(fold(word.lstrip("=~").replace("_", " ")))
    begins = "" if word.startswith("~") else r"(?<!\w)"
    return f"{begins}{bare}" + (r"(?!\w)" if word.startswith("=") else "")


@lru_cache(maxsize=4096)
def of(plain: str, code: str, *, sure: bool) -> str | None:
    """Return what a folded sentence means: a kind, ``NOTHING`` for advice, None where no rule fits.

    ``sure`` asks only for what counts before the phrases.
    """
    text = plain[:_LONGEST]
    return next((rule.kind for rule in rules(code) if (rule.sure or not sure) and _fits(rule, text)), None)


def _fits(rule: Rule, text: str) -> bool:
    if not all(words.search(text) for words in rule.together):
        return False
    return rule.never is None or rule.never.search(text) is None
