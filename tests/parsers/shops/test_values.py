"""Prices, dates and quantities as shops write them. A new way of writing one goes into the table of its kind."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.shops import values

PARIS = timezone(timedelta(hours=2))


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("139.80", "139.80"),
        ("  139.80 € ", "139.80"),
        ("1.234,56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("1 234,5 EUR", "1234.50"),
        ("1\u202f234,50\u00a0€", "1234.50"),
        ("12'345.60", "12345.60"),
        ("1.234.567,89", "1234567.89"),
        ("1.234.567", "1234567.00"),
        ("-12,50 €", "-12.50"),
        ("−12.50", "-12.50"),
        ("EUR 26,95", "26.95"),
        ("£1,204.00", "1204.00"),
        ("12", "12.00"),
        ("12.", "12.00"),
        ("0", "0.00"),
        ("87.35000000000001", "87.35"),
        ("139.79999999999998", "139.80"),
    ],
)
def test_a_price_is_read(text: str, amount: str) -> None:
    """A price is read with the marks of any country, with or without its currency."""
    assert values.amount(text) == Decimal(amount)


@pytest.mark.parametrize(
    "text",
    ["", "abc", "1.234", "1,234", "12 - 15", "1,2,3", "12.3456789", "1,23.456,78", "9" * 13, "1.23.45", "à venir"],
)
def test_a_price_that_can_be_read_in_two_ways_is_not_read(text: str) -> None:
    """What may be a thousand or one, two numbers, or none, gives no amount."""
    assert values.amount(text) is None


@given(st.decimals(min_value=0, max_value=999_999, places=2))
@settings(deadline=None, max_examples=100)
def test_the_way_of_writing_does_not_change_a_price(amount: Decimal) -> None:
    """The same amount in English, German, French and Swiss writing is the same amount."""
    english = f"{amount:,.2f}"
    german = english.translate(str.maketrans(",.", ".,"))
    written = [english, german, english.replace(",", " ").replace(".", ","), english.replace(",", "'"), f"{amount:.2f}"]
    assert {values.amount(text) for text in written} == {amount}


@given(st.text(alphabet="0123456789.,' -€$£\u00a0", max_size=40))
@settings(deadline=None, max_examples=200)
def test_no_price_is_too_strange(text: str) -> None:
    """Whatever stands in place of a price, it is read as an amount in cents or not at all."""
    found = values.amount(text)
    assert found is None or found == found.quantize(Decimal("0.01"))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("EUR", "EUR"),
        ("eur", "EUR"),
        ("12,50 €", "EUR"),
        ("£9", "GBP"),
        ("9 PLN", "PLN"),
        ("", None),
        ("12", None),
        ("pommes", None),
    ],
)
def test_a_currency_is_read_by_code_or_sign(text: str, code: str | None) -> None:
    """A currency is known by its code in either case or by its sign; other words are none."""
    assert values.currency(text) == code


@pytest.mark.parametrize(
    "text",
    [
        "2026-09-15",
        "20260915",
        "2026-09-15T00:00:00+02:00",
        "2026-09-15T23:59:59+0200",
        "2026-09-15 10:00",
        "2026-09-15T10:00:00.000Z",
        "2026-09-14T22:00:00Z",
        "2026-09-15T00:00:00Z",
        "15.09.2026",
        "15. 9. 2026",
        "15-09-2026",
        "15/09/2026",
        "09/15/2026",
        "15.09.2026 18:00 Uhr",
        "1789423200",
        "1789423200000",
        "Tue, 15 Sep 2026 10:00:00 +0200",
        "15 Sep 2026 10:00:00 +0200",
    ],
)
def test_a_day_is_read(text: str) -> None:
    """The fifteenth of September is read from each of the ways in which shops write it."""
    assert values.day(text, PARIS) == date(2026, 9, 15)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "morgen",
        "2026-02-31",
        "05/06/2026",
        "0001-01-01",
        "9999-12-31",
        "15.13.2026",
        "2026",
        "99999999999999",
        "2026-09-15T",
        "Tue, 15 Foo 2026",
    ],
)
def test_a_day_that_is_none_is_not_read(text: str) -> None:
    """Words, days that do not exist, other ages, and day and month that may be exchanged, give no day."""
    assert values.day(text, PARIS) is None


@given(st.dates(date(2000, 1, 2), date(2100, 12, 30)), st.integers(-11, 13))
@settings(deadline=None, max_examples=100)
def test_a_day_does_not_depend_on_how_it_is_written(day: date, hours: int) -> None:
    """ISO with any zone, with dots, and as the moment of midnight in the shop's zone are one day."""
    zone = timezone(timedelta(hours=hours))
    midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
    written = [
        day.isoformat(),
        midnight.isoformat(),
        f"{day:%d.%m.%Y}",
        f"{midnight.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
    ]
    assert {values.day(text, zone) for text in written} == {day}


@pytest.mark.parametrize(
    ("text", "quantity"), [("2", 2), ("2.0", 2), ("1", 1), ("0", 1), ("-3", 1), ("2.5", 1), ("x", 1), ("99999", 1)]
)
def test_a_quantity_is_a_whole_number(text: str, quantity: int) -> None:
    """What is no count of goods counts as one."""
    assert values.quantity(iter([text])) == quantity
