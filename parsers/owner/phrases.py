"""A small language for phrases in a lexicon, and the plain form of text that they are looked for in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_GAPS = {"...": r"(?:\s\S+){0,3}?", "......": r"(?:\s\S+){0,6}?"}
_NO_WORDS = frozenset({"^", "$", *_GAPS})
_START = 4
_BRIEF = re.compile(r"(?<!\w)\w{1,3}\*")
"""A beginning of a word that is shorter than what ``starts`` returns."""
_CLAUSE_END = " | "
_PUNCTUATION = re.compile(
    r"[.,;:!?…\n()\[\]/«»\"“”„。、・「」『』¿¡]+|\s[-–—]+\s|[\u2600-\u27bf\U0001f300-\U0001faff]+"
)
_LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ł": "l", "ø": "o", "ı": "i", "đ": "d"})
"""Letters that are no base letter with an accent, as they are typed where the keyboard lacks them."""
_UNSPACED = re.compile(r"([々\u3040-\u30ff\u3400-\u9fff])")
"""A letter of a script that writes no spaces: each is a word of its own."""


def plain(text: str) -> str:
    """Return words without accents, case and apostrophes; the ends of clauses as `` | ``."""
    text = _PUNCTUATION.sub(_CLAUSE_END, f" {unicodedata.normalize('NFKC', text)} ")
    return re.sub(r"[^\w|]+|_+", " ", folded(text))


def clauses(text: str, splits: re.Pattern[str]) -> list[str]:
    """Return the clauses of plain text, each between single spaces."""
    parts = splits.sub(_CLAUSE_END, text).split("|")
    return [f" {' '.join(part.split())} " for part in parts if part.strip()]


def compiled(phrases: Iterable[str]) -> re.Pattern[str]:
    """Return a pattern that finds any of the phrases in plain text; of none, one that finds nothing."""
    forms = [_form(phrase) for phrase in phrases]
    return re.compile(rf"(?<=\s)(?:{'|'.join(forms)})(?=\s)" if forms else r"(?!)")


def starts(text: str) -> set[str]:
    """Return how the words of plain text begin: their first four letters."""
    return {word[:_START] for word in text.split()}


def needed(phrases: Iterable[str]) -> frozenset[str]:
    """Return ``starts`` of which a text has at least one if it holds any of the phrases; none when that is not sure."""
    out: set[str] = set()
    for phrase in folded("\n".join(phrases)).split("\n"):
        rarest: list[str] = []
        for word in phrase.split():
            if word in _NO_WORDS:
                continue
            choices = [each.partition("*")[0] if len(each) <= _START else each[:_START] for each in word.split("|")]
            # Of a phrase's words the longest is the rarest; a short beginning tells nothing.
            if not _BRIEF.search(word) and (not rarest or min(map(len, choices)) > min(map(len, rarest))):
                rarest = choices
        if not rarest:
            return frozenset()
        out.update(rarest)
    return frozenset(out)


def folded(text: str) -> str:
    """Return text without accents and case, every letter of an unspaced script between spaces."""
    text = text.casefold()
    if text.isascii():
        return text
    text = unicodedata.normalize("NFD", text.translate(_LETTERS))
    return _UNSPACED.sub(r" \1 ", "".join([c for c in text if c < "\u0300" or not unicodedata.combining(c)]))


def _form(phrase: str) -> str:
    words = folded(phrase).split()
    first, last = words[:1] == ["^"], words[-1:] == ["$"]
    out = ""
    for word in words[first : len(words) - last]:
        out += _GAPS[word] if word in _GAPS else (r"\s" if out else "") + _word(word)
    return ("(?<=^\\s)" if first else "") + out + (r"(?=\s$)" if last else "")


def _word(word: str) -> str:
    choices = (re.escape(each).replace(r"\*", r"\w*") for each in word.split("|"))
    return f"(?:{'|'.join(choices)})"
