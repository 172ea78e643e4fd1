"""Mailboxes beside each other, and folders that are not there, on a real Dovecot."""

from __future__ import annotations

from datetime import UTC, datetime

from daemon.outbox import ids
from tests.house import CAMILLE, NOOR, SELLER, bought, brought, greeted, missed
from tests.road import mails
from tests.road.conftest import Maker
from tests.road.service import account, until
from tests.servers.dovecot import Dovecot

NOW = datetime.now(UTC).replace(microsecond=0)
ORDER = mails.order_number(31)
STORY = (
    bought(ORDER, seller=SELLER, now=NOW),
    greeted(ORDER, now=NOW),
    brought(ORDER, now=NOW),
    missed(ORDER, now=NOW),
)


def _kinds(dovecot: Dovecot, user: str, folder: str) -> list[str]:
    with dovecot.client(user) as client:
        if not client.folder_exists(folder):
            return []
        client.select_folder(folder, readonly=True)
        envelopes = client.fetch(client.search(), ["ENVELOPE"]).values()
        keys = [ids.parse(one[b"ENVELOPE"].message_id.decode()) for one in envelopes]
    return [key.kind for key in keys if key is not None]


def test_two_owners_of_one_order_stay_apart(dovecot: Dovecot, make_relance: Maker) -> None:
    """One order number in two people's mailboxes: each has a draft in their own, in their own name, and no other's."""
    hers = account(dovecot, "bureau", "noor").replace(mails.OWNER, NOOR.addresses[0]).replace(CAMILLE.name, NOOR.name)
    relance = make_relance(account(dovecot), hers, claims="seller_mail = true", password=dovecot.password)
    relance.start()
    for raw in STORY:
        dovecot.deliver("camille", raw)
        dovecot.deliver("noor", raw.replace(mails.OWNER.encode(), NOOR.addresses[0].encode()))
    until(lambda: _kinds(dovecot, "camille", "Drafts"), "Camille's draft")
    until(lambda: _kinds(dovecot, "noor", "Drafts"), "Noor's draft")
    claims = relance.json("drafts")
    assert sorted(one["owner"] for one in claims) == sorted([CAMILLE.key, NOOR.key])
    assert len({one["claim"]["ref"] for one in claims}) == 2
    for user, owner in (("camille", CAMILLE), ("noor", NOOR)):
        (draft,) = dovecot.messages(user, "Drafts")
        assert owner.name.encode() in draft.raw
        assert _kinds(dovecot, user, "INBOX") == []


def test_a_missing_drafts_folder_delays_only_drafts(dovecot: Dovecot, make_relance: Maker) -> None:
    """Without the folder for drafts notices are placed all the same; once it is there at a login, so is the draft."""
    config = account(dovecot, drafts='"Brouillons"', poll_seconds="5")
    relance = make_relance(config, claims="seller_mail = true", password=dovecot.password)
    relance.start()
    other = mails.order_number(32)
    for raw in (*STORY, bought(other, now=NOW), brought(other, now=NOW), missed(other, now=NOW)):
        dovecot.deliver("camille", raw)
    until(lambda: _kinds(dovecot, "camille", "INBOX") == ["notice"], "the notice")
    until(lambda: any(one["event"] == "not_placed" for one in relance.lines()), "the draft's refusal to be told")
    until(lambda: "watching" in relance.states(), "the folder to be watched all the same")
    dovecot.create_folder("camille", "Brouillons")
    dovecot.restart()
    until(lambda: _kinds(dovecot, "camille", "Brouillons") == ["draft"], "the draft")
    assert _kinds(dovecot, "camille", "Drafts") == []
