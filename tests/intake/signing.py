"""Keys and signatures for the tests, made with the library's own signer: nothing secret lies in a file."""

from __future__ import annotations

import base64
import random
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

import dkim as library  # type: ignore[import-untyped]  # it ships no types
import time_machine

SELECTOR = "s1"
SIGNED_AT = datetime(2026, 3, 2, 9, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class KeyPair:
    """A private key as PEM, and what DNS says of it."""

    private: bytes
    record: str


@cache
def key_pair(seed: int = 1, bits: int = 1024) -> KeyPair:
    """Return an RSA key pair; the same seed gives the same one."""
    dice, e = random.Random(f"{seed}/{bits}"), 65_537
    p, q = _prime(dice, bits // 2), _prime(dice, bits // 2)
    n, d = p * q, pow(e, -1, (p - 1) * (q - 1))
    numbers = (0, n, e, d, p, q, d % (p - 1), d % (q - 1), pow(q, -1, p))
    inner = base64.encodebytes(_sequence(b"".join(map(_integer, numbers))))
    private = b"-----BEGIN RSA PRIVATE KEY-----\n" + inner + b"-----END RSA PRIVATE KEY-----\n"
    rsa = bytes.fromhex("300d06092a864886f70d0101010500")
    bit_string = _sequence(_integer(n) + _integer(e))
    public = _sequence(rsa + b"\x03" + _length(len(bit_string) + 1) + b"\x00" + bit_string)
    return KeyPair(private, f"v=DKIM1; k=rsa; p={base64.b64encode(public).decode()}")


def _prime(dice: random.Random, bits: int) -> int:
    while True:
        candidate = dice.getrandbits(bits) | 1 | (3 << (bits - 2))
        small = all(candidate % each for each in (3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37))
        if small and candidate % 65_537 != 1 and all(pow(base, candidate - 1, candidate) == 1 for base in (2, 3, 5)):
            return candidate


def _length(size: int) -> bytes:
    if size < 128:
        return bytes([size])
    packed = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([0x80 | len(packed)]) + packed


def _integer(number: int) -> bytes:
    packed = number.to_bytes(number.bit_length() // 8 + 1, "big")
    return b"\x02" + _length(len(packed)) + packed


def _sequence(content: bytes) -> bytes:
    return b"\x30" + _length(len(content)) + content


def signed(raw: bytes, domain: str = "amazon.fr", *, key: KeyPair | None = None, **how: Any) -> bytes:
    """Return a mail with a signature of ``domain`` above it; ``how`` goes to the library."""
    given = {"canonicalize": (b"relaxed", b"relaxed"), **how}
    with time_machine.travel(SIGNED_AT, tick=False):
        header: bytes = library.sign(raw, SELECTOR.encode(), domain.encode(), (key or key_pair()).private, **given)
    return header + raw


def sealed(raw: bytes, domain: str, server: str, *, key: KeyPair | None = None) -> bytes:
    """Return a mail with an ARC set of ``domain``; ``server`` wrote the Authentication-Results above the mail."""
    with time_machine.travel(SIGNED_AT, tick=False):
        lines: list[bytes] = library.arc_sign(
            raw, SELECTOR.encode(), domain.encode(), (key or key_pair()).private, server.encode(),
            include_headers=[b"from", b"subject", b"date", b"to"],
        )  # fmt: skip
    return b"".join(lines) + raw


def keys(*domains: str, pair: KeyPair | None = None) -> dict[str, str]:
    """Return what DNS says of the keys of some domains."""
    return {f"{SELECTOR}._domainkey.{domain}": (pair or key_pair()).record for domain in domains}
