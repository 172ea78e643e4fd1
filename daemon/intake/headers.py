"""Header fields of a message: decoded words, addresses, dates, identifiers. The first of several counts."""

from __future__ import annotations

import binascii
import re
from binascii import a2b_base64, a2b_qp
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime
from itertools import islice
from typing import NamedTuple

from daemon.intake import charset as charsets

MAX_VALUE = 20_000
"""Most characters of one header value that are looked at."""
MAX_FIELDS = 1_000
_MAX_COMMENTS = 20
"""Most opening brackets in addresses that the library is given: it calls itself for each that lies in another."""
_ADDRESS = re.compile(r"[^\s<>\"'(),;:@]{1,128}@[^\s<>\"'(),;:@]{1,253}")
# The forms that nearly all mails have; everything else is the library's business.
# White space was made single before.
_SIMPLE = re.compile(r'(?:"([^"\\]*)"|([^"<>(),;:\\@]*?)) ?<([^<>\s@"(),;:]+@[^<>\s@"(),;:]+)>')
_BARE = re.compile(r"[\w+-]+(?:\.[\w+-]+)*@[\w-]+(?:\.[\w-]+)+", re.ASCII)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DATE = re.compile(
    rf"(?:[A-Z][a-z]{{2}}, )?(\d\d?) ({'|'.join(_MONTHS)}) (\d{{4}}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)([0-5]\d)",
    re.ASCII,
)
_MEDIA = re.compile(r"(text/(?:plain|html))(?:;\s*charset=(\"?)([\w.-]+)\2)?", re.ASCII | re.IGNORECASE)
# Encoded words alone (RFC 2047), as nearly all mails have them; everything else is the library's business.
_BASE64 = r"[bB]\?(?:[\w+/]{4}){0,100}+(?:[\w+/]{2}==|[\w+/]{3}=)?"
_QUOTED = r"[qQ]\?(?:[!-<>@-~]|=[0-9A-Fa-f]{2}){0,400}+"
_ENCODED = re.compile(rf"(?:=\?[\w-]{{1,40}}+\?(?:{_BASE64}|{_QUOTED})\?=\s{{0,10}}+){{1,200}}", re.ASCII)
_WORD = re.compile(r"=\?([\w-]{1,40}+)\?([bBqQ])\?([!->@-~]{0,1200}+)\?=", re.ASCII)
_ID = re.compile(r"<[^<>\s]{1,400}>")


class Address(NamedTuple):
    """A mailbox of a header: the decoded name and the address in lower case; both may be empty."""

    name: str = ""
    address: str = ""

    @property
    def domain(self) -> str:
        """What stands after the last ``@``."""
        return self.address.rpartition("@")[2]


@dataclass(frozen=True, slots=True)
class Fields:
    """All header fields in the order of the wire, names in lower case, values unfolded but not decoded."""

    items: tuple[tuple[str, str], ...]
    first: Mapping[str, str]

    def get(self, name: str) -> str:
        """Return the topmost value of a field, or nothing."""
        return self.first.get(name, "")

    def __contains__(self, name: object) -> bool:
        return name in self.first


def read(message: Message) -> Fields:
    """Return the header fields of a message; bytes outside ASCII are read as UTF-8, else cp1252."""
    items = tuple(
        [
            (name.strip().lower(), _clean(str(value)[:MAX_VALUE]))
            for name, value in islice(message.raw_items(), MAX_FIELDS)
        ]
    )
    return Fields(items, dict(reversed(items)))


def _clean(value: str) -> str:
    if value.isascii():
        # Most values are whole on one line.
        if value.isprintable():
            return value
    else:
        value = charsets.decode(value.encode("utf-8", "surrogateescape"), "utf-8")
    return value.replace("\r", "").replace("\n", "").replace("\x00", "")


def decoded(value: str) -> str:
    """Return a value with its encoded words (RFC 2047) decoded; what cannot be decoded stays as it is."""
    if "=?" not in value:
        return value
    if _ENCODED.fullmatch(value) and (plain := _encoded_words(value)) is not None:
        return plain
    try:
        pieces = decode_header(value)
    except (HeaderParseError, binascii.Error, ValueError):
        return value
    return "".join(_piece(piece, name, value) for piece, name in pieces).replace("\n", " ")


def _piece(piece: str | bytes, name: str | None, value: str) -> str:
    if isinstance(piece, str):
        return piece
    if name is None and not value.isascii():
        # As the library writes what stands between encoded words.
        return piece.decode("raw-unicode-escape", "replace")
    return charsets.decode(piece, name or "utf-8")


