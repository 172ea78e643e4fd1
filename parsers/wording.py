"""Wordings of mails as data: phrases from TOML files, compiled once; ``parsers.phrase`` tells how one is written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from operator import attrgetter
from typing import NamedTuple

from parsers.phrase import LONG, SHORT, START, Phrase, load, pattern
from parsers.text import Line

__all__ = ["Hit", "Matcher", "Phrases", "Plain", "Words", "load", "pattern"]

LINE_LIMIT = 400  # no label stands further inside a line; strange input must not be slow
_FEW = 30
"""So many phrases are sooner looked for one by one than a text is taken apart."""


class Hit(NamedTuple):
    """What a line was recognised as, and what its phrase took out of it (as written, not folded)."""

    name: str
    taken: dict[str, str]
    rest: str


class Plain:
    """The folded lines of a whole text, with its words and their beginnings: they tell which phrases it can hold."""

    __slots__ = ("keys", "text")

    def __init__(self, lines: Iterable[Line]) -> None:
        self._take("\n".join([line.plain[:LINE_LIMIT] for line in lines]))

    def _take(self, text: str) -> None:
        self.text = text
        words = {*text.split()}
        self.keys = frozenset([*words, *[word[:START] for word in words], *[word[:2] for word in words]])

    @classmethod
    def of(cls, text: str) -> Plain:
        """Return what a folded text can hold."""
        plain = cls.__new__(cls)
        plain._take(text)
        return plain


_Needle = tuple[str, Phrase]
"""A phrase, beside its longest literal part."""
_number = attrgetter("number")


_Alike = list[tuple[str, list[_Needle]]]
"""Phrases that hold the same part, beside it: it is looked for once."""


def _alike(found: Iterable[_Needle], length: int | None = None) -> _Alike:
    """Return phrases by their longest literal part, or by its first characters."""
    groups: dict[str, list[_Needle]] = {}
    for each in found:
        groups.setdefault(each[0][:length], []).append(each)
    return [*groups.items()]


class _Index:
    """Phrases for anywhere in a text, by a word that it must hold for them, or by how one must begin."""

    __slots__ = ("_anywhere", "_by_key", "_keys")

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        anywhere: list[_Needle] = []
        by_key: dict[str, list[_Needle]] = {}
        for phrase in phrases:
            key = phrase.word or phrase.start
            (by_key.setdefault(key, []) if key else anywhere).append((phrase.needle, phrase))
        self._anywhere = _alike(anywhere, START)
        self._by_key = {key: _alike(found) for key, found in by_key.items()}
        # Between frozen sets the smaller is looked up in the larger, with no word's hash made anew.
        self._keys = frozenset(by_key)

    def held(self, text: Plain) -> list[_Needle]:
        """Return the phrases of which the longest literal part stands in the text."""
        plain, by_key = text.text, self._by_key
        few = [each for part, found in self._anywhere if part in plain for each in found if each[0] in plain]
        for key in self._keys & text.keys:
            for part, found in by_key[key]:
                if part in plain:
                    few += found
        return few


_REMEMBERED = 3_000
"""Lines of which is remembered what they are."""


class _Known:
    """What lines were found to be. Few are remembered: those that every mail of a sender holds come again at once."""

    def __init__(self) -> None:
        self.first: dict[tuple[str, str], Hit | None] = {}
        self.every: dict[tuple[str, str], tuple[Hit, ...]] = {}

    def trimmed(self) -> _Known:
        """Forget everything once it is too much."""
        for each in (self.first, self.every):
            if len(each) > _REMEMBERED:
                each.clear()
        return self


class Matcher:
    """Phrases in an order: of two that fit a line, the first counts.

    Those that stand at a line's beginning are found by its first characters, so that a line meets few of the many.
    """

    def __init__(
        self, begins: Mapping[str, list[_Needle]], loose: Iterable[_Needle], known: _Known | None = None
    ) -> None:
        """``known`` remembers what lines are: mails of one sender share most of theirs."""
        self._begins = begins
        self._loose = tuple(loose)
        self._known = _Known() if known is None else known

    def _fitting(self, plain: str) -> list[Phrase]:
        """Return the phrases of which the longest literal part stands in the line, in their order."""
        found: list[Phrase] = []  # filled by a loop: it is met for every line, where a comprehension costs more
        for needle, phrase in self._loose:
            if needle in plain:
                found.append(phrase)
        begins = self._begins
        for begun in (begins.get(plain[:LONG]), begins.get(plain[:SHORT])):
            if begun:
                found += [phrase for needle, phrase in begun if needle in plain]
        if len(found) > 1:
            found.sort(key=_number)
        return found

    def find(self, line: Line) -> Hit | None:
        """Return what the line is, or None."""
        key = (line.plain, line.text)
        if key not in self._known.first:
            self._known.first[key] = self._find(line)
        return self._known.first[key]

    def _find(self, line: Line) -> Hit | None:
        plain = line.plain[:LINE_LIMIT]
        for phrase in self._fitting(plain):
            match = phrase.match(plain)
            if match:
                return _hit(phrase.name, match, line.text)
        return None

    def all(self, line: Line) -> tuple[Hit, ...]:
        """Return the first phrase that fits the line's beginning, and the first of each group that fits anywhere."""
        key = (line.plain, line.text)
        if key not in self._known.every:
            self._known.every[key] = self._all(line)
        return self._known.every[key]

    def _all(self, line: Line) -> tuple[Hit, ...]:
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
        phrases = [Phrase(name, phrase, number) for number, (name, phrase) in enumerate(written)]
        begins: dict[str, list[_Needle]] = {}
        for phrase in phrases:
            if phrase.head and not phrase.loose:
                begins.setdefault(phrase.head, []).append((phrase.needle, phrase))
        loose = [phrase for phrase in phrases if phrase.loose or not phrase.head]
        super().__init__(begins, [(phrase.needle, phrase) for phrase in loose])
        self._index = _Index(loose)

    def within(self, text: Plain) -> Matcher:
        """Return those phrases that can fit a line of this text: a mail holds few of the many."""
        return Matcher(self._begins, self._index.held(text), self._known.trimmed())


