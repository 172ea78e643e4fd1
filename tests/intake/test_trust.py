"""What proves and disproves a sender besides their own signature: other servers' findings, logins, order numbers."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from daemon.intake import open_mail
from daemon.intake.alignment import aligned
from daemon.intake.providers import believed, provable
from daemon.settings import ImapMailbox, Owner, Secret
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


SIGNATURE = "DKIM-Signature: v=1; a=rsa-sha256; d=amazon.fr; s=s1; h=from:subject; bh=x; b=x\r\n"
GOOD = "dkim=pass header.d=amazon.fr"
BAD = "dkim=fail header.d=amazon.fr"


@pytest.mark.parametrize("ids", [(OURS,), ()])
@pytest.mark.parametrize(
    "head",
    [
        found(BAD, "other.example"),
        found("spf=fail; dmarc=fail (p=reject)", "other.example"),
        found("dkim=fail (body hash did not verify)", "other.example"),
        found("dkim=fail (no key for signature) header.d=amazon.fr; dmarc=fail action=oreject header.from=amazon.fr"),
        found("dmarc=fail (p=QUARANTINE sp=NONE dis=NONE) header.from=amazon.fr"),
        found("dmarc=fail (p=NONE sp=REJECT dis=REJECT) header.from=amazon.fr"),
        found("dmarc=none (p=NONE); dkim=fail header.d=amazon.fr"),
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
        found("dkim=fail (no key for signature) header.d=amazon.fr; dmarc=none", "other.example"),
        found("dkim=fail (key not found in DNS) header.d=amazon.fr"),
        found('dkim=fail reason="key not available" header.d=amazon.fr'),
        found("spf=pass; dmarc=fail (p=NONE sp=NONE dis=NONE) header.from=amazon.fr"),
        found("dmarc=fail action=none header.from=amazon.fr", "other.example"),
        found("dmarc=fail policy.published-domain-policy=none header.from=amazon.fr"),
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
        (RECEIVED.replace(OURS, "store.example.net") + RECEIVED + found(GOOD) + SIGNATURE, Trust.SIGNED),
        ("Received: by 2001:db8::7 with SMTP id a; x\r\n" + RECEIVED + found(GOOD) + SIGNATURE, Trust.UNVERIFIED),
        (found("spf=pass") + "X-A: b\r\n" + found(GOOD) + RECEIVED, Trust.UNVERIFIED),
        (RECEIVED + found(GOOD) + SIGNATURE + found(BAD, "other.example"), Trust.SIGNED),
    ],
)
def test_of_our_servers_headers_the_topmost_counts(head: str, wanted: Trust) -> None:
    """Shows that a pass below our server's own header, which may have come with the mail, is not believed."""
    assert trust(head + AMAZON) is wanted


@pytest.mark.parametrize(
    ("sender", "wanted"),
    [
        ("order-update@amazon.fr <x@evil.example>", Trust.FORGED),
        ("order-update@amazon.fr, x@evil.example", Trust.FORGED),
        ("<order-update@amazon.fr> x@evil.example", Trust.FORGED),
        ("order-update@amazon.fr <order-update@amazon.fr>", Trust.UNVERIFIED),
        ('"Amazon (x@evil.example)" <order-update@amazon.fr>', Trust.UNVERIFIED),
        ("order-update@amazon.fr (x@evil.example)", Trust.UNVERIFIED),
        ("camille@exemple.example <x@evil.example>", Trust.UNVERIFIED),
        ("info@dpd.fr <noreply@notification.dpd.com>", Trust.UNVERIFIED),
        ("order-update@amazon.fr <order-update@amazon.de>", Trust.UNVERIFIED),
        ("order-update@amazon.fr <a1b2c3@marketplace.amazon.fr>", Trust.FORGED),
        ("info@dpd.fr <noreply@dhl.com>", Trust.FORGED),
    ],
)
def test_a_from_of_two_minds_is_forged(sender: str, wanted: Trust) -> None:
    """Shows that a known sender's address beside another's, of which programs may take either, is an imitation."""
    assert trust(AMAZON.replace("Amazon.fr <order-update@amazon.fr>", sender)) is wanted


@pytest.mark.parametrize(
    ("below", "wanted"),
    [
        ("", Trust.UNVERIFIED),
        (SIGNATURE, Trust.SIGNED),
        (SIGNATURE.replace("amazon.fr", "amazonses.com"), Trust.UNVERIFIED),
        (SIGNATURE.replace("amazon.fr", "evil.example"), Trust.UNVERIFIED),
    ],
)
@pytest.mark.parametrize("says", [GOOD, "dkim=none; dmarc=pass header.from=amazon.fr"])
def test_below_our_own_received_a_pass_needs_the_signature(says: str, below: str, wanted: Trust) -> None:
    """Shows that results which may have come with an unsigned mail, where our server stated none, are not believed."""
    assert trust(RECEIVED + found(says) + below + AMAZON) is wanted
    assert trust(below + RECEIVED + found(says) + AMAZON) is Trust.UNVERIFIED
    assert trust(found(says) + RECEIVED + below + AMAZON) is Trust.SIGNED


