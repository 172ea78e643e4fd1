"""Mails made to hold the reader up or to bring it down: each is soon read, or refused, and makes no order."""

from __future__ import annotations

import base64
import random
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

import pytest

import parsers
from daemon.intake import UnreadableMail, open_mail

ARRIVED = datetime(2026, 9, 5, 6, 12, 30, tzinfo=UTC)
LIMIT = 2.0
"""Seconds of computing that a mail may take."""
HEAD = b"From: Amazon.fr <order-update@amazon.fr>\r\nTo: lou@example.net\r\nSubject: Bonjour\r\n"
FORWARD = b"From: lou@example.net\r\nSubject: Fwd: x\r\n\r\n"
NOISE = random.Random(7).randbytes(15_000)


def html(body: str) -> bytes:
    """Return a mail of HTML."""
    return HEAD + b"Content-Type: text/html\r\n\r\n" + body.encode()


def parts(one: str, times: int) -> bytes:
    """Return a mail of many parts of a type."""
    return (
        HEAD
        + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
        + f"--b\r\nContent-Type: {one}\r\n\r\nx\r\n".encode() * times
    )


def nested(times: int) -> bytes:
    """Return mails in mails, each in base64 and three times over."""
    inner = b"From: a@b.example\r\n\r\nx"
    for _ in range(times):
        head = b"From: a@b.example\r\nContent-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        inner = head + base64.encodebytes(inner) * 3
    return inner[:4_000_000]


def charset(name: str) -> bytes:
    """Return a mail that lies about its charset."""
    text = "livré 日本 +AGEAYQ- 404".encode() * 3_000
    return HEAD + f'Content-Type: text/plain; charset="{name}"\r\n\r\n'.encode() + text


LIES = ("utf-16", "utf-7", "idna", "rot13", "zlib", "cp037")
MAILS: dict[str, Callable[[], bytes]] = {
    "attributes without end": lambda: html("<a " + " ".join(f"a{i}=1" for i in range(100_000)) + ">x</a>"),
    "tables in tables": lambda: html("<table><tr><td>" * 30_000 + "x" + "</td></tr></table>" * 30_000),
    "quotations in quotations": lambda: html("<blockquote><div>" * 60_000),
    "a style sheet of megabytes": lambda: html("<style>" + ".a{color:red}" * 150_000 + "</style><p>x</p>"),
    "entities": lambda: html("&amp;" * 300_000 + "&#x0;&#1114112;&#xD800;" * 1_000),
    "brackets of JSON": lambda: html("<script type='application/ld+json'>" + "[" * 50_000 + "</script>"),
    "things of microdata": lambda: html("<div itemscope itemtype='http://schema.org/Order'>" * 4_000),
    "a word of 40 kB": lambda: html("<p>" + "x" * 40_000 + " 404-" + "1" * 40_000 + "</p>"),
    "zeros": lambda: html("<p>a\x00b</p>" + "\x00" * 200_000),
    "parts of text": lambda: parts("text/plain", 10_000),
    "parts of HTML": lambda: parts("text/html", 10_000),
    "parts in parts": lambda: (
        HEAD
        + b"".join(f"Content-Type: multipart/mixed; boundary=b{i}\r\n\r\n--b{i}\r\n".encode() for i in range(3_000))
    ),
    "mails in mails": lambda: nested(10),
    "a header of a megabyte": lambda: b"Subject: " + b"a " * 500_000 + b"\r\n" + HEAD + b"\r\nx",
    "a folded header of a megabyte": lambda: b"Subject: a\r\n" + b" aaaa\r\n" * 150_000 + HEAD + b"\r\nx",
    "stations": lambda: b"Received: from a.example by b.example with ESMTPS id 1; x\r\n" * 10_000 + HEAD + b"\r\nx",
    "findings": lambda: b"Authentication-Results: a.example; dkim=pass header.d=a.fr\r\n" * 10_000 + HEAD + b"\r\nx",
    "names in pieces": lambda: (
        HEAD
        + ("Content-Type: text/plain; " + "; ".join(f"name*{i}*=utf-8''%C3%A9" for i in range(5_000))).encode()
        + b"\r\n\r\nx"
    ),
    "encoded words that do not end": lambda: b"Subject: " + b"=?utf-8?q?a" * 20_000 + b"\r\n" + HEAD + b"\r\nx",
    "encoded words": lambda: b"Subject: " + b"=?utf-8?b?QQ==?= " * 30_000 + b"\r\n" + HEAD + b"\r\nx",
    "a part of a mail": lambda: HEAD + b'Content-Type: message/partial; id="a"; number=1; total=2\r\n\r\nx',
    "TNEF": lambda: (
        HEAD + b"Content-Type: application/ms-tnef; name=winmail.dat\r\n"
        b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(b"\x78\x9f\x3e\x22" + NOISE)
    ),
    "S/MIME": lambda: (
        HEAD + b"Content-Type: application/pkcs7-mime; smime-type=signed-data\r\n"
        b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(NOISE)
    ),
    "PGP": lambda: HEAD + b"\r\n-----BEGIN PGP MESSAGE-----\r\nabcd\r\n-----END PGP MESSAGE-----\r\n",
    "amounts": lambda: HEAD + b"\r\nTotal : " + b"1 111 " * 50_000,
    "days": lambda: HEAD + b"\r\n" + b"livraison le 12 mars 2026 entre 9 h et 12 h " * 20_000,
    "quoted-printable": lambda: HEAD + b"Content-Transfer-Encoding: quoted-printable\r\n\r\n" + b"=3D=\r\n" * 300_000,
    "a forward's labels": lambda: FORWARD + b"De : a\nDate : b\n" * 60_000,
    "labels of no language": lambda: (
        FORWARD + b"--- Forwarded message ---\nDe : a@b.c\n" + b"Zz: 12 mars 2026\n" * 60_000
    ),
    "quote marks": lambda: FORWARD + "\n".join(">" * i + " De : a" for i in range(2_000)).encode(),
    **{f"charset {name}": partial(charset, name) for name in ("utf-16", "utf-7", "idna", "rot13", "zlib", "cp037")},
}


@pytest.mark.parametrize("name", MAILS)
def test_a_hostile_mail_is_soon_read_and_makes_no_order(name: str) -> None:
    """Shows that no mail takes longer than it may, breaks the reader, or tells an order."""
    raw = MAILS[name]()
    begun = time.process_time()
    try:
        letters = open_mail(raw, received_at=ARRIVED)
    except UnreadableMail:
        letters = ()
    notices = [notice for letter in letters for notice in parsers.read(letter)]
    assert time.process_time() - begun < LIMIT
    assert [one for one in notices if one.order_id or one.total] == []
