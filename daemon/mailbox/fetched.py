"""Reading the answer to a FETCH of headers, fast in the shape that servers write, by the library in any other."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from imapclient.datetime_util import parse_to_datetime  # type: ignore[import-untyped]  # the library ships no types
from imapclient.response_parser import parse_fetch_response  # type: ignore[import-untyped]

_UID = re.compile(rb"\bUID (\d+)")
_SIZE = re.compile(rb"\bRFC822\.SIZE (\d+)")
_DATE = re.compile(rb'\bINTERNALDATE "([^"]+)"')
_USUAL = re.compile(rb"\d+ \([^\[]* BODY\[HEADER\.FIELDS \([^)]*\)\] \{\d+\}", re.IGNORECASE)
_REST = re.compile(rb"(?: (?:UID \d+|RFC822\.SIZE \d+|INTERNALDATE \"[^\"]+\"|FLAGS \([^)]*\)))*\)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Fetched:
    """One message: ``received_at`` is aware, None where the server does not tell."""

    uid: int
    received_at: datetime | None
    size: int
    block: bytes


def fetched(lines: Sequence[Any]) -> list[Fetched]:
    """Return the messages of an answer, as imaplib hands it on. Raises ``ValueError`` and its like for nonsense."""
    usual = list(_usual(lines))
    # All or nothing: a shape that the expressions do not know goes to the library, which reads every shape.
    return usual if None not in usual else list(_by_library(lines))  # type: ignore[return-value]  # no None is left


def _usual(lines: Sequence[Any]) -> Iterator[Fetched | None]:
    for start in range(0, len(lines), 2):
        pair = lines[start : start + 2]
        yield _one(*pair) if len(pair) == 2 else None


def _one(head: Any, rest: Any) -> Fetched | None:  # noqa: ANN401 - bytes, or a pair of bytes where there is a literal
    if not isinstance(head, tuple) or not isinstance(rest, bytes) or not _USUAL.fullmatch(head[0]):
        return None
    if not _REST.fullmatch(rest):
        return None
    words = head[0] + rest
    uid, size, date = _UID.search(words), _SIZE.search(words), _DATE.search(words)
    if uid is None or size is None or date is None:
        return None
    return Fetched(int(uid[1]), parse_to_datetime(date[1], normalise=False), int(size[1]), head[1])


def _by_library(lines: Sequence[Any]) -> Iterable[Fetched]:
    for uid, data in parse_fetch_response(list(lines), normalise_times=False).items():
        # What a server says unasked, of flags for instance, bears no UID and goes by a sequence number.
        if not any(key.upper().startswith(b"BODY[HEADER") for key in data):
            continue
        at = data.get(b"INTERNALDATE")
        yield Fetched(uid, at if isinstance(at, datetime) else None, int(data.get(b"RFC822.SIZE") or 0), block_of(data))


def block_of(data: dict[bytes, Any]) -> bytes:
    """Return the header fields of a message as the library hands it on.

    Servers repeat the item's name in ways of their own: other case, other order of the fields, quotes.
    """
    found = (value for key, value in data.items() if key.upper().startswith(b"BODY[HEADER") and value is not None)
    return next((bytes(value) for value in found), b"")
