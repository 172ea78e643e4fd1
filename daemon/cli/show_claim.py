"""One claim, for people: why, to whom, each text in full, and what its clocks say."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from daemon.application import ClaimView
from daemon.claims.claim import BY_MAIL, OPEN_STATES, Channel, Claim, Draft, DraftState
from daemon.cli import output
from daemon.cli.telling import amount, claim_line, draft_text, due, items, missing, unproven
from daemon.say import say, when
from daemon.wording import explained


def tell(view: ClaimView, now: datetime | None = None) -> None:
    """Print a claim; ``now`` (aware) is the machine's time unless given."""
    now = now or datetime.now(UTC)
    claim, order = view.claim, view.order
    output.line(claim_line(claim))
    parts = (claim.order_id, items(order).replace("\n", ", "), amount(order.total, order.currency))
    output.line(" · ".join(part for part in parts if part), 2)
    output.heading(say("cli.show.why"))
    if view.anomaly is not None:
        output.line(explained(view.anomaly), 2)
        if unproven(order, view.anomaly):
            output.line(say("cli.show.unverified"), 2)
    output.line(say(f"route.{claim.why}"), 2)
    if not claim.recommended:
        output.line(say("cli.show.not_first"), 2)
    _clocks(view, now)
    for draft in claim.drafts:
        tell_draft(draft)
    output.line()
    for step in next_steps(claim):
        output.line(step)


def _clocks(view: ClaimView, now: datetime) -> None:
    claim, windows = view.claim, view.windows
    told = [("opened", claim.opened_at), ("answered", claim.answered_at), ("refund", claim.refund_announced_at)]
    told += [("closed", claim.closed_at)]
    lines = [say(f"cli.clock.{name}", at=when(at)) for name, at in told if at is not None]
    if claim.closed_at is None:
        ahead = [("reminder", windows.reminder_at), ("a_to_z_from", windows.a_to_z_from)]
        ahead += [("a_to_z_safe", windows.a_to_z_safe_from), ("a_to_z_until", windows.a_to_z_until)]
        lines += [say(f"cli.clock.{name}", at=due(at, now)) for name, at in ahead if at is not None]
    output.heading(say("cli.show.clocks"))
    for line in lines:
        output.line(line, 2)


def tell_draft(draft: Draft) -> None:
    """Print one text in full."""
    output.heading(f"{say(f'stage.{draft.stage.value}')} · {say(f'channel.{draft.channel.value}')}")
    output.line(_state(draft), 2)
    if draft.missing and draft.state in OPEN_STATES:
        output.line(say("cli.draft.missing", missing=missing(draft.missing)), 2)
    for title, text in draft_text(draft):
        output.line(f"\n{title}", 2)
        output.line(text, 4)


def _state(draft: Draft) -> str:
    times = {DraftState.APPROVED: draft.approved_at, DraftState.SENT: draft.sent_at}
    at = times.get(draft.state) or draft.created_at
    return f"{say(f'state.{draft.state.value}')}, {when(at)}"


def next_steps(claim: Claim) -> Iterable[str]:
    """Yield what the owner can do now with a claim."""
    open_drafts = [draft for draft in claim.drafts if draft.state in OPEN_STATES]
    if not open_drafts:
        return
    draft = open_drafts[-1]
    if draft.missing:
        yield say("cli.next.complete", ref=claim.ref)
    elif draft.state == DraftState.DRAFTED:
        yield say("cli.next.approve", ref=claim.ref)
    else:
        way = (
            "by_mail" if draft.channel in BY_MAIL else "by_site" if draft.channel == Channel.SHOP_CONTACT else "by_page"
        )
        yield say(f"cli.next.{way}", ref=claim.ref)
    yield say("cli.next.dismiss", ref=claim.ref)
