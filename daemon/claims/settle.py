"""What ends a claim, or lets it rest: mails and words that came after the trouble."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from daemon.anomalies.anomaly import Anomaly, Certainty, Code
from daemon.claims.claim import OPEN_STATES, Claim, ClaimParty, Draft, DraftState, Outcome, Stage
from daemon.claims.match import (
    SOLVED,
    anomaly_of,
    delivered_at,
    first_sent_at,
    have_it,
    owner_words,
    same_parcel,
    troubled_at,
)
from daemon.orders.belief import believing, doubted
from daemon.orders.order import Order
from parsers.notice import Kind, NoteMeaning, Notice, ReplyMeaning

_ANSWERS = {
    ClaimParty.AMAZON: Kind.SUPPORT_MESSAGE,
    ClaimParty.SELLER: Kind.SELLER_MESSAGE,
    ClaimParty.FBA_SELLER: Kind.SELLER_MESSAGE,
    ClaimParty.SHOP: Kind.SELLER_MESSAGE,
}


def outcome(claim: Claim, order: Order, anomalies: Sequence[Anomaly], claims: Iterable[Claim]) -> Outcome | None:
    """Return why an open claim is over, None while it is not."""
    if any(draft.state == DraftState.DISMISSED for draft in claim.drafts):
        return Outcome.DISMISSED
    anomaly = anomaly_of(claim, anomalies)
    since = troubled_at(claim, order) if anomaly is None else max(troubled_at(claim, order), newest(anomaly, order))
    if order.credited_at is not None and order.credited_at >= since:
        return Outcome.REFUNDED
    if anomaly is not None:
        return None
    return _solved_elsewhere(claim, claims) or _ended(claim, order, anomalies)


def newest(anomaly: Anomaly, order: Order) -> datetime:
    """Return the moment of the newest mail or word that a trouble rests on."""
    return max((one.at for one in order.timeline if one.source in anomaly.evidence), default=anomaly.since)


def _solved_elsewhere(claim: Claim, claims: Iterable[Claim]) -> Outcome | None:
    """One trouble can have two claims (shipped by Amazon, sold by another): what solves one solves both."""
    twins = [one for one in claims if (one.code, one.parcel) == (claim.code, claim.parcel) and one.party != claim.party]
    # A twin that was closed before may have a successor: only the newest one counts.
    twin = max(twins, key=lambda one: one.opened_at, default=None)
    if twin is None or twin.closed_at is None or twin.closed_at < claim.opened_at:
        return None
    return twin.outcome if twin.outcome in SOLVED else None


def _ended(claim: Claim, order: Order, anomalies: Sequence[Anomaly]) -> Outcome | None:
    """Why a trouble no longer shows. Mails in doubt are no reason."""
    since = troubled_at(claim, order)
    order = believing(order)
    if there := have_it(order, since):
        return there
    if order.cancelled_at is not None and order.cancelled_at >= since:
        return Outcome.CANCELLED
    late = claim.code == Code.DELIVERY_LATE
    if late and (contested := contested_delivery(claim.parcel, anomalies)):
        return Outcome.SUPERSEDED if contested.certainty == Certainty.CONFIRMED else None
    arrived = delivered_at(order, claim.parcel)
    if arrived is not None and (late or arrived > since):
        return Outcome.DELIVERED
    # A later promise, or the owner took back their word. What was sent is not forgotten: such a claim rests.
    waits_for_money = claim.refund_announced_at is not None or refund_announced(order, since) is not None
    return Outcome.GONE if first_sent_at(claim) is None and not waits_for_money else None


def contested_delivery(parcel: str, anomalies: Iterable[Anomaly]) -> Anomaly | None:
    """Return the trouble that says that a delivery is doubted: then it does not end a claim of lateness."""
    doubted = [one for one in anomalies if one.code == Code.NOT_RECEIVED and same_parcel(one.parcel, parcel)]
    return max(doubted, key=lambda one: one.certainty == Certainty.CONFIRMED, default=None)


def refund_announced(order: Order, since: datetime) -> datetime | None:
    """Return when a refund was first announced after ``since``, by a mail that is not in doubt."""
    times = [one.at for one in order.timeline if one.kind == Kind.REFUNDED and one.at >= since and not doubted(one)]
    return min(times, default=None)


def answer(claim: Claim, order: Order) -> Notice | None:
    """Return the party's newest answer to what was sent; neither an automatic one nor one in doubt is an answer."""
    sent = first_sent_at(claim)
    if sent is None:
        return None
    kind = _ANSWERS[claim.party]
    answers = (one for one in reversed(order.timeline) if one.kind == kind and one.at > sent and not doubted(one))
    return next((one for one in answers if one.reply_means != ReplyMeaning.AUTOMATIC), None)


def unsatisfied(claim: Claim, order: Order) -> bool:
    """Say whether the owner reported the trouble again after the party's answer: then the answer solved nothing."""
    said = [one.note_means for one in owner_words(order) if claim.answered_at and one.at > claim.answered_at]
    return bool(said) and said[-1] == NoteMeaning.NOT_RECEIVED


def open_stages(claim: Claim) -> list[Stage]:
    """Return the stages whose text is still before the owner."""
    return [draft.stage for draft in claim.drafts if draft.state in OPEN_STATES]


def last_sent(claim: Claim) -> Draft | None:
    """Return the draft that went out last."""
    sent = [(draft.sent_at, draft) for draft in claim.drafts if draft.sent_at is not None]
    return max(sent, key=lambda one: one[0])[1] if sent else None
