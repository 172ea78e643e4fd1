"""What happened, told by the subject's beginning, else by the headline.

Never by the progress bar: shipped, out-for-delivery and delivered mails all hold the words of all four steps.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from parsers.amazon.lexicon import Lexicon
from parsers.notice import Kind
from parsers.text import Line, clean, fold
from parsers.wording import Hit, Matcher, Phrases, Plain

# Titles are cut after a few words; the bounds keep strange subjects cheap.
_QUOTED = re.compile(
    r"«[^»]{0,160}»|“[^”]{0,160}”|„[^“”\"]{0,160}[“”\"]|”[^”]{0,160}”|»[^«]{0,160}«|‘[^’]{0,160}’"
    # A title may hold quotes of its own: "Cable 6"-12"...".
    r"|「[^」]{0,160}」|『[^』]{0,160}』|\"[^\"]{0,200}(?:\"[^\"]{0,80}\"[^\"]{0,80}){0,3}\.{2,4}\"|\"[^\"]{0,160}\""
    r"|(?<!\w)'[^']{2,160}'(?!\w)|[«“„\"「][^»”\"」]{0,160}$"
)
_OPENING = 16  # a sentence that is a condition begins with its word
_ENDS = frozenset((Kind.CANCELLED, Kind.REFUNDED))
_SUBJECT_LIMIT = 1_000
_HEADLINES = 60


def skeleton(subject: str) -> str:
    """Return the subject with each quoted title replaced by ``§``: titles hold any word there is."""
    return " ".join(_QUOTED.sub(" § ", clean(subject[:_SUBJECT_LIMIT])).split())


class Subject:
    """A subject as phrases meet it."""

    __slots__ = ("line", "plain")

    def __init__(self, subject: str) -> None:
        short = skeleton(subject)
        self.line = Line(short, fold(short))
        self.plain = Plain([self.line])

    def find(self, phrases: Phrases) -> Hit | None:
        """Return the first phrase that fits."""
        return phrases.within(self.plain).find(self.line)


def title_in_subject(subject: str) -> str | None:
    """Return the first quoted title of a subject, without its dots, or None when it is all dots."""
    found = _QUOTED.search(clean(subject[:_SUBJECT_LIMIT]))
    title = found[0].strip("«»“”„\"‘’'「」『』 ").rstrip(".… ") if found else ""
    return title if len(title) > 2 else None


def of_subject(subject: Subject, lexicon: Lexicon) -> Kind | None:
    """Return the kind that the subject states; "If your parcel was not delivered" states none."""
    hit = subject.find(lexicon.subject)
    return Kind(hit.name) if hit and not lexicon.conditional.inside(subject.line.plain[:_OPENING]) else None


def of_headline(lines: Sequence[Line], plain: Plain, lexicon: Lexicon) -> Kind | None:
    """Return the kind that the first telling line states; ``plain`` is made of the lines.

    "If your refund has not arrived" denies nothing, so that such a line is passed over.
    """
    written = [line for line in lines if line.plain and not line.picture][:_HEADLINES]
    headline = lexicon.headline.within(plain)
    hits = ((line, hit) for line in written if (hit := headline.find(line)))
    told = (_final(line, hit, headline) for line, hit in hits if not _supposes(line, hit, lexicon))
    return next(told, None)


def _final(line: Line, hit: Hit, headline: Matcher) -> Kind:
    """Return what a line states; of a delivery that failed and what came of it, the latter."""
    if hit.name != Kind.ATTEMPTED:
        return Kind(hit.name)
    return next((Kind(each.name) for each in headline.all(line) if each.name in _ENDS), Kind.ATTEMPTED)


def _supposes(line: Line, hit: Hit, lexicon: Lexicon) -> bool:
    """Tell whether a line only says what may be, or will: it begins so, or denies something under a condition."""
    told = line.plain[: len(line.plain) - len(hit.rest)]
    if hit.name != Kind.CONFIRMED and lexicon.later.inside(told):
        return True  # "We'll email you when your order has shipped"
    if not lexicon.conditional.inside(line.plain):
        return False
    return hit.name == Kind.OTHER or lexicon.conditional.inside(line.plain[:_OPENING])


def of_body(subject: Subject, lines: Sequence[Line], plain: Plain, lexicon: Lexicon) -> Kind | None:
    """Return what a mail tells whose subject states nothing: by its headline, else by what its subject hints at.

    Some subjects are the headlines of other mails.
    """
    kind = of_headline(lines, plain, lexicon)
    if kind is not None:
        return kind
    hint = subject.find(lexicon.weak_subject)
    return Kind(hint.name) if hint else of_headline([subject.line], subject.plain, lexicon)


def is_noise(subject: Subject, lexicon: Lexicon) -> bool:
    """Tell whether the subject is known as one that says nothing of an order's course.

    What the lexicon calls ``order`` is none, whatever noise it holds ("a one-time password for your delivery").
    """
    hit = subject.find(lexicon.noise)
    return hit is not None and hit.name == "subject"
