"""Who is believed: Authentication-Results, look-alikes, links that lead elsewhere."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from daemon.intake import open_mail, sender_trust
from daemon.intake.authres import parse
from daemon.intake.decode import decode
from daemon.intake.proof import Grounds
from parsers.letter import Trust

ARRIVED = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
OWNER = "lou.martel@example.net"
IDS = ("mx.example.net",)
RECEIVED = "Received: from a.example by mx.example.net; Mon, 2 Mar 2026 09:30:00 +0000\r\n"
PASS = "Authentication-Results: mx.example.net; dkim=pass header.i=@amazon.fr; dmarc=pass header.from=amazon.fr\r\n"
SIGNATURE = "DKIM-Signature: v=1; a=rsa-sha256; d=amazon.fr; s=s1; h=from:subject; bh=x; b=x\r\n"
FAIL = "Authentication-Results: mx.example.net; dkim=fail header.d=amazon.fr; dmarc=fail header.from=amazon.fr\r\n"


def trust(
    head: str, sender: str = "Amazon.fr <order-update@amazon.fr>", body: str = "x", ids: tuple[str, ...] = IDS
) -> Trust:
    """Return the trust of a mail with these headers above its own."""
    raw = f"{head}From: {sender}\r\nSubject: x\r\n\r\n{body}".encode()
    return sender_trust(decode(raw), (OWNER,), Grounds(authserv_ids=ids))


@pytest.mark.parametrize(
    "results",
    [
        "mx.example.net; dkim=pass header.d=amazon.fr",
        "mx.example.net; dkim=pass (2048-bit key; unprotected) header.i=@amazon.fr header.s=abc",
        "mx.example.net 1;\r\n\tdkim=pass header.i=@bounces.amazon.fr;\r\n\tspf=pass smtp.mailfrom=x@y.example",
        'MX.Example.NET; dkim=pass reason="good; really" header.d=AMAZON.FR',
        "(our own) mx.example.net (a (nested) comment); dmarc=pass (p=quarantine) header.from=amazon.fr",
        "mx.example.net; dkim=fail header.d=amazonses.com; dkim=pass header.d=amazon.fr",
        "mx.example.net; dkim=fail header.d=amazon.fr; dmarc=pass header.from=amazon.fr",
    ],
)
def test_a_pass_for_the_senders_domain_is_signed(results: str) -> None:
    """Shows that an aligned pass of DKIM or DMARC under our own server's name makes a letter signed."""
    stated = f"Authentication-Results: {results}\r\n"
    assert trust(f"{stated}{RECEIVED}") is Trust.SIGNED
    assert trust(f"{RECEIVED}{stated}{SIGNATURE}") is Trust.SIGNED


@pytest.mark.parametrize(
    "head",
    [
        "",
        RECEIVED + "Authentication-Results: other.example; dkim=pass header.d=amazon.fr\r\n",
        RECEIVED + "Authentication-Results: mx.example.net.evil.example; dkim=pass header.d=amazon.fr\r\n",
        RECEIVED + "Authentication-Results: mx.example.net; dkim=pass header.d=evil.example\r\n",
        RECEIVED + "Authentication-Results: mx.example.net; dkim=pass header.d=fr\r\n",
        RECEIVED + "Authentication-Results: mx.example.net; dkim=pass header.d=notamazon.fr\r\n",
        RECEIVED + "Authentication-Results: mx.example.net; dkim=none; spf=pass smtp.mailfrom=amazon.fr\r\n",
        RECEIVED + "Authentication-Results: mx.example.net; (dkim=pass header.d=amazon.fr)\r\n",
        RECEIVED + 'Authentication-Results: mx.example.net; dkim=none reason="; dkim=pass header.d=amazon.fr"\r\n',
        RECEIVED + "Authentication-Results: mx.example.net; dkim=temperror header.d=amazon.fr\r\n",
        RECEIVED + "Authentication-Results: ;;;=\r\n",
    ],
)
def test_without_an_aligned_pass_nothing_is_proven(head: str) -> None:
    """Shows that foreign, unaligned, commented-out or absent results prove nothing, and accuse nobody."""
    assert trust(head) is Trust.UNVERIFIED


