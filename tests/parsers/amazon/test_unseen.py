"""What newer and rarer mails of Amazon's say: passwords for the driver, parcels that come back, labels in cells."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

import parsers
from parsers import dates
from parsers.letter import Letter
from parsers.notice import Kind, Notice, ReplyMeaning

SENT = datetime(2026, 4, 14, 9, 30, tzinfo=UTC)
NUMBER = "404-6618273-9950417"
WIDE = "a line of a letter that is as wide as the margin of the mail program"


def read(subject: str, text: str = "", sender: str = "order-update@amazon.com", html: str = "") -> Notice:
    """Return what a mail gives."""
    letter = Letter(mail_id="c" * 64, sender=sender, subject=subject, text=text, html=html, date=SENT, received_at=SENT)
    (notice,) = parsers.read(letter)
    return notice


@pytest.mark.parametrize(
    ("site", "subject", "said"),
    [
        ("com", "Your one-time password for today's delivery", "Your parcel is out for delivery today."),
        ("fr", "Votre code à usage unique pour la livraison", "Votre colis arrive aujourd'hui."),
        ("de", "Ihr Einmalpasswort für die heutige Zustellung", "Ihr Paket wird heute zugestellt."),
        ("es", "Tu contraseña de un solo uso para la entrega", "Tu paquete llega hoy."),
        ("it", "Password monouso per la consegna", "Il tuo pacco arriva oggi."),
    ],
)
def test_a_password_for_the_driver_is_no_noise(site: str, subject: str, said: str) -> None:
    """A mail with a delivery's one-time password tells that the parcel comes on the mail's own day."""
    notice = read(subject, f"{said}\n\n{NUMBER}\n", f"order-update@amazon.{site}")
    assert (notice.kind, notice.order_id) == (Kind.OUT_FOR_DELIVERY, NUMBER)
    assert (notice.promised_from, notice.promised_to) == (date(2026, 4, 14), date(2026, 4, 14))


@pytest.mark.parametrize(
    "subject", ["Your one-time password", "Amazon verification code", "An Amazon gift card for you"]
)
def test_a_password_for_the_account_stays_noise(subject: str) -> None:
    """Mails about signing in, and gifts, are about no order."""
    letter = Letter(
        mail_id="c" * 64,
        sender="account@amazon.com",
        subject=subject,
        text="Your package",
        date=SENT,
        received_at=SENT,
    )
    assert parsers.read(letter) == []


@pytest.mark.parametrize(
    ("site", "said"),
    [
        ("com", "Your package was undeliverable and is being returned to us. We've issued a refund of $41.07."),
        ("fr", "Votre colis n'a pas pu être livré et a été retourné à l'expéditeur. Remboursement : 41,07 €."),
        ("de", "Ihr Paket konnte nicht zugestellt werden und geht zurück an den Absender. Erstattung: 41,07 €."),
        ("nl", "Je pakket kon niet worden bezorgd en wordt naar ons teruggestuurd. Terugbetaling: € 41,07."),
    ],
)
def test_a_parcel_that_comes_back_will_not_be_tried_again(site: str, said: str) -> None:
    """A line that names both the failed delivery and what came of it tells the latter, with the amount."""
    notice = read("Update", f"{said}\n\n{NUMBER}\n", f"order-update@amazon.{site}")
    assert notice.kind in (Kind.CANCELLED, Kind.REFUNDED)
    assert notice.refund_amount == Decimal("41.07")


@pytest.mark.parametrize(
    ("site", "said"),
    [
        ("com", "Your package may be lost."),
        ("fr", "Votre colis est peut-être perdu."),
        ("de", "Ihr Paket ist möglicherweise verloren gegangen."),
        ("es", "Tu paquete puede haberse perdido."),
        ("it", "Il tuo pacco potrebbe essere andato perso."),
        ("co.jp", "お荷物を紛失した可能性があります。"),
    ],
)
def test_a_parcel_that_may_be_lost_is_late(site: str, said: str) -> None:
    """Nothing is sure yet: the parcel is late."""
    assert read("Update", f"{said}\n\n{NUMBER}\n", f"order-update@amazon.{site}").kind is Kind.DELAYED


@pytest.mark.parametrize(
    ("site", "supposed", "told"),
    [
        ("com", "If your parcel was not delivered, write to us.", "Your package was delivered."),
        ("fr", "Si votre colis n'a pas été livré, écrivez-nous.", "Votre colis a été livré."),
        ("de", "Falls dein Paket nicht zugestellt wurde, melde dich.", "Dein Paket wurde zugestellt."),
        ("nl", "Als je pakket niet is bezorgd, laat het weten.", "Je pakket is bezorgd."),
        ("sv", "Om ditt paket inte har levererats, hör av dig.", "Ditt paket har levererats."),
    ],
)
def test_a_condition_states_nothing(site: str, supposed: str, told: str) -> None:
    """A line that begins with a condition is passed over, whatever kind its words have."""
    sender = f"order-update@amazon.{'se' if site == 'sv' else site}"
    assert read("Update", f"{supposed}\n{told}\n\n{NUMBER}\n", sender).kind is Kind.DELIVERED


def test_a_subject_that_is_a_condition_states_nothing() -> None:
    """The body tells what happened."""
    notice = read("If your parcel was not delivered", f"Your package has shipped.\n\nOrder # {NUMBER}\n")
    assert notice.kind is Kind.SHIPPED


@pytest.mark.parametrize(
    ("site", "subject", "pairs", "carrier"),
    [
        ("com", "Shipped", (("Carrier:", "UPS"), ("Tracking ID:", "1Z999AA10123456784")), "UPS"),
        ("fr", "Expédié", (("Transporteur :", "Chronopost"), ("N° de suivi", "XK448120394FR")), "Chronopost"),
        ("de", "Versandt", (("Versand mit", "DHL"), ("Sendungsnummer:", "00340434161094042557")), "DHL"),
        ("nl", "Verzonden", (("Bezorger:", "PostNL"), ("Track & trace-code:", "3SABCD4827710")), "PostNL"),
    ],
)
def test_the_value_may_stand_in_the_next_cell(
    site: str, subject: str, pairs: tuple[tuple[str, str], ...], carrier: str
) -> None:
    """Carrier and number are found whether they stand beside their label or in the cell after it."""
    cells = "".join(f"<tr><td>{label}</td><td>{value}</td></tr>" for label, value in pairs)
    html = f"<html><body><p>{NUMBER}</p><table>{cells}</table></body></html>"
    notice = read(subject, sender=f"ship-confirm@amazon.{site}", html=html)
    assert (notice.carrier, notice.tracking_numbers) == (carrier, (pairs[1][1],))


@pytest.mark.parametrize("said", ["den Versanddienstleister", "unseren Zusteller"])
def test_an_article_begins_no_carrier_s_name(said: str) -> None:
    """What a sentence calls by its kind names no carrier."""
    notice = read("Versandt", f"Versand mit: {said}\nSendungsnummer: 0044812039\n{NUMBER}\n", "versand@amazon.de")
    assert notice.carrier is None


def test_a_carrier_is_known_in_any_words() -> None:
    """A known name in the sentence of the parcel's number is its carrier, however the sentence is built."""
    text = f"Bestellnr. {NUMBER}\nAuf die Reise gebracht hat es GLS. Ihre Sendungsnummer: 50448120399\n"
    assert read("Versandt", text, "versand@amazon.de").carrier == "GLS"


