"""Drafts: their states, their texts, approval of an exact text, and undoing."""

from __future__ import annotations

import itertools

import pytest

from daemon.claims.actions import MarkDraftAnswered, OpenClaim
from daemon.claims.claim import Draft, DraftState, Stage
from daemon.store import Store
from daemon.store.errors import IllegalTransition, IncompleteDraft, StaleApproval, UnknownDraft
from tests.store.samples import NOW, OWNER, claim, draft, later

REF, FIRST = "R-7F3K", Stage.FIRST
LEGAL = {
    (DraftState.DRAFTED, DraftState.APPROVED),
    (DraftState.DRAFTED, DraftState.WITHDRAWN),
    (DraftState.DRAFTED, DraftState.DISMISSED),
    (DraftState.APPROVED, DraftState.SENT),
    (DraftState.APPROVED, DraftState.WITHDRAWN),
    (DraftState.APPROVED, DraftState.DISMISSED),
    (DraftState.SENT, DraftState.ANSWERED),
}
WAYS = {
    DraftState.DRAFTED: (),
    DraftState.APPROVED: (DraftState.APPROVED,),
    DraftState.SENT: (DraftState.APPROVED, DraftState.SENT),
    DraftState.ANSWERED: (DraftState.APPROVED, DraftState.SENT, DraftState.ANSWERED),
    DraftState.WITHDRAWN: (DraftState.WITHDRAWN,),
    DraftState.DISMISSED: (DraftState.DISMISSED,),
}


@pytest.fixture
def drafted(store: Store) -> Store:
    """Return a store with one claim and its first draft."""
    store.claims.apply(OWNER, [OpenClaim(claim=claim(drafts=(draft(),)))], NOW)
    return store


def _draft(store: Store) -> Draft:
    found = store.claims.find(REF)
    assert found is not None
    return found[1].drafts[0]


def _move(store: Store, *states: DraftState) -> None:
    for state in states:
        store.claims.set_state(REF, FIRST, state, NOW, content_hash=_draft(store).content_hash)


def _edit(store: Store, body: str, **more: tuple[str, ...]) -> int:
    return store.claims.edit(REF, FIRST, "Colis non reçu", body, None, None, NOW, **more)


@pytest.mark.parametrize(("before", "after"), sorted(itertools.product(DraftState, DraftState)))
def test_only_legal_ways_are_open(drafted: Store, before: DraftState, after: DraftState) -> None:
    """A draft goes the legal ways, stays where it is when it is there already, and every other way is refused."""
    _move(drafted, *WAYS[before])
    if before == after or (before, after) in LEGAL:
        _move(drafted, after)
        assert _draft(drafted).state == after
    else:
        with pytest.raises(IllegalTransition) as refused:
            _move(drafted, after)
        assert (refused.value.current, refused.value.wanted) == (before, after)
        assert _draft(drafted).state == before


def test_approval_is_of_an_exact_text(drafted: Store) -> None:
    """Approving a text that has changed since it was read is refused, and so is approving without a text."""
    read = _draft(drafted).content_hash
    _edit(drafted, "Bonjour, rien n’est arrivé.")
    for stale in (read, None):
        with pytest.raises(StaleApproval):
            drafted.claims.set_state(REF, FIRST, DraftState.APPROVED, NOW, content_hash=stale)
    assert _draft(drafted).state is DraftState.DRAFTED
    drafted.claims.set_state(REF, FIRST, DraftState.APPROVED, later(hours=1), content_hash=_draft(drafted).content_hash)
    assert _draft(drafted).approved_at == later(hours=1)


def test_edited_draft_needs_a_new_approval(drafted: Store) -> None:
    """Editing an approved draft makes a new revision that is not approved."""
    _move(drafted, DraftState.APPROVED)
    assert _edit(drafted, "Bonjour, rien n’est arrivé.") == 2
    edited = _draft(drafted)
    assert (edited.state, edited.approved_at) == (DraftState.DRAFTED, None)
    assert edited.body == "Bonjour, rien n’est arrivé."
    assert drafted.claims.revisions([REF, "R-0000"]) == {(REF, FIRST): 2}


