"""What happened, told by the subject's beginning, else by the headline.

Never by the progress bar: shipped, out-for-delivery and delivered mails all hold the words of all four steps.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from parsers.amazon.lexicon import Lexicon
from parsers.notice import Kind
from parsers.text import Line, clean, fold

_QUOTED = re.compile(r"«[^»]*»|“[^”]*”|„[^“”]*[“”]|\"[^\"]*\"|[«“„\"][^»”\"]*$")
_HEADLINES = 60


def skeleton(subject: str) -> str:
    """Return the subject with each quoted title replaced by ``§``: titles hold any word there is."""
    return " ".join(_QUOTED.sub(" § ", clean(subject)).split())


def title_in_subject(subject: str) -> str | None:
    """Return the first quoted title of a subject, without its dots, or None when it is all dots."""
    found = _QUOTED.search(clean(subject))
    title = found[0].strip('«»“”„" ').rstrip(".… ") if found else ""
    return title if len(title) > 2 else None


def of_subject(subject: str, lexicon: Lexicon) -> Kind | None:
    """Return the kind that the subject states."""
    short = skeleton(subject)
    hit = lexicon.subject.search(short, fold(short))
    return Kind(hit.name) if hit else None


def of_headline(lines: Sequence[Line], lexicon: Lexicon) -> Kind | None:
    """Return the kind that the first telling line states."""
    seen = 0
    for line in lines:
        if not line.plain or line.picture:
            continue
        hit = lexicon.headline.find(line)
        if hit:
            return Kind(hit.name)
        seen += 1
        if seen > _HEADLINES:
            return None
    return None


def find(subject: str, lines: Sequence[Line], lexicon: Lexicon) -> Kind | None:
    """Return what the mail tells: its subject, else its headline, else what its subject hints at."""
    kind = of_subject(subject, lexicon) or of_headline(lines, lexicon)
    if kind is None:
        short = skeleton(subject)
        hint = lexicon.weak_subject.search(short, fold(short))
        kind = Kind(hint.name) if hint else None
    return kind


def is_noise(subject: str, lexicon: Lexicon) -> bool:
    """Tell whether the subject is known as one that says nothing of an order's course."""
    short = skeleton(subject)
    return lexicon.noise.search(short, fold(short)) is not None
