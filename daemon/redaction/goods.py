"""The words of a title wherever they stand in a sentence: "your coffee maker" tells as much as the title does."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path

import parsers
from daemon.intake.words import plain
from daemon.redaction.pseudonyms import Pseudonyms

_WORD = re.compile(r"[^\W\d_]+")
_TELLING = 5
"""Letters from which on a word tells what was bought; shorter ones go only beside such a word, as in the title."""


@cache
def wording() -> frozenset[str]:
    """Return the folded words of all wordings that the parsers know: they are the mails' own, and no secret."""
    lines = (
        line
        for path in Path(parsers.__file__).parent.rglob("*.toml")
        for line in path.read_text("utf-8").splitlines()
        if not line.startswith("#")
    )
    return frozenset(form for line in lines for word in _WORD.findall(plain(line)) for form in (word, _bare(word)))


class Titles:
    """The words of titles, and which of them stand side by side there."""

    def __init__(self, titles: Iterable[str]) -> None:
        words = [[_bare(word) for word in _WORD.findall(title)] for title in titles]
        self._telling = {word for each in words for word in each if len(word) >= _TELLING} - wording()
        self._pairs = {pair for each in words for pair in pairwise(each)}

    def hidden(self, text: str, pseudonyms: Pseudonyms) -> str:
        """Return a text in which the words that tell a title, and those that go with them, are replaced."""
        if not self._telling:
            return text
        found = list(_WORD.finditer(text))
        words = [_bare(each[0]) for each in found]
        out, at = [], 0
        for place in self._places(words):
            out += [text[at : found[place].start()], pseudonyms.word(found[place][0])]
            at = found[place].end()
        return "".join([*out, text[at:]])

    def _places(self, words: list[str]) -> Iterator[int]:
        """Yield the places of the words to be replaced: runs of a title's words with one that tells."""
        begin = 0
        for at in range(len(words)):
            if at + 1 < len(words) and (words[at], words[at + 1]) in self._pairs:
                continue
            if any(word in self._telling for word in words[begin : at + 1]):
                yield from range(begin, at + 1)
            begin = at + 1


def _bare(word: str) -> str:
    """Return a word folded, without the sign of the plural."""
    folded = plain(word)
    return folded[:-1] if len(folded) > _TELLING and folded.endswith("s") else folded