def test_same_text_is_no_revision(drafted: Store) -> None:
    """Saving the text unchanged keeps the revision and the approval."""
    _move(drafted, DraftState.APPROVED)
    assert _edit(drafted, draft().body) == drafted.claims.revision(REF, FIRST) == 1
    assert _draft(drafted).state is DraftState.APPROVED


def test_missing_facts_stop_the_approval_until_filled_in(drafted: Store) -> None:
    """A draft with facts to fill in cannot be approved; once the owner filled them in, it can."""
    _edit(drafted, "Déposé [À COMPLÉTER].", missing=("delivered_to",))
    with pytest.raises(IncompleteDraft):
        _move(drafted, DraftState.APPROVED)
    _edit(drafted, "Déposé chez le voisin.", missing=())
    _move(drafted, DraftState.APPROVED)
    assert _draft(drafted).state is DraftState.APPROVED


@pytest.mark.parametrize("state", [DraftState.SENT, DraftState.ANSWERED, DraftState.WITHDRAWN, DraftState.DISMISSED])
def test_text_is_fixed_once_it_is_out_of_hand(drafted: Store, state: DraftState) -> None:
    """What was sent, withdrawn or dismissed can no longer be edited."""
    _move(drafted, *WAYS[state])
    with pytest.raises(IllegalTransition):
        _edit(drafted, "trop tard")
    assert _draft(drafted).body == draft().body


@pytest.mark.parametrize("state", [DraftState.DRAFTED, DraftState.APPROVED, DraftState.WITHDRAWN, DraftState.DISMISSED])
def test_sending_that_was_seen_is_noted_from_any_state(drafted: Store, state: DraftState) -> None:
    """That the owner sent a draft is noted with its time whatever relance thought of it, and the first time counts."""
    _move(drafted, *WAYS[state])
    drafted.claims.mark_sent(REF, "first", later(hours=2))
    drafted.claims.mark_sent(REF, FIRST, later(hours=9))
    assert (_draft(drafted).state, _draft(drafted).sent_at) == (DraftState.SENT, later(hours=2))
    drafted.claims.apply(OWNER, [MarkDraftAnswered(ref=REF, stage=FIRST)], NOW)
    drafted.claims.mark_sent(REF, FIRST, later(hours=9))
    assert _draft(drafted).state is DraftState.ANSWERED


def test_decision_on_a_draft_can_be_undone(drafted: Store) -> None:
    """A snapshot brings back state, approval and sending as they were."""
    _move(drafted, DraftState.APPROVED)
    before = _draft(drafted)
    _move(drafted, DraftState.DISMISSED)
    drafted.claims.restore_draft(REF, FIRST, before.model_dump(mode="json"), NOW)
    assert _draft(drafted) == before
    _move(drafted, DraftState.SENT)


def test_undone_edit_is_a_revision_of_its_own(drafted: Store) -> None:
    """Undoing an edit brings the old text back as a new revision, so that no revision ever changes its text."""
    snapshot = _draft(drafted).model_dump(mode="json")
    _edit(drafted, "Bonjour, rien n’est arrivé.")
    drafted.claims.restore_draft(REF, FIRST, snapshot, NOW)
    assert _draft(drafted) == draft()
    assert drafted.claims.revision(REF, FIRST) == 3


def test_snapshot_of_another_draft_is_refused(drafted: Store) -> None:
    """A draft cannot be restored from another stage's snapshot."""
    with pytest.raises(ValueError, match="not of"):
        drafted.claims.restore_draft(REF, Stage.REMINDER, _draft(drafted).model_dump(mode="json"), NOW)


def test_unknown_draft_is_named(drafted: Store) -> None:
    """Every way of touching a draft that is not there says so."""
    with pytest.raises(UnknownDraft):
        drafted.claims.set_state(REF, Stage.REMINDER, DraftState.DISMISSED, NOW)
    with pytest.raises(UnknownDraft):
        drafted.claims.mark_sent("R-0000", FIRST, NOW)
    with pytest.raises(UnknownDraft):
        drafted.claims.revision(REF, Stage.REMINDER)
