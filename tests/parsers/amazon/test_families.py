"""What says the same in many ways: headlines and subjects of each kind, and what people answer."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

import parsers
from parsers.letter import Letter
from parsers.notice import Notice

NUMBERS = {"com": "Order # 113-4471920-6638105", "fr": "N° de commande 403-4471920-6638105"}
NUMBERS |= {"co.jp": "注文番号 250-4471920-6638105"}


def read(site: str, subject: str, text: str, sender: str = "order-update@amazon") -> list[Notice]:
    """Return what a mail of a site gives."""
    at = datetime(2025, 3, 12, 10, tzinfo=UTC)
    letter = Letter(mail_id="d" * 64, sender=f"{sender}.{site}", subject=subject, text=text, date=at, received_at=at)
    return parsers.read(letter)


SAID = [
    ("com", "Your shipment has been postponed", "delayed"),
    ("com", "Your parcel was dropped at the back door", "delivered"),
    ("com", "We were unable to complete your delivery", "attempted"),
    ("com", "Your purchase has been accepted", "confirmed"),
    ("com", "We've just dispatched your parcel", "shipped"),
    ("com", "Your groceries will arrive this evening", "out_for_delivery"),
    ("com", "The seller has issued you a refund", "refunded"),
    ("com", "Your return has been picked up", "returned"),
    ("com", "Your order is waiting at the collection point", "pickup_ready"),
    ("com", "Your card was rejected", "payment_failed"),
    ("com", "Your tax invoice has been generated", "invoiced"),
    ("fr", "Vos articles viennent d'être expédiés", "shipped"),
    ("fr", "Votre achat est bien enregistré", "confirmed"),
    ("fr", "La livraison de votre article est décalée", "delayed"),
    ("fr", "Nous ne sommes pas parvenus à vous remettre votre colis", "attempted"),
    ("fr", "Ton colis a été laissé devant la porte", "delivered"),
    ("fr", "Vos articles arrivent ce soir", "out_for_delivery"),
    ("fr", "Le vendeur a accepté un remboursement : votre carte a été recréditée", "refunded"),
    ("fr", "Votre retour est en cours de traitement", "returned"),
    ("fr", "Votre paquet est arrivé au point relais", "pickup_ready"),
    ("fr", "Nous n'avons pas réussi à prélever votre carte", "payment_failed"),
    ("fr", "Voici votre facture", "invoiced"),
    ("co.jp", "商品の配送に遅延が発生しています", "delayed"),
    ("co.jp", "ご注文の商品が到着しました", "delivered"),
    ("co.jp", "返品リクエストを受け付けました", "returned"),
    ("co.jp", "クレジットカードが承認されませんでした", "payment_failed"),
]


@pytest.mark.parametrize(("site", "said", "kind"), SAID)
def test_a_headline_in_other_words_tells_its_kind(site: str, said: str, kind: str) -> None:
    """What no phrase holds word by word is told as a headline, and as a subject."""
    for subject, body in (("Amazon", f"{said}\n"), (said, "")):
        (notice,) = read(site, subject, f"{body}\n{NUMBERS[site]}\n")
        assert notice.kind == kind


@pytest.mark.parametrize(
    ("site", "said"),
    [
        ("com", "We'll email you when your order has shipped"),
        ("com", "You can rate it once your package has been delivered"),
        ("fr", "Vous serez prévenue lorsque votre colis a été expédié"),
        ("fr", "Notez-le une fois que votre colis a été livré"),
    ],
)
def test_what_has_yet_to_happen_is_no_headline(site: str, said: str) -> None:
    """A line that says what will happen later does not tell the mail's kind."""
    assert read(site, "Amazon", f"{said}\n\n{NUMBERS[site]}\n") == []


@pytest.mark.parametrize(
    ("site", "subject"),
    [
        ("com", "Your saved items are waiting in your cart"),
        ("com", "Price drop on an item you viewed"),
        ("com", "Your Prime membership has been renewed"),
        ("com", "Tell us about your delivery"),
        ("fr", "Votre carte cadeau vous attend"),
        ("fr", "Votre article est de nouveau disponible"),
    ],
)
def test_advertisements_stay_quiet(site: str, subject: str) -> None:
    """Mails about no order's course give nothing."""
    assert read(site, subject, "See it in your account.\n", "no-reply@amazon") == []


def test_a_subject_of_noise_gives_way_to_an_order_and_its_total() -> None:
    """A mail whose subject is known from advertisements is read when it names an order and what that costs."""
    text = f"Thank you for your order\n\n{NUMBERS['com']}\n\nOat bran\nQuantity: 1\n$19.80\n\nOrder total: $16.83\n"
    (notice,) = read("com", "Your subscription", text)
    assert (notice.kind, notice.total) == ("confirmed", Decimal("16.83"))
    assert read("com", "Your subscription", "Thank you for your order\n") == []


