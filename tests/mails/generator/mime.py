"""Puts a mail into bytes: headers, parts, encodings. Nothing here knows what the mail says."""

from __future__ import annotations

import base64
import quopri
from collections.abc import Iterable
from datetime import datetime
from email.utils import format_datetime

from tests.mails.generator.style import Style

_FLOWED_WIDTH = 68
_WORD = 40


def encode(subject: str, style: Style) -> str:
    """Return a subject as its header's value: RFC 2047 words where it is not ASCII, folded."""
    if subject.isascii():
        return _folded(subject, style.fold)
    charset = style.charset if _holds(subject, style.charset) else "utf-8"
    chunks: list[str] = []
    for sign in subject:
        if chunks and len((chunks[-1] + sign).encode(charset)) <= _WORD // (3 if style.subject == "q" else 1) + 4:
            chunks[-1] += sign
        else:
            chunks.append(sign)
    return "\r\n ".join(_word(chunk, charset, style.subject) for chunk in chunks)


def _holds(text: str, charset: str) -> bool:
    try:
        text.encode(charset)
    except UnicodeEncodeError:
        return False
    return True


def _folded(text: str, width: int) -> str:
    lines = [""]
    for word in text.split(" "):
        if lines[-1] and len(lines[-1]) + len(word) >= width:
            lines.append(word)
        else:
            lines[-1] += f" {word}" if lines[-1] else word
    return "\r\n ".join(lines)


def _word(chunk: str, charset: str, form: str) -> str:
    raw = chunk.encode(charset)
    if form == "b":
        return f"=?{charset}?B?{base64.b64encode(raw).decode()}?="
    quoted = "".join(chr(b) if chr(b).isascii() and chr(b).isalnum() else "_" if b == 32 else f"={b:02X}" for b in raw)
    return f"=?{charset}?Q?{quoted}?="


def phrase(name: str, address: str, style: Style) -> str:
    """Return a From or To value."""
    if name.isascii():
        return f'"{name}" <{address}>'
    return f"{encode(name, style)} <{address}>"


def flow(text: str) -> str:
    """Return a text as format=flowed (RFC 3676): long lines broken softly, after a space."""
    out: list[str] = []
    for line in text.split("\n"):
        rest = line.rstrip(" ")
        while len(rest) > _FLOWED_WIDTH and " " in rest[1:_FLOWED_WIDTH].strip():
            at = rest.rindex(" ", 1, _FLOWED_WIDTH) + 1
            if not rest[:at].strip():
                break
            out.append(rest[:at])
            rest = rest[at:]
        out.append(rest)
    return "\n".join(f" {line}" if line.startswith((" ", ">", "From ")) else line for line in out)


def _part(text: str, subtype: str, style: Style) -> tuple[list[str], bytes]:
    """Return a part's headers and body; what its charset lacks is an entity in HTML, and makes text UTF-8."""
    charset = style.charset
    if subtype == "html":
        raw = text.encode("ascii" if style.entities else charset, "xmlcharrefreplace")
    else:
        charset = charset if _holds(text, charset) else "utf-8"
        raw = text.encode(charset)
    flowed = style.flowed and subtype == "plain"
    long = max(map(len, raw.split(b"\n"))) > 900
    transfer = style.transfer
    if long or (transfer == "7bit" and not raw.isascii()):
        transfer = "quoted-printable" if transfer in ("7bit", "8bit") else transfer
    body = {"quoted-printable": quopri.encodestring, "base64": base64.encodebytes}.get(transfer, bytes)(raw)
    kind = f'Content-Type: text/{subtype}; charset="{charset}"' + ("; format=flowed" if flowed else "")
    return [kind, f"Content-Transfer-Encoding: {transfer}"], body.rstrip(b"\n") + b"\n"


def build(
    headers: Iterable[tuple[str, str]], sent: datetime, text: str | None, html: str | None, style: Style, name: str
) -> bytes:
    """Return a mail. ``sent`` is aware; one of the parts must be there; ``name`` makes boundary and Message-ID."""
    shown = text if text is None or not style.flowed else flow(text)
    parts = [_part(body, kind, style) for kind, body in (("plain", shown), ("html", html)) if body is not None]
    top = [f"{key}: {value}" for key, value in headers]
    top += [f"Date: {format_datetime(sent)}", f"Message-ID: <{name}@eu-west-1.amazonses.com>", "MIME-Version: 1.0"]
    if len(parts) == 1:
        raw = _joined([*top, *parts[0][0]]) + parts[0][1]
    else:
        mark = f"----=_Part_{name}"
        top.append(f'Content-Type: multipart/alternative; boundary="{mark}"')
        inner = b"".join(f"--{mark}\n".encode() + _joined(lines) + body for lines, body in parts)
        raw = _joined(top) + inner + f"--{mark}--\n".encode()
    even = raw.replace(b"\r\n", b"\n")
    return even.replace(b"\n", b"\r\n") if style.crlf else even


def _joined(lines: Iterable[str]) -> bytes:
    return ("\n".join(lines) + "\n\n").encode("ascii")
