"""Answers to our mails: they speak of the order that the answered mail was about, though they name none.

The owner answers what relance wrote to them, and a shop what the owner sent it. (Amazon's sellers answer through its
relay, which their parser knows.)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Protocol

from daemon.orders.naming import shop_of
from daemon.outbox import ids
from parsers.letter import Letter, Trust
from parsers.notice import Kind, NoteMeaning, Notice, ReplyMeaning
from parsers.owner.parser import meaning
from parsers.shops import vocabulary


class Read(Protocol):
    """What one mail gave so far."""

    @property
    def letters(self) -> tuple[Letter, ...]: ...  # noqa: D102 - as in Reading
    @property
    def notices(self) -> tuple[Notice, ...]: ...  # noqa: D102


def read(reading: Read, order_of: Callable[[str], str | None]) -> list[Notice]:
    """Return what a mail reports as an answer; nothing of an order whose number it names, for that was read already.

    ``order_of`` tells the order of a claim's or a question's number, None for one that is not this owner's.
    """
    told = {one.order_id for one in reading.notices if one.kind == Kind.OWNER_REPORT}
    return [one for letter in reading.letters for one in _answer(letter, order_of) if one.order_id not in told]


def _answer(letter: Letter, order_of: Callable[[str], str | None]) -> Iterator[Notice]:
    key = next(filter(None, map(ids.parse, (letter.in_reply_to, *letter.references))), None)
    if key is not None and key.kind == "draft":
        yield from _of_shop(letter, order_of(key.ref))
    if key is None or letter.trust != Trust.OWNER or not letter.note:
        return
    means, order_id = meaning(letter.note), order_of(key.ref)
    if order_id is not None and means != NoteMeaning.NONE:
        yield Notice(
            kind=Kind.OWNER_REPORT,
            source=letter.mail_id,
            at=letter.received_at,
            trust=letter.trust,
            order_id=order_id,
            note=letter.note,
            note_means=means,
        )


def _of_shop(letter: Letter, order_id: str | None) -> Iterator[Notice]:
    """Yield the answer of the shop whose order it is: whoever else answers there proves nothing."""
    shop = shop_of(order_id) if order_id else None
    if shop is None or letter.trust == Trust.FORGED or vocabulary.domain_of(letter.sender.rpartition("@")[2]) != shop:
        return
    automatic = vocabulary.is_automatic(letter.subject, letter.text)
    yield Notice(
        kind=Kind.SELLER_MESSAGE,
        source=letter.mail_id,
        at=letter.date,
        trust=letter.trust,
        marketplace=shop,
        order_id=order_id,
        reply_means=ReplyMeaning.AUTOMATIC if automatic else ReplyMeaning.UNCLEAR,
        reply_to=next((one for one in (letter.reply_to, letter.sender) if _is_at(one, shop)), None),
        message_id=letter.message_id or None,
        subject=letter.subject or None,
    )


def _is_at(address: str, shop: str) -> bool:
    return vocabulary.is_read(address) and vocabulary.domain_of(address.rpartition("@")[2]) == shop
