"""What can change without relance changing: waits, Amazon's own rules, channels, laws, marketplaces.

Everything is read from ``config/rules`` and ``config/marketplaces``; every value
says where it comes from, when that was looked at, and how sure it is.
"""

from __future__ import annotations

import re
from functools import cached_property
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from pydantic import Field

from daemon import resources, rulefiles
from daemon.orders.order import Order
from daemon.rulefiles import RulesError
from daemon.rulemodels import (
    Article,
    AToZ,
    AToZWindow,
    Channels,
    Law,
    Marketplace,
    Phone,
    Source,
    Sourced,
    Sure,
    Wait,
    Waits,
    Words,
)
from daemon.say import say
from daemon.spans import Span, Unit, end_of
from parsers.letter import Value

__all__ = [
    "AToZ",
    "AToZWindow",
    "Article",
    "Channels",
    "Law",
    "Marketplace",
    "Phone",
    "Rules",
    "RulesError",
    "Source",
    "Sourced",
    "Span",
    "Sure",
    "Unit",
    "UnknownLink",
    "Wait",
    "Waits",
    "Words",
    "end_of",
    "load",
]

M = TypeVar("M", bound=Value)
_COUNTRIES = {"UK": "GB"}
"""Top-level domains that are not their country's code (ISO 3166)."""
_OWN_MODELS = ("waits.toml", "a_to_z.toml", "channels.toml")


class UnknownLink(LookupError):
    """A link's key is not in ``channels.toml``: a programming error, found by the tests."""


class Rules(Value):
    """All rules."""

    waits: Waits
    a_to_z: AToZ
    channels: Channels
    laws: tuple[Law, ...]
    marketplaces: dict[str, Marketplace]
    tables: dict[str, rulefiles.Table] = Field(default_factory=dict)
    """The other files of ``config/rules`` by name, for the stages that have models of their own: see ``table``."""

    @cached_property
    def _made(self) -> dict[str, Value]:
        """Tables that were read, by name: they are asked for with every order."""
        return {}

    def table(self, name: str, model: type[M]) -> M:
        """Return the file ``<name>.toml`` as ``model``. Raises ``RulesError``, and ``KeyError`` for no such file.

        So a stage further on can keep its table's model to itself, and rules need not import it.
        """
        made = self._made.get(name)
        if not isinstance(made, model):
            made = self._made[name] = rulefiles.validated(model, self.tables[name], f"{name}.toml")
        return made

    def law(self, country: str) -> Law | None:
        """Return the law of a consumer's country of residence (ISO 3166), None where none is on file.

        A country's own law goes before one that several share.
        """
        fitting = [law for law in self.laws if country.upper() in law.countries]
        return min(fitting, key=lambda law: len(law.countries), default=None)

    def marketplace(self, host: str | None) -> Marketplace | None:
        """Return the site called ``host`` (without www), None for one that is not on file."""
        return self.marketplaces.get(host.lower()) if host else None

    def site(self, order: Order) -> Marketplace:
        """Return the site of an order, or the default one when its mails name none that is known."""
        return self.marketplace(order.marketplace) or self.marketplaces[self.channels.default_host.value]

    def zone(self, order: Order) -> ZoneInfo:
        """Return the time zone of an order's days; for another shop's order that of the country of its domain."""
        country = _COUNTRIES.get(label := (order.shop or "").rpartition(".")[2].upper(), label)
        near = (site for site in self.marketplaces.values() if site.country == country)
        return (next(near, None) or self.site(order)).zone

    def phone(self, order: Order) -> Sourced[Phone] | None:
        """Return customer service's numbers for an order's site, None where none is on file."""
        return self.channels.phones.get(self.site(order).country)

    def valid_order_id(self, order_id: str) -> bool:
        """Whether ``order_id`` has the form of an Amazon order number."""
        return any(re.fullmatch(form, order_id, re.ASCII) for form in self.channels.order_ids.value)

    def link(self, key: str, order: Order) -> str | None:
        """Return the page ``key`` of an order, built from the allow-list and a checked order number.

        None when the order's site is not on the list or its number has another form. Raises ``UnknownLink``.
        """
        if key not in self.channels.links:
            raise UnknownLink(key)
        host = order.marketplace.lower() if order.marketplace else self.channels.default_host.value
        if host not in self.channels.hosts.value or not self.valid_order_id(order.order_id):
            return None
        return f"https://www.{host}" + self.channels.links[key].value.replace("{id}", order.order_id)


def _folder(model: type[M], base: Path, over: Path | None) -> dict[str, M]:
    """Return the models of all files of a folder, by name without ``.toml``."""
    names = {path.name for folder in (base, over) if folder for path in folder.glob("*.toml")}
    return {
        name.removesuffix(".toml"): rulefiles.load(model, base / name, over / name if over else None)
        for name in sorted(names)
    }


def load(override: Path | None = None) -> Rules:
    """Return the rules, those in the folder ``override`` laid over the shipped ones. Raises ``RulesError``.

    ``override`` has the names of ``config/rules`` (``waits.toml``, ``law/fr.toml``) and ``marketplaces/*.toml``.
    """
    config = resources.config()
    names = sorted(path.name for path in (config / "rules").glob("*.toml"))
    if override:
        rulefiles.check_names(override, names, ("law", "marketplaces"))

    def part(model: type[M], name: str) -> M:
        return rulefiles.load(model, config / "rules" / name, override / name if override else None)

    sites = _folder(Marketplace, config / "marketplaces", override / "marketplaces" if override else None)
    rules = Rules(
        waits=part(Waits, "waits.toml"),
        a_to_z=part(AToZ, "a_to_z.toml"),
        channels=part(Channels, "channels.toml"),
        laws=tuple(_folder(Law, config / "rules" / "law", override / "law" if override else None).values()),
        marketplaces={site.host: site for site in sites.values()},
        tables={
            name.removesuffix(".toml"): rulefiles.merged(config / "rules" / name, override / name if override else None)
            for name in names
            if name not in _OWN_MODELS
        },
    )
    if (host := rules.channels.default_host.value) not in rules.marketplaces:
        why = say("rules.unknown_host", host=host)
        raise RulesError(say("rules.bad_value", file=override or config, key="default_host.value", why=why))
    return rules
