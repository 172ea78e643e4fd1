"""Looking changes nothing; and reading everything again gives what there was."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from daemon import locations
from daemon.application import Application, ClaimUnknown, OrderUnknown
from daemon.claims.claim import ClaimParty, DraftState
from daemon.mailbox.base import Role
from daemon.settings import Settings
from parsers.notice import NoteMeaning, Party
from tests.house import CAMILLE, NOOR, NOW, ORDER, House, box, brought, from_amazon, from_seller, missed
from tests.road import mails

OTHER, THIRD = mails.order_number(12), mails.order_number(13)


def test_a_replay_changes_nothing(house: House) -> None:
    """Orders, claims, drafts with their revisions and placements are equal before and after reading all again."""
    house.receive(*from_amazon(), *from_seller(OTHER), brought(THIRD), missed(THIRD))
    house.place()
    by_party = {one.party: one.ref for one in house.claims()}
    house.app.edit(by_party[ClaimParty.AMAZON], body="Bonjour,\nrien reçu.")
    house.app.approve(by_party[ClaimParty.AMAZON])
    house.send(by_party[ClaimParty.SELLER])
    house.app.correct(THIRD, sold_by=Party.THIRD_PARTY, shipped_by=Party.AMAZON)
    house.later(hours=49)
    house.place()
    house.receive(mails.refunded(OTHER, house.clock.now()))
    before, decided = house.snapshot(), house.app.decisions()
    told: list[tuple[int, int]] = []
    result = house.app.replay(lambda done, total: told.append((done, total)))
    assert house.snapshot() == before
    assert house.app.decisions() == decided
    assert (result.mails, result.orders, result.quarantined) == (10, 3, 0)
    assert told[-1] == (10, 10)


def test_a_replay_keeps_what_the_sent_folder_showed(house: House) -> None:
    """A sending seen in the Sent folder stays at its moment, and the same mail does not mark the reminder as sent."""
    house.receive(*from_seller())
    house.place()
    (draft,) = house.messages(".Drafts")
    house.later(minutes=5)
    del draft["X-Relance"]
    draft.replace_header("Date", house.clock.now())
    house.receive(draft.as_bytes(), role=Role.SENT)
    assert house.draft().state == DraftState.SENT
    house.later(hours=49)
    before = house.snapshot()
    house.app.replay()
    assert house.snapshot() == before


def test_orders_are_listed_with_what_is_wrong(house: House) -> None:
    """The newest order first, each with its troubles and its claims; one of them with the mails it rests on."""
    house.receive(*from_amazon(), mails.confirmed(OTHER, NOW + timedelta(minutes=1)))
    summaries = house.app.orders()
    assert [one.order.order_id for one in summaries] == [OTHER, ORDER]
    assert [(len(one.anomalies), len(one.claims)) for one in summaries] == [(0, 0), (1, 1)]
    view = house.app.order(ORDER)
    assert len(view.mails) == 3
    assert (view.claims, view.questions) == ((house.claim(),), ())
    with pytest.raises(OrderUnknown):
        house.app.order(THIRD)


def test_a_claim_is_shown_with_its_trouble(house: House) -> None:
    """A claim comes with its order, the trouble, and when the guarantee opens; its number may be typed small."""
    house.receive(*from_seller())
    view = house.app.claim(house.claim().ref.lower())
    assert view.anomaly is not None
    assert (view.owner, view.order.order_id, view.anomaly.code.value) == (CAMILLE.key, ORDER, house.claim().code)
    with pytest.raises(ClaimUnknown):
        house.app.claim("R-0000")


def test_the_status_counts(house: House) -> None:
    """Without a service, the status tells so, and what the store holds."""
    house.receive(*from_seller())
    house.send()
    house.keep(*from_amazon(OTHER))
    status = house.app.status()
    assert (status.running, status.boxes, status.store_problem) == (False, (), None)
    assert (status.mails["new"], status.mails["read"]) == (3, 4)
    assert (status.orders, status.open_claims, status.drafts) == (1, 1, 0)
    assert status.next_due == house.claim().follow_ups[0].due_at


def test_an_application_opens_its_own_store(tmp_path: Path) -> None:
    """A configuration is enough; what one application wrote, the next one finds, each owner's own."""
    settings = Settings(state_dir=tmp_path / "state", mailboxes=(box(tmp_path), box(tmp_path, "bureau", NOOR)))
    house = House(tmp_path, *settings.mailboxes)  # type: ignore[arg-type]  # both are Maildirs
    house.receive(*from_amazon())
    house.close()
    app = Application.open(settings, house.clock)
    assert app.status().store_path == str(locations.database(settings))
    assert [one.owner for one in app.orders()] == [CAMILLE.key]
    assert app.report(ORDER, NoteMeaning.FOUND).effects[-1].key == "claim_closed"
    app.close()
