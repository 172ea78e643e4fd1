"""Taking mails apart: charsets, missing and doubled headers, nested and broken parts."""

from __future__ import annotations

import email
import time
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.intake import UnreadableMail, open_mail
from daemon.intake.decode import decode
from parsers.letter import Letter

ARRIVED = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
HEAD = b"From: Amazon.fr <order-update@amazon.fr>\r\nTo: lou@example.net\r\n"
OTHER = ("someone@example.net",)


def opened(raw: bytes) -> Letter:
    """Return the one letter of a mail that the owner did not write."""
    (letter,) = open_mail(raw, received_at=ARRIVED, owner_addresses=OTHER)
    return letter


@pytest.mark.parametrize(
    ("declared", "payload"),
    [
        ("utf-8", "Livré — 12,50 €".encode()),
        ("iso-8859-1", "Livré — 12,50 €".encode("cp1252")),
        ("iso-8859-15", "Livré – 12,50 €".replace("–", "-").encode("iso-8859-15")),
        ("us-ascii", "Livré — 12,50 €".encode("cp1252")),
        ("utf-8", "Livré — 12,50 €".encode("cp1252")),
        ("iso-8859-1", "Livré — 12,50 €".encode()),
        ("x-unknown", "Livré — 12,50 €".encode()),
        ("unicode_escape", "Livré — 12,50 €".encode()),
        ("", "Livré — 12,50 €".encode("cp1252")),
    ],
)
def test_charsets_that_lie_are_seen_through(declared: str, payload: bytes) -> None:
    """Shows that accents and the euro sign survive a wrong, unknown or missing charset."""
    kind = f'Content-Type: text/plain; charset="{declared}"\r\n' if declared else ""
    text = opened(HEAD + kind.encode() + b"Content-Transfer-Encoding: 8bit\r\n\r\n" + payload).text
    assert "Livré" in text
    assert "12,50 €" in text


@pytest.mark.parametrize(
    ("head", "date"),
    [
        ("Date: Tue, 03 Mar 2026 09:05:07 +0100", "2026-03-03T09:05:07+01:00"),
        ("Date: 3 Mar 2026 09:05:07 -0930", "2026-03-03T09:05:07-09:30"),
        ("Date: Tue,  3 Mar 2026 09:05:07 +0100 (CET)", "2026-03-03T09:05:07+01:00"),
        ("Date: Tue, 3 Mar 26 09:05 GMT", "2026-03-03T09:05:00+00:00"),
        ("Date: Tue, 03 Mar 2026 09:05:07 -0000", "2026-03-03T09:05:07+00:00"),
        ("Date: Tue, 33 Mar 2026 09:05:07 +0100", ARRIVED.isoformat()),
        ("Date: Tue, 03 Mar 2026 09:05:07 +9900", ARRIVED.isoformat()),
        ("Date: Tue, 03 Mar 1926 09:05:07 +0100", ARRIVED.isoformat()),
    ],
)
def test_dates_in_usual_and_odd_forms(head: str, date: str) -> None:
    """Shows that a date is read in the usual form and in others, and that one without sense is the day of arrival."""
    assert opened(HEAD + head.encode() + b"\r\n\r\nx").date == datetime.fromisoformat(date)


@pytest.mark.parametrize("kind", ["multipart/mixed; boundary=zz", "multipart/alternative; boundary=zz"])
def test_a_mail_whose_boundary_never_comes_is_read(kind: str) -> None:
    """Shows that a multipart mail without a single part is one text, and not lost: mail-parser itself gives it up."""
    assert opened(HEAD + f"Content-Type: {kind}\r\n\r\nLivré".encode()).text == "Livré"


def test_japanese_charset_is_decoded() -> None:
    """Shows that a charset of another script is used as declared."""
    raw = HEAD + b"Content-Type: text/plain; charset=shift_jis\r\n\r\n" + "ご注文番号".encode("shift_jis")
    assert opened(raw).text == "ご注文番号"


@pytest.mark.parametrize(
    "subject",
    [
        "Livré : « Bouilloire »".encode(),
        "Livré : « Bouilloire »".encode("cp1252"),
        b"=?utf-8?q?Livr=C3=A9_=3A_=C2=AB_Bouilloire?= =?utf-8?q?_=C2=BB?=",
        b"=?iso-8859-1?Q?Livr=E9_:_=AB_Bouilloire_=BB?=",
        b"=?utf-8?b?TGl2csOpIDogwqsgQm91aWw=?=\r\n =?utf-8?b?bG9pcmUgwrs=?=",
    ],
)
def test_subjects_are_decoded(subject: bytes) -> None:
    """Shows that raw 8-bit, encoded and folded subjects come out alike."""
    assert opened(b"Subject: " + subject + b"\r\n" + HEAD + b"\r\nx").subject == "Livré : « Bouilloire »"


