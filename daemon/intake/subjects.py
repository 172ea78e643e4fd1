"""Whether a subject speaks of an order, a parcel, a refund or an invoice, in any of the languages."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from daemon.intake.words import folded, table

_TOKEN = re.compile(r"[^\W_]+|[#:]")
_LIMIT = 300
"""Characters of a subject that are looked at."""

_Phrase = tuple[str, ...]


class _Phrases:
    """Phrases found by their first word, so that the time does not grow with their number."""

    def __init__(self, written: Iterable[str]) -> None:
        self._whole: dict[str, list[_Phrase]] = {}
        self._begun: dict[str, list[_Phrase]] = {}
        for phrase in written:
            # A star belongs to the word before it.
            words = tuple(re.findall(r"[^\W_]+\*?|[#:]", folded(phrase)))
            first = words[0]
            index = self._begun if first.endswith("*") else self._whole
            index.setdefault(first.rstrip("*"), []).append(words)
        self._sizes = sorted({len(start) for start in self._begun})

    def stand_in(self, words: list[str]) -> bool:
        """Tell whether one of the phrases stands in these words."""
        return any(self._stand_at(words, at) for at in range(len(words)))

    def _stand_at(self, words: list[str], at: int) -> bool:
        first = words[at]
        near = [*self._whole.get(first, ())]
        for size in self._sizes:
            near += self._begun.get(first[:size], ()) if len(first) >= size else ()
        return any(_fits(phrase, words[at : at + len(phrase)]) for phrase in near)


def _fits(phrase: _Phrase, words: list[str]) -> bool:
    if len(words) < len(phrase):
        return False
    return all(
        word.startswith(part[:-1]) if part.endswith("*") else word == part
        for part, word in zip(phrase, words, strict=True)
    )


@cache
def _lexicon() -> tuple[_Phrases, _Phrases, re.Pattern[str]]:
    data = table("subjects")
    spoken = [phrase for phrases in data["phrases"].values() for phrase in phrases]
    within = [re.escape(part) for parts in data["within"].values() for part in parts]
    return _Phrases(spoken), _Phrases(data["ordinary"]["phrases"]), re.compile("|".join(within))


def speaks_of_an_order(subject: str) -> bool:
    """Tell whether a decoded subject speaks of an order, a parcel, a refund or an invoice."""
    plain = folded(subject[:_LIMIT])
    words = _TOKEN.findall(plain)
    spoken, ordinary, within = _lexicon()
    found = spoken.stand_in(words) or (not plain.isascii() and within.search(plain) is not None)
    return found and not ordinary.stand_in(words)