GMAIL = (
    "Received: by 2002:a05:6520:1d8a with SMTP id a; Mon, 2 Mar 2026 01:30:00 -0800 (PST)\r\n"
    "X-Received: by 2002:a17:906 with SMTP id b; Mon, 2 Mar 2026 01:29:59 -0800 (PST)\r\n"
    "Received: from a.example (a.example. [192.0.2.1]) by mx.google.com with ESMTPS id c; Mon, 2 Mar 2026 01:29:59\r\n"
    "Received-SPF: pass (google.com: domain of x@a.example)\r\n"
)
OUTLOOK = (
    "Received: from A.eurprd.prod.outlook.com (2603:1::2) by B.eurprd.prod.outlook.com with HTTPS; Mon, 2 Mar 2026\r\n"
    "Received: from C.prod.outlook.com (2603::1) by A.eurprd.prod.outlook.com with Microsoft SMTP Server; x\r\n"
    "Authentication-Results: spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=a.example; dkim={}"
    " (signature was verified) header.d=amazon.fr;dmarc=pass action=none header.from=amazon.fr;compauth=pass\r\n"
    "Received: from a.example (192.0.2.1) by C.mail.protection.outlook.com (10.0.0.1) with Microsoft SMTP Server; x\r\n"
)
ICLOUD = (
    "Received: from p01-in.mail.icloud.com by p01-gateway.icloud.com with ESMTP id 1; Mon, 2 Mar 2026\r\n"
    "Received: from a.example by p01-in.mail.icloud.com with ESMTPS id 2; Mon, 2 Mar 2026 09:29:59 +0000\r\n"
    + found('bimi=skipped reason="insufficient dmarc"', "bimi.icloud.com")
)
ICLOUD_FOUND = found("dmarc=pass header.from=amazon.fr", "dmarc.icloud.com") + found(GOOD, "dkim-verifier.icloud.com")


@pytest.mark.parametrize(
    ("head", "host", "wanted"),
    [
        (ICLOUD + ICLOUD_FOUND + found("spf=pass", "spf.icloud.com") + SIGNATURE, "imap.mail.me.com", Trust.SIGNED),
        (ICLOUD + found(BAD, "dkim-verifier.icloud.com") + ICLOUD_FOUND, "imap.mail.me.com", Trust.FORGED),
        (ICLOUD + "X-A: b\r\n" + ICLOUD_FOUND + SIGNATURE, "imap.mail.me.com", Trust.UNVERIFIED),
        (ICLOUD + found(GOOD, "bimi.icloud.com") + SIGNATURE, "imap.mail.me.com", Trust.UNVERIFIED),
        (ICLOUD + ICLOUD_FOUND, "imap.mail.me.com", Trust.UNVERIFIED),
        (ICLOUD + ICLOUD_FOUND + SIGNATURE, "imap.example.net", Trust.UNVERIFIED),
        (GMAIL + found(GOOD, "mx.google.com"), "imap.gmail.com", Trust.SIGNED),
        (GMAIL + found(BAD, "mx.google.com") + found(GOOD, "mx.google.com"), "imap.gmail.com", Trust.FORGED),
        (
            GMAIL + found("dkim=none", "mx.google.com") + found(GOOD, "mx.google.com"),
            "imap.gmail.com",
            Trust.UNVERIFIED,
        ),
        (GMAIL + found(GOOD, "mx.google.com"), "imap.example.net", Trust.UNVERIFIED),
        (OUTLOOK.format("pass"), "outlook.office365.com", Trust.SIGNED),
        (OUTLOOK.format("pass"), "imap.example.net", Trust.UNVERIFIED),
        (OUTLOOK.format("pass").replace("outlook.com (10", "evil.example (10"), "outlook.office365.com", Trust.SIGNED),
        (RECEIVED + OUTLOOK.format("pass"), "outlook.office365.com", Trust.UNVERIFIED),
        (found(GOOD, "atlas210.free.mail.ne1.yahoo.com") + RECEIVED, "imap.mail.yahoo.com", Trust.SIGNED),
        (found(GOOD, "atlas210.yahoo.com.evil.example") + RECEIVED, "imap.mail.yahoo.com", Trust.UNVERIFIED),
        (found(GOOD, "gmx.net") + RECEIVED, "imap.gmx.net", Trust.SIGNED),
    ],
)
def test_known_providers_are_believed_in_their_own_mailboxes(head: str, host: str, wanted: Trust) -> None:
    """Shows that the mailbox's host tells whose results count, under none or many names, and below which lines."""
    owner = Owner(name="Lou", addresses=(OWNER,))
    secret = Secret(env="NOWHERE")
    box = ImapMailbox(name="perso", host=host, username=OWNER, password=secret, owner=owner)
    ids, path = believed(box)
    assert trust(head + AMAZON, ids=ids, path=path) is wanted


