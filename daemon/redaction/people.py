"""The names that a line tells: after a greeting, a title or a receiver's label, before a mark of courtesy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from daemon.intake.words import plain
from daemon.redaction.goods import wording
from daemon.redaction.labels import data, is_wording, labelled, sent_to
from daemon.redaction.pseudonyms import longest_first

NAME_PART = re.compile(r"[^\W\d_][\w'’-]+")
_MOST_WORDS = 4
_WIDE_LETTER = "[\u3005\u30a1-\u30fa\u30fc\u3400-\u9fff]"
_LONGEST_BEFORE = 20
_NAMED_BEFORE = r"((?:[A-ZÀ-ÖØ-ÞŁŚŻŹĆİŞ][\w'’.-]{1,30}[ \u00a0]){1,4})"
"""The blank behind each word keeps the search from trying every way to part a long one."""
_NAMED = r"((?:[A-ZÀ-ÖØ-ÞŁŚŻŹĆİŞ][\w'’.-]*[ \u00a0]{0,2}){1,4})"


def named_in(line: str) -> Iterator[str]:
    """Yield the names that a line tells by its form, as they are written there."""
    yield from _greeted(line)
    yield from (found[1] for found in _titled().finditer(line))
    # "Your driver Amazon", "Ihr Fahrer Ihre …": what mails themselves say is no name.
    yield from (found[1] for found in _driver().finditer(line) if plain(found[1]) not in wording())
    for mark in data()["after_name"]:
        if mark in line and len(before := line.partition(mark)[0].strip()) <= _LONGEST_BEFORE:
            yield before


def parts_in(line: str) -> Iterator[str]:
    """Yield the parts of the names that stand behind a label on its line."""
    at = labelled(line)
    said = [line[begin:end] for begin, end in sent_to(line)] + ([line[at : at + _LONGEST_BEFORE * 2]] if at else [])
    for part in (part for text in said for part in NAME_PART.findall(re.split(r"[,;\d]", text)[0])):
        if len(part) > 2 and part[0].isupper() and not is_wording(part):
            yield part


def courteous_in(line: str) -> Iterator[str]:
    """Yield the names before a mark of courtesy where words are not parted by blanks, with and without a blank."""
    if not any(mark in line for mark in data()["after_name"]):
        return
    for found in _courteous().finditer(line):
        if not found[1].endswith(tuple(data()["no_names"])):
            yield found[1]
            yield from (part for part in found[1].split() if len(part) > 1)


@cache
def _courteous() -> re.Pattern[str]:
    marks = "|".join(data()["after_name"])
    return re.compile(rf"({_WIDE_LETTER}{{1,10}}(?:[ \u3000]{_WIDE_LETTER}{{1,8}})?)[ \u3000]?(?:{marks})")


def houses_in(line: str) -> Iterator[str]:
    """Yield the names of buildings that a line tells, as they are written there."""
    yield from (found[1] or found[2] for found in _housed().finditer(line))


def _greeted(line: str) -> Iterator[str]:
    bare, folded = line.strip(), plain(line)
    # Folding may change the length (ß): then places in the one are not places in the other.
    found = _greeting().match(folded) if len(folded) == len(bare) else None
    if found is None:
        return
    name = bare[found.start("name") : found.end("name")]
    whole = not folded[found.end() :].strip()
    if len(name.split()) <= _MOST_WORDS and (whole or all(not word[0].islower() for word in name.split())):
        yield name


@cache
def _greeting() -> re.Pattern[str]:
    words = "|".join(map(re.escape, longest_first(plain(word) for word in data()["greetings"])))
    return re.compile(rf"^\W{{0,3}}(?:{words})[ ,]+(?P<name>[^,!:;.?\d]{{2,60}})(?:,|[!:;.]?\s*$)")


@cache
def _titled() -> re.Pattern[str]:
    titles, labels = ("|".join(map(re.escape, longest_first(data()[key]))) for key in ("titles", "receivers"))
    # Titles as they are written: "m." in small letters is a metre. A label may be followed by a title.
    return re.compile(
        rf"(?<!\w)(?:(?i:{labels})[ \u00a0]?:?[ \u00a0]*(?:(?:{titles})[ \u00a0])?|(?:{titles})[ \u00a0]){_NAMED}"
    )


@cache
def _driver() -> re.Pattern[str]:
    drivers = "|".join(map(re.escape, longest_first(data()["drivers"])))
    return re.compile(rf"(?<!\w)(?i:{drivers})[ \u00a0]?:?[ \u00a0]([A-ZÀ-ÖØ-ÞŁŚŻŹĆİŞ][^\W\d_A-Z][\w'’-]{{1,28}})")


@cache
def _housed() -> re.Pattern[str]:
    before, after = ("|".join(map(re.escape, longest_first(data()[key]))) for key in ("houses_before", "houses_after"))
    return re.compile(rf"(?<!\w)(?i:{before})[ \u00a0]{_NAMED}|(?<!\w){_NAMED_BEFORE}(?i:{after})(?!\w)")