def test_a_broken_encoded_word_stays_readable() -> None:
    """Shows that a subject with a malformed encoded word neither fails nor vanishes."""
    assert "Livr" in opened(b"Subject: Livr =?utf-8?b?====?= ok\r\n" + HEAD + b"\r\nx").subject


def test_the_first_of_several_headers_counts() -> None:
    """Shows that a second Subject or From has no say."""
    raw = b"Subject: one\r\nSubject: two\r\n" + HEAD + b"From: Mallory <m@example.org>\r\n\r\nx"
    letter = opened(raw)
    assert (letter.subject, letter.sender) == ("one", "order-update@amazon.fr")


@pytest.mark.parametrize(
    "written", [b"soon", b"Mon, 99 Foo 2026 25:61:00 +0100", b"Thu, 1 Jan 1970 00:00:00 +0000", b""]
)
def test_a_senseless_date_becomes_the_time_of_arrival(written: bytes) -> None:
    """Shows that a mail with a bad or missing date is dated by its arrival."""
    assert opened(b"Date: " + written + b"\r\n" + HEAD + b"\r\nx").date == ARRIVED


def test_a_date_keeps_its_zone() -> None:
    """Shows that the sender's offset is kept, because « aujourd'hui » depends on it."""
    date = opened(b"Date: Mon, 2 Mar 2026 00:10:00 +0100\r\n" + HEAD + b"\r\nx").date
    assert date.isoformat() == "2026-03-02T00:10:00+01:00"


def test_html_only() -> None:
    """Shows that a mail of HTML alone has HTML and no text."""
    letter = opened(HEAD + b"Content-Type: text/html; charset=utf-8\r\n\r\n<p>Livr&eacute;</p>")
    assert (letter.text, letter.html) == ("", "<p>Livr&eacute;</p>")


def test_a_named_body_is_no_attachment() -> None:
    """Shows that ``text/html; name=…`` without a disposition is the body it is."""
    letter = opened(HEAD + b'Content-Type: text/html; name="mail.html"\r\n\r\n<p>Colis</p>')
    assert letter.html == "<p>Colis</p>"
    assert letter.attachments == ()


def test_html_that_lost_its_content_type_is_html() -> None:
    """Shows that an HTML body without any MIME header is not taken for text."""
    letter = opened(HEAD + b"\r\n<!DOCTYPE html><html><body>Colis</body></html>")
    assert letter.text == ""
    assert "Colis" in letter.html


@pytest.mark.parametrize(
    "head",
    [b"", b"Content-Type: multipart/alternative\r\n"],
)
def test_parts_are_found_when_the_boundary_is_lost(head: bytes) -> None:
    """Shows that parts are read where the header that names their boundary is missing or incomplete."""
    body = (
        b"--=_x1\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nLe colis\r\n"
        b"--=_x1\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Le colis</p>\r\n--=_x1--\r\n"
    )
    letter = opened(HEAD + head + b"\r\n" + body)
    assert letter.text.strip() == "Le colis"
    assert letter.html.strip() == "<p>Le colis</p>"


def test_a_multipart_cut_short_gives_what_came() -> None:
    """Shows that a mail that ends in the middle of a part still gives its text."""
    raw = (
        HEAD + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n'
        b"--b\r\nContent-Type: text/plain\r\n\r\nColis 1\r\n--b\r\nCont"
    )
    assert "Colis 1" in opened(raw).text


def test_attachments_are_listed_with_their_size() -> None:
    """Shows that a photo is listed by decoded name, type and size in bytes, and is not part of the body."""
    raw = (
        HEAD
        + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nvoir photo\r\n'
        b'--b\r\nContent-Type: image/png\r\nContent-Disposition: attachment; filename="=?utf-8?q?cass=C3=A9.png?="\r\n'
        b"Content-Transfer-Encoding: base64\r\n\r\niVBORw0KGgoAAAA=\r\n--b--\r\n"
    )
    (photo,) = opened(raw).attachments
    assert (photo.name, photo.content_type, photo.size) == ("cassé.png", "image/png", 11)


