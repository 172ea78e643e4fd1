"""Every parser there is, behind one door: letter in, notices out."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from parsers import shops
from parsers.amazon import parser as amazon
from parsers.amazon import site
from parsers.carriers import data as carriers
from parsers.carriers import parser as carrier
from parsers.letter import Letter, Trust
from parsers.notice import Notice
from parsers.owner import parser as owner


def read(letter: Letter) -> list[Notice]:
    """Return what a letter says of orders and parcels, the owner's own words last.

    A letter that no parser knows gives ``[]``, and so does a forged one. Strange input is no reason to raise; an
    exception here is a fault of a parser, and the caller puts the mail into quarantine.
    """
    if letter.trust is Trust.FORGED:
        return []
    notices = shops.complete(letter, amazon.read(letter) or carrier.read(letter))
    return notices + owner.read(letter, notices)


@lru_cache(maxsize=512)
def known_sender(address: str) -> bool:
    """Tell whether a parser knows the address's domain: Amazon's sites and sellers' relay, or a carrier."""
    return (
        site.of_address(address) is not None or carriers.of_address(address) is not None or carriers.is_relay(address)
    )


def understood(letter: Letter, notices: Sequence[Notice]) -> bool:
    """Tell whether a letter's words are known. False for a known sender whose words no lexicon has."""
    if notices or letter.trust is Trust.FORGED:
        return True
    if amazon.claims(letter):
        return amazon.understood(letter, notices)
    return carrier.understood(letter, notices)
