"""Whether a subject speaks of an order, a parcel, a refund or an invoice, in any of the languages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Any

from daemon.intake.words import folded, table
from daemon.intake.words import words as programs

_TOKEN = re.compile(r"[^\W_]+|[#:%]")
_PART = re.compile(r"[^\W_]+\*?|[#:%]")
"""A star belongs to the word before it."""
_NUMBER = re.compile(r"(?!(?:19|20)\d\d$)[a-z]{0,6}\d{4,}")
"""A number that an order may have, and no year."""
_LIMIT = 300
"""Characters of a subject that are looked at."""

_Phrase = tuple[str, ...]


class _Phrases:
    """Phrases found by their first word, so that the time does not grow with their number."""

    def __init__(self, written: Iterable[tuple[str, str]]) -> None:
        """``written`` are phrases, each with what it stands for."""
        self._whole: dict[str, list[tuple[_Phrase, str]]] = {}
        self._begun: dict[str, list[tuple[_Phrase, str]]] = {}
        for phrase, meaning in written:
            words = tuple(_PART.findall(folded(phrase)))
            index = self._begun if words[0].endswith("*") else self._whole
            index.setdefault(words[0].rstrip("*"), []).append((words, meaning))
        self._sizes = sorted({len(start) for start in self._begun})

    def found(self, words: list[str]) -> Iterator[tuple[int, int, str]]:
        """Give where a phrase stands in these words: its first word, the one behind it, and what it stands for."""
        for at, first in enumerate(words):
            near = [*self._whole.get(first, ())]
            for size in self._sizes:
                near += self._begun.get(first[:size], ()) if len(first) >= size else ()
            for phrase, meaning in near:
                if _fits(phrase, words[at : at + len(phrase)]):
                    yield at, at + len(phrase), meaning


def _fits(phrase: _Phrase, words: list[str]) -> bool:
    if len(words) < len(phrase):
        return False
    return all(
        word.startswith(part[:-1]) if part.endswith("*") else word == part
        for part, word in zip(phrase, words, strict=True)
    )


@dataclass(frozen=True, slots=True)
class _Lexicon:
    """The tables of ``config/intake/subjects.toml``, each ready for looking up."""

    phrases: _Phrases
    things: _Phrases
    happenings: _Phrases
    alone: _Phrases
    ordinary: _Phrases
    adverts: _Phrases
    within: re.Pattern[str]
    within_adverts: re.Pattern[str]


@cache
def _lexicon() -> _Lexicon:
    data = table("subjects")
    compounds = [
        (f"{front}{back}*", name)
        for name, parts in data["compounds"].items()
        for front, back in product(parts["fronts"], parts["backs"])
    ]
    told = {name: _Phrases(_spoken(data[name])) for name in ("things", "happenings", "alone", "ordinary", "adverts")}
    return _Lexicon(
        phrases=_Phrases([*_spoken(data["phrases"]), *compounds]),
        **told,
        within=_parts(data["within"]),
        within_adverts=_parts(data["within_adverts"]),
    )


def _parts(languages: dict[str, Any]) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(part) for part, _ in _spoken(languages)))


def _spoken(languages: dict[str, Any]) -> list[tuple[str, str]]:
    return [(phrase, language) for language, phrases in languages.items() for phrase in phrases]


def speaks_of_an_order(subject: str) -> bool:
    """Tell whether a decoded subject speaks of an order, a parcel, a refund or an invoice."""
    plain = folded(subject[:_LIMIT])
    words, lexicon = _TOKEN.findall(plain), _lexicon()
    numbered = any(_NUMBER.match(word) for word in words)
    if not numbered and (any(lexicon.adverts.found(words)) or lexicon.within_adverts.search(plain)):
        return False
    words = _without(words, lexicon.ordinary)
    if any(lexicon.phrases.found(words)) or lexicon.within.search(plain):
        return True
    return _happens(words, lexicon, numbered=numbered) or _is_alone(words, lexicon)


def _without(words: list[str], ordinary: _Phrases) -> list[str]:
    """Put nothing in the place of words that mean something else."""
    gone = {at for start, end, _ in ordinary.found(words) for at in range(start, end)}
    return ["" if at in gone else word for at, word in enumerate(words)]


def _happens(words: list[str], lexicon: _Lexicon, *, numbered: bool) -> bool:
    things = {language for *_, language in lexicon.things.found(words)}
    return bool(things) and (numbered or any(each in things for *_, each in lexicon.happenings.found(words)))


def _is_alone(words: list[str], lexicon: _Lexicon) -> bool:
    told = [word for word in words if word.isalpha() and len(word) > 1 and word not in _prefixes()]
    return any(end - start == len(told) for start, end, _ in lexicon.alone.found(told))


@cache
def _prefixes() -> frozenset[str]:
    return programs().forward_prefixes | programs().reply_prefixes
