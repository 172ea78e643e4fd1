"""Days as mails write them, against the day of the mail."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from parsers import dates

MONDAY = date(2026, 8, 3)

FRENCH = [
    ("aujourd’hui entre 7h et 13h", "2026-08-03", "2026-08-03"),
    ("demain", "2026-08-04", "2026-08-04"),
    ("après-demain", "2026-08-05", "2026-08-05"),
    ("jeudi", "2026-08-06", "2026-08-06"),
    ("lundi", "2026-08-10", "2026-08-10"),
    ("mercredi 5 août", "2026-08-05", "2026-08-05"),
    ("mer. 5 août 2026", "2026-08-05", "2026-08-05"),
    ("le 1er septembre", "2026-09-01", "2026-09-01"),
    ("3 septembre - 5 septembre", "2026-09-03", "2026-09-05"),
    ("3 - 5 septembre", "2026-09-03", "2026-09-05"),
    ("entre le 6 août et le 7 août", "2026-08-06", "2026-08-07"),
    ("du 28 décembre au 2 janvier", "2026-12-28", "2027-01-02"),
    ("30 décembre - 2 janvier 2027", "2026-12-30", "2027-01-02"),
    ("mercredi 5 août - vendredi 7 août", "2026-08-05", "2026-08-07"),
    ("ce mercredi 5 août entre 11:20 et 13:20", "2026-08-05", "2026-08-05"),
    ("05/08/2026", "2026-08-05", "2026-08-05"),
    ("2026-08-09 avant 20h", "2026-08-09", "2026-08-09"),
    ("au plus tard le 12 fév. 2027", "2027-02-12", "2027-02-12"),
    ("15 juillet", "2026-07-15", "2026-07-15"),
]
ENGLISH = [
    ("today 4 PM - 8 PM", "2026-08-03", "2026-08-03"),
    ("tomorrow, August 4", "2026-08-04", "2026-08-04"),
    ("overnight by 8 a.m.", "2026-08-04", "2026-08-04"),
    ("Tuesday", "2026-08-04", "2026-08-04"),
    ("Friday, August 7, 5 p.m - 10 p.m.", "2026-08-07", "2026-08-07"),
    ("15 September - 21 September", "2026-09-15", "2026-09-21"),
    ("September 12 - 15", "2026-09-12", "2026-09-15"),
    ("Aug 5 - Sep 2", "2026-08-05", "2026-09-02"),
    ("the 9th of August", "2026-08-09", "2026-08-09"),
    ("Wednesday, 08/05/2026", "2026-08-05", "2026-08-05"),
]


@pytest.mark.parametrize(("text", "first", "last"), FRENCH)
def test_a_french_day_is_read(text: str, first: str, last: str) -> None:
    """French days, weekdays, spans and relative days are resolved against the mail's own day."""
    assert dates.read(text, MONDAY, "fr") == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(("text", "first", "last"), ENGLISH)
def test_an_english_day_is_read(text: str, first: str, last: str) -> None:
    """English days of both orders are resolved against the mail's own day; hours are not days."""
    assert dates.read(text, MONDAY, "en", month_first=True) == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    "text",
    ["vendredi 9 mai 2026", "31 février", "en 1 jour ouvré", "bientôt", "", "7 août - 5 août 2026", "12", "45/13/2026"],
)
def test_what_cannot_be_right_is_no_day(text: str) -> None:
    """A weekday that contradicts its date, a day that does not exist and a span that runs backwards give nothing."""
    assert dates.read(text, MONDAY, "fr") is None


def test_a_number_of_days_is_read_in_the_order_of_the_marketplace() -> None:
    """05/08 is the fifth of August in France and the eighth of May in the United States."""
    assert dates.read("05/08/2026", MONDAY, "en") == (date(2026, 8, 5), date(2026, 8, 5))
    assert dates.read("05/08/2026", MONDAY, "en", month_first=True) == (date(2026, 5, 8), date(2026, 5, 8))


def test_a_time_stamp_of_a_link_gives_a_day() -> None:
    """Seconds since 1970 in a link are a day; numbers that are no time of an order are not."""
    assert dates.of_epoch(1637092800) == date(2021, 11, 16)
    assert dates.of_epoch(12) is None


@given(st.dates(date(2015, 1, 1), date(2035, 12, 31)), st.integers(-60, 250))
def test_a_day_without_its_year_is_found_again(today: date, ahead: int) -> None:
    """A day written without a year, from two months back to eight ahead, is resolved to itself."""
    day = today + timedelta(days=ahead)
    month = Locale("fr").months["format"]["wide"][day.month]
    assert dates.read(f"{day.day} {month}", today, "fr") == (day, day)
