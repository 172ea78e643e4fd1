"""The carriers' files: every language tells the same things, every form of number is one, every sender is known."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

import parsers.carriers
from parsers.carriers import data
from parsers.notice import Kind
from parsers.tracking import CHECKS
from parsers.wording import Phrases

FOLDER = Path(parsers.carriers.__file__).parent
LANGUAGES = {path.stem: path for path in sorted((FOLDER / "lexicon" / "languages").glob("*.toml"))}
CARRIERS = {path.stem: path for path in sorted((FOLDER / "lexicon").glob("*.toml"))}
PROMISED = (
    *("Colissimo", "La Poste", "Chronopost", "Mondial Relay", "Relais Colis", "Colis Privé", "DPD", "GLS", "UPS"),
    *("FedEx", "DHL", "Hermes", "Evri", "Royal Mail", "Parcelforce", "Yodel", "USPS", "Canada Post", "Australia Post"),
    *("PostNL", "bpost", "Correos", "SEUR", "SDA", "Poste Italiane", "BRT", "InPost", "Poczta Polska"),
    *("Amazon Logistics", "Geodis", "TNT", "Vinted Go"),
)
NUMBERS = {
    "UPS": "1Z999AA10123456784",
    "USPS": "9400111202555842332669",
    "FedEx": "986578788855",
    "DHL": "JJD000390007120935611",
    "Royal Mail": "QK447120934GB",
    "Colissimo": "6A12345678901",
    "Amazon Logistics": "TBA304499120077",
    "InPost": "520044712093561182047719",
    "Poczta Polska": "00159007733447120939",
    "PostNL": "3SABCD4471209356",
    "SDA": "350C20993341B",
    "GLS": "50347718264",
    "DPD": "1000572206318X",
}


def load(path: Path) -> dict[str, Any]:
    """Return a file's tables."""
    return tomllib.loads(path.read_text("utf-8"))


def test_the_carriers_and_languages_that_are_promised_are_there() -> None:
    """No carrier and no language is left out."""
    assert set(PROMISED) <= {carrier.name for carrier in data.carriers()}
    assert set(LANGUAGES) == {"de", "en", "es", "fr", "it", "ja", "nl", "pl", "pt", "sv", "tr"}


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_language_has_the_same_tables(code: str) -> None:
    """A label that one language lacks would be read in ten languages and forgotten in one."""
    one, english = load(LANGUAGES[code]), load(LANGUAGES["en"])
    assert one["labels"].keys() == english["labels"].keys()
    assert one["language"] == code
    assert one["source"]
    assert one["confidence"] in ("high", "medium", "low")
    kinds = {*one["early"], *one["kinds"]}
    assert kinds <= set(Kind)
    assert {Kind.SHIPPED, Kind.OUT_FOR_DELIVERY, Kind.DELIVERED, Kind.ATTEMPTED, Kind.PICKUP_READY} <= kinds
    assert {Kind.DELAYED, Kind.RETURNED, Kind.ANNOUNCED} <= kinds


@pytest.mark.parametrize("stem", CARRIERS)
def test_a_carrier_s_own_wordings_stand_under_known_languages_kinds_and_tables(stem: str) -> None:
    """A misspelt table would be silent for ever."""
    told = load(CARRIERS[stem])
    assert set(told["languages"]) <= set(LANGUAGES)
    for code in set(told) & set(LANGUAGES):
        assert set(told[code]) <= {"subject", "kinds", "weak_subject", "noise", "noise_line"}
        for table in set(told[code]) - {"noise", "noise_line"}:
            assert set(told[code][table]) <= set(Kind)
        for groups in told[code].values():
            assert Phrases(groups)
    for form in told["forms"]:
        assert set(form) <= {"shape", "check", "weak"}
        assert form.get("check", "mod10") in CHECKS


@pytest.mark.parametrize(("name", "number"), NUMBERS.items())
def test_a_carrier_s_number_has_one_of_its_forms(name: str, number: str) -> None:
    """A well-known form of each carrier's numbers is known."""
    carrier = next(each for each in data.carriers() if each.name == name)
    assert any(form.shape.fullmatch(number) for form in carrier.forms)


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("mcinfo@ups.com", "UPS"),
        ("TrackingUpdates@fedex.com", "FedEx"),
        ("noreply@service.dpd.de", "DPD"),
        ("kurier@dpd.com.pl", "DPD"),
        ("chronopost@network2.pickup.fr", "Chronopost"),
        ("dpd@network1.pickup.fr", "DPD"),
        ("NoReply.ODD@dhl.com", "DHL"),
        ("noreply@gls-spain.com", "GLS"),
        ("noreply@ups.com.example.org", None),
        ("noreply@dpd-example.fr", None),
        ("", None),
    ],
)
def test_a_sender_is_known_by_its_address_or_domain(address: str, name: str | None) -> None:
    """National domains and domains below them count; what only looks like one does not."""
    carrier = data.of_address(address)
    assert (carrier.name if carrier else None) == name


def test_a_marketplace_s_relay_is_known_by_the_sender_s_name() -> None:
    """A mail that a marketplace passes on comes from whom its sender's name tells, or from nobody."""
    relay = "powiadomienia@allegromail.pl"
    known = data.of_sender(relay, "Kurier InPost (via Poczta Allegro)")
    assert known is not None
    assert known.name == "InPost"
    assert data.of_sender(relay, "Allegro", "Twoje zakupy") is None
    assert data.is_relay(relay)
    assert not data.is_relay("noreply@inpost.pl")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("Votre colis est en route et sera livré demain", "fr"),
        ("Your parcel is on its way and will be with you tomorrow", "en"),
        ("Ihre Sendung ist unterwegs und wird morgen zugestellt", "de"),
        ("Je pakket is onderweg en wordt morgen bezorgd", "nl"),
        ("Tu envío está en camino y se entregará mañana", "es"),
        ("La tua spedizione è in viaggio e sarà consegnata domani", "it"),
        ("Twoja paczka jest w drodze i zostanie doręczona jutro", "pl"),
        ("A sua encomenda está a caminho e será entregue amanhã", "pt"),
        ("Ditt paket är på väg och levereras i morgon till dig", "sv"),
        ("Kargonuz yola çıktı, yarın adresinize teslim edilecek", "tr"),
        ("お荷物を本日お届けいたします", "ja"),
        ("6A12345678901", "pl"),
    ],
)
def test_a_mail_s_language_is_that_of_its_words(words: str, code: str) -> None:
    """The words decide; where there are none, the carrier's usual language does."""
    assert data.language_of(words.lower(), ("pl", "en")).code == code
