"""Imitations of Amazon and of carriers: in domains, in display names, and in where a mail's links lead."""

from __future__ import annotations

from datetime import UTC, datetime
from email.header import Header

import pytest

from daemon.intake import open_mail
from parsers.carriers.data import carriers
from parsers.letter import Letter, Trust

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


@pytest.mark.parametrize(
    ("name", "address"),
    [
        *(("Amazon Pay", "no-reply@amazonpay.com"), ("Amazon Music", "info@amazonmusic.com")),
        *(("Amazon.jobs", "noreply@mail.amazon.jobs"), ("Amazon Science", "news@amazon.science")),
        *(("Amazon Business", "x@amazonbusiness.com"), ("Amazon Web Services", "x@amazonaws.com")),
        *(("Amazon Kindle", "no-reply@kindle.com"), ("Amazon Prime", "x@primevideo.com")),
        *(("Amazon", "x@amazon.be"), ("Amazon.cn", "x@amazon.cn"), ("Amazon.co.za", "x@amazon.co.za")),
        *(("Amazon.com.co", "x@amazon.com.co"), ("Amazon", "x@amazon.com.sg"), ("Amazon Visa", "x@alerts.chase.com")),
        *(("Audible (an Amazon company)", "x@audible.co.uk"), ("About Amazon", "x@aboutamazon.fr")),
        *(("Startups news", "x@start-ups.shop"), ("Ups shop", "x@push-ups.store"), ("Pops", "x@pop-ups.shop")),
        *(("Hermès Paris", "x@hermes-paris.online"), ("BRT", "x@brt.shop")),
    ],
)
def test_others_of_similar_names_and_the_houses_themselves_are_not_accused(name: str, address: str) -> None:
    """Shows that other companies of a known sender's house, their partners, and namesakes may bear the name."""
    assert sent_by(address, name) is Trust.UNVERIFIED


@pytest.mark.parametrize(
    ("name", "address"),
    [
        *(("Amazon", "x@laposte.net"), ("Amazon", "x@amazonpay.top"), ("Amazon", "x@amazon.be.example.org")),
        *(("UPS", "x@ups-suivi.shop"), ("UPS", "x@suiviups.store"), ("Suivi", "x@fedex.online"), ("X", "x@usps.top")),
        *(("Suivi", "x@mondial-relay.shop"), ("DHL", "x@dhl.suivi.shop"), ("Suivi", "x@fedex-fr.xyz")),
    ],
)
def test_what_a_house_does_not_own_imitates_it(name: str, address: str) -> None:
    """Shows that providers of mailboxes, other endings and what lures bear a known sender's name without right."""
    assert sent_by(address, name) is Trust.FORGED


def with_head(sender: str, head: str = "", body: str = "x") -> Letter:
    """Return the letter of a mail with this From, in whose mailbox a server proves what comes."""
    raw = f"{head}From: {sender}\r\nSubject: Votre commande\r\n\r\n{body}".encode()
    (letter,) = open_mail(raw, received_at=ARRIVED, owner_addresses=("lou@example.net",), authserv_ids=("mx.example",))
    return letter


@pytest.mark.parametrize(
    ("name", "address", "wanted"),
    [
        ("Amazon Card", "x@banque.example", Trust.UNVERIFIED),
        ("Amazon Pay", "x@amazonpay.com", Trust.SIGNED),
        ("Suivi", "x@arnazon.fr", Trust.FORGED),
        ("Amazon", "x@amaz0n.fr", Trust.FORGED),
        ("Ama\u200bzon", "x@banque.example", Trust.FORGED),
        ("Аmаzоn", "x@banque.example", Trust.FORGED),
        ("order-update@amazon.fr", "x@banque.example", Trust.FORGED),
    ],
)
def test_a_proven_domain_may_have_the_name_in_front(name: str, address: str, wanted: Trust) -> None:
    """Shows that who signs as themselves is only not believed for an honest name, and forged for one in disguise."""
    proof = f"Authentication-Results: mx.example; dkim=pass header.d={address.rpartition('@')[2]}\r\n"
    sender = f"{Header(name, 'utf-8').encode()} <{address}>" if not name.isascii() else f'"{name}" <{address}>'
    assert with_head(sender, proof).trust is wanted
    assert with_head(sender).trust is (Trust.UNVERIFIED if wanted is Trust.SIGNED else Trust.FORGED)


