"""Looking: orders, claims, drafts, health."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from datetime import UTC, datetime

from daemon import anomalies, claims, heartbeat
from daemon.anomalies.anomaly import Anomaly, Certainty
from daemon.application.loose import loose_count, loose_parcels
from daemon.application.results import (
    ClaimUnknown,
    ClaimView,
    DraftView,
    LooseParcel,
    NothingOpen,
    OrderAmbiguous,
    OrderSummary,
    OrderUnknown,
    OrderView,
    OwnerUnknown,
    Status,
)
from daemon.claims.claim import OPEN_STATES, Claim, Draft
from daemon.claims.windows import deadlines
from daemon.clock import Clock
from daemon.orders.link import suspects
from daemon.orders.order import Order, Parcel
from daemon.orders.parcels import suspected
from daemon.pipeline import Pipeline
from daemon.readingroom import ReadingRoom
from daemon.rules import Rules
from daemon.settings import Settings
from daemon.store import Decision, MailSummary, Store
from parsers.letter import Trust
from parsers.notice import Notice


class Looking:
    """The use cases that change nothing."""

    def __init__(
        self, settings: Settings, store: Store, rules: Rules, clock: Clock, room: ReadingRoom | None = None
    ) -> None:
        """Mails that are read again are read in the ``room``; without one, in this process."""
        self._settings, self._store, self._rules, self._clock = settings, store, rules, clock
        self.pipeline = Pipeline(settings, store, rules, clock, room)
        self._room = room

    def orders(self) -> list[OrderSummary]:
        """Return all orders, the newest first."""
        now = self._clock.now()
        by_order: dict[tuple[str, str], list[Claim]] = {}
        for owner, claim in self._store.claims.all():
            by_order.setdefault((owner, claim.order_id), []).append(claim)
        found = [
            OrderSummary(
                owner,
                order,
                tuple(anomalies.find(order, now, self._rules)),
                tuple(by_order.get((owner, order.order_id), ())),
            )
            for owner, order in self._store.views.orders()
        ]
        return sorted(found, key=lambda one: _newest(one.order), reverse=True)

    def order(self, order_id: str, owner: str | None = None) -> OrderView:
        """Return one order; ``owner`` says whose it is where several have one of this number.

        Raises ``OrderUnknown``, ``OrderAmbiguous``, ``OwnerUnknown``.
        """
        owner, order = self._order(order_id, owner)
        now = self._clock.now()
        found = anomalies.find(order, now, self._rules)
        return OrderView(
            owner=owner,
            order=order,
            anomalies=tuple(found),
            claims=tuple(self._store.claims.of_order(owner, order.order_id)),
            questions=tuple(dict.fromkeys(self._questions(order, found))),
            mails=self._mails(owner, order),
            next_check=anomalies.next_check(order, now, self._rules),
            suspected=self._suspected(owner, order),
        )

    def _suspected(self, owner: str, order: Order) -> tuple[Parcel, ...]:
        """Return the parcels that may be this order's: seen when asked for, so that every later mail counts."""
        near = suspects(order.order_id, self._store.views.loose(owner), {order.order_id: order.timeline})
        if not near:
            return ()
        known = {one.order_id: one.timeline for _, one in self._store.views.orders(owner)}
        return suspected(suspects(order.order_id, near, known))

    def parcels(self) -> list[LooseParcel]:
        """Return the parcels of which carriers wrote and which no order knows, the newest first."""
        found = [one for mails in self._loose_mails() for one in loose_parcels(*mails)]
        return sorted(found, key=lambda one: one.timeline[-1].at, reverse=True)

    def _loose_mails(self) -> Iterable[tuple[str, list[Notice], dict[str, tuple[Notice, ...]]]]:
        """Yield each owner who has notices that name no order, with these and the timelines of their orders."""
        for owner in dict.fromkeys(box.owner.key for box in self._settings.mailboxes):
            if loose := self._store.views.loose(owner):
                yield owner, loose, {one.order_id: one.timeline for _, one in self._store.views.orders(owner)}

    def claim(self, ref: str) -> ClaimView:
        """Return one claim. Raises ``ClaimUnknown``."""
        owner, claim = self._claim(ref)
        order = self._store.views.order(owner, claim.order_id) or Order(order_id=claim.order_id)
        found = anomalies.find(order, self._clock.now(), self._rules)
        anomaly = claims.anomaly_of(claim, found)
        return ClaimView(owner, claim, order, anomaly, deadlines(claim, order, self._rules))

    def drafts(self) -> list[DraftView]:
        """Return the drafts that wait for their owner: recommended ones first, then oldest first."""
        found = [
            DraftView(owner, claim, draft)
            for owner, claim in self._store.claims.all()
            for draft in claim.drafts
            if draft.state in OPEN_STATES
        ]
        return sorted(found, key=lambda one: (not one.claim.recommended, one.draft.created_at, one.claim.ref))

    def decisions(self) -> list[Decision]:
        """Return what was decided, oldest first."""
        return self._store.decisions.all()

    def status(self) -> Status:
        """Return how relance is: the running service's heartbeat and the store's counts."""
        beat = heartbeat.read(heartbeat.path(self._store.path.parent))
        counts = self._store.mails.counts()
        open_claims = self._store.claims.all(open_only=True)
        due = [follow_up.due_at for _, claim in open_claims for follow_up in claim.follow_ups]
        orders = [order for _, order in self._store.views.orders()]
        unverified = {one.source for order in orders for one in order.timeline if one.trust is Trust.UNVERIFIED}
        return Status(
            running=beat is not None and beat.fresh,
            boxes=beat.boxes if beat else (),
            store_problem=beat.store_problem if beat and beat.fresh else None,
            mails={"new": counts.new, "read": counts.read, "dropped": counts.dropped},
            not_understood=counts.not_understood,
            quarantined=counts.quarantined,
            unverified=len(unverified),
            loose_parcels=sum(loose_count(loose, orders) for _, loose, orders in self._loose_mails()),
            orders=len(orders),
            open_claims=len(open_claims),
            drafts=len(self.drafts()),
            next_due=min(due, default=None),
            store_path=str(self._store.path),
        )

    def _order(self, order_id: str, whose: str | None = None) -> tuple[str, Order]:
        known = self._store.views.orders(self._owner(whose) if whose else None)
        found = [one for one in known if one[1].order_id == order_id]
        # A shop's order is found by its printed number alone where no other shop's order has the same.
        found = found or [one for one in known if one[1].number == order_id]
        if len(found) == 1:
            return found[0]
        if len({order.order_id for _, order in found}) == 1:
            raise OrderAmbiguous(order_id, sorted(owner for owner, _ in found))
        names = [order.order_id for _, order in known]
        raise OrderUnknown(order_id, found[0][1].order_id if found else _nearest(order_id, names))

    def _owner(self, named: str) -> str:
        """Return the key of the owner whom an address or a mailbox's name stands for. Raises ``OwnerUnknown``."""
        for box in self._settings.mailboxes:
            if named.lower() in (box.name, *(address.lower() for address in box.owner.addresses)):
                return box.owner.key
        raise OwnerUnknown(named, sorted({box.owner.key for box in self._settings.mailboxes}))

    def _claim(self, ref: str) -> tuple[str, Claim]:
        found = self._store.claims.find(ref.upper())
        if found is None:
            raise ClaimUnknown(ref, _nearest(ref.upper(), self._store.claims.taken()))
        return found

    def _open_draft(self, ref: str) -> tuple[str, Claim, Draft]:
        owner, claim = self._claim(ref)
        for draft in reversed(claim.drafts):
            if draft.state in OPEN_STATES:
                return owner, claim, draft
        raise NothingOpen(claim.ref)

    def _questions(self, order: Order, found: Iterable[Anomaly]) -> Iterable[str]:
        for anomaly in found:
            confirmed = anomaly.certainty == Certainty.CONFIRMED
            ask = claims.route(order, anomaly, self._rules).ask if confirmed else anomaly.ask
            if ask:
                yield ask

    def _mails(self, owner: str, order: Order) -> dict[str, MailSummary]:
        found = {}
        for source in {notice.source for notice in order.timeline if not notice.source.startswith("report:")}:
            if (summary := self._store.mails.summary(owner, source)) is not None:
                found[source] = summary
        return found


def _newest(order: Order) -> datetime:
    return max((notice.at for notice in order.timeline), default=datetime.max.replace(tzinfo=UTC))


def _nearest(wanted: str, known: Iterable[str]) -> str | None:
    return next(iter(difflib.get_close_matches(wanted, list(known), 1, 0.6)), None)
