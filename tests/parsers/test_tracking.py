"""Parcel numbers: check digits and what may be one."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers import tracking
from parsers.tracking import CHECKS, Form

DIGITS = "0123456789"
VALID = [
    ("ups", "1Z999AA10123456784"),
    ("ups", "1ZQ4R8970369117426"),
    ("s10", "RR123456785GB"),
    ("s10", "CP447120934FR"),
    ("mod10", "9400111202555842332669"),
    ("mod10", "00340434161094042557"),
    ("mod10", "0073938000549297"),
    ("usps", "9400111202555842332669"),
    ("usps", "420101279400111202555842332669"),
    ("usps", "42010127123492055901755477000000000015"),
    ("fedex12", "986578788855"),
    ("fedex20", "61299998820821171811"),
    ("fedex34", "1001921334250001000300779017972697"),
    ("fedex96", "9611020987654312345672"),
    ("dhl7", "3318810025"),
    ("dhl49", "563102430313"),
    ("dhl49", "21348075016401"),
    ("mod37", "A12425GABC1234002M"),
    ("dpd", "00818270998002V"),
]
# Rules that see every single wrong digit; the others' blind spots stand in their docstrings.
STRICT = {"mod10": 21, "fedex20": 19, "dpd": 14, "mod37": 17}
"""How many signs stand before the check sign."""


def _closed(check: str, body: str, signs: str = DIGITS) -> str:
    """Return the number with the check sign that the rule asks for."""
    return next(body + sign for sign in signs if CHECKS[check](body + sign))


@pytest.mark.parametrize(("check", "number"), VALID)
def test_a_true_number_passes_and_most_neighbours_fail(check: str, number: str) -> None:
    """Published examples fit, and nine in ten of their neighbours by one digit do not."""
    assert CHECKS[check](number)
    places = [at for at, sign in enumerate(number) if sign in DIGITS and not number[:at].isalpha()]
    # What stands before the counted digits (routing, service codes) is not checked.
    counted = {"fedex96": places[7:], "fedex34": places[20:], "usps": places[-21:]}.get(check, places[-8:])
    near = [number[:at] + digit + number[at + 1 :] for at in counted for digit in DIGITS if digit != number[at]]
    assert sum(not CHECKS[check](other) for other in near) >= 0.9 * len(near)


@given(check=st.sampled_from(sorted(STRICT)), data=st.data())
@settings(deadline=None, max_examples=150)
def test_the_strict_rules_see_every_single_wrong_digit(check: str, data: st.DataObject) -> None:
    """A number closed by the rule passes; no change of one digit does."""
    size = STRICT[check]
    signs = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ" if check in ("dpd", "mod37") else DIGITS
    number = _closed(check, data.draw(st.text(DIGITS, min_size=size, max_size=size)), signs)
    at = data.draw(st.integers(0, size))
    sign = data.draw(st.sampled_from([one for one in signs if one != number[at]]))
    assert CHECKS[check](number)
    assert not CHECKS[check](number[:at] + sign + number[at + 1 :])


@given(body=st.text(DIGITS, min_size=9, max_size=9), at=st.integers(0, 8), digit=st.sampled_from(DIGITS))
@settings(deadline=None, max_examples=100)
def test_a_waybill_of_dhl_express_misses_only_errors_by_seven(body: str, at: int, digit: str) -> None:
    """Mod 7 refuses every wrong digit but one that is off by exactly seven."""
    number = body + str(int(body) % 7)
    other = number[:at] + digit + number[at + 1 :]
    assert tracking.dhl7(number)
    assert tracking.dhl7(other) == (abs(int(number[at]) - int(digit)) in (0, 7))


@pytest.mark.parametrize("text", ["", "A", "1Y", "RR12345678", "éé123456785FR", "²³¹²³¹²³¹²³¹", "٣٣١٨٨١٠٠٢٥"])
def test_the_checks_refuse_what_has_not_their_form(text: str) -> None:
    """Short, foreign or non-ASCII text passes no check and raises nothing."""
    assert not any(check(text) for check in CHECKS.values())


@pytest.mark.parametrize(
    ("word", "may"),
    [("25044419083377", True), ("6A 04418 82736 5", True), ("TEST-62904417", True), ("CHANGED_FOR_SECURITY", False),
     ("est", False), ("12", False), ("x" * 40 + "1234", False)],
)  # fmt: skip
def test_only_words_like_numbers_may_be_a_parcels(word: str, may: bool) -> None:
    """A labelled word must have digits enough and no strange signs."""
    assert tracking.plausible(word) is may


def test_a_number_in_free_text_must_pass_its_check() -> None:
    """Of two numbers that look alike, only the one with the right check digit is found, and not inside longer words."""
    forms = (Form(re.compile(r"1Z[A-Z0-9]{16}"), "ups"),)
    text = "vos colis 1Z999AA10123456784, 1Z999AA10123456785 et A1Z999AA10123456784"
    assert tracking.search(text, forms) == ["1Z999AA10123456784"]
    assert tracking.fits("1Z999AA10123456784", forms)
    assert not tracking.fits("1Z999AA10123456785", forms)
    assert tracking.formed("1Z999AA10123456785", forms)
    assert tracking.search(text, forms, unchecked=True) == ["1Z999AA10123456784", "1Z999AA10123456785"]


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("1Z 999 AA1 01 2345 6784", "1Z999AA10123456784"),
        (": 1Z999AA10123456784 from the shop", "1Z999AA10123456784"),
        ("6A 12345 67890 1 est en route", "6A12345678901"),
        ("9400 1112 0255 5842 3326 69", "9400111202555842332669"),
        ("1Z-999-AA1-01-2345-6784", "1Z999AA10123456784"),
        ("est en route", None),
        ("", None),
    ],
)
def test_a_number_in_groups_is_one_number(words: str, number: str | None) -> None:
    """Blanks and dashes inside a printed number do not part it, and what follows is not drawn into it."""
    forms = (
        Form(re.compile(r"1Z[A-Z0-9]{16}"), "ups"),
        Form(re.compile(r"[0-9][A-Z]\d{11}")),
        Form(re.compile(r"9[2-5]\d{20}"), "mod10"),
    )
    assert tracking.grouped(words, forms) == number