@pytest.mark.parametrize(
    ("sender", "inner"),
    [
        (
            '"Amazon.fr - order-update(a)amazon.fr" <order-update_at_amazon_fr_abcdef@simplelogin.co>',
            "order-update@amazon.fr",
        ),
        ('"Amazon.fr - order-update(a)amazon.fr" <ra+abcdefgh@simplelogin.co>', "order-update@amazon.fr"),
        ("Amazon.co.uk <ship-confirm_at_amazon_co_uk_abcdef@aleeas.com>", "ship-confirm@amazon.co.uk"),
        ('"order-update@amazon.fr [via Relay]" <abc@mozmail.com>', "order-update@amazon.fr"),
        ('"Amazon.fr" <order-update_at_amazon.fr_lou123@duck.com>', "order-update@amazon.fr"),
        (
            "\"Amazon.fr - 'order-update at amazon.fr'\" <lou+order-update=amazon.fr@anonaddy.me>",
            "order-update@amazon.fr",
        ),
        ("DHL <boite+noreply=dhl.de@lou.anonaddy.com>", "noreply@dhl.de"),
        ("Amazon.fr <ra+abcdefgh@simplelogin.co>", "ra+abcdefgh@simplelogin.co"),
    ],
)
def test_relays_of_alias_addresses_are_seen_through(sender: str, inner: str) -> None:
    """Shows that behind an alias the true sender is made out where the relay tells it, and believed no further."""
    host = sender.rpartition("@")[2].strip(">")
    for head in ("", f"Authentication-Results: mx.example; dkim=pass header.d={host}\r\n"):
        letter = with_head(sender, head)
        assert (letter.trust, letter.sender) == (Trust.UNVERIFIED, inner)
    assert with_head(sender, body="Suivre votre colis : https://amazon.fr.voleur.example/x").sender == inner


@pytest.mark.parametrize(
    "sender",
    [
        "Amazon.fr <contact_at_voleur_example_abcdef@simplelogin.co>",
        "Suivi <order-update_at_amazon_fr_voleur_example_abcdef@simplelogin.co>",
        "Suivi <order-update_at_arnazon.fr_lou123@duck.com>",
        '"order-update@amazon.fr" <lou+x=voleur.example@anonaddy.me>',
        '"Аmаzоn" <abc@mozmail.com>',
        "Amazon.fr <order-update_at_amazon_fr_abcdef@simplelogin.co.example.org>",
        "Amazon.fr <order-update_at_amazon_fr_abcdef@boutique.example>",
    ],
)
def test_what_comes_through_a_relay_is_judged_by_who_wrote_it(sender: str) -> None:
    """Shows that imitators who write to an alias, or as if through a relay, stay imitators."""
    assert with_head(sender).trust is Trust.FORGED


LIST = "List-Id: <foyer.lists.example.org>\r\n"


