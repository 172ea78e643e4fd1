"""Bytes to text, for senders that misname their charset."""

from __future__ import annotations

import codecs

# Codecs of Python that are no charsets of mail; some are slow on hostile input or warn.
_NO_CHARSETS = frozenset(
    {"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined", "mbcs", "oem", "utf-7"}
)
_WESTERN = frozenset({"iso8859-1", "ascii", "cp1252", "latin-1"})
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932", "euc_kr": "cp949"}


def decode(payload: bytes, declared: str) -> str:
    """Return text with plain line feeds.

    UTF-8 that calls itself Latin-1 is taken for what it is, Latin-1 is read as cp1252 (which many senders
    mean by it), and an unknown or wrong name falls back to UTF-8, then cp1252. Never raises.
    """
    return _decode(payload, declared).replace("\r\n", "\n").replace("\r", "\n")


def _decode(payload: bytes, declared: str) -> str:
    name = _codec(declared)
    if name in _WESTERN or name == "utf-8":
        return _utf8_or_western(payload)
    if name.startswith("utf-8-sig"):
        return payload.decode("utf-8-sig", "replace")
    try:
        text = payload.decode(_WIDER.get(name, name))
        text.encode("utf-8")
    except (UnicodeError, LookupError):
        return _utf8_or_western(payload)
    return text


def _codec(declared: str) -> str:
    try:
        name = codecs.lookup(declared.strip("\"' ") or "utf-8").name
    except (LookupError, ValueError):
        return "utf-8"
    return "utf-8" if name in _NO_CHARSETS else name


def _utf8_or_western(payload: bytes) -> str:
    try:
        return payload.decode("utf-8")
    except UnicodeDecodeError as error:
        # A text cut in the middle of its last letter, or with a stray byte in a long text, is still UTF-8.
        if not payload[: error.start].isascii():
            return payload.decode("utf-8", "replace")
    # The five bytes that cp1252 leaves undefined exist in Latin-1.
    return payload.decode("cp1252", "replace")
