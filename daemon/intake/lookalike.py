"""Tells senders that imitate a known one: by their domain, their display name, or where their links lead."""

from __future__ import annotations

from enum import Enum
from functools import cache, lru_cache

from daemon.intake import aliases, leading, numbers
from daemon.intake.brands import (
    Brand,
    brands,
    domain_imitates,
    name_hides,
    name_holds_address,
    name_says,
    of_the_house,
)
from daemon.intake.headers import Address
from daemon.intake.words import table
from parsers import relay
from parsers.amazon import site
from parsers.registry import known_sender


@cache
def _seller_relays() -> tuple[str, ...]:
    return tuple(table("senders")["seller_relays"])


def is_seller_relay(address: str) -> bool:
    """Say whether an address is a marketplace's relay to one of its sellers."""
    return known_sender(address) and address.rpartition("@")[2].lower().startswith(_seller_relays())


def relayed(address: Address) -> Address:
    """Return the original sender behind an address of Apple's Hide My Email or another relay, else the address itself.

    ``name_at_amazon_fr_code@privaterelay.appleid.com`` → ``name@amazon.fr``. Only known senders are made out.
    """
    original = relay.original(address.address, known_sender)
    if original != address.address:
        return Address(address.name, original)
    behind = aliases.behind(address)
    return Address(address.name, behind) if behind and known_sender(behind) else address


class Likeness(Enum):
    """How much a sender that is not a known one looks like it."""

    NONE = "none"
    NAME = "name"
    """Only its display name says so, and openly."""
    ADDRESS = "address"
    """Only its display name does, by holding a known sender's address."""
    IMITATION = "imitation"
    """Its domain does, or its name in disguise."""


def imitates(sender: Address) -> bool:
    """Say whether a sender that is not a known one bears a known one's name, in its domain or before it.

    So does an address of a relay that resembles a masked known one, and is not.
    """
    return likeness(sender) is not Likeness.NONE


@lru_cache(maxsize=512)
def likeness(sender: Address) -> Likeness:
    """Return how a sender bears a known one's name; one who writes through a relay is judged as if they wrote alone."""
    if not sender.address or relayed(sender) != sender or known_sender(sender.address):
        return Likeness.NONE
    behind = aliases.behind(sender)
    domain = behind.rpartition("@")[2] or sender.domain
    name = sender.name[:_MOST_OF_NAME]
    if relay.pretends(sender.address, known_sender) or domain_imitates(domain):
        return Likeness.IMITATION
    if of_the_house(domain):
        return Likeness.NONE
    if name_hides(name):
        return Likeness.IMITATION
    if name_holds_address(name):
        return Likeness.ADDRESS
    untold = aliases.is_alias(sender.domain) and not behind
    return Likeness.NAME if name_says(name) and not untold else Likeness.NONE


_MOST_OF_NAME = 500


def lies(sender: Address, subject: str, text: str, html: str, *, quoted: bool = False) -> bool:
    """Say whether a mail in a brand's name betrays itself: by where its links lead, or by the orders that it names.

    ``quoted`` is what a person whose word is proven has forwarded (``leading.lead_astray``).
    """
    if _checked(sender) is None:
        return False
    return links_lie(sender, text, html, quoted=quoted) or numbers.malformed(subject, text, html)


def links_lie(sender: Address, text: str, html: str, *, quoted: bool = False) -> bool:
    """Say whether a mail in a brand's name leads astray (``leading.lead_astray``)."""
    brand = _checked(sender)
    return brand is not None and leading.lead_astray(brand, text, html, quoted=quoted)


def _checked(sender: Address) -> Brand | None:
    """Return the brand in whose name a mail comes, if its links are looked at: sellers may write what they like."""
    if is_seller_relay(sender.address) or site.of_address(sender.address) is None:
        return None
    return next((each for each in brands() if each.links_checked), None)
