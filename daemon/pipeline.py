"""The whole way of a mail, and the only file that knows it. Read this first.

    mailbox ──► intake ──► parsers ──► orders ──► anomalies ──► claims ──► outbox

``read_new`` turns what the mailboxes have kept into notices, and
``reconsider`` folds an order and plans what follows, ``place`` puts what is
due into the mailbox. Each step is one transaction, so a crash at any moment
leaves nothing half-done: what was not finished is done again, and what was
done is found by its identity and not done twice.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

import structlog

from daemon import anomalies, claims, orders
from daemon.anomalies.anomaly import Anomaly
from daemon.claims.actions import Action, AddDraft, CloseClaim, ComposeStage, OpenClaim
from daemon.claims.claim import Claim
from daemon.claims.context import Context
from daemon.claims.letter import LetterError
from daemon.clock import Clock
from daemon.mailbox.base import Mailbox
from daemon.orders.link import same_parcel
from daemon.orders.order import Order
from daemon.outbox import ids, placing
from daemon.outbox.plan import Desk, placings
from daemon.reader import Homes, Reader
from daemon.reading import Here, MailReader, place_of
from daemon.rules import Rules
from daemon.settings import Settings
from daemon.store import Store
from daemon.store.errors import StoreDamaged, StoreUnavailable
from parsers.notice import Notice

log = structlog.get_logger()

_ABOUT = ("ref", "claim", "draft", "follow_up")
_TURN = 20
"""Mails read in one turn."""
_LATER = timedelta(hours=1)
"""When an order that could not be judged, or a letter that could not be written, is tried again."""
_SIGN = 1.0
"""Seconds after which a thread that waits for another one's turn says that it lives."""


def _quiet(_done: int) -> None:
    """Tell nobody how far reading has come."""


