"""The carriers: who writes for them, how their parcel numbers look, what they say. One TOML file each."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from parsers.text import fold
from parsers.tracking import Form
from parsers.wording import Phrases, load

_FOLDER = Path(__file__).parent / "lexicon"


class Carrier(NamedTuple):
    """One carrier: its name, the zone of its days, the forms of its numbers, and the wordings that are its own."""

    name: str
    zone: ZoneInfo
    month_first: bool
    forms: tuple[Form, ...]
    senders: tuple[str, ...]
    noise: tuple[str, ...]
    own: Mapping[str, Mapping[str, Phrases]]
    mixed: bool = False
    """Its address also sends what has nothing to do with parcels, so that silence is no sign of unknown words."""


class Language(NamedTuple):
    """What carriers say in one language."""

    code: str
    signals: tuple[str, ...]
    kinds: Phrases
    labels: Mapping[str, Phrases]


def _carrier(data: Mapping[str, Any], codes: list[str]) -> Carrier:
    forms = tuple(Form(re.compile(row["shape"]), row.get("check", "")) for row in data["forms"])
    own = {code: {key: Phrases(groups) for key, groups in data[code].items()} for code in codes if code in data}
    senders, noise = tuple(data["senders"]), tuple(data["noise"])
    return Carrier(
        data["name"],
        ZoneInfo(data["zone"]),
        data.get("month_first", False),
        forms,
        senders,
        noise,
        own,
        data.get("mixed", False),
    )


@cache
def carriers() -> tuple[Carrier, ...]:
    """Return every carrier there is a file for."""
    codes = [language.code for language in languages()]
    return tuple(_carrier(load(path), codes) for path in sorted(_FOLDER.glob("*.toml")))


@cache
def languages() -> tuple[Language, ...]:
    """Return every language there is a file for."""
    return tuple(_language(load(path)) for path in sorted((_FOLDER / "languages").glob("*.toml")))


def _language(data: Mapping[str, Any]) -> Language:
    labels = {name: Phrases({name: phrases}) for name, phrases in data["labels"].items()}
    return Language(data["language"], tuple(fold(word) for word in data["signals"]), Phrases(data["kinds"]), labels)


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


def is_noise(address: str, carrier: Carrier) -> bool:
    """Tell whether the address only ever sends what says nothing of a parcel's course (letter digests)."""
    address = address.strip().lower()
    domain = address.rpartition("@")[2]
    return any(sender in (address, domain) or domain.endswith(f".{sender}") for sender in carrier.noise)


def language_of(plain: str, assumed: str = "") -> Language:
    """Return the language whose words are the most frequent in a folded text."""
    return max(languages(), key=lambda each: (sum(plain.count(word) for word in each.signals), each.code == assumed))
