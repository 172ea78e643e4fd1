"""Invented orders, and a mailbox owner who acts on claims: everything that these tests share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from daemon import anomalies, claims, orders
from daemon.anomalies.anomaly import Anomaly, Certainty, Code
from daemon.claims.actions import (
    Action,
    AddDraft,
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
from daemon.claims.claim import OPEN_STATES, Claim, ClaimParty, Draft, DraftState, FollowUp, Stage
from daemon.claims.context import Context
from daemon.orders.order import Order
from daemon.rules import Rules, load
from daemon.settings import Language, Owner
from parsers.letter import Trust
from parsers.notice import Item, Kind, NoteMeaning, Notice, Party, ReplyMeaning

RULES: Rules = load()
ORDER = "404-7719035-2286641"
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
OWNER = Owner(name="Camille Roux", addresses=("camille.roux@example.org",), language=Language.FR, country="FR")
ENGLISH = Owner(name="Alex Moore", addresses=("alex.moore@example.org",), language=Language.EN, country="GB")
FRENCH = Context(owner=OWNER)
RELAY = "k3v9q2zt7p1m5@marketplace.amazon.fr"
WHY = {
    ClaimParty.AMAZON: "sold_and_shipped_by_amazon",
    ClaimParty.FBA_SELLER: "shipped_by_amazon",
    ClaimParty.SELLER: "sold_and_shipped_by_seller",
    ClaimParty.SHOP: "sold_by_shop",
}


def notice(kind: Kind, at: datetime, **fields: Any) -> Notice:
    """Return a mail about the order; its source is derived from what and when."""
    source = fields.pop("source", f"{kind.value}@{at.isoformat()}")
    given = {"order_id": ORDER, "marketplace": "amazon.fr", "retailer": "amazon", "trust": Trust.SIGNED}
    return Notice(kind=kind, at=at, source=source, **(given | fields))


def confirmed(
    at: datetime = START - timedelta(days=7),
    *,
    sold_by: Party | None = Party.AMAZON,
    shipped_by: Party | None = Party.AMAZON,
    promised: date | None = date(2026, 3, 1),
    **fields: Any,
) -> Notice:
    """Return the confirmation of an order for a kettle."""
    given: dict[str, Any] = {
        "items": (Item(title="Bouilloire Brisemont en inox 1,7 L", price=Decimal("49.90")),),
        "total": Decimal("49.90"),
        "currency": "EUR",
        "promised_to": promised,
        "sold_by": sold_by,
        "shipped_by": shipped_by,
        "seller": "Maison Bellac" if sold_by == Party.THIRD_PARTY else None,
        "subject": "Commandé : « Bouilloire Brisemont... »",
    }
    return notice(Kind.CONFIRMED, at, **(given | fields))


def delivered(at: datetime = START, **fields: Any) -> Notice:
    """Return the mail that says that the parcel was delivered."""
    return notice(Kind.DELIVERED, at, subject="Livré : « Bouilloire Brisemont... »", **fields)


def said(meaning: NoteMeaning, at: datetime, note: str = "") -> Notice:
    """Return a word of the owner."""
    return notice(Kind.OWNER_REPORT, at, trust=Trust.OWNER, note=note or None, note_means=meaning)


def wrote(at: datetime, means: ReplyMeaning = ReplyMeaning.UNCLEAR, kind: Kind = Kind.SELLER_MESSAGE) -> Notice:
    """Return a message of the seller (or of customer service)."""
    fields: dict[str, Any] = {"subject": "Votre commande", "message_id": f"<m{at.timestamp():.0f}@example.net>"}
    if kind == Kind.SELLER_MESSAGE:
        fields["reply_to"] = RELAY
    return notice(kind, at, reply_means=means, **fields)


class Desk:
    """An owner's claims on one order: mails come, time goes by, drafts are sent; every step plans anew."""

    def __init__(self, *notices: Notice, now: datetime = START, context: Context = FRENCH) -> None:
        self.notices = list(notices)
        self.now = now
        self.context = context
        self.claims: list[Claim] = []
        self.taken: set[str] = set()

    @property
    def order(self) -> Order:
        """The order as its mails show it."""
        return orders.fold(ORDER, self.notices).model_copy(update={"pursued": claims.pursuit(self.claims)})

    def found(self) -> list[Anomaly]:
        """What is wrong now."""
        return anomalies.find(self.order, self.now, RULES)

    def plan(self) -> list[Action]:
        """What is due now."""
        return claims.plan(self.order, self.found(), self.claims, self.now, RULES, self.context, self.taken)

    def step(self, *notices: Notice, hours: float = 0) -> list[Action]:
        """Let mails come or time go by, then do what is due and return it."""
        self.notices += notices
        self.now = max([self.now + timedelta(hours=hours), *(one.at for one in notices)])
        actions = self.plan()
        self.run(actions)
        return actions

    def run(self, actions: Iterable[Action]) -> None:
        """Apply actions as the store does."""
        order, found = self.order, self.found()
        for action in actions:
            if isinstance(action, OpenClaim):
                assert action.claim.ref not in {claim.ref for claim in self.claims}
                self.claims.append(action.claim)
                self.taken.add(action.claim.ref)
            elif isinstance(action, ComposeStage):
                claim = self.claim(action.ref)
                anomaly = claims.anomaly_of(claim, found)
                draft = claims.compose(claim, order, anomaly, action.stage, self.now, RULES, self.context)
                self._replace(applied(claim, AddDraft(draft=draft)))
            else:
                self._replace(applied(self.claim(_ref(action)), action))

    def claim(self, ref: str) -> Claim:
        """Return a claim by its number."""
        return next(claim for claim in self.claims if claim.ref == ref)

    def only(self) -> Claim:
        """Return the one claim there is."""
        (claim,) = self.claims
        return claim

    def send(self, ref: str, stage: Stage) -> None:
        """The owner sends a draft, and says so."""
        self._set(ref, stage, state=DraftState.SENT, sent_at=self.now)

    def dismiss(self, ref: str, stage: Stage) -> None:
        """The owner does not want a draft."""
        self._set(ref, stage, state=DraftState.DISMISSED)

    def _set(self, ref: str, stage: Stage, **fields: Any) -> None:
        self._replace(with_draft(self.claim(ref), stage, **fields))

    def _replace(self, claim: Claim) -> None:
        self.claims = [claim if one.ref == claim.ref else one for one in self.claims]


