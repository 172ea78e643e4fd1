"""A small language for phrases in a lexicon, and the plain form of text that they are looked for in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_GAPS = {"...": r"(?:\s\S+){0,3}?", "......": r"(?:\s\S+){0,6}?"}
_START = 4
_CLAUSE_END = " | "
_PUNCTUATION = re.compile(r"[.,;:!?…\n()\[\]/«»\"“”]+|\s[-–—]+\s|[\u2600-\u27bf\U0001f300-\U0001faff]+")


def plain(text: str) -> str:
    """Return words without accents, case and apostrophes; the ends of clauses as `` | ``."""
    text = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).casefold().replace("œ", "oe"))
    text = text if text.isascii() else "".join([c for c in text if c < "\u0300" or not unicodedata.combining(c)])
    text = _PUNCTUATION.sub(_CLAUSE_END, f" {text} ")
    return re.sub(r"[^\w|]+|_+", " ", text)


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
    for phrase in phrases:
        words = [word.split("|") for word in phrase.split() if word not in ("^", "$", *_GAPS)]
        telling = [
            word for word in words if all(len(each.partition("*")[0]) >= _START or "*" not in each for each in word)
        ]
        if not telling:
            return frozenset()
        # Of a phrase's words the longest is the rarest.
        rarest = max(telling, key=lambda word: min(map(len, word)))
        out.update(each.partition("*")[0][:_START] for each in rarest)
    return frozenset(out)


def _form(phrase: str) -> str:
    words = phrase.split()
    first, last = words[:1] == ["^"], words[-1:] == ["$"]
    out = ""
    for word in words[first : len(words) - last]:
        out += _GAPS[word] if word in _GAPS else (r"\s" if out else "") + _word(word)
    return ("(?<=^\\s)" if first else "") + out + (r"(?=\s$)" if last else "")


def _word(word: str) -> str:
    choices = (re.escape(each).replace(r"\*", r"\w*") for each in word.split("|"))
    return f"(?:{'|'.join(choices)})"
