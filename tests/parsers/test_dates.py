"""Days as mails write them, against the day of the mail."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from babel import Locale
from babel.dates import format_date
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

OTHERS = [
    ("de", "15.\u201317. September", "2026-09-15", "2026-09-17"),
    ("de", "Mittwoch, 5. August", "2026-08-05", "2026-08-05"),
    ("de", "Mi., 5. Aug.", "2026-08-05", "2026-08-05"),
    ("de", "zwischen dem 3. und 5. September", "2026-09-03", "2026-09-05"),
    ("de", "morgen, 4. August", "2026-08-04", "2026-08-04"),
    ("de", "morgen", "2026-08-04", "2026-08-04"),
    ("de", "heute 10:00 - 14:00 Uhr", "2026-08-03", "2026-08-03"),
    ("de", "heute zwischen 10 und 14 Uhr", "2026-08-03", "2026-08-03"),
    ("de", "05.08.2026", "2026-08-05", "2026-08-05"),
    ("de", "am 05.08.", "2026-08-05", "2026-08-05"),
    ("de", "übermorgen", "2026-08-05", "2026-08-05"),
    ("de", "29. Dezember - 3. Januar", "2026-12-29", "2027-01-03"),
    ("de", "30. - 2. Januar", "2026-12-30", "2027-01-02"),
    ("de", "Mittwoch, 5. August - Freitag, 7. August", "2026-08-05", "2026-08-07"),
    ("de", "Freitag", "2026-08-07", "2026-08-07"),
    ("de", "Mittwoch, den 5. August 2026", "2026-08-05", "2026-08-05"),
    ("it", "del 5 agosto", "2026-08-05", "2026-08-05"),
    ("it", "mercoledì 5 agosto", "2026-08-05", "2026-08-05"),
    ("it", "dal 3 al 5 settembre", "2026-09-03", "2026-09-05"),
    ("it", "tra il 3 e il 5 settembre", "2026-09-03", "2026-09-05"),
    ("it", "domani", "2026-08-04", "2026-08-04"),
    ("it", "oggi dalle 10:00 alle 14:00", "2026-08-03", "2026-08-03"),
    ("it", "1º settembre", "2026-09-01", "2026-09-01"),
    ("it", "l'8 agosto", "2026-08-08", "2026-08-08"),
    ("it", "mer 5 ago", "2026-08-05", "2026-08-05"),
    ("es", "5 de agosto", "2026-08-05", "2026-08-05"),
    ("es", "miércoles, 5 de agosto", "2026-08-05", "2026-08-05"),
    ("es", "del 3 al 5 de septiembre", "2026-09-03", "2026-09-05"),
    ("es", "el 6 de julio de 2026", "2026-07-06", "2026-07-06"),
    ("es", "mañana", "2026-08-04", "2026-08-04"),
    ("es", "entre el 3 de septiembre y el 5 de octubre", "2026-09-03", "2026-10-05"),
    ("es", "6 de julio - 7 de julio", "2026-07-06", "2026-07-07"),
    ("es", "agosto 5", "2026-08-05", "2026-08-05"),
    ("es", "mié., 5 ago.", "2026-08-05", "2026-08-05"),
    ("nl", "3\u20135 september", "2026-09-03", "2026-09-05"),
    ("nl", "woensdag 5 augustus", "2026-08-05", "2026-08-05"),
    ("nl", "wo 5 aug.", "2026-08-05", "2026-08-05"),
    ("nl", "morgen tussen 10:00 en 14:00", "2026-08-04", "2026-08-04"),
    ("nl", "tussen 3 en 5 september", "2026-09-03", "2026-09-05"),
    ("nl", "vandaag", "2026-08-03", "2026-08-03"),
    ("nl", "5 mrt 2027", "2027-03-05", "2027-03-05"),
    ("pl", "środa, 5 sierpnia", "2026-08-05", "2026-08-05"),
    ("pl", "w środę, 5 sierpnia", "2026-08-05", "2026-08-05"),
    ("pl", "jutro", "2026-08-04", "2026-08-04"),
    ("pl", "3-5 września", "2026-09-03", "2026-09-05"),
    ("pl", "od 3 do 5 września", "2026-09-03", "2026-09-05"),
    ("pl", "między 3 a 5 września", "2026-09-03", "2026-09-05"),
    ("pl", "piątek, 18 września 2026", "2026-09-18", "2026-09-18"),
    ("pl", "15.09.2026", "2026-09-15", "2026-09-15"),
    ("sv", "5 augusti", "2026-08-05", "2026-08-05"),
    ("sv", "onsdag den 5 augusti", "2026-08-05", "2026-08-05"),
    ("sv", "onsdag 5 augusti", "2026-08-05", "2026-08-05"),
    ("sv", "imorgon", "2026-08-04", "2026-08-04"),
    ("sv", "i morgon kl. 10.30-12.00", "2026-08-04", "2026-08-04"),
    ("sv", "3\u20135 september", "2026-09-03", "2026-09-05"),
    ("sv", "2026-08-09", "2026-08-09", "2026-08-09"),
    ("pt", "quarta-feira, 5 de agosto", "2026-08-05", "2026-08-05"),
    ("pt", "qua., 5 de ago.", "2026-08-05", "2026-08-05"),
    ("pt", "amanhã", "2026-08-04", "2026-08-04"),
    ("pt", "entre 3 e 5 de setembro", "2026-09-03", "2026-09-05"),
    ("pt", "3 a 5 de setembro", "2026-09-03", "2026-09-05"),
    ("pt", "3 de setembro - 5 de setembro", "2026-09-03", "2026-09-05"),
    ("tr", "3 Eylül Perşembe", "2026-09-03", "2026-09-03"),
    ("tr", "3 - 5 Eylül", "2026-09-03", "2026-09-05"),
    ("tr", "3 Eylül Perşembe - 5 Eylül Cumartesi", "2026-09-03", "2026-09-05"),
    ("tr", "yarın", "2026-08-04", "2026-08-04"),
    ("tr", "bugün 10:00 - 14:00", "2026-08-03", "2026-08-03"),
    ("tr", "5 Ağustos Çarşamba", "2026-08-05", "2026-08-05"),
    ("tr", "7 Eylül 2026 Pazartesi", "2026-09-07", "2026-09-07"),
    ("tr", "7.09.2026", "2026-09-07", "2026-09-07"),
    ("tr", "5 Eylül'de", "2026-09-05", "2026-09-05"),
    ("tr", "Çarşamba", "2026-08-05", "2026-08-05"),
    ("tr", "5 EYLÜL", "2026-09-05", "2026-09-05"),
    ("ja", "8月5日(水)", "2026-08-05", "2026-08-05"),
    ("ja", "8月3日(月) - 8月5日(水)", "2026-08-03", "2026-08-05"),
    ("ja", "\uff12\uff10\uff12\uff16年\uff18月\uff15日\uff08水\uff09", "2026-08-05", "2026-08-05"),
    ("ja", "2026/08/09", "2026-08-09", "2026-08-09"),
    ("ja", "8月3日\uff5e5日", "2026-08-03", "2026-08-05"),
    ("ja", "明日", "2026-08-04", "2026-08-04"),
    ("ja", "8月5日 水曜日", "2026-08-05", "2026-08-05"),
    ("ja", "本日 18:00 - 20:00", "2026-08-03", "2026-08-03"),
    ("ja", "水曜日", "2026-08-05", "2026-08-05"),
    ("ja", "2026/08/09 - 2026/08/10", "2026-08-09", "2026-08-10"),
    ("ja", "8/5(水)", "2026-08-05", "2026-08-05"),
    ("fr", "du 15 au 17 septembre", "2026-09-15", "2026-09-17"),
    ("fr", "demain 4 août entre 8h et 13h", "2026-08-04", "2026-08-04"),
    ("fr", "mercredi - vendredi", "2026-08-05", "2026-08-07"),
    ("fr", "vendredi - mardi", "2026-08-07", "2026-08-11"),
    ("fr", "le 5/08 à 18h", "2026-08-05", "2026-08-05"),
    ("en", "05-Aug-2026", "2026-08-05", "2026-08-05"),
    ("en", "Wednesday, 5 Aug, 2026", "2026-08-05", "2026-08-05"),
    ("en", "between 10:00 and 14:00 on Wednesday 5 August", "2026-08-05", "2026-08-05"),
    ("en", "today between 2pm and 6pm", "2026-08-03", "2026-08-03"),
    ("en", "Wed, 5 Aug - Fri, 7 Aug", "2026-08-05", "2026-08-07"),
    ("en", "December 30 - 2", "2026-12-30", "2027-01-02"),
    ("en", "15-09-2026", "2026-09-15", "2026-09-15"),
    ("en", "Wednesday - Friday, 7 August", "2026-08-05", "2026-08-07"),
    ("it", "da domani", "2026-08-04", "2026-08-04"),
    ("pl", "9.09.2026 r.", "2026-09-09", "2026-09-09"),
]


@pytest.mark.parametrize(("text", "first", "last"), FRENCH)
def test_a_french_day_is_read(text: str, first: str, last: str) -> None:
    """French days, weekdays, spans and relative days are resolved against the mail's own day."""
    assert dates.read(text, MONDAY, "fr") == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(("text", "first", "last"), ENGLISH)
def test_an_english_day_is_read(text: str, first: str, last: str) -> None:
    """English days of both orders are resolved against the mail's own day; hours are not days."""
    assert dates.read(text, MONDAY, "en", month_first=True) == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(("language", "text", "first", "last"), OTHERS)
def test_a_day_of_each_language_is_read(language: str, text: str, first: str, last: str) -> None:
    """Every language's days, spans and relative days are read; hours are not days, a span may cross the new year."""
    assert dates.read(text, MONDAY, language) == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize("language", dates.languages())
def test_every_month_and_weekday_of_cldr_is_read(language: str) -> None:
    """In every language, the days of a year as CLDR writes them in full come back unchanged."""
    for ahead in range(0, 365, 9):
        day = MONDAY + timedelta(days=ahead - 80)
        assert dates.read(format_date(day, "full", language), MONDAY, language) == (day, day)
        assert dates.read(format_date(day, "long", language), MONDAY, language) == (day, day)


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
