"""The carriers: who writes for them, how their parcel numbers look, what they say. One TOML file each."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from parsers.text import fold
from parsers.tracking import Form
from parsers.wording import Phrases, Words, load

_HERE = Path(__file__).parent
_FOLDER = _HERE / "lexicon"
_WORD = re.compile(r"\b[^\W\d_]+\b")
_KANA = re.compile("[\u3040-\u30ff]")
_TOGETHER = {
    "number": ("tracking", "tracking_below"),
    "day": ("new_date", "arrival"),
    "until": ("deadline", "deadline_days"),
    "from": ("shipper", "shipper_below", "shipper_open"),
}
"""Labels that are looked for in one go; the hit tells which of them it was."""
EARLY = "!"
"""Marks a group of wordings that are looked for first."""
_PART = re.compile(r"[a-z0-9]+")
_ENOUGH = 3_000
"""Characters of a mail that tell its language."""


class Carrier(NamedTuple):
    """One carrier: its name, the zone of its days, the forms of its numbers, and the wordings that are its own."""

    name: str
    zone: ZoneInfo
    month_first: bool
    forms: tuple[Form, ...]
    senders: tuple[str, ...]
    noise: tuple[str, ...]
    own: Mapping[str, Any]
    """Its own wordings as they stand in the file, by language; ``own_phrases`` makes them ready."""
    mixed: bool = False
    """Its address also sends what has nothing to do with parcels, so that silence is no sign of unknown words."""
    languages: tuple[str, ...] = ("en",)
    """What it mostly writes in: the first decides when a mail's words do not."""
    names: tuple[str, ...] = ()
    """How it calls itself in the sender's name (folded), when a marketplace passes its mails on."""
    brands: Mapping[str, Words] = MappingProxyType({})
    """Names of parts of it that bear another name than the whole, and what their mails say of themselves."""
    digests: tuple[str, ...] = ()
    """Senders of daily lists: what they say is of a parcel only where its number stands."""


class Language(NamedTuple):
    """What carriers say in one language."""

    code: str
    kinds: Phrases
    """What happened, by kind: first those of ``[early]``, which a looser wording of another kind would take."""
    labels: Mapping[str, Phrases]


def _carrier(data: Mapping[str, Any]) -> Carrier:
    rows = data["forms"]
    return Carrier(
        data["name"],
        ZoneInfo(data["zone"]),
        data.get("month_first", False),
        tuple(Form(re.compile(row["shape"]), row.get("check", ""), row.get("weak", False)) for row in rows),
        tuple(data["senders"]),
        tuple(data["noise"]),
        {code: data[code] for code in codes() if code in data},
        data.get("mixed", False),
        tuple(data["languages"]),
        tuple(fold(name) for name in data.get("names", [])),
        {brand["name"]: Words(brand["said"]) for brand in data.get("brands", [])},
        tuple(data.get("digests", [])),
    )


@cache
def carriers() -> tuple[Carrier, ...]:
    """Return every carrier there is a file for."""
    return tuple(_carrier(load(path)) for path in sorted(_FOLDER.glob("*.toml")))


@cache
def codes() -> tuple[str, ...]:
    """Return the codes of the languages there is a file for."""
    return tuple(sorted(path.stem for path in (_FOLDER / "languages").glob("*.toml")))


@cache
def language(code: str) -> Language:
    """Return what carriers say in a language; its file is read when a mail is first written in it."""
    data = load(_FOLDER / "languages" / f"{code}.toml")
    told: dict[str, list[str]] = data["labels"]
    grouped = {name for names in _TOGETHER.values() for name in names}
    labels = {name: Phrases({name: phrases}) for name, phrases in told.items() if name not in grouped}
    labels |= {name: Phrases({each: told[each] for each in names}) for name, names in _TOGETHER.items()}
    return Language(data["language"], Phrases(_kinds(data)), labels)


