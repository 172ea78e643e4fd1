"""A carrier's mail made ready for reading, and its lines that hold a label."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from parsers.carriers.data import Carrier, Language
from parsers.letter import Letter
from parsers.text import Line
from parsers.wording import Hit, Plain

_ENDS = re.compile(r"[.!?] |[。！]")
# A day's number ends no sentence: "bis zum 20.06. ab", "am 5. Juni".
_SENTENCE = re.compile(r"(?<=[.!?])(?<![ .]\d\.)(?<![ .]\d\d\.) +|(?<=[。！])")


class Mail(NamedTuple):
    """A carrier's mail, made ready for reading."""

    letter: Letter
    carrier: Carrier
    language: Language
    lines: Sequence[Line]
    """The subject, then the body's lines before the footer, empty ones left out."""
    urls: Sequence[str]
    today: date
    """The day of the mail in the carrier's zone."""
    held: Plain
    """All lines at once: it tells which phrases the mail can hold at all."""


def hits(mail: Mail, label: str) -> Iterable[tuple[int, Hit]]:
    """Yield the lines that a label stands in."""
    phrases = mail.language.labels[label].within(mail.held)
    for at, line in enumerate(mail.lines):
        hit = phrases.find(line)
        if hit:
            yield at, hit


def below(mail: Mail, at: int) -> str:
    """Return the line under a label that fills its line."""
    return mail.lines[at + 1].text if at + 1 < len(mail.lines) else ""


def sentences_of(line: Line) -> Iterable[Line]:
    """Return the sentences of a line, as written when it is one; most lines are."""
    if not _ENDS.search(line.plain):
        return [line]
    return [Line(part, part) for part in _SENTENCE.split(line.plain[:1000]) if part]
