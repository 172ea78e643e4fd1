"""The names known beforehand, found wherever they stand: in small letters, within other words, without accents."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from daemon.intake.words import plain
from daemon.redaction.goods import wording
from daemon.redaction.labels import data, level
from daemon.redaction.pseudonyms import Pseudonyms, longest_first

_PART = re.compile(r"[^\W\d_]+")
_WIDE = "\u3000"
"""From here on letters stand without spaces between words."""
_SHORT = 3
"""A name with no more letters may be part of any word: it counts where it is a word with a capital."""


class Owner:
    """Names that must not be seen, and how they may be written."""

    def __init__(self, names: Iterable[str]) -> None:
        whole = [_PART.findall(level(_composed(name))) for name in names if name.strip() and "@" not in name]
        mails = [_PART.findall(level(name.partition("@")[0])) for name in names if "@" in name]
        parts = {part for each in [*whole, *mails] for part in each}
        particles = set(data()["name_particles"])
        anywhere = {part for part in parts if _everywhere(part)}
        self._anywhere = _either([_spaced(part) if part[0] >= _WIDE else re.escape(part) for part in anywhere])
        runs = [r"[\W_]{1,3}".join(map(re.escape, each)) for each in whole if len(each) > 1]
        self._runs = _either([rf"(?<![^\W_]){run}(?![^\W_])" for run in runs])
        words = [re.escape(part) for part in parts - anywhere - particles if len(part) > 1]
        self._words = _either([rf"(?<![^\W_]){word}(?![^\W_])" for word in words])

    def hidden(self, text: str, pseudonyms: Pseudonyms) -> str:
        """Return a text without the names."""
        text = _composed(text)
        out, at = [], 0
        for begin, end in sorted(self._places(text, level(text))):
            if end > at:
                out += [text[at : max(at, begin)], pseudonyms.words(text[max(at, begin) : end])]
                at = end
        return "".join([*out, text[at:]])

    def _places(self, text: str, folded: str) -> Iterator[tuple[int, int]]:
        for pattern in (self._runs, self._anywhere):
            yield from (found.span() for found in pattern.finditer(folded))
        yield from (found.span() for found in self._words.finditer(folded) if not text[found.start()].islower())


def _everywhere(part: str) -> bool:
    """Tell whether a name is looked for within words: one that is no word of the mails themselves."""
    if part[0] >= _WIDE:
        return len(part) > 1
    return len(part) > _SHORT and plain(part) not in wording()


def _spaced(part: str) -> str:
    return r"[ \u3000]?".join(map(re.escape, part))


def _composed(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _either(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(longest_first(patterns)) or r"(?!)")
