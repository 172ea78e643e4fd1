"""dkimpy behind one adapter: which signatures of a mail hold. What the library leaves open is decided here.

Stricter than RFC 6376 asks: a signature of a part of the body (``l=``), by SHA-1 or by a short key says nothing; nor
does one that leaves From or Subject out, or a second header of a kind that is read once.
"""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import dkim as library  # type: ignore[import-untyped]  # it ships no types

from daemon.intake.dkim import LATE, Keys, is_late, split
from daemon.intake.tags import MAX_SIGNATURE

# What the library logs names domains and selectors of the owner's mails.
logging.getLogger("dkimpy").addHandler(logging.NullHandler())
logging.getLogger("dkimpy").propagate = False

MIN_BITS = 1024
"""Shortest RSA key that is believed (RFC 8301, 3.2)."""
MAX_KEY = 2_000
"""Most characters of a key's record: 8 kbit have 1,400."""
MAX_FIELDS = 1_000
_SKEW = timedelta(hours=10)
"""How far the clocks of signers may be wrong."""
_ALGORITHMS = (b"rsa-sha256", b"ed25519-sha256")
_REQUIRED = (b"from", b"subject")
_READ_ONCE = (b"from", b"subject", b"date", b"to", b"message-id", b"content-type", b"content-transfer-encoding")
_BLANKS = re.compile(rb"[\t ]+")
_LONG_GAP = re.compile(rb"\s{100}")


class _Unclear(Exception):
    """A signature that proves nothing, either way."""


class _Message(library.DKIM):  # type: ignore[misc]  # it ships no types
    """A mail whose signatures are verified one by one, as of the moment at which it arrived."""

    def __init__(self, raw: bytes, at: datetime) -> None:
        super().__init__(raw, minkey=MIN_BITS)
        self._at = at
        self._whole: bytes = self.body
        self.pairs = [(name.lower(), value) for name, value in self.headers if name.lower() == b"dkim-signature"]

    def verify_headerprep(self, idx: int = 0) -> tuple[dict[bytes, bytes], list[bytes], list[tuple[bytes, bytes]]]:
        """Return the signature's tags, the headers it covers and all signatures. Raises ``_Unclear``."""
        given = self.given(idx)
        _check_form(given, self._at)
        covered = [each.lower() for each in re.split(rb"\s*:\s*", given[b"h"])]
        self._check_cover(covered)
        # Folding blanks beforehand changes nothing, and spares the library's patterns lines of blanks.
        relaxed = given.get(b"c", b"").endswith(b"/relaxed")
        self.body = _BLANKS.sub(b" ", self._whole) if relaxed else self._whole
        return given, covered, [(name, value) for name, value in self.headers if name.lower() == b"dkim-signature"]

    def given(self, idx: int) -> dict[bytes, bytes]:
        """Return the tags of a signature. Raises ``_Unclear``."""
        value = self.pairs[idx][1]
        if len(value) > MAX_SIGNATURE or _LONG_GAP.search(value):
            raise _Unclear
        try:
            found: dict[bytes, bytes] = library.util.parse_tag_value(value)
        except library.util.InvalidTagValueList:
            raise _Unclear from None
        return found

    def is_old(self) -> bool:
        """Say whether the mail was more than a week old at the moment given; its Date tells, if it has one."""
        dates = [value for name, value in self.headers if name.lower() == b"date"]
        try:
            written = parsedate_to_datetime(dates[0].decode("ascii", "replace"))
            aware = written if written.tzinfo else written.replace(tzinfo=UTC)
            return self._at - aware > LATE
        except (IndexError, ValueError, OverflowError):
            return False

    def _check_cover(self, covered: list[bytes]) -> None:
        there, signed = Counter(name.lower() for name, _ in self.headers), Counter(covered)
        unsigned = any(not signed[name] for name in _REQUIRED)
        # The library counts a second From against the mail; a second one of the others could be put on top unseen.
        added = any(there[name] > max(1, signed[name]) for name in _READ_ONCE if name != b"from")
        if unsigned or added:
            raise _Unclear


