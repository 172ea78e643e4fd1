"""Addresses of Apple's Hide My Email: ``name_at_amazon_fr_code@privaterelay.appleid.com`` is ``name@amazon.fr``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from parsers.wording import load

HOSTS = frozenset(load(Path(__file__).parent / "amazon" / "lexicon" / "common.toml")["hidden"])
"""Under these, masked addresses stand."""
_CODE_LENGTH = 8


def _parts(address: str) -> tuple[str, list[str]] | None:
    """Return the name before, and the parts behind ``_at_`` of a masked address."""
    local, _, host = address.rpartition("@")
    name, masked, tail = local.partition("_at_")
    return (name, tail.split("_")) if masked and host in HOSTS else None


def original(address: str, known: Callable[[str], bool]) -> str:
    """Return the address behind a masked one in lower case, if it is a ``known`` one; else the address itself.

    What follows its domain must be one or two codes, or ``amazon.fr.example.net`` would pass for ``amazon.fr``.
    """
    address = address.strip().lower()
    masked = _parts(address) if "_at_" in address else None
    if masked is None:
        return address
    name, parts = masked
    for codes in (1, 2):
        # A single code may be short; of two, a short one would rather be the end of a foreign domain.
        codelike = codes == 1 or all(len(code) >= _CODE_LENGTH for code in parts[-codes:])
        found = f"{name}@{'.'.join(parts[:-codes])}"
        if codelike and len(parts) > codes + 1 and known(found):
            return found
    return address


def pretends(address: str, known: Callable[[str], bool]) -> bool:
    """Say whether a masked address begins like a ``known`` one and is another: ``…_at_amazon_fr_example_net_code``."""
    masked = _parts(address.strip().lower()) if "_at_" in address else None
    if masked is None or original(address, known) != address:
        return False
    name, parts = masked
    return any(known(f"{name}@{'.'.join(parts[:size])}") for size in range(2, len(parts) + 1))
