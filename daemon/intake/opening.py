"""From a raw mail to its letters."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from daemon.intake import authres, forward, html, lookalike, note
from daemon.intake.decode import Mail, UnreadableMail, decode
from daemon.intake.dkim import Keys
from daemon.intake.forward import Inner
from daemon.intake.headers import Address, first_address
from daemon.intake.proof import Grounds
from daemon.intake.sender import is_owner, sender_trust
from parsers.letter import Letter, Trust
from parsers.registry import known_sender

MAX_LETTERS = 30
"""Most letters made of one mail."""
_LONGEST_NOTE = 400
"""Characters of a note in a mail that says it forwards something, where no forward was found."""
_MACHINE_FIELDS = (
    "list-id",
    "list-unsubscribe",
    "list-post",
    "auto-submitted",
    "x-auto-response-suppress",
    "precedence",
)
_NO_PERSON = re.compile(
    r"^(?:no-?_?reply|do-?not-?reply|ne-?pas-?repondre|mailer-daemon|bounces?|notifications?|postmaster|newsletter)\b"
)


@dataclass(frozen=True, slots=True)
class _Case:
    """What is known of one raw mail while its letters are made."""

    mail_id: str
    received_at: datetime
    owner_addresses: tuple[str, ...]
    outer: Mail
    trust: Trust
    speaks: bool
    """The outer sender's own words are the owner's."""
    forwarder: Trust
    """How far whoever forwards is believed, if the mail is a forward."""


def open_mail(
    raw: bytes,
    *,
    received_at: datetime,
    owner_addresses: Sequence[str] = (),
    authserv_ids: Sequence[str] = (),
    authenticated_path: Sequence[str] = (),
    keys: Keys | None = None,
) -> tuple[Letter, ...]:
    """Return the letters of a raw mail: one, or one for each mail attached to the owner's forward. Never empty.

    ``received_at`` (aware) stands in for a date that the mail does not tell. Without ``owner_addresses`` whoever
    forwards a mail, or writes one in person, is taken for the owner. What the last three mean, ``Grounds`` tells; the
    names of the ``keys`` for DKIM are those of ``dkim.key_names``. Raises ``UnreadableMail``.
    """
    grounds = Grounds(tuple(authserv_ids), tuple(authenticated_path), keys)
    mail = decode(raw)
    try:
        return tuple(_letters(_case(raw, mail, received_at, owner_addresses, grounds)))
    except Exception as error:  # noqa: BLE001 - a mail that breaks the unwrapping goes to quarantine like an undecodable one
        raise UnreadableMail(type(error).__name__) from None


def _case(raw: bytes, mail: Mail, received_at: datetime, owner_addresses: Sequence[str], grounds: Grounds) -> _Case:
    trust = sender_trust(mail, owner_addresses, grounds, raw=raw, at=received_at)
    speaks = trust is Trust.OWNER if owner_addresses else _may_be_owner(mail, trust)
    # Where nobody said who the owner is, whoever forwards is; but not without a proof where one was asked for.
    doubted = owner_addresses or (grounds.can_prove and trust is not Trust.SIGNED)
    forwarder = trust if doubted else Trust.OWNER
    return _Case(hashlib.sha256(raw).hexdigest(), received_at, tuple(owner_addresses), mail, trust, speaks, forwarder)


def _may_be_owner(mail: Mail, trust: Trust) -> bool:
    """Nobody said who the owner is: a person may be, an imitator or a known sender is not."""
    sender = lookalike.relayed(mail.sender)
    return trust is not Trust.FORGED and not known_sender(sender.address)


def _is_person(mail: Mail) -> bool:
    # Nobody describes their own words to programs, but an answer may quote such a mail.
    marked = "schema.org" in mail.html and not mail.in_reply_to
    machine = any(name in mail.fields for name in _MACHINE_FIELDS) or mail.is_report or marked
    return bool(mail.sender.address) and not machine and not _NO_PERSON.match(mail.sender.address)


def _letters(case: _Case) -> list[Letter]:
    may_unwrap = case.speaks or is_owner(case.outer.sender.address, case.owner_addresses)
    if may_unwrap and (letters := list(_unwrapped(case, case.outer, "", 0))):
        return letters[:MAX_LETTERS]
    return [_plain(case)]


def _unwrapped(case: _Case, mail: Mail, above: str, level: int) -> Iterator[Letter]:
    """Letters of what a mail forwards: attached mails first, else the inline one; nothing when it forwards none."""
    if mail.nested and not mail.is_report:
        own = above or _own_words(mail)
        for inner in mail.nested:
            deeper = list(_unwrapped(case, inner, own, level + 1)) if _goes_on(inner, level) else []
            yield from deeper or [_attached(case, inner, own)]
        return
    found = forward.inline(mail, _is_final, lambda who: is_owner(who, case.owner_addresses))
    if found is not None:
        yield _inline(case, mail, found, above)


def _goes_on(inner: Mail, level: int) -> bool:
    """Say whether an attached mail is a forward itself, to be opened further, and no order mail that quotes another."""
    return level < forward.MAX_FORWARDS and not _is_final(inner.sender) and forward.prefix(inner.subject) == "forward"


def _is_final(sender: Address) -> bool:
    return known_sender(lookalike.relayed(sender).address)


def _plain(case: _Case) -> Letter:
    mail = case.outer
    sender = lookalike.relayed(mail.sender)
    speaks = case.speaks and (bool(case.owner_addresses) or _is_person(mail))
    return Letter(
        mail_id=case.mail_id,
        sender=sender.address,
        sender_name=sender.name,
        reply_to=first_address(mail.fields, "reply-to").address,
        to=tuple(each.address for each in mail.to),
        subject=mail.subject,
        date=mail.date or case.received_at,
        received_at=case.received_at,
        text=mail.text,
        html=mail.html,
        attachments=mail.attachments,
        note=_spoken(mail) if speaks else None,
        trust=case.trust,
        message_id=mail.message_id,
        in_reply_to=mail.in_reply_to,
        references=mail.references,
    )


def _spoken(mail: Mail) -> str | None:
    """Return the note of a mail of the owner's own, if a person wrote it and it is short enough to be one.

    A forward in an unknown shape holds somebody else's mail whole: those words are not the owner's.
    """
    if mail.fields.get("auto-submitted").lower() not in ("", "no"):
        return None
    own = _own_words(mail)
    too_long = forward.prefix(mail.subject) == "forward" and len(own) > _LONGEST_NOTE
    return own if own and not too_long else None


def _own_words(mail: Mail) -> str:
    lines = mail.text.split("\n") if mail.text.strip() else [line.text for line in html.lines(mail.html)]
    return note.of_reply(lines)


def _attached(case: _Case, inner: Mail, own: str) -> Letter:
    sender = lookalike.relayed(inner.sender)
    return _forwarded(
        case, sender, own, to=tuple(each.address for each in inner.to), subject=forward.bare_subject(inner.subject),
        date=inner.date, text=inner.text, html=inner.html, attachments=inner.attachments + case.outer.attachments,
        message_id=inner.message_id, in_reply_to=inner.in_reply_to, references=inner.references,
        reply_to=first_address(inner.fields, "reply-to").address,
        accused=authres.accused(inner.fields, inner.sender.domain),
    )  # fmt: skip


def _inline(case: _Case, mail: Mail, found: Inner, above: str) -> Letter:
    return _forwarded(
        case, lookalike.relayed(found.sender), above or found.note, to=found.to, subject=found.subject,
        date=found.date or mail.date, text=found.text, html=found.html, attachments=mail.attachments,
        quoted=case.trust is Trust.OWNER,
    )  # fmt: skip


def _forwarded(
    case: _Case,
    sender: Address,
    own: str,
    *,
    date: datetime | None,
    accused: bool = False,
    quoted: bool = False,
    **rest: object,
) -> Letter:
    trust = case.forwarder
    if accused or _is_false(sender, str(rest["subject"]), str(rest["text"]), str(rest["html"]), quoted):
        trust = Trust.FORGED
    return Letter.model_validate(
        {
            "mail_id": case.mail_id,
            "sender": sender.address,
            "sender_name": sender.name,
            "date": date or case.outer.date or case.received_at,
            "received_at": case.received_at,
            "note": (own or None) if case.speaks else None,
            "forwarded": True,
            "forwarded_by": case.outer.sender.address or None,
            "trust": trust,
            **rest,
        }
    )


def _is_false(sender: Address, subject: str, text: str, source: str, quoted: bool) -> bool:
    return lookalike.imitates(sender) or lookalike.lies(sender, subject, text, source, quoted=quoted)
