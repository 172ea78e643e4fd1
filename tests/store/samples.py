"""Invented mails, notices, orders and claims for the store's tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from daemon.claims.claim import Channel, Claim, ClaimParty, Draft, FollowUp, Stage
from daemon.mailbox.base import Arrived, Role, Watermark
from daemon.orders.order import Order
from daemon.store import MailSummary, Store
from parsers.letter import Trust
from parsers.notice import Kind, NoteMeaning, Notice

OWNER = "camille@exemple.fr"
OTHER = "robin@exemple.fr"
ORDER = "404-7719035-2286641"
SECOND = "171-4402918-6650327"
NOW = datetime(2026, 3, 9, 8, 30, 15, 123456, tzinfo=UTC)


def later(**spans: float) -> datetime:
    """Return a moment after ``NOW``."""
    return NOW + timedelta(**spans)


def raw(number: int, size: int = 0) -> bytes:
    """Return an invented mail; different numbers give different mails, ``size`` more bytes are filler."""
    head = f"From: confirmation@exemple.fr\r\nSubject: colis {number}\r\n\r\nBonjour,\r\n"
    return head.encode() + bytes((number * 7 + i * 31 + (i >> 8) * 17) % 256 for i in range(size))


def arrived(uid: int, number: int | None = None, size: int = 0) -> Arrived:
    """Return a mail as a mailbox hands it over, by default with the content of its uid."""
    return Arrived(uid, NOW + timedelta(minutes=uid), raw(uid if number is None else number, size))


def keep(store: Store, *uids: int, owner: str = OWNER, mailbox: str = "maison") -> list[str]:
    """Keep the mails of these uids; return the ids of all mails that wait, in the order of ``pending``."""
    mark = Watermark(7, max(uids, default=0))
    store.mails.keep(owner, mailbox, "INBOX", Role.INBOX, mark, [arrived(uid) for uid in uids], NOW)
    return [mail.mail_id for mail in store.mails.pending(1000) if mail.owner == owner]


def notice(mail_id: str, order_id: str | None = ORDER, **fields: object) -> Notice:
    """Return what a mail says of an order, by default that it was shipped."""
    return Notice.model_validate(
        {"kind": Kind.SHIPPED, "source": mail_id, "at": NOW, "order_id": order_id, "total": Decimal("24.90"), **fields}
    )


def word(order_id: str | None = ORDER) -> Notice:
    """Return the owner's word that nothing came."""
    return Notice(
        kind=Kind.OWNER_REPORT,
        source="",
        at=NOW,
        order_id=order_id,
        trust=Trust.OWNER,
        note="toujours rien reçu",
        note_means=NoteMeaning.NOT_RECEIVED,
    )


def summary(*, understood: bool = True) -> MailSummary:
    """Return what is shown of a mail that was read."""
    return MailSummary("suivi@exemple.fr", "Expédié : « Théière »", "<m1@exemple.fr>", NOW, Trust.SIGNED, understood)


def order(order_id: str = ORDER, **fields: object) -> Order:
    """Return the view of an order."""
    return Order.model_validate({"order_id": order_id, "marketplace": "amazon.fr", "total": Decimal("24.90"), **fields})


def claim(ref: str = "R-7F3K", order_id: str = ORDER, **fields: object) -> Claim:
    """Return a claim against a seller, without drafts."""
    return Claim.model_validate(
        {
            "ref": ref,
            "order_id": order_id,
            "code": "not-received",
            "party": ClaimParty.SELLER,
            "why": "seller_ships",
            "opened_at": NOW,
            **fields,
        }
    )


def draft(ref: str = "R-7F3K", stage: Stage = Stage.FIRST, **fields: object) -> Draft:
    """Return a draft to a seller."""
    return Draft.model_validate(
        {
            "claim": ref,
            "stage": stage,
            "party": ClaimParty.SELLER,
            "channel": Channel.SELLER_MESSAGE,
            "language": "fr",
            "subject": "Colis non reçu",
            "body": "Bonjour,\nle colis annoncé comme livré n’est pas arrivé.",
            "links": (("order", "https://www.amazon.fr/your-orders/orders"),),
            "evidence": ("a" * 64, "report:1"),
            "created_at": NOW,
            **fields,
        }
    )


def follow_up(ref: str = "R-7F3K", stage: Stage = Stage.REMINDER, **after: float) -> FollowUp:
    """Return a follow-up that falls due after ``NOW``."""
    return FollowUp(claim=ref, stage=stage, due_at=later(**after))


class _RolledBack(Exception):
    """Ends a block of which nothing shall be kept."""


@contextmanager
def rolled_back(store: Store) -> Iterator[None]:
    """Join what is done in the block into one transaction, and let it fail in the end."""
    with suppress(_RolledBack), store.transaction():
        yield
        raise _RolledBack
