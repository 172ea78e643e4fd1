"""Lines of a mail without what is private: found by the lines' own forms, replaced by pseudonyms."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from daemon.intake.words import plain, table
from daemon.redaction.pseudonyms import Pseudonyms, longest_first

_URL = re.compile(r"https?://[^\s<>\"'\])]{1,4000}")
_EMAIL = re.compile(r"[\w.+%=-]{1,128}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_NUMBER = re.compile(
    r"(?<![\w-])(?:(?:\d{3}|D\d{2})-\d{7}-\d{7}|(?=(?:[A-Z]{0,9}\d){3})[A-Z0-9]{7,35}|\+\d[\d ().-]{7,20}\d"
    r"|0\d(?:[ .]\d\d){4}|\d{5,40})(?![\w-])"
)
_AMOUNT = r"\d{1,3}(?:[ \u00a0\u202f.,']\d{3}){0,3}(?:[.,]\d{1,2})?|\d{1,9}(?:[.,]\d{1,2})?"
_QUOTED = re.compile(r"«([^»]{3,400})»|“([^”]{3,400})”|„([^“”\"]{3,400})[“”\"]|\"([^\"]{3,400})\"")
_BULLET = re.compile(r"^\s*[*•·▪]\s+(\S.{2,600})$")
_PLACED = re.compile(r"^\s*((?:[^\W\d_]|['’. ]){2,40}) - ((?:[^\W\d_]|['’. -]){2,40})$")
_CUT = re.compile(r"([^:«“„\"«»]{8,200}?) ?(?:\.{3,}|…)")
_POST_CODE = re.compile(r"(?<!\d)\d{4,5}(?:-\d{3})? (?=[^\W\d_]{3})[^\d\n,]{3,40}")
_NAME_PART = re.compile(r"[^\W\d_][\w'’-]+")
_ADDRESS_LINES = 5
_LONGEST_ADDRESS = 60
_TITLE_START = 14
_SHORTEST_TITLE = 8
_DATED = re.compile(r"(?:19|20)\d\d")


@cache
def _data() -> dict[str, Any]:
    return table("redaction")


@cache
def _greeting() -> re.Pattern[str]:
    words = "|".join(map(re.escape, longest_first(plain(word) for word in _data()["greetings"])))
    return re.compile(rf"^\W{{0,3}}(?:{words})[ ,]+(?P<name>[^,!:;.?\d]{{2,60}})[,!:;.]?\s*$")


@cache
def _amount() -> re.Pattern[str]:
    signs = "|".join(map(re.escape, longest_first(_data()["currencies"])))
    return re.compile(rf"(?:{signs})[ \u00a0\u202f]?(?:{_AMOUNT})|(?:{_AMOUNT})[ \u00a0\u202f]?(?:{signs})(?!\w)")


def is_currency(text: str) -> bool:
    """Tell whether a text is nothing but a currency's sign."""
    return text in _data()["currencies"]


class Redactor:
    """Replaces what is private in one mail.

    ``names`` are known beforehand: the owner's, those of its headers. So are ``goods``: titles that the parsers know.
    """

    def __init__(self, pseudonyms: Pseudonyms, names: Iterable[str], goods: Iterable[str]) -> None:
        self._pseudonyms = pseudonyms
        self._names = {part.casefold() for name in names for part in _NAME_PART.findall(name) if len(part) > 2}
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
        folded = plain(line)
        found = _greeting().match(folded)
        if found and len(found["name"].split()) <= 4 and len(folded) == len(line.strip()):
            self._note(line.strip()[found.start("name") : found.end("name")])
        if placed := _PLACED.match(line):
            self._note(f"{placed[1]} {placed[2]}")
        for mark in _data()["after_name"]:
            if mark in line and len(before := line.partition(mark)[0].strip()) <= 20:
                self._note(before)
        titles = [next(filter(None, groups)) for groups in _QUOTED.findall(line)]
        titles += [bullet[1]] if (bullet := _BULLET.match(line)) else []
        self._titles |= {plain(title)[:_TITLE_START] for title in titles if len(title) >= _TITLE_START // 2}

    def _note(self, name: str) -> None:
        self._names |= {part.casefold() for part in _NAME_PART.findall(name) if len(part) > 2}

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

    def _words(self, text: str) -> str:
        for title in longest_first(title for title in self._goods if title in text):
            text = text.replace(title, self._pseudonyms.words(title))
        text = _CUT.sub(lambda found: self._cut(found[0], found[1]), text)
        text = _QUOTED.sub(lambda found: found[0][0] + self._pseudonyms.words(found[0][1:-1]) + found[0][-1], text)
        text = _amount().sub(lambda found: self._amount(found[0]), text)
        text = _NUMBER.sub(lambda found: self._pseudonyms.number(found[0]), text)
        return _NAME_PART.sub(lambda found: self._name(found[0]), text)

    def _cut(self, text: str, start: str) -> str:
        known = any(title.startswith(start.strip()) for title in self._goods)
        return self._pseudonyms.words(text) if known else text

    def _amount(self, text: str) -> str:
        return re.sub(_AMOUNT, lambda found: self._pseudonyms.number(found[0]), text)

    def _name(self, word: str) -> str:
        own = word.casefold() in self._names and (word[0].isupper() or not word[0].islower())
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
    return tuple(plain(label) for label in _data()["address_labels"])


@cache
def _streets() -> frozenset[str]:
    return frozenset(plain(street) for street in _data()["streets"])
