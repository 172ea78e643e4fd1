"""Lines of a mail without what is private: found by the lines' own forms, replaced by pseudonyms."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache

from daemon.intake.words import plain, table
from daemon.redaction.numbers import hidden_numbers
from daemon.redaction.people import NAME_PART, houses_in, named_in
from daemon.redaction.pseudonyms import Pseudonyms, longest_first

_URL = re.compile(r"https?://[^\s<>\"'\])]{1,4000}")
_EMAIL = re.compile(r"[\w.+%=-]{1,128}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_QUOTED = re.compile(r"«([^»]{3,400})»|“([^”]{3,400})”|„([^“”\"]{3,400})[“”\"]|\"([^\"]{3,400})\"")
_BULLET = re.compile(r"^\s*[*•·▪]\s+(\S.{2,600})$")
_PLACED = re.compile(r"^\s*((?:[^\W\d_]|['’. ]){2,40}) - ((?:[^\W\d_]|['’. -]){2,40})$")
_CUT = re.compile(r"([^:«“„\"«»]{8,200}?) ?(?:\.{3,}|…)")
_POST_CODE = re.compile(r"(?<!\d)\d{4,5}(?:-\d{3})? (?:[A-Z]{2} )?(?=[^\W\d_]{3})[^\d\n,]{3,40}")
_STREET = re.compile(
    r"(?<!\w)[^\W\d_][\w-]{2,30}(?:str\.|straße|strasse|straat|gracht|weg|laan|gasse|platz|plein|kade|gatan|vägen) ?"
    r"\d{1,4}(?: ?[A-Za-z](?!\w))?",
    re.I,
)
_ADDRESS_LINES = 5
_LONGEST_ADDRESS = 60
_TITLE_START = 14
_SHORTEST_TITLE = 8
_WORDS_OF_TITLE = 2
"""Spaces in what is quoted once and is therefore a title wherever it stands: shorter ones may be a button's words."""
_SHORTEST_HOUSE = 4
_ENDLESS = re.compile(r"\S{400,}")
_LONGEST_LINK = 4_000
_DATED = re.compile(r"(?:19|20)\d\d")


