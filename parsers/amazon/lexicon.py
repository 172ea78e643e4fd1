"""The wordings of one language, compiled when they are first needed. A new language is a new file; no code.

Only the languages that a mail may be written in are loaded: its own, English, and those of its site.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from parsers import language
from parsers.language import Languages
from parsers.notice import ReplyMeaning
from parsers.phrase import spelled
from parsers.text import Line, fold
from parsers.wording import Phrases, Words, load

_FOLDER = Path(__file__).parent / "lexicon"
_EVERYWHERE = "en"  # on every site an account can be in English
_BEFORE_VALUE = re.compile(r"\*?([^*{}]+?)(?: :)? \{(carrier|tracking|method|seller|shipper|n)\}\$?")
_ALONE = {"carrier": "carrier", "tracking": "tracking", "method": "refund_method"}
"""The label of a value that stands alone, where it is not the one of the phrase."""
_BEGINNING = re.compile(r"^\*(?![ aeiouyhàâéèêëîïôöùûü])")
_HEAD, _HEAD_LENGTH = 80, 1_200
"""Lines of a mail, and characters of them, by which its language is told."""


def _written(phrase: str, words: Mapping[str, str]) -> Sequence[str]:
    return spelled(phrase, words) if "|" in phrase or "@" in phrase else (phrase,)


class Lexicon:
    """What Amazon says in one language; a table is compiled when something first asks for it."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.language: str = data["language"]
        self._data = data

    @cached_property
    def subject(self) -> Phrases:
        """Return the subjects of each kind."""
        return self._phrases(self._with_families("subject"))

    @cached_property
    def weak_subject(self) -> Phrases:
        """Return the subjects that prove little."""
        return Phrases(self._data["weak_subject"])

    @cached_property
    def headline(self) -> Phrases:
        """Return the sentences that tell what happened."""
        return self._phrases(self._with_families("headline"))

    def _with_families(self, table: str) -> dict[str, list[str]]:
        """Return a table of kinds, each with what says it both in subjects and in headlines."""
        return {kind: [*phrases, *self._families.get(kind, ())] for kind, phrases in self._data[table].items()}

    def _phrases(self, groups: Mapping[str, Iterable[str]]) -> Phrases:
        """Return phrases of which each has a part to look lines up by."""
        words = self._data.get("words", {})
        return Phrases(
            {name: [each for one in phrases for each in _written(one, words)] for name, phrases in groups.items()}
        )

    @cached_property
    def _families(self) -> dict[str, list[str]]:
        words = self._data.get("words", {})
        families = self._data.get("family", {})
        # In languages with blanks a family begins with a word by which lines are found, but for the elided ("l'envoi").
        begins = "*" if self._data.get("script") else "* "
        return {
            kind: [_BEGINNING.sub(begins, each) for one in phrases for each in spelled(one, words)]
            for kind, phrases in families.items()
        }

    @cached_property
    def conditional(self) -> Words:
        """Return the words of a line that says what may be."""
        return Words(self._data["conditional"])

    @cached_property
    def later(self) -> Words:
        """Return the words behind which a line says what has yet to happen."""
        return Words(self._data.get("later", ()))

    @cached_property
    def noise(self) -> Phrases:
        """Return the subjects that say nothing of an order's course."""
        return self._phrases(self._data["noise"])

    @cached_property
    def cut(self) -> Phrases:
        """Return how the rest of a mail begins that says nothing of the order."""
        return Phrases({"cut": self._data["labels"]["cut"]})

    @cached_property
    def chrome(self) -> Phrases:
        """Return the lines that are no article's title."""
        return Phrases({"chrome": self._data["labels"]["chrome"]})

    @cached_property
    def labels(self) -> Phrases:
        """Return the labels of a mail's body, also without the value: in a table it stands in the next cell."""
        labels = {name: [*words] for name, words in self._data["labels"].items() if name not in ("cut", "chrome")}
        for name, words in self._data["labels"].items():
            for match in filter(None, map(_BEFORE_VALUE.fullmatch, words)):
                labels.setdefault(_ALONE.get(match[2], name), []).append(f"{match[1]}$")
        return self._phrases(labels)

    @cached_property
    def parts(self) -> Phrases:
        """Return the labels of amounts that are no total ("total before tax")."""
        return Phrases({"amount": self._data["labels"]["amount"]})

    @cached_property
    def articles(self) -> frozenset[str]:
        """Return the words before what is called by its kind, not by its name ("the carrier", "our driver")."""
        return frozenset(map(fold, self._data["place"]["articles"]))

    @cached_property
    def place_times(self) -> tuple[str, ...]:
        """Return the beginnings of what tells when or how a parcel was handed over, not where."""
        return tuple(map(fold, self._data["place"]["times"]))

    @cached_property
    def place_verbs(self) -> list[str]:
        """Return what is said away from a place, the longest first."""
        return sorted(map(fold, self._data["place"]["verbs"]), key=len, reverse=True)

    @cached_property
    def place_kept(self) -> list[str]:
        """Return the beginnings of which only the first word is said away."""
        return [fold(word) for word in self._data["place"]["keep"]]

    @cached_property
    def place_spots(self) -> list[str]:
        """Return how a place begins."""
        return [f"{fold(word)} " for word in self._data["place"]["spots"]]

    @cached_property
    def message_marks(self) -> dict[str, Words]:
        """Return what stands above and below a person's words."""
        return {which: Words(self._data["message"][which]) for which in ("begin", "end")}

    @cached_property
    def message_after(self) -> Phrases:
        """Return what Amazon adds below a person's words."""
        return Phrases({"after": self._data["message"]["after"]})

    @cached_property
    def message_quoted(self) -> Phrases:
        """Return what stands above the message that is answered."""
        return Phrases({"quoted": self._data["message"]["quoted"]})

    @cached_property
    def message_via(self) -> list[str]:
        """Return what Amazon adds to the name of a seller."""
        return [fold(word) for word in self._data["message"]["via"]]

    @cached_property
    def refund_words(self) -> Words:
        """Return words beside which an amount is a refund's."""
        return Words(self._data["message"]["refund"])

    @cached_property
    def condition(self) -> Words:
        """Return the words on which a promise hangs."""
        return self._words(self._data["replies"]["condition"])

    @cached_property
    def fillers(self) -> frozenset[str]:
        """Return the single words of a sentence that change nothing of what it promises or refuses."""
        return frozenset(map(fold, self._data["replies"]["fillers"]))

    @cached_property
    def pending(self) -> Words:
        """Return the words of a promise for after the article's return."""
        return self._words(self._data["replies"]["pending"])

    @cached_property
    def replies(self) -> dict[ReplyMeaning, Words]:
        """Return the words of each meaning that an answer can have."""
        data = self._data["replies"]
        return {means: self._words(data[means]) for means in ReplyMeaning if means in data}

    def _words(self, phrases: Iterable[str]) -> Words:
        """Return phrases for anywhere in a text, with the words that they name."""
        words = self._data.get("words", {})
        return Words([each for one in phrases for each in _written(one, words)])

    @cached_property
    def senses(self) -> dict[str, Words]:
        """Return what a sentence without a known wording is understood by: remedies, and what is said of them."""
        return {name: self._words(words) for name, words in self._data.get("senses", {}).items()}

    @cached_property
    def claim(self) -> dict[ReplyMeaning, Words]:
        """Return the words that say how a claim under the A-to-z Guarantee ended, the refusals first."""
        data = self._data.get("claim", {})
        return {means: Words(data[means]) for means in (ReplyMeaning.REFUSED, ReplyMeaning.ACCEPTED) if means in data}