def _check_form(given: dict[bytes, bytes], at: datetime) -> None:
    if b"l" in given or given.get(b"a") not in _ALGORITHMS:
        raise _Unclear
    # Those two are compared with the time of arrival; the library knows only the present.
    moments = {name: given[name] for name in (b"t", b"x") if name in given}
    if not all(re.fullmatch(rb"\d{1,12}", each) for each in moments.values()):
        raise _Unclear
    began, expires = (int(moments[name]) if name in moments else None for name in (b"t", b"x"))
    if expires is not None and expires < (at - _SKEW).timestamp():
        raise _Unclear
    if began is not None and began > (at + _SKEW).timestamp():
        raise _Unclear
    try:
        library.validate_signature_fields({name: each for name, each in given.items() if name not in moments})
    except library.DKIMException:
        raise _Unclear from None


def dkim(raw: bytes, wanted: Callable[[str], bool], at: datetime, keys: Keys, most: int) -> Iterator[bool | None]:
    """Yield for each signature of a ``wanted`` domain whether it holds; None when it proves nothing."""
    try:
        message = _Message(raw, at)
    except library.DKIMException:
        return
    if len(message.headers) > MAX_FIELDS:
        return
    for idx in range(len(message.pairs)):
        try:
            given = message.given(idx)
            if wanted(given.get(b"d", b"").decode("ascii", "replace").lower()):
                most -= 1
                yield _holds(message, idx, given, keys) if most >= 0 else None
        except _Unclear:
            yield None


def _holds(message: _Message, idx: int, given: dict[bytes, bytes], keys: Keys) -> bool | None:
    name = b"%s._domainkey.%s" % (given.get(b"s", b""), given.get(b"d", b""))
    key = keys.get(name.decode("ascii", "replace").lower(), "")
    if not _is_usable(key):
        return None
    try:
        holds = bool(message.verify(idx, lambda *_, **__: key.encode("ascii", "replace")))
    except library.ValidationError:
        return False  # the body's hash is another one
    except _Unclear:
        raise
    except Exception:  # noqa: BLE001 - the library may raise anything on hostile tags; such a signature proves nothing
        return None
    if not holds and (is_late(key) or message.is_old()):
        return None  # the body is the one that was signed: the key may have been replaced since
    return holds if message.keysize >= MIN_BITS or message.ktag == b"ed25519" else None


def _is_usable(record: str) -> bool:
    """Say whether a record holds a key that was not revoked (RFC 6376, 3.6.1: an empty ``p=``) and is no test."""
    if not record or len(record) > MAX_KEY:
        return False
    try:
        given = library.util.parse_tag_value(record.encode("ascii", "replace"))
        key, bits, kind, _ = library.evaluate_pk(b"key", record.encode("ascii", "replace"))
    except Exception:  # noqa: BLE001 - whatever the record holds, it is no key then
        return False
    testing = b"y" in given.get(b"t", b"").split(b":")
    return key is not None and not testing and (kind == b"ed25519" or bits >= MIN_BITS)


def arc(raw: bytes, keys: Keys) -> bool:
    """Say whether all seals of a mail, and the last forwarder's signature of it, hold (RFC 8617, 5.2)."""
    head, body = split(raw)
    try:
        # Forwarders sign with both canonicalizations relaxed; see above.
        message = library.ARC(head + b"\r\n\r\n" + _BLANKS.sub(b" ", body), minkey=MIN_BITS)
        if len(message.headers) > MAX_FIELDS or _LONG_GAP.search(head):
            return False
        result, _, _ = message.verify(lambda name, **_: _record(name, keys))
    except Exception:  # noqa: BLE001 - the library may raise anything on hostile headers; nothing is proven then
        return False
    return bool(result == library.CV_Pass)


def _record(name: bytes, keys: Keys) -> bytes | None:
    record = keys.get(name.decode("ascii", "replace").rstrip(".").lower(), "")
    return record.encode("ascii", "replace") if _is_usable(record) else None
