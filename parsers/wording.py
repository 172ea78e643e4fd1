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
_SPECIAL = re.compile(r"[*{:]")
_START = 4
_LONG, _SHORT = 7, 3
"""Characters of a phrase's beginning by which it is found."""
LINE_LIMIT = 400  # no label stands further inside a line; strange input must not be slow


@cache
def load(path: Path) -> Mapping[str, Any]:
    """Return one file of wordings. Raises ``tomllib.TOMLDecodeError`` when it is not TOML."""
    return tomllib.loads(path.read_text("utf-8"))


def _name_end() -> str:
    """Return what ends a name: its sentence, or a word with which the sentence goes on."""
    words = load(Path(__file__).parent / "lexicon" / "joining.toml")["words"]
    return rf"(?= ?[.,;:(]| (?:{'|'.join(re.escape(fold(word)) for word in words)}) |$)"


_NAME = r"[\w&'. +/-]{1,40}?"
_CAPTURES = {
    "n": r"\d{1,4}",
    "order": r"(?:\d{3}-\d{7}-\d{7}|\d{17})",
    "date": r".{2,80}",
    # A parcel's number is one word with a digit, or is printed in groups of at most five signs.
    "tracking": r"(?<![a-z0-9])(?:(?=[a-z0-9]{0,4}\d)[a-z0-9]{2,5}"
    r"(?: (?=[a-z0-9]{0,4}\d)[a-z0-9]{2,5}){2,7}(?![a-z0-9])"
    r"|(?=[a-z0-9-]{0,40}\d)[a-z0-9]{1,40}(?:-[a-z0-9]{1,40})?)",
    "carrier": _NAME,
    "sender": r"[^.,;:!?()\n]{2,60}?",
}


_NAME_END = _name_end()


class Hit(NamedTuple):
    """What a line was recognised as, and what its phrase took out of it (as written, not folded)."""

    name: str
    taken: dict[str, str]
    rest: str


def pattern(phrase: str) -> str:
    """Return a phrase as a regular expression for folded text.

    What stands for any words ends at the first place where the phrase goes on, and is never tried again further on
    (atomic groups): the time grows with the text alone.
    """
    phrase = fold(phrase.lstrip())
    whole_word = r"(?!\w)" if phrase.endswith(" ") else ""
    phrase = phrase.rstrip()
    end = "$" if phrase.endswith("$") else ""
    phrase = phrase.removesuffix("$").rstrip()
    out, at, literal, waiting = [], 0, "", ""
    for token in _TOKEN.finditer(phrase):
        literal += re.escape(phrase[at : token.start()])
        at = token.end()
        if token[1] or token[2]:
            out.append(_joined(waiting, literal))
            literal, waiting = "", _capture(token[1], phrase[at : at + 1]) if token[1] else ".{0,120}?"
        else:
            literal += " ?: ?" if token[3] else " "
    out.append(_joined(waiting, literal + re.escape(phrase[at:])))
    return "".join(out) + whole_word + (rf"[ .!:]{{0,9}}{end}" if end else "")


def _joined(waiting: str, literal: str) -> str:
    return f"(?>{waiting}{literal})" if waiting and literal else waiting + literal


def _capture(name: str, goes_on: str) -> str:
    """Return what takes a named part of a text; ``goes_on`` is the sign that follows it in the phrase."""
    expression = _CAPTURES.get(name, ".{1,200}?" if goes_on else ".{1,200}")
    if name == "carrier" and goes_on in ("", "*", ":"):
        return f"(?>(?P<{name}>{expression}){_NAME_END})"
    return f"(?P<{name}>{expression})"


class Plain:
    """The folded lines of a whole text, and its single words: made once, they tell which phrases it can hold at all."""

    __slots__ = ("starts", "text", "words")

    def __init__(self, lines: Iterable[Line]) -> None:
        self.text = "\n".join([line.plain[:LINE_LIMIT] for line in lines])
        self.words = frozenset(self.text.split())
        self.starts = frozenset([word[:_START] for word in self.words] + [word[:2] for word in self.words])


