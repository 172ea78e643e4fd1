"""Hostile bytes: whatever arrives gives letters or ``UnreadableMail``, and soon."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

import parsers
from daemon.intake import UnreadableMail, open_mail
from parsers.letter import Letter

SAMPLES = [path.read_bytes() for path in sorted((Path(__file__).parents[1] / "mails" / "forwards").glob("*.eml"))]
ARRIVED = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
INSERTIONS = """
\\r\\n|\\n|\\x00|\\xff\\xfe|=?utf-8?b?|?=|"|<|>|--|boundary=|;|(|\\\\|> > > |De : |@|=\\xe9
charset=utf-7|charset=\\x80|From: \\r\\n
Content-Type: message/rfc822\\r\\n\\r\\n|Content-Type: multipart/mixed\\r\\n\\r\\n
Content-Transfer-Encoding: base64\\r\\n|Date: Mon, 31 Feb 0001 99:99 +9999\\r\\n
"""
PIECES = st.sampled_from(
    [
        piece.encode().decode("unicode_escape").encode("latin-1")
        for piece in INSERTIONS.strip().replace("\n", "|").split("|")
    ]
)


def opened(raw: bytes) -> tuple[Letter, ...]:
    """Return the letters; none for a mail that is refused with a reason that quotes nothing of it."""
    try:
        return open_mail(raw, received_at=ARRIVED)
    except UnreadableMail as error:
        reason = str(error)
    assert reason.isidentifier()
    return ()


def outcome(raw: bytes) -> int:
    """Return how many letters there are, after the parsers have read them."""
    letters = opened(raw)
    for letter in letters:
        parsers.read(letter)
    return len(letters)


@settings(max_examples=120, deadline=None)
@given(st.sampled_from(SAMPLES), st.integers(0, 4_000), st.lists(st.tuples(st.integers(0, 4_000), PIECES), max_size=6))
def test_mutated_and_truncated_mails_never_crash(sample: bytes, cut: int, insertions: list[tuple[int, bytes]]) -> None:
    """Shows that a mail cut anywhere, with bytes put in anywhere, gives letters or is refused, and nothing else."""
    raw = sample[: len(sample) - cut]
    for at, piece in insertions:
        raw = raw[:at] + piece + raw[at:]
    assert outcome(raw) >= 0


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_a_mail_or_refused(raw: bytes) -> None:
    """Shows that no bytes at all raise anything but a refusal."""
    assert outcome(raw) >= 0


def test_long_lines_and_many_quotes_do_not_hang() -> None:
    """Shows that bodies made to slow pattern matching down are read within a second."""
    shapes = [
        "Le " * 20_000 + ":",
        "> " * 100_000,
        "On 1 wrote" * 20_000,
        ("a@b 1:1 " * 30 + ":\n") * 3_000,
        "From: x\n\n" * 20_000,
        "-" * 500_000,
        "De : a@b.c\nDate : x\n" * 20_000,
        "<a href='https://" * 20_000,
        "(" * 100_000,
        "*" * 200_000 + ":",
    ]
    for shape in shapes:
        for kind in ("plain", "html"):
            raw = f"From: lou@example.net\r\nSubject: Fwd: x\r\nContent-Type: text/{kind}\r\n\r\n{shape}".encode()
            started = time.process_time()
            assert outcome(raw) == 1
            assert time.process_time() - started < 2, (shape[:20], kind)


def test_a_header_made_of_comments_does_not_hang() -> None:
    """Shows that thousands of nested comments in Authentication-Results are read at once."""
    raw = b"From: order-update@amazon.fr\r\nAuthentication-Results: mx; " + b"(" * 15_000 + b"\r\n\r\nx"
    started = time.process_time()
    open_mail(raw, received_at=ARRIVED, owner_addresses=("a@b.example",), authserv_ids=("mx",))
    assert time.process_time() - started < 2
