"""Wordings of mails as data: phrases from TOML files, compiled once.

A phrase is matched on folded text (no accents, lower case), so that a file may be written naturally. ``*`` stands for
any few words, ``{name}`` takes what stands there, ``$`` at the end means that nothing may follow, a blank at
the end that the word ends there. Phrases match at the beginning of a line, unless they
start with ``*``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from operator import attrgetter
from pathlib import Path
from typing import Any, NamedTuple

from parsers.text import Line, fold

_TOKEN = re.compile(r"\{(\w+)\}|(\*)|( ?: ?)|( )")
_LITERAL = re.compile(r"\{\w+\}|\*| ?: ?")
_LONG, _SHORT = 7, 3
"""Characters of a phrase's beginning by which it is found."""
LINE_LIMIT = 400  # no label stands further inside a line; strange input must not be slow
_CAPTURES = {
    "n": r"\d{1,4}",
    "order": r"(?:\d{3}-\d{7}-\d{7}|\d{17})",
    "date": r".{3,80}",
    # A parcel's number is one word with a digit, or is printed in groups of at most five signs.
    "tracking": r"(?<![a-z0-9])(?:(?=[a-z0-9]*\d)[a-z0-9]{2,5}(?: (?=[a-z0-9]*\d)[a-z0-9]{2,5}){2,7}(?![a-z0-9])"
    r"|(?=[a-z0-9-]*\d)[a-z0-9]+(?:-[a-z0-9]+)?)",
    # A name ends with its sentence, or where the sentence goes on.
    "carrier": r"[\w&'. +/-]{1,40}?(?= ?[.,;:(]| et | and | sous | under | with | avec |$)",
    "sender": r"[^.,;:!?()\n]{2,60}?",
}


class Hit(NamedTuple):
    """What a line was recognised as, and what its phrase took out of it (as written, not folded)."""

    name: str
    taken: dict[str, str]
    rest: str


def pattern(phrase: str) -> str:
    """Return a phrase as a regular expression for folded text."""
    phrase = fold(phrase.lstrip())
    whole_word = r"(?!\w)" if phrase.endswith(" ") else ""
    phrase = phrase.rstrip()
    end = "$" if phrase.endswith("$") else ""
    phrase = phrase.removesuffix("$").rstrip()
    out, at = [], 0
    for token in _TOKEN.finditer(phrase):
        out.append(re.escape(phrase[at : token.start()]))
        at = token.end()
        if token[1]:
            greedy = ".{1,200}" if at == len(phrase) else ".{1,200}?"
            out.append(f"(?P<{token[1]}>{_CAPTURES.get(token[1], greedy)})")
        else:
            out.append(".{0,120}?" if token[2] else " ?: ?" if token[3] else " ")
    out.append(re.escape(phrase[at:]))
    return "".join(out) + whole_word + (rf"[ .!:]*{end}" if end else "")


class Plain:
    """The folded lines of a whole text, and its single words: made once, they tell which phrases it can hold at all."""

    __slots__ = ("text", "words")

    def __init__(self, lines: Iterable[Line]) -> None:
        self.text = "\n".join([line.plain[:LINE_LIMIT] for line in lines])
        self.words = frozenset(self.text.split())


class _Phrase:
    """One phrase; its expression is compiled when a text first holds the phrase's longest literal part."""

    __slots__ = ("_compiled", "_written", "head", "loose", "name", "needle", "number", "word")

    def __init__(self, name: str, phrase: str, number: int = 0) -> None:
        self.name = name
        self.number = number
        self.loose = phrase.startswith("*")
        self._written = phrase.strip("*").lstrip()
        literals = _LITERAL.split(fold(self._written).rstrip().rstrip("$").rstrip())
        self.needle = max(literals, key=len).strip()
        self.head = next((literals[0][:size] for size in (_LONG, _SHORT) if size <= len(literals[0])), "")
        # Only a word with a blank on either side is surely a whole word of the text, too.
        self.word = max(self.needle.split()[1:-1], key=len, default="")
        self._compiled: re.Pattern[str] | None = None

    def match(self, plain: str) -> re.Match[str] | None:
        """Return where the phrase stands in a folded text that holds its needle."""
        if self._compiled is None:
            self._compiled = re.compile(pattern(self._written))
        return self._compiled.search(plain) if self.loose else self._compiled.match(plain)


