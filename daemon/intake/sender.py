"""Who sent a mail, and how far its sender is believed."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import UTC, datetime

from daemon.intake import aliases, lookalike
from daemon.intake.authres import without_comments
from daemon.intake.decode import Mail
from daemon.intake.dkim import Verdict
from daemon.intake.headers import Fields
from daemon.intake.lookalike import Likeness
from daemon.intake.proof import Grounds, is_owners, verdict
from parsers.amazon import site
from parsers.carriers import data as carriers
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
    likeness = Likeness.NONE if owner else lookalike.likeness(mail.sender)
    if likeness is Likeness.IMITATION:
        return Trust.FORGED
    proof = verdict(mail, raw, at, grounds)
    if owner:
        return _owner_trust(mail, proof, grounds)
    if likeness is not Likeness.NONE:
        return Trust.UNVERIFIED if _is_excused(likeness, mail.fields, proof) else Trust.FORGED
    return _trust(mail, proof)


def _is_excused(likeness: Likeness, fields: Fields, proof: Verdict) -> bool:
    """Say whether a domain that imitates nobody may stand behind a known sender's name.

    A bank that issues a card may, if it proves itself, and a list, which puts its own address in its members' place.
    """
    if likeness is Likeness.NAME and proof is Verdict.PASS:
        return True
    return "list-id" in fields and proof is not Verdict.FAIL


def _trust(mail: Mail, proof: Verdict) -> Trust:
    sender = lookalike.relayed(mail.sender)
    # A relay signs what it passes on; that says nothing of the sender behind it.
    if proof is Verdict.PASS and sender == mail.sender:
        return Trust.UNVERIFIED if aliases.is_alias(sender.domain) else Trust.SIGNED
    known = known_sender(sender.address)
    if known and _names_others(mail.fields):
        return Trust.FORGED
    # Lists, and servers on the way, break people's signatures: that is no reason for alarm.
    if proof is Verdict.FAIL and (known or _senders(mail.fields) > 1):
        return Trust.FORGED
    if known and lookalike.lies(sender, mail.subject, mail.text, mail.html):
        return Trust.FORGED
    return Trust.UNVERIFIED


def _senders(fields: Fields) -> int:
    return sum(name == "from" for name, _ in fields.items)


def _names_others(fields: Fields) -> bool:
    """Say whether From holds addresses of several houses: which was proven, and which is shown, nobody can tell."""
    written = fields.get("from")
    if written.count("@") < 2:
        return False
    bare = _QUOTED.sub(" ", without_comments(written))
    return len({_house(address.lower()) for address in _ADDRESS.findall(bare)}) > 1


def _house(address: str) -> str:
    """Return a name for whose an address is: Amazon's, one carrier's, else its domain's; sellers are on their own."""
    if not lookalike.is_seller_relay(address):
        if site.of_address(address) is not None:
            return "amazon"
        if (carrier := carriers.of_address(address)) is not None:
            return carrier.name
    return address.rpartition("@")[2]


def _owner_trust(mail: Mail, proof: Verdict, grounds: Grounds) -> Trust:
    if proof is Verdict.FAIL:
        return Trust.FORGED
    return Trust.OWNER if proof is Verdict.PASS or is_owners(mail, grounds) else Trust.UNVERIFIED
