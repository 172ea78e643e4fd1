"""Raw mail in, frozen model out: the one place that knows MIME, and mail-parser.

mail-parser takes the bytes apart, and guards against nesting without end. Its own view of the bodies is not used,
because it merges a nested message's HTML into the outer one and takes ``text/html; name=…`` for a file: the parts
it holds are walked here instead, once.
"""

from __future__ import annotations

import email
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from email.message import Message

import mailparser  # type: ignore[import-untyped]  # it ships no types

from daemon.intake import charset, flowed, headers
from daemon.intake.headers import Address, Fields
from daemon.intake.html import cap_html
from parsers.letter import Attachment

MAX_TEXT = 2_000_000
"""Most characters kept of one text part."""
MAX_NESTED = 50
"""Most attached messages opened in one mail."""
MAX_LEVELS = 12
"""How deep messages within messages are followed."""

# mail-parser speaks of the mails' contents at debug level, and of odd parts at warning level.
logging.getLogger("mailparser").addHandler(logging.NullHandler())
logging.getLogger("mailparser").propagate = False

_STARTS_WITH_BOUNDARY = re.compile(
    rb"\s{0,200}+--(-{0,40}+[^\s-][^\r\n]{0,200}?)(?:--)?[ \t]{0,100}+\r?\n(?=[A-Za-z-]{3,40}:|\s*\r?\n)"
)
_ANY_BOUNDARY = re.compile(rb"(?m)^--(-{0,40}+[^\s-][^\r\n]{0,200}?)[ \t]{0,100}+\r?\n(?=Content-)")
_HTML_START = re.compile(
    r"\s{0,300}+(?:<!--.{0,500}?-->\s{0,300}+)?<(?:!doctype\s+html|html|head|body|table|div|center|meta)\b", re.I | re.S
)
_SIGNATURE_PARTS = ("application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature")


class UnreadableMail(Exception):
    """A mail cannot be taken apart; the message names the reason and holds nothing of the mail."""


class _Parts(mailparser.MailParser):  # type: ignore[misc]  # it ships no types
    """mail-parser's message alone: what it would make of the headers and bodies is not used here, and takes long."""

    def parse(self) -> _Parts:
        """Leave the message as it is."""
        return self