def _keys(literals: Iterable[str]) -> tuple[str, str]:
    """Return a word that a text must hold where the literal parts stand, or how one must begin; empty when unsure.

    Behind a blank a word begins, and before the next it ends; what stands first or last in a part may go on.
    """
    whole, start = "", ""
    for literal in literals:
        _, *words = literal.split(" ")
        *within, last = words or [""]
        whole = max(whole, *within, key=len) if within else whole
        start = max(start, last, key=len)
    return whole if len(whole) > 2 else "", start[:_START] if len(start) >= _START else start[:2] if len(
        start
    ) > 1 else ""


class _Phrase:
    """One phrase; its expression is compiled when a text first holds the phrase's longest literal part."""

    __slots__ = ("_compiled", "_written", "head", "loose", "name", "needle", "number", "start", "word")

    def __init__(self, name: str, phrase: str, number: int = 0) -> None:
        self.name = name
        self.number = number
        self.loose = phrase.startswith("*")
        self._written = phrase.strip("*").lstrip()
        plain = fold(self._written).rstrip().rstrip("$").rstrip()
        literals = _LITERAL.split(plain) if _SPECIAL.search(plain) else [plain]
        self.needle = max(literals, key=len).strip()
        first = literals[0]
        self.head = first[:_LONG] if len(first) >= _LONG else first[:_SHORT] if len(first) >= _SHORT else ""
        self.word, self.start = _keys(literals) if self.loose or not self.head else ("", "")
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
        self._loose = tuple(loose)

    def _fitting(self, plain: str) -> list[_Phrase]:
        """Return the phrases of which the longest literal part stands in the line, in their order."""
        found = [phrase for phrase in self._loose if phrase.needle in plain]
        for size in (_LONG, _SHORT):
            begun = self._begins.get(plain[:size])
            if begun:
                found += [phrase for phrase in begun if phrase.needle in plain]
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
            if phrase.head and not phrase.loose:
                begins.setdefault(phrase.head, []).append(phrase)
        loose = [phrase for phrase in phrases if phrase.loose or not phrase.head]
        super().__init__(begins, loose)
        self._anywhere: list[_Phrase] = []
        self._by_word: dict[str, list[_Phrase]] = {}
        self._by_start: dict[str, list[_Phrase]] = {}
        for phrase in loose:
            if phrase.word:
                self._by_word.setdefault(phrase.word, []).append(phrase)
            elif phrase.start:
                self._by_start.setdefault(phrase.start, []).append(phrase)
            else:
                self._anywhere.append(phrase)

    def within(self, text: Plain) -> Matcher:
        """Return those phrases that can fit a line of this text: a mail holds few of the many."""
        plain = text.text
        few = [phrase for phrase in self._anywhere if phrase.needle in plain]
        for word in self._by_word.keys() & text.words:
            few += [phrase for phrase in self._by_word[word] if phrase.needle in plain]
        for start in self._by_start.keys() & text.starts:
            few += [phrase for phrase in self._by_start[start] if phrase.needle in plain]
        return Matcher(self._begins, few)


def _trimmed(text: str) -> str:
    """Return what was taken without the signs around it; the last dot of an abbreviation stays ("Foo S.L.")."""
    text = text.strip(" ,;:：、。")
    bare = text.strip(".").rstrip()
    last = bare.rpartition(" ")[2]
    return f"{bare}." if text.endswith(".") and "." in last and last.replace(".", "").isalpha() else bare


def _hit(name: str, match: re.Match[str], text: str) -> Hit:
    taken = {key: _trimmed(text[slice(*match.span(key))]) for key in match.re.groupindex}
    return Hit(name, taken, text[match.end() :].strip(" ：\u3000"))


class Words:
    """A set of phrases of which only the presence matters; each may stand anywhere in the text."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._phrases = [_Phrase("", f"*{phrase.strip('*')}") for phrase in phrases]

    def inside(self, plain: str) -> bool:
        """Tell whether one of the phrases stands in the folded text."""
        held = [phrase for phrase in self._phrases if phrase.needle in plain]
        return any(phrase.match(plain) for phrase in held)

    def within(self, plain: str) -> Words:
        """Return those phrases that can stand in a part of this folded text."""
        few = Words(())
        few._phrases = [phrase for phrase in self._phrases if phrase.needle in plain]
        return few
