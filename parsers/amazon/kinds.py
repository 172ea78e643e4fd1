"""What happened, told by the subject's beginning, else by the headline.

Never by the progress bar: shipped, out-for-delivery and delivered mails all hold the words of all four steps.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from parsers.amazon.lexicon import Lexicon
from parsers.notice import Kind
from parsers.text import Line, clean, fold
from parsers.wording import Plain

_QUOTED = re.compile(r"«[^»]*»|“[^”]*”|„[^“”]*[“”]|\"[^\"]*\"|[«“„\"][^»”\"]*$")
_HEADLINES = 60


def skeleton(subject: str) -> str:
    """Return the subject with each quoted title replaced by ``§``: titles hold any word there is."""
    return " ".join(_QUOTED.sub(" § ", clean(subject)).split())


def _line(subject: str) -> Line:
    short = skeleton(subject)
    return Line(short, fold(short))


def title_in_subject(subject: str) -> str | None:
    """Return the first quoted title of a subject, without its dots, or None when it is all dots."""
    found = _QUOTED.search(clean(subject))
    title = found[0].strip('«»“”„" ').rstrip(".… ") if found else ""
    return title if len(title) > 2 else None


def of_subject(subject: str, lexicon: Lexicon) -> Kind | None:
    """Return the kind that the subject states."""
    hit = lexicon.subject.find(_line(subject))
    return Kind(hit.name) if hit else None


def of_headline(lines: Sequence[Line], plain: Plain, lexicon: Lexicon) -> Kind | None:
    """Return the kind that the first telling line states; ``plain`` is made of the lines."""
    written = [line for line in lines if line.plain and not line.picture][:_HEADLINES]
    headline = lexicon.headline.within(plain)
    hit = next((hit for line in written if (hit := headline.find(line))), None)
    return Kind(hit.name) if hit else None


def of_body(subject: str, lines: Sequence[Line], plain: Plain, lexicon: Lexicon) -> Kind | None:
    """Return what a mail tells whose subject states nothing: by its headline, else by what its subject hints at."""
    kind = of_headline(lines, plain, lexicon)
    if kind is None:
        hint = lexicon.weak_subject.find(_line(subject))
        kind = Kind(hint.name) if hint else None
    return kind


def is_noise(subject: str, lexicon: Lexicon) -> bool:
    """Tell whether the subject is known as one that says nothing of an order's course."""
    return lexicon.noise.find(_line(subject)) is not None
