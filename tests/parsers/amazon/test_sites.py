"""Amazon's marketplaces: that the parsers' list and the configuration say the same."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

import parsers
from parsers import money
from parsers.amazon import site

CONFIG = Path(parsers.__file__).parents[1] / "config" / "marketplaces"


def marketplaces() -> dict[str, Any]:
    """Return the configured marketplaces by host."""
    return {(data := tomllib.loads(path.read_text("utf-8")))["host"]: data for path in CONFIG.glob("*.toml")}


def test_the_parsers_know_the_marketplaces_that_are_configured() -> None:
    """Host, currency and time zone are the same on both sides, for every marketplace."""
    configured = {host: (row["currency"], row["time_zone"]) for host, row in marketplaces().items()}
    assert {host: (each.currency, each.zone.key) for host, each in site.sites().items()} == configured


@pytest.mark.parametrize("host", sorted(site.sites()))
def test_a_marketplace_is_known_by_its_senders(host: str) -> None:
    """The site, its business accounts and its sellers' relay are the same marketplace; its currency can be read."""
    each = site.sites()[host]
    for domain in (host, f"business.{host}", f"marketplace.{host}", f"bounces.{host}"):
        assert site.of_address(f"someone@{domain}") == each
    assert site.of_address(f"someone@{host}.example.org") is None
    amount = money.read(f"{each.currency} 12", each.languages[0], each.currency)
    assert amount is not None
    assert amount.currency == each.currency
