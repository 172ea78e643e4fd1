"""DKIM and ARC, verified here with keys made here: what holds, what does not, and what proves nothing."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from daemon.intake import open_mail
from daemon.intake.dkim import key_names
from parsers.letter import Trust
from tests.intake.signing import SELECTOR, SIGNED_AT, key_pair, keys, sealed, signed

ARRIVED = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
BODY = b"Bonjour Lou,\r\n\r\nVotre colis  est en route.\t\r\nCommande 404-5518207-3390146\r\n\r\n"
MAIL = (
    b"From: Amazon.fr <shipment-tracking@amazon.fr>\r\nTo: lou.martel@example.net\r\n"
    b"Subject: Votre colis\r\nDate: Mon, 02 Mar 2026 09:12:00 +0000\r\n"
    b"Message-ID: <m1@amazon.fr>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
) + BODY
RECEIVED = b"Received: from mx by mail.example.net with ESMTPS id 1; Mon, 2 Mar 2026 09:30:00 +0000\r\n"
FORGED = b"From: Amazon.fr <gift@amazon.fr>\r\n"
KNOWN = keys("amazon.fr", "amazonses.com", "evil.example")


def trust(raw: bytes, known: dict[str, str] | None = KNOWN, at: datetime = ARRIVED, **given: Any) -> Trust:
    """Return how far the mail is believed with these keys."""
    (letter,) = open_mail(RECEIVED + raw, received_at=at, keys=known, **given)
    return letter.trust


@pytest.mark.parametrize("canon", [(b"relaxed", b"relaxed"), (b"relaxed", b"simple"), (b"simple", b"simple")])
@pytest.mark.parametrize("newline", [b"\r\n", b"\n"])
def test_a_signature_of_the_sender_that_holds_is_signed(canon: tuple[bytes, bytes], newline: bytes) -> None:
    """Shows that an aligned signature proves the sender, in each canonicalization, and as a Maildir keeps it."""
    raw = signed(MAIL, canonicalize=canon)
    assert trust(raw.replace(b"\r\n", newline)) is Trust.SIGNED
    assert trust(raw.replace(b"\r\n", newline), None) is Trust.UNVERIFIED


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"Votre colis  est en route.", b"Votre remboursement est la."),
        (b"shipment-tracking@amazon.fr", b"order-update@amazon.fr"),
        (b"Subject: Votre colis", b"Subject: Votre argent"),
        (b"Date: Mon, 02 Mar", b"Date: Tue, 03 Mar"),
    ],
)
def test_a_mail_that_was_changed_is_forged(before: bytes, after: bytes) -> None:
    """Shows that another body, sender, subject or date than those signed is a failure, with the key at hand."""
    raw = signed(MAIL)
    assert trust(raw) is Trust.SIGNED
    assert trust(raw.replace(before, after)) is Trust.FORGED


def test_another_key_under_the_same_selector_does_not_forge_old_mail() -> None:
    """Shows that after a week a signature that fails over a true body proves nothing; else it forges."""
    raw = signed(MAIL, key=key_pair(2))
    changed = raw.replace(b"Votre colis  est", b"Le colis est")
    assert trust(raw, at=ARRIVED + timedelta(days=6)) is Trust.FORGED
    assert trust(raw, at=ARRIVED + timedelta(days=8)) is Trust.UNVERIFIED
    assert trust(changed, at=ARRIVED + timedelta(days=8)) is Trust.FORGED


@pytest.mark.parametrize("above", [FORGED, FORGED.replace(b"amazon.fr", b"amazon.de")])
def test_a_second_from_makes_a_replayed_mail_forged(above: bytes) -> None:
    """Shows that a From put above the one that was signed is not believed in its name."""
    assert trust(FORGED + signed(MAIL)) is Trust.FORGED
    assert trust(above + signed(MAIL)) is not Trust.SIGNED


@pytest.mark.parametrize(
    "added",
    [b"Subject: Remboursement\r\n", b"Date: Mon, 09 Mar 2026 09:12:00 +0000\r\n", b"Content-Type: text/html\r\n"],
)
def test_a_second_header_above_the_signed_one_proves_nothing(added: bytes) -> None:
    """Shows that a replayed mail with a header on top that readers would take for the signed one is not believed."""
    assert trust(added + signed(MAIL)) is Trust.UNVERIFIED


@pytest.mark.parametrize(
    "odd",
    [b"X-A: b\rSubject: Remboursement\r\n", b"From lou\r\n", b"X-A: b\x00\r\n", b"X-A: " + b"a" * 120_000 + b"\r\n"],
)
def test_a_header_that_readers_may_take_apart_otherwise_proves_nothing(odd: bytes) -> None:
    """Shows that what a signer and a reader could see differently is not believed."""
    assert trust(b"X-First: 1\r\n" + odd + signed(MAIL)) is not Trust.SIGNED


@pytest.mark.parametrize("domain", ["evil.example", "amazonses.com"])
def test_a_signature_of_another_domain_says_nothing(domain: str) -> None:
    """Shows that neither a stranger nor the company that sends for many speaks for amazon.fr."""
    assert trust(signed(MAIL, domain)) is Trust.UNVERIFIED
    assert trust(signed(MAIL, domain).replace(b"Votre colis  est", b"x")) is Trust.UNVERIFIED


def test_one_of_several_signatures_is_enough() -> None:
    """Shows that of a broken and a whole signature of the sender, and a stranger's, the whole one decides."""
    whole = signed(MAIL)
    other = signed(MAIL, key=key_pair(2))[: -len(MAIL)]
    assert trust(other + MAIL) is Trust.FORGED
    assert trust(other + whole) is Trust.SIGNED
    assert trust(signed(whole, "amazonses.com")) is Trust.SIGNED


