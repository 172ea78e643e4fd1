"""Which language a mail is read in, and that languages cost nothing where they are not needed."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

import parsers
from parsers import dates, language, text
from parsers.amazon import lexicon, site
from parsers.letter import Letter

SENT = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
ROOT = Path(parsers.__file__).parent
SAID = {
    "fr": ("Livré : « Bol en grès... »", "Votre colis a été livré.\nVotre commande est arrivée."),
    "en": ('Delivered: "Stone Bowl..."', "Your package was delivered.\nThanks for your order."),
    "de": ("Zugestellt: „Schale aus Steingut…“", "Ihr Paket wurde zugestellt.\nIhre Bestellung ist da."),
    "it": ("Consegnato: “Ciotola in gres…”", "Il tuo pacco è stato consegnato.\nIl tuo ordine è arrivato."),
    "es": ("Entregado: «Cuenco de gres...»", "Tu paquete se ha entregado.\nGracias por tu pedido."),
    "nl": ("Bezorgd: 'Kom van steengoed...'", "Je pakket is bezorgd.\nBedankt voor je bestelling."),
    "pl": ("Dostarczono: „Miska z kamionki…”", "Twoja paczka została dostarczona.\nDziękujemy za zamówienie."),
    "sv": ("Levererat: ”Skål i stengods…”", "Ditt paket har levererats.\nTack för din beställning."),
    "pt": ("Entregue: “Tigela de grés…”", "Seu pacote foi entregue.\nObrigado pelo seu pedido."),
    "tr": ("Teslim edildi: “Seramik kase…”", "Paketiniz teslim edildi.\nSiparişiniz için teşekkür ederiz."),
    "ja": ("配達済み: 「せっ器のボウル」", "お荷物が配達されました。\nご注文ありがとうございます。"),
}


@pytest.mark.parametrize("code", lexicon.library().codes)
def test_words_tell_the_language_on_every_site(code: str) -> None:
    """A mail is read in the language of its words, whichever site sent it."""
    subject, body = SAID[code]
    for marketplace in site.sites().values():
        assert lexicon.of_text(subject, text.from_plain(body), marketplace.languages).language == code


def test_without_words_the_site_decides() -> None:
    """A mail that says nothing is read in its site's usual language that there is a lexicon for, else in English."""
    for marketplace in site.sites().values():
        known = [code for code in marketplace.languages if code in lexicon.library().codes]
        assert lexicon.of_text("12345", [], marketplace.languages).language == known[0]
    assert lexicon.of_text("12345", [], ("xx",)).language == "en"


@pytest.mark.parametrize("code", lexicon.library().codes)
def test_signals_are_single_words(code: str) -> None:
    """The words that tell a language stand before the first table, and each is one word; all languages have dates."""
    head = language.head(ROOT / "amazon" / "lexicon" / f"{code}.toml")
    assert head["language"] == code
    assert all(len(word.split()) == 1 for word in head["signals"])
    assert len(head["signals"]) >= 10
    assert code in dates.languages()


def test_only_the_languages_that_a_mail_needs_are_loaded() -> None:
    """Reading a French mail of amazon.fr loads French, and no language that its site does not use."""
    code = (
        "import json\nfrom datetime import UTC, datetime\nimport parsers\nfrom parsers.amazon import lexicon\n"
        "from parsers.letter import Letter\nnow = datetime(2026, 3, 10, tzinfo=UTC)\n"
        "parsers.read(Letter(mail_id='a' * 64, sender='order-update@amazon.fr', subject='Livré : « Bol »', date=now,"
        " received_at=now, text='Votre colis a été livré.'))\n"
        "print(json.dumps(list(lexicon.library().loaded)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT.parent)
    assert json.loads(done.stdout) == ["fr"]


@pytest.mark.parametrize("code", lexicon.library().codes)
def test_a_delivered_mail_is_read_in_every_language(code: str) -> None:
    """The subject alone tells a delivery, in every language there is a lexicon for."""
    letter = Letter(
        mail_id="a" * 64, sender="order-update@amazon.de", subject=SAID[code][0], date=SENT, received_at=SENT
    )
    assert [notice.kind for notice in parsers.read(letter)] == ["delivered"]
