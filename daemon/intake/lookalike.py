"""Tells senders that imitate a known one: by their domain, their display name, or where their links lead."""

from __future__ import annotations

from functools import cache, lru_cache

from daemon.intake import leading, numbers
from daemon.intake.brands import Brand, brands, domain_imitates, name_imitates
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
    """Return the original sender behind an address of Apple's Hide My Email, else the address itself.

    ``name_at_amazon_fr_code@privaterelay.appleid.com`` → ``name@amazon.fr``. Only known senders are made out.
    """
    original = relay.original(address.address, known_sender)
    return address if original == address.address else Address(address.name, original)


@lru_cache(maxsize=512)
def imitates(sender: Address) -> bool:
    """Say whether a sender that is not a known one bears a known one's name, in its domain or before it.

    So does an address of a relay that resembles a masked known one, and is not.
    """
    if not sender.address or relayed(sender) != sender:
        return False
    if known_sender(sender.address):
        return False
    return (
        relay.pretends(sender.address, known_sender)
        or domain_imitates(sender.domain)
        or name_imitates(sender.name[:_MOST_OF_NAME])
    )


_MOST_OF_NAME = 500


def lies(sender: Address, subject: str, text: str, html: str) -> bool:
    """Say whether a mail in a brand's name betrays itself: by where its links lead, or by the orders that it names."""
    if _checked(sender) is None:
        return False
    return links_lie(sender, text, html) or numbers.malformed(subject, text, html)


def links_lie(sender: Address, text: str, html: str) -> bool:
    """Say whether a mail in a brand's name leads astray (``leading.lead_astray``)."""
    brand = _checked(sender)
    return brand is not None and leading.lead_astray(brand, text, html)


def _checked(sender: Address) -> Brand | None:
    """Return the brand in whose name a mail comes, if its links are looked at: sellers may write what they like."""
    if is_seller_relay(sender.address) or site.of_address(sender.address) is None:
        return None
    return next((each for each in brands() if each.links_checked), None)