_SPACED = re.compile(rb"^([!-9;-~]{1,76})[ \t]{1,20}:", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Mail:
    """A decoded message. ``nested`` are the messages attached to it, in order."""

    fields: Fields
    sender: Address
    to: tuple[Address, ...]
    subject: str
    date: datetime | None
    """As written in the Date header (aware); None when there is none that makes sense."""
    message_id: str
    in_reply_to: str
    references: tuple[str, ...]
    text: str = ""
    """All text/plain of the body, ``\\n`` line ends."""
    html: str = ""
    """All text/html of the body, size and depth capped."""
    attachments: tuple[Attachment, ...] = ()
    nested: tuple[Mail, ...] = ()
    is_report: bool = False
    """A delivery report: what is attached was returned, not forwarded."""


@dataclass(slots=True)
class _Bodies:
    """What the walk through one message's parts gathers."""

    level: int
    text: list[str] = field(default_factory=list)
    html: list[str] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    nested: list[Mail] = field(default_factory=list)


def decode(raw: bytes) -> Mail:
    """Return the mail in ``raw``. Raises ``UnreadableMail`` for whatever goes wrong in taking it apart."""
    try:
        return _mail(_Parts.from_bytes(_tight(raw)).message, level=0)
    except Exception as error:  # noqa: BLE001 - every library below may raise anything on hostile bytes
        raise UnreadableMail(type(error).__name__) from None


def _tight(raw: bytes) -> bytes:
    """Leave out blanks before a field's colon (RFC 5322, obsolete syntax): for the library they end the header."""
    ends = [at for mark in (b"\n\n", b"\n\r\n") if (at := raw.find(mark)) >= 0]
    head = raw[: min(ends)] if ends else raw
    if b" :" not in head and b"\t:" not in head:
        return raw
    return _SPACED.sub(rb"\1:", head) + raw[len(head) :]


def _mail(message: Message, level: int) -> Mail:
    fields = headers.read(message)
    bodies = _Bodies(level)
    for part in _parts(_mended(message)):
        _take(part, bodies)
    return Mail(
        fields=fields,
        sender=headers.first_address(fields, "from", "sender"),
        to=headers.addresses(fields, "to"),
        subject=headers.words(fields, "subject"),
        date=headers.date(fields),
        message_id=headers.first_id(fields, "message-id"),
        in_reply_to=headers.first_id(fields, "in-reply-to"),
        references=headers.ids(fields, "references"),
        text="\n".join(bodies.text)[:MAX_TEXT],
        html=cap_html("\n".join(bodies.html)),
        attachments=tuple(bodies.attachments),
        nested=tuple(bodies.nested),
        is_report="report" in fields.get("content-type").lower() and message.get_content_type() == "multipart/report",
    )


def _parts(message: Message) -> Iterator[Message]:
    """Yield leaves and attached messages in order, without entering the attached ones."""
    stack = [message]
    while stack:
        part = stack.pop()
        if part.is_multipart() and part.get_content_maintype() == "multipart":
            stack.extend(reversed([child for child in part.get_payload() if isinstance(child, Message)]))
        else:
            yield part


def _take(part: Message, bodies: _Bodies) -> None:
    if (media := headers.plain_media(part)) is not None:
        _take_body(part, *media, bodies)
        return
    kind = part.get_content_type()
    name = headers.file_name(part)
    if (inner := _attached_message(part, kind, name)) is not None:
        if bodies.level < MAX_LEVELS and len(bodies.nested) < MAX_NESTED:
            bodies.nested.append(_mail(inner, bodies.level + 1))
        return
    if _is_body(part, kind, name, bodies):
        _take_body(part, kind, headers.charset(part), bodies)
    elif kind not in _SIGNATURE_PARTS:
        bodies.attachments.append(Attachment(name=name, content_type=kind, size=_size(part)))


def _is_body(part: Message, kind: str, name: str, bodies: _Bodies) -> bool:
    """Say whether a part is the body. A named one is only where no other is: some senders name their body."""
    if part.get_content_disposition() == "attachment":
        return False
    if kind == "text/html":
        return not name or not bodies.html
    if kind == "text/plain" or kind.startswith("multipart/"):
        return not name or not (bodies.text or bodies.html)
    return False


def _take_body(part: Message, kind: str, declared: str, bodies: _Bodies) -> None:
    text = charset.decode(_payload(part), declared)[:MAX_TEXT]
    # Mails whose MIME headers got lost on the way are common: an HTML body then calls itself text/plain.
    if kind == "text/html" or (part.get("content-type") is None and _HTML_START.match(text)):
        bodies.html.append(text)
    elif text.strip():
        bodies.text.append(_unflowed(part, text))


def _unflowed(part: Message, text: str) -> str:
    # Most headers do not even name a format.
    if "flowed" not in str(part.get("content-type", "")).lower() or not flowed.is_flowed(part):
        return text
    return flowed.unflowed(text, delete_space=flowed.deletes_space(part))


def _attached_message(part: Message, kind: str, name: str) -> Message | None:
    if kind in ("message/rfc822", "message/global"):
        inner = part.get_payload()
        first = inner[0] if isinstance(inner, list) and inner else None
        if not isinstance(first, Message):
            return None
        # RFC 2046 forbids base64 here, yet some clients do it: the "message" is then one base64 text.
        if str(part.get("content-transfer-encoding", "")).strip().lower() in ("base64", "quoted-printable"):
            return _decoded_inner(part, first)
        return first
    if name.lower().endswith(".eml") and kind in ("application/octet-stream", "text/plain"):
        return email.message_from_bytes(_payload(part))
    return None


def _decoded_inner(part: Message, first: Message) -> Message:
    if first.keys():
        return first
    shell = Message()
    shell["Content-Transfer-Encoding"] = str(part["content-transfer-encoding"]).strip()
    shell.set_payload(first.get_payload())
    inner = email.message_from_bytes(_payload(shell))
    return inner if inner.keys() else first


def _mended(message: Message) -> Message:
    """Return the message, or one with its parts where only the header that names the boundary is lost."""
    if message.is_multipart():
        return message
    declared = message.get_content_maintype() == "multipart"
    # Without any header a message is one of plain text.
    if not declared and message.get("content-type") is not None:
        return message
    body = _payload(message)
    found = _STARTS_WITH_BOUNDARY.match(body) or _ANY_BOUNDARY.search(body if declared else b"")
    if found is None:
        return message
    head = b'Content-Type: multipart/mixed; boundary="' + found[1].replace(b'"', b"") + b'"\r\n\r\n'
    mended = email.message_from_bytes(head + body)
    return mended if mended.is_multipart() else message


def _payload(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _size(part: Message) -> int:
    """Size in bytes; of base64 it is computed, not decoded, because mail-parser did that once already."""
    payload = part.get_payload()
    if not isinstance(payload, str):
        return 0
    if str(part.get("content-transfer-encoding", "")).strip().lower() == "base64":
        return max(0, (len(payload) - payload.count("\n") - payload.count("\r")) * 3 // 4 - payload[-4:].count("="))
    return len(payload)