def _trimmed(text: str) -> str:
    """Return what was taken without the signs around it; the last dot of an abbreviation stays ("Foo S.L.")."""
    text = text.strip(" ,;:：、。")
    bare = text.strip(".").rstrip()
    last = bare.rpartition(" ")[2]
    return f"{bare}." if text.endswith(".") and "." in last and last.replace(".", "").isalpha() else bare


def _hit(name: str, match: re.Match[str], text: str) -> Hit:
    taken = {key: _trimmed(text[slice(*match.span(key))]) for key in match.re.groupindex}
    return Hit(name, taken, text[match.end() :].strip(" ：\u3000"))


@lru_cache(maxsize=1)
def _held_by(text: str) -> Plain:
    """Return what a text can hold: many sets of words are asked of the same one in turn."""
    return Plain.of(text)


class Words:
    """A set of phrases of which only the presence matters; each may stand anywhere in the text."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._phrases = [Phrase("", f"*{phrase.strip('*')}") for phrase in phrases]
        self._index = _Index(self._phrases) if len(self._phrases) > _FEW else None

    def _held(self, plain: str) -> list[Phrase]:
        if self._index is None:
            return [phrase for phrase in self._phrases if phrase.needle in plain]
        return [phrase for _, phrase in self._index.held(_held_by(plain))]

    def inside(self, plain: str) -> bool:
        """Tell whether one of the phrases stands in the folded text."""
        return any(phrase.match(plain) for phrase in self._held(plain))

    def within(self, plain: str) -> Words:
        """Return those phrases that can stand in a part of this folded text."""
        few = Words(())
        few._phrases = self._held(plain)
        return few
