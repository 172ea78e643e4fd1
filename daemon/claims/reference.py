"""The human number of a claim, such as ``R-7F3K``: derived from what the claim is about, so that it never changes."""

from __future__ import annotations

import hashlib
from collections.abc import Collection

from daemon.claims.claim import ClaimParty

ALPHABET = "0123456789BCDFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32 without A and E: no vowel, so no word; no I, L, O, U, so no look-alike of 1, 0 or V."""
LENGTH = 4


def reference(owner_key: str, order_id: str, code: str, parcel: str, party: ClaimParty, taken: Collection[str]) -> str:
    """Return the claim's number; it grows by a character while it is among ``taken``.

    Four characters tell 810 000 claims apart. Raises nothing: a hash has more characters than claims can use up.
    """
    named = "\x00".join((owner_key, order_id, code, parcel, party.value))
    digits = _digits(int.from_bytes(hashlib.sha256(named.encode()).digest()))
    length = LENGTH
    while (ref := f"R-{digits[:length]}") in taken:
        length += 1
    return ref


def _digits(number: int) -> str:
    out: list[str] = []
    while number:
        number, digit = divmod(number, len(ALPHABET))
        out.append(ALPHABET[digit])
    return "".join(out).ljust(52, ALPHABET[0])
