"""What subjects tell."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

import parsers
from parsers.letter import Letter

SENT = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
FRENCH = [
    ("confirmed", "Commandés : « Bol en grès... » et 2 autres articles"),
    ("confirmed", "Précommandé : « Bol en grès... »"),
    ("confirmed", "Votre commande Amazon.fr de « Bol en grès... »."),
    ("confirmed", "Votre commande Amazon.fr de 3 « Bol en grès... »."),
    ("shipped", "Votre commande Amazon.fr de 3 « Bol en grès... » a été expédiée."),
    ("shipped", 'Expédié : 2 "Bol en grès..."'),
    ("shipped", "Arrivée demain : « Bol en grès... »"),
    ("out_for_delivery", "En cours de livraison : « Bol en grès... »"),
    ("delivered", "Livré : « Bol en grès... » et 1 autre élément"),
    ("delivered", "Livrés : « Bol en grès... »"),
    ("delivered", "Livraison : « Bol en grès... »"),
    ("delivered", "Livré : Votre commande Amazon.fr n° 404-7719035-2286641"),
    ("attempted", "Tentative de livraison : « Bol en grès... »"),
    ("attempted", "Votre colis n’a pas pu être livré"),
    ("delayed", "Livraison reportée : « Bol en grès... »"),
    ("delayed", "Retard de livraison pour votre commande 404-7719035-2286641"),
    ("delayed", "Votre commande Amazon.fr : nouvelle date de livraison estimée"),
    ("pickup_ready", "Votre colis est prêt à être retiré au Locker Mimosa"),
    ("cancelled", "Annulé : « Bol en grès... »"),
    ("cancelled", "Votre commande Amazon.fr n° 404-7719035-2286641 a été annulée"),
    ("returned", "Votre étiquette de retour pour Bol en grès...."),
    ("refunded", "Remboursement anticipé : Bol en grès...."),
    ("refunded", "Votre remboursement de Bol en grès...."),
    ("claim_update", "Garantie A à Z : votre demande a été acceptée"),
    ("payment_failed", "Problème avec le paiement de votre commande"),
    ("invoiced", "Votre facture pour la commande 404-7719035-2286641"),
]
ENGLISH = [
    ("confirmed", 'Ordered: "Stone Bowl..." and 2 more items'),
    ("confirmed", 'Your Amazon.com order of "Stone Bowl..." and 1 more item'),
    ("shipped", 'Dispatched: "Stone Bowl..."'),
    ("shipped", "Your Amazon.co.uk order #404-7719035-2286641 of 2 items has been dispatched"),
    ("shipped", "Shipped: Now arriving early on Tuesday"),
    ("out_for_delivery", 'Out for delivery: "Stone Bowl..."'),
    ("delivered", "Delivered: \u20662\u2069 items | Order # 404-7719035-2286641"),
    ("delivered", "Your order has been delivered"),
    ("attempted", 'Delivery attempted: "Stone Bowl..."'),
    ("delayed", "Delivery update: Stone Bowl...."),
    ("pickup_ready", "Your package is ready for pickup from Amazon Hub Locker - Juniper"),
    ("cancelled", 'Item cancelled successfully: "Stone Bowl..."'),
    ("returned", "Your return was received"),
    ("refunded", "Advance refund issued for Stone Bowl...."),
    ("refunded", "Your refund confirmation"),
    ("claim_update", "Your A-to-z Guarantee claim"),
    ("payment_failed", "Action required: Payment declined for your order"),
]


def kinds(subject: str, text: str) -> list[str]:
    """Return the kinds that come out of a mail of that subject."""
    sender = "order-update@amazon.fr"
    letter = Letter(mail_id="a" * 64, sender=sender, subject=subject, text=text, date=SENT, received_at=SENT)
    return [notice.kind.value for notice in parsers.read(letter)]


@pytest.mark.parametrize(("kind", "subject"), FRENCH)
def test_a_french_subject_tells_the_kind(kind: str, subject: str) -> None:
    """The beginning of a French subject tells what happened."""
    assert kinds(subject, "Bonjour,\n\nN° de commande\n404-7719035-2286641\n\nVotre quantité : vous\n") == [kind]


@pytest.mark.parametrize(("kind", "subject"), ENGLISH)
def test_an_english_subject_tells_the_kind(kind: str, subject: str) -> None:
    """The beginning of an English subject tells what happened, on a French site too."""
    assert kinds(subject, "Hello,\n\nYour order, your items:\n\nOrder #\n404-7719035-2286641\n") == [kind]


@pytest.mark.parametrize(
    ("kind", "headline"),
    [
        ("out_for_delivery", "Votre colis contenant un bol en grès vous sera livré aujourd'hui."),
        ("shipped", "Nous vous informons que votre commande a été expédiée."),
        ("delivered", "Votre colis a été livré !"),
        ("attempted", "Nous n’avons pas pu livrer votre colis."),
        ("delayed", "Votre colis arrivera plus tard que prévu."),
        ("cancelled", "Votre article a été annulé."),
        ("refunded", "Nous avons émis un remboursement."),
    ],
)
def test_a_subject_that_says_nothing_leaves_it_to_the_headline(kind: str, headline: str) -> None:
    """Under a subject that names only the order, the first telling line decides."""
    subject = "Votre commande Amazon.fr n° 404-7719035-2286641"
    assert kinds(subject, f"Bonjour,\n\nCommandé\nExpédié\nLivré\n\n{headline}\n") == [kind]


def test_a_date_without_year_takes_it_from_a_link() -> None:
    """In a mail that was stored long after it was written, the link's time stamp tells the year of its date."""
    text = (
        "Confirmation d'expédition\nCommande n° 404-7719035-2286641\n\nLivraison prévue :\nmardi 16 novembre\n\n"
        "Suivre : https://www.amazon.fr/gp/css/shiptrack/view.html?latestArrivalDate=1637092800\n"
    )
    letter = Letter(
        mail_id="a" * 64, sender="expedition@amazon.fr", subject="Expédié", text=text, date=SENT, received_at=SENT
    )
    (notice,) = parsers.read(letter)
    assert str(notice.promised_to) == "2021-11-16"