_number = attrgetter("number")


class Matcher:
    """Phrases in an order: of two that fit a line, the first counts.

    Those that stand at a line's beginning are found by its first characters, so that a line meets few of the many.
    """

    def __init__(self, begins: Mapping[str, list[_Phrase]], loose: Iterable[_Phrase]) -> None:
        self._begins = begins
        self._loose = (*begins.get("", ()), *loose)

    def _fitting(self, plain: str) -> list[_Phrase]:
        """Return the phrases of which the longest literal part stands in the line, in their order."""
        near = (*self._loose, *self._begins.get(plain[:_LONG], ()), *self._begins.get(plain[:_SHORT], ()))
        found = [phrase for phrase in near if phrase.needle in plain]
        if len(found) > 1:
            found.sort(key=_number)
        return found

    def find(self, line: Line) -> Hit | None:
        """Return what the line is, or None."""
        plain = line.plain[:LINE_LIMIT]
        for phrase in self._fitting(plain):
            match = phrase.match(plain)
            if match:
                return _hit(phrase.name, match, line.text)
        return None

    def all(self, line: Line) -> tuple[Hit, ...]:
        """Return the first phrase that fits the line's beginning, and the first of each group that fits anywhere."""
        plain = line.plain[:LINE_LIMIT]
        fitting = self._fitting(plain)
        if not fitting:
            return ()
        found: dict[str, Hit] = {}
        begun = False
        for phrase in fitting:
            if phrase.name in found or (begun and not phrase.loose):
                continue
            match = phrase.match(plain)
            if match:
                begun = begun or not phrase.loose
                found[phrase.name] = _hit(phrase.name, match, line.text)
        return tuple(found.values())


class Phrases(Matcher):
    """Named groups of phrases, in the order of their file."""

    def __init__(self, groups: Mapping[str, Iterable[str]]) -> None:
        written = ((name, phrase) for name, phrases in groups.items() for phrase in phrases)
        phrases = [_Phrase(name, phrase, number) for number, (name, phrase) in enumerate(written)]
        begins: dict[str, list[_Phrase]] = {}
        for phrase in phrases:
            if not phrase.loose:
                begins.setdefault(phrase.head, []).append(phrase)
        loose = [phrase for phrase in phrases if phrase.loose]
        super().__init__(begins, loose)
        self._by_word: dict[str, list[_Phrase]] = {}
        for phrase in loose:
            self._by_word.setdefault(phrase.word, []).append(phrase)

    def within(self, text: Plain) -> Matcher:
        """Return those phrases that can fit a line of this text: a mail holds few of the many."""
        plain = text.text
        few = [phrase for phrase in self._by_word.get("", ()) if phrase.needle in plain]
        for word in self._by_word.keys() & text.words:
            few += [phrase for phrase in self._by_word[word] if phrase.needle in plain]
        return Matcher(self._begins, few)


def _hit(name: str, match: re.Match[str], text: str) -> Hit:
    taken = {key: text[slice(*match.span(key))].strip(" .,;:") for key in match.re.groupindex}
    return Hit(name, taken, text[match.end() :].strip())


class Words:
    """A set of phrases of which only the presence matters; each may stand anywhere in the text."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._phrases = [_Phrase("", f"*{phrase.strip('*')}") for phrase in phrases]

    def inside(self, plain: str) -> bool:
        """Tell whether one of the phrases stands in the folded text."""
        held = [phrase for phrase in self._phrases if phrase.needle in plain]
        return any(phrase.match(plain) for phrase in held)


@cache
def load(path: Path) -> Mapping[str, Any]:
    """Return one file of wordings. Raises ``tomllib.TOMLDecodeError`` when it is not TOML."""
    return tomllib.loads(path.read_text("utf-8"))
