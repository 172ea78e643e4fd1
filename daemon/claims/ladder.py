"""What to do next for an order's claims: pure, from what is known to the actions that are due.

Each decision is taken from the claims' present state alone, so running the actions and planning again gives nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from daemon.anomalies.anomaly import Anomaly, Certainty
from daemon.claims import settle, tables
from daemon.claims.actions import (
    Action,
    AnnounceRefund,
    CancelFollowUps,
    CloseClaim,
    CompleteFollowUp,
    ComposeStage,
    MarkAnswered,
    MarkDraftAnswered,
    OpenClaim,
    ReopenClaim,
    ScheduleFollowUp,
    WithdrawDraft,
)
from daemon.claims.claim import OPEN_STATES, Claim, DraftState, FollowUp, Outcome, Stage
from daemon.claims.context import Context
from daemon.claims.match import anomaly_of, first_sent_at, sent_draft, troubled_at
from daemon.claims.opening import opened, resumed
from daemon.claims.route import Routing, route
from daemon.claims.tables import Step
from daemon.claims.windows import Windows, deadlines
from daemon.orders.belief import doubted
from daemon.orders.order import Order
from daemon.rules import Rules, Wait

__all__ = ["Context", "Windows", "deadlines", "plan"]

_ARRIVED = frozenset({Outcome.DELIVERED, Outcome.FOUND})


def plan(
    order: Order,
    anomalies: Sequence[Anomaly],
    claims: Sequence[Claim],
    now: datetime,
    rules: Rules,
    context: Context,
    taken: Collection[str] = (),
) -> list[Action]:
    """Return the actions that are due for an order; ``taken`` are the numbers of all claims there are."""
    actions: list[Action] = []
    for claim in claims:
        if claim.closed_at is None:
            actions += _pursued(claim, order, anomalies, claims, now, rules)
    for claim in resumed(order, anomalies, claims, rules):
        actions.append(ReopenClaim(ref=claim.ref))
        actions += [
            WithdrawDraft(ref=claim.ref, stage=stage)
            for stage in settle.open_stages(claim)
            if stage == Stage.WITHDRAWAL
        ]
        actions += _pursued(_without_withdrawal(claim), order, anomalies, claims, now, rules)
    known = {*taken, *(claim.ref for claim in claims)}
    for claim in opened(order, anomalies, claims, now, rules, context, known):
        actions += [OpenClaim(claim=claim), ComposeStage(ref=claim.ref, stage=Stage.FIRST)]
    return actions


def _pursued(
    claim: Claim, order: Order, anomalies: Sequence[Anomaly], claims: Sequence[Claim], now: datetime, rules: Rules
) -> Iterator[Action]:
    """What is due for one open claim."""
    anomaly = anomaly_of(claim, anomalies)
    outcome = settle.outcome(claim, order, anomalies, claims)
    if outcome is None and anomaly is not None:
        outcome = _misrouted(claim, route(order, anomaly, rules)) if _is_sure_of_parties(order) else None
    if outcome is not None:
        yield from _closed(claim, outcome, now)
    elif claim.refund_announced_at is not None:
        yield from _at_rest(claim)
    elif refunded := settle.refund_announced(order, troubled_at(claim, order)):
        yield AnnounceRefund(ref=claim.ref, at=refunded)
        yield from _at_rest(claim)
    else:
        yield from _continued(claim, order, anomaly, now, rules)


def _continued(claim: Claim, order: Order, anomaly: Anomaly | None, now: datetime, rules: Rules) -> Iterator[Action]:
    """What is due for a claim that nothing ended: an answer holds it until the owner says that it solved nothing."""
    reply = settle.answer(claim, order)
    if reply is not None and (claim.answered_at is None or reply.at > claim.answered_at):
        yield MarkAnswered(ref=claim.ref, at=reply.at)
        claim = claim.model_copy(update={"answered_at": reply.at})
    if claim.answered_at is not None and not settle.unsatisfied(claim, order):
        yield from _answered(claim)
    elif anomaly is None or anomaly.certainty != Certainty.CONFIRMED:
        # Nothing ends the claim, but nothing is asserted either: no step falls due until the trouble shows again.
        yield from _without_waits(claim)
    else:
        yield from _advanced(claim, order, now, rules)


def _is_sure_of_parties(order: Order) -> bool:
    """Whether no mail in doubt tells who sold or shipped: such mails contradict each other, and end no claim."""
    told = {source for fact in (order.sold_by, order.shipped_by) if fact for source in fact.sources}
    return not any(doubted(one) for one in order.timeline if one.source in told)


def _misrouted(claim: Claim, routing: Routing) -> Outcome | None:
    """Another party turned out to be responsible, or it is not known any more; and nobody has been written to."""
    if claim.party in {one.party for one in routing.routes} or first_sent_at(claim) is not None:
        return None
    return Outcome.SUPERSEDED if routing.routes else Outcome.GONE


def _closed(claim: Claim, outcome: Outcome, now: datetime) -> Iterator[Action]:
    yield from _at_rest(claim)
    written = first_sent_at(claim) is not None
    if written and outcome in _ARRIVED and not any(one.stage == Stage.WITHDRAWAL for one in claim.drafts):
        yield ComposeStage(ref=claim.ref, stage=Stage.WITHDRAWAL)
    yield CloseClaim(ref=claim.ref, outcome=outcome, at=now)


def _at_rest(claim: Claim) -> Iterator[Action]:
    """No text of the claim has a point any more, and none falls due."""
    for stage in settle.open_stages(claim):
        yield WithdrawDraft(ref=claim.ref, stage=stage)
    yield from _without_waits(claim)


def _without_withdrawal(claim: Claim) -> Claim:
    drafts = tuple(
        one.model_copy(update={"state": DraftState.WITHDRAWN}) if one.stage == Stage.WITHDRAWAL else one
        for one in claim.drafts
    )
    return claim.model_copy(update={"drafts": drafts})


def _without_waits(claim: Claim) -> Iterator[Action]:
    if claim.follow_ups:
        yield CancelFollowUps(ref=claim.ref)


def _answered(claim: Claim) -> Iterator[Action]:
    """An answer holds the ladder: "without an answer from you" would be untrue by now."""
    last = settle.last_sent(claim)
    if last is not None and last.state == DraftState.SENT:
        yield MarkDraftAnswered(ref=claim.ref, stage=last.stage)
    yield from _at_rest(claim)


def _advanced(claim: Claim, order: Order, now: datetime, rules: Rules) -> Iterator[Action]:
    """The next step: its text when it is due, its date before, nothing while the step before was not sent.

    A text that was withdrawn is written anew once its step is due again: the answer that made it pointless solved
    nothing, or the owner took back what it followed from.
    """
    written = {draft.stage: draft for draft in claim.drafts if draft.state != DraftState.WITHDRAWN}
    windows = deadlines(claim, order, rules)
    for step in tables.ladder(rules).steps(claim.party):
        if (draft := written.get(step.stage)) is not None:
            if draft.state in OPEN_STATES and _too_late(step, windows, now):
                yield WithdrawDraft(ref=claim.ref, stage=step.stage)
            continue
        if step.after is None:
            yield ComposeStage(ref=claim.ref, stage=step.stage)
            return
        due = _due_at(step, claim, order, windows, rules)
        if due is None or _too_late(step, windows, max(due, now)):
            yield from _without_waits(claim)
        elif due <= now:
            yield ComposeStage(ref=claim.ref, stage=step.stage)
            if any(one.stage == step.stage for one in claim.follow_ups):
                yield CompleteFollowUp(ref=claim.ref, stage=step.stage)
        elif FollowUp(claim=claim.ref, stage=step.stage, due_at=due) not in claim.follow_ups:
            yield ScheduleFollowUp(follow_up=FollowUp(claim=claim.ref, stage=step.stage, due_at=due))
        return


def _due_at(step: Step, claim: Claim, order: Order, windows: Windows, rules: Rules) -> datetime | None:
    before = sent_draft(claim, step.after) if step.after else None
    if before is None or before.sent_at is None:
        return None
    wait: Wait = getattr(rules.waits, step.wait).value
    due = wait.min.after(before.sent_at, rules.zone(order))
    if step.window is None:
        return due
    return max(due, windows.a_to_z_from) if windows.a_to_z_from and windows.a_to_z_until else None


def _too_late(step: Step, windows: Windows, at: datetime) -> bool:
    return step.window is not None and windows.a_to_z_until is not None and at >= windows.a_to_z_until
