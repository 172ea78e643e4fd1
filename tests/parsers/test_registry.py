"""The one door to all parsers."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import parsers
from parsers.letter import Letter, Trust
from parsers.notice import Kind, ReplyMeaning

SENT = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
BODY = "Votre colis a été livré !\n\nN° de commande\n404-7719035-2286641\n"


def letter(sender: str, subject: str = "", text: str = "", **more: Any) -> Letter:
    """Return a letter of that sender."""
    fields = {"mail_id": "a" * 64, "date": SENT, "received_at": SENT, **more}
    return Letter(sender=sender, subject=subject, text=text, **fields)


@pytest.mark.parametrize(
    "sender",
    [
        "shipment-tracking@amazon.fr",
        "x1@marketplace.amazon.co.uk",
        "no-reply@business.amazon.fr",
        "shipment-tracking_at_amazon_fr_ab12cd@privaterelay.appleid.com",
        "order-update_at_amazon_co_uk_9x@privaterelay.appleid.com",
        "chronopost@network1.pickup.fr",
        "noreply@notification.colisprive.com",
        "mcinfo@ups.com",
    ],
)
def test_a_sender_is_known_by_its_domain(sender: str) -> None:
    """Amazon's sites, the sellers' relay, masked addresses and carriers are known."""
    assert parsers.known_sender(sender)


@pytest.mark.parametrize(
    "sender",
    [
        "shipment-tracking@amazon.fr.example.com",
        "amazon.fr@example.com",
        "service@amazon-livraison.com",
        "info@myamazon.fr",
        "friend@privaterelay.appleid.com",
        "order-update_at_amazon_fr_evil_example_com_k5d9xjx4nb@privaterelay.appleid.com",
        "order-update_at_amazon_fr_shop_k5d9xjx4nb@privaterelay.appleid.com",
        "info@xn--amazn-mye.fr",
        "",
        "@",
    ],
)
def test_a_sender_that_only_looks_like_one_is_not(sender: str) -> None:
    """A foreign domain that holds a known name is foreign, and nothing is read from its mails."""
    assert not parsers.known_sender(sender)
    assert parsers.read(letter(sender, "Livré : « Bol »", BODY)) == []
    assert parsers.understood(letter(sender), [])


def test_nothing_is_read_from_a_forged_letter() -> None:
    """A letter whose sender was disproved gives no notice, whatever it says."""
    assert parsers.read(letter("order-update@amazon.fr", "Livré : « Bol »", BODY, trust=Trust.FORGED)) == []


def test_a_masked_address_gives_its_marketplace() -> None:
    """A mail through Hide My Email is read like the one it hides."""
    (notice,) = parsers.read(letter("order-update_at_amazon_fr_ab12@privaterelay.appleid.com", "Livré : « Bol »", BODY))
    assert (notice.kind, notice.marketplace) == (Kind.DELIVERED, "amazon.fr")


@pytest.mark.parametrize(
    ("sender", "said", "where"),
    [
        ("order-update@amazon.fr", "Le colis a été remis directement au destinataire.", "au destinataire"),
        (
            "order-update@amazon.fr",
            "Nous avons déposé votre colis dans la boîte aux lettres",
            "dans la boîte aux lettres",
        ),
        ("order-update@amazon.fr", "Nous avons remis votre colis à un voisin.", "un voisin"),
        ("order-update@amazon.fr", "Votre colis a été remis en main propre.", "en main propre"),
        ("order-update@amazon.com", "We left your package in the mailbox", "in the mailbox"),
        ("order-update@amazon.com", "We left your package with a neighbour.", "a neighbour"),
        ("noreply@notif-colissimo-laposte.info", "Votre colis a été remis directement au gardien.", "au gardien"),
        ("noreply@notif-colissimo-laposte.info", "Nous avons déposé votre colis au local.", "au local"),
        ("noreply@ups.com", "We left your parcel at the side door.", "at the side door"),
    ],
)
def test_a_bare_sentence_says_where_the_parcel_is(sender: str, said: str, where: str) -> None:
    """Whoever delivered, and in whichever voice it is told, the place or person comes without the verb."""
    subject = "Delivered: your parcel" if said.startswith("We") else "Votre colis est livré"
    subject = "Livré : « Bol »" if sender.endswith("amazon.fr") else subject
    (notice,) = parsers.read(letter(sender, subject, f"{said}\n\n404-7719035-2286641\n"))
    assert (notice.kind, notice.delivered_to) == (Kind.DELIVERED, where)


def test_unknown_words_of_a_known_sender_are_reported() -> None:
    """A mail of Amazon or a carrier that no lexicon fits is not understood; advertising is."""
    for sender in ("order-update@amazon.fr", "noreply@mondialrelay.fr"):
        strange = letter(sender, "Blorp", "Grmbl frtz 404-7719035-2286641")
        assert parsers.read(strange) == []
        assert not parsers.understood(strange, [])
    assert parsers.understood(letter("store-news@amazon.fr", "Nos bons plans"), [])
    assert parsers.understood(letter("no-reply@amazon.fr", "Votre code de vérification"), [])


def test_the_progress_bar_proves_nothing() -> None:
    """A mail that holds the words of all four steps is what its headline says."""
    bar = "Commandé\nExpédié\nEn cours de livraison\nLivré\n\nN° de commande\n404-7719035-2286641\n"
    (notice,) = parsers.read(letter("order-update@amazon.fr", "Amazon", "Votre colis a été expédié.\n" + bar))
    assert notice.kind is Kind.SHIPPED
    assert parsers.read(letter("order-update@amazon.fr", "Amazon", bar)) == []


def test_a_title_in_the_subject_does_not_tell_the_kind() -> None:
    """Words such as "annulé" or "livré" inside a quoted title are not what happened."""
    subject = "Expédié : « Rendez-vous annulé, le colis livré en retard »"
    (notice,) = parsers.read(letter("shipment-tracking@amazon.fr", subject, "N° de commande\n404-7719035-2286641\n"))
    assert notice.kind is Kind.SHIPPED


def test_an_answer_goes_back_the_way_the_seller_wrote() -> None:
    """A seller's message says where and in which thread it can be answered."""
    seller = "q7w8@marketplace.amazon.fr"
    text = "--- Début du message ---\nPourriez-vous nous envoyer une photo ?\n--- Fin du message ---\n"
    (notice,) = parsers.read(
        letter(seller, "Commande 404-7719035-2286641", text, sender_name="Bols", message_id="<m@a>")
    )
    assert (notice.reply_to, notice.message_id, notice.seller) == (seller, "<m@a>", "Bols")
    assert notice.reply_means is ReplyMeaning.ASKS