@pytest.mark.parametrize(
    ("sender", "wanted"),
    [
        ("\"'Amazon.fr' via Famille\" <famille@googlegroups.com>", Trust.UNVERIFIED),
        ('"Amazon.fr via Foyer" <foyer@lists.example.org>', Trust.UNVERIFIED),
        ('"noreply@dhl.com via Foyer" <foyer@lists.example.org>', Trust.UNVERIFIED),
        ('"Аmаzоn via Foyer" <foyer@lists.example.org>', Trust.FORGED),
        ('"Amazon.fr via Foyer" <foyer@arnazon.fr>', Trust.FORGED),
    ],
)
def test_a_list_may_put_its_own_address_behind_a_name(sender: str, wanted: Trust) -> None:
    """Shows that a list that writes in its members' place forges nobody, and that it takes a list to do so."""
    assert with_head(sender, LIST).trust is wanted
    assert with_head(sender).trust is Trust.FORGED


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
        "<a href='https://www.google.nl/url?q=https://voleur.example/x'>Suivre votre colis</a>",
        "<a href='https://www.google.nl/maps?q=https://www.amazon.fr/x'>Suivre votre colis</a>",
        "<a href='https://google.voleur.example/url?q=https://www.amazon.fr/x'>Suivre votre colis</a>",
        "<a href='https://clicktime.symantec.com/3abc?u=https%3A%2F%2Fvoleur.example%2Fx'>Suivre votre colis</a>",
        "<a href='https://shared.outlook.inky.com/link?domain=voleur.example&t=h.eJ'>Suivre votre colis</a>",
        "<a href='https://mrw.es.voleur.example/x'>Suivre votre colis</a>",
        "<a href='https://fausse-swiship.example/x'>Suivre votre colis</a>",
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
        "<a href='https://www.google.co.uk/url?q=https%3A%2F%2Fwww.amazon.fr%2Fx'>Suivre votre colis</a>",
        "<a href='https://clicktime.symantec.com/3abc?u=https%3A%2F%2Fwww.amazon.fr%2Fx'>Suivre votre colis</a>",
        "<a href='https://url.emailprotection.link/?bAbcdef'>Suivre votre colis</a>",
        "<a href='https://scanmail.trustwave.com/?c=1&u=https%3a%2f%2fwww%2eamazon%2efr%2fx'>Suivre votre colis</a>",
        "<a href='https://link.edgepilot.com/s/1/2?u=https://www.amazon.fr/x'>Suivre votre colis</a>",
        "<a href='https://shared.outlook.inky.com/link?domain=www.amazon.fr&t=h.eJ'>Suivre votre colis</a>",
        "<a href='https://linkprotect.secureserver.net/?u=https%3A%2F%2Fwww.amazon.fr'>Suivre votre colis</a>",
        "<a href='https://www.mrw.es/seguimiento_envios/1'>Suivre votre colis</a>",
        "<a href='https://www.swiship.fr/track/?id=404-5518207-3390146'>Suivre votre colis</a>",
        "<a href='https://tracking.budbee.com/1'>Suivre votre colis</a>",
        "<a href='https://www.oney.fr/espace-client'>Vos paiements en 4 fois</a>",
        "<a href='https://www.affirm.com/user/signin'>Manage your payments</a>",
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
        ("Suivre votre colis\nhttps://raccourci.example/x\nhttps://www.amazon.fr/c", Trust.FORGED),
        ("Suivre votre colis\n\nhttps://camille.example\nhttps://www.amazon.fr/c", Trust.UNVERIFIED),
    ],
)
def test_plain_addresses_are_judged_by_the_words_before_them(text: str, wanted: Trust) -> None:
    """Shows that in a plain text, too, what is offered as a way to the order must lead there."""
    assert with_body(text, "plain") is wanted


@pytest.mark.parametrize(
    ("below", "wanted"),
    [
        ("https://www.avast.com/sig-email?utm_medium=email", Trust.OWNER),
        ("-- \nCamille\nSuivi de mes livraisons: https://camille.example/", Trust.OWNER),
        ("https://raccourci.example/x", Trust.OWNER),
        ("https://colissimo-suivi.xyz/x", Trust.FORGED),
        ("https://www.amazon.fr.voleur.example/x", Trust.FORGED),
    ],
)
def test_what_an_owner_or_their_program_writes_below_a_forward_forges_nothing(below: str, wanted: Trust) -> None:
    """Shows that in the owner's own forward a stranger's link convicts only as an imitation."""
    body = (
        "---------- Forwarded message ---------\nDe : Amazon.fr <order-update@amazon.fr>\n"
        "Date: lun. 2 mars 2026 à 10:00\nSubject: Expédié\nTo: <camille@example.net>\n\n"
        f"Votre colis est en route.\nSuivre votre colis\n{below}\n"
    )
    raw = f"From: camille@example.net\r\nSubject: Fwd: x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{body}"
    (letter,) = open_mail(raw.encode(), received_at=ARRIVED, owner_addresses=("camille@example.net",))
    assert (letter.sender, letter.trust) == ("order-update@amazon.fr", wanted)
    foreign = f"Received: from a.example by mx.example.net with ESMTP id 1; x\r\n{raw}"
    (letter,) = open_mail(foreign.encode(), received_at=ARRIVED, owner_addresses=("camille@example.net",))
    assert letter.trust is Trust.FORGED
