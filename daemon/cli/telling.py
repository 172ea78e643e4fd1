"""Orders, claims and drafts in words, shared by the commands that show them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal

from daemon.anomalies.anomaly import Anomaly
from daemon.claims.claim import Claim, Draft
from daemon.cli.output import clean
from daemon.orders.order import Order
from daemon.say import countdown, known, money, say, when
from parsers.letter import Trust
from parsers.notice import Notice

MARK = "*"
"""Stands behind what nothing proves; a footnote explains it (``cli.show.footnote``)."""


def amount(value: Decimal | None, currency: str | None) -> str:
    """Return an amount, empty for an unknown one."""
    return "" if value is None else money(value, currency)


def items(order: Order) -> str:
    """Return what was bought, one item a line."""
    return "\n".join(f"{item.quantity} × {clean(item.title)}" for item in order.items)


def latest(order: Order) -> str:
    """Return the last thing that a mail or the owner told of the order."""
    if not order.timeline:
        return ""
    return news(order.timeline[-1])


def news(notice: Notice) -> str:
    """Return what a notice tells and when, marked if nothing proves it."""
    marked = f"\n{say('cli.show.not_verified')}{MARK}" if unverified(notice) else ""
    return f"{told(notice)}\n{when(notice.at)}{marked}"


def told(notice: Notice) -> str:
    """Return what a notice says, in a word or two."""
    return say(f"means.{notice.note_means.value}") if notice.note_means else say(f"kind.{notice.kind.value}")


def unverified(notice: Notice) -> bool:
    """Say whether nothing proves that a notice comes from whom it names, be that a sender or the owner."""
    return notice.trust is Trust.UNVERIFIED


def unproven(order: Order, anomaly: Anomaly) -> bool:
    """Say whether a trouble rests on unverified mails alone."""
    return all(unverified(one) for one in order.timeline if one.source in set(anomaly.evidence))


def due(moment: datetime, now: datetime) -> str:
    """Return a moment with how far it is: "Sat 14 Mar 2026, 18:30 (in 2 days)"."""
    told = when(moment)
    far = countdown(moment, now)
    return f"{told.removesuffix(')')}, {far})" if told.endswith(")") else f"{told} ({far})"


def missing(names: Sequence[str]) -> str:
    """Return the facts that a draft still lacks."""
    return ", ".join(say(f"fact.{name}") if known(f"fact.{name}") else name for name in names)


def claim_line(claim: Claim) -> str:
    """Return a claim in one line: its number, what it is about, to whom, and where it stands."""
    about, party = say(f"problem.{claim.code}"), say(f"party.{claim.party.value}")
    if claim.outcome is not None:
        state = say(f"outcome.{claim.outcome.value}")
    elif claim.drafts:
        last = claim.drafts[-1]
        state = f"{say(f'stage.{last.stage.value}')}, {say(f'state.{last.state.value}')}"
    else:
        state = "…"
    return f"{claim.ref}  {about} → {party}  ({state})"


def draft_text(draft: Draft) -> Iterable[tuple[str, str]]:
    """Yield the parts of a draft's text, each with its title."""
    if draft.to:
        yield say("cli.draft.to"), draft.to
    yield say("cli.draft.subject"), draft.subject
    if draft.chat:
        yield say("cli.draft.chat"), draft.chat
    if draft.phone:
        yield say("cli.draft.phone"), draft.phone
    yield say(f"cli.draft.body_{draft.channel.value}"), draft.body
    if draft.links:
        colon = say("cli.heading.colon")
        yield say("cli.draft.links"), "\n".join(f"{say(f'link.{key}')}{colon} {url}" for key, url in draft.links)


def draft_row(claim: Claim, draft: Draft) -> list[str]:
    """Return the cells of a draft in the list of those that wait."""
    about = f"{say(f'problem.{claim.code}')}\n{say(f'stage.{draft.stage.value}')}"
    first = "" if claim.recommended else f"\n{say('cli.drafts.second')}"
    to = f"{say(f'party.{claim.party.value}')}\n{say(f'channel.{draft.channel.value}')}{first}"
    state = say(f"state.{draft.state.value}")
    if draft.missing:
        state += "\n" + say("cli.drafts.incomplete")
    return [claim.ref, claim.order_id, about, to, state]
