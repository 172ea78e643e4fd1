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
    text = block.decode("utf-8", "surrogateescape").replace("\x00", "")
    end = re.search(r"^\r?\n", text, re.MULTILINE)
    out: dict[str, list[str]] = {}
    for found in islice(_FIELD.finditer(text, 0, end.start() if end else len(text)), _MAX_FIELDS):
        out.setdefault(found[1].lower(), []).append(" ".join(_readable(found[2][:_MAX_VALUE]).split()))
    return out


def _readable(value: str) -> str:
    """Return a value whose bytes are no UTF-8 as cp1252, which nearly all of those are."""
    return value if value.isascii() else _western(value.encode("utf-8", "surrogateescape"))


def _western(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        # With letters of UTF-8 before it, a byte that is none is a stray one.
        return raw.decode("cp1252" if raw[: error.start].isascii() else "utf-8", "replace")


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
    author = next(iter(found.get("from", [])), "") or next(iter(found.get("sender", [])), "")
    return Header(
        uid=uid,
        received_at=received_at,
        size=size,
        sender=next(iter(_addresses([author])), ""),
        to=tuple(_addresses(found.get("to", []) + found.get("cc", []))),
        subject=" ".join(_decoded(next(iter(found.get("subject", [])), "")).split()),
        message_id=next(iter(_ids(found.get("message-id", [])[:1])), ""),
        in_reply_to=next(iter(_ids(found.get("in-reply-to", [])[:1])), ""),
        references=tuple(_ids(found.get("references", []))),
        ours=OURS.lower() in found,
        sender_name=_name(author),
    )


def identity(block: bytes) -> tuple[str, bool]:
    """Return the Message-ID of a mail, and whether it bears relance's own header."""
    found = fields(block)
    return next(iter(_ids(found.get("message-id", [])[:1])), ""), OURS.lower() in found


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


def _name(value: str) -> str:
    """Return the decoded name of the first mailbox in a value; nothing where it has an address alone."""
    if "@" not in value:
        return _decoded(value)
    if value.startswith('"') or "(" in value or "," in value:
        named = _mailboxes(value)
        return " ".join(_decoded(named[0][0]).split()) if named else ""
    name = value.partition("<")[0] if "<" in value else ""
    return " ".join(_decoded(name.strip(' "')).split())


def _by_library(value: str) -> list[str]:
    return [address.strip().lower() for _, address in _mailboxes(value)]


def _mailboxes(value: str) -> list[tuple[str, str]]:
    if value.count("(") > _MAX_COMMENTS:
        return []
    try:
        return [(name, address) for name, address in getaddresses([value]) if "@" in address]
    except Exception:  # noqa: BLE001 - the library may raise anything on hostile text
        return []


def _decoded(value: str) -> str:
    if "=?" not in value:
        return value
    try:
        # Not the library's make_header, which takes longer than all the rest of a header together.
        plain = "utf-8" if value.isascii() else "raw-unicode-escape"  # as the library writes what is not encoded
        return "".join(_text(piece, charset or plain) for piece, charset in decode_header(value))
    except Exception:  # noqa: BLE001 - the library may raise anything on hostile text
        return value


def _text(piece: str | bytes, charset: str) -> str:
    if isinstance(piece, str):
        return piece
    try:
        return piece.decode(charset)
    except (LookupError, UnicodeDecodeError):
        return _western(piece)