def _ref(action: Action) -> str:
    if isinstance(action, AddDraft):
        return action.draft.claim
    if isinstance(action, ScheduleFollowUp):
        return action.follow_up.claim
    return str(action.ref)  # type: ignore[union-attr]


def with_draft(claim: Claim, stage: Stage, **fields: Any) -> Claim:
    """Return a claim with a draft changed."""
    drafts = tuple(one.model_copy(update=fields) if one.stage == stage else one for one in claim.drafts)
    return claim.model_copy(update={"drafts": drafts})


def applied(claim: Claim, action: Action) -> Claim:  # noqa: C901 - one branch for each action
    """Return a claim after an action, by the actions' own words."""
    changes: dict[str, Any] = {}
    match action:
        case AddDraft():
            before = draft_of(claim, action.draft.stage)
            if before is None or before.state == DraftState.WITHDRAWN:
                changes["drafts"] = (*(one for one in claim.drafts if one != before), action.draft)
        case WithdrawDraft():
            draft = draft_of(claim, action.stage)
            assert draft is not None
            assert draft.state in OPEN_STATES, "only what was not sent can be withdrawn"
            return with_draft(claim, action.stage, state=DraftState.WITHDRAWN)
        case MarkDraftAnswered():
            return with_draft(claim, action.stage, state=DraftState.ANSWERED)
        case ScheduleFollowUp():
            changes["follow_ups"] = (*_others(claim, action.follow_up.stage), action.follow_up)
        case CompleteFollowUp():
            changes["follow_ups"] = _others(claim, action.stage)
        case CancelFollowUps():
            changes["follow_ups"] = ()
        case CloseClaim():
            changes |= {"closed_at": action.at, "outcome": action.outcome, "follow_ups": ()}
        case ReopenClaim():
            changes |= {"closed_at": None, "outcome": None}
        case AnnounceRefund():
            changes["refund_announced_at"] = action.at
        case MarkAnswered():
            changes["answered_at"] = action.at
        case _:
            raise AssertionError(action)
    return claim.model_copy(update=changes)


def draft_of(claim: Claim, stage: Stage) -> Draft | None:
    """Return the draft of a stage."""
    return next((one for one in claim.drafts if one.stage == stage), None)


def _others(claim: Claim, stage: Stage) -> tuple[FollowUp, ...]:
    return tuple(one for one in claim.follow_ups if one.stage != stage)


def composed(actions: Sequence[Action]) -> list[tuple[str, Stage]]:
    """Return the texts that a plan asks for."""
    return [(one.ref, one.stage) for one in actions if isinstance(one, ComposeStage)]


def trouble(code: Code, order: Order, *, at: datetime = START + timedelta(days=2)) -> Anomaly:
    """Return a confirmed trouble that rests on every mail of the order."""
    return Anomaly(
        code=code,
        order_id=order.order_id,
        certainty=Certainty.CONFIRMED,
        since=at,
        claim_from=at,
        evidence=tuple(one.source for one in order.timeline),
        reason="late_told" if code == Code.DELIVERY_LATE else "not_received_told",
        facts={
            "promised": "2026-03-01",
            "delivered": "2026-03-02T10:00+01:00",
            "reported": "2026-03-04T10:00+01:00",
        },
    )


def claim_on(party: ClaimParty, code: Code = Code.NOT_RECEIVED, ref: str = "R-7F3K") -> Claim:
    """Return a claim that was just opened."""
    opened_at = START + timedelta(days=2, hours=1)
    return Claim(ref=ref, order_id=ORDER, code=code.value, party=party, why=WHY[party], opened_at=opened_at)


def sent(draft: Draft, at: datetime) -> Draft:
    """Return a draft that went out."""
    return draft.model_copy(update={"state": DraftState.SENT, "sent_at": at})
