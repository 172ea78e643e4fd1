"""Order numbers that no shop gave out: an imitation must name one, and often has only the look of one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from daemon.intake.words import plain, table

_MOST = 300_000
"""Most characters of a mail that are searched."""
_TAG = re.compile(r"<[^<>]*+>")
# Three groups of digits. Where hyphens part them, their lengths may be far off; where other signs do, only a little.
_NEAR = (
    r"([0-9]{2,5}+-[0-9]{4,9}+-[0-9]{4,9}+|[0-9]{2,4}+[._/][0-9]{6,8}+[._/][0-9]{6,8}+)"
    r"(?![\w@-]|[./][^\W_])"
)
# Numbers of other kinds that begin with a year, and telephone numbers.
_OTHER = re.compile(r"(?:19|20)\d\d-.*|0\d{1,4}-\d{4}-\d{4}")
_SPACED = re.compile(r"(?<=[0-9])\s{0,3}+-\s{0,3}+(?=[0-9])")
_HYPHENS = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212"), "-")
_UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"))


@dataclass(frozen=True, slots=True)
class _Patterns:
    genuine: re.Pattern[str]
    near: re.Pattern[str]


@cache
def _patterns() -> _Patterns:
    data = table("senders")["order_numbers"]
    genuine = "|".join(data["genuine"])
    named, marks = (
        "|".join(re.escape(each) for each in sorted(set(map(plain, words)), key=len, reverse=True))
        for words in ([*data["numbered"], *data["names"]], data["marks"])
    )
    near = rf"(?<!\w)(?:{named})\s{{0,5}}(?:(?:{marks})\s{{0,5}}){{0,3}}{_NEAR}"
    # In links, a number may stand between letters and signs of any kind.
    return _Patterns(re.compile(rf"(?<![0-9])(?:{genuine})(?![0-9])", re.I), re.compile(near))


def malformed(subject: str, text: str, html: str) -> bool:
    """Say whether a mail names an order by a number that nearly has the right form, and none by a right one.

    Numbers of wholly other forms are other numbers: of parcels, invoices, and of customers' own books.
    """
    genuine = _patterns().genuine
    if any(genuine.search(each[:_MOST]) for each in (subject, text, html)):
        return False
    read = [_read(each[:_MOST]) for each in (subject, text, _TAG.sub(" ", html[:_MOST]))]
    return not any(map(genuine.search, read)) and any(not _OTHER.fullmatch(each) for each in _named(read))


def _read(text: str) -> str:
    """Return text with digits and hyphens of every width as the ordinary ones, and without what nobody sees."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)[:_MOST].translate(_HYPHENS).translate(_UNSEEN)
    return _SPACED.sub("-", text)


def _named(texts: list[str]) -> Iterator[str]:
    """Yield what nearly is an order's number, and stands where one should."""
    return (match[1] for text in texts for match in _patterns().near.finditer(plain(text)))
