"""From the header fields of a mail to the ``Header`` by which the sink judges it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import HeaderParser
from email.utils import getaddresses

from daemon.mailbox.base import OURS, Header

FIELDS = ("FROM", "TO", "CC", "SUBJECT", "MESSAGE-ID", "IN-REPLY-TO", "REFERENCES", OURS.upper())
"""Fields that are fetched to make a ``Header``."""

_ID = re.compile(r"<[^<>\s]+>")
_ADDRESS = re.compile(r"[^\s<>\"'(),;:]+@[^\s<>\"'(),;:]+")
_PARSER = HeaderParser()


def parse(uid: int, received_at: datetime, size: int, block: bytes) -> Header:
    """Return the header of a mail; ``block`` holds its header fields (or more).

    Never raises: what cannot be read is empty. Addresses are bare and in lower case; identifiers keep their
    angle brackets.
    """
    fields = _PARSER.parsestr(block.decode("utf-8", "replace"), headersonly=True)
    return Header(
        uid=uid,
        received_at=received_at,
        size=size,
        sender=next(iter(_addresses(_all(fields, "From"))), ""),
        to=tuple(_addresses(_all(fields, "To") + _all(fields, "Cc"))),
        subject=_decoded(next(iter(_all(fields, "Subject")), "")),
        message_id=message_id(fields),
        in_reply_to=next(iter(_ids(_all(fields, "In-Reply-To"))), ""),
        references=tuple(_ids(_all(fields, "References"))),
        ours=OURS in fields,
    )


def message_id(fields: Message) -> str:
    """Return the first Message-ID with its brackets, or nothing."""
    return next(iter(_ids(_all(fields, "Message-ID"))), "")


def identity(block: bytes) -> tuple[str, bool]:
    """Return the Message-ID of a mail, and whether it bears relance's own header."""
    fields = _PARSER.parsestr(block.decode("utf-8", "replace"), headersonly=True)
    return message_id(fields), OURS in fields


def _all(fields: Message, name: str) -> list[str]:
    return [str(value) for value in fields.get_all(name, [])]


def _ids(values: Iterable[str]) -> list[str]:
    return [found for value in values for found in _ID.findall(value)]


def _addresses(values: list[str]) -> list[str]:
    found = [address.lower() for _, address in getaddresses(values) if "@" in address]
    # What the parser gives up on is read by its shape: a mail must not be missed for a comma in a name.
    return found or [address.lower() for value in values for address in _ADDRESS.findall(value)]


def _decoded(value: str) -> str:
    flat = " ".join(value.split())
    if "=?" not in flat:
        return flat
    try:
        return str(make_header(decode_header(flat)))
    except (HeaderParseError, LookupError, ValueError):
        return flat
