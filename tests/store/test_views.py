"""Notices and orders, and the owner's words beside them."""

from __future__ import annotations

from datetime import date

import pytest

from daemon.store import Store
from daemon.store.errors import UnknownWord
from parsers.notice import Kind
from tests.store.samples import NOW, ORDER, OTHER, OWNER, SECOND, keep, later, notice, order, summary, word

PARCEL = "6A01234567891"


def test_notices_come_by_time(store: Store) -> None:
    """An order's notices are given oldest first, whatever mail was read first, and only its owner's."""
    old, new = keep(store, 1, 2)
    late = notice(new, kind=Kind.DELIVERED, at=later(days=2), promised_to=date(2026, 3, 12))
    store.mails.finish(OWNER, new, summary(), [late, notice(new, SECOND)])
    store.mails.finish(OWNER, old, summary(), [notice(old)])
    assert store.views.notices(OWNER, ORDER) == [notice(old), late]
    assert store.views.notices(OTHER, ORDER) == []


def test_carriers_notice_is_found_by_its_parcel(store: Store) -> None:
    """A notice without an order is loose, and found together with the order's own by their common tracking number."""
    own, carrier, other = keep(store, 1, 2, 3)
    shipped = notice(own, tracking_numbers=(PARCEL, "8L98765432100"))
    scanned = notice(carrier, None, kind=Kind.DELIVERED, at=later(days=1), tracking_numbers=(PARCEL,))
    store.mails.finish(OWNER, own, summary(), [shipped])
    store.mails.finish(OWNER, carrier, summary(), [scanned])
    store.mails.finish(OWNER, other, summary(), [notice(other, SECOND, tracking_numbers=("XY123456789FR",))])
    assert store.views.loose(OWNER) == [scanned]
    assert store.views.by_tracking(OWNER, [PARCEL, "8L98765432100", PARCEL]) == [shipped, scanned]
    assert store.views.by_tracking(OWNER, []) == store.views.by_tracking(OTHER, [PARCEL]) == []


def test_order_is_saved_anew(store: Store) -> None:
    """The newest view of an order counts, comes back whole, and can be forgotten."""
    store.views.save_order(OWNER, order(), None)
    newer = order(seller="Maison Tisane", ordered_at=NOW, timeline=(notice("a" * 64),))
    store.views.save_order(OWNER, newer, later(days=3))
    store.views.save_order(OTHER, order(SECOND), None)
    assert store.views.order(OWNER, ORDER) == newer
    assert store.views.orders() == [(OWNER, newer), (OTHER, order(SECOND))]
    assert store.views.orders(OTHER) == [(OTHER, order(SECOND))]
    store.views.drop_order(OWNER, ORDER)
    assert store.views.order(OWNER, ORDER) is None


def test_orders_fall_due_to_be_looked_at(store: Store) -> None:
    """An order is to be reconsidered from its moment on, longest due first, and no more once it was moved."""
    assert store.views.next_reconsideration() is None
    store.views.save_order(OWNER, order(), later(days=2))
    store.views.save_order(OWNER, order(SECOND), later(days=1))
    store.views.save_order(OWNER, order("028-5561207-9913374"), None)
    assert store.views.next_reconsideration() == later(days=1)
    assert store.views.to_reconsider(later(hours=23)) == []
    assert store.views.to_reconsider(later(days=2)) == [(OWNER, SECOND), (OWNER, ORDER)]
    store.views.save_order(OWNER, order(SECOND), later(days=9))
    assert store.views.to_reconsider(later(days=2)) == [(OWNER, ORDER)]


def test_every_order_that_is_spoken_of_is_listed(store: Store) -> None:
    """The orders of an owner are those of notices, words, claims and views together, each once."""
    (mail,) = keep(store, 1)
    store.mails.finish(OWNER, mail, summary(), [notice(mail), notice(mail, None)])
    store.words.add(OWNER, word(SECOND), NOW)
    store.views.save_order(OWNER, order(), None)
    store.words.add(OTHER, word("028-5561207-9913374"), NOW)
    assert store.views.order_ids(OWNER) == [SECOND, ORDER]


def test_words_are_numbered_and_can_be_taken_back(store: Store) -> None:
    """A word names itself as its source; a withdrawn one counts no longer, and again once restored."""
    first, second = store.words.add(OWNER, word(), NOW), store.words.add(OWNER, word(), later(hours=1))
    assert [one.source for one in store.words.of_order(OWNER, ORDER)] == [f"report:{first}", f"report:{second}"]
    store.words.withdraw(first)
    assert [one.source for one in store.words.of_order(OWNER, ORDER)] == [f"report:{second}"]
    store.words.restore(first)
    assert store.words.of_order(OWNER, ORDER)[0] == word().model_copy(update={"source": f"report:{first}"})
    assert store.words.of_order(OTHER, ORDER) == []


def test_word_needs_an_order_and_a_number_that_exists(store: Store) -> None:
    """A word without an order, or a number that was never given, is refused."""
    with pytest.raises(ValueError, match="must name its order"):
        store.words.add(OWNER, word(None), NOW)
    with pytest.raises(UnknownWord):
        store.words.withdraw(1)
