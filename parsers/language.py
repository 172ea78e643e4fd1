"""Which language a mail is written in: one pass over its words, however many languages there are.

Languages are told by frequent words of their own (``signals``), and those that are written without blanks by their
script. Both are data of the lexicons, and stand before their first table, so that telling languages apart loads none.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from parsers.text import fold

_WORD = re.compile(r"\w+")


def head(path: Path) -> Mapping[str, Any]:
    """Return what a file of wordings says before its first table. Raises ``tomllib.TOMLDecodeError``."""
    return tomllib.loads(path.read_text("utf-8").partition("\n[")[0])


class Languages:
    """The languages of some files of wordings, by name, told apart by words and scripts."""

    def __init__(self, heads: Mapping[str, Mapping[str, Any]]) -> None:
        self.codes: tuple[str, ...] = tuple(heads)
        self._of_word: dict[str, list[str]] = {}
        for code, data in heads.items():
            for word in dict.fromkeys(fold(word).strip() for word in data["signals"]):
                self._of_word.setdefault(word, []).append(code)
        scripts = [f"(?P<{code}>[{data['script']}]+)" for code, data in heads.items() if data.get("script")]
        self._script = re.compile("|".join(scripts)) if scripts else None

    def of(self, text: str, likely: Sequence[str]) -> str | None:
        """Return the language of a folded text; of those that fit alike the first of the ``likely``, else of all.

        None when nothing tells and none of the likely is known.
        """
        table = self._of_word
        telling = filter(table.__contains__, _WORD.findall(text))
        count = Counter(chain.from_iterable(map(table.__getitem__, telling)))
        if self._script is not None and not text.isascii():
            for match in self._script.finditer(text):
                count[match.lastgroup or ""] += 1
        most = max(count.values(), default=0)
        best = [code for code in self.codes if count[code] == most]
        known = next((code for code in likely if code in best), None)
        return known or (best[0] if most else None)


def in_folder(paths: Iterable[Path]) -> Languages:
    """Return the languages of files of wordings, each named like its language."""
    return Languages({path.stem: head(path) for path in sorted(paths)})
