"""What a carrier's mail tells by its shape: labels and sentences that no phrase of a language knows.

The phrases of the languages come first; these rules take what they leave. They know only single words of all
languages together (``words.toml``), so that a new label such as "Your consignment ref." is read without a new phrase.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from parsers import tracking
from parsers.carriers.data import shape_words
from parsers.carriers.mail import Mail, below
from parsers.text import Line

_LABEL = 48
"""Signs of a label at most."""
_NEAR = 48
"""Signs before a number in which its noun stands."""
_LINE = 400
_WORD = re.compile(r"[^\W_][\w°º.]*")
_TOKEN = re.compile(r"(?<![\w-])[A-Z0-9]{8,35}(?![\w-])")
_DIGIT = re.compile(r"\d")
_NAMED = re.compile(r" ?: ?([^\W\d_][^.,;:!?\d]{2,40})")
"""The place's own name behind "your safe place"."""


def is_number_label(plain: str) -> bool:
    """Tell whether folded words can be the label of a parcel's number: a noun, a word for a number, and few others."""
    if not plain or len(plain) > _LABEL or _DIGIT.search(plain):
        return False
    shape = shape_words()
    words = _WORD.findall(plain)
    if any(word.startswith(shape.other) for word in words):
        return False
    noun = any(word.startswith(shape.nouns) for word in words)
    number = any(word in shape.number or word.endswith(shape.stems) for word in words)
    return noun and number


def labelled(mail: Mail) -> Iterator[str]:
    """Yield what stands behind or under such a label, and formed numbers behind a parcel's noun."""
    for at, line in enumerate(mail.lines):
        label, colon, rest = line.plain[:_LINE].partition(":")
        if is_number_label(label.strip()):
            yield line.text[len(label) + 1 :].strip() if colon and rest.strip() else below(mail, at)
    for line in mail.lines:
        yield from _behind_noun(mail, line)


def _behind_noun(mail: Mail, line: Line) -> Iterator[str]:
    shape = shape_words()
    if not _DIGIT.search(line.plain):
        return
    capitals = line.plain[:_LINE].upper()
    for token in _TOKEN.finditer(capitals):
        if not tracking.formed(token[0], mail.carrier.forms):
            continue
        before = _WORD.findall(line.plain[max(0, token.start() - _NEAR) : token.start()])
        if any(word.startswith(shape.nouns) for word in before) and not any(w.startswith(shape.other) for w in before):
            yield token[0]


def place(lines: Sequence[Line]) -> str | None:
    """Return the first usual place or neighbour that lines name, as written; an unnamed safe place comes last."""
    shape, told = shape_words(), "\n".join([line.plain for line in lines])
    for every in (shape.places, shape.safe):
        names = [name for name in every if name in told]
        for line in lines if names else ():
            for name in names:
                at = line.plain.find(name)
                end = line.plain[at + len(name) :][:1]
                if at >= 0 and not line.plain[at - 1 : at].isalnum() and not (name.isascii() and end.isalnum()):
                    named = _NAMED.match(line.text[at + len(name) :]) if every is shape.safe else None
                    return named[1].strip() if named else line.text[at : at + len(name)]
    return None


def until(mail: Mail) -> Iterator[tuple[int, Line]]:
    """Yield the lines that tell until when something lasts."""
    words = shape_words().until.within(mail.held.text)
    for at, line in enumerate(mail.lines):
        if words.inside(f" {line.plain[:_LINE]} "):
            yield at, line
