"""DKIM signatures (RFC 6376), verified here. Pure: the keys are given, and asking DNS for them is the caller's.

Only signatures of the From domain count. One that holds is a pass. One that does not, although its key is there, is
a failure. A key that is gone, or was not to be had, proves nothing: old mails are unverified, not forged.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from email.parser import BytesHeaderParser
from email.policy import compat32
from enum import StrEnum

from daemon.intake import arc, headers, tags
from daemon.intake.alignment import aligned
from daemon.intake.headers import Fields

MAX_HEAD = 100_000
"""Most bytes of a mail's header that are verified."""
MAX_SIGNATURES = 5
"""Most signatures of the From domain that are looked at."""
Keys = Mapping[str, str]
"""TXT records by the name asked for, in small letters. A name that is not there has no key, or gave no answer."""

LATE = timedelta(days=7)
"""Age from which another key may stand under the same name: a selector that its owner has used again."""
_LATE_TAG = "; x-late=y"
"""Behind a record; whoever reads one passes over tags that are not known (RFC 6376, 3.6.1)."""


class Verdict(StrEnum):
    """What is known of a mail's sender."""

    PASS = "pass"  # noqa: S105 - no password
    FAIL = "fail"
    NONE = "none"


def key_names(raw: bytes) -> tuple[str, ...]:
    """Return the names of the keys that a raw mail's From can be verified with; its header alone is looked at."""
    head = split(raw)[0]
    if len(head) > MAX_HEAD:
        return ()
    fields = headers.read(BytesHeaderParser(policy=compat32).parsebytes(head))
    sender = headers.first_address(fields, "from", "sender")
    own = (tags.key_name(each) for each in _own(fields, sender.domain))
    return tuple(dict.fromkeys(filter(None, [*own, *arc.key_names(fields)])))


def dated(record: str, *, late: bool) -> str:
    """Return a record as ``Keys`` holds it; ``late``: it was seen longer than ``LATE`` after the mail had arrived.

    With such a key a signature may hold, and prove what it did. One that does not hold may be of the key before.
    """
    return record + _LATE_TAG if late and record else record


def is_late(record: str) -> bool:
    """Say whether a record of ``Keys`` was seen long after the mail had arrived."""
    return record.endswith(_LATE_TAG)


def verdict(raw: bytes, fields: Fields, domain: str, at: datetime, keys: Keys) -> Verdict:
    """Return what the signatures of ``domain`` say of a mail that arrived at ``at`` (aware)."""
    if not any(tags.key_name(each) in keys for each in _own(fields, domain)) or is_ambiguous(raw):
        return Verdict.NONE
    # Brings the library, and with it one for DNS: loaded only when there is something to verify.
    from daemon.intake import signatures  # noqa: PLC0415

    found = set(signatures.dkim(raw, lambda signed: aligned(signed, domain), at, keys, MAX_SIGNATURES))
    return Verdict.PASS if True in found else Verdict.FAIL if False in found else Verdict.NONE


def _own(fields: Fields, domain: str) -> list[dict[str, str]]:
    own = [each for each in tags.each(fields, "dkim-signature") if aligned(each.get("d", ""), domain)]
    return own[:MAX_SIGNATURES]


def split(raw: bytes) -> tuple[bytes, bytes]:
    """Return a mail's header and its body."""
    ends = [(at, size) for mark, size in ((b"\r\n\r\n", 4), (b"\n\n", 2)) if (at := raw.find(mark)) >= 0]
    at, size = min(ends, default=(len(raw), 0))
    return raw[:at], raw[at + size :]


def is_ambiguous(raw: bytes) -> bool:
    """Say whether a header may look different to whoever signs it and to whoever reads it; or is too long.

    A lone carriage return ends a line for some; a line that begins with ``From`` and a space ends the header.
    """
    head = split(raw)[0]
    lone = head.count(b"\r") != head.count(b"\r\n")
    return len(head) > MAX_HEAD or lone or b"\x00" in head or b"\nFrom " in head or head.startswith(b"\n")