def _kinds(data: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return the early wordings and then the others, each group named by its kind and marked when it is early."""
    early: dict[str, list[str]] = {f"{kind}{EARLY}": phrases for kind, phrases in data["early"].items()}
    late: dict[str, list[str]] = data["kinds"]
    return early | late


@cache
def own_phrases(name: str, code: str, table: str) -> Phrases | None:
    """Return a carrier's own wordings of one table (``subject``, ``kinds``, …) in a language, or None."""
    carrier = next(each for each in carriers() if each.name == name)
    groups = carrier.own.get(code, {}).get(table)
    return Phrases(groups) if groups else None


def of_host(host: str) -> Carrier | None:
    """Return the carrier that a link leads to, or None."""
    return of_address(f"@{host}")


@cache
def _by_sender() -> dict[str, Carrier]:
    return {sender: carrier for carrier in carriers() for sender in carrier.senders}


@lru_cache(maxsize=512)
def of_address(address: str) -> Carrier | None:
    """Return the carrier that an address belongs to: by the whole address, else by its domain and those above it."""
    address = address.strip().lower()
    known = _by_sender()
    if address in known:
        return known[address]
    domain = address.rpartition("@")[2]
    while "." in domain:
        if domain in known:
            return known[domain]
        domain = domain.partition(".")[2]
    return None


def is_relay(address: str) -> bool:
    """Tell whether a marketplace's address passes on carriers' mails; the sender's name then tells whose."""
    return address.strip().lower().rpartition("@")[2] in _relays()


@cache
def _relays() -> frozenset[str]:
    return frozenset(load(_HERE / "words.toml")["relays"])


def of_sender(address: str, name: str, subject: str = "") -> Carrier | None:
    """Return the carrier that wrote a mail: by its address, or by its name where a marketplace passed it on."""
    if not is_relay(address):
        return of_address(address)
    for said in (fold(name), fold(subject)):
        words = f" {' '.join(_WORD.findall(said))} "
        for carrier in carriers():
            if any(f" {each} " in words for each in carrier.names):
                return carrier
    return None


def is_noise(address: str, carrier: Carrier) -> bool:
    """Tell whether the address only ever sends what says nothing of a parcel's course (offers, surveys, accounts)."""
    address = address.strip().lower()
    name, _, domain = address.rpartition("@")
    above = domain.split(".")[:-2]
    parts = {*_PART.findall(name), *above}
    return _is_of(address, carrier.noise) or not parts.isdisjoint(_adverts())


def is_digest(address: str, carrier: Carrier) -> bool:
    """Tell whether the address sends the carrier's daily lists of letters and parcels."""
    return _is_of(address.strip().lower(), carrier.digests)


def _is_of(address: str, senders: tuple[str, ...]) -> bool:
    domain = address.rpartition("@")[2]
    return any(sender in (address, domain) or domain.endswith(f".{sender}") for sender in senders)


@cache
def _adverts() -> frozenset[str]:
    return frozenset(load(_HERE / "words.toml")["adverts"]["parts"].split())


@cache
def _tongues() -> dict[str, tuple[str, ...]]:
    """Return which languages a word speaks for: one look-up a word, however many languages there are."""
    found: dict[str, tuple[str, ...]] = {}
    for code, words in load(_HERE / "words.toml")["words"].items():
        for word in words.split():
            found[fold(word)] = (*found.get(fold(word), ()), code)
    return found


@cache
def _lands() -> dict[str, str]:
    return dict(load(_HERE / "words.toml")["lands"])


def language_of(plain: str, usual: tuple[str, ...] = ("en",), sender: str = "") -> Language:
    """Return the language of a folded text: the one with the most words of its own.

    Where words do not decide, the country of the sender's domain does, else the carrier's usual language.
    """
    plain = plain[:_ENOUGH]
    if _KANA.search(plain):
        return language("ja")
    known = _tongues()
    score = {code: 0.5 / place for place, code in enumerate(usual, 1)}
    land = _lands().get(sender.lower().rpartition(".")[2])
    score |= {land: 0.75} if land else {}
    for word in _WORD.findall(plain):
        for code in known.get(word, ()):
            score[code] = score.get(code, 0) + 1
    best = max(score, key=lambda code: score[code])
    return language(best)


class NameWords(NamedTuple):
    """What tells where a sender's name ends inside a sentence, folded."""

    within: frozenset[str]
    behind: frozenset[str]
    ends: frozenset[str]
    persons: frozenset[str]
    leads: frozenset[str]
    articles: frozenset[str]


@cache
def name_words() -> NameWords:
    """Return the words that stand within a name, behind it, and after it: those of all languages together."""
    told = load(_HERE / "words.toml")["names"]
    return NameWords(*(frozenset(fold(told[key]).split()) for key in NameWords._fields))


@cache
def soon_words(code: str) -> frozenset[str]:
    """Return the words (folded) with which a day can begin in a language: tomorrow and its like, and weekdays."""
    return frozenset(fold(load(_HERE / "words.toml")["soon"].get(code, "")).split())


class ShapeWords(NamedTuple):
    """Words of all languages, folded, by which a fact is found where no phrase tells it."""

    nouns: tuple[str, ...]
    number: frozenset[str]
    stems: tuple[str, ...]
    other: tuple[str, ...]
    of: frozenset[str]
    until: Words
    future: Words
    points: Words
    fetched: Words
    again: Words
    registered: Words
    bringing: Words
    never: Words
    places: tuple[str, ...]
    safe: tuple[str, ...]


@cache
def shape_words() -> ShapeWords:
    """Return the words that tell facts by their shape, of all languages together."""
    told = load(_HERE / "words.toml")["shapes"]
    lists = {key: tuple(fold(told[key]).split()) for key in ("nouns", "number", "stems", "other", "of")}
    names = ("until", "future", "points", "fetched", "again", "registered", "bringing", "never")
    words = {key: Words(told[key]) for key in names}
    return ShapeWords(
        lists["nouns"],
        frozenset(lists["number"]),
        lists["stems"],
        lists["other"],
        frozenset(lists["of"]),
        places=tuple(sorted(map(fold, told["places"]), key=len, reverse=True)),
        safe=tuple(map(fold, told["safe"])),
        **words,
    )


def spoken(word: str) -> bool:
    """Tell whether a folded word is one that sentences of mails about parcels use all the time, in any language."""
    return word in _tongues()
