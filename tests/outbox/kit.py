"""A claim, its draft, and the mails that relance makes of them."""

from __future__ import annotations

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from daemon import orders
from daemon.anomalies.anomaly import Code
from daemon.claims import compose
from daemon.claims.claim import Claim, ClaimParty, Draft, Stage
from daemon.claims.context import Context
from daemon.orders.order import Order
from daemon.outbox.inbox import draft_notice
from daemon.settings import Owner
from parsers.notice import NoteMeaning, Notice
from tests.claims.kit import ORDER, OWNER, RULES, START, claim_on, confirmed, delivered, said, trouble, wrote

MAILS = (confirmed(seller="Maison Bellac"), delivered(), said(NoteMeaning.NOT_RECEIVED, START, "toujours pas reçu"))


def order(*more: Notice) -> Order:
    """Return an order whose parcel was not received."""
    return orders.fold(ORDER, [*MAILS, *more])


def draft(
    party: ClaimParty = ClaimParty.AMAZON, stage: Stage = Stage.FIRST, owner: Owner = OWNER, **about: Any
) -> tuple[Claim, Draft]:
    """Return a claim and the draft of one of its stages; ``by_mail`` answers the seller by mail."""
    known = about.get("order", order())
    claim = about.get("claim", claim_on(party))
    context = Context(owner=owner, seller_mail=about.get("by_mail", False))
    anomaly = trouble(Code.NOT_RECEIVED, known)
    return claim, compose(claim, known, anomaly, stage, START, RULES, context)


def mail_draft(owner: Owner = OWNER) -> tuple[Claim, Draft]:
    """Return a seller's claim with a first message that goes by mail."""
    return draft(ClaimParty.SELLER, owner=owner, order=order(wrote(START)), by_mail=True)


def read(raw: bytes) -> EmailMessage:
    """Return a message as a mail program reads it."""
    message = message_from_bytes(raw, policy=default)
    assert isinstance(message, EmailMessage)
    assert not message.defects
    return message


def plain(raw: bytes) -> str:
    """Return the plain text, with ordinary spaces."""
    return _part(raw, "plain")


def html(raw: bytes) -> str:
    """Return the HTML, with ordinary spaces."""
    return _part(raw, "html")


def _part(raw: bytes, kind: str) -> str:
    part = read(raw).get_body((kind,))
    assert isinstance(part, EmailMessage)
    return str(part.get_content()).replace("\r\n", "\n").replace("\u00a0", " ").replace("\u202f", " ")


def notice_of(pair: tuple[Claim, Draft], owner: Owner = OWNER, **about: Any) -> bytes:
    """Return the mail that brings a draft to its owner."""
    known: Order = about.get("order", order())
    anomaly = about.get("anomaly", trouble(Code.NOT_RECEIVED, known))
    return draft_notice(pair[1], pair[0], known, anomaly, owner, RULES, about.get("now", START))
