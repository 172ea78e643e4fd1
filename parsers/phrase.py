"""One wording of the lexicons: how it is written, and the expression that finds it.

A phrase is matched on folded text (no accents, lower case), so that a file may be written naturally. ``*`` stands for
any few words, ``{name}`` takes what stands there, ``{a|b}`` is one of these words (``{|a}`` also none), ``$`` at the
end means that nothing may follow, a blank at the end that the word ends there. Phrases match at the beginning of a
line, unless they start with ``*``; a blank behind that star (``* not …``) means that a word begins there.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from parsers.text import fold

_TOKEN = re.compile(r"\{(\w+)\}|(\*)|\{([^{}|]*\|[^{}]*)\}( ?)|( ?: ?)|( )")
_LITERAL = re.compile(r"\{[^{}]*\}|\*| ?: ?")
_SPECIAL = re.compile(r"[*{:]")
_NAMED = re.compile(r"\{@(\w+)\}")
_CHOICE = re.compile(r"\{([^{}|]*\|[^{}]*)\}")
_TELLING = 5
"""Characters of a part by which a phrase is looked up."""
START = 4
"""Characters of a word by which phrases are found that hold its beginning."""
LONG, SHORT = 7, 3
"""Characters of a phrase's beginning by which it is found."""


@cache
def load(path: Path) -> Mapping[str, Any]:
    """Return one file of wordings. Raises ``tomllib.TOMLDecodeError`` when it is not TOML."""
    return tomllib.loads(path.read_text("utf-8"))


def spelled(phrase: str, words: Mapping[str, str]) -> list[str]:
    """Return a phrase with the words that it names (``{@parcel}``) written out.

    One without a part that is the same in all its readings becomes several, by its last choice of whole words: lines
    are looked up by such a part, and what a sentence ends with tells more than what it begins with.
    Raises ``KeyError`` when it names words that there are none of.
    """
    whole = _NAMED.sub(lambda name: f"{{{words[name[1]]}}}", phrase)
    choices = [*_CHOICE.finditer(whole)]
    if not choices or max(map(len, _LITERAL.split(whole.strip("*")))) >= _TELLING:
        return [whole]
    choice = max(choices, key=lambda found: (_shortest(found[1]) >= START, found.start()))
    return [whole[: choice.start()] + each + whole[choice.end() :] for each in choice[1].split("|")]


def _shortest(words: str) -> int:
    return min(map(len, words.split("|")))


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


def pattern(phrase: str) -> str:
    """Return a phrase as a regular expression for folded text.

    What stands for any words ends at the first place where the phrase goes on, and is never tried again further on
    (atomic groups): the time grows with the text alone.
    """
    phrase = fold(phrase)
    word_begins = r"(?<!\w)" if phrase.startswith(" ") else ""
    word_ends = r"(?!\w)" if phrase.endswith(" ") else ""
    phrase = phrase.strip()
    end = "$" if phrase.endswith("$") else ""
    phrase = phrase.removesuffix("$").rstrip()
    out, at, literal, waiting = [], 0, "", ""
    for token in _TOKEN.finditer(phrase):
        literal += re.escape(phrase[at : token.start()])
        at = token.end()
        if token[1] or token[2]:
            out.append(_joined(waiting, literal))
            literal, waiting = "", _capture(token[1], phrase[at : at + 1]) if token[1] else ".{0,120}?"
        elif token[3]:
            literal += _one_of(token[3], token[4], own=phrase[: token.start()][-1:] in ("", " "))
        else:
            literal += " ?: ?" if token[5] else " "
    out.append(_joined(waiting, literal + re.escape(phrase[at:])))
    return word_begins + "".join(out) + word_ends + (rf"[ .!:]{{0,9}}{end}" if end else "")


def _one_of(words: str, blank: str, *, own: bool) -> str:
    """Return words of which one stands there, the longest tried first.

    ``own`` tells that they are words, not endings: where none stands, the ``blank`` behind does not either.
    """
    ordered = [
        re.escape(word) + (blank if own else "") for word in sorted(words.split("|"), key=len, reverse=True) if word
    ]
    maybe = "?" if len(ordered) <= words.count("|") else ""
    return f"(?:{'|'.join(ordered)}){maybe}{'' if own else blank}"


def _joined(waiting: str, literal: str) -> str:
    return f"(?>{waiting}{literal})" if waiting and literal else waiting + literal


def _capture(name: str, goes_on: str) -> str:
    """Return what takes a named part of a text; ``goes_on`` is the sign that follows it in the phrase."""
    expression = _CAPTURES.get(name, ".{1,200}?" if goes_on else ".{1,200}")
    if name == "carrier" and goes_on in ("", "*", ":"):
        return f"(?>(?P<{name}>{expression}){_NAME_END})"
    return f"(?P<{name}>{expression})"


def _keys(literals: Iterable[str], *, begins: bool) -> tuple[str, str]:
    """Return a word that a text must hold where the literal parts stand, or how one must begin; empty when unsure.

    Behind a blank a word begins, and before the next it ends; what stands first or last in a part may go on.
    ``begins`` tells that a word begins with the first part.
    """
    whole, start = "", ""
    for at, literal in enumerate(literals):
        _, *words = (f" {literal}" if begins and not at else literal).split(" ")
        *within, last = words or [""]
        whole = max(whole, *within, key=len) if within else whole
        start = max(start, last, key=len)
    return whole if len(whole) > 2 else "", start[:START] if len(start) >= START else start[:2] if len(
        start
    ) > 1 else ""


class Phrase:
    """One phrase; its expression is compiled when a text first holds the phrase's longest literal part."""

    __slots__ = ("_compiled", "_written", "head", "loose", "name", "needle", "number", "start", "word")

    def __init__(self, name: str, phrase: str, number: int = 0) -> None:
        self.name = name
        self.number = number
        self.loose = phrase.startswith("*")
        self._written = phrase.strip("*")
        plain = fold(self._written).strip().rstrip("$").rstrip()
        literals = _LITERAL.split(plain) if _SPECIAL.search(plain) else [plain]
        self.needle = max(literals, key=len).strip()
        first = literals[0]
        self.head = first[:LONG] if len(first) >= LONG else first[:SHORT] if len(first) >= SHORT else ""
        self.word, self.start = (
            _keys(literals, begins=self._written.startswith(" ")) if self.loose or not self.head else ("", "")
        )
        self._compiled: re.Pattern[str] | None = None

    def match(self, plain: str) -> re.Match[str] | None:
        """Return where the phrase stands in a folded text that holds its needle."""
        if self._compiled is None:
            self._compiled = re.compile(pattern(self._written))
        return self._compiled.search(plain) if self.loose else self._compiled.match(plain)
