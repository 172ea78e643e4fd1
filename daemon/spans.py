"""Lengths of time as rules write them: ``48 h``, ``3 d``, ``2 wd``.

Hours run on the clock, whatever daylight saving does. Days are calendar days in
a zone: one day after noon is the next noon, be it 23 or 25 hours away. Working
days are Monday to Friday; public holidays are not known.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import model_validator

from parsers.letter import Value

_WRITTEN = re.compile(r"(\d{1,4}) ?(h|d|wd)", re.ASCII)
_SATURDAY = 5


class Unit(StrEnum):
    """What a span counts."""

    HOURS = "h"
    DAYS = "d"
    WORKING_DAYS = "wd"


class Span(Value):
    """A length of time, written ``<number> <h|d|wd>``."""

    amount: int
    unit: Unit

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, given: Any) -> Any:  # noqa: ANN401 - a validator is given whatever the file holds
        if not isinstance(given, str):
            return given
        match = _WRITTEN.fullmatch(given.strip())
        if not match:
            raise ValueError('write a number and a unit, such as "48 h", "3 d" or "2 wd" (working days)')
        return {"amount": int(match[1]), "unit": match[2]}

    def after(self, moment: datetime, zone: ZoneInfo) -> datetime:
        """Return the moment this long after ``moment`` (aware), in UTC; days are counted in ``zone``."""
        if self.unit is Unit.HOURS:
            return moment.astimezone(UTC) + timedelta(hours=self.amount)
        local = moment.astimezone(zone)
        if self.unit is Unit.DAYS:
            return (local + timedelta(days=self.amount)).astimezone(UTC)
        left = self.amount
        while left:
            local += timedelta(days=1)
            left -= local.weekday() < _SATURDAY
        return local.astimezone(UTC)

    def __str__(self) -> str:
        return f"{self.amount} {self.unit}"


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """Return the midnight that ends ``day`` in ``zone``, in UTC."""
    return datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)