def test_a_number_in_groups_is_whole() -> None:
    """Japanese slip numbers are printed in three groups."""
    text = "注文番号： 250-4471829-6630185\nお問い合わせ伝票番号は 6120-4481-0937 です。\n"
    notice = read("Amazon.co.jpでのご注文の発送", text, "ship-confirm@amazon.co.jp")
    assert notice.tracking_numbers == ("612044810937",)


def test_a_price_behind_the_article_s_kind() -> None:
    """The oldest mails print author, binding and price in the line below the title."""
    text = (
        f'Order #{NUMBER}\n\n   "The Quiet Harbour: A Novel"\n   Lund, Greta; Paperback; $17.25\n'
        "   Sold by Amazon.com LLC\n\nOrder Total: $17.25\n"
    )
    (item,) = read("Your Amazon.com order", text).items
    assert (item.title, item.price) == ("The Quiet Harbour: A Novel", Decimal("17.25"))


def test_a_time_is_no_place() -> None:
    """What stands behind "delivered" tells a place only when it is one."""
    assert read("Delivered", f"Your package was delivered early.\n{NUMBER}\n").delivered_to is None
    assert read("Delivered", f"Your package was left near the gate.\n{NUMBER}\n").delivered_to == "near the gate"


@pytest.mark.parametrize(
    ("said", "means"),
    [
        ("I have now already refunded you in full.", ReplyMeaning.ACCEPTED),
        ("Nous avons désormais remboursé votre achat.", ReplyMeaning.ACCEPTED),
        ("We have not refunded and will not refund this order.", ReplyMeaning.REFUSED),
        ("We are looking into it.\n\n> We have issued a full refund.", ReplyMeaning.UNCLEAR),
        ("We look into it.\n\nOn Monday Ana wrote:\nPlease send a refund, could you?", ReplyMeaning.UNCLEAR),
        ("Nous étudions cela.\n\nLe lundi Ana a écrit :\nPouvez-vous me rembourser ?", ReplyMeaning.UNCLEAR),
    ],
)
def test_a_reply_means_what_its_writer_wrote(said: str, means: ReplyMeaning) -> None:
    """Adverbs change nothing, and what is quoted below was said by another."""
    assert read("Re: your order", said, "shop@marketplace.amazon.com").reply_means is means


