"""Headers as mails really have them."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.mailbox.headers import identity, parse

AT = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("line", "sender"),
    [
        ("From: Colis Exemple <Livraison@Colis-Exemple.EXAMPLE>", "livraison@colis-exemple.example"),
        ("From: livraison@colis-exemple.example (Colis)", "livraison@colis-exemple.example"),
        ('From: "service@banque.example" <voleur@ailleurs.example>', "voleur@ailleurs.example"),
        ("From: =?utf-8?q?Caf=C3=A9=2C_le_vrai?=\r\n <cafe@exemple.example>", "cafe@exemple.example"),
        ("FROM : Martin, Zoé <zoe@exemple.example>", "zoe@exemple.example"),
        ("From: undisclosed", ""),
        ("Subject: rien", ""),
    ],
)
def test_the_sender_is_the_bare_address(line: str, sender: str) -> None:
    """Whatever the form of the field, the address that counts comes out, in lower case."""
    assert parse(1, AT, 10, f"{line}\r\nTo: x@y.example\r\n\r\n".encode()).sender == sender


def test_what_stands_after_the_header_does_not_count() -> None:
    """Fields in the body of a mail are not taken for its own."""
    block = b"Subject: bonjour\r\n\r\nFrom: faux@exemple.example\r\nX-Relance: 1\r\nMessage-ID: <faux@x>\r\n"
    header = parse(1, AT, 10, block)
    assert (header.sender, header.ours, header.message_id) == ("", False, "")
    assert identity(block) == ("", False)


def test_the_first_of_two_fields_counts() -> None:
    """With two subjects or two Message-IDs the topmost is taken."""
    header = parse(1, AT, 10, b"Subject: un\nSubject: deux\nMessage-ID: <a@x>\nMessage-ID: <b@x>\n\n")
    assert (header.subject, header.message_id) == ("un", "<a@x>")


def test_bytes_outside_ascii_do_no_harm() -> None:
    """A subject in raw Latin-1 is read as what it is, and one whose encoding is unknown as far as it can be."""
    assert parse(1, AT, 10, "Subject: livré\n\n".encode("latin-1")).subject == "livré"
    assert parse(1, AT, 10, b"Subject: =?klingon?q?abc?=\n\n").subject == "abc"


@pytest.mark.parametrize(
    "value",
    [
        b"(" * 3_000 + b" x@y.example z@t.example",
        b"(x@y.example " * 3_000,
        b"((" * 50_000 + b"a@b.example" + b"))" * 50_000 + b" c@d.example",
        b"a" * 100_000,
        b"a@" * 50_000,
        b'"a@b\\' * 20_000,
        b"<a@b " * 20_000,
        b"=?utf-8?q?a?= " * 30_000,
        b"=?utf-8?b?" * 10_000,
        b" \t" * 50_000,
    ],
    ids=lambda value: value[:8].decode(),
)
@pytest.mark.parametrize("field", [b"From", b"To", b"Subject", b"Message-ID", b"References"])
def test_a_field_without_measure_hides_nothing_else(field: bytes, value: bytes) -> None:
    """A field made to exhaust its reader is read as far as it can be, soon, and the others are read as ever."""
    begun = time.process_time()
    header = parse(1, AT, 10, field + b": " + value + b"\nIn-Reply-To: <suite@exemple.example>\n\n")
    assert header.in_reply_to == "<suite@exemple.example>"
    # It took from 2 to 8 seconds when time grew with the square.
    assert time.process_time() - begun < 1


def test_an_address_beside_nested_comments_is_found() -> None:
    """Where comments nest too deep for the library, addresses are told by their shape."""
    header = parse(1, AT, 10, b"From: " + b"(" * 3_000 + b" x@y.example, z@t.example\n\n")
    assert header.sender == "x@y.example"


@settings(deadline=None, max_examples=200)
@given(
    st.sampled_from([b"From", b"To", b"Cc", b"Subject", b"Message-ID", b"References"]),
    st.lists(
        st.tuples(st.text('()<>"\\@,;:=?.aq \t\n\xe9', max_size=8), st.integers(1, 5_000)), min_size=1, max_size=4
    ),
)
def test_no_repetition_raises(field: bytes, pieces: list[tuple[str, int]]) -> None:
    """However often what has a meaning in a header is repeated, judging it never fails."""
    value = "".join(piece * times for piece, times in pieces).encode()
    assert parse(7, AT, 10, field + b": " + value + b"\r\n\r\n").uid == 7


@settings(deadline=None, max_examples=200)
@given(
    st.lists(
        st.sampled_from(
            [b"From", b"To", b"Subject", b"References", b": ", b"\r\n", b"\n ", b"<", b">", b"@", b"=?utf-8?b?", b"?="]
        )
        | st.binary(max_size=8),
        max_size=30,
    ).map(b"".join)
)
def test_no_header_raises(block: bytes) -> None:
    """Whatever bytes stand in a header, judging it never fails."""
    header = parse(7, AT, 10, block)
    assert (header.uid, header.received_at, header.size) == (7, AT, 10)
