"""Deciding: what the owner says and decides, and taking it back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from daemon import anomalies
from daemon.application.heard import HEARD_ONLY
from daemon.application.looking import Looking
from daemon.application.results import (
    Change,
    Effect,
    EmptyText,
    LaterStep,
    NotApprovable,
    NotApproved,
    NothingToUndo,
    NotYetWritten,
)
from daemon.claims.actions import Action, AddDraft, CloseClaim, OpenClaim, ReopenClaim, ScheduleFollowUp, WithdrawDraft
from daemon.claims.claim import OPEN_STATES, Claim, Draft, DraftState
from daemon.claims.letter import still_blank
from daemon.store import Decision
from parsers.letter import Trust
from parsers.notice import Kind, NoteMeaning, Notice, Party


class Deciding(Looking):
    """The use cases that write down a word or a decision; each is one transaction with what follows from it."""

    def report(self, order_id: str, means: NoteMeaning, note: str | None = None, *, owner: str | None = None) -> Change:
        """Write down what the owner says of an order. Raises ``OrderUnknown``, ``OrderAmbiguous``, ``OwnerUnknown``."""
        return self._told(order_id, "report", owner, note=note, note_means=means)

    def correct(
        self,
        order_id: str,
        sold_by: Party | None = None,
        shipped_by: Party | None = None,
        *,
        owner: str | None = None,
    ) -> Change:
        """Write down who sells or ships, as the owner knows it. Raises as ``report`` does."""
        return self._told(order_id, "correct", owner, sold_by=sold_by, shipped_by=shipped_by)

    def _told(self, order_id: str, what: str, whose: str | None, **facts: object) -> Change:
        owner, order = self._order(order_id, whose)
        order_id = order.order_id
        now = self._clock.now()
        common = {"kind": Kind.OWNER_REPORT, "source": "report:0", "at": now, "trust": Trust.OWNER}
        about = {"order_id": order_id, "retailer": order.retailer, "marketplace": order.marketplace}
        notice = Notice.model_validate({**common, **about, **facts})
        with self.pipeline.transaction():
            word = self._store.words.add(owner, notice, now)
            said = {name: str(value) for name, value in facts.items() if value is not None}
            decision = self._store.decisions.record(owner, what, order_id, {}, {"word": word, "said": said}, now)
            change = self._change(decision, what, owner, order_id, order_id)
            waiting = () if change.effects else self._waiting(owner, order_id, notice)
            return replace(change, said=said, effects=change.effects + tuple(waiting))

    def _waiting(self, owner: str, order_id: str, word: Notice) -> Iterable[Effect]:
        """Say why nothing follows from a word of the owner, and what is to come."""
        view = self.order(order_id, owner)
        if early := anomalies.too_early(view.order, self._clock.now(), self._rules):
            yield Effect(early.reason, {"order": order_id, **early.facts})
        elif open_ones := [claim for claim in view.claims if claim.closed_at is None]:
            yield from (Effect("claim_stands", {"ref": claim.ref, "party": claim.party.value}) for claim in open_ones)
        elif view.questions:
            yield from (Effect("question", {"order": order_id, "question": each}) for each in view.questions)
        elif word.note_means in HEARD_ONLY:
            yield Effect("heard_only", {"order": order_id})
        else:
            yield Effect("nothing_open", {"order": order_id})

    # ── what the owner decides ────────────────────────────────────────────

    def edit(
        self,
        ref: str,
        *,
        subject: str | None = None,
        body: str | None = None,
        chat: str | None = None,
        phone: str | None = None,
    ) -> Change:
        """Change a draft's text; it needs a new approval. Raises ``ClaimUnknown``, ``NothingOpen``, ``EmptyText``."""
        owner, claim, draft = self._open_draft(ref)
        now = self._clock.now()
        given = {"subject": subject and " ".join(subject.split()), "body": body, "chat": chat, "phone": phone}
        if any(text is not None and not text.strip() for text in given.values()):
            raise EmptyText(claim.ref)
        new = draft.model_copy(update={key: text for key, text in given.items() if text is not None})
        with self.pipeline.transaction():
            missing = new.missing if still_blank(new) else ()
            texts = (new.subject, new.body, new.chat, new.phone)
            self._store.claims.edit(claim.ref, draft.stage, *texts, now, missing=missing)
            return self._decided("edit", owner, claim, draft, now)

    def approve(self, ref: str) -> Change:
        """Approve the exact text of the open draft; one that is approved stays so, and no decision is written.

        Raises ``ClaimUnknown``, ``NothingOpen``, ``NotApprovable``.
        """
        owner, claim, draft = self._open_draft(ref)
        if draft.state == DraftState.APPROVED:
            return Change(None, "approved_already", claim.ref, stage=draft.stage)
        if draft.missing:
            raise NotApprovable(ref, draft.missing)
        now = self._clock.now()
        with self.pipeline.transaction():
            approved = {"content_hash": draft.content_hash}
            self._store.claims.set_state(claim.ref, draft.stage, DraftState.APPROVED, now, **approved)
            return self._decided("approve", owner, claim, draft, now)

    def sent(self, ref: str, at: datetime | None = None) -> Change:
        """Note that the owner sent the approved draft: the clock starts at ``at`` (now by default).

        Raises ``ClaimUnknown``, ``NothingOpen``, ``NotApproved``, and ``NotYetWritten`` for a time before the text.
        """
        owner, claim, draft = self._open_draft(ref)
        if draft.state != DraftState.APPROVED:
            raise NotApproved(claim.ref, draft.stage)
        if at is not None and at < draft.created_at.replace(second=0, microsecond=0):
            raise NotYetWritten(claim.ref, draft.created_at)
        now = self._clock.now()
        with self.pipeline.transaction():
            self._store.claims.set_state(claim.ref, draft.stage, DraftState.SENT, at or now)
            return self._decided("sent", owner, claim, draft, now)

    def dismiss(self, ref: str) -> Change:
        """Dismiss the open draft and close its claim. Raises ``ClaimUnknown``, ``NothingOpen``."""
        owner, claim, draft = self._open_draft(ref)
        now = self._clock.now()
        with self.pipeline.transaction():
            self._store.claims.set_state(claim.ref, draft.stage, DraftState.DISMISSED, now)
            return self._decided("dismiss", owner, claim, draft, now)

    def _decided(self, what: str, owner: str, claim: Claim, before: Draft, now: datetime) -> Change:
        after = _draft_of(self._claim(claim.ref)[1], before.stage)
        snapshots = ({"draft": before.model_dump(mode="json")}, {"draft": after.model_dump(mode="json")})
        decision = self._store.decisions.record(owner, what, claim.ref, *snapshots, now)
        return self._change(decision, what, owner, claim.order_id, claim.ref, before.stage)

    # ── undo ──────────────────────────────────────────────────────────────

    def undo(self, decision_id: int | None = None) -> Change:
        """Take back the last decision, or the one named. Raises ``NothingToUndo``, ``LaterStep``."""
        decision = self._to_undo(decision_id)
        now = self._clock.now()
        with self.pipeline.transaction():
            order_id = self._taken_back(decision, now)
            self._store.decisions.mark_undone(decision.id, now)
            undone = Change(decision.id, "undo", decision.subject)
            if order_id is not None:
                undone = self._change(decision.id, "undo", decision.owner, order_id, decision.subject)
            return replace(undone, undone=decision.what, stage=stage_of(decision), said=said_in(decision))

    def _to_undo(self, decision_id: int | None) -> Decision:
        decisions = self._store.decisions.all()
        open_ones = [one for one in decisions if one.undone_at is None]
        if decision_id is not None:
            open_ones = [one for one in open_ones if one.id == decision_id]
        if not open_ones:
            raise NothingToUndo(decision_id, undone=any(one.id == decision_id for one in decisions))
        chosen = open_ones[-1]
        later = [one for one in decisions if one.id > chosen.id and one.undone_at is None]
        if "draft" in chosen.before and any(one.subject == chosen.subject for one in later):
            raise LaterStep(chosen.subject)
        return chosen

    def _taken_back(self, decision: Decision, now: datetime) -> str | None:
        """Restore what a decision changed; return the order that it concerns."""
        if "word" in decision.after:
            self._store.words.withdraw(int(decision.after["word"]))
            return decision.subject
        if "mail" in decision.after:
            self._store.mails.undrop(decision.owner, str(decision.after["mail"]))
            return None
        _, claim = self._claim(decision.subject)
        before, after = (Draft.model_validate(one["draft"]) for one in (decision.before, decision.after))
        present = _draft_of(claim, before.stage)
        if (present.state, present.content_hash) != (after.state, after.content_hash):
            raise LaterStep(claim.ref)  # withdrawn by itself, answered, or seen to have been sent
        later = [one for one in claim.drafts if one.created_at > before.created_at and one.stage != before.stage]
        if any(one.sent_at is not None for one in later):
            raise LaterStep(claim.ref)
        # A text that followed by itself and was not sent goes with what it followed from.
        gone = [WithdrawDraft(ref=claim.ref, stage=one.stage) for one in later if one.state in OPEN_STATES]
        self._store.claims.apply(decision.owner, gone, now)
        self._store.claims.restore_draft(claim.ref, before.stage, decision.before["draft"], now)
        if claim.closed_at is not None:
            # If it is over for another reason than this decision, reconsidering closes it again, and its text with it.
            self._store.claims.apply(decision.owner, [ReopenClaim(ref=claim.ref)], now)
        return claim.order_id

    def _change(
        self, decision: int, what: str, owner: str, order_id: str, subject: str, stage: str | None = None
    ) -> Change:
        actions = self.pipeline.reconsider(owner, order_id)
        return Change(decision, what, subject, tuple(_effects(actions)), stage)