@pytest.mark.parametrize("says", ["dkim=fail header.d=free.fr", "dmarc=fail header.from=free.fr"])
def test_a_persons_broken_signature_accuses_nobody(says: str) -> None:
    """Shows that only known senders, their imitators and the owner are forged by a failed check."""
    friend = "From: Paul <paul@free.fr>\r\nSubject: Ta commande\r\n\r\nElle est chez moi\r\n"
    assert trust(found(says) + RECEIVED + friend) is Trust.UNVERIFIED
    assert trust(found(says, "other.example") + friend) is Trust.UNVERIFIED
    assert trust(found(BAD) + RECEIVED + AMAZON) is Trust.FORGED


@pytest.mark.parametrize(
    ("host", "changes", "wanted"),
    [
        ("imap.gmail.com", {}, True),
        ("imap.free.fr", {}, False),
        ("imap.laposte.net", {}, False),
        ("imap.free.fr", {"authserv_ids": ("free.fr",)}, True),
        ("imap.example.net", {}, False),
        ("imap.example.net", {"dkim": True}, True),
    ],
)
def test_only_what_surely_proves_puts_unproven_mails_in_doubt(
    host: str, changes: dict[str, object], wanted: bool
) -> None:
    """Shows that a provider of which little is known does not count as one that proves every honest mail."""
    owner = Owner(name="Lou", addresses=(OWNER,))
    box = ImapMailbox(name="perso", host=host, username=OWNER, password=Secret(env="NOWHERE"), owner=owner)
    assert provable(box.model_copy(update=changes)) is wanted


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


FROM_PROGRAM = "Received: by mail.example.net (Postfix, from userid 33) id 4; Mon, 2 Mar 2026 09:30:00 +0000\r\n"
FROM_FORM = (
    "Received: from www-data by mail.example.net with local (Exim 4.97) id 4; Mon, 2 Mar 2026 09:30:00 +0000\r\n"
)
SEEN = found("dkim=pass header.d=example.net", "mx.example.org")
BORNE = SIGNATURE.replace("amazon.fr", "example.net")
# A client that calls itself "x by mail.example.net with ESMTPSA id 7".
SPOOFED_NAME = hop("mail.example.net", "ESMTPS").replace("[192.0.2.7]", "x by mail.example.net with ESMTPSA id 7")


@pytest.mark.parametrize("path", [("mail.example.net",), ("login",), ("login", "server", "direct")])
@pytest.mark.parametrize(
    "name",
    ["x by mail.example.net with ESMTPSA", "x with ESMTPSA", "x by mail.example.net", "by mail.example.net with LMTP"],
)
def test_what_a_client_calls_itself_is_no_login(name: str, path: tuple[str, ...]) -> None:
    """Shows that a name which looks like the rest of a Received does not pass for it."""
    head = hop("mail.example.net", "ESMTPS").replace("[192.0.2.7]", name)
    assert trust(head + MINE, ids=(), path=path) is Trust.UNVERIFIED


@pytest.mark.parametrize(
    "envelope",
    [
        '"a); dkim=pass header.d=amazon.fr; x=("',
        '"a\\"); dkim=pass header.d=amazon.fr; ("',
        '"; dkim=pass header.d=amazon.fr;"',
    ],
)
def test_an_address_in_our_servers_own_words_states_nothing(envelope: str) -> None:
    """Shows that what a sender hides in the envelope, and our server repeats, is no result."""
    says = (
        f"spf=pass (mx: domain of {envelope}@evil.example designates 192.0.2.1) smtp.mailfrom={envelope}@evil.example"
    )
    assert trust(found(f"{says}; dkim=none") + RECEIVED + AMAZON) is Trust.UNVERIFIED
    assert trust(found(f"{says}; {GOOD}") + RECEIVED + AMAZON) is Trust.SIGNED


