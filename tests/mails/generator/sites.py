"""The marketplaces that mails are made for."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

_WHOLE = frozenset({"JPY"})


class Site(NamedTuple):
    """One marketplace: host without www, time zone, ISO 4217 currency, its sign, first digits of order numbers."""

    host: str
    zone: ZoneInfo
    currency: str
    symbol: str
    prefixes: tuple[str, ...]

    @property
    def name(self) -> str:
        """The name that mails print: ``Amazon.fr``."""
        return self.host.replace("amazon", "Amazon", 1)

    @property
    def whole(self) -> bool:
        """Tell whether the currency has no cents."""
        return self.currency in _WHOLE


@cache
def sites() -> dict[str, Site]:
    """Return every marketplace by host."""
    data = tomllib.loads((Path(__file__).parent / "sites.toml").read_text("utf-8"))
    return {
        host: Site(host, ZoneInfo(row["zone"]), row["currency"], row["symbol"], tuple(row["prefixes"]))
        for host, row in data["sites"].items()
    }
