"""How a mail is put into bytes: parts, encodings, line breaks, links, marks. None of it changes what the mail says."""

from __future__ import annotations

import random
from typing import NamedTuple

from tests.mails.generator.book import Book


class Style(NamedTuple):
    """The look of one mail, below its words."""

    parts: str = "both"
    """``both``, ``text`` or ``html``."""
    charset: str = "utf-8"
    transfer: str = "quoted-printable"
    flowed: bool = False
    """Text as format=flowed."""
    crlf: bool = True
    marks: str = "none"
    """Around numbers in text: ``none``, ``isolate`` (U+2066 … U+2069) or ``rtl`` (U+202B)."""
    links: str = "wrapped"
    """``wrapped`` (``/gp/r.html?…&U=``), ``business`` (``/gp/f.html`` to ``business.``) or ``plain``."""
    gap: int = 1
    """Empty lines between the parts of the text."""
    one_line: bool = True
    """HTML without line breaks."""
    entities: bool = False
    """HTML writes what is not ASCII as numbers."""
    subject: str = "b"
    """RFC 2047 in ``b`` or ``q``."""
    fold: int = 60
    """Characters after which the subject's header is folded."""
    columns: bool = False
    """Prices of articles in a column of their own."""
    cells: bool = False
    """HTML with a label and its value in two cells."""
    stray: bool = False
    """``<br/>`` left over at line ends of the text (older template)."""
    local_zone: bool = False
    """The Date header in the marketplace's zone, not in UTC."""


def draw(rng: random.Random, book: Book) -> Style:
    """Return a look for a mail of a language."""
    parts = rng.choice(("both", "both", "both", "text", "html"))
    charset = rng.choice(("utf-8", "utf-8", "utf-8", *book.charsets))
    transfers = ["quoted-printable", "base64"]
    transfers += ["7bit"] if charset in ("us-ascii", "iso-2022-jp") else ["8bit"]
    return Style(
        parts=parts,
        charset=charset,
        transfer=rng.choice(transfers),
        crlf=rng.random() < 0.5,
        marks=rng.choice(("none", "isolate", "rtl")) if charset == "utf-8" else "none",
        links=rng.choice(("wrapped", "wrapped", "plain", "business")),
        gap=rng.randint(1, 4),
        one_line=rng.random() < 0.5,
        entities=rng.random() < 0.25,
        subject=rng.choice("bq"),
        fold=rng.choice((36, 60, 200)),
        columns=rng.random() < 0.5,
        stray=rng.randrange(4) == 0,
        local_zone=rng.random() < 0.5,
        cells=rng.random() < 0.5,
        flowed=rng.randrange(4) == 0,
    )
