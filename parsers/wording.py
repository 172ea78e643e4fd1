"""Wordings of mails as data: phrases from TOML files, compiled once.

A phrase is matched on folded text (no accents, lower case), so that a file may be written naturally. ``*`` stands for
any few words, ``{name}`` takes what stands there, ``$`` at the end means that nothing may follow. Phrases match
at the beginning of a line, unless they start with ``*``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from parsers.text import Line, fold

_TOKEN = re.compile(r"\{(\w+)\}|(\*)|( ?: ?)|( )")
_CAPTURES = {
    "n": r"\d{1,4}",
    "tracking": r"[a-z]{0,4}-?(?=[a-z0-9 -]*\d)[a-z0-9]+(?: (?=[a-z0-9]*\d)[a-z0-9]+|-\d+)*",
    "order": r"(?:\d{3}-\d{7}-\d{7}|\d{17})",
    "date": r".{3,80}",
}


class Hit(NamedTuple):
    """What a line was recognised as, and what its phrase took out of it (as written, not folded)."""

    name: str
    taken: dict[str, str]
    rest: str


def pattern(phrase: str, suffix: str) -> str:
    """Return a phrase as a regular expression; ``suffix`` keeps the names of its groups apart from other phrases'."""
    phrase = fold(phrase.strip())
    end = "$" if phrase.endswith("$") else ""
    phrase = phrase.removesuffix("$").rstrip()
    out, at = [], 0
    for token in _TOKEN.finditer(phrase):
        out.append(re.escape(phrase[at : token.start()]))
        at = token.end()
        if token[1]:
            greedy = ".{1,200}" if at == len(phrase) else ".{1,200}?"
            out.append(f"(?P<{token[1]}__{suffix}>{_CAPTURES.get(token[1], greedy)})")
        else:
            out.append(".{0,120}?" if token[2] else " ?: ?" if token[3] else " ")
    out.append(re.escape(phrase[at:]))
    return "".join(out) + (rf"[ .!:]*{end}" if end else "")


class _Group(NamedTuple):
    name: str
    starts: re.Pattern[str] | None
    anywhere: re.Pattern[str] | None


class Phrases:
    """Named groups of phrases, in the order of their file: of two groups that fit a line, the first counts."""

    def __init__(self, groups: Mapping[str, Iterable[str]]) -> None:
        self._groups: list[_Group] = []
        starts: list[str] = []
        anywhere: list[str] = []
        for name, phrases in groups.items():
            begin, loose = _compiled(name, phrases)
            self._groups.append(_Group(name, _either(begin), _either(loose)))
            starts += begin
            anywhere += loose
        # Most lines are no label at all: one look at each of these two spares the look at every group.
        self._starts, self._anywhere = _either(starts), _either(anywhere)

    def _may(self, plain: str) -> bool:
        return bool((self._starts and self._starts.match(plain)) or (self._anywhere and self._anywhere.search(plain)))

    def find(self, line: Line) -> Hit | None:
        """Return what the line is, or None."""
        return self.search(line.text, line.plain)

    def search(self, text: str, plain: str) -> Hit | None:
        """Return the hit of the first group that fits a text, given with its folded form."""
        if not self._may(plain):
            return None
        for group in self._groups:
            match = (group.starts and group.starts.match(plain)) or (group.anywhere and group.anywhere.search(plain))
            if match:
                return _hit(match, text)
        return None

    def all(self, line: Line) -> tuple[Hit, ...]:
        """Return the first group that fits the line's beginning, and every one that fits somewhere in it."""
        if not self._may(line.plain):
            return ()
        begun = next((m for g in self._groups if g.starts and (m := g.starts.match(line.plain))), None)
        loose = [m for g in self._groups if g.anywhere and (m := g.anywhere.search(line.plain))]
        return tuple(_hit(match, line.text) for match in ([begun] if begun else []) + loose)


def _compiled(name: str, phrases: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return a group's phrases as expressions: those for a line's beginning, and those for anywhere."""
    starts: list[str] = []
    anywhere: list[str] = []
    for number, phrase in enumerate(phrases):
        suffix = f"{name}__{number}"
        loose = phrase.startswith("*")
        body = pattern(phrase.removeprefix("*").lstrip() if loose else phrase, suffix)
        (anywhere if loose else starts).append(f"(?P<is__{suffix}>{body})")
    return starts, anywhere


def _either(bodies: list[str]) -> re.Pattern[str] | None:
    return re.compile("|".join(bodies)) if bodies else None


def _hit(match: re.Match[str], text: str) -> Hit:
    """Unpack a match: groups are named ``is__<name>__<number>`` and ``<capture>__<name>__<number>``."""
    name, taken = "", {}
    for key in match.re.groupindex:
        start, end = match.span(key)
        if start < 0:
            continue
        what, _, rest = key.partition("__")
        if what == "is":
            name = rest.rpartition("__")[0]
        else:
            taken[what] = text[start:end].strip(" .,;:")
    return Hit(name, taken, text[match.end() :].strip())


class Words:
    """A set of phrases of which only the presence matters; each may stand anywhere in the text."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._found = _either([pattern(phrase.strip("*"), f"w__{number}") for number, phrase in enumerate(phrases)])

    def inside(self, plain: str) -> bool:
        """Tell whether one of the phrases stands in the folded text."""
        return self._found is not None and self._found.search(plain) is not None


@cache
def load(path: Path) -> Mapping[str, Any]:
    """Return one file of wordings. Raises ``tomllib.TOMLDecodeError`` when it is not TOML."""
    return tomllib.loads(path.read_text("utf-8"))
