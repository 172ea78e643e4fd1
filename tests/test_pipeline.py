"""The whole way without a service: what comes in in whatever manner gives the same claims, and one trouble is one."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon import anomalies, resources
from daemon.anomalies.anomaly import Anomaly
from daemon.application import Application
from daemon.claims import letter
from daemon.claims.claim import ClaimParty, DraftState, Outcome, Stage
from daemon.mailbox.base import Role
from daemon.orders.order import Order
from daemon.readingroom import NoReader, ReadingRoom
from daemon.rules import Rules, load
from daemon.settings import Owner
from parsers.amazon import parser as amazon
from parsers.letter import Letter
from parsers.notice import Notice
from tests.house import (
    CAMILLE,
    NOOR,
    NOW,
    ORDER,
    RELAY,
    SELLER,
    House,
    bought,
    box,
    brought,
    from_amazon,
    from_seller,
    greeted,
    missed,
)
from tests.road import mails

OTHER = mails.order_number(12)
UNKNOWN = mails.order_number(13)
STORY = (*from_amazon(), *from_seller(OTHER), brought(UNKNOWN), missed(UNKNOWN))


# ── order, repetition and batches ─────────────────────────────────────────


@st.composite
def arrivals(draw: st.DrawFn) -> list[list[bytes]]:
    """Draw any order of the story's mails, some of them twice, in any number of batches."""
    repeated = draw(st.lists(st.sampled_from(STORY), max_size=3))
    queue = draw(st.permutations([*STORY, *repeated]))
    cuts = sorted(draw(st.sets(st.integers(1, len(queue) - 1), max_size=4)))
    return [queue[start:end] for start, end in zip([0, *cuts], [*cuts, len(queue)], strict=True)]


def _sent_at(raw: bytes) -> datetime:
    return parsedate_to_datetime(str(message_from_bytes(raw)["Date"])).astimezone(UTC)


def _played(batches: list[list[bytes]]) -> tuple[object, ...]:
    """Return what batches of mails lead to: orders, claims, and how often each text was written and is to be placed."""
    with tempfile.TemporaryDirectory() as folder:
        house = House(Path(folder))
        try:
            for batch in batches:
                for raw in batch:
                    house.keep(raw, at=_sent_at(raw))
                house.pipeline.read_new()
            claims = house.claims()
            wishes = [(one.ref, one.kind, one.stage) for one in house.intended() if one.kind != "question"]
            assert len(wishes) == len(set(wishes)) == len(claims)
            assert [draft.stage for claim in claims for draft in claim.drafts] == [Stage.FIRST] * len(claims)
            orders = {order.order_id: order for _, order in house.store.views.orders()}
            return orders, {(one.ref, one.order_id, one.party, one.closed_at) for one in claims}, house.store.check()
        finally:
            house.close()


@settings(max_examples=15, deadline=None)
@given(batches=arrivals())
def test_any_order_of_arrival_gives_the_same(batches: list[list[bytes]]) -> None:
    """Mails that come shuffled, twice, and in batches lead to the same orders and claims, each with one draft."""
    expected = _played([list(STORY)])
    assert {(claim[1], claim[2]) for claim in expected[1]} == {  # type: ignore[attr-defined]  # a set of tuples
        (ORDER, ClaimParty.AMAZON),
        (OTHER, ClaimParty.SELLER),
    }
    assert _played(batches) == expected


def test_a_refund_among_the_first_mails_opens_no_claim(house: House) -> None:
    """All mails are read before any order is judged: a trouble that was settled long ago is never written about."""
    refund = mails.refunded(ORDER, NOW - timedelta(minutes=10))
    house.receive(*reversed([*from_amazon(), refund]))
    assert house.claims() == []
    assert house.intended() == []


def test_mails_that_another_process_is_reading_are_waited_for(house: House) -> None:
    """While a mail is kept and unread, no order is judged; a look at the clock afterwards judges it."""
    house.receive(bought())
    house.keep(brought(), missed())
    assert house.pipeline.due() == 0
    assert house.claims() == []
    house.pipeline.read_new()
    assert house.claim().party == ClaimParty.AMAZON


# ── quarantine ────────────────────────────────────────────────────────────