class Pipeline:
    """Runs the stages over one store. Thread-safe: one mail or order at a time."""

    def __init__(
        self, settings: Settings, store: Store, rules: Rules, clock: Clock, mail_reader: MailReader | None = None
    ) -> None:
        """``mail_reader`` reads mails apart (``daemon.readingroom``); by default they are read in this process.

        Raises ``RulesError`` for rules that cannot be used.
        """
        claims.check(rules)
        self._store = store
        self._rules = rules
        self._clock = clock
        self._seller_mail = settings.claims.seller_mail
        self._ask_within = timedelta(days=settings.claims.ask_within_days)
        self._homes = Homes(settings)
        self._reader = Reader(self._homes, store, clock, mail_reader or Here(), tell_within=self._ask_within)
        self._failed: dict[tuple[str, str], datetime] = {}
        self._turn = threading.Lock()
        self._lock = threading.RLock()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Join several steps in one transaction. The pipeline's turn comes before the store's, here as everywhere."""
        with self._lock, self._store.transaction():
            yield

    # ── intake and parsers ────────────────────────────────────────────────

    def read_new(self, progress: Callable[[int], None] = _quiet) -> int:
        """Read every mail that is kept and not yet read, then judge the orders they speak of; return how many mails.

        All are read before anything is planned, so that what follows does not depend on the order in which they
        came. One thread does this at a time. ``progress`` is told the mails read so far, again and again, also while
        orders are judged or another thread's turn is waited for. Raises ``StoreUnavailable``.
        """
        while not self._turn.acquire(timeout=_SIGN):
            progress(0)
        try:
            done = 0
            while read := self._read_some():
                done += read
                progress(done)
            self._judge(self._waiting(), lambda: progress(done))
            return done
        finally:
            self._turn.release()

    def _read_some(self) -> int:
        """Read a few mails, then let others at the store."""
        with self._lock:
            batch = self._store.mails.pending(_TURN)
            for mail in batch:
                self._reader.read(mail)
            return len(batch)

    # ── orders, anomalies, claims ─────────────────────────────────────────

    def reconsider(self, owner: str, order_id: str) -> list[Action]:
        """Fold the order, see what is wrong, plan what follows and write it down; return what was done."""
        with self.transaction():
            now = self._clock.now()
            context = self.context(owner)
            order = self._pursued(owner, orders.fold(order_id, self._notices(owner, order_id)))
            found = anomalies.find(order, now, self._rules)
            known = self._store.claims.of_order(owner, order_id)
            planned = claims.plan(order, found, known, now, self._rules, context, self._store.claims.taken())
            actions, unwritten = self._composed(planned, order, found, known, now, context)
            self._store.claims.apply(owner, actions, now)
            order = self._pursued(owner, order)
            again = [now + _LATER] if unwritten else []
            check = anomalies.next_check(order, now, self._rules)
            self._store.views.save_order(owner, order, min([*again, *([check] if check else [])], default=None))
            self._intend(owner, order, found, now)
            _tell(actions)
            return actions

    def _pursued(self, owner: str, order: Order) -> Order:
        """Return an order with what its open claims rest on."""
        known = self._store.claims.of_order(owner, order.order_id)
        return order.model_copy(update={"pursued": claims.pursuit(known)})

    def _notices(self, owner: str, order_id: str) -> list[Notice]:
        own = [*self._store.views.notices(owner, order_id), *self._store.words.of_order(owner, order_id)]
        numbers = sorted({number for notice in own for number in notice.tracking_numbers})
        loose = [notice for notice in self._store.views.by_tracking(owner, numbers) if notice.order_id is None]
        return [*own, *(notice for notice in loose if order_id in same_parcel(notice, own))]

    def _composed(
        self,
        planned: Iterable[Action],
        order: Order,
        found: Sequence[Anomaly],
        known: Sequence[Claim],
        now: datetime,
        context: Context,
    ) -> tuple[list[Action], set[str]]:
        """Replace each request for a text by the draft itself; return the claims whose letter failed, too.

        Such a claim stays open, whatever else was planned for it: a text that is owed is written before the end.
        """
        by_ref = {claim.ref: claim for claim in known}
        done: list[Action] = []
        failed: set[str] = set()
        for action in planned:
            if isinstance(action, OpenClaim):
                by_ref[action.claim.ref] = action.claim
            if isinstance(action, ComposeStage):
                claim = by_ref[action.ref]
                anomaly = claims.anomaly_of(claim, found)
                try:
                    draft = claims.compose(claim, order, anomaly, action.stage, now, self._rules, context)
                except LetterError as problem:
                    failed.add(claim.ref)
                    log.error("letter_failed", claim=claim.ref, stage=action.stage, reason=str(problem))
                else:
                    done.append(AddDraft(draft=draft))
            elif not (isinstance(action, CloseClaim) and action.ref in failed):
                done.append(action)
        return done, failed

    def due(self) -> int:
        """Reconsider a few of the orders that mails have touched or for which a wait has ended; return how many.

        For whoever must not be kept waiting: nothing is done while another thread is at it, or while mails are still
        to be read, here or by another process: an order known by half may look wrong.
        """
        if not self._turn.acquire(blocking=False):
            return 0
        try:
            return self._judge(self._waiting()[:_TURN])
        finally:
            self._turn.release()

    def _waiting(self) -> list[tuple[str, str]]:
        now = self._clock.now()
        if self._store.mails.pending(1):
            return []
        waiting = {*self._store.claims.due(now), *self._store.views.to_reconsider(now)}
        return [one for one in sorted(waiting) if one[0] in self._homes.owners and self._failed.get(one, now) <= now]

    def _judge(self, waiting: Iterable[tuple[str, str]], told: Callable[[], None] | None = None) -> int:
        """Reconsider orders; return how many could be. A defect of ours met by one must not stop the others."""
        count = 0
        for owner, order_id in waiting:
            if told is not None:
                told()
            try:
                self.reconsider(owner, order_id)
            except (StoreUnavailable, StoreDamaged):
                raise
            except Exception as problem:  # noqa: BLE001 - whatever it is
                self._failed[owner, order_id] = self._clock.now() + _LATER
                log.error("order_failed", error=type(problem).__name__, at=place_of(problem))
            else:
                self._failed.pop((owner, order_id), None)
                count += 1
        return count

    def reconsider_all(self) -> int:
        """Fold and judge every order again; return how many could be. For a replay, or when rules have changed."""
        known = (
            (owner, order_id) for owner in sorted(self._homes.owners) for order_id in self._store.views.order_ids(owner)
        )
        return self._judge(known)

    # ── outbox ────────────────────────────────────────────────────────────

    def _intend(self, owner: str, order: Order, found: Sequence[Anomaly], now: datetime) -> None:
        """Write down what is to be put into, or taken out of, the owner's mailbox for this order."""
        known = self._store.claims.of_order(owner, order.order_id)
        desk = Desk(
            order=order,
            anomalies=found,
            claims=known,
            revisions=self._store.claims.revisions([claim.ref for claim in known]),
            context=self.context(owner),
            rules=self._rules,
            now=now,
            ask_within=self._ask_within,
        )
        parcels = {"", *(one.key for one in order.parcels), *(one.parcel for one in found)}
        refs = [*(claim.ref for claim in known), *(ids.question_ref(order.order_id, one) for one in parcels)]
        for wish in placings(desk, self._store.placements.of(owner, refs)):
            if wish.remove:
                self._store.placements.ask_removal(wish.message_id, now)
            else:
                self._store.placements.intend(owner, self._homes.of(owner).name, wish, now)

    def place(self, mailbox: Mailbox) -> int:
        """Put into ``mailbox`` what is intended for it and take out what is obsolete; return how many messages.

        What the mailbox refuses stays intended and is tried again in the next cycle. Raises ``MailboxError`` when
        the connection is lost.
        """
        return placing.place(mailbox, self._store, self._clock)

    # ── who is who ────────────────────────────────────────────────────────

    def context(self, owner: str) -> Context:
        """Return for whom letters are written. Raises ``UnknownOwner``."""
        return Context(owner=self._homes.of(owner).owner, seller_mail=self._seller_mail, fresh_within=self._ask_within)


def _tell(actions: Iterable[Action]) -> None:
    for action in actions:
        about = next(part for part in (getattr(action, name, None) for name in _ABOUT) if part is not None)
        ref = about if isinstance(about, str) else getattr(about, "ref", None) or about.claim
        log.info("claim_step", step=type(action).__name__, claim=ref)
