"""What must stand in the owner's mailbox for an order: pure, from what is known to what is to be placed.

The wish is derived from the claims' present state and compared with what was
placed before, so planning twice, or after a crash, asks for nothing new.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

from daemon import claims as core
from daemon.anomalies.anomaly import Anomaly, Certainty
from daemon.claims.claim import BY_MAIL, OPEN_STATES, Claim, Draft, DraftState, Outcome, Stage
from daemon.claims.context import Context
from daemon.mailbox.base import Role
from daemon.orders.order import Order
from daemon.outbox import ids
from daemon.outbox.drafts import draft_message
from daemon.outbox.inbox import closing_notice, draft_notice, question_notice
from daemon.rules import Rules

DRAFTS = "drafts"
INBOX = Role.INBOX.value
_GONE = frozenset({DraftState.WITHDRAWN, DraftState.DISMISSED})


@dataclass(frozen=True, slots=True)
class Placing:
    """A message to put into a folder, or (``remove``) one of ours to take out again."""

    kind: str
    """``draft``, ``notice``, ``question``, ``closing`` or ``alert``."""
    ref: str
    stage: str
    message_id: str
    folder: str = INBOX
    raw: bytes = b""
    remove: bool = False


class Placed(Protocol):
    """A message that was placed, or is intended to be, and not removed since."""

    @property
    def kind(self) -> str: ...  # noqa: D102 - as in Placing
    @property
    def ref(self) -> str: ...  # noqa: D102
    @property
    def stage(self) -> str: ...  # noqa: D102
    @property
    def message_id(self) -> str: ...  # noqa: D102
    @property
    def is_open(self) -> bool: ...  # noqa: D102 - intended, and not there yet


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything that the wishes for one order depend on."""

    order: Order
    anomalies: Sequence[Anomaly]
    claims: Sequence[Claim]
    revisions: Mapping[tuple[str, Stage], int]
    context: Context
    rules: Rules
    now: datetime
    ask_within: timedelta

    def message_id(self, ref: str, stage: str, kind: str, revision: int = 1) -> str:
        """Return the fixed Message-ID of one of our messages."""
        return ids.message_id(ref, stage, kind, revision, self.context.owner)


def placings(desk: Desk, placed: Iterable[Placed]) -> list[Placing]:
    """Return what is still to be placed or removed for an order. Only what is not there yet is written."""
    there = {one.message_id: one for one in placed}
    wanted = {
        one.message_id: one
        for claim in desk.claims
        for draft in claim.drafts
        if draft.state in OPEN_STATES
        for one in [_of_draft(desk, claim, draft)]
    }
    wanted |= {one.message_id: one for one in _questions(desk)}
    # What was shown may be gone from Drafts by now; that it is to be told proves that it had been there.
    shown = {one.ref for one in there.values() if not one.is_open or one.kind == "closing"}
    wanted |= {one.message_id: one for one in _closings(desk, shown)}
    new = [replace(one.placing, raw=one.written()) for key, one in wanted.items() if key not in there]
    return [*new, *_obsolete(desk, there, wanted)]


@dataclass(frozen=True, slots=True)
class _Wish:
    """A message that is to be there, and how it is written."""

    placing: Placing
    written: Callable[[], bytes]

    @property
    def message_id(self) -> str:
        return self.placing.message_id


def _of_draft(desk: Desk, claim: Claim, draft: Draft) -> _Wish:
    revision = desk.revisions.get((claim.ref, draft.stage), 1)
    owner = desk.context.owner
    if draft.channel in BY_MAIL and not draft.missing:
        message_id = desk.message_id(claim.ref, draft.stage, "draft", revision)
        placing = Placing("draft", claim.ref, draft.stage, message_id, DRAFTS)
        return _Wish(placing, lambda: draft_message(draft, claim, owner, revision))
    anomaly = core.anomaly_of(claim, desk.anomalies)
    message_id = desk.message_id(claim.ref, draft.stage, "notice", revision)
    return _Wish(
        Placing("notice", claim.ref, draft.stage, message_id),
        lambda: draft_notice(draft, claim, desk.order, anomaly, owner, desk.rules, desk.now, revision),
    )


def _questions(desk: Desk) -> Iterator[_Wish]:
    for anomaly in desk.anomalies:
        ask = anomaly.ask
        if anomaly.certainty == Certainty.CONFIRMED:
            ask = core.route(desk.order, anomaly, desk.rules).ask
        if not ask or desk.now - anomaly.since > desk.ask_within:
            continue
        ref = ids.question_ref(desk.order.order_id, anomaly.parcel)
        about = (desk.order, anomaly, ask, desk.context.owner, desk.rules, desk.now)
        placing = Placing("question", ref, ask, desk.message_id(ref, ask, "question"))
        yield _Wish(placing, partial(question_notice, *about))


def _closings(desk: Desk, shown: set[str]) -> Iterator[_Wish]:
    """Tell that a claim is over, if its owner had been shown something to send."""
    for claim in desk.claims:
        if claim.closed_at is None or claim.outcome in (None, Outcome.DISMISSED) or claim.ref not in shown:
            continue
        if any(draft.state in OPEN_STATES for draft in claim.drafts):
            continue
        about = (claim, desk.order, desk.context.owner, desk.rules, desk.now)
        placing = Placing("closing", claim.ref, "closing", desk.message_id(claim.ref, "closing", "closing"))
        yield _Wish(placing, partial(closing_notice, *about))


def _obsolete(desk: Desk, there: Mapping[str, Placed], wanted: Container[str]) -> Iterator[Placing]:
    """Drafts of ours whose text was withdrawn, dismissed or replaced, and whatever has no point before it is there.

    A draft in its folder that was sent is left alone, and so is a mail to the owner whose text still stands or was
    withdrawn: they may have read it, and the closing notice answers it. One with a text that was changed goes.
    """
    states = {(claim.ref, draft.stage.value): draft.state for claim in desk.claims for draft in claim.drafts}
    for one in there.values():
        state = states.get((one.ref, one.stage))
        replaced = one.kind in ("draft", "notice") and state in OPEN_STATES
        withdrawn = one.kind == "draft" and state in _GONE
        if (one.is_open or replaced or withdrawn) and one.message_id not in wanted:
            folder = DRAFTS if one.kind == "draft" else INBOX
            yield Placing(one.kind, one.ref, one.stage, one.message_id, folder, remove=True)
