"""What sellers' messages amount to."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

import parsers
from parsers.letter import Letter
from parsers.notice import ReplyMeaning

SENT = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
SAID = [
    ("accepted", "Nous vous avons renvoyé un nouveau colis ce matin."),
    ("accepted", "Le remboursement a été fait hier, comptez cinq jours."),
    ("accepted", "Je vous confirme que le remboursement de 24,90 € est parti."),
    ("accepted", "Veuillez retourner l'article avec l'étiquette jointe. Nous rembourserons à réception."),
    ("accepted", "Nous ne pouvons pas renvoyer cet article. Nous allons donc vous rembourser."),
    ("accepted", "I have issued a full refund today, with our apologies."),
    ("refused", "Votre produit n'est plus sous garantie, nous ne pouvons rien faire."),
    ("refused", "Il nous est impossible de vous rembourser : le colis a été livré contre signature."),
    ("refused", "Le délai de 14 jours est dépassé, nous ne pourrons pas accepter le retour."),
    ("refused", "Tracking shows it was delivered, so we cannot refund this order."),
    ("asks", "Afin de traiter votre demande, merci de nous communiquer des photos de l'article."),
    ("asks", "Nous avons écrit au transporteur. Avez-vous vérifié auprès de vos voisins ?"),
    ("asks", "Nous vous proposons un remboursement partiel de 10 € si vous gardez l'article."),
    ("asks", "Please send us a photo; once we receive it we will refund you."),
    ("automatic", "Merci de votre message. Notre équipe vous répondra sous 24 h ouvrées."),
    ("automatic", "Je suis absent jusqu'au 15 mars."),
    ("automatic", "Thank you for your message, we will reply within 24 hours."),
    ("off_platform", "Écrivez-nous à sav@vendeur.example pour aller plus vite, nous vous rembourserons."),
    ("off_platform", "Si vous modifiez votre commentaire, nous vous offrons 20 €."),
    ("off_platform", "Pouvez-vous m'envoyer votre RIB pour que je vous rembourse ?"),
    ("off_platform", "Please contact me by email at shop@vendor.example and I will refund you."),
    ("refused", "Nous n'allons pas vous rembourser."),
    ("refused", "Je ne vais pas vous rembourser pour ce bol."),
    ("refused", "Nous ne sommes pas en mesure de vous rembourser."),
    ("refused", "Votre demande de remboursement ne peut aboutir."),
    ("refused", "Nous ne vous rembourserons pas cet article."),
    ("refused", "We won't be issuing a refund for this order."),
    ("refused", "You will not receive a refund."),
    ("refused", "I am sorry, but we cannot refund you."),
    ("asks", "Nous vous rembourserons dès que vous aurez retourné le bol."),
    ("asks", "Vous serez remboursé une fois l'article reçu."),
    ("asks", "I will issue your refund once you have returned the item."),
    ("asks", "Nous procéderons au remboursement dès que vous aurez renvoyé le bol."),
    ("refused", "Sorry, we won't be able to refund you."),
    ("accepted", "A new parcel has been sent to you."),
    ("asks", "We will refund you once you return the item."),
    ("accepted", "Ne vous inquiétez pas, nous allons vous rembourser."),
    ("accepted", "Un nouveau colis vous a été expédié."),
    ("accepted", "A replacement has been sent this morning."),
    (
        "automatic",
        "Nous ne sommes pas en mesure de lire les messages le dimanche. Notre équipe vous répondra sous 24 h.",
    ),
    ("unclear", "Le colis est toujours en transit, un peu de patience."),
]


def meaning(text: str) -> ReplyMeaning | None:
    """Return what a seller's mail with this text was understood to mean."""
    letter = Letter(
        mail_id="a" * 64, sender="k9@marketplace.amazon.fr", sender_name="Bols", date=SENT, received_at=SENT, text=text
    )
    return parsers.read(letter)[0].reply_means


@pytest.mark.parametrize(("means", "said"), SAID)
def test_a_message_is_understood(means: str, said: str) -> None:
    """French and English messages are understood the same between Amazon's marks, whatever language those have."""
    french = f"-----Début du message-----\nBonjour,\n\n{said}\n-----Fin du message-----\n\nConditions d'utilisation\n"
    english = f"----- Begin message -----\nBonjour,\n\n{said}\n----- End message -----\n\nNever pay by bank transfer.\n"
    assert meaning(french) == meaning(english) == means


def test_amazon_s_own_warning_is_not_the_seller_s_word() -> None:
    """The warning that Amazon prints below a message does not make it steer away from Amazon."""
    warning = "Pour votre sécurité, ne communiquez jamais en dehors d'Amazon, par WhatsApp ou par virement.\n"
    assert meaning(f"Bonjour,\n\nPourriez-vous nous envoyer une photo ?\n\n{warning}") is ReplyMeaning.ASKS
