"""Claims and what a plan does to them."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

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
from daemon.claims.claim import Claim, DraftState, Outcome, Stage
from daemon.store import Store
from daemon.store.errors import IllegalTransition, ReferenceTaken, UnknownClaim, UnknownDraft
from tests.store.samples import NOW, ORDER, OTHER, OWNER, SECOND, claim, draft, follow_up, later, rolled_back

REF = "R-7F3K"


def _apply(store: Store, *actions: Action, owner: str = OWNER) -> Claim:
    store.claims.apply(owner, actions, NOW)
    return _claim(store)


def _claim(store: Store) -> Claim:
    found = store.claims.find(REF)
    assert found is not None
    return found[1]


def test_claim_comes_back_whole(store: Store) -> None:
    """A claim with drafts and follow-ups is given back as it was opened, drafts in the order of the ladder."""
    reminder = draft(stage=Stage.REMINDER, chat="une ligne", missing=("delivered_to",))
    whole = claim(
        parcel="6A01234567891", recommended=False, drafts=(reminder, draft()), follow_ups=(follow_up(days=2),)
    )
    opened = _apply(store, OpenClaim(claim=whole))
    assert opened == whole.model_copy(update={"drafts": (draft(), reminder)})
    assert store.claims.of_order(OWNER, ORDER) == [opened]


def test_claims_are_found_by_owner_and_state(store: Store) -> None:
    """Claims are listed oldest first, by owner, and without the closed ones when asked."""
    store.claims.apply(OWNER, [OpenClaim(claim=claim("R-9XWQ", SECOND, opened_at=later(days=1)))], NOW)
    store.claims.apply(OWNER, [OpenClaim(claim=claim())], NOW)
    store.claims.apply(OTHER, [OpenClaim(claim=claim("R-2BCD"))], NOW)
    store.claims.apply(OWNER, [CloseClaim(ref=REF, outcome=Outcome.DELIVERED, at=NOW)], NOW)
    assert [(owner, one.ref) for owner, one in store.claims.all(OWNER)] == [(OWNER, REF), (OWNER, "R-9XWQ")]
    assert [one.ref for _, one in store.claims.all(open_only=True)] == ["R-2BCD", "R-9XWQ"]
    assert store.claims.taken() == {REF, "R-9XWQ", "R-2BCD"}
    assert store.claims.find("R-0000") is None


def test_opening_twice_changes_nothing(store: Store) -> None:
    """A claim that is open already stays as it is, whatever it is opened with."""
    opened = _apply(store, OpenClaim(claim=claim()))
    assert _apply(store, OpenClaim(claim=claim(why="other", opened_at=later(days=1)))) == opened


def test_number_of_another_owner_is_refused(store: Store) -> None:
    """A claim's number is one owner's: nobody else can open it or act on it."""
    _apply(store, OpenClaim(claim=claim()))
    with pytest.raises(ReferenceTaken):
        store.claims.apply(OTHER, [OpenClaim(claim=claim())], NOW)
    with pytest.raises(UnknownClaim):
        store.claims.apply(OTHER, [CancelFollowUps(ref=REF)], NOW)


def test_stage_keeps_its_first_draft(store: Store) -> None:
    """A stage that has a draft keeps it; one that was withdrawn is written anew, as a revision that can be sent."""
    _apply(store, OpenClaim(claim=claim()), AddDraft(draft=draft()), AddDraft(draft=draft(body="autre")))
    assert _claim(store).drafts == (draft(),)
    _apply(store, WithdrawDraft(ref=REF, stage=Stage.FIRST), AddDraft(draft=draft(body="encore")))
    assert _claim(store).drafts == (draft(body="encore"),)
    assert store.claims.revision(REF, Stage.FIRST) == 2


def test_follow_up_is_moved_cancelled_and_done(store: Store) -> None:
    """A follow-up can be moved while it is open, and neither a done nor a cancelled one shows."""
    _apply(store, OpenClaim(claim=claim()), ScheduleFollowUp(follow_up=follow_up(days=2)))
    assert _apply(store, ScheduleFollowUp(follow_up=follow_up(days=3))).follow_ups == (follow_up(days=3),)
    assert _apply(store, CompleteFollowUp(ref=REF, stage=Stage.A_TO_Z)).follow_ups == (follow_up(days=3),)
    assert _apply(store, CompleteFollowUp(ref=REF, stage=Stage.REMINDER)).follow_ups == ()
    _apply(store, ScheduleFollowUp(follow_up=follow_up(stage=Stage.A_TO_Z, days=5)))
    assert _apply(store, CancelFollowUps(ref=REF)).follow_ups == ()


def test_due_claims_are_open_and_their_time_has_come(store: Store) -> None:
    """An order is due from the moment of a follow-up on, each once, and not when its claim is closed."""
    both = (follow_up(days=2), follow_up(stage=Stage.A_TO_Z, days=2))
    _apply(store, OpenClaim(claim=claim(follow_ups=both)))
    sooner = claim("R-9XWQ", SECOND, follow_ups=(follow_up("R-9XWQ", days=1),))
    store.claims.apply(OTHER, [OpenClaim(claim=sooner)], NOW)
    assert store.claims.due(later(hours=1)) == []
    assert store.claims.due(later(days=2)) == [(OTHER, SECOND), (OWNER, ORDER)]
    _apply(store, CloseClaim(ref=REF, outcome=Outcome.FOUND, at=NOW), ReopenClaim(ref=REF))
    assert store.claims.due(later(days=2)) == [(OTHER, SECOND)]


def test_closing_and_reopening(store: Store) -> None:
    """A closed claim keeps its first outcome, and has none when it is open again."""
    _apply(store, OpenClaim(claim=claim()), CloseClaim(ref=REF, outcome=Outcome.REFUNDED, at=later(days=1)))
    closed = _apply(store, CloseClaim(ref=REF, outcome=Outcome.FOUND, at=later(days=2)))
    assert (closed.outcome, closed.closed_at) == (Outcome.REFUNDED, later(days=1))
    assert _apply(store, ReopenClaim(ref=REF)) == claim()


def test_answers_and_announced_refunds_are_dated(store: Store) -> None:
    """The answer and the announcement of a refund are kept with their times."""
    _apply(store, OpenClaim(claim=claim()), AnnounceRefund(ref=REF, at=later(days=1)))
    answered = _apply(store, MarkAnswered(ref=REF, at=later(days=2)))
    assert (answered.refund_announced_at, answered.answered_at) == (later(days=1), later(days=2))


def test_plan_is_applied_whole_or_not_at_all(store: Store) -> None:
    """An action that cannot be done undoes those before it."""
    actions: list[Action] = [
        OpenClaim(claim=claim()),
        AddDraft(draft=draft()),
        WithdrawDraft(ref=REF, stage=Stage.REMINDER),
    ]
    with pytest.raises(UnknownDraft):
        store.claims.apply(OWNER, actions, NOW)
    assert store.claims.find(REF) is None


def test_request_to_compose_is_not_for_the_store(store: Store) -> None:
    """A stage that is still to be written is refused: the store writes no letters."""
    _apply(store, OpenClaim(claim=claim()))
    with pytest.raises(TypeError, match="ComposeStage"):
        store.claims.apply(OWNER, [ComposeStage(ref=REF, stage=Stage.FIRST)], NOW)


def test_dismissed_draft_stays_the_owners_decision(store: Store) -> None:
    """Withdrawing what the owner dismissed leaves it dismissed."""
    _apply(store, OpenClaim(claim=claim(drafts=(draft(),))))
    store.claims.set_state(REF, Stage.FIRST, DraftState.DISMISSED, NOW)
    assert _apply(store, WithdrawDraft(ref=REF, stage=Stage.FIRST)).drafts[0].state is DraftState.DISMISSED


_stages = st.sampled_from([Stage.FIRST, Stage.REMINDER])
_days = st.integers(0, 9)
_actions = st.one_of(
    st.just(OpenClaim(claim=claim(drafts=(draft(),)))),
    _stages.map(lambda stage: AddDraft(draft=draft(stage=stage))),
    _stages.map(lambda stage: WithdrawDraft(ref=REF, stage=stage)),
    _stages.map(lambda stage: MarkDraftAnswered(ref=REF, stage=stage)),
    st.builds(lambda stage, days: ScheduleFollowUp(follow_up=follow_up(stage=stage, days=days)), _stages, _days),
    st.just(CancelFollowUps(ref=REF)),
    _stages.map(lambda stage: CompleteFollowUp(ref=REF, stage=stage)),
    _days.map(lambda days: CloseClaim(ref=REF, outcome=Outcome.FOUND, at=later(days=days))),
    st.just(ReopenClaim(ref=REF)),
    _days.map(lambda days: AnnounceRefund(ref=REF, at=later(days=days))),
    _days.map(lambda days: MarkAnswered(ref=REF, at=later(days=days))),
)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=st.lists(_actions, max_size=8), again=_actions)
def test_each_action_done_twice_is_done_once(store: Store, before: list[Action], again: Action) -> None:
    """In whatever state a claim is, doing an action a second time changes nothing, nor does a refused one."""

    def attempt(action: Action) -> tuple[bool, object]:
        try:
            store.claims.apply(OWNER, [action], NOW)
        except (IllegalTransition, UnknownClaim, UnknownDraft):
            return False, store.claims.all()
        return True, store.claims.all()

    with rolled_back(store):
        for action in before:
            attempt(action)
        was = store.claims.all()
        done, once = attempt(again)
        assert done or once == was
        assert attempt(again) == (done, once)
    assert store.claims.all() == []
