"""Which mails can matter: they alone are fetched whole and kept, of all others nothing is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from daemon.intake import lookalike
from daemon.intake.headers import Address
from daemon.intake.sender import is_owner
from daemon.intake.subjects import speaks_of_an_order
from daemon.settings import Read
from parsers.registry import known_sender

if TYPE_CHECKING:
    # The mailbox's modules load a mail library that reading a file does not need.
    from daemon.mailbox.base import Header, Role


def wanted(
    header: Header,
    role: Role,
    owner_addresses: Sequence[str],
    our_ids: Callable[[str], bool],
    read: Read = Read.ORDERS,
) -> bool:
    """Say whether a mail can matter and is to be fetched whole.

    In an inbox: known senders, those who imitate one (they go to quarantine, for the owner to know), the owner's own
    mails, answers to our messages, and as ``read`` says those whose subject speaks of an order, or all. In a folder of
    sent mail: what went to a seller's relay address, and what is or answers a message of ours (``our_ids``).
    """
    ours = any(map(our_ids, filter(None, (header.message_id, header.in_reply_to, *header.references))))
    if role.value == "sent":
        return ours or header.ours or any(lookalike.is_seller_relay(address.lower()) for address in header.to)
    if header.ours:
        return False
    return ours or read is Read.EVERYTHING or _by_sender(header, owner_addresses) or _by_subject(header, read)


def _by_sender(header: Header, owner_addresses: Sequence[str]) -> bool:
    given = Address(header.sender_name, header.sender.strip().lower())
    known = known_sender(lookalike.relayed(given).address) or is_owner(given.address, owner_addresses)
    return known or lookalike.imitates(given)


def _by_subject(header: Header, read: Read) -> bool:
    return read is Read.ORDERS and speaks_of_an_order(header.subject)
