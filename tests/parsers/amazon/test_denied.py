"""What did not happen: a mail that says no must not be read as the mail that says yes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

import parsers
from parsers.letter import Letter

SENT = datetime(2026, 9, 18, 12, 0, tzinfo=UTC)
NUMBER = "404-6127709-8830142"
PLAIN = f"Your Amazon.com order {NUMBER}"
FRENCH = ("Vo", "Nous", "Ann")
NAMED = f"Votre commande Amazon.fr n° {NUMBER}"
DENIED = [
    ("other", "Your refund request was declined", "Hello,"),
    ("other", "Your refund could not be issued", "Hello,"),
    ("other", "Your refund is delayed", "Hello,"),
    ("other", "Your refund for your order", "Your refund could not be issued."),
    (
        "other",
        f"Your cancellation request for order {NUMBER}",
        "We could not cancel your order, it has already shipped.",
    ),
    ("other", f"Your cancellation request for order {NUMBER}", "Sorry, we couldn't cancel it: it was shipped today."),
    ("other", PLAIN, "Unfortunately your refund request has been declined."),
    ("other", PLAIN, "Your item could not be cancelled because it has shipped."),
    ("other", "Update on your refund", "Unfortunately we weren't able to issue your refund."),
    ("other", "Your refund has been rejected", "Hello,"),
    ("other", "Votre demande d'annulation", "Elle est partie : nous n'avons pas pu l'annuler."),
    ("other", "Votre remboursement est retardé", "Bonjour,"),
    ("other", "Votre demande de remboursement a été refusée", "Bonjour,"),
    ("other", "Nous n’avons pas pu annuler votre commande", "Elle a déjà été expédiée."),
    ("other", "Votre demande d'annulation", "Nous n'avons pas pu annuler votre article : il a été expédié."),
    ("other", "Annulation de votre commande", "Votre commande ne peut plus être annulée, elle a été expédiée."),
    ("other", NAMED, "Nous ne pouvons pas émettre votre remboursement."),
    ("attempted", "Votre colis n'a pas été livré", "Bonjour,"),
    ("attempted", "Your package was not delivered", "Hello,"),
    ("attempted", PLAIN, "Your package was not delivered."),
    ("attempted", PLAIN, "We couldn't deliver your package today."),
    ("attempted", NAMED, "Votre colis n'a pas été livré."),
]
DONE = [
    ("refunded", "Your refund for your order", "We've issued your refund."),
    ("cancelled", f"Your cancellation request for order {NUMBER}", "Your order has been cancelled."),
    ("cancelled", "Annulation de votre commande", "Votre commande a été annulée. Vous n'avez pas été débité."),
    ("cancelled", "Annulé : « Bol... »", "Votre article n'a pas pu être expédié, nous avons dû annuler la commande."),
    ("refunded", "Your refund for your order", "If your refund has not been issued within 5 days, please contact us."),
    ("refunded", "Votre remboursement", "Si votre remboursement n'a pas été reçu dans cinq jours, contactez-nous."),
    ("refunded", "Your refund for your order", "Your item could not be shipped, so we've issued a refund."),
    ("payment_failed", "Your payment was declined", "Hello,"),
    ("delivered", "Votre colis a été livré", "Bonjour,"),
]


def kinds(subject: str, said: str) -> list[str]:
    """Return the kinds that come out of a mail of this subject that says this."""
    label = "Commande n°" if subject.startswith(FRENCH) else "Order #"
    letter = Letter(
        mail_id="a" * 64,
        sender="order-update@amazon.com",
        subject=subject,
        text=f"{said}\n\n{label} {NUMBER}\n",
        date=SENT,
        received_at=SENT,
    )
    return [notice.kind.value for notice in parsers.read(letter)]


@pytest.mark.parametrize(("kind", "subject", "said"), DENIED)
def test_what_is_denied_did_not_happen(kind: str, subject: str, said: str) -> None:
    """A refused or late refund, a failed cancellation and a failed delivery are none of what their words name."""
    assert kinds(subject, said) == [kind]


@pytest.mark.parametrize(("kind", "subject", "said"), DONE)
def test_what_happened_is_not_taken_for_denied(kind: str, subject: str, said: str) -> None:
    """Beside the words of denials, what did happen is still read as such."""
    assert kinds(subject, said) == [kind]


@pytest.mark.parametrize(
    ("subject", "said"),
    [
        (NAMED, "Votre commande n'a pas encore été expédiée."),
        (NAMED, "Votre article n'a pas pu être expédié."),
        (f"News of order {NUMBER}", "Your order has not shipped yet."),
    ],
)
def test_what_was_not_sent_is_not_shipped(subject: str, said: str) -> None:
    """An order that was not sent gives no notice of its dispatch."""
    assert "shipped" not in kinds(subject, said)
