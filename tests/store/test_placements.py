"""Intents to put messages into mailboxes, and decisions with their undoing."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from daemon.store import PlacementState, Store
from daemon.store.errors import UnknownDecision, UnknownPlacement
from tests.store.samples import NOW, OTHER, OWNER, later

DRAFT_ID = "<relance.r-7f3k.first.1.draft@exemple.fr>"
NOTE_ID = "<relance.r-7f3k.first.1.notice@exemple.fr>"


@dataclass(frozen=True)
class Wish:
    """A message that is to be placed."""

    message_id: str = DRAFT_ID
    kind: str = "draft"
    ref: str = "R-7F3K"
    stage: str = "first"
    folder: str = "drafts"
    raw: bytes = b"Subject: x\r\n\r\n\xff"


def test_intent_waits_until_it_is_done(store: Store) -> None:
    """What is intended waits in its mailbox, longest first, until it is placed, and is then known with its UID."""
    store.placements.intend(OWNER, "maison", Wish(NOTE_ID, "notice", folder="inbox"), later(minutes=1))
    store.placements.intend(OWNER, "maison", Wish(), NOW)
    assert [one.message_id for one in store.placements.open("maison")] == [DRAFT_ID, NOTE_ID]
    assert (store.placements.waiting("maison"), store.placements.waiting("bureau")) == (True, False)
    for message_id in (DRAFT_ID, NOTE_ID):
        store.placements.done(message_id, 41, later(minutes=2))
    assert (store.placements.open("maison"), store.placements.waiting("maison")) == ([], False)
    found = store.placements.find(DRAFT_ID)
    assert found is not None
    assert (found.state, found.uid, found.raw) == (PlacementState.DONE, 41, Wish().raw)
    assert store.placements.find("<other@exemple.fr>") is None


def test_intending_twice_places_once(store: Store) -> None:
    """A message that is intended or placed already is not intended again, not even with other bytes."""
    store.placements.intend(OWNER, "maison", Wish(), NOW)
    store.placements.intend(OWNER, "maison", Wish(raw=b"other"), later(days=1))
    (one,) = store.placements.open("maison")
    assert (one.raw, one.intended_at) == (Wish().raw, NOW)
    store.placements.done(DRAFT_ID, None, NOW)
    store.placements.intend(OWNER, "maison", Wish(), later(days=1))
    assert store.placements.open("maison") == []


def test_failure_is_noted_and_tried_again(store: Store) -> None:
    """A message that could not be placed stays to be placed, with the reason and the number of failures."""
    store.placements.intend(OWNER, "maison", Wish(), NOW)
    store.placements.failed(DRAFT_ID, "folder_missing", NOW)
    store.placements.failed(DRAFT_ID, "folder_missing", NOW)
    (one,) = store.placements.open("maison")
    assert (one.attempts, one.reason) == (2, "folder_missing")


def test_removal_is_asked_for_and_done(store: Store) -> None:
    """A message whose removal is asked for is no longer of its claim, waits to be taken out, and is gone afterwards."""
    store.placements.intend(OWNER, "maison", Wish(), NOW)
    store.placements.done(DRAFT_ID, 41, NOW)
    assert [one.message_id for one in store.placements.of(OWNER, ["R-7F3K"])] == [DRAFT_ID]
    store.placements.ask_removal(DRAFT_ID, NOW)
    assert store.placements.of(OWNER, ["R-7F3K"]) == store.placements.open("maison") == []
    assert [one.uid for one in store.placements.to_remove("maison")] == [41]
    assert store.placements.waiting("maison")
    store.placements.removed(DRAFT_ID, NOW)
    store.placements.ask_removal(DRAFT_ID, NOW)
    assert not store.placements.waiting("maison")


@pytest.mark.parametrize("gone", [False, True])
def test_removed_message_can_be_wanted_again(store: Store, gone: bool) -> None:
    """What was removed, or was about to be, is placed again when it is wanted again (a decision was undone)."""
    store.placements.intend(OWNER, "maison", Wish(), NOW)
    store.placements.ask_removal(DRAFT_ID, NOW)
    if gone:
        store.placements.removed(DRAFT_ID, NOW)
    store.placements.intend(OWNER, "maison", Wish(), later(days=1))
    assert [one.state for one in store.placements.open("maison")] == [PlacementState.OPEN]
    assert store.placements.to_remove("maison") == []


def test_placements_of_another_owner_are_not_shown(store: Store) -> None:
    """What is placed about a claim is shown to its owner only."""
    store.placements.intend(OWNER, "maison", Wish(), NOW)
    assert store.placements.of(OTHER, ["R-7F3K"]) == []


def test_unknown_message_is_named(store: Store) -> None:
    """Reporting on a message that was never intended is refused."""
    for report in (store.placements.ask_removal, store.placements.removed):
        with pytest.raises(UnknownPlacement):
            report(DRAFT_ID, NOW)
    with pytest.raises(UnknownPlacement):
        store.placements.done(DRAFT_ID, 1, NOW)


def test_last_decision_is_the_newest_that_stands(store: Store) -> None:
    """Undoing goes back one decision at a time, and every decision stays on record."""
    assert store.decisions.last() is None
    first = store.decisions.record(OWNER, "approve", "R-7F3K", {"state": "drafted"}, {"state": "approved"}, NOW)
    second = store.decisions.record(OTHER, "dismiss", "R-9XWQ", {"n": [1, None]}, {"é": {"x": True}}, NOW)
    last = store.decisions.last()
    assert last is not None
    assert (last.id, last.before, last.after) == (second, {"n": [1, None]}, {"é": {"x": True}})
    store.decisions.mark_undone(second, later(minutes=1))
    store.decisions.mark_undone(second, later(minutes=9))
    last = store.decisions.last()
    assert last is not None
    assert last.id == first
    assert [(one.id, one.undone_at) for one in store.decisions.all()] == [(first, None), (second, later(minutes=1))]


def test_unknown_decision_is_named(store: Store) -> None:
    """A number that no decision has is refused."""
    with pytest.raises(UnknownDecision):
        store.decisions.get(3)
    with pytest.raises(UnknownDecision):
        store.decisions.mark_undone(3, NOW)
