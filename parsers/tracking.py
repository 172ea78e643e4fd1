"""Parcel numbers: their forms and check digits.

Forms are data of the carriers (``carriers/lexicon/*.toml``); this module knows the published check-digit rules that
they name. A number that a mail labels as its parcel's is believed by its form; one that merely stands in a text must
also pass its check.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from parsers.text import fold

_SPLIT = re.compile(r"[\s.\-]+")
_TOKEN = re.compile(r"[A-Z0-9]+")
_GROUPS = 12
"""No number is printed in more groups than this."""


class Form(NamedTuple):
    """How a carrier's parcel numbers look; ``check`` names a rule of ``CHECKS`` or is empty."""

    shape: re.Pattern[str]
    check: str = ""
    weak: bool = False
    """Other things look like this too (telephone numbers, references): believed only where a mail labels it."""


def squeeze(number: str) -> str:
    """Return a parcel number as it is typed: capitals, no blanks."""
    return re.sub(r"\s+", "", number).upper()


def plausible(number: str) -> bool:
    """Tell whether a labelled word can be a parcel number at all: 6 to 35 signs, at least four of them digits."""
    bare = _SPLIT.sub("", number)
    return 6 <= len(bare) <= 35 and bare.isascii() and bare.isalnum() and sum(c.isdigit() for c in bare) >= 4


def _digits(number: str) -> bool:
    """Tell whether all signs are ASCII digits: ``isdigit`` alone also takes superscripts and other scripts' digits."""
    return number.isascii() and number.isdigit()


def _weighted(number: str, weights: Sequence[int]) -> int:
    return sum(int(c) * weights[i % len(weights)] for i, c in enumerate(number))


def s10(number: str) -> bool:
    """Check a postal number such as ``RR123456785FR`` (standard S10 of the UPU: weights 86423597, mod 11)."""
    if not re.fullmatch(r"[A-Z]{2}\d{9}[A-Z]{2}", number, re.ASCII):
        return False
    rest = 11 - _weighted(number[2:10], (8, 6, 4, 2, 3, 5, 9, 7)) % 11
    return int(number[10]) == {10: 0, 11: 5}.get(rest, rest)


def ups(number: str) -> bool:
    """Check a UPS number ``1Z…``: letters count (code - 63) mod 10, every second sign twice, mod 10 (UPS's guide)."""
    if not re.fullmatch(r"1Z[A-Z0-9]{15}\d", number, re.ASCII):
        return False
    values = [int(c) if c.isdigit() else (ord(c) - 63) % 10 for c in number[2:]]
    total = sum(values[0:15:2]) + 2 * sum(values[1:15:2])
    return -total % 10 == values[15]


def mod10(number: str) -> bool:
    """Check a number whose last digit closes the sum of weights 3, 1, 3, … from the right.

    The rule of GS1 (General Specifications, 7.9) for SSCC; USPS (Publication 199, IMpb) and Canada Post's 16 digits
    use it too. It sees every single wrong digit.
    """
    if not _digits(number) or len(number) < 2:
        return False
    return -_weighted(number[-2::-1], (3, 1)) % 10 == int(number[-1])


def usps(number: str) -> bool:
    """Check a USPS number; the routing ``420`` and ZIP code of five or nine digits before it does not count."""
    bare = re.sub(r"^420(?:\d{5}|\d{9})(?=9\d{21}(?:\d{4})?$)", "", number)
    return mod10(bare)


def fedex12(number: str) -> bool:
    """Check a FedEx Express number of twelve digits: weights 3, 1, 7 from the left, mod 11, mod 10."""
    if not _digits(number) or len(number) != 12:
        return False
    return _weighted(number[:11], (3, 1, 7)) % 11 % 10 == int(number[11])


def fedex34(number: str) -> bool:
    """Check a FedEx label of 34 digits: the last 14 hold the parcel's number, weights 1, 7, 3 from the left, mod 11."""
    if not _digits(number) or len(number) != 34:
        return False
    return _weighted(number[20:33], (1, 7, 3)) % 11 % 10 == int(number[33])


def fedex20(number: str) -> bool:
    """Check a FedEx Ground Economy number of 20 digits: as USPS counts it, with ``92`` before it, mod 10."""
    return len(number) == 20 and mod10(f"92{number}")


