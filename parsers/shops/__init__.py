"""Shops that describe their orders in schema.org's vocabulary (JSON-LD or microdata), whoever they are."""

from __future__ import annotations

from collections.abc import Sequence

from parsers.letter import Letter, Trust
from parsers.notice import Notice


def complete(letter: Letter, notices: Sequence[Notice]) -> list[Notice]:
    """Return what the markup of a letter says when no other parser read it; else those notices, with what they lack.

    A forged letter gives nothing new, and no more does one that the owner wrote, whatever it quotes.
    """
    own = letter.trust is Trust.OWNER and not letter.forwarded
    if letter.trust is Trust.FORGED or own or "schema.org" not in letter.html:
        return list(notices)
    # Few mails bear markup, and reading it takes a tenth of what all parsers take to load.
    from parsers.shops.parser import completed  # noqa: PLC0415

    return completed(letter, notices)
