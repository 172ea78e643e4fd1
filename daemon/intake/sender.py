"""Who sent a mail, and how far its sender is believed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime

from daemon.intake import lookalike
from daemon.intake.decode import Mail
from daemon.intake.dkim import Verdict
from daemon.intake.proof import Grounds, came_by_login, verdict
from parsers.letter import Trust
from parsers.registry import known_sender

_NOTHING = Grounds()
_NEVER = datetime.min.replace(tzinfo=UTC)


def is_owner(address: str, owner_addresses: Collection[str]) -> bool:
    """Say whether an address is one of the owner's, whatever its case."""
    return bool(address) and address.lower() in {each.lower().strip() for each in owner_addresses}


def sender_trust(
    mail: Mail,
    owner_addresses: Sequence[str] = (),
    grounds: Grounds = _NOTHING,
    *,
    raw: bytes = b"",
    at: datetime = _NEVER,
) -> Trust:
    """Return how far the outer sender of a mail is believed.

    ``raw`` is the mail as it came and ``at`` (aware) when: only verifying DKIM needs them. Where ``grounds`` can prove
    nothing, nothing is ``signed`` and the owner's address is taken at its word; else it needs a proof to be ``owner``.
    """
    owner = is_owner(mail.sender.address, owner_addresses)
    if not owner and lookalike.imitates(mail.sender):
        return Trust.FORGED
    proof = verdict(mail, raw, at, grounds)
    return _owner_trust(mail, proof, grounds) if owner else _trust(mail, proof)


def _trust(mail: Mail, proof: Verdict) -> Trust:
    sender = lookalike.relayed(mail.sender)
    # Apple signs what it relays; that says nothing of the sender behind it.
    if proof is Verdict.PASS and sender == mail.sender:
        return Trust.SIGNED
    known = known_sender(sender.address)
    # A mailing list breaks its members' signatures: that is their way, and no shop writes through one.
    if proof is Verdict.FAIL and (known or "list-id" not in mail.fields):
        return Trust.FORGED
    if known and lookalike.lies(sender, mail.subject, mail.text, mail.html):
        return Trust.FORGED
    return Trust.UNVERIFIED


def _owner_trust(mail: Mail, proof: Verdict, grounds: Grounds) -> Trust:
    if proof is Verdict.PASS or came_by_login(mail, grounds.authenticated_path):
        return Trust.OWNER
    if proof is Verdict.FAIL:
        return Trust.FORGED
    return Trust.UNVERIFIED if grounds.can_prove else Trust.OWNER
