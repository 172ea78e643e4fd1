"""What becomes of a mail: attempts, quarantine, reading, replay."""

from __future__ import annotations

import pytest

from daemon.claims.actions import OpenClaim
from daemon.mailbox.base import Role, Watermark
from daemon.store import Counts, Store
from daemon.store.errors import UnknownMail
from parsers.notice import Kind
from tests.store.samples import (
    NOW,
    ORDER,
    OTHER,
    OWNER,
    SECOND,
    arrived,
    claim,
    keep,
    later,
    notice,
    order,
    summary,
    word,
)


def test_crash_isolates_the_mail_in_the_end(store: Store) -> None:
    """A mail whose reading began five times and never ended is set aside at start; one begun once gets its chances."""
    once, often = keep(store, 1, 2)
    assert store.mails.start_attempt(OWNER, once, NOW) == 1
    for attempt in range(1, 5):
        assert store.mails.start_attempt(OWNER, often, NOW) == attempt
    assert store.mails.isolate_crashed(later(minutes=1)) == []
    assert store.mails.start_attempt(OWNER, often, NOW) == 5
    assert store.mails.isolate_crashed(later(minutes=2)) == [often]
    (aside,) = store.mails.quarantined()
    assert (aside.mail_id, aside.reason, aside.quarantined_at) == (often, "crash", later(minutes=2))
    assert [mail.mail_id for mail in store.mails.pending(10)] == [once]


def test_attempt_broken_off_for_another_reason_does_not_count(store: Store) -> None:
    """An attempt that was taken back is no crash, however often that happens."""
    (mail,) = keep(store, 1)
    for _ in range(3):
        assert store.mails.start_attempt(OWNER, mail, NOW) == 1
        store.mails.release_attempt(OWNER, mail)
    assert store.mails.isolate_crashed(NOW) == []
    assert store.mails.pending(1)[0].attempts == 0


def test_attempt_needs_a_waiting_mail(store: Store) -> None:
    """Reading cannot begin on a mail that is read, or that nobody knows."""
    (mail,) = keep(store, 1)
    store.mails.finish(OWNER, mail, summary(), [])
    with pytest.raises(UnknownMail):
        store.mails.start_attempt(OWNER, mail, NOW)
    with pytest.raises(UnknownMail):
        store.mails.start_attempt(OTHER, mail, NOW)


def test_quarantine_and_its_ways_out(store: Store) -> None:
    """A mail set aside can be tried again from the start, or dropped and taken back, and its bytes stay."""
    (mail,) = keep(store, 1)
    store.mails.start_attempt(OWNER, mail, NOW)
    store.mails.quarantine(OWNER, mail, "unreadable", NOW)
    assert store.mails.counts() == Counts(quarantined=1)
    store.mails.drop(OWNER, mail)
    assert (store.mails.quarantined(), store.mails.counts()) == ([], Counts(dropped=1))
    store.mails.undrop(OWNER, mail)
    assert store.mails.quarantined(OWNER)[0].reason == "unreadable"
    store.mails.retry(OWNER, mail)
    assert [(one.mail_id, one.attempts) for one in store.mails.pending(5)] == [(mail, 0)]
    assert store.mails.raw(OWNER, mail)


def test_ways_out_of_quarantine_need_a_mail_in_it(store: Store) -> None:
    """Retrying or dropping a mail that is not set aside is refused and changes nothing."""
    (mail,) = keep(store, 1)
    for way in (store.mails.retry, store.mails.drop, store.mails.undrop):
        with pytest.raises(UnknownMail):
            way(OWNER, mail)
    assert store.mails.counts() == Counts(new=1)


def test_quarantine_is_listed_by_owner(store: Store) -> None:
    """One owner's quarantine does not show another's mails."""
    (mine,), (theirs,) = keep(store, 1), keep(store, 1, owner=OTHER)
    store.mails.quarantine(OWNER, mine, "unreadable", NOW)
    store.mails.quarantine(OTHER, theirs, "unreadable", NOW)
    assert [mail.owner for mail in store.mails.quarantined(OTHER)] == [OTHER]
    assert len(store.mails.quarantined()) == 2


