"""From the header fields of a mail to the ``Header`` by which the sink judges it.

The whole mail is read with care by ``daemon.intake``; here thousands of headers pass of which few matter, so this is
made to be fast and to let nothing slip: what is unclear is read by the library.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.utils import getaddresses

from daemon.mailbox.base import OURS, Header

FIELDS = ("FROM", "TO", "CC", "SUBJECT", "MESSAGE-ID", "IN-REPLY-TO", "REFERENCES", OURS.upper())
"""Fields that are fetched to make a ``Header``."""

_FIELD = re.compile(r"^([!-9;-~]+)[ \t]*:[ \t]*(.*(?:\r?\n[ \t].*)*)", re.MULTILINE)
_ID = re.compile(r"<[^<>\s]+>")
_ADDRESS = re.compile(r"[^\s<>\"'(),;:]+@[^\s<>\"'(),;:]+")


def fields(block: bytes) -> dict[str, list[str]]:
    """Return all fields by name in lower case, each with its values from the top; folded lines are one."""
    text = block.decode("utf-8", "replace")
    end = re.search(r"^\r?\n", text, re.MULTILINE)
    out: dict[str, list[str]] = {}
    for found in _FIELD.finditer(text, 0, end.start() if end else len(text)):
        out.setdefault(found[1].lower(), []).append(" ".join(found[2].split()))
    return out


def parse(uid: int, received_at: datetime, size: int, block: bytes) -> Header:
    """Return the header of a mail; ``block`` holds its header fields (or more).

    Never raises: what cannot be read is empty. Addresses are bare and in lower case; identifiers keep their
    angle brackets.
    """
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
        if value.count("@") > 1:
            read = [address.lower() for _, address in getaddresses([value]) if "@" in address]
            # What the library gives up on is read by its shape: no mail must be missed for a comma in a name.
            out += read or by_shape
        else:
            out += by_shape
    return out


def _decoded(value: str) -> str:
    if "=?" not in value:
        return value
    try:
        return str(make_header(decode_header(value)))
    except (HeaderParseError, LookupError, ValueError):
        return value
