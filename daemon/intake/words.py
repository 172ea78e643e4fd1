"""The words of mail programs, from ``config/intake/*.toml``, made ready for comparing."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from daemon import resources

_WIDE = 0x2E80
"""From here on letters stand without spaces between words."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A line with gaps: what it begins with, what follows somewhere, in order, and what it ends with."""

    begin: str
    between: tuple[str, ...]
    end: str

    def fits(self, text: str) -> bool:
        """Say whether folded ``text`` has this shape. Takes time in proportion to its length."""
        at, last = len(self.begin), len(text) - len(self.end)
        if at > last or not text.startswith(self.begin) or not text.endswith(self.end):
            return False
        if _joined(text, at) or (self.end and _joined(text, last)):
            return False
        for piece in self.between:
            at = text.find(piece, at, last)
            if at < 0:
                return False
            at += len(piece)
        return True


@dataclass(frozen=True, slots=True)
class Words:
    """Everything that tells a forward's or a reply's parts from its writer's words."""

    forward_prefixes: frozenset[str]
    reply_prefixes: frozenset[str]
    markers: frozenset[str]
    marker_starts: tuple[str, ...]
    forward_ends: tuple[str, ...]
    """What stands between dashes below a mail that was forwarded."""
    originals: frozenset[str]
    attributions: tuple[Shape, ...]
    attributions_with_address: tuple[Shape, ...]
    verbs: tuple[str, ...]
    """With one of these an attribution ends, where its colon is missing."""
    openings: tuple[str, ...]
    """With one of these an attribution begins that ends with anything."""
    before_names: frozenset[str]
    """Words of attributions behind which the writer's name may stand."""
    labels: dict[str, str]
    """Header label, folded → field."""
    bare_labels: dict[str, str]
    """The same for labels that no colon follows."""
    glued: re.Pattern[str]
    """A label in the middle of a line, as where line ends were lost."""
    months: dict[str, int]
    dotted_months: dict[str, int]
    """Other meanings of the same letters, where a point stands behind the year."""
    halves: dict[str, str]
    zones: dict[str, float]


@dataclass(frozen=True, slots=True)
class Endings:
    """What tells the end of the writer's words, and what others put above and below them."""

    starts: tuple[str, ...]
    sent: tuple[str, ...]
    sent_my: tuple[str, ...]
    sent_ends: tuple[str, ...]
    devices: tuple[str, ...]
    delimiters: frozenset[str]
    closings: frozenset[str]
    thanks: frozenset[str]
    warnings: tuple[str, ...]
    warning_words: tuple[str, ...]
    notices: tuple[str, ...]
    notice_mails: tuple[str, ...]
    """With one of these a notice begins that holds one of ``notice_words``."""
    notice_words: tuple[str, ...]
    above_lines: tuple[str, ...]
    """What a line holds below which the answered mail stands."""
    list_footers: tuple[str, ...]


def folded(text: str) -> str:
    """Return text for comparing: no case, compatible forms, typographic apostrophes and spaces made plain."""
    if text.isascii():
        return " ".join(text.lower().split())
    text = unicodedata.normalize("NFKC", text).casefold().replace("’", "'").replace("\u0307", "")
    return " ".join(text.split())


def plain(text: str) -> str:
    """Return ``folded`` text without accents."""
    text = folded(text)
    if text.isascii():
        return text
    return "".join([c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c)])


def table(name: str) -> dict[str, Any]:
    """Return ``config/intake/<name>.toml``."""
    return tomllib.loads((resources.config() / "intake" / f"{name}.toml").read_text("utf-8"))


def _joined(text: str, at: int) -> bool:
    """Say whether a word goes on across a place in a text."""
    if not 0 < at < len(text):
        return False
    left, right = text[at - 1], text[at]
    return left.isalpha() and right.isalpha() and ord(left) < _WIDE and ord(right) < _WIDE


def _shape(pattern: str) -> Shape:
    begin, *rest = (folded(piece) for piece in pattern.split("{}"))
    return Shape(begin, tuple(filter(None, rest[:-1])), rest[-1])


def _starts(phrases: Iterable[str]) -> tuple[str, ...]:
    """A space at the end of a phrase tells that a word ends there."""
    return tuple(folded(phrase) + " " * phrase.endswith(" ") for phrase in phrases)


def _set(words: Iterable[str]) -> frozenset[str]:
    return frozenset(map(folded, words))


def _all(groups: dict[str, list[str]]) -> frozenset[str]:
    return _set(word for words in groups.values() for word in words)


def _glued(labels: dict[str, str]) -> re.Pattern[str]:
    """Labels begin with a capital there, which tells « CETAsunto: » from « Entregado: »."""
    written = {
        form for label in labels for form in (label.capitalize(), label.upper() if len(label) < 3 else "") if form
    }
    either = "|".join(map(re.escape, sorted(written, key=len, reverse=True)))
    return re.compile(rf"(?<=[>\]\s)\d\w])({either})\s?[:：]\s")


def _numbered(months: dict[str, list[str]]) -> dict[str, int]:
    return {start: int(month) for month, starts in months.items() for start in starts}


@cache
def words() -> Words:
    """Return the words of forwards and quotations, read once."""
    forwards, headers = table("forwards"), table("headers")
    labels = {folded(label): field for field, some in headers["labels"].items() for label in some}
    shapes = {name: tuple(map(_shape, some)) for name, some in forwards["attributions"].items()}
    return Words(
        forward_prefixes=_set(forwards["subjects"]["forward"]),
        reply_prefixes=_set(forwards["subjects"]["reply"]),
        markers=_all(forwards["markers"]),
        marker_starts=_starts(forwards["marker_starts"]["all"]),
        forward_ends=_starts(forwards["ends"]["all"]),
        originals=_all(forwards["originals"]),
        attributions=shapes["all"],
        attributions_with_address=shapes["with_address"],
        verbs=tuple({shape.end for some in shapes.values() for shape in some if shape.end}),
        openings=tuple({shape.begin for shape in shapes["all"] if shape.begin and not shape.end}),
        before_names=frozenset(
            piece.split()[-1] for some in shapes.values() for shape in some for piece in shape.between
        ),
        labels=labels,
        bare_labels={folded(each): field for field, some in headers["labels_without_colon"].items() for each in some},
        glued=_glued(labels),
        months=_numbered(headers["months"]),
        dotted_months=_numbered(headers["months_before_dotted_year"]),
        halves={word: half[0] for half, some in headers["halves"].items() for word in some},
        zones=headers["zones"],
    )


@cache
def endings() -> Endings:
    """Return the words of signatures, notices and footers, read once."""
    raw = table("signatures")
    return Endings(
        starts=tuple(map(folded, raw["starts"])),
        sent=_starts(raw["sent"]),
        sent_my=_starts(raw["sent_my"]),
        sent_ends=tuple(map(folded, raw["sent_ends"])),
        devices=tuple(map(folded, raw["devices"])),
        delimiters=frozenset(raw["delimiters"]),
        closings=_set(raw["closings"]),
        thanks=_set(raw["thanks"]),
        warnings=tuple(map(folded, raw["warnings"])),
        warning_words=tuple(map(folded, raw["warning_words"])),
        notices=tuple(map(folded, raw["notices"])),
        notice_mails=tuple(map(folded, raw["notice_mails"])),
        notice_words=tuple(map(folded, raw["notice_words"])),
        above_lines=tuple(map(folded, raw["above_lines"])),
        list_footers=tuple(map(folded, raw["list_footers"])),
    )