@pytest.mark.parametrize(
    "head",
    [
        FAIL,
        RECEIVED + FAIL,
        RECEIVED + "Authentication-Results: mx.example.net; dmarc=fail\r\n",
        RECEIVED + FAIL + PASS,
        RECEIVED + FAIL + RECEIVED + PASS,
        "Authentication-Results: mx.example.net; dmarc=fail header.from=amazon.fr\r\n" + RECEIVED + PASS,
    ],
)
def test_a_fail_forges_and_headers_that_came_with_the_mail_do_not_help(head: str) -> None:
    """Shows that a known sender's failed check is forged, whatever the mail says below our server's headers."""
    assert trust(head) is Trust.FORGED


def test_two_headers_of_our_server_are_joined() -> None:
    """Shows that SPF, DKIM and DMARC may stand in headers of their own above what was received."""
    spf = "Authentication-Results: mx.example.net; spf=pass smtp.mailfrom=amazon.fr\r\n"
    assert trust(spf + PASS + RECEIVED) is Trust.SIGNED


def test_nothing_is_signed_without_a_configured_server() -> None:
    """Shows that Authentication-Results count only under a configured name."""
    assert trust(RECEIVED + PASS, ids=()) is Trust.UNVERIFIED


@pytest.mark.parametrize(
    ("head", "ids", "wanted_trust"),
    [
        ("", (), Trust.OWNER),
        ("", IDS, Trust.UNVERIFIED),
        ("Authentication-Results: mx.example.net; dkim=pass header.d=example.net\r\n", IDS, Trust.OWNER),
        ("Authentication-Results: mx.example.net; dmarc=fail header.from=example.net\r\n", IDS, Trust.FORGED),
    ],
)
def test_the_owners_address(head: str, ids: tuple[str, ...], wanted_trust: Trust) -> None:
    """Shows that the owner's address needs a pass once our server's name is known, and is believed before."""
    assert trust(head, f"Lou <{OWNER.upper()}>", ids=ids) is wanted_trust


def test_an_unproven_owner_has_no_say() -> None:
    """Shows that words under the owner's address are no note when the server did not confirm the address."""
    raw = f"From: {OWNER}\r\nSubject: Re: colis\r\n\r\nbien reçu".encode()
    (letter,) = open_mail(raw, received_at=ARRIVED, owner_addresses=(OWNER,), authserv_ids=IDS)
    assert (letter.trust, letter.note) == (Trust.UNVERIFIED, None)


@pytest.mark.parametrize(
    "sender",
    [
        "Amazon <contact@colis-attente.example>",
        "Amazon.fr <no-reply@livraison.example>",
        "Service Client AMAZON <a@b.example>",
        '"order-update@amazon.fr" <x@evil.example>',
        "Suivi <suivi@amaz0n.fr>",
        "Suivi <suivi@arnazon.fr>",
        "Suivi <suivi@amazon-fr.com>",
        "Suivi <suivi@amazon.fr.example.com>",
        "Suivi <suivi@xn--mazon-3ve.fr>",
        "Suivi <suivi@secure-amazon-login.example>",
        "Suivi <suivi@amazom.fr>",
        "Аmаzоn <x@shop.example>",
        "Colissimo <suivi@colissimo-livraison.example>",
        "Suivi <order-update_at_amazon_fr_evil_example_com_k5d9xjx4nb@privaterelay.appleid.com>",
        "Suivi <order-update_at_amazon_fr_shop_k5d9xjx4nb@privaterelay.appleid.com>",
    ],
)
def test_imitations_are_forged(sender: str) -> None:
    """Shows that a known name before, or within, a foreign domain is an imitation."""
    raw = f"{RECEIVED}Subject: x\r\n".encode() + b"From: " + sender.encode() + b"\r\n\r\nx"
    assert sender_trust(decode(raw), (OWNER,)) is Trust.FORGED


