"""A mail made shareable: nothing of its owner is left in it, and it is read as before."""

from __future__ import annotations

import email
import email.policy
import json
import re
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import parsers
from daemon.intake import open_mail
from daemon.redaction import redact
from daemon.redaction.pseudonyms import Pseudonyms

FOLDER = Path(__file__).parents[1] / "mails"
SAMPLES = sorted(path for kind in ("amazon", "carriers") for path in (FOLDER / kind).glob("*.eml"))
ARRIVED = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
KEY = b"k" * 32


def _read(raw: bytes) -> list[dict[str, Any]]:
    letters = open_mail(raw, received_at=ARRIVED)
    return [notice.model_dump(mode="json") for letter in letters for notice in parsers.read(letter)]


def _said(raw: bytes) -> str:
    """Return everything that a reader of the mail can see, and its links."""
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    bodies = [part.get_content() for part in message.walk() if part.get_content_maintype() == "text"]
    return "\n".join([*(f"{name}: {value}" for name, value in message.items()), *bodies])


def _told(path: Path) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = json.loads(path.with_suffix(".json").read_text("utf-8"))["notices"]
    return told


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_nothing_of_the_owner_is_left(path: Path) -> None:
    """Order and parcel numbers, the owner's name and address, and whole titles are in no redacted sample."""
    raw = path.read_bytes()
    said = _said(redact(raw, (), KEY))
    owner = email.message_from_bytes(raw, policy=email.policy.default)["to"]
    private = (
        [word for one in owner.addresses for word in (one.addr_spec, one.display_name.split()[-1:] or "")]
        if owner
        else []
    )
    for notice in _told(path):
        private += [notice.get("order_id") or "", *notice.get("tracking_numbers", [])]
        private += [item["title"][:30] for item in notice.get("items", []) if len(item["title"]) > 12]
    assert [text for text in private if len(text) > 3 and text in said] == []


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_it_is_read_as_before(path: Path) -> None:
    """What happened, when it arrives, of which site and carrier, and how many goods are the same after redaction."""
    raw = path.read_bytes()
    kept = ("kind", "marketplace", "carrier", "promised_from", "promised_to", "pickup_deadline", "currency", "sold_by")
    before, after = ([{key: one[key] for key in kept} for one in _read(each)] for each in (raw, redact(raw, (), KEY)))
    assert after == before


@pytest.mark.parametrize("path", SAMPLES[::6], ids=lambda path: path.stem)
def test_the_same_is_replaced_by_the_same(path: Path) -> None:
    """With one key a number has one replacement, in text, links and subject; with another key it has another."""
    one, again, other = (redact(path.read_bytes(), (), key) for key in (KEY, KEY, b"x" * 32))
    assert [notice["order_id"] for notice in _read(one)] == [notice["order_id"] for notice in _read(again)]
    numbers = [notice["order_id"] for notice in _read(one) if notice["order_id"]]
    assert not numbers or numbers != [notice["order_id"] for notice in _read(other)]


def test_the_owners_names_go_wherever_they_stand() -> None:
    """A name given by the configuration is replaced in sentences, in capitals and in addresses; other words stay."""
    raw = (
        b"From: order-update@amazon.fr\r\nTo: zoe@example.org\r\nSubject: Pour Zoe Rivoire\r\n\r\n"
        b"Madame RIVOIRE,\r\nvotre commande attend Zoe.\r\nAdresse de livraison\r\nZ. Rivoire\r\n12 rue des Lilas\r\n"
        b"69003 Lyon\r\nTel. 06 12 34 56 78\r\nzoe.rivoire@example.org\r\n"
    )
    said = _said(redact(raw, ("Zoé Rivoire", "Zoe Rivoire"), KEY))
    for private in ("ivoire", "IVOIRE", "Zoe", "Lilas", "69003", "Lyon", "06 12 34", "zoe.r"):
        assert private not in said
    assert "votre commande attend" in said
    assert "Adresse de livraison" in said


def test_what_is_behind_the_page_goes() -> None:
    """Comments, scripts, styles, hidden data and foreign links of the HTML are not carried along."""
    raw = (
        b"From: order-update@amazon.fr\r\nSubject: x\r\nContent-Type: text/html\r\n\r\n"
        b"<html><!-- zoe --><style>p{}</style><script>zoe()</script><p data-user='zoe'>Livr&eacute;</p>"
        b"<a href='https://tracker.example/zoe?u=zoe'>ici</a><img src='https://tracker.example/p.gif?zoe'></html>"
    )
    said = _said(redact(raw, (), KEY))
    assert "zoe" not in said
    assert "tracker" not in said
    assert "Livré" in said