def test_numbered_teams_of_customer_service() -> None:
    """Customer service writes from addresses with a number."""
    assert read("Your inquiry", "Hello.", "cust.service07@amazon.co.uk").kind is Kind.SUPPORT_MESSAGE


def test_a_sentence_broken_at_the_margin_is_read_whole() -> None:
    """Text that a mail program broke at its margin is put together; labels below a short line are not."""
    text = (
        "Your package is being shipped by the usual fast service of the house, UPS,\n"
        f"and\nOrder # {NUMBER}\n{WIDE}\nWe are sorry to tell you that the parcel from your last order could not be\n"
        "delivered today by our driver.\n"
    )
    assert read("Update", text).order_id == NUMBER
    assert read("Update", text).kind is Kind.ATTEMPTED


@pytest.mark.parametrize(
    ("text", "language"), [("arrive aujourd'hui.", "fr"), ("本日お届けします", "ja"), ("Today!", "en")]
)
def test_a_text_says_today(text: str, language: str) -> None:
    """The word for the mail's own day is found anywhere in a text, but not inside another word."""
    assert dates.says_today(text, language)
    assert not dates.says_today("todayish", "en")


_PAGE = f"""<html><body><table><tr><td>Merci pour votre commande !</td></tr><tr><td><b>Arrivée 21 avril</b></td></tr>
<tr><td>Commande nº<br>{NUMBER}</td></tr>
<tr><td><a href="https://www.amazon.fr/dp/B0QWERTY12">Banc de jardin en teck RIVALTO</a><br>
Quantité : 1<br>89,90 €</td></tr>
<tr><td><a href="https://www.amazon.fr/dp/B0QWERTY13">Coussin de banc NOVALI</a><br>Quantité : 2<br>14,00 €</td></tr>
<tr><td>Total</td><td>117,90 €</td></tr></table></body></html>"""


@pytest.mark.parametrize(
    "stub",
    [
        "Votre commande",
        f"Votre commande nº {NUMBER}. Pour voir ce mail, ouvrez-le en HTML.",
        f"Commande {NUMBER}\nhttps://www.amazon.fr/gp/r.html?C={'x' * 900}&view=browser\nAfficher ce message en ligne",
    ],
)
def test_a_text_part_of_a_few_words_hides_no_page(stub: str) -> None:
    """Where the text part only names the order, goods, prices, total and promised day come from the HTML."""
    notice = read("Commande effectuée : « Banc de jardin... »", stub, "confirmation-commande@amazon.fr", _PAGE)
    assert (notice.kind, notice.order_id) == (Kind.CONFIRMED, NUMBER)
    assert [(item.title, item.quantity, item.price) for item in notice.items] == [
        ("Banc de jardin en teck RIVALTO", 1, Decimal("89.90")),
        ("Coussin de banc NOVALI", 2, Decimal("14.00")),
    ]
    assert (notice.total, notice.promised_to) == (Decimal("117.90"), date(2026, 4, 21))


def test_a_parcels_number_stands_behind_any_sign_of_number() -> None:
    """The sign of a masculine ordinal, which French keyboards lack, is read as the degree sign, and the reverse."""
    said = "Votre colis a été expédié.\nTransporteur : Colissimo\n{} de suivi : 6A13308827165\n" + NUMBER
    for sign in ("N°", "Nº", "nº", "n°"):
        notice = read("Expédié : « Banc de jardin »", said.format(sign), "confirmation-commande@amazon.fr")
        assert notice.tracking_numbers == ("6A13308827165",), sign
