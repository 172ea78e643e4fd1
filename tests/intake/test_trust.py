"""What proves and disproves a sender besides their own signature: other servers' findings, logins, order numbers."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from daemon.intake import open_mail
from daemon.intake.alignment import aligned
from parsers.letter import Letter, Trust

ARRIVED = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
OWNER = "lou.martel@example.net"
OURS = "mx.example.net"
RECEIVED = f"Received: from a.example by {OURS} with ESMTPS id 1; Mon, 2 Mar 2026 09:30:00 +0000\r\n"
AMAZON = "From: Amazon.fr <order-update@amazon.fr>\r\nSubject: Votre commande\r\n\r\nBonjour\r\n"


def letters(raw: str, *, ids: tuple[str, ...] = (OURS,), path: tuple[str, ...] = ()) -> tuple[Letter, ...]:
    """Return the letters of a mail that arrived where our server bears these names."""
    return open_mail(
        raw.encode(), received_at=ARRIVED, owner_addresses=(OWNER,), authserv_ids=ids, authenticated_path=path
    )


def trust(raw: str, *, ids: tuple[str, ...] = (OURS,), path: tuple[str, ...] = ()) -> Trust:
    """Return the trust of its only letter."""
    (letter,) = letters(raw, ids=ids, path=path)
    return letter.trust


def found(what: str, server: str = OURS) -> str:
    """Return an Authentication-Results header."""
    return f"Authentication-Results: {server}; {what}\r\n"


GOOD = "dkim=pass header.d=amazon.fr"
BAD = "dkim=fail header.d=amazon.fr"


@pytest.mark.parametrize("ids", [(OURS,), ()])
@pytest.mark.parametrize(
    "head",
    [
        found(BAD, "other.example"),
        found("spf=fail; dmarc=fail (p=reject)", "other.example"),
        found("dkim=fail (body hash did not verify)", "other.example"),
        found(GOOD, "first.example") + found(BAD, "second.example"),
        "Authentication-Results: dkim=fail header.d=amazon.fr; spf=pass\r\n",
    ],
)
def test_a_failure_counts_whoever_found_it(head: str, ids: tuple[str, ...]) -> None:
    """Shows that a failing result accuses a mail also when a foreign server wrote it, or one without a name."""
    assert trust(RECEIVED + head + AMAZON, ids=ids) is Trust.FORGED


@pytest.mark.parametrize(
    "head",
    [
        found("dkim=permerror (no key for signature) header.d=amazon.fr"),
        found("dkim=temperror header.d=amazon.fr", "other.example"),
        found("dkim=neutral header.d=amazon.fr"),
        found("dkim=policy header.d=amazon.fr"),
        found("dkim=fail header.d=amazonses.com", "other.example"),
        found("spf=fail smtp.mailfrom=amazon.fr", "other.example"),
        found(f"{BAD}; {GOOD}", "other.example"),
        found(GOOD, "other.example"),
    ],
)
def test_a_key_that_is_gone_and_a_check_of_another_kind_accuse_nobody(head: str) -> None:
    """Shows that an old mail whose key was withdrawn is unverified, and so is one that was only passed on."""
    assert trust(RECEIVED + head + AMAZON) is Trust.UNVERIFIED


@pytest.mark.parametrize(
    ("head", "wanted"),
    [
        (found("none") + RECEIVED + found(GOOD), Trust.UNVERIFIED),
        (found("dkim=none") + RECEIVED + found(GOOD), Trust.UNVERIFIED),
        (RECEIVED + found("dkim=none") + found(GOOD), Trust.UNVERIFIED),
        (found("dkim=none") + found(GOOD) + RECEIVED, Trust.UNVERIFIED),
        (found("dkim=none") + found(GOOD), Trust.UNVERIFIED),
        (found("spf=pass") + found(GOOD), Trust.UNVERIFIED),
        (found("spf=pass") + found(GOOD) + RECEIVED, Trust.SIGNED),
        (found("spf=none", "other.example") + RECEIVED + found(GOOD), Trust.UNVERIFIED),
        (found("dkim=none", "other.example") + found(GOOD), Trust.UNVERIFIED),
        (RECEIVED.replace(OURS, "mx.other.example") + found(GOOD), Trust.UNVERIFIED),
        (RECEIVED + RECEIVED.replace(OURS, "mx.other.example") + found(GOOD), Trust.UNVERIFIED),
        ("Received: nonsense\r\n" + found(GOOD), Trust.UNVERIFIED),
        (RECEIVED.replace(OURS, "store.example.net") + RECEIVED + found(GOOD), Trust.SIGNED),
        ("Received: by 2001:db8::7 with SMTP id a; x\r\n" + RECEIVED + found(GOOD), Trust.SIGNED),
        (found("spf=pass") + "X-A: b\r\n" + found(GOOD) + RECEIVED, Trust.UNVERIFIED),
        (RECEIVED + found(GOOD) + found(BAD, "other.example"), Trust.SIGNED),
    ],
)
def test_of_our_servers_headers_the_topmost_counts(head: str, wanted: Trust) -> None:
    """Shows that a pass below our server's own header, which may have come with the mail, is not believed."""
    assert trust(head + AMAZON) is wanted


