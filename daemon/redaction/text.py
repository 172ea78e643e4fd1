"""Lines of a mail without what is private: found by the lines' own forms, replaced by pseudonyms."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache

from daemon.intake.words import plain
from daemon.redaction.goods import Titles
from daemon.redaction.labels import begins_below, data, labelled, sent_to
from daemon.redaction.numbers import hidden_numbers
from daemon.redaction.owner import Owner
from daemon.redaction.people import NAME_PART, courteous_in, houses_in, named_in, parts_in
from daemon.redaction.pseudonyms import Pseudonyms, longest_first

_URL = re.compile(r"https?://[^\s<>\"'\])]{1,4000}")
_EMAIL = re.compile(r"[\w.+%=-]{1,128}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_QUOTED = re.compile(r"«([^»]{3,400})»|“([^”]{3,400})”|„([^“”\"]{3,400})[“”\"]|\"([^\"]{3,400})\"")
_BULLET = re.compile(r"^\s*[*•·▪]\s+(\S.{2,600})$")
_PLACED = re.compile(r"^\s*((?:[^\W\d_]|['’. ]){2,40}) - ((?:[^\W\d_]|['’. -]){2,40})$")
_CUT = re.compile(r"([^:«“„\"«»]{8,200}?) ?(?:\.{3,}|…)")
_POST_CODE = re.compile(r"(?<!\d)\d{4,5}(?:-\d{3})? (?:[A-Z]{2} )?(?=[^\W\d_]{3})[^\d\n,]{3,40}")
_TOWN = re.compile(
    r"(?<![A-Za-z0-9])(?:[A-Z][\w'’-]{1,30} ){0,3}[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}(?![A-Za-z0-9])"
    r"|(?<![\w-])(?:\d{3} \d{2}|\d{2}-\d{3}) [^\W\d_a-z][^\W\d_]{2,30}"
)
_STREET = re.compile(
    r"(?<!\w)[^\W\d_][\w-]{2,30}(?:str\.|straße|strasse|straat|gracht|weg|laan|gasse|platz|plein|kade|gatan|vägen) ?"
    r"\d{1,4}(?: ?[A-Za-z](?!\w))?",
    re.I,
)
_ADDRESS_LINES = 5
_LONGEST_ADDRESS = 60
_TITLE_START = 14
_SHORTEST_TITLE = 8
_MOST_TITLES = 200
"""No mail is about more goods; each is looked for in every line."""
_LONGEST_LINE = 1_000
_PIECE = re.compile(rf".{{1,{_LONGEST_LINE}}}(?=[ \u00a0\t])|.{{1,{_LONGEST_LINE}}}", re.S)
"""Looking through a line takes longer than its length grows, so that longer ones are cut at a blank."""
_WORDS_OF_TITLE = 2
"""Spaces in what is quoted once and is therefore a title wherever it stands: shorter ones may be a button's words."""
_SHORTEST_HOUSE = 4
_ENDLESS = re.compile(r"\S{400,}")
_LONGEST_LINK = 4_000
_DATED = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