@pytest.mark.parametrize(
    ("head", "wanted"),
    [
        ("", Trust.OWNER),
        (hop("mail.example.net", "ESMTPSA"), Trust.OWNER),
        (hop("store.example.net", "LMTP") + hop("mail.example.net", "ESMTPSA"), Trust.OWNER),
        (hop("mail.example.net", "LMTP"), Trust.OWNER),
        (FROM_PROGRAM, Trust.UNVERIFIED),
        (FROM_FORM, Trust.UNVERIFIED),
        (hop("mail.example.net", "LMTP") + FROM_PROGRAM, Trust.UNVERIFIED),
        (FROM_FORM + hop("mail.example.net", "ESMTPSA"), Trust.UNVERIFIED),
        (found("dkim=pass header.d=example.net") + hop("mail.example.net", "ESMTPS"), Trust.OWNER),
        (hop("mail.example.net", "ESMTPS"), Trust.UNVERIFIED),
        (hop("mail.example.net", "ESMTPS") + hop("elsewhere.example", "ESMTPSA"), Trust.UNVERIFIED),
        (hop("mail.example.net", "LMTP") + hop("elsewhere.example", "ESMTPSA"), Trust.UNVERIFIED),
        (hop("mail.example.net", "LMTP") + hop("mail.example.net", "ESMTPS"), Trust.UNVERIFIED),
        (hop("mail.example.net", "ESMTPS") + found("dkim=pass header.d=example.net"), Trust.UNVERIFIED),
        (
            found("dkim=pass header.d=example.net", "elsewhere.example") + hop("mail.example.net", "SMTP"),
            Trust.UNVERIFIED,
        ),
        (found("dkim=pass header.d=evil.example") + hop("mail.example.net", "ESMTPS"), Trust.UNVERIFIED),
        (hop("mail.example.net", "ESMTPS") + found("dkim=pass header.d=example.net") + BORNE, Trust.UNVERIFIED),
        (SPOOFED_NAME, Trust.UNVERIFIED),
        ("Received: nonsense\r\n", Trust.UNVERIFIED),
        (found("dkim=fail header.d=example.net") + hop("mail.example.net", "ESMTPSA"), Trust.FORGED),
    ],
)
def test_the_owners_address_alone_proves_nothing(head: str, wanted: Trust) -> None:
    """Shows that where nothing is configured a mail is the owner's by how it came in, and not by its From."""
    (letter,) = letters(head + MINE, ids=())
    assert (letter.trust, letter.note is not None) == (wanted, wanted is Trust.OWNER)
    (forward,) = letters(head + FORWARD, ids=())
    assert forward.trust is wanted


@pytest.mark.parametrize(
    ("head", "wanted"),
    [
        (hop("mx.example.org", "ESMTPS") + SEEN + BORNE, Trust.OWNER),
        (hop("mx.example.org", "ESMTPS") + SEEN, Trust.UNVERIFIED),
        (hop("mx.example.org", "ESMTPS") + "X-A: b\r\n" + SEEN + BORNE, Trust.UNVERIFIED),
        (hop("mx.example.org", "ESMTPS") + hop("mx.example.org", "ESMTPS") + SEEN + BORNE, Trust.UNVERIFIED),
        (hop("mx.other.example", "ESMTPS") + SEEN + BORNE, Trust.UNVERIFIED),
        (hop("mx.example.org", "ESMTPS") + SEEN.replace("pass", "none") + SEEN + BORNE, Trust.UNVERIFIED),
    ],
)
def test_a_server_may_state_directly_below_its_own_received(head: str, wanted: Trust) -> None:
    """Shows that an owner who writes from elsewhere is heard where the server's filter writes below ``Received``."""
    (letter,) = letters(head + MINE, ids=())
    assert letter.trust is wanted


@pytest.mark.parametrize("head", [FROM_PROGRAM, FROM_FORM, hop("mail.example.net", "LMTP") + FROM_PROGRAM])
def test_what_a_program_of_the_machine_wrote_is_the_owners_only_if_they_say_so(head: str) -> None:
    """Shows that a web page's form on the owner's machine is not the owner, unless ``local`` is configured."""
    assert trust(head + MINE, ids=(), path=("direct", "login", "server")) is Trust.UNVERIFIED
    assert trust(head + MINE, ids=(), path=("local",)) is Trust.OWNER
    assert trust(head + hop("elsewhere.example", "ESMTPS") + MINE, ids=(), path=("local",)) is Trust.UNVERIFIED
    assert trust(MINE, ids=(), path=("local",)) is Trust.UNVERIFIED