def test_two_senders_are_forged_whatever_was_proven() -> None:
    """Shows that a From put above the one that our server has proven is not believed in its name."""
    replayed = f"{found(GOOD)}{RECEIVED}From: Amazon.fr <gift@amazon.fr>\r\n{AMAZON}"
    assert trust(replayed) is Trust.FORGED
    assert trust(f"{found(GOOD)}{RECEIVED}{AMAZON}") is Trust.SIGNED


@pytest.mark.parametrize(
    ("signed", "author", "wanted"),
    [
        ("amazon.fr", "amazon.fr", True),
        ("amazon.fr", "marketplace.amazon.fr", True),
        ("bounces.amazon.fr", "amazon.fr", True),
        ("dpd.fr", "mail.dpd.fr", True),
        ("amazonses.com", "amazon.fr", False),
        ("notamazon.fr", "amazon.fr", False),
        ("co.uk", "amazon.co.uk", False),
        ("com.br", "amazon.com.br", False),
        ("fr", "amazon.fr", False),
        ("", "amazon.fr", False),
    ],
)
def test_alignment(signed: str, author: str, wanted: bool) -> None:
    """Shows that a domain speaks for itself and those of its house, and what many share for nobody."""
    assert aligned(signed, author) is wanted


MINE = f"From: Lou <{OWNER}>\r\nSubject: Re: colis\r\n\r\nbien reçu\r\n"


def hop(by: str, protocol: str, comment: str = "") -> str:
    """Return a Received header."""
    return (
        f"Received: from [192.0.2.7] (unknown) {comment}\r\n by {by} (Postfix) with {protocol} id 4\r\n"
        " for <x>; Mon, 2 Mar 2026 09:30:00 +0000\r\n"
    )


@pytest.mark.parametrize(
    ("head", "wanted"),
    [
        (hop("mail.example.net", "ESMTPSA"), Trust.OWNER),
        (hop("mail.example.net", "esmtpa"), Trust.OWNER),
        (hop("MAIL.example.net", "LMTP") + hop("mail.example.net", "UTF8SMTPSA"), Trust.OWNER),
        (hop("mail.example.net", "ESMTPS"), Trust.UNVERIFIED),
        (hop("mail.example.net", "ESMTPS") + hop("mail.example.net", "ESMTPSA"), Trust.UNVERIFIED),
        (hop("mail.example.net", "LMTP") + hop("mail.example.net", "ESMTPS"), Trust.UNVERIFIED),
        (hop("mail.example.net", "LMTP") + hop("evil.example", "ESMTPSA"), Trust.UNVERIFIED),
        (hop("mail.example.net.evil.example", "ESMTPSA"), Trust.UNVERIFIED),
        (hop("evil.example", "ESMTPS", "(by mail.example.net with ESMTPSA)"), Trust.UNVERIFIED),
        ("Received: nonsense\r\n" + hop("mail.example.net", "ESMTPSA"), Trust.UNVERIFIED),
        ("", Trust.UNVERIFIED),
    ],
)
def test_the_owners_mail_may_come_in_by_login(head: str, wanted: Trust) -> None:
    """Shows that what the named server took from somebody logged in is the owner's, by its topmost header only."""
    (letter,) = letters(head + MINE, ids=(), path=("mail.example.net",))
    assert (letter.trust, letter.note is not None) == (wanted, wanted is Trust.OWNER)


def test_a_login_proves_no_shop() -> None:
    """Shows that the path which proves the owner says nothing of other senders."""
    assert trust(hop("mail.example.net", "ESMTPSA") + AMAZON, path=("mail.example.net",)) is Trust.UNVERIFIED


FORWARD = (
    f"From: Lou <{OWNER}>\r\nSubject: Fwd: Votre commande\r\n\r\n"
    "pas reçu\r\n\r\n---------- Forwarded message ---------\r\n"
    "De : Amazon.fr <order-update@amazon.fr>\r\nDate: lun. 2 mars 2026 à 09:12\r\nSubject: Votre commande\r\n"
    f"To: <{OWNER}>\r\n\r\nBonjour, commande 404-5518207-3390146\r\n"
)