@pytest.mark.parametrize(
    ("site", "said", "means"),
    [
        ("com", "No problem at all, your money is on the way.", "accepted"),
        ("com", "The missing part was posted this morning.", "accepted"),
        ("com", "We do not take this back, and there is no refund.", "refused"),
        ("com", "We will look into your refund and let you know.", "unclear"),
        ("com", "Would you like a refund or a new one?", "asks"),
        ("com", "We'd be glad to refund you once you've returned it.", "asks"),
        ("com", "Write to shop@example.net, we'll refund you there.", "off_platform"),
        ("fr", "Pas de souci, le bon modèle part demain.", "accepted"),
        ("fr", "Le montant vous sera restitué sous 48 h.", "accepted"),
        ("fr", "Nous ne reprenons pas cet article, aucun remboursement n'est prévu.", "refused"),
        ("fr", "Nous étudions votre remboursement avec le transporteur.", "unclear"),
        ("fr", "Il nous faudrait une photo du carton.", "asks"),
    ],
)
def test_an_answer_in_other_words_is_understood(site: str, said: str, means: str) -> None:
    """A sentence that names a remedy and grants or denies it decides; one that leaves it open does not."""
    (notice,) = read(site, "Re: your order", f"Hello,\n\n{said}\n", "h29kk1@marketplace.amazon")
    assert notice.reply_means == means


@pytest.mark.parametrize(
    ("said", "promised"),
    [
        ("Your order is on track to arrive Friday, March 14.", ("2025-03-14", "2025-03-14")),
        ("We now expect it to reach you between March 14 and March 18.", ("2025-03-14", "2025-03-18")),
        ("Your guaranteed delivery date is:\n   Friday, March 14", ("2025-03-14", "2025-03-14")),
    ],
)
def test_a_promise_in_a_sentence_is_read(said: str, promised: tuple[str, str]) -> None:
    """A day counts whatever words promise it, also on the line below them."""
    (notice,) = read("com", "Your order has shipped", f"{said}\n\n{NUMBERS['com']}\n")
    assert (str(notice.promised_from), str(notice.promised_to)) == promised


@pytest.mark.parametrize("label", ["Total for 3 items:", "Total (tax included):", "Amount charged:", "Order value"])
def test_a_total_may_have_a_longer_label(label: str) -> None:
    """What goes on behind the word, or in brackets, makes it no other amount; parts of the total stay parts."""
    text = (
        f"Thanks for your order\n\n{NUMBERS['com']}\n\nTotal before tax: $30.00\n{label} $36.11\nTotal savings: $2.00\n"
    )
    (notice,) = read("com", "Amazon", text)
    assert notice.total == Decimal("36.11")


@pytest.mark.parametrize(
    "said",
    [
        "Track with UPS: 1Z999AA10123456784",
        "Tracking no: 1Z999AA10123456784 (UPS)",
        "Shipped by: UPS\nTracking #: 1Z999AA10123456784",
        "Your carrier is UPS, and 1Z999AA10123456784 its number",
    ],
)
def test_a_carrier_beside_its_number_is_read(said: str) -> None:
    """A carrier's name and a number of its own form that stand together need no words that are known."""
    (notice,) = read("com", "Your order has shipped", f"{said}\n\n{NUMBERS['com']}\n")
    assert (notice.carrier, notice.tracking_numbers) == ("UPS", ("1Z999AA10123456784",))
    assert notice.shipped_by is None


def test_an_e_mail_carries_no_parcel() -> None:
    """What is sent by e-mail has no carrier."""
    (notice,) = read("com", "Your gift card order", f"It was sent via e-mail\n\n{NUMBERS['com']}\n")
    assert notice.carrier is None


@pytest.mark.parametrize(
    ("lines", "items"),
    [
        ("1   Cane handbook   $19.90\n1   Willow knife   $10.10", [("Cane handbook", 1), ("Willow knife", 1)]),
        ("2   Cane handbook   $10.00\n1   Willow knife   $10.00", [("Cane handbook", 2), ("Willow knife", 1)]),
        ("3 Musketeers, a novel   $30.00", [("3 Musketeers, a novel", 1)]),
    ],
)
def test_a_column_of_numbers_counts(lines: str, items: list[tuple[str, int]]) -> None:
    """Numbers before the titles are quantities where they are all one, or make the sum; else they belong to them."""
    text = f"Thanks for your order\n\n{NUMBERS['com']}\n\n{lines}\n\nSubtotal: $30.00\nTotal: $31.00\n"
    (notice,) = read("com", "Amazon", text)
    assert [(item.title, item.quantity) for item in notice.items] == items
