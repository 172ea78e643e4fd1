"""The wordings of one language, compiled once. A new language is a new file in ``lexicon/``; no code."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from parsers.notice import ReplyMeaning
from parsers.text import Line, fold
from parsers.wording import Phrases, Words, load

_FOLDER = Path(__file__).parent / "lexicon"


class Lexicon:
    """What Amazon says in one language."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.language: str = data["language"]
        self.signals: list[str] = [fold(word) for word in data["signals"]]
        self.subject = Phrases(data["subject"])
        self.weak_subject = Phrases(data["weak_subject"])
        self.headline = Phrases(data["headline"])
        self.conditional = Words(data["conditional"])
        self.noise = Phrases(data["noise"])
        labels = dict(data["labels"])
        self.cut = Phrases({"cut": labels.pop("cut")})
        self.chrome = Phrases({"chrome": labels.pop("chrome")})
        self.labels = Phrases(labels)
        self.place_verbs: list[str] = sorted(map(fold, data["place"]["verbs"]), key=len, reverse=True)
        self.place_kept: list[str] = [fold(word) for word in data["place"]["keep"]]
        self.place_spots: list[str] = [f"{fold(word)} " for word in data["place"]["spots"]]
        self.message_marks = {which: Words(data["message"][which]) for which in ("begin", "end")}
        self.message_after = Phrases({"after": data["message"]["after"]})
        self.message_via: list[str] = [fold(word) for word in data["message"]["via"]]
        self.refund_words = Words(data["message"]["refund"])
        self.condition = Words(data["replies"]["condition"])
        self.pending = Words(data["replies"]["pending"])
        self.replies = {means: Words(data["replies"][means]) for means in ReplyMeaning if means in data["replies"]}

    def weight(self, plain: str) -> int:
        """Return how often words of this language stand in a folded text."""
        return sum(plain.count(word) for word in self.signals)


@cache
def lexicons() -> tuple[Lexicon, ...]:
    """Return every language there is a file for."""
    files = sorted(path for path in _FOLDER.glob("*.toml") if path.stem != "common")
    return tuple(Lexicon(dict(load(path))) for path in files)


def of_text(subject: str, lines: Sequence[Line], assumed: str) -> Lexicon:
    """Return the language that a mail is written in; ``assumed`` decides when its words do not."""
    head: Iterable[str] = [line.plain for line in lines[:150]]
    plain = f" {fold(subject)} {' '.join(head)} "
    return max(lexicons(), key=lambda lexicon: (lexicon.weight(plain), lexicon.language == assumed))