def test_the_day_is_that_of_the_marketplace() -> None:
    """Late in the evening of London it is tomorrow in Tokyo and still today in Seattle: "tomorrow" follows."""
    late = datetime(2026, 3, 10, 23, 30, tzinfo=UTC)
    text = "Your package was shipped!\nArriving tomorrow\nOrder #\n113-6620418-5590237\n"
    days = {
        site: parsers.read(letter(f"shipment-tracking@{site}", "Shipped", text, date=late))[0].promised_to
        for site in ("amazon.com", "amazon.co.jp")
    }
    assert {site: str(day) for site, day in days.items()} == {"amazon.com": "2026-03-11", "amazon.co.jp": "2026-03-12"}


def test_the_owner_s_words_come_last() -> None:
    """A forwarded delivery with a complaint above it gives both, the owner's report after the mail's notice."""
    found = parsers.read(letter("order-update@amazon.fr", "Livré : « Bol »", BODY, note="pas reçu", forwarded=True))
    assert [notice.kind for notice in found] == [Kind.DELIVERED, Kind.OWNER_REPORT]


_SENDERS = st.sampled_from(["order-update@amazon.fr", "x@marketplace.amazon.com", "cs-reply@amazon.fr", "a@ups.com"])
_SCRAPS = st.sampled_from(
    [
        *("Livré", "Total", "EUR 1,2,3", "Quantité : 2", "404-7719035-2286641", "https://www.amazon.fr/gp/r.html?U=%"),
        *("\n", "Arrivée :", "31 février", "<sup>", "« ", "* ", "1495 €", "Vendu par ", "jusqu'au ", " ", "\u202b"),
        *("a été expédié", "Montant du remboursement", "Votre colis contenant ", "Livraison prévue : "),
    ]
)


@settings(max_examples=150, deadline=None)
@given(_SENDERS, st.lists(st.one_of(_SCRAPS, st.text(max_size=12)), max_size=40), st.booleans())
def test_no_letter_is_too_strange(sender: str, scraps: list[str], as_html: bool) -> None:
    """Scraps of real mails in any order, in text or HTML, raise nothing and invent no order number."""
    body = "".join(scraps)
    strange = letter(sender, "".join(scraps[:4]), "" if as_html else body, html=body if as_html else "")
    for notice in parsers.read(strange):
        assert notice.order_id in (None, "404-7719035-2286641")


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Expédié", "a" * 1_000_000),
        ("Amazon", "transporté par suivi " * 20_000),
        ("Amazon", "Quantité : 1\n12,00 €\n" * 20_000),
        ("« " * 5_000, "Vendu par " * 50_000),
        ("Expédié", "https://www.amazon.fr/gp/r.html?U=" + "%68" * 100_000),
        ("Expédié", "\n".join(f"404-{number:07d}-1234567" for number in range(3_000))),
    ],
)
def test_a_monstrous_letter_costs_little(subject: str, text: str) -> None:
    """Megabytes of what rules look for are read within seconds and give a bounded number of notices."""
    started = time.process_time()
    assert len(parsers.read(letter("order-update@amazon.fr", subject, text))) <= 40
    assert time.process_time() - started < 3