def fedex96(number: str) -> bool:
    """Check a FedEx Ground label ``96…`` of 22 digits: its last 15 digits are the Ground number, mod 10."""
    return len(number) == 22 and number.startswith("96") and _digits(number) and mod10(number[7:])


def dhl7(number: str) -> bool:
    """Check a DHL Express waybill of ten digits: nine digits mod 7 (a digit wrong by seven is not seen)."""
    return _digits(number) and len(number) == 10 and int(number[:9]) % 7 == int(number[9])


def dhl49(number: str) -> bool:
    """Check an Identcode (12 digits) or Leitcode (14) of DHL Paket: weights 4 and 9 from the left, mod 10.

    Deutsche Post's specification of the codes; a digit of weight 4 that is wrong by five is not seen.
    """
    if not _digits(number) or len(number) not in (12, 14):
        return False
    return -_weighted(number[:-1], (4, 9)) % 10 == int(number[-1])


def mod37(number: str) -> bool:
    """Check digits and letters closed by a sign of ISO 7064, mod 37,36; it sees every single wrong sign."""
    if not re.fullmatch(r"[0-9A-Z]{2,}", number, re.ASCII):
        return False
    product = 36
    for sign in number[:-1]:
        product = ((product + int(sign, 36)) % 36 or 36) * 2 % 37
    return (37 - product) % 36 == int(number[-1], 36)


def dpd(number: str) -> bool:
    """Check a DPD number of 14 digits and a check sign (ISO 7064, mod 37,36, as DPD's label specification says)."""
    return len(number) == 15 and _digits(number[:14]) and mod37(number)


CHECKS: dict[str, Callable[[str], bool]] = {
    "s10": s10,
    "ups": ups,
    "mod10": mod10,
    "usps": usps,
    "fedex12": fedex12,
    "fedex20": fedex20,
    "fedex34": fedex34,
    "fedex96": fedex96,
    "dhl7": dhl7,
    "dhl49": dhl49,
    "mod37": mod37,
    "dpd": dpd,
}


def formed(number: str, forms: tuple[Form, ...]) -> bool:
    """Tell whether a number has one of the forms, whatever its check digit; a word without a digit has none."""
    return any(map(str.isdigit, number)) and any(form.shape.fullmatch(number) for form in forms)


def fits(number: str, forms: tuple[Form, ...]) -> bool:
    """Tell whether a number has one of the forms, check digit included where the form has one."""
    if not any(map(str.isdigit, number)):
        return False
    return any(form.shape.fullmatch(number) and (not form.check or CHECKS[form.check](number)) for form in forms)


def grouped(words: str, forms: tuple[Form, ...]) -> str | None:
    """Return the number of these forms that a text begins with, also when it is printed in groups; else None.

    A whole word counts before a number in groups, one whose check digit fits before one that has only the form, and
    of several the longest.
    """
    tokens: list[str] = []
    end = None
    for match in _TOKEN.finditer(fold(words).upper()):
        gap = match.start() - (end if end is not None else match.start())
        if len(tokens) == _GROUPS or gap > 1 or (end is None and match.start() > 3):
            break
        tokens.append(match[0])
        end = match.end()
    joins = ["".join(tokens[:size]) for size in range(1, len(tokens) + 1)]
    for whole in (joins[:1], joins[:0:-1]):
        for rule in (fits, formed):
            if found := next((number for number in whole if rule(number, forms)), None):
                return found
    return None


def search(text: str, forms: tuple[Form, ...], *, unchecked: bool = False) -> list[str]:
    """Return the numbers of these forms that stand in a text, in their order, each once.

    ``unchecked`` also takes those whose check digit is wrong: publishers and shops mask digits.
    """
    found: dict[str, int] = {}
    capitals = fold(text).upper()
    for form in forms:
        for match in form.shape.finditer(capitals):
            before, after = capitals[: match.start()][-1:], capitals[match.end() :][:1]
            if (
                not any(map(str.isdigit, match[0]))
                or before.isalnum()
                or after.isalnum()
                or before in ("-", "_")
                or after in ("-", "_")
            ):
                continue
            if unchecked or not form.check or CHECKS[form.check](match[0]):
                found.setdefault(match[0], match.start())
    return sorted(found, key=lambda number: found[number])
