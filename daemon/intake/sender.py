"""Who sent a mail, and how far its sender is believed."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import UTC, datetime

from daemon.intake import lookalike
from daemon.intake.authres import without_comments
from daemon.intake.decode import Mail
from daemon.intake.dkim import Verdict
from daemon.intake.headers import Fields
from daemon.intake.proof import Grounds, is_owners, verdict
from parsers.letter import Trust
from parsers.registry import known_sender

_NOTHING = Grounds()
_QUOTED = re.compile(r'"(?:[^"\\]|\\.?)*+(?:"|$)')
_ADDRESS = re.compile(r"[^\s<>,;:@]{1,128}+@[^\s<>,;:@]{1,253}+")
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

    ``raw`` is the mail as it came and ``at`` (aware) when: only verifying DKIM needs them. The owner's address needs a
    proof to be ``owner``: one that ``grounds`` name, or where they name none, one that everybody's headers give.
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
    if known and _names_others(mail.fields):
        return Trust.FORGED
    # A mailing list breaks its members' signatures: that is their way, and no shop writes through one.
    if proof is Verdict.FAIL and (known or "list-id" not in mail.fields):
        return Trust.FORGED
    if known and lookalike.lies(sender, mail.subject, mail.text, mail.html):
        return Trust.FORGED
    return Trust.UNVERIFIED


def _names_others(fields: Fields) -> bool:
    """Say whether From holds addresses of several domains: which was proven, and which is shown, nobody can tell."""
    written = fields.get("from")
    if written.count("@") < 2:
        return False
    bare = _QUOTED.sub(" ", without_comments(written))
    return len({address.rpartition("@")[2].lower() for address in _ADDRESS.findall(bare)}) > 1


def _owner_trust(mail: Mail, proof: Verdict, grounds: Grounds) -> Trust:
    if proof is Verdict.FAIL:
        return Trust.FORGED
    return Trust.OWNER if proof is Verdict.PASS or is_owners(mail, grounds) else Trust.UNVERIFIED