def _encoded_words(value: str) -> str | None:
    """Return a value of nothing but encoded words in one charset; None where the library is to judge.

    A letter may be cut in two between words, so their bytes are joined first.
    """
    found = _WORD.findall(value)
    name = found[0][0].lower()
    if any(each[0].lower() != name for each in found):
        return None
    try:
        raw = b"".join([a2b_base64(text) if form in "bB" else a2b_qp(text, header=True) for _, form, text in found])
    except binascii.Error:
        return None
    return charsets.decode(raw, name).replace("\n", " ")


def words(fields: Fields, name: str) -> str:
    """Return a field of words, decoded, its white space made single."""
    return " ".join(decoded(fields.get(name)).split())


def addresses(fields: Fields, name: str) -> tuple[Address, ...]:
    """Return the mailboxes of a field; of an unreadable one whatever looks like addresses."""
    return parse_addresses(fields.get(name))


def parse_addresses(value: str) -> tuple[Address, ...]:
    """Return the mailboxes in a raw header value."""
    value = " ".join(value[:MAX_VALUE].split())
    if not value:
        return ()
    if _BARE.fullmatch(value):
        return (Address("", value.strip().lower()),)
    if simple := _SIMPLE.fullmatch(value):
        name = simple[1] if simple[1] is not None else simple[2]
        return (Address(" ".join(decoded(name).split()), simple[3].lower()),)
    found = _by_library(value)
    if not found:
        return tuple(Address("", each.lower()) for each in _ADDRESS.findall(value))
    by_shape = _ADDRESS.findall(value)
    if value.count("@") == 1:
        # There is nothing to mistake then; the library would join « lou@example.net Lou » to one word.
        return tuple(Address(" ".join(decoded(found[0][0]).split()), each.lower()) for each in by_shape)
    return tuple(Address(" ".join(decoded(name).split()), address.strip().lower()) for name, address in found)


def _by_library(value: str) -> list[tuple[str, str]]:
    if value.count("(") > _MAX_COMMENTS:
        return []
    try:
        return [(name, address) for name, address in getaddresses([value]) if "@" in address]
    except Exception:  # noqa: BLE001 - the library may raise anything on hostile text
        return []


def first_address(fields: Fields, *names: str) -> Address:
    """Return the first mailbox of the first field that has one; its name alone when it has no address."""
    for name in names:
        if found := addresses(fields, name):
            return found[0]
    return Address(words(fields, names[0]), "")


def date(fields: Fields) -> datetime | None:
    """Return the Date header, aware; None when absent, unreadable or of another age."""
    return parse_date(fields.get("date"))


def parse_date(value: str) -> datetime | None:
    """Return a date written per RFC 5322, aware (``-0000`` and no zone count as UTC), or None."""
    try:
        when = _usual_date(value) or parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if not 1990 <= when.year <= 2100:
        return None
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def _usual_date(value: str) -> datetime | None:
    found = _DATE.fullmatch(value)
    if found is None:
        return None
    day, month, year, hour, minute, second, sign, hours, minutes = found.groups()
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    zone = timezone(-offset if sign == "-" else offset)
    return datetime(int(year), _MONTHS.index(month) + 1, int(day), int(hour), int(minute), int(second), tzinfo=zone)


def first_id(fields: Fields, name: str) -> str:
    """Return the first ``<…>`` of a field with its brackets, or nothing."""
    found = _ID.search(fields.get(name))
    return found[0] if found else ""


def ids(fields: Fields, name: str) -> tuple[str, ...]:
    """Return every ``<…>`` of a field."""
    return tuple(_ID.findall(fields.get(name)))


def plain_media(part: Message) -> tuple[str, str] | None:
    """Return type and charset of a text that has no name and no disposition, if its header is of the usual form.

    Of most parts that spares reading the same header four times over.
    """
    found = _MEDIA.fullmatch(str(part.get("content-type", "")))
    return None if found is None or "content-disposition" in part else (found[1].lower(), (found[3] or "").lower())


def file_name(part: Message) -> str:
    """Return the decoded name of a part, without folders; empty when it has none."""
    if "content-disposition" not in part and "name" not in str(part.get("content-type", "")).lower():
        return ""
    try:
        name = part.get_filename() or ""
    except (ValueError, LookupError, TypeError):
        return ""
    return " ".join(decoded(_clean(str(name))).replace("\\", "/").rpartition("/")[2].split())[:200]


def charset(part: Message) -> str:
    """Return the charset that a part declares, or nothing."""
    try:
        return part.get_content_charset() or ""
    except (ValueError, LookupError, TypeError):
        return ""