def test_reading_again_replaces_the_notices(store: Store) -> None:
    """A mail that is read again has the notices of the last reading only, found by order and by tracking number."""
    (mail,) = keep(store, 1)
    first = notice(mail, tracking_numbers=("6A01234567891",))
    store.mails.finish(OWNER, mail, summary(), [first, notice(mail, SECOND)])
    assert store.views.orders_of_mail(OWNER, mail) == {ORDER, SECOND}
    better = notice(mail, kind=Kind.DELIVERED, tracking_numbers=("8L98765432100",))
    store.mails.finish(OWNER, mail, summary(), [better])
    assert store.views.notices(OWNER, ORDER) == [better]
    assert store.views.orders_of_mail(OWNER, mail) == {ORDER}
    assert store.views.by_tracking(OWNER, ["6A01234567891"]) == []
    assert store.views.by_tracking(OWNER, ["8L98765432100"]) == [better]


def test_summary_is_there_once_read(store: Store) -> None:
    """What is shown of a mail is known once it was read, and asking for an unknown mail says so."""
    (mail,) = keep(store, 1)
    assert store.mails.summary(OWNER, mail) is None
    store.mails.finish(OWNER, mail, summary(understood=False), [])
    assert store.mails.summary(OWNER, mail) == summary(understood=False)
    assert store.mails.counts() == Counts(read=1, not_understood=1)
    with pytest.raises(UnknownMail):
        store.mails.summary(OTHER, mail)


def test_finishing_an_unknown_mail_writes_no_notice(store: Store) -> None:
    """Notices belong to a mail that is there."""
    with pytest.raises(UnknownMail):
        store.mails.finish(OWNER, "0" * 64, summary(), [notice("0" * 64)])
    assert store.views.notices(OWNER, ORDER) == []


def test_replay_forgets_views_and_keeps_facts(store: Store) -> None:
    """Replay lets the mails that were read wait again and forgets notices and orders; words and claims stay."""
    read, aside, gone = keep(store, 1, 2, 3)
    store.mails.start_attempt(OWNER, read, NOW)
    store.mails.finish(OWNER, read, summary(), [notice(read, tracking_numbers=("6A01234567891",))])
    store.mails.quarantine(OWNER, aside, "unreadable", NOW)
    store.mails.quarantine(OWNER, gone, "unreadable", NOW)
    store.mails.drop(OWNER, gone)
    store.views.save_order(OWNER, order(), None)
    store.words.add(OWNER, word(), NOW)
    store.claims.apply(OWNER, [OpenClaim(claim=claim())], NOW)
    assert store.mails.requeue() == 1
    assert [(mail.mail_id, mail.attempts) for mail in store.mails.pending(5)] == [(read, 0)]
    assert store.mails.counts() == Counts(new=1, quarantined=1, dropped=1)
    assert (store.views.notices(OWNER, ORDER), store.views.orders()) == ([], [])
    assert len(store.words.of_order(OWNER, ORDER)) == len(store.claims.of_order(OWNER, ORDER)) == 1
    assert store.views.order_ids(OWNER) == [ORDER]
    assert store.check() == []


def test_replay_of_one_owner_leaves_the_others(store: Store) -> None:
    """Replaying one owner's mails does not touch another's."""
    (mine,), (theirs,) = keep(store, 1), keep(store, 1, owner=OTHER)
    for owner, mail in ((OWNER, mine), (OTHER, theirs)):
        store.mails.finish(owner, mail, summary(), [notice(mail)])
        store.views.save_order(owner, order(), None)
    assert store.mails.requeue(OTHER) == 1
    assert store.views.orders() == [(OWNER, order())]
    assert store.views.notices(OWNER, ORDER) == [notice(mine)]
    assert store.mails.counts(OTHER) == Counts(new=1)


def test_role_of_a_sent_mail_is_kept(store: Store) -> None:
    """A mail from the folder of sent mail says so when it is read."""
    store.mails.keep(OWNER, "maison", "Sent", Role.SENT, Watermark(2, 1), [arrived(1)], NOW)
    assert store.mails.pending(1)[0].role is Role.SENT
