"""Where the owner's server proves honest mails, one that it did not prove ends nothing: the owner is asked once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from daemon.anomalies.anomaly import Certainty
from daemon.claims.claim import DraftState, Outcome, Stage
from parsers.letter import Trust
from parsers.notice import NoteMeaning
from tests.house import NOW, ORDER, House, box, from_amazon
from tests.road import mails

SERVER = "mx.example.net"


def proven(raw: bytes) -> bytes:
    """Return a mail as it lies in the mailbox when the owner's server has seen its signature hold."""
    sender = next(line for line in raw.splitlines() if line.startswith(b"From:"))
    domain = sender.rpartition(b"@")[2].strip(b"> \r\n").decode()
    return f"Authentication-Results: {SERVER}; dkim=pass header.d={domain}\n".encode() + raw


@pytest.fixture
def proving(tmp_path: Path) -> Iterator[House]:
    """Give a house whose server proves what comes."""
    house = House(tmp_path, box(tmp_path).model_copy(update={"authserv_ids": (SERVER,)}))
    yield house
    house.close()


def _questions(house: House) -> list[str]:
    found = [one for one in house.messages() if "question" in str(one["Message-ID"])]
    return [one.get_body(("plain",)).get_content() for one in found]  # type: ignore[union-attr]  # ours have one


def test_a_refund_that_nobody_proves_is_asked_once(proving: House) -> None:
    """The claim stays open and no reminder is written; "not received" takes it up again, and nothing is asked twice."""
    proving.receive(*map(proven, from_amazon()))
    proving.send()
    proving.receive(mails.refunded(ORDER, NOW + timedelta(minutes=5)))
    claim = proving.claim()
    assert (claim.closed_at, claim.refund_announced_at, claim.follow_ups) == (None, None, ())
    (found,) = proving.app.order(ORDER).anomalies
    assert (found.certainty, found.ask) == (Certainty.SUSPECTED, "unproven_refunded")
    for _ in range(2):
        proving.place()
        proving.later(hours=49)
    (question,) = _questions(proving)
    assert f"relance report {ORDER} credited" in question
    assert [one.stage for one in proving.claim().drafts] == [Stage.FIRST]
    proving.app.report(ORDER, NoteMeaning.NOT_RECEIVED)
    assert proving.draft(Stage.REMINDER).state == DraftState.DRAFTED
    proving.place()
    assert len(_questions(proving)) == 1


def test_the_money_ends_it(proving: House) -> None:
    """The owner who sees the money says so, and the claim is over."""
    proving.receive(*map(proven, from_amazon()))
    proving.send()
    proving.receive(mails.refunded(ORDER, NOW + timedelta(minutes=5)))
    proving.later(hours=1)
    proving.app.report(ORDER, NoteMeaning.CREDITED)
    assert proving.claim().outcome == Outcome.REFUNDED


def test_a_proven_refund_needs_no_question(proving: House) -> None:
    """What the server has proven is believed, and so is everything where no server proves anything."""
    proving.receive(*map(proven, from_amazon()))
    proving.send()
    proving.receive(proven(mails.refunded(ORDER, NOW + timedelta(minutes=5))))
    assert proving.claim().refund_announced_at is not None


def test_where_nothing_is_proven_a_refund_is_one(house: House) -> None:
    """Without any means of proof nothing is in doubt: the claim waits for the money, as it does for everybody else."""
    house.receive(*from_amazon())
    house.send()
    house.receive(mails.refunded(ORDER, NOW + timedelta(minutes=5)))
    assert house.claim().refund_announced_at is not None
    assert {one.trust for one in house.order().timeline} == {Trust.UNVERIFIED, Trust.OWNER}


def test_a_complaint_in_the_owners_name_opens_nothing(proving: House) -> None:
    """A forward from the owner's address that nothing proves is no word of theirs, and an answer ends nothing."""
    bought, brought, missed = from_amazon()
    proving.receive(proven(bought), proven(brought), missed)
    assert proving.claims() == []
    proving.receive(proven(missed + b"\n"))
    found = mails.mail(mails.OWNER, f"Re: {ORDER}", f"bien recu, commande {ORDER}\n", NOW, key="found")
    proving.receive(found)
    assert proving.claim().closed_at is None