class Library:
    """The lexicons of a folder, each loaded when first asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._files = {path.stem: path for path in sorted(folder.glob("*.toml")) if path.stem != "common"}
        self.loaded: dict[str, Lexicon] = {}
        """Those that something asked for so far."""

    @property
    def codes(self) -> tuple[str, ...]:
        """Return every language there is a file for."""
        return tuple(self._files)

    @cached_property
    def languages(self) -> Languages:
        """Return what tells the languages apart."""
        return language.in_folder(self._files.values())

    def get(self, code: str) -> Lexicon:
        """Return the lexicon of a language. Raises ``KeyError`` when there is none."""
        found = self.loaded.get(code)
        if found is None:
            found = self.loaded[code] = Lexicon(dict(load(self._files[code])))
        return found


_in_use = [Library(_FOLDER)]


def library() -> Library:
    """Return Amazon's wordings."""
    return _in_use[0]


def use(books: Library) -> None:
    """Read with other wordings from now on: to try them, or to measure what a language costs."""
    _in_use[0] = books


def of_text(subject: str, lines: Sequence[Line], likely: Sequence[str]) -> Lexicon:
    """Return the language that a mail is written in; the ``likely`` decide, the first first, when its words do not."""
    books = library()
    plain = " ".join([fold(subject), *(line.plain for line in lines[:_HEAD])])
    return books.get(books.languages.of(plain[:_HEAD_LENGTH], likely) or _EVERYWHERE)


def near(mail: Lexicon, likely: Iterable[str]) -> tuple[Lexicon, ...]:
    """Return the languages in which people may write within a mail: its own, those of its site, and English."""
    books = library()
    codes = dict.fromkeys((mail.language, *likely, _EVERYWHERE))
    return tuple(books.get(code) for code in codes if code in books.codes)