def test_an_attached_mails_html_does_not_mix_with_the_outer_one() -> None:
    """Shows that the body of a mail with another one attached is its own alone."""
    raw = (
        HEAD
        + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>dehors</p>\r\n'
        b"--b\r\nContent-Type: message/rfc822\r\n\r\nFrom: x@example.org\r\nContent-Type: text/html\r\n\r\n"
        b"<p>dedans</p>\r\n--b--\r\n"
    )
    mail = decode(raw)
    assert mail.html.strip() == "<p>dehors</p>"
    assert [nested.html.strip() for nested in mail.nested] == ["<p>dedans</p>"]


def test_a_returned_mail_is_no_forward() -> None:
    """Shows that what a delivery report returns is not taken for a mail that the owner forwards."""
    raw = (
        b"From: owner@example.net\r\nSubject: failure\r\n"
        b'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        b"--b\r\nContent-Type: text/plain\r\n\r\nnot delivered\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n"
        b"From: order-update@amazon.fr\r\nSubject: x\r\n\r\nCommande 402-5518830-7704916\r\n--b--\r\n"
    )
    (letter,) = open_mail(raw, received_at=ARRIVED, owner_addresses=("owner@example.net",))
    assert not letter.forwarded


@pytest.mark.parametrize("depth", [6_000, 60_000])
def test_deep_html_is_cut(depth: int) -> None:
    """Shows that HTML nested beyond what HTML parsers bear is cut, and quickly."""
    started = time.process_time()
    letter = opened(HEAD + b"Content-Type: text/html\r\n\r\n" + b"<div>" * depth + b"x")
    assert letter.html.count("<div>") == 5_000
    assert time.process_time() - started < 2


def test_a_huge_text_is_cut() -> None:
    """Shows that a body of twenty megabytes is cut to two million characters."""
    raw = HEAD + b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + "é".encode() * 10_000_000
    assert len(opened(raw).text) == 2_000_000


def test_deep_multiparts_are_unreadable_not_fatal() -> None:
    """Shows that a mail nested beyond the interpreter's stack is refused with a reason that quotes nothing of it."""
    head = b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n) for n in range(3_000))
    with pytest.raises(UnreadableMail) as caught:
        open_mail(HEAD + head + b"\r\ngeheim", received_at=ARRIVED)
    assert str(caught.value).isidentifier()


def test_the_mail_id_is_the_hash_of_the_raw_mail() -> None:
    """Shows that a letter points to its mail by the SHA-256 of the bytes."""
    assert opened(b"").mail_id == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize(
    "head",
    ["", 'Content-Type: multipart/related; boundary="----=_other.77"\r\n', "MIME-Version: 1.0\r\n"],
    ids=["no header", "another boundary", "no type"],
)
def test_parts_are_found_where_their_boundary_got_lost(head: str) -> None:
    """Shows that a body which begins with a boundary of many dashes is taken apart although no header names it."""
    fields = "Content-Type: text/html; charset=UTF-8\r\nContent-Transfer-Encoding: quoted-printable"
    part = f"------=_Part_42.7\r\n{fields}\r\n\r\n"
    raw = (
        f"From: a@b.example\r\nSubject: x\r\n{head}\r\n{part}<html><p>Livr=C3=A9</p></html>\r\n------=_Part_42.7--\r\n"
    )
    mail = decode(raw.encode())
    assert (mail.text, mail.html.strip()) == ("", "<html><p>Livré</p></html>")


_PIECES = (
    "Subject: x",
    "From: a@example.org",
    " folded",
    "",
    "\t",
    "no header",
    "X-Type: y",
    "é",
    "From x",
)


@settings(deadline=None, max_examples=300)
@given(
    lines=st.lists(st.sampled_from(_PIECES) | st.text("ab", max_size=9), max_size=12),
    end=st.sampled_from(("\n", "\r\n", "\r")),
)
def test_a_mail_of_one_part_is_taken_apart_as_the_library_does(lines: list[str], end: str) -> None:
    """Head and body of a mail without parts are those that Python's own parser finds, wherever the head ends."""
    raw = end.join([*lines, "the last words"]).encode()
    library = email.message_from_bytes(raw)
    body = library.get_payload(decode=True)
    assert isinstance(body, bytes)
    found = decode(raw)
    assert found.subject.split() == (library["subject"] or "").split()
    assert (found.text or found.html).split() == body.decode().split()