@pytest.mark.parametrize(
    ("head", "ids", "wanted"),
    [
        (found("dkim=pass header.d=example.net"), (OURS,), Trust.OWNER),
        ("", (OURS,), Trust.UNVERIFIED),
        ("", (), Trust.OWNER),
        (found("dmarc=fail header.from=example.net"), (OURS,), Trust.FORGED),
        (found("dkim=pass header.d=example.net", "other.example"), (OURS,), Trust.UNVERIFIED),
    ],
)
def test_a_forward_is_worth_what_its_forwarder_is(head: str, ids: tuple[str, ...], wanted: Trust) -> None:
    """Shows that the owner's forward counts when the owner's own mail is authentic, and their note only then."""
    (letter,) = letters(head + FORWARD, ids=ids)
    assert letter.trust is wanted
    assert (letter.note is not None) is (wanted is Trust.OWNER)


def test_an_attached_mail_that_a_server_found_false_is_forged() -> None:
    """Shows that what the owner forwards as an attachment keeps the accusation that came with it."""
    inner = f"{found(BAD, 'old.example')}{AMAZON}"
    raw = (
        f"{found('dkim=pass header.d=example.net')}From: {OWNER}\r\nSubject: Fwd: x\r\n"
        'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nvoici\r\n'
        f"--b\r\nContent-Type: message/rfc822\r\n\r\n{inner}\r\n--b--\r\n"
    )
    assert trust(raw) is Trust.FORGED
    assert trust(raw.replace(BAD, GOOD)) is Trust.OWNER


@pytest.mark.parametrize(
    "says",
    [
        "Votre commande n° 40-551820-73390",
        "Numéro de commande : 404-551820-3390146",
        "Order #404-55182-07339",
        "Order number: AMZ-2026-00417",
        "Order ID: 5518207339014",
        "Bestellnummer: 4045-518207-3390146",
        "Bestelnummer 404-5518207-339014",
        "Numéro de commande 404-5518207-33901467",
        "Your order 404-55182-07339014 has shipped",
        "Nº de pedido: 404-5518-2073",
        "Numero ordine: 404-5518207",
        "Numer zamówienia: 4045518207-3390146",
        "Beställningsnummer: 404-5518207-33901",
        "Sipariş numarası: 404-55182-0733901",
        "注文番号： 404-551820-73390146",
    ],
)
def test_an_order_number_that_nobody_gives_out_is_forged(says: str) -> None:
    """Shows that a mail in Amazon's name that names an order by a number of another form is an imitation."""
    for kind, body in (("plain", says), ("html", f"<p>Bonjour</p><td>{says}</td>")):
        head = f"From: Amazon <order-update@amazon.fr>\r\nSubject: x\r\nContent-Type: text/{kind}; charset=utf-8"
        raw = f"{head}\r\n\r\n{body}\r\n"
        assert trust(raw) is Trust.FORGED


@pytest.mark.parametrize(
    "says",
    [
        "Votre commande n° 404-5518207-3390146",
        "Commande D01-5518207-3390146",
        "Order #P01-5518207-3390146",
        "Order number: 40455182073390146",
        "Order number: 404‑5518207‑3390146",
        "Bestellung: 02-03-2026",
        "Order date: 2026-03-02, order no longer than 30 days ago",
        "Order: 2 items for 19.99",
        "Order #: XXX-XXXXXXX-XXXXXXX",
        "Order #: 123-xxxxxxx-xxxxxx1",
        "Purchase order number: 4500017731 for order 404-5518207-3390146",
        "Votre commande : https://www.amazon.fr/gp/css/order-details?orderID=404-5518207-3390146",
        "Tracking number: 6A22233344455 for your order",
        "Commande passée le 02/03/2026, appelez le 0800 84 77 15",
        "Numéro de commande : voir ci-dessous",
    ],
)
def test_genuine_numbers_dates_and_others_accuse_nobody(says: str) -> None:
    """Shows that real order numbers of every kind, and what is none, leave a mail as it is."""
    raw = f"From: Amazon <order-update@amazon.fr>\r\nSubject: x\r\n\r\n{says}\r\n"
    assert trust(raw) is Trust.UNVERIFIED


def test_a_sellers_own_numbers_are_their_own() -> None:
    """Shows that a seller who writes through the relay may name numbers of their own."""
    raw = "From: Literie <a1b2@marketplace.amazon.fr>\r\nSubject: x\r\n\r\nOrder number: AMZ-2026-00417\r\n"
    assert trust(raw) is Trust.UNVERIFIED
