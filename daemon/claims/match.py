"""Which trouble a claim is about, and since when: mails that come later may name a parcel that had no name before."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from daemon.anomalies.anomaly import Anomaly
from daemon.claims.claim import Claim, Draft, Outcome, Stage
from daemon.orders.belief import doubted
from daemon.orders.order import Order, Pursuit
from parsers.notice import Kind, NoteMeaning, Notice

SOLVED = frozenset({Outcome.DELIVERED, Outcome.REFUNDED, Outcome.CANCELLED, Outcome.FOUND})
"""Outcomes that end the trouble itself, whoever brought them about."""
_HAVE_IT = {NoteMeaning.FOUND: Outcome.FOUND, NoteMeaning.RECEIVED: Outcome.DELIVERED}


def same_parcel(one: str, other: str) -> bool:
    """Say whether two parcel keys can mean one parcel: ``""`` is the whole order, or a parcel not yet named."""
    return one == other or not one or not other


def pursuit(claims: Iterable[Claim]) -> Pursuit:
    """Return what the open ones of an order's claims rest on, and when a party was first written to."""
    pursued = [claim for claim in claims if claim.closed_at is None]
    drafts = [draft for claim in pursued for draft in claim.drafts if draft.stage == Stage.FIRST]
    written = (first_sent_at(claim) for claim in pursued)
    return Pursuit(
        evidence=tuple(sorted({source for draft in drafts for source in draft.evidence})),
        written_at=min((at for at in written if at is not None), default=None),
    )


def anomaly_of(claim: Claim, anomalies: Iterable[Anomaly]) -> Anomaly | None:
    """Return the trouble that a claim is about, None when it no longer shows."""
    about = [one for one in anomalies if one.code.value == claim.code and same_parcel(one.parcel, claim.parcel)]
    return next((one for one in about if one.parcel == claim.parcel), about[0] if about else None)


def sent_draft(claim: Claim, stage: Stage) -> Draft | None:
    """Return the draft of a stage if it went out."""
    return next((one for one in claim.drafts if one.stage == stage and one.sent_at is not None), None)


def first_sent_at(claim: Claim) -> datetime | None:
    """Return when the party was first written to, None if it was not."""
    return min((one.sent_at for one in claim.drafts if one.sent_at is not None), default=None)


def troubled_at(claim: Claim, order: Order) -> datetime:
    """Return the moment after which a mail can settle the claim: that of the newest mail it rests on.

    Not the claim's opening, which may be later: mails that lay unread while relance stood still settle it too.
    """
    sources = {source for draft in claim.drafts if draft.stage == Stage.FIRST for source in draft.evidence}
    newest = max((one.at for one in order.timeline if one.source in sources), default=claim.opened_at)
    return min(newest, claim.opened_at)


def have_it(order: Order, after: datetime) -> Outcome | None:
    """Return FOUND or DELIVERED when the owner's last word after ``after`` says that the goods are there."""
    said = [one for one in owner_words(order) if one.at >= after and one.note_means is not None]
    return _HAVE_IT.get(said[-1].note_means) if said and said[-1].note_means else None


def owner_words(order: Order) -> list[Notice]:
    """Return what the owner said of an order, oldest first; not what others may have said in their name."""
    silent = {None, NoteMeaning.NONE}
    said = [one for one in order.timeline if one.kind == Kind.OWNER_REPORT and not doubted(one)]
    return [one for one in said if one.note_means not in silent]


def delivered_at(order: Order, parcel: str) -> datetime | None:
    """Return when tracking says that a parcel (``""``: any of the order) was delivered, the latest time."""
    named = [one for one in order.parcels if one.key == parcel and parcel]
    near = named or [one for one in order.parcels if same_parcel(one.key, parcel)]
    return max((one.delivered_at for one in near if one.delivered_at), default=None)