@pytest.mark.parametrize(
    "record",
    [
        "",
        "v=DKIM1; k=rsa; p=",
        "v=DKIM1; t=y; " + key_pair().record.removeprefix("v=DKIM1; "),
        "v=DKIM1; k=rsa; p=AAAA",
        "nonsense",
        "v=DKIM1; p=" + "A" * 9_000,
        key_pair(3, 512).record,
    ],
)
def test_a_key_that_is_gone_or_no_good_proves_nothing(record: str) -> None:
    """Shows that an old mail whose key was withdrawn is unverified, not forged, whether or not it was changed."""
    for raw in (signed(MAIL), signed(MAIL).replace(b"Votre colis  est", b"Le colis est")):
        assert trust(raw, {f"{SELECTOR}._domainkey.amazon.fr": record}) is Trust.UNVERIFIED
        assert trust(raw, {}) is Trust.UNVERIFIED


@pytest.mark.parametrize(
    "how", [{"length": True}, {"signature_algorithm": b"rsa-sha1"}, {"include_headers": [b"from"]}]
)
def test_a_weak_signature_proves_nothing(how: dict[str, Any]) -> None:
    """Shows that SHA-1, a part of the body, or a signature without the subject is not believed."""
    assert trust(signed(MAIL, **how)) is Trust.UNVERIFIED


def test_a_signature_expires_when_it_says_so() -> None:
    """Shows that ``x=`` is compared with the time of arrival, not with today's."""
    raw = signed(MAIL)
    began = int(SIGNED_AT.timestamp())
    expiring = raw.replace(b"t=%d" % began, b"t=%d; x=%d" % (began, began + 60), 1)
    # The signature no longer holds, for it covers its own tags; expired, it is not even looked at.
    assert trust(expiring) is Trust.FORGED
    assert trust(expiring, at=ARRIVED + timedelta(days=2)) is Trust.UNVERIFIED
    assert trust(raw, at=ARRIVED - timedelta(days=2)) is Trust.UNVERIFIED


@pytest.mark.parametrize(
    "hostile",
    [
        b"DKIM-Signature: v=1; a=rsa-sha256; d=amazon.fr; s=s1; h=from:subject; bh=" + b" \t" * 50_000 + b"; b=x\r\n",
        b"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=amazon.fr; s=s1; h="
        + b"x:" * 20_000
        + b"; bh=a; b=a\r\n",
        b"DKIM-Signature: v=1; d=amazon.fr; s=s1\r\n",
        b"DKIM-Signature: ;;;=\r\nDKIM-Signature: d=amazon.fr; d=amazon.fr; s=s1\r\n",
        b"DKIM-Signature: v=1; a=rsa-sha256; d=amazon.fr; s=s1; h=from:subject; t=99999999999999999; bh=a; b=a\r\n"
        * 50,
    ],
)
def test_hostile_signatures_cost_no_time(hostile: bytes) -> None:
    """Shows that signatures made to keep a verifier busy, over a body made for the same, are soon done with."""
    body = b" \t" * 400_000 + b"x\r\n"
    started = time.process_time()
    assert trust(hostile + MAIL + body) is not Trust.SIGNED
    assert trust(signed(MAIL).replace(BODY, body)) is Trust.FORGED
    assert time.process_time() - started < 2


def test_whose_keys_are_asked_for() -> None:
    """Shows that only the sender's own signatures, and known forwarders' seals, make DNS be asked."""
    assert key_names(signed(signed(MAIL), "amazonses.com")) == (f"{SELECTOR}._domainkey.amazon.fr",)
    assert key_names(signed(MAIL, "evil.example")) == ()
    assert key_names(MAIL) == ()
    assert key_names(b"") == ()
    odd = b"DKIM-Signature: d=amazon.fr; s=a..b\r\nDKIM-Signature: d=amazon.fr; s=a b/c\r\n"
    assert key_names(odd + MAIL) == ()
    assert key_names(forwarded()) == (f"{SELECTOR}._domainkey.google.com",)