_LEAKY = """<p>Ihr Paket wurde bei Herrn Dietmar Quallenfeld abgegeben.</p>
<p>Remis à votre voisin Mme Odile Brancourt</p>
<p>Signed by: WIERZBOWSKI</p><p>Hi Theodora, your parcel is late, theodora</p><p>Telefon 0172 3456789</p>
<p>Türcode 5822C, PIN 7391, Code 63 84</p><p>IBAN DE41 5005 0104 0432 1076 55</p><p>Visa 9276</p>
<p>Lindenstr. 8</p><p>Prinsengracht 317 B, 1017 KM Utrecht</p><p>Zustellung am 17. März 2026 um 14:30, Menge: 2</p>
<a href="https://nolp.dhl.de/p?token=QwErTyUiOpAsDfGhJkLz">z</a><img alt="Foto von Wierzbowski Wohnung">
<a href="https://www.amazon.fr/gp/profile/amzn.wierzbowski/?ref=Wierzbowski">p</a>"""


def test_what_no_parser_knows_goes_too() -> None:
    """Neighbours, receivers, codes, accounts, streets and the parts of links are replaced; dates and wording stay."""
    head = "From: DHL <noreply@dhl.de>\nSubject: Neu\nContent-Type: text/html; charset=utf-8\n\n"
    said = _said(redact((head + _LEAKY).encode(), (), KEY))
    names = ("Dietmar", "Quallenfeld", "Odile", "Brancourt", "Wierzbowski", "Theodora", "Lindenstr", "Prinsengracht")
    numbers = ("0172", "3456789", "5822", "7391", "63 84", "DE41", "5005", "9276", "317", "1017")
    links = ("QwErTy", "Utrecht", "profile")
    assert [word for word in (*names, *numbers, *links) if word.casefold() in said.casefold()] == []
    for kept in ("17. März 2026 um 14:30", "Menge: 2", "your parcel is late", "token=", "/gp/", "Foto von"):
        assert kept in said


@pytest.mark.parametrize(
    ("subject", "body", "gone", "kept"),
    [
        (
            "Livré : « Robe de grossesse LILIBEL »",
            "Votre robe de grossesse patiente chez un voisin. Vos robes ont été livrées.",
            ("robe de grossesse", "grossesse"),
            ("patiente chez un voisin", "ont été livrées"),
        ),
        (
            "Expédié : « Cafetière de bord »",
            "Votre cafetière arrive. Suivre le colis, adresse de livraison.",
            ("cafetière",),
            ("Votre", "arrive. Suivre le colis, adresse de livraison."),
        ),
        ('Shipped: "Delivery box for parcels OSTRAVEL"', "Your delivery: parcels", (), ("Your delivery: parcels",)),
        ("Livré", "Le livreur Karim est passé. Karim a sonné.", ("Karim",), ("Le livreur", "est passé")),
        ("Delivered", "Your driver Josephine rang twice.", ("Josephine",), ("Your driver", "rang twice")),
        ("Zugestellt", "Unser Fahrer Matthis war da.", ("Matthis",), ("Unser Fahrer", "war da.")),
        ("Livré", "Votre livreur Amazon est là. Amazon Logistics.", (), ("livreur Amazon est", "Amazon Logistics")),
        ("Zugestellt", "Der Fahrer DHL oder Ihr Fahrer Ihre Sendung", (), ("Fahrer DHL oder", "Fahrer Ihre Sendung")),
    ],
)
def test_goods_and_drivers_named_in_a_sentence_go(
    subject: str, body: str, gone: tuple[str, ...], kept: tuple[str, ...]
) -> None:
    """Words of the subject's title, and a driver's first name, are replaced in sentences; mails' own wording stays."""
    raw = f"From: noreply@dpd.fr\nSubject: {subject}\nContent-Type: text/plain; charset=utf-8\n\n{body}\n"
    said = _said(redact(raw.encode(), (), KEY))
    assert [word for word in gone if word.casefold() in said.casefold()] == []
    assert [words for words in kept if words not in said] == []


@given(st.text(alphabet="0123456789-AZ", min_size=1, max_size=40))
@settings(deadline=None, max_examples=60)
def test_a_number_keeps_its_shape(number: str) -> None:
    """Digits become digits and the rest stays, so that a form that knew the number knows its replacement."""
    made = Pseudonyms(KEY).number(number)
    assert re.sub(r"\d", "0", made) == re.sub(r"\d", "0", number)


@example("a@b.example", "=?utf-8?b?RndkOiBM_XZyw6kgOiDCqyBWYXNlIGVuIGdyw6hzIMK7?=", b"x", "text/plain")
@given(
    st.text(max_size=60),
    st.text(st.characters(exclude_characters="\r\n"), max_size=60),
    st.binary(max_size=300),
    st.sampled_from(["text/plain", "text/html"]),
)
@settings(deadline=None, max_examples=120)
def test_no_mail_is_too_strange(sender: str, subject: str, body: bytes, kind: str) -> None:
    """Whatever a mail is made of, its redaction is a mail."""
    head = f"From: {sender}\nSubject: {subject}\nContent-Type: {kind}\n\n".encode("utf-8", "replace")
    assert email.message_from_bytes(redact(head + body, (), KEY), policy=email.policy.default)["subject"] is not None
