"""Parcel numbers: their forms and check digits.

Forms are data of the carriers (``carriers/lexicon/*.toml``); this module knows the published check-digit rules that
they name. A number that a mail labels as its parcel's is believed by its form; one that merely stands in a text must
also pass its check.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from parsers.text import fold

_SPLIT = re.compile(r"[\s.\-]+")


class Form(NamedTuple):
    """How a carrier's parcel numbers look; ``check`` names a rule of ``CHECKS`` or is empty."""

    shape: re.Pattern[str]
    check: str = ""


def squeeze(number: str) -> str:
    """Return a parcel number as it is typed: capitals, no blanks."""
    return re.sub(r"\s+", "", number).upper()


def plausible(number: str) -> bool:
    """Tell whether a labelled word can be a parcel number at all: 6 to 35 signs, at least four of them digits."""
    bare = _SPLIT.sub("", number)
    return 6 <= len(bare) <= 35 and bare.isascii() and bare.isalnum() and sum(c.isdigit() for c in bare) >= 4


def s10(number: str) -> bool:
    """Check a postal number such as ``RR123456785FR`` (standard S10 of the UPU: weights 86423597, mod 11)."""
    if not re.fullmatch(r"[A-Z]{2}\d{9}[A-Z]{2}", number):
        return False
    digits = [int(c) for c in number[2:11]]
    rest = 11 - sum(d * w for d, w in zip(digits, (8, 6, 4, 2, 3, 5, 9, 7), strict=False)) % 11
    return digits[8] == {10: 0, 11: 5}.get(rest, rest)


def ups(number: str) -> bool:
    """Check a UPS number ``1Z…``: letters count (code - 63) mod 10, every second sign twice, mod 10."""
    if not re.fullmatch(r"1Z[A-Z0-9]{15}\d", number):
        return False
    values = [int(c) if c.isdigit() else (ord(c) - 63) % 10 for c in number[2:]]
    total = sum(values[0:15:2]) + 2 * sum(values[1:15:2])
    return -total % 10 == values[15]


def mod10(number: str) -> bool:
    """Check a number whose last digit closes the sum of weights 3, 1, 3, … from the right (GS1, USPS IMpb)."""
    if not number.isdigit() or len(number) < 2:
        return False
    total = sum(int(c) * (3 if i % 2 == 0 else 1) for i, c in enumerate(reversed(number[:-1])))
    return -total % 10 == int(number[-1])


def fedex12(number: str) -> bool:
    """Check a FedEx Express number of twelve digits: weights 3, 1, 7 from the left, mod 11, mod 10."""
    if not re.fullmatch(r"\d{12}", number):
        return False
    total = sum(int(c) * w for c, w in zip(number[:11], (3, 1, 7) * 4, strict=False))
    return total % 11 % 10 == int(number[11])


CHECKS: dict[str, Callable[[str], bool]] = {"s10": s10, "ups": ups, "mod10": mod10, "fedex12": fedex12}


def fits(number: str, forms: tuple[Form, ...]) -> bool:
    """Tell whether a number has one of the forms, check digit included where the form has one."""
    return any(form.shape.fullmatch(number) and (not form.check or CHECKS[form.check](number)) for form in forms)


def search(text: str, forms: tuple[Form, ...]) -> list[str]:
    """Return the numbers of these forms that stand in a text, in their order, each once."""
    found: dict[str, None] = {}
    capitals = fold(text).upper()
    for form in forms:
        for match in form.shape.finditer(capitals):
            before, after = capitals[: match.start()][-1:], capitals[match.end() :][:1]
            if before.isalnum() or after.isalnum() or before in ("-", "_") or after in ("-", "_"):
                continue
            if not form.check or CHECKS[form.check](match[0]):
                found.setdefault(match[0])
    return list(found)
