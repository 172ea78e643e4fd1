"""In which zone somebody lives, by their country."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from daemon import resources

_WINTER, _SUMMER = datetime(2026, 1, 15, 12), datetime(2026, 7, 15, 12)  # noqa: DTZ001 - a machine's own wall clock


def zone_of(country: str) -> ZoneInfo | None:
    """Return the zone of a country (ISO 3166), None for one that is not on file.

    Of several (Unicode CLDR's ``territory_zones``) it is the machine's where that is one of them, else that of the
    country's Amazon site.
    """
    from babel.core import get_global  # noqa: PLC0415 - most commands never write a date

    zones = [ZoneInfo(name) for name in get_global("territory_zones").get(country, ())]
    if len(zones) < 2:
        return next(iter(zones), None)
    return next(_as_this_machine(zones), None) or _of_site(country)


def _as_this_machine(zones: Iterable[ZoneInfo]) -> Iterator[ZoneInfo]:
    here = _offsets(None)
    return (zone for zone in zones if _offsets(zone) == here)


def _offsets(zone: tzinfo | None) -> list[timedelta | None]:
    """Return what a zone's clocks show beside UTC in winter and in summer; None is the machine's zone."""
    moments = (day.replace(tzinfo=zone) if zone else day.astimezone() for day in (_WINTER, _SUMMER))
    return [moment.utcoffset() for moment in moments]


def _of_site(country: str) -> ZoneInfo | None:
    for path in sorted((resources.config() / "marketplaces").glob("*.toml")):
        site = tomllib.loads(path.read_text("utf-8"))
        if site["country"] == country:
            return ZoneInfo(site["time_zone"])
    return None
