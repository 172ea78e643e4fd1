"""Who sent a mail: whether it can matter, and how far its sender is believed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING

from daemon.intake import authres, lookalike
from daemon.intake.authres import Result
from daemon.intake.decode import Mail
from daemon.intake.headers import Address
from parsers.letter import Trust
from parsers.registry import known_sender

if TYPE_CHECKING:
    # The mailbox's modules load a mail library that reading a file does not need.
    from daemon.mailbox.base import Header, Role


def wanted(header: Header, role: Role, owner_addresses: Sequence[str], our_ids: Callable[[str], bool]) -> bool:
    """Say whether a mail can matter and is to be fetched whole.

    In an inbox: known senders, those who imitate one (they go to quarantine, for the owner to know), the owner's own
    mails, answers to our messages. In a folder of sent mail: what went to a seller's relay address, and what is or
    answers a message of ours (``our_ids``).
    """
    ours = any(map(our_ids, filter(None, (header.message_id, header.in_reply_to, *header.references))))
    if role.value == "sent":
        return ours or header.ours or any(lookalike.is_seller_relay(address.lower()) for address in header.to)
    if header.ours:
        return False
    given = Address(header.sender_name, header.sender.strip().lower())
    known = known_sender(lookalike.relayed(given).address) or is_owner(given.address, owner_addresses)
    return ours or known or lookalike.imitates(given)


def is_owner(address: str, owner_addresses: Collection[str]) -> bool:
    """Say whether an address is one of the owner's, whatever its case."""
    return bool(address) and address.lower() in {each.lower().strip() for each in owner_addresses}


def sender_trust(mail: Mail, owner_addresses: Sequence[str] = (), authserv_ids: Sequence[str] = ()) -> Trust:
    """Return how far the outer sender of a mail is believed.

    ``authserv_ids`` are those of the owner's own server; with none, nothing can be ``signed`` and the owner's
    address is taken at its word. With some, the owner's address needs a pass to be ``owner``.
    """
    sender = lookalike.relayed(mail.sender)
    owner = is_owner(mail.sender.address, owner_addresses)
    if not owner and lookalike.imitates(mail.sender):
        return Trust.FORGED
    proof = _proof(mail, authserv_ids)
    if owner:
        return {"pass": Trust.OWNER, "fail": Trust.FORGED}.get(proof, Trust.UNVERIFIED if authserv_ids else Trust.OWNER)
    if proof == "fail" and known_sender(sender.address):
        return Trust.FORGED
    # Apple signs what it relays; that says nothing of the sender behind it.
    if proof == "pass" and sender == mail.sender:
        return Trust.SIGNED
    if known_sender(sender.address) and lookalike.links_lie(sender, mail.text, mail.html):
        return Trust.FORGED
    return Trust.UNVERIFIED


def _proof(mail: Mail, authserv_ids: Sequence[str]) -> str:
    """``pass``, ``fail`` or nothing: what our server says of the From domain's DKIM and DMARC."""
    domain = mail.sender.domain
    if not authserv_ids or not domain:
        return ""
    about = [each for each in authres.results(mail.fields, authserv_ids) if _is_about(each, domain)]
    if any(each.result == "pass" for each in about):
        return "pass"
    return "fail" if any(each.result in ("fail", "permerror", "policy") for each in about) else ""


def _is_about(each: Result, domain: str) -> bool:
    """Relaxed alignment (RFC 7489): the same domain, or one above the other, never a bare top-level domain."""
    if each.method not in ("dkim", "dmarc"):
        return False
    signed = each.domain()
    if not signed:
        # A failed DMARC check often names no domain; it is always about From.
        return each.method == "dmarc" and each.result == "fail"
    if signed == domain:
        return True
    low, high = sorted((signed, domain), key=len)
    return high.endswith("." + low) and _is_registrable(low)


def _is_registrable(domain: str) -> bool:
    """Not a public suffix such as ``co.uk``: no list is needed to keep two short labels out."""
    labels = domain.split(".")
    return len(labels) > 2 or (len(labels) == 2 and len(labels[0]) > 3)