FOUND = (
    b"Authentication-Results: mx.google.com;\r\n dkim=pass header.i=@amazon.fr header.s=s1;\r\n"
    b" spf=pass smtp.mailfrom=bounces.amazon.fr;\r\n dmarc=pass header.from=amazon.fr\r\n"
)
CHAIN = keys("google.com", "evil.example", "microsoft.com")


def forwarded(found: bytes = FOUND, domain: str = "google.com") -> bytes:
    """Return a mail that a forwarder sealed."""
    return sealed(found + MAIL, domain, "mx.google.com")


def test_a_known_forwarders_seal_proves_the_sender() -> None:
    """Shows that a chain of known forwarders, the first of whom saw the signature hold, is believed."""
    assert trust(forwarded(), CHAIN) is Trust.SIGNED
    assert trust(forwarded()) is Trust.UNVERIFIED
    assert trust(forwarded(), None) is Trust.UNVERIFIED


def test_a_seal_outweighs_the_signature_that_the_forwarder_broke() -> None:
    """Shows that a forwarder who adds a footer, and so breaks the signature, does not make a mail forged."""
    changed = signed(MAIL)[: -len(BODY)] + BODY + b"-- \r\nTransmis par le foyer\r\n"
    known = {**CHAIN, **KNOWN}
    assert trust(changed, known) is Trust.FORGED
    assert trust(sealed(FOUND + changed, "google.com", "mx.google.com"), known) is Trust.SIGNED


def test_an_unknown_hop_breaks_the_chain() -> None:
    """Shows that a stranger who seals last could have put in other words, and is not believed; nor is one alone."""
    assert trust(forwarded(domain="evil.example"), CHAIN) is Trust.UNVERIFIED
    again = FOUND.replace(b"mx.google.com", b"mx.evil.example").replace(b"dkim=", b"arc=pass; dkim=")
    twice = sealed(again + forwarded(), "evil.example", "mx.evil.example")
    assert b"i=2;" in twice
    assert trust(twice, CHAIN) is Trust.UNVERIFIED
    known = again.replace(b"mx.evil.example", b"mx.microsoft.com")
    assert trust(sealed(known + forwarded(), "microsoft.com", "mx.microsoft.com"), CHAIN) is Trust.SIGNED


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"Votre colis  est en route.", b"Votre remboursement."),
        (b"Subject: Votre colis", b"Subject: Votre argent"),
        (b"ARC-Authentication-Results: i=1", b"ARC-Authentication-Results: i=2"),
        (b"ARC-Seal:", b"X-Seal:"),
    ],
)
def test_a_sealed_mail_that_was_changed_is_not_believed(before: bytes, after: bytes) -> None:
    """Shows that neither what was sealed nor the chain itself can be altered."""
    assert trust(forwarded().replace(before, after), CHAIN) is Trust.UNVERIFIED
    assert trust(b"Subject: Autre chose\r\n" + forwarded(), CHAIN) is Trust.UNVERIFIED


@pytest.mark.parametrize(
    "found",
    [
        FOUND.replace(b"amazon.fr", b"evil.example"),
        FOUND.replace(b"dkim=pass", b"dkim=none").replace(b"dmarc=pass", b"dmarc=none"),
    ],
)
def test_a_forwarder_who_saw_no_proof_gives_none(found: bytes) -> None:
    """Shows that a seal only tells what its forwarder found."""
    assert trust(forwarded(found), CHAIN) is Trust.UNVERIFIED


@pytest.mark.parametrize(
    ("result", "wanted"), [("pass", Trust.SIGNED), ("fail", Trust.UNVERIFIED), ("none", Trust.UNVERIFIED)]
)
def test_our_servers_word_on_a_seal_is_believed(result: str, wanted: Trust) -> None:
    """Shows that our server's ``arc=pass`` needs no key here; the forwarders must be known ones all the same."""
    ours = f"Authentication-Results: mx.example.net; arc={result} (i=1); dkim=none\r\n".encode()
    ids = ("mx.example.net",)
    for chain, trusted in ((forwarded(), wanted), (forwarded(domain="evil.example"), Trust.UNVERIFIED)):
        (letter,) = open_mail(ours + RECEIVED + chain, received_at=ARRIVED, authserv_ids=ids)
        assert letter.trust is trusted
        assert trust(ours + chain, None, authserv_ids=ids) is Trust.UNVERIFIED
