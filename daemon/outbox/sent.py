"""Seeing in the Sent folder that a draft went out, even where a mail program gave it another Message-ID."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from daemon.claims.claim import Channel, Claim, ClaimParty, Draft, DraftState, Stage
from daemon.intake.lookalike import is_seller_relay
from daemon.orders.naming import number_of
from daemon.outbox import ids
from parsers.letter import Letter

ByMail: TypeAlias = tuple[Claim, Draft]
_SELLERS = frozenset({ClaimParty.SELLER, ClaimParty.FBA_SELLER})
_TO_SELLERS = frozenset({Channel.SELLER_MESSAGE, Channel.SELLER_MAIL})
_WAITING = (DraftState.APPROVED, DraftState.DRAFTED)


def was_sent(letter: Letter, drafts: Sequence[ByMail]) -> tuple[str, Stage] | None:
    """Return (claim, stage) of the draft that a mail of the Sent folder shows to have gone out, None for none.

    By the draft's own Message-ID; else, for a mail to the seller written since the draft was made, because it answers
    the draft or the thread that the draft answers, or because it names the order's number.
    """
    waiting = [pair for pair in drafts if pair[1].state in _WAITING]
    if own := _named([letter.message_id], waiting):
        return own
    to_seller = [pair for pair in waiting if _reaches(letter, *pair) and _since(letter, pair[1])]
    threads = {_bare(each) for each in (letter.in_reply_to, *letter.references) if each}
    if answered := _named(threads, to_seller):
        return answered
    same_thread = [pair for pair in to_seller if _bare(pair[1].in_reply_to or "") in threads]
    naming = [pair for pair in to_seller if _names(letter, number_of(pair[0].order_id))]
    return _first([pair for pair in naming if pair in same_thread] or naming or same_thread)


def _named(message_ids: Iterable[str], drafts: Sequence[ByMail]) -> tuple[str, Stage] | None:
    keys = {(key.ref, key.stage) for one in message_ids if (key := ids.parse(one)) and key.kind == "draft"}
    return _first([pair for pair in drafts if (pair[0].ref, pair[1].stage) in keys])


def _reaches(letter: Letter, claim: Claim, draft: Draft) -> bool:
    """Was the mail written to whom the draft is for: its address, or any seller's relay for a claim on a seller?"""
    recipients = [one.lower() for one in letter.to]
    if draft.to and draft.to.lower() in recipients:
        return True
    return claim.party in _SELLERS and draft.channel in _TO_SELLERS and any(map(is_seller_relay, recipients))


def _since(letter: Letter, draft: Draft) -> bool:
    """Was the mail written after the draft was? A mail's date has no fractions of a second."""
    return letter.date >= draft.created_at.replace(microsecond=0)


def _names(letter: Letter, order_id: str) -> bool:
    return any(order_id in text for text in (letter.subject, letter.text, letter.html))


def _first(drafts: Sequence[ByMail]) -> tuple[str, Stage] | None:
    """An approved text before one that is not, the older before the newer."""
    ranked = sorted(drafts, key=lambda pair: (_WAITING.index(pair[1].state), pair[1].created_at, pair[0].ref))
    return (ranked[0][0].ref, ranked[0][1].stage) if ranked else None


def _bare(message_id: str) -> str:
    return message_id.strip().strip("<>")
