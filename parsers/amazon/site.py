"""Amazon's sites: which one a mail belongs to, its zone and currency, and what kind of address wrote."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from parsers import relay
from parsers.links import Target
from parsers.text import fold
from parsers.wording import load, pattern

_DATA = load(Path(__file__).parent / "lexicon" / "common.toml")
_NAMES = re.compile("|".join(f"(?:{pattern(name)})$" for name in _DATA["amazon_names"]))
_RELAY: str = _DATA["relay"]
_SUPPORT = frozenset(_DATA["support"])
_NOISE = frozenset(_DATA["noise"])


class Site(NamedTuple):
    """One marketplace: host without www, time zone, currency, its languages (the usual one first), 05/18."""

    host: str
    zone: ZoneInfo
    currency: str
    languages: tuple[str, ...]
    month_first: bool


@cache
def sites() -> dict[str, Site]:
    """Return all marketplaces by host."""
    return {
        host: Site(host, ZoneInfo(row["zone"]), row["currency"], tuple(row["languages"]), row.get("month_first", False))
        for host, row in _DATA["marketplaces"].items()
    }


def unmask(address: str) -> str:
    """Return the address behind iCloud's Hide My Email (``name_at_amazon_fr_x1@privaterelay.appleid.com``)."""
    return relay.original(address, lambda found: _of_domain(found.rpartition("@")[2]) is not None)


def letters() -> frozenset[str]:
    """Return what something is sent by that is no carrier: e-mail, in the languages' folded words."""
    return frozenset(fold(word) for word in _DATA["letters"])


def of_address(address: str) -> Site | None:
    """Return the marketplace of an address by its domain (``amazon.fr`` and below), or None when it is not Amazon's."""
    return _of_domain(unmask(address).rpartition("@")[2])


@lru_cache(maxsize=512)
def _of_domain(domain: str) -> Site | None:
    while domain:
        if domain in sites():
            return sites()[domain]
        domain = domain.partition(".")[2]
    return None


def is_relay(address: str) -> bool:
    """Tell whether a seller wrote, through Amazon's relay (``…@marketplace.amazon.fr``)."""
    return unmask(address).rpartition("@")[2].startswith(_RELAY)


def is_support(address: str) -> bool:
    """Tell whether customer service wrote; its teams have numbers (``cust.service03@…``)."""
    return unmask(address).partition("@")[0].rstrip("0123456789") in _SUPPORT


def is_noise(address: str) -> bool:
    """Tell whether the address only ever sends advertising and the like."""
    return unmask(address).partition("@")[0] in _NOISE


def is_amazon(name: str) -> bool:
    """Tell whether a seller's or shipper's name is Amazon's own ("Amazon", "Amazon EU S.à r.l.")."""
    return _NAMES.match(fold(name).strip()) is not None


def of_links(links: Iterable[Target]) -> Site | None:
    """Return the marketplace to which most of the links lead, or None."""
    count: dict[str, int] = {}
    for link in links:
        if link.host in sites():
            count[link.host] = count.get(link.host, 0) + 1
    return sites()[max(count, key=lambda host: count[host])] if count else None
