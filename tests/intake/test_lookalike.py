"""Imitations of Amazon and of carriers: in domains, in display names, and in where a mail's links lead."""

from __future__ import annotations

from datetime import UTC, datetime
from email.header import Header

import pytest

from daemon.intake import open_mail
from parsers.carriers.data import carriers
from parsers.letter import Trust

ARRIVED = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
HOME = "<a href='https://www.amazon.fr/gp/css/homepage.html'>Votre compte</a>"


def sent_by(sender: str, name: str = "Suivi") -> Trust:
    """Return the trust of a mail from this address, under this name."""
    head = f"From: {Header(name, 'utf-8').encode()} <{sender}>\r\nSubject: x\r\n\r\nx"
    (letter,) = open_mail(head.encode(), received_at=ARRIVED)
    return letter.trust


def with_body(body: str, kind: str = "html") -> Trust:
    """Return the trust of a mail in Amazon's name with this body."""
    head = "From: Amazon.fr <order-update@amazon.fr>\r\nSubject: x\r\nContent-Type: text/"
    (letter,) = open_mail(f"{head}{kind}; charset=utf-8\r\n\r\n{body}".encode(), received_at=ARRIVED)
    return letter.trust


@pytest.mark.parametrize(
    "domain",
    [
        *("dhl-paket.top", "dh1.com", "dhlpaket.de.suivi.top", "trackdhl.com", "ups.com.evil.example", "usps.top"),
        *(
            "ups-tracking.com",
            "fedex.com.secure.example",
            "gls-suivi.com",
            "dpd.suivi-colis.shop",
            "evri-delivery.info",
        ),
        *("suivi-laposte.info", "laposte-colis.fr", "mon-colisprive.fr", "colissimo-suivi.xyz", "c0lissimo.fr"),
        *("chron0post.fr", "chronopost-livraison.fr", "mondial-relay.shop", "suivi-mondial-relay.com"),
        *("royalmail-redelivery.com", "hermes-parcel.com", "correos-envio.es", "posteitaliane-consegna.it"),
        *("amazone.fr", "amaz0n.fr", "arnazon.fr", "amazno.com", "amazon.evil.example", "order.amazon.co.evil.example"),
        *("amazon-fr.example", "mon-amazon.example", "xn--mazon-3ve.fr", "amazonfr.example", "amazon.fr.example.org"),
    ],
)
def test_a_domain_with_a_known_senders_name_is_an_imitation(domain: str) -> None:
    """Shows that names beside what baits, below other domains, misspelt or in disguise, are no carrier's or shop's."""
    assert sent_by(f"noreply@{domain}") is Trust.FORGED


@pytest.mark.parametrize(
    "domain",
    [
        *("deutschepost.de", "dhl.de", "news.dpdgroup.com", "gls-group.eu", "hermesworld.com", "notif.laposte.fr"),
        *("laposte.net", "hermes.com", "gls.de", "amazone.de", "ups.edu", "fedex.com.au", "dpd.com.br", "ctt.org"),
        *(
            "upstart.com",
            "startups.example",
            "groups.io",
            "googlegroups.com",
            "pickups.example",
            "dpdk.org",
            "evri.org",
        ),
        *("laporte.fr", "posta.it", "tnt-tv.example", "brt-laurent.ca", "hermes-paris.example", "royalenfield.com"),
        *("dpd.metapack.com", "ups.parcelhub.co.uk", "mail.boxtal.com", "sendcloud.sc", "aftership.com", "shippo.com"),
        *("amazonia.org", "amazonas.example", "amazonses.com", "seurat.fr", "yodeling.ch", "example.org"),
    ],
)
def test_others_of_similar_names_are_not_accused(domain: str) -> None:
    """Shows that carriers' own domains, companies of similar names and those who send for carriers stay themselves."""
    assert sent_by(f"noreply@{domain}") is Trust.UNVERIFIED


def test_no_known_sender_imitates_another() -> None:
    """Shows that every domain that a carrier's parser knows is believed to be that carrier's."""
    senders = [each if "@" in each else f"noreply@{each}" for one in carriers() for each in one.senders]
    assert len(senders) > 150
    assert [each for each in senders if sent_by(each, "Suivi") is Trust.FORGED] == []


