"""What labelled rows say: dates over two lines, categories, totals, places, shared blocks; messages name no article."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

import parsers
from parsers.letter import Letter
from parsers.notice import Kind, Notice

SENT = datetime(2026, 9, 18, 12, 0, tzinfo=UTC)
NUMBER = "404-3390871-5520946"
SPAN = (date(2026, 9, 22), date(2026, 9, 25))


def read(subject: str, text: str, sender: str = "expedition@amazon.fr") -> list[Notice]:
    """Return what a mail gives."""
    letter = Letter(mail_id="a" * 64, sender=sender, subject=subject, text=text, date=SENT, received_at=SENT)
    return parsers.read(letter)


@pytest.mark.parametrize(
    "dated",
    [
        "Livraison prévue :\n     mardi 22 septembre 2026 -\n     vendredi 25 septembre 2026",
        "Livraison prévue :\n     mardi 22 septembre 2026 –\n     vendredi 25 septembre 2026",
        "Livraison prévue :\n     entre mardi 22 septembre et\n     vendredi 25 septembre",
        "Livraison prévue : du 22 au\n     25 septembre 2026",
        "Arriving:\n     Tuesday, September 22, 2026 -\n     Friday, September 25, 2026",
        "Your estimated delivery date is:\n     Tuesday, September 22 and\n     Friday, September 25",
    ],
)
def test_a_span_goes_on_in_the_next_line(dated: str) -> None:
    """A range of dates that breaks off after its joining word takes its last day from the line below."""
    english = "September" in dated
    said = "Hello, your order has shipped." if english else "Bonjour, votre commande est partie."
    label = "Order #" if english else "Commande n°"
    sender = "ship-confirm@amazon.com" if english else "expedition@amazon.fr"
    text = f"{said}\n{label} {NUMBER}\n\n{dated}\n\n     Bol en grès\n     EUR 12,00\n"
    (notice,) = read("Shipped: your order" if english else "Expédié : votre commande", text, sender)
    assert (notice.promised_from, notice.promised_to) == SPAN


def test_a_whole_date_takes_nothing_from_the_next_line() -> None:
    """A date that is complete is not lengthened by the date below it."""
    (notice,) = read(
        "Expédié", f"Commande n° {NUMBER}\nLivraison prévue :\nmardi 22 septembre 2026\n25 septembre 2026\n"
    )
    assert (notice.promised_from, notice.promised_to) == (SPAN[0], SPAN[0])


@pytest.mark.parametrize("category", ["Électronique", "Cuisine & Maison", "Broché"])
def test_a_category_is_no_title(category: str) -> None:
    """The category that stands between title and price is not taken for the title."""
    text = f"Commande n° {NUMBER}\n\n     Radio de cuisine à manivelle\n     {category}\n     EUR 31,50\n"
    (notice,) = read("Confirmation de commande", text)
    assert [(item.title, str(item.price)) for item in notice.items] == [("Radio de cuisine à manivelle", "31.50")]


@pytest.mark.parametrize("category", ["Electronics", "Toys & Games"])
def test_an_english_category_is_no_title(category: str) -> None:
    """The same in an English mail."""
    text = f"Hello, thank you for your order.\n\nOrder # {NUMBER}\n\n     Wind-up Radio\n     {category}\n     $31.50\n"
    (notice,) = read("Order confirmation", text, "auto-confirm@amazon.com")
    assert [(item.title, str(item.price)) for item in notice.items] == [("Wind-up Radio", "31.50")]


@pytest.mark.parametrize("row", ['1 "Radio à manivelle"', "1 « Radio à manivelle »", "1 x Radio à manivelle"])
def test_a_title_loses_its_count_and_quotes(row: str) -> None:
    """The count before a title, and the quotes around it, do not belong to it."""
    (notice,) = read("Confirmation de commande", f"Commande n° {NUMBER}\n\n     {row}\n     EUR 31,50\n")
    assert [(item.title, item.quantity) for item in notice.items] == [("Radio à manivelle", 1)]


def test_a_counted_title_in_the_subject_is_the_article() -> None:
    """A subject with a count before an opened quote names the article without either."""
    (notice,) = read('Expédié : 1 "Radio à manivelle..."', f"Bonjour,\n\nCommande n° {NUMBER}\n")
    assert [item.title for item in notice.items] == ["Radio à manivelle"]


def test_the_total_for_this_order_is_the_total() -> None:
    """« Montant total pour cette commande » labels the total."""
    text = f"Commande n° {NUMBER}\n\nBol en grès\nEUR 9,00\n\nMontant total pour cette commande : EUR 12,00\n"
    (notice,) = read("Confirmation de commande", text)
    assert str(notice.total) == "12.00"


@pytest.mark.parametrize(
    "said",
    [
        "Prévu désormais : 24 septembre",
        "Désormais prévu : 24 septembre",
        "Désormais prévue le 24 septembre",
        "Nous prévoyons désormais une livraison d'ici le 24 septembre.",
    ],
)
def test_a_date_from_now_on_is_a_delay(said: str) -> None:
    """« Désormais » before a date tells a delay and its new day."""
    text = f"Bonjour,\n\n{said}\n\nN° de commande\n{NUMBER}\n"
    (notice,) = read("Votre commande Amazon.fr : des nouvelles", text)
    assert (notice.kind, notice.promised_to) == (Kind.DELAYED, date(2026, 9, 24))


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ("Remis directement à un habitant", "un habitant"),
        ("Votre colis est dans votre boîte aux lettres.", "dans votre boîte aux lettres"),
        ("Votre colis est livré.", None),
    ],
)
def test_a_place_is_told(said: str, place: str | None) -> None:
    """Where the parcel lies, or who has it, is read from a line that says only that."""
    (notice,) = read("Livré : votre colis", f"{said}\n\nN° de commande\n{NUMBER}\n")
    assert notice.delivered_to == place


def test_an_english_place_is_told() -> None:
    """The same in an English mail."""
    (notice,) = read("Delivered: your package", f"Your package is in your mailbox.\n\nOrder # {NUMBER}\n")
    assert notice.delivered_to == "in your mailbox"


def test_two_orders_below_one_block_share_its_dates() -> None:
    """An order without a date of its own takes that of the block that stands above both numbers."""
    second, third = "404-3390871-6648211", "404-3390871-7712055"
    text = (
        f"Merci pour vos commandes !\n\nArrivée : 22 septembre - 25 septembre\n\n"
        f"N° de commande\n{NUMBER}\n\n* Bol en grès\n  Quantité : 1\n  12,00 €\n\n"
        f"N° de commande\n{second}\n\n* Tasse en grès\n  Quantité : 2\n  9,00 €\n\n"
        f"Arrivée : lundi 28 septembre\n\nN° de commande\n{third}\n\n* Pot en grès\n  Quantité : 1\n  7,00 €\n"
    )
    found = read("Commandés : « Bol en grès... »", text)
    own = date(2026, 9, 28)
    assert [(each.order_id, each.promised_from, each.promised_to) for each in found] == [
        (NUMBER, *SPAN),
        (second, *SPAN),
        (third, own, own),
    ]
    assert [[item.title for item in each.items] for each in found] == [
        ["Bol en grès"],
        ["Tasse en grès"],
        ["Pot en grès"],
    ]


@pytest.mark.parametrize("sender", ["k3x9@marketplace.amazon.fr", "cs-reply@amazon.fr"])
def test_what_people_write_is_no_article(sender: str) -> None:
    """A message whose order's number stands only in its subject gives no article from its sentences."""
    subject = f"Votre demande concernant la commande {NUMBER}"
    (notice,) = read(subject, "Bonjour,\n\nLe bol est parti hier soir.\n\nCordialement\n", sender)
    assert (notice.order_id, notice.items) == (NUMBER, ())


def test_amazon_s_block_below_a_message_names_the_article() -> None:
    """The block that Amazon adds names the articles, with or without their catalogue number."""
    for row in ("1 article(s) - Bol en grès", "1 article(s) - Bol en grès [ASIN : B0TESTQQQQ]"):
        text = f"Bonjour,\n\nLe colis est parti.\n\nN° de commande {NUMBER} :\n{row}\n"
        (notice,) = read("Votre demande", text, "k3x9@marketplace.amazon.fr")
        assert [item.title for item in notice.items] == ["Bol en grès"]
