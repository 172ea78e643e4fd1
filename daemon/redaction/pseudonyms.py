"""Replacements that are always the same for the same thing, and tell nothing of it without the key."""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterable
from functools import cache
from urllib.parse import quote, unquote, urlsplit

from daemon.intake.words import table
from parsers import tracking
from parsers.carriers import data as carriers
from parsers.registry import known_sender

_VOWELS, _CONSONANTS = "aeiou", "bcdfglmnprstv"
_ORDER = re.compile(r"(\d{3}|D\d{2})(-?)(\d{7})(-?)(\d{7})")
_WORD = re.compile(r"[^\W\d_]+")
_PERCENT_URL = re.compile(r"https?%3a%2f%2f[^&\s]+", re.I)
_FEWEST_DIGITS = 4
"""What has fewer digits is no parcel's number, even if a carrier's form would take it."""
_LONGEST_LINK = 4_000
_TRIES = 3_000
"""Digits tried until a parcel's number is one of the same carriers again: one in ten has the right check digit."""
_PLAIN_LOCAL = re.compile(r"[a-z][a-z.+-]{1,40}")


class Pseudonyms:
    """One mail's replacements. ``key`` makes them unguessable; with the same key they are the same again."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._numbers: dict[str, str] = {}

    def _bytes(self, text: str, size: int) -> bytes:
        out, block = b"", 0
        while len(out) < size:
            out += hmac.digest(self._key, f"{block}:{text}".encode(), "sha256")
            block += 1
        return out

    def word(self, word: str) -> str:
        """Return a word of the same length and capitals."""
        made = []
        for letter, byte in zip(word, self._bytes(word.casefold(), len(word)), strict=False):
            choice = _VOWELS if letter.casefold() in "aeiouyàâäéèêëîïôöùûüáíóúåø" else _CONSONANTS
            new = choice[byte % len(choice)]
            made.append(new.upper() if letter.isupper() else new if letter.isalpha() else letter)
        return "".join(made)

    def words(self, text: str) -> str:
        """Return a text with every word and every number replaced."""
        return _WORD.sub(lambda found: self.word(found[0]), self._digits(text))

    def _digits(self, text: str, turn: str = "") -> str:
        """Replace every digit; what is no digit stays where it is."""
        stream = iter(self._bytes(turn + re.sub(r"\D", "", text), len(text)))
        return "".join(_digit(char, next(stream)) if char.isdigit() else char for char in text)

    def number(self, text: str) -> str:
        """Return a number of the same shape; of an order's number the parts, so that it is known without its dashes."""
        order = _ORDER.fullmatch(text)
        if order:
            return f"{order[1]}{order[2]}{self._digits(order[3])}{order[4]}{self._digits(order[5])}"
        if (known := self._numbers.get(text)) is None:
            known = self._numbers[text] = self._shaped(text)
        return known

    def _shaped(self, text: str) -> str:
        fitting = self._fitting(text)
        tries = (self._digits(text, f"{turn}:" if turn else "") for turn in range(_TRIES if fitting else 1))
        made = ""
        for made in tries:
            if self._fitting(made) == fitting:
                break
        return made

    def _fitting(self, text: str) -> set[str]:
        if sum(map(str.isdigit, text)) < _FEWEST_DIGITS:
            return set()
        number = tracking.squeeze(text)
        return {carrier.name for carrier in carriers.carriers() if tracking.fits(number, carrier.forms)}

    def address(self, address: str) -> str:
        """Return an address; a shop's or a carrier's own stays, a person's and a seller's relay do not."""
        local, _, domain = address.partition("@")
        if not known_sender(address):
            return f"{self.word('x' * 4)}.{self.word(address.casefold()[:8].replace('@', 'a'))}@example.org"
        own = _PLAIN_LOCAL.fullmatch(local) and not domain.startswith("marketplace.")
        return address if own else f"{self.token(local)}@{domain}"

    def link(self, url: str) -> str:
        """Return a link to the same place, with everything in it replaced that may name someone or something."""
        try:
            parts = urlsplit(url)
            host = parts.hostname or ""
        except ValueError:
            return "https://example.org/"
        if len(url) > _LONGEST_LINK or not known_sender(f"x@{host}"):
            return f"https://example.org/{self.token(url[:60])}"
        path = "/".join(self._part(each) for each in parts.path.split("/"))
        query = "&".join(self._parameter(each) for each in parts.query.split("&") if each)
        return f"{parts.scheme}://{host}{path}" + (f"?{query}" if query else "")

    def _parameter(self, text: str) -> str:
        name, sign, value = text.partition("=")
        nested = bool(_PERCENT_URL.match(value))
        return f"{name}{sign}{quote(self.link(unquote(value)), safe='') if nested else self._part(value)}"

    def _part(self, text: str) -> str:
        return text if text.casefold() in _link_words() else self.token(text)

    def code(self, text: str) -> str:
        """Return a number with whatever letters are in it: those of a parcel's number stay, they tell its carrier."""
        return self.number(text) if _ORDER.fullmatch(text) or text.isdigit() else self._scrambled(text)

    def token(self, text: str) -> str:
        """Return a string of signs with every letter and digit replaced; an order's number is found within it."""
        made, at = [], 0
        for order in _ORDER.finditer(text):
            made += [self._scrambled(text[at : order.start()]), self.number(order[0])]
            at = order.end()
        return "".join([*made, self._scrambled(text[at:])])

    def _scrambled(self, text: str) -> str:
        if sum(char.isdigit() for char in text) >= _FEWEST_DIGITS and self._fitting(text):
            return self.number(text)
        return _WORD.sub(lambda found: self.word(found[0]), self._digits(text))


@cache
def _link_words() -> frozenset[str]:
    return frozenset(table("redaction")["link_words"])


def _digit(char: str, byte: int) -> str:
    # A number does not begin with a nought unless it did: zeros stay zeros, and nothing becomes one.
    return "0" if char == "0" else str(1 + byte % 9)


def longest_first(texts: Iterable[str]) -> list[str]:
    """Return texts so that none is found before one that holds it."""
    return sorted(set(texts), key=lambda text: (-len(text), text))
