"""What the mailbox reads of a header and what the intake reads of the whole mail are the same."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.intake.decode import decode
from daemon.mailbox import headers

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
PIECES = [
    *("Lou", "Amazon.fr", "order-update@amazon.fr", "<lou@example.net>", "LOU@Example.NET", '"Lou, M."', "(a comment)"),
    *("=?utf-8?q?Livr=C3=A9?=", "=?utf-8?b?TG91?=", "=?iso-8859-1?q?=E9t=E9?=", "=?x-none?q?a?=", "=?utf-8?b?!!?="),
    *(
        "=?utf-8?q?nev",
        "Commande",
        "n° 1",
        "é",
        "日本",
        "\ud800",
        "\x00",
        "\t",
        " ",
        ",",
        ";",
        ":",
        "<",
        ">",
        "@",
        '"',
        "\\",
    ),
    *("<a@b.c>", "<m-1@x.example>", "a@b", "\r\n ", "\r\n\t", "((", ")", "mailto:", "<<a@b.c>>"),
]
VALUES = st.lists(st.sampled_from(PIECES), max_size=8).map(" ".join) | st.lists(
    st.sampled_from(PIECES), max_size=6
).map("".join)
NAMES = st.sampled_from(["From", "FROM", "Subject", "subject", "Message-ID", "In-Reply-To", "References", "X-Other"])


def wire(fields: list[tuple[str, str]]) -> bytes:
    """Return the mail of these fields as it comes from a server."""
    head = "".join(f"{name}: {value}\r\n" for name, value in fields)
    return head.encode("utf-8", "surrogatepass") + b"\r\nBonjour\r\n"


def read(raw: bytes) -> tuple[tuple[str, str, str, str, str], tuple[str, str, str, str, str]]:
    """Return sender, their name, subject, Message-ID and what it answers, as each of the two reads them."""
    head, mail = headers.parse(1, AT, len(raw), raw), decode(raw)
    fast = (head.sender, head.sender_name, head.subject, head.message_id, head.in_reply_to)
    return fast, (mail.sender.address, mail.sender.name, mail.subject, mail.message_id, mail.in_reply_to)


@settings(deadline=None, max_examples=300)
@given(st.lists(st.tuples(NAMES, VALUES), max_size=7))
def test_both_read_the_same(fields: list[tuple[str, str]]) -> None:
    """Shows that a mail is judged by the sender and subject under which it will be read, however wild its header is."""
    (sender, _, *fast), (read_sender, _, *careful) = read(wire(fields))
    assert (sender, fast) == (read_sender, careful)


@pytest.mark.parametrize(
    "head",
    [
        b"From: a@b.c\r\nFrom: d@e.f\r\nSubject: one\r\nSubject: two\r\n",
        b"From: =?utf-8?q?Amazon=2Efr?= <X@AMAZON.FR>\r\nSubject: =?utf-8?b?TGl2?=\r\n =?utf-8?b?csOp?=\r\n",
        b"from : a@b.c\r\nSUBJECT : x\r\n",
        "From: Léa <lea@example.net>\r\nSubject: Livré\r\n".encode(),
        "From: Léa <lea@example.net>\r\nSubject: Livré\r\n".encode("latin-1"),
        b'From: "Lou \\"x\\" M" <lou@example.net>\r\n',
        b"From: lou@example.net (Lou Martel)\r\n",
        b"From: undisclosed-recipients:;\r\nSubject:\r\n",
        b"Subject: a\r\n\r\nSubject: b\r\n",
        b"From nobody Mon Mar  2\r\nFrom: lou@example.net\r\nSubject: x\r\n",
    ],
)
def test_headers_of_known_shapes(head: bytes) -> None:
    """Shows the same for repeated, folded, encoded, commented, quoted and 8-bit fields."""
    fast, careful = read(head + b"\r\nBonjour\r\n")
    assert fast == careful