@pytest.mark.parametrize(("path", "wanted"), [(("direct",), Trust.OWNER), (("mail.example.net",), Trust.UNVERIFIED)])
def test_what_is_configured_replaces_what_is_taken_for_granted(path: tuple[str, ...], wanted: Trust) -> None:
    """Shows that a named path alone counts, and that one may name mails that no server took from anywhere."""
    assert trust(MINE, ids=(), path=path) is wanted
    assert trust(hop("mail.example.net", "ESMTPS") + MINE, ids=(), path=path) is Trust.UNVERIFIED
    assert trust(hop("mail.example.net", "ESMTPS") + MINE, ids=(), path=(*path, "any")) is Trust.OWNER


def test_a_mailbox_of_a_known_provider_knows_its_owner() -> None:
    """Shows that what people write to themselves there is theirs, and what comes under their name is not."""
    owner = Owner(name="Lou", addresses=(OWNER,))
    named = ("mx.google.com",)
    box = ImapMailbox(
        name="perso", host="imap.gmail.com", username=OWNER, password=Secret(env="NO"), owner=owner, authserv_ids=named
    )
    ids, path = believed(box)
    assert trust(MINE, ids=ids, path=path) is Trust.OWNER
    assert trust(hop("smtp.gmail.com", "ESMTPSA") + MINE, ids=ids, path=path) is Trust.OWNER
    assert trust(GMAIL + hop("smtp.gmail.com", "ESMTPSA") + MINE, ids=ids, path=path) is Trust.UNVERIFIED
    proven = GMAIL + found("dkim=pass header.d=example.net", "mx.google.com") + MINE
    assert trust(proven, ids=ids, path=path) is Trust.OWNER


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


@pytest.mark.parametrize(
    ("head", "ids", "wanted"),
    [
        ("", (), Trust.OWNER),
        (hop("mail.example.net", "ESMTPS"), (), Trust.OWNER),
        ("", (OURS,), Trust.UNVERIFIED),
        (RECEIVED, (OURS,), Trust.UNVERIFIED),
        (found("dkim=pass header.d=example.net") + RECEIVED, (OURS,), Trust.OWNER),
    ],
)
def test_where_nobody_is_named_a_forward_is_its_owners_unless_a_proof_is_asked_for(
    head: str, ids: tuple[str, ...], wanted: Trust
) -> None:
    """Shows that a mail file is its owner's forward, and where a server is named only if that server has proven it."""
    (letter,) = open_mail((head + FORWARD).encode(), received_at=ARRIVED, authserv_ids=ids)
    assert (letter.trust, letter.note) == (wanted, "pas reçu")


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
        "Bestellnummer: 4045-518207-3390146",
        "Bestelnummer 404-5518207-339014",
        "Numéro de commande 404-5518207-33901467",
        "Your order 404-55182-07339014 has shipped",
        "Nº de pedido: 404-5518-2073",
        "Numer zamówienia: 404.5518207.3390146",
        "Numero ordine: 404_5518207_33901461",
        "注文番号：４０４－５５１８２－０７３３９０１",
        "Bestellnummer: 404 – 55182 – 07339014",
        "Beställningsnummer: 404-5518207-33901",
        "Sipariş numarası: 404-55182-0733901",
        "注文番号： 404-551820-73390146",
    ],
)
def test_an_order_number_that_nobody_gives_out_is_forged(says: str) -> None:
    """Shows that a mail in Amazon's name that names an order by a number nearly of its form is an imitation."""
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
        "注文番号：４０４－５５１８２０７－３３９０１４６",
        "Numéro de commande : 404 − 5518207 − 3390146",
        "Bestellnummer: PO-2026-00417",
        "Bestellnummer: 2026-0417-0093",
        "order number: 100045678",
        "Order ID: 5518207339014",
        "Pedido: TBA305987654321",
        "Invoice order number: 1780045593",
        "Bestellung Nr. 20260302",
        "Bestellung # 40455182073390146021",
    ],
)
def test_genuine_numbers_dates_and_others_accuse_nobody(says: str) -> None:
    """Shows that real order numbers of every kind, and what is none, leave a mail as it is."""
    raw = "From: Amazon <order-update@amazon.fr>\r\nSubject: x\r\nContent-Type: text/plain; charset=utf-8\r\n"
    assert trust(f"{raw}\r\n{says}\r\n") is Trust.UNVERIFIED


def test_a_sellers_own_numbers_are_their_own() -> None:
    """Shows that a seller who writes through the relay may name numbers of their own."""
    raw = "From: Literie <a1b2@marketplace.amazon.fr>\r\nSubject: x\r\n\r\nOrder number: 404-55182-0733901\r\n"
    assert trust(raw) is Trust.UNVERIFIED
    assert trust(raw.replace("a1b2@marketplace.", "a1b2@")) is Trust.FORGED
