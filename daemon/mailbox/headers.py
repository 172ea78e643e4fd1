"""From the header fields of a mail to the ``Header`` by which the sink judges it.

The whole mail is read with care by ``daemon.intake``; here thousands of headers pass of which few matter, so this is
made to be fast and to let nothing slip: what is unclear is read by the library.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from email.header import decode_header
from email.utils import getaddresses
from itertools import islice

from daemon.mailbox.base import OURS, Header

FIELDS = ("FROM", "TO", "CC", "SUBJECT", "MESSAGE-ID", "IN-REPLY-TO", "REFERENCES", OURS.upper())
"""Fields that are fetched to make a ``Header``."""

_FIELD = re.compile(r"^([!-9;-~]+)[ \t]*:[ \t]*(.*(?:\r?\n[ \t].*)*)", re.MULTILINE)
_ID = re.compile(r"<[^<>\s]+>")
_ADDRESS = re.compile(r"[^\s<>\"'(),;:@]{1,128}@[^\s<>\"'(),;:@]{1,253}")
_MAX_VALUE = 10_000
"""Most characters of one value that are looked at: the library's time grows with the square of them."""
_MAX_FIELDS = 1_000
"""Most fields of one mail that are looked at."""
_MAX_COMMENTS = 20
"""Most opening brackets in addresses that the library is given: it calls itself for each that lies in another."""


def fields(block: bytes) -> dict[str, list[str]]:
    """Return all fields by name in lower case, each with its values from the top; folded lines are one."""
    text = block.decode("utf-8", "replace")
    end = re.search(r"^\r?\n", text, re.MULTILINE)
    out: dict[str, list[str]] = {}
    for found in islice(_FIELD.finditer(text, 0, end.start() if end else len(text)), _MAX_FIELDS):
        out.setdefault(found[1].lower(), []).append(" ".join(found[2][:_MAX_VALUE].split()))
    return out


def parse(uid: int, received_at: datetime, size: int, block: bytes) -> Header:
    """Return the header of a mail; ``block`` holds its header fields (or more).

    Never raises: what cannot be read is empty. Addresses are bare and in lower case; identifiers keep their
    angle brackets. A mail whose fields no library can bear is one without fields.
    """
    try:
        return _parsed(uid, received_at, size, block)
    except Exception:  # noqa: BLE001 - one hostile mail must not end the reading of all others
        return Header(uid, received_at, size, "", (), "", "", "", (), ours=False)


def _parsed(uid: int, received_at: datetime, size: int, block: bytes) -> Header:
    found = fields(block)
    return Header(
        uid=uid,
        received_at=received_at,
        size=size,
        sender=next(iter(_addresses(found.get("from", []))), ""),
        to=tuple(_addresses(found.get("to", []) + found.get("cc", []))),
        subject=_decoded(next(iter(found.get("subject", [])), "")),
        message_id=next(iter(_ids(found.get("message-id", []))), ""),
        in_reply_to=next(iter(_ids(found.get("in-reply-to", []))), ""),
        references=tuple(_ids(found.get("references", []))),
        ours=OURS.lower() in found,
        sender_name=_decoded(next(iter(found.get("from", [])), "").partition("<")[0]).strip(' "'),
    )


def identity(block: bytes) -> tuple[str, bool]:
    """Return the Message-ID of a mail, and whether it bears relance's own header."""
    found = fields(block)
    return next(iter(_ids(found.get("message-id", []))), ""), OURS.lower() in found


def _ids(values: Iterable[str]) -> list[str]:
    return [found for value in values for found in _ID.findall(value)]


def _addresses(values: list[str]) -> list[str]:
    out: list[str] = []
    for value in values:
        by_shape = [address.lower() for address in _ADDRESS.findall(value)]
        # With one "@" there is nothing to mistake; else a name can look like an address, and the library tells.
        read = _by_library(value) if value.count("@") > 1 else []
        # What the library gives up on is read by its shape: no mail must be missed for a comma in a name.
        out += read or by_shape
    return out


def _by_library(value: str) -> list[str]:
    if value.count("(") > _MAX_COMMENTS:
        return []
    try:
        return [address.lower() for _, address in getaddresses([value]) if "@" in address]
    except Exception:  # noqa: BLE001 - the library may raise anything on hostile text
        return []


def _decoded(value: str) -> str:
    if "=?" not in value:
        return value
    try:
        # Not the library's make_header, which takes longer than all the rest of a header together.
        return "".join(_text(piece, charset) for piece, charset in decode_header(value))
    except Exception:  # noqa: BLE001 - the library may raise anything on hostile text
        return value


def _text(piece: str | bytes, charset: str | None) -> str:
    return piece if isinstance(piece, str) else piece.decode(charset or "utf-8", "replace")