@pytest.mark.parametrize(
    "sender",
    [
        "Amazon.fr <order-update@amazon.fr>",
        "Literie du Port <a1b2c3@marketplace.amazon.fr>",
        "Amazon <order-update_at_amazon_fr_k5d9xjx4nb_7a3d2f1e@privaterelay.appleid.com>",
        "Marie Amazone <marie@example.org>",
        "Camp Amazonia <info@amazonia.example>",
        "Chronopost <chronopost@network1.pickup.fr>",
        "Lou <lou@example.org>",
        f"Amazon <{OWNER}>",
    ],
)
def test_honest_senders_are_not_accused(sender: str) -> None:
    """Shows that marketplaces, relays, carriers, owners and namesakes are no imitations."""
    assert trust("", sender, ids=()) is not Trust.FORGED


LURE = "<p>Votre commande 405-1189307-6620418</p><a href='{url}'>Suivre le colis</a><a href='https://www.amazon.fr'><img></a>"


@pytest.mark.parametrize(
    ("url", "wanted_trust"),
    [
        ("https://www.amazon.fr/progress-tracker/package?orderId=405-1189307-6620418", Trust.UNVERIFIED),
        ("https://eur05.safelinks.protection.outlook.com/?url=x", Trust.UNVERIFIED),
        ("https://nolp.dhl.de/suivi?idc=00340434161094042557", Trust.UNVERIFIED),
        ("https://suivi-colis.example/amazon.fr/405-1189307-6620418", Trust.FORGED),
        ("https://www.amazon.fr.suivi.example/", Trust.FORGED),
        ("https://amazon.fr@suivi.example/", Trust.FORGED),
    ],
)
def test_order_links_that_all_lead_elsewhere_forge(url: str, wanted_trust: Trust) -> None:
    """Shows that a mail in Amazon's name is forged when no order link leads to Amazon; decoration does not save it."""
    body = LURE.replace("{url}", url)
    raw = f"From: Amazon.fr <order-update@amazon.fr>\r\nContent-Type: text/html\r\n\r\n{body}".encode()
    assert sender_trust(decode(raw)) is wanted_trust


@pytest.mark.parametrize(
    ("link", "wanted_trust"),
    [
        ("<a href='https://www.amazon.fr.suivi.example/x'>Payer la commande</a>", Trust.FORGED),
        ("<a href='https://secure-arnazon.example/x'>Suivre le colis</a>", Trust.FORGED),
        ("<a href='https://suivi.example/x'>https://www.amazon.fr/votre-compte</a>", Trust.FORGED),
        ("<a href='https://suivi.example/?n=405-1189307-6620418'>Suivre</a>", Trust.FORGED),
        ("<a href='https://www.ups.com/track?n=405-1189307-6620418'>Suivre le colis</a>", Trust.UNVERIFIED),
        ("<a href='https://suivi.example/x'>Suivre le colis</a>", Trust.FORGED),
        (
            "<a href='https://eur05.safelinks.protection.outlook.com/?url=405-1189307-6620418'>Suivre</a>",
            Trust.UNVERIFIED,
        ),
        ("<a href='https://m.media-amazon.com/405-1189307-6620418.png'>Commande</a>", Trust.UNVERIFIED),
        ("<a href='https://enquete.example/x'>www.enquete.example</a>", Trust.UNVERIFIED),
    ],
)
def test_one_false_link_among_true_ones_is_enough(link: str, wanted_trust: Trust) -> None:
    """Shows that true links in the footer do not save a mail with one that imitates, hides or carries away an order."""
    footer = "<a href='https://www.amazon.fr/gp/css/homepage.html'>Votre compte</a>"
    raw = f"From: Amazon.fr <order-update@amazon.fr>\r\nContent-Type: text/html\r\n\r\n<p>x</p>{link}{footer}".encode()
    assert sender_trust(decode(raw)) is wanted_trust


def test_nonsense_results_are_no_results() -> None:
    """Shows that a malformed header gives nothing, and that unclosed comments and quotes end with it."""
    assert parse("mx; dkim") == ("mx", ())
    assert parse('mx; dkim=pass ("') == parse("mx; dkim=pass")
    assert parse("") == ("", ())