class Redactor:
    """Replaces what is private in one mail.

    ``names`` are known beforehand: the owner's, those of its headers. So are ``goods``: titles that the parsers know.
    """

    def __init__(self, pseudonyms: Pseudonyms, names: Iterable[str], goods: Iterable[str]) -> None:
        self._pseudonyms = pseudonyms
        self._names = {part.casefold() for name in names for part in NAME_PART.findall(name) if len(part) > 2}
        self._told: set[str] = set()
        self._titles: set[str] = set()
        self._goods: set[str] = {title for title in goods if len(title) >= _SHORTEST_TITLE}

    def learn(self, lines: Sequence[str]) -> None:
        """Note the names and titles that stand in lines: they are replaced in all others, too."""
        for line in lines:
            self._learn(line)

    def learn_goods(self, titles: Iterable[str]) -> None:
        """Note titles of goods, whole or cut short."""
        self._goods |= {cut for title in titles if len(cut := title.rstrip(".… ")) >= _SHORTEST_TITLE}

    def _learn(self, line: str) -> None:
        for name in named_in(line):
            self._note(name)
            self._told |= {part.casefold() for part in NAME_PART.findall(name) if len(part) > 2 and part[0].isupper()}
        for house in houses_in(line):
            self._names |= {part.casefold() for part in NAME_PART.findall(house) if len(part) >= _SHORTEST_HOUSE}
        if placed := _PLACED.match(line):
            self._note(f"{placed[1]} {placed[2]}")
        titles = [next(filter(None, groups)).strip() for groups in _QUOTED.findall(line)]
        titles += [bullet[1]] if (bullet := _BULLET.match(line)) else []
        self._goods |= {
            title for title in titles if len(title) >= _SHORTEST_TITLE and title.count(" ") >= _WORDS_OF_TITLE
        }
        self._titles |= {plain(title)[:_TITLE_START] for title in titles if len(title) >= _TITLE_START // 2}

    def _note(self, name: str) -> None:
        self._names |= {part.casefold() for part in NAME_PART.findall(name) if len(part) > 2}

    def lines(self, lines: Sequence[str]) -> list[str]:
        """Return the lines without what is private."""
        out: list[str] = []
        left = 0
        for line in lines:
            private = left > 0 and bool(line.strip()) and len(line) <= _LONGEST_ADDRESS and ":" not in line
            out.append(self._pseudonyms.words(line) if private else self.line(line))
            folded = plain(line)
            if any(label in folded for label in _labels()):
                left = _ADDRESS_LINES
            elif left:
                left = left - 1 if private or not line.strip() else 0
        return out

    def line(self, line: str) -> str:
        """Return one line, or a subject, without what is private."""
        line = _ENDLESS.sub(lambda found: self._endless(found[0]), line)
        if gift := _gift().match(line):
            return gift[1] + self._pseudonyms.words(gift[2])
        if self._is_address(line) or self._is_title(line) or _PLACED.match(line):
            return self._pseudonyms.words(line)
        line = _POST_CODE.sub(lambda found: self._pseudonyms.words(found[0]), line) if not _DATED.search(line) else line
        out, at = [], 0
        for found in re.finditer(f"{_URL.pattern}|{_EMAIL.pattern}", line):
            link = found[0].startswith("http")
            out += [self._words(line[at : found.start()])]
            out += [self._pseudonyms.link(found[0]) if link else self._pseudonyms.address(found[0].lower())]
            at = found.end()
        return "".join([*out, self._words(line[at:])])

    def _endless(self, run: str) -> str:
        """No wording is as long as that, and looking for names in it would take as long."""
        return run if run.startswith("http") and len(run) <= _LONGEST_LINK else self._pseudonyms.token(run[:40])

    def _words(self, text: str) -> str:
        for title in longest_first(title for title in self._goods if title in text):
            text = text.replace(title, self._pseudonyms.words(title))
        text = _CUT.sub(lambda found: self._cut(found[0], found[1]), text)
        text = _QUOTED.sub(lambda found: found[0][0] + self._pseudonyms.words(found[0][1:-1]) + found[0][-1], text)
        text = _STREET.sub(lambda found: self._pseudonyms.words(found[0]), text)
        text = _numbered_street().sub(lambda found: self._pseudonyms.words(found[0]), text)
        text = hidden_numbers(text, self._pseudonyms)
        return NAME_PART.sub(lambda found: self._name(found[0]), text)

    def _cut(self, text: str, start: str) -> str:
        known = any(title.startswith(start.strip()) for title in self._goods)
        return self._pseudonyms.words(text) if known else text

    def _name(self, word: str) -> str:
        folded = word.casefold()
        # A place or a shop may be an everyday word in small letters; who is greeted or has a title is a person.
        own = folded in self._told or (folded in self._names and not word[0].islower())
        return self._pseudonyms.word(word) if own else word

    def _is_title(self, line: str) -> bool:
        folded = plain(line)
        start = (bullet[1] if (bullet := _BULLET.match(folded)) else folded)[:_TITLE_START]
        return bool(start) and (bool(bullet) or start in self._titles)

    @staticmethod
    def _is_address(line: str) -> bool:
        if len(line) > _LONGEST_ADDRESS or not any(char.isdigit() for char in line):
            return False
        folded = plain(line)
        words = set(re.findall(r"[\w./]+", folded))
        return any(street in words or (not street.isascii() and street in folded) for street in _streets())


@cache
def _labels() -> tuple[str, ...]:
    data = table("redaction")
    return tuple(plain(label) for label in (*data["address_labels"], *data["gifts"]))


@cache
def _gift() -> re.Pattern[str]:
    labels = "|".join(map(re.escape, longest_first(table("redaction")["gifts"])))
    return re.compile(rf"(\s{{0,20}}(?i:{labels})\s{{0,3}}[:：]\s{{0,3}})(\S.*)$")


@cache
def _streets() -> frozenset[str]:
    return frozenset(plain(street) for street in table("redaction")["streets"])


@cache
def _numbered_street() -> re.Pattern[str]:
    """``12 bis rue des Lilas``, ``4 Mill Lane``, ``via Roma 3`` in a sentence: a number, a street's word, its name."""
    kinds = "|".join(map(re.escape, longest_first(table("redaction")["street_words"])))
    named = (
        r"(?:(?:de|des|du|la|les|le|l['’]|d['’]|del|della|dei|da|do|das|dos|van|der|the) ?){0,3}[^\W\d_][\w'’-]{1,30}"
    )
    capital = r"[A-ZÀ-ÖØ-ÞŁŚŻŹĆİŞ][\w'’-]{1,30}"
    return re.compile(
        rf"(?<!\w)\d{{1,4}}(?: ?(?:bis|ter|quater|[A-Za-z]))?,? (?i:{kinds})(?!\w) {named}(?: {capital}){{0,3}}"
        rf"|(?<!\w)\d{{1,5}} (?:{capital} ){{1,3}}(?i:{kinds})(?!\w)"
        rf"|(?<!\w)(?i:{kinds}) (?:{named} ){{1,2}}\d{{1,4}}(?!\w)"
    )