@pytest.mark.parametrize(
    "name",
    [
        *(
            "Ama\u200bzon",
            "Am\u00adazon.fr",
            "Аmаzоn",
            "A m a z o n",
            "AMAZ0N",
            "AmazonFR",
            "ᴀᴍᴀᴢᴏɴ",
            "𝐀𝐦𝐚𝐳𝐨𝐧",
            "Ａｍａｚｏｎ",
        ),
        *(
            "Am\u034fazon",
            "аmazon-Service",
            "Col\u200bissimo",
            "Сhronopost",
            "Chron0post",
            "D\u2060HL",
            "Моndial Relay",
        ),
        *("L\u0430 Poste", "order-upd\u200bate@amazon.fr", "noreply@dhl.com"),
    ],
)
def test_a_name_in_disguise_is_an_imitation(name: str) -> None:
    """Shows that letters that nobody sees, of other alphabets or digits among them, hide no known sender's name."""
    assert sent_by("contact@boutique.example", name) is Trust.FORGED


@pytest.mark.parametrize(
    "name",
    [
        *("Marie Amazone", "Camp Amazonia", "Colissimo", "DHL Paket", "Mondial Relay", "5 EUR offerts", "Ура Магазин"),
        *("Почта России", "Σωκράτης", "山田", "Camille ❤️ Rivoire", "Zoé\u00a0Martin", "משה", "Éric Hermès", "TNT 2000"),
    ],
)
def test_an_honest_name_is_none(name: str) -> None:
    """Shows that shops which name their carrier, people, and names in other alphabets are not accused."""
    assert sent_by("contact@boutique.example", name) is Trust.UNVERIFIED


@pytest.mark.parametrize(
    "lure",
    [
        "<form action='https://voleur.example/x'><input type=submit value='Suivre'></form>",
        "<button formaction='https://voleur.example/x'>Payer</button>",
        "<meta http-equiv=refresh content='0; url=https://voleur.example/x'>",
        "<map><area href='https://voleur.example/x'></map>",
        "<base href='https://voleur.example/'><a href='suivi'>Suivre votre colis</a>",
        "<a href='//voleur.example/x'>Suivre votre colis</a>",
        "<a href='https:/voleur.example/x'>Suivre votre colis</a>",
        "<a href='https:\\\\voleur.example\\x'>Suivre votre colis</a>",
        "<a href='ht\ntps://vol\teur.example/x'>Suivre votre colis</a>",
        "<a href='HTTPS://voleur.example/x'>Suivre votre colis</a>",
        "<a href=https://voleur.example/x>Suivre votre colis",
        "<a href='&#104;ttps&colon;&sol;&sol;voleur.example/x'>Suivre votre colis</a>",
        "<a href='https://www.amazon.fr&#46;voleur.example/'>Suivre votre colis</a>",
        "<a href='https://www.amazon.fr@voleur.example/'>Suivre votre colis</a>",
        "<a href='https://www.amazon.fr%2evoleur.example/'>Suivre votre colis</a>",
        '<a title=">" href="https://voleur.example/x">Suivre votre colis</a>',
        "<a href='https://voleur.example/x'><img src='https://m.media-amazon.com/b.png' alt='Suivre votre colis'></a>",
        "<a href='https://voleur.example/x'>Sui\u200bvre vo\u00adtre co\u200dlis</a>",
        "<svg><a xlink:href='https://voleur.example/x'><text>Suivre votre colis</text></a></svg>",
        "<a href='https://voleur.example/x'>Paket verfolgen</a>",
        "<a href='https://voleur.example/x'>ご注文の確認</a>",
        "<a href='https://raccourci.example/x'>View your order</a>",
        "<a href='https://d111111abcdef8.cloudfront.net/x'>Suivre votre colis</a>",
        "<a href='https://voleur.s3.amazonaws.com/x'>Suivre votre colis</a>",
        "<a href='https://colissimo-suivi.xyz/x'>Ici</a>",
        "<a href='https://urldefense.com/v3/__https://voleur.example/x__;!!Nn8bF!s$'>Suivre votre colis</a>",
        "<a href='https://urldefense.proofpoint.com/v2/url?u=https-3A__voleur.example_x&d=DwM'>Suivre votre colis</a>",
        "<a href='https://eur05.safelinks.protection.outlook.com/?url=https%3A%2F%2Fvoleur.example'>Commande</a>",
        "<a href='https://secure-web.cisco.com/1abc/https%3A%2F%2Fvoleur.example%2Fx'>Suivre votre colis</a>",
        "<a href='https://protect-eu.mimecast.com/s/abc?domain=voleur.example'>Suivre votre colis</a>",
        "<a href='https://www.google.com/url?q=https://voleur.example/x'>Suivre votre colis</a>",
        "<p>Suivez votre commande : https://voleur.example/x</p>",
        "<p>Suivez votre commande : www.voleur.example/x</p>",
        "<!--[if mso]><a href='https://voleur.example/x'>Suivre votre colis</a><![endif]-->",
        "<!--[if mso]><v:roundrect href='https://voleur.example/x'>Suivre votre colis</v:roundrect><![endif]-->",
        "<a href='data:text/html,%3Cform%3E'>Suivre votre colis</a>",
        HOME * 2_500 + "<a href='https://voleur.example/x'>Suivre votre colis</a>",
        HOME * 20_001 + "<a href='https://voleur.example/x'>Ici</a>",
    ],
)
def test_a_button_that_leads_to_strangers_convicts(lure: str) -> None:
    """Shows that a lure is found in whatever way it is written, and that no true link before or behind it helps."""
    assert with_body(f"<p>Bonjour</p>{lure}") is Trust.FORGED
    if "<p>" not in lure:
        assert with_body(HOME + lure) is with_body(lure + HOME) is Trust.FORGED


