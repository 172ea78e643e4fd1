"""What stands behind a label on its own line: an address, a receiver, the message to whoever gets a gift."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from daemon.intake.words import plain, table
from daemon.redaction.goods import wording
from daemon.redaction.pseudonyms import longest_first

_MOST_WORDS = 16
_LONGEST_LABEL = 60
_PRIVATE = ("address_labels", "gifts", "recipients")
_RECEIVERS = ("receivers", "delivered")
_SENT = ("address_labels", "receivers", "delivered")
_BELOW = ("receivers", "delivered", "recipients")
_TOKEN = re.compile(r"[ \u00a0]?(?:, ?)?(\d[\w/-]*|[^\W\d_][\w'’.-]*)")
_WORD = re.compile(r"[^\W\d_]+")
_COLON = r"[ \u00a0\u3000]{0,3}(?:[:：]|[–—-](?=[ \u00a0]))[ \u00a0\u3000]{0,3}"


@cache
def data() -> dict[str, Any]:
    """Return ``config/intake/redaction.toml``, read once."""
    return table("redaction")


def level(text: str) -> str:
    """Return a text of the same length without capitals and accents, as far as that is one letter for one."""
    if text.isascii():
        return text.lower()
    return text.translate(_EVEN)


class _Even(dict[int, str]):
    """Letters without capital and accent, each worked out once."""

    def __missing__(self, code: int) -> str:
        even = plain(char := chr(code))
        self[code] = even if len(even) == 1 else char
        return self[code]


_EVEN = _Even()


def labelled(line: str) -> int | None:
    """Return the place in a line from which everything is private: behind a label and its colon."""
    folded = level(line)
    if not any(sign in folded for sign in ":：–—-"):
        return None
    if found := _searched(folded, _private(), _PRIVATE):
        return found.end()
    found = _searched(folded, _receiver(), _RECEIVERS)
    # "Delivered to: letter box": a place is no person.
    return found.end() if found and not is_wording(line[found.end() :]) else None


def sent_to(line: str) -> Iterator[tuple[int, int]]:
    """Yield the places, from and to, of what follows a label without a colon: capitals, numbers, no mail's word."""
    folded = level(line)
    if not any(label in folded for label in _labels(_SENT)):
        return
    for found in _sent().finditer(folded):
        end, at, words = found.end(), found.end(), 0
        while words < _MOST_WORDS and (token := _TOKEN.match(line, at)):
            said = token[1].rstrip(".")
            if said.casefold() not in _particles():
                if not _telling(said) or (not words and said[0].isdigit()):
                    break
                end = token.start(1) + len(said)
            at, words = token.end(), words + 1
        if end > found.end():
            yield found.end(), end


def begins_below(line: str) -> bool:
    """Tell whether a line is a receiver's label and nothing else: who it was stands on the next."""
    return len(line) <= _LONGEST_LABEL and bool(_whole().fullmatch(level(line.strip())))


def is_wording(text: str) -> bool:
    """Tell whether a text is made of words of the mails' own alone."""
    return not any(char.isdigit() for char in text) and all(plain(word) in wording() for word in _WORD.findall(text))


def _telling(word: str) -> bool:
    return not word[0].islower() and (word[0].isdigit() or plain(word) not in wording())


@cache
def _particles() -> frozenset[str]:
    return frozenset(data()["name_particles"])


def _searched(folded: str, pattern: re.Pattern[str], keys: tuple[str, ...]) -> re.Match[str] | None:
    # Most lines hold no label, which is told much faster without the pattern.
    return pattern.search(folded) if any(label in folded for label in _labels(keys)) else None


@cache
def _labels(keys: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(longest_first(level(label) for key in keys for label in data()[key]))


def _either(keys: tuple[str, ...]) -> str:
    """Return a pattern for labels; where words are not parted by blanks, they may stand anywhere."""
    words = _labels(keys)
    return "|".join((r"(?<!\w)" if label[0] < "\u3000" else "") + re.escape(label) for label in words)


@cache
def _private() -> re.Pattern[str]:
    return re.compile(rf"(?:{_either(_PRIVATE)}){_COLON}(?=\S)")


@cache
def _receiver() -> re.Pattern[str]:
    return re.compile(rf"(?:{_either(_RECEIVERS)}){_COLON}(?=\S)")


@cache
def _sent() -> re.Pattern[str]:
    return re.compile(rf"(?:{_either(_SENT)})[ \u00a0](?=\S)")


@cache
def _whole() -> re.Pattern[str]:
    return re.compile(rf"(?:{_either(_BELOW)})\s?[:：]?")