def test_a_mail_that_breaks_a_parser_is_set_aside(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """A defect met by one mail puts it aside with the place in our code, none of its words, and others go on."""
    sound = amazon.read

    def defective(one: Letter) -> list[Notice]:
        if OTHER in one.text:
            raise KeyError(one.subject)
        return sound(one)

    monkeypatch.setattr(amazon, "read", defective)
    house.receive(bought(OTHER), *from_amazon())
    (aside,) = house.app.quarantined()
    assert aside.reason.startswith("failed: KeyError at test_pipeline.py:")
    assert house.claim().order_id == ORDER
    monkeypatch.undo()
    assert house.app.quarantine_retry() == 1
    assert house.order(OTHER).order_id == OTHER


_DEADLY = f"""
import os, daemon.readingroom as room
sound = room.read
def read(raw, sheet):
    if b"{OTHER}" in raw:
        os.abort()
    return sound(raw, sheet)
room.read = read
room.main()
"""


@pytest.fixture
def apart(house: House, tmp_path: Path) -> Iterator[Application]:
    """Return the application with a real child for reading, that a mail about OTHER ends as a fault in C code does."""
    program = tmp_path / "deadly.py"
    program.write_text(_DEADLY, "utf-8")
    room = ReadingRoom((sys.executable, str(program)))
    yield Application(house.settings, house.store, load(), house.clock, room)
    room.close()


def test_a_mail_that_kills_its_reader_is_set_aside(house: House, apart: Application) -> None:
    """A mail that ends the child that reads it is put aside with the reason; those before and behind it are read."""
    house.keep(bought(), bought(OTHER), brought(), missed())
    apart.pipeline.read_new()
    assert [one.reason for one in apart.quarantined()] == ["crash: exit -6"]
    assert house.claim().order_id == ORDER


def test_a_deadly_mail_is_tried_again_in_a_child(house: House, apart: Application) -> None:
    """Retrying a mail that killed its reader does not take the command line down with it."""
    (mail_id,) = house.keep(bought(OTHER))
    apart.pipeline.read_new()
    assert apart.quarantine_retry(mail_id[:12]) == 0
    assert [one.reason for one in apart.quarantined()] == ["crash: exit -6"]


def test_an_innocent_mail_survives_the_suspicion(house: House) -> None:
    """A mail that was merely there when the machine stopped is read like any other."""
    for raw in from_amazon():
        (mail_id,) = house.keep(raw)
        house.store.mails.start_attempt(CAMILLE.key, mail_id, house.clock.now())
    house.pipeline.read_new()
    assert house.app.quarantined() == []
    assert house.claim().party == ClaimParty.AMAZON


def test_mails_wait_for_a_reader(house: House, tmp_path: Path) -> None:
    """While no child can be started, mails wait, no attempt is counted, and they are read once there is one."""
    house.keep(bought())
    missing = ReadingRoom((str(tmp_path / "nothing"),))
    for _ in range(7):
        with pytest.raises(NoReader):
            Application(house.settings, house.store, load(), house.clock, missing).pipeline.read_new()
    assert [mail.attempts for mail in house.store.mails.pending(9)] == [0]
    house.pipeline.read_new()
    assert house.order(ORDER).order_id == ORDER


def test_the_child_reads_with_our_own_code(house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder named ``daemon`` where relance was started from does not become the child's code."""
    (tmp_path / "here" / "daemon").mkdir(parents=True)
    (tmp_path / "here" / "daemon" / "__init__.py").write_text("raise SystemExit(7)\n", "utf-8")
    monkeypatch.chdir(tmp_path / "here")
    room = ReadingRoom()
    house.keep(bought())
    Application(house.settings, house.store, load(), house.clock, room).pipeline.read_new()
    room.close()
    assert house.app.quarantined() == []
    assert house.order(ORDER).order_id == ORDER


def test_a_forged_mail_is_set_aside(house: House) -> None:
    """A mail that imitates a known sender is set aside with its reason, and says nothing of an order."""
    forged = mails.mail(
        "Amazon.fr <suivi@amazon-fr-livraison.example>", "Livré", f"Commande {OTHER}\n", NOW, key="forged"
    )
    house.receive(forged, *from_amazon())
    assert [one.reason for one in house.app.quarantined()] == ["forged"]
    assert [one.order.order_id for one in house.app.orders()] == [ORDER]


def test_mails_of_an_owner_who_left_are_set_aside(tmp_path: Path) -> None:
    """Unread mails of an owner whom the configuration no longer names wait in quarantine until it does again."""
    both = (box(tmp_path), box(tmp_path, "bureau", NOOR))
    house = House(tmp_path, *both)
    house.keep(bought(OTHER), place=1)
    house = house.reopened(both[0])
    house.receive(*from_amazon())
    assert [one.reason for one in house.app.quarantined()] == ["unknown_owner"]
    assert house.claim().order_id == ORDER
    house = house.reopened(*both)
    assert house.app.quarantine_retry() == 1
    assert house.order(OTHER, NOOR).order_id == OTHER
    house.close()


def test_orders_of_an_owner_who_left_are_left_in_peace(tmp_path: Path) -> None:
    """What is known of such an owner stays as it is: nothing is judged, placed, or read again, and nothing is lost."""
    both = (box(tmp_path), box(tmp_path, "bureau", NOOR))
    house = House(tmp_path, *both)
    noors = mails.mail("x <y@z.example>", "x", "x", NOW, key="x", to=NOOR.addresses[0])
    house.receive(*from_amazon(OTHER), noors, place=1)
    house.store.views.touch(NOOR.key, [OTHER], house.clock.now())
    known = house.order(OTHER, NOOR)
    house = house.reopened(both[0])
    assert house.pipeline.due() == 0
    house.app.replay()
    assert house.app.quarantined() == []
    assert house.order(OTHER, NOOR) == known
    house.close()


# ── orders and letters that fail ──────────────────────────────────────────


def test_an_order_that_cannot_be_judged_stops_no_other(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """A defect met by one order leaves the others alone; that order is tried again an hour later, and not before."""
    sound, judged = anomalies.find, []

    def defective(order: Order, now: datetime, rules: Rules) -> list[Anomaly]:
        judged.append(order.order_id)
        if order.order_id == OTHER and now < NOW + timedelta(hours=1):
            raise ZeroDivisionError
        return sound(order, now, rules)

    monkeypatch.setattr(anomalies, "find", defective)
    house.receive(*from_amazon(OTHER), *from_amazon())
    assert [claim.order_id for claim in house.claims()] == [ORDER]
    judged.clear()
    house.later(minutes=59)
    assert OTHER not in judged
    house.later(minutes=1)
    assert {claim.order_id for claim in house.claims()} == {ORDER, OTHER}


def test_a_replay_goes_on_past_an_order_that_cannot_be_judged(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """One order that meets a defect does not keep the others from being read and judged anew."""
    house.receive(*from_amazon(OTHER), *from_amazon())
    sound = anomalies.find

    def defective(order: Order, now: datetime, rules: Rules) -> list[Anomaly]:
        if order.order_id == ORDER:
            raise ZeroDivisionError
        return sound(order, now, rules)

    monkeypatch.setattr(anomalies, "find", defective)
    assert house.pipeline.reconsider_all() == 1
    monkeypatch.undo()
    assert house.pipeline.reconsider_all() == 2


@pytest.fixture
def templates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return a copy of the templates that is used in place of the real ones."""
    copy = tmp_path / "templates"
    shutil.copytree(resources.templates(), copy)
    monkeypatch.setattr(resources, "templates", lambda: copy)
    letter._environment.cache_clear()
    yield copy
    monkeypatch.undo()
    letter._environment.cache_clear()


def _break(template: Path) -> str:
    sound = template.read_text("utf-8")
    template.write_text("{% if %}", "utf-8")
    return sound


def _mend(template: Path, text: str) -> None:
    """Write a template anew, with another time of change, by which it is seen to be another."""
    template.write_text(f"{text}\n", "utf-8")


def test_a_letter_that_fails_leaves_its_claim(house: House, templates: Path) -> None:
    """With a broken template the claim is opened without a text, and gets it once the template is mended."""
    first = templates / "letters/fr/shared/first.txt.j2"
    sound = _break(first)
    house.receive(*from_amazon(OTHER), *from_amazon())
    assert [one.drafts for one in house.claims()] == [(), ()]
    assert house.intended() == []
    _mend(first, sound)
    house.later(hours=1)
    assert [[one.stage for one in claim.drafts] for claim in house.claims()] == [[Stage.FIRST], [Stage.FIRST]]
    assert [one.kind for one in house.intended()] == ["notice", "notice"]


def test_a_reminder_that_fails_is_not_forgotten(house: House, templates: Path) -> None:
    """A reminder that cannot be written when it is due is written once its template is mended."""
    house.receive(*from_seller())
    house.send()
    reminder = templates / "letters/fr/shared/reminder.txt.j2"
    sound = _break(reminder)
    house.later(hours=48)
    assert [one.stage for one in house.claim().drafts] == [Stage.FIRST]
    _mend(reminder, sound)
    house.later(hours=1)
    assert [one.stage for one in house.claim().drafts] == [Stage.FIRST, Stage.REMINDER]
    assert house.claim().follow_ups == ()


def test_a_withdrawal_that_fails_keeps_its_claim_open(house: House, templates: Path) -> None:
    """A claim is not closed before the courteous end that it owes the seller is written."""
    house.receive(*from_seller())
    house.send()
    end = templates / "letters/fr/shared/withdrawal.txt.j2"
    sound = _break(end)
    house.later(hours=2)
    house.receive(mails.delivered(ORDER, house.clock.now()))
    assert house.claim().closed_at is None
    _mend(end, sound)
    house.later(hours=1)
    assert [one.stage for one in house.claim().drafts] == [Stage.FIRST, Stage.WITHDRAWAL]
    assert house.claim().outcome == Outcome.DELIVERED


# ── the Sent folder, answers ──────────────────────────────────────────────


def _sent(at: datetime) -> bytes:
    owner = f"Camille Rivoire <{mails.OWNER}>"
    return mails.mail(owner, "Re: Votre demande", f"Commande {ORDER}\n", at, key="mine", to=RELAY)


def test_a_draft_seen_in_the_sent_folder_starts_the_clock(house: House) -> None:
    """A mail to the seller in the Sent folder marks the draft as sent at that mail's own time, unapproved or not."""
    house.receive(*from_seller())
    sent_at = house.clock.now() + timedelta(minutes=5)
    house.later(minutes=9)
    house.receive(_sent(sent_at), role=Role.SENT)
    assert (house.draft().state, house.draft().sent_at) == (DraftState.SENT, sent_at)
    (follow_up,) = house.claim().follow_ups
    assert follow_up.due_at == sent_at + timedelta(hours=48)


def test_a_mail_in_the_sent_folder_dated_ahead_counts_from_now(house: House) -> None:
    """A sender's clock that is ahead does not move the reminder."""
    house.receive(*from_seller())
    house.later(minutes=9)
    house.receive(_sent(house.clock.now() + timedelta(days=3)), role=Role.SENT)
    assert house.draft().sent_at == house.clock.now()


def _answer(house: House, text: str, owner: Owner = CAMILLE) -> bytes:
    """Return the owner's answer to the newest mail that relance put before Camille."""
    (asked,) = house.intended()
    return mails.mail(
        f"{owner.name} <{owner.addresses[0]}>", "Re: relance", text, NOW, key=f"answer-{owner.name}",
        to=owner.addresses[0], In_Reply_To=asked.message_id,
    )  # fmt: skip


def test_an_answer_is_about_the_claim_it_answers(house: House) -> None:
    """The owner's answer "trouvé" to a notice closes its claim, though it names no order."""
    house.receive(*from_amazon())
    house.later(minutes=1)
    house.receive(_answer(house, "C'est bon, je l'ai trouvé chez le voisin."))
    assert house.claim().outcome == Outcome.FOUND


def test_an_answer_counts_once(house: House) -> None:
    """An answer that quotes the notice, and so names the order as well, is one word of the owner and not two."""
    house.receive(*from_amazon())
    words = len(house.order().timeline)
    house.later(minutes=1)
    house.receive(_answer(house, f"Toujours pas reçu.\n\nLe 18 mars 2026, relance a écrit :\n> Commande {ORDER}\n"))
    assert len(house.order().timeline) == words + 1


def test_an_answer_to_anothers_claim_says_nothing(tmp_path: Path) -> None:
    """An owner cannot speak of another owner's claim by answering with its Message-ID."""
    house = House(tmp_path, box(tmp_path), box(tmp_path, "bureau", NOOR))
    house.receive(*from_amazon())
    house.receive(_answer(house, "Found it!", NOOR), place=1)
    assert house.claim().outcome is None
    assert [owner for owner, _ in house.store.views.orders()] == [CAMILLE.key]
    house.close()


# ── two owners ────────────────────────────────────────────────────────────


def _to_noor(raw: bytes) -> bytes:
    return raw.replace(mails.OWNER.encode(), NOOR.addresses[0].encode())


def test_two_owners_stay_apart(tmp_path: Path) -> None:
    """With one order number in two mailboxes each owner has an order and a claim of their own, and sees only those."""
    house = House(tmp_path, box(tmp_path), box(tmp_path, "bureau", NOOR))
    house.receive(*from_seller())
    house.receive(*map(_to_noor, (bought(seller=SELLER), greeted(), brought(), missed())), place=1)
    (mine,), (hers,) = house.claims(), house.claims(NOOR)
    assert (mine.order_id, mine.ref != hers.ref) == (hers.order_id, True)
    assert (mine.drafts[0].language, hers.drafts[0].language) == ("fr", "en")
    assert [(house.place(place), house.kinds(".Drafts", place)) for place in (0, 1)] == [(1, ["draft"]), (1, ["draft"])]
    ((draft,), (her_draft,)) = house.messages(".Drafts"), house.messages(".Drafts", 1)
    assert (mails.OWNER in str(draft["From"]), NOOR.addresses[0] in str(her_draft["From"])) == (True, True)
    assert house.messages() == house.messages(place=1) == []
    house.app.dismiss(hers.ref)
    assert [house.place(place) for place in (0, 1)] == [0, 1]
    assert (house.kinds(".Drafts"), house.kinds(".Drafts", 1)) == (["draft"], [])
    assert house.claim().closed_at is None
    house.close()