@pytest.mark.parametrize(
    "harmless",
    [
        "<a href='https://apps.apple.com/x'>Suivre vos colis dans l’appli</a>",
        "<a href='https://play.google.com/store'>Track your package in the app</a>",
        "<a href='https://www.laposte.fr/outils/suivre'>Suivre le colis</a>",
        "<a href='https://amzn.eu/d/1'>Votre commande</a>",
        "<a href='mailto:camille@exemple.example'>Écrire au sujet de la commande</a>",
        "<a href='#haut'>Suivre</a><a href='/relatif'>Votre commande</a><a name=x>Commande</a>",
        "<a href='https://eur05.safelinks.protection.outlook.com/?url=https%3A%2F%2Fwww.amazon.fr'>Commande</a>",
        "<a href='https://urldefense.com/v3/__https://www.amazon.fr/gp/r.html?C=1__;!!N!s$'>Suivre votre colis</a>",
        "<a href='https://protect-eu.mimecast.com/s/opaque'>Suivre votre colis</a>",
        "<img src='https://d111.cloudfront.net/p.gif'><img src='https://images.exemple.example/logo.png'>",
        "<a href='https://www.facebook.com/AmazonFrance'><img src=x alt=Facebook></a>",
        "<a href='https://listes.exemple.example/quitter'>Se désinscrire de cette liste</a>",
        "<a href='https://www.avast.com'>Garanti sans virus. www.avast.com</a>",
        "<a href='https://camille.exemple.example'>Camille Rivoire, céramiste</a>",
        "<form action='https://www.amazon.fr/s'><input name=q></form>",
        "<p>Votre commande : www.amazon.fr/commandes</p><p>Camille, www.camille.example</p>",
        "<!--[if mso]><v:roundrect href='https://www.amazon.fr/x'>Votre commande</v:roundrect><![endif]-->",
        "<!--[if !mso]><!--><a href='https://www.amazon.fr/x'>Votre commande</a><!--<![endif]-->",
    ],
)
def test_what_stands_in_true_mails_convicts_none(harmless: str) -> None:
    """Shows that app stores, carriers, gateways, pictures and what owners and lists add below are no imitation."""
    assert with_body(harmless + HOME) is with_body(HOME + harmless) is Trust.UNVERIFIED


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Suivre votre colis : https://raccourci.example/x\nVotre compte https://www.amazon.fr/c", Trust.FORGED),
        ("Suivre votre colis :\n\nhttps://raccourci.example/x\nVotre compte https://www.amazon.fr/c", Trust.FORGED),
        (
            "Votre colis est parti. Plus sur la fête : https://mairie.example/x\nhttps://www.amazon.fr/c",
            Trust.UNVERIFIED,
        ),
        ("Votre commande : https://www.amazon.fr/c\n-- \nCamille\nhttps://camille.example", Trust.UNVERIFIED),
    ],
)
def test_plain_addresses_are_judged_by_the_words_before_them(text: str, wanted: Trust) -> None:
    """Shows that in a plain text, too, what is offered as a way to the order must lead there."""
    assert with_body(text, "plain") is wanted