def stage_of(decision: Decision) -> str | None:
    """Return the stage of the draft that a decision was about."""
    draft = decision.before.get("draft")
    return str(draft["stage"]) if draft else None


def said_in(decision: Decision) -> dict[str, str]:
    """Return what the owner said: the facts of a report or a correction."""
    return {name: str(value) for name, value in decision.after.get("said", {}).items()}


def _draft_of(claim: Claim, stage: str) -> Draft:
    return next(draft for draft in claim.drafts if draft.stage == stage)


def _effects(actions: Iterable[Action]) -> Iterable[Effect]:
    for action in actions:
        match action:
            case OpenClaim(claim=claim):
                yield Effect("claim_opened", {"ref": claim.ref, "party": claim.party.value})
            case AddDraft(draft=draft):
                yield Effect("draft_written", {"ref": draft.claim, "stage": draft.stage.value})
            case WithdrawDraft(ref=ref, stage=stage):
                yield Effect("draft_withdrawn", {"ref": ref, "stage": stage.value})
            case ScheduleFollowUp(follow_up=follow_up):
                facts = {"ref": follow_up.claim, "stage": follow_up.stage.value, "due": follow_up.due_at.isoformat()}
                yield Effect("follow_up", facts)
            case CloseClaim(ref=ref, outcome=outcome):
                yield Effect("claim_closed", {"ref": ref, "outcome": outcome.value})
            case _:
                continue
