"""Amounts: what is read, what is refused."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers import money

READ = [
    ("EUR 26,95", "fr", "26.95", "EUR"),
    ("26,95 €", "fr", "26.95", "EUR"),
    ("24 EUR", "fr", "24", "EUR"),
    ("19.99 USD", "en", "19.99", "USD"),
    ("48.9 EUR", "fr", "48.9", "EUR"),
    ("87.35000000000001 USD", "en", "87.35", "USD"),
    ("61.650000000000006 EUR", "fr", "61.65", "EUR"),
    ("1 234,56 €", "fr", "1234.56", "EUR"),
    ("1\u202f234,56\u00a0€", "fr", "1234.56", "EUR"),
    ("EUR 1 149,00", "fr", "1149.00", "EUR"),
    ("$1,234.56", "en", "1234.56", "USD"),
    ("$1,234", "en", "1234", "USD"),
    ("£0.99", "en", "0.99", "GBP"),
    ("CA$ 12.50", "en", "12.50", "CAD"),
    ("-12,50 €", "fr", "-12.50", "EUR"),
    ("-EUR 4,99", "fr", "-4.99", "EUR"),
    ("− 3,00 €", "fr", "-3.00", "EUR"),
    ("1,234,567.00 USD", "en", "1234567.00", "USD"),
    ("1,234.56 €", "fr", "1234.56", "EUR"),
    ("1.234,56 €", "en", "1234.56", "EUR"),
    ("EUR 1.234,56", "de", "1234.56", "EUR"),
    ("1.234 €", "de", "1234.00", "EUR"),
    ("€ 12,-", "nl", "12.00", "EUR"),
    ("€ -12,50", "nl", "-12.50", "EUR"),
    ("1 299,00 kr", "sv", "1299.00", "SEK"),
    ("1\u00a0299,00\u00a0zł", "pl", "1299.00", "PLN"),
    ("R$ 1.299,90", "pt", "1299.90", "BRL"),
    ("R$1.299,90", "pt", "1299.90", "BRL"),
    ("MX$1,299.00", "es", "1299.00", "MXN"),
    ("1.299,00 TL", "tr", "1299.00", "TRY"),
    ("₺1.299,00", "tr", "1299.00", "TRY"),
    ("₹1,23,456.00", "en", "123456.00", "INR"),
    ("Rs. 499", "en", "499.00", "INR"),
    ("Rs.499.00", "en", "499.00", "INR"),
    ("₹ 12,34,567", "en", "1234567.00", "INR"),
    ("S$45.90", "en", "45.90", "SGD"),
    ("A$45.90", "en", "45.90", "AUD"),
    ("AED 1,045.90", "en", "1045.90", "AED"),
    ("د.إ 45.90", "en", "45.90", "AED"),
    ("SAR 45.90", "en", "45.90", "SAR"),
    ("EGP1,045.90", "en", "1045.90", "EGP"),
    ("¥2,168", "ja", "2168", "JPY"),
    ("￥ 2,168", "ja", "2168", "JPY"),
    ("２，１６８円", "ja", "2168", "JPY"),
    ("JPY 2168", "ja", "2168", "JPY"),
    ("CHF 1’299.00", "de", "1299.00", "CHF"),
    ("$ 19 99", "en", "19.99", "USD"),
    ("US$1,234.56", "es", "1234.56", "USD"),
]


@pytest.mark.parametrize(("text", "language", "amount", "currency"), READ)
def test_an_amount_is_read(text: str, language: str, amount: str, currency: str) -> None:
    """French, English and machine-printed amounts are read exactly, with their sign."""
    assert money.read(text, language) == (Decimal(amount), currency, False)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("1.234 €", "fr"),
        ("1,234 €", "fr"),
        ("1.234 USD", "en"),
        ("12.345678 USD", "en"),
        ("1 23,45 €", "fr"),
        ("12,34,56 €", "fr"),
        ("26,95", "fr"),
        ("26,95 € 31,00 €", "fr"),
        ("", "fr"),
        ("€", "fr"),
    ],
)
def test_an_unclear_amount_is_not_read(text: str, language: str) -> None:
    """A number that can be read in two ways, has no currency or is not alone gives nothing rather than a guess."""
    assert money.read(text, language) is None


def test_the_marketplace_decides_which_dollar_is_meant() -> None:
    """A bare dollar sign is Canadian on amazon.ca, and the United States' where the home currency is no dollar."""
    assert money.read("$79.99", "en", "CAD") == (Decimal("79.99"), "CAD", False)
    assert money.read("$79.99", "en", "EUR") == (Decimal("79.99"), "USD", False)


def test_a_price_whose_decimals_were_raised_is_put_together_again() -> None:
    """``1495 €``, left of a superscript, is 14.95 when its caller knows it for a price of that kind, else 1495."""
    found = money.read("1495 €", "fr")
    assert found is not None
    assert found.amount == 1495
    assert money.unsplit(found).amount == Decimal("14.95")
    whole = money.read("1495 EUR", "fr")
    assert whole is not None
    assert money.unsplit(whole).amount == 1495


def test_an_amount_is_found_in_a_sentence() -> None:
    """The amount of a sentence is found, a date or an article's number is not."""
    said = money.find("Nous vous remboursons 1 039,80 € sous 5 à 7 jours.", "fr")
    assert said is not None
    assert said.amount == Decimal("1039.80")
    assert money.find("Commande 404-7719035-2286641 du 12/03/2026", "fr") is None


@given(st.decimals(min_value=0, max_value=99_999_999, places=2))
def test_what_the_language_writes_is_what_is_read(amount: Decimal) -> None:
    """Any amount written with the signs of French or English comes back unchanged."""
    english = f"{amount:,.2f}"
    french = english.replace(",", "\u202f").replace(".", ",")
    assert money.read(f"${english}", "en") == (amount, "USD", False)
    assert money.read(f"{french} €", "fr") == (amount, "EUR", False)