class Redactor:
    """Replaces what is private in one mail.

    Known beforehand are the ``owner``, the ``names`` of its headers and ``goods``: titles that the parsers know.
    """

    def __init__(self, pseudonyms: Pseudonyms, owner: Owner, names: Iterable[str], goods: Iterable[str]) -> None:
        self._pseudonyms = pseudonyms
        self._owner = owner
        self._names = {part.casefold() for name in names for part in NAME_PART.findall(name) if len(part) > 2}
        self._told: set[str] = set()
        self._courteous: set[str] = set()
        self._titles: set[str] = set()
        self._goods: set[str] = {title for title in goods if len(title) >= _SHORTEST_TITLE}
        self._named = Titles(())

    def learn(self, lines: Sequence[str]) -> None:
        """Note the names and titles that stand in lines: they are replaced in all others, too."""
        for line in dict.fromkeys(lines):
            for piece in _pieces(line):
                self._learn(piece)
        self._goods = set(longest_first(self._goods)[:_MOST_TITLES])

    def learn_goods(self, titles: Iterable[str]) -> None:
        """Note titles of goods, whole or cut short."""
        self._goods |= {cut for title in titles if len(cut := title.rstrip(".… ")) >= _SHORTEST_TITLE}

    def learn_subject(self, subject: str) -> None:
        """Note the words of the titles that a subject quotes: they are replaced in sentences, too."""
        self._named = Titles(_quoted(subject))

    def _learn(self, line: str) -> None:
        for name in named_in(line):
            self._note(name)
            self._told |= {part.casefold() for part in NAME_PART.findall(name) if len(part) > 2 and part[0].isupper()}
        self._told |= {part.casefold() for part in parts_in(line)}
        self._courteous |= set(courteous_in(line))
        for house in houses_in(line):
            self._names |= {part.casefold() for part in NAME_PART.findall(house) if len(part) >= _SHORTEST_HOUSE}
        if placed := _PLACED.match(line):
            self._note(f"{placed[1]} {placed[2]}")
        titles = _quoted(line)
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
            if any(label in folded for label in _labels()) or begins_below(line):
                left = _ADDRESS_LINES
            elif left:
                left = left - 1 if private or not line.strip() else 0
        return out

    def line(self, line: str) -> str:
        """Return one line, or a subject, without what is private."""
        return "".join(map(self._line, _pieces(line)))

    def known(self, text: str) -> str:
        """Return a text without the names that are known: of what is no sentence, as a style's name."""
        return NAME_PART.sub(lambda found: self._name(found[0]), self._owner.hidden(text, self._pseudonyms))

    def _line(self, line: str) -> str:
        line = _ENDLESS.sub(lambda found: self._endless(found[0]), line)
        if (at := labelled(line)) is not None:
            return self._line(line[:at]) + self._pseudonyms.words(line[at:])
        if self._is_address(line) or self._is_title(line) or _PLACED.match(line):
            return self._pseudonyms.words(line)
        for begin, end in sent_to(line):
            line = line[:begin] + self._pseudonyms.words(line[begin:end]) + line[end:]
        line = _TOWN.sub(lambda found: self._pseudonyms.words(found[0]), line)
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
        if "…" in text or "..." in text:
            text = _CUT.sub(lambda found: self._cut(found[0], found[1]), text)
        text = _QUOTED.sub(lambda found: found[0][0] + self._pseudonyms.words(found[0][1:-1]) + found[0][-1], text)
        text = self._named.hidden(text, self._pseudonyms)
        text = self._owner.hidden(text, self._pseudonyms)
        for name in longest_first(name for name in self._courteous if name in text):
            text = text.replace(name, self._pseudonyms.words(name))
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


def _pieces(line: str) -> list[str]:
    return [line] if len(line) <= _LONGEST_LINE or line.startswith("http") else _PIECE.findall(line)


def _quoted(line: str) -> list[str]:
    return [next(filter(None, groups)).strip() for groups in _QUOTED.findall(line)]


@cache
def _labels() -> tuple[str, ...]:
    return tuple(plain(label) for label in (*data()["address_labels"], *data()["gifts"]))


@cache
def _streets() -> frozenset[str]:
    return frozenset(plain(street) for street in data()["streets"])


@cache
def _numbered_street() -> re.Pattern[str]:
    """``12 bis rue des Lilas``, ``4 Mill Lane``, ``via Roma 3`` in a sentence: a number, a street's word, its name."""
    kinds = "|".join(map(re.escape, longest_first(data()["street_words"])))
    named = (
        r"(?:(?:de|des|du|la|les|le|l['’]|d['’]|del|della|dei|da|do|das|dos|van|der|the) ?){0,3}[^\W\d_][\w'’-]{1,30}"
    )
    capital = r"[A-ZÀ-ÖØ-ÞŁŚŻŹĆİŞ][\w'’-]{1,30}"
    return re.compile(
        rf"(?<!\w)\d{{1,4}}(?: ?(?:bis|ter|quater|[A-Za-z]))?,? (?i:{kinds})(?!\w) {named}(?: {capital}){{0,3}}"
        rf"|(?<!\w)\d{{1,5}} (?:{capital} ){{1,3}}(?i:{kinds})(?!\w)"
        rf"|(?<!\w)(?i:{kinds}) (?:{named} ){{1,2}}\d{{1,4}}(?!\w)"
    )
