"""Whatever comes in whatever order, the ladder keeps its word: a machine plays owner, seller, carrier and clock."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from daemon.claims import deadlines, settle
from daemon.claims.actions import Action, ComposeStage, ReopenClaim
from daemon.claims.claim import OPEN_STATES, ClaimParty, DraftState, Stage
from parsers.notice import Kind, NoteMeaning, Notice, Party, ReplyMeaning
from tests.claims.kit import RULES, Desk, confirmed, delivered, draft_of, notice, said, wrote

MISSING = NoteMeaning.NOT_RECEIVED
WORDS = st.sampled_from([MISSING, MISSING, MISSING, NoteMeaning.RECEIVED, NoteMeaning.FOUND, NoteMeaning.CREDITED])
MAILS = st.sampled_from(
    [
        *(Kind.SHIPPED, Kind.OUT_FOR_DELIVERY, Kind.DELIVERED, Kind.ATTEMPTED, Kind.DELAYED),
        *(Kind.CANCELLED, Kind.RETURNED, Kind.REFUNDED),
    ]
)
THIRD, AMAZON = Party.THIRD_PARTY, Party.AMAZON
PARTIES = st.sampled_from([(THIRD, THIRD), (THIRD, THIRD), (THIRD, AMAZON), (AMAZON, AMAZON), (THIRD, None)])


class LadderMachine(RuleBasedStateMachine):
    """One order: mails come, words are said, drafts are sent or dismissed, and time goes by."""

    desk: Desk

    @initialize(parties=PARTIES, promised=st.sampled_from([date(2026, 3, 1), None]), told=st.booleans())
    def order(self, parties: tuple[Party | None, Party | None], promised: date | None, told: bool) -> None:
        """An order is confirmed, and a mail says that it was delivered; mostly the owner has not received it."""
        self.desk = Desk(confirmed(sold_by=parties[0], shipped_by=parties[1], promised=promised))
        if told:
            self.reconsider(delivered(self.soon()))
            self.reconsider(said(NoteMeaning.NOT_RECEIVED, self.soon()))

    @rule(hours=st.sampled_from([1, 47, 24 * 7, 24 * 40]))
    def time_goes_by(self, hours: int) -> None:
        """Nothing happens for a while."""
        self.reconsider(hours=hours)

    @rule(hours=st.sampled_from([0, 48, 49, 120]))
    def owner_sends_everything(self, hours: int) -> None:
        """The owner sends whatever lies before them, and some time goes by."""
        for claim in self.desk.claims:
            for draft in claim.drafts:
                if draft.state in OPEN_STATES:
                    self.desk.send(claim.ref, draft.stage)
        self.reconsider()
        self.reconsider(hours=hours)

    @rule(event=MAILS, days=st.integers(1, 10))
    def mail(self, event: Kind, days: int) -> None:
        """A mail tells how the parcel or the money fares."""
        promised = (self.desk.now + timedelta(days=days)).date() if event == Kind.DELAYED else None
        amount = Decimal(10 * days) if event == Kind.REFUNDED else None
        number = ("QA4471902285",) if days % 2 else ()
        self.reconsider(notice(event, self.soon(), promised_to=promised, refund_amount=amount, tracking_numbers=number))

    @rule(meaning=WORDS)
    def owner_speaks(self, meaning: NoteMeaning) -> None:
        """The owner says how things are."""
        self.reconsider(said(meaning, self.soon()))

    @rule(parties=PARTIES)
    def owner_corrects(self, parties: tuple[Party | None, Party | None]) -> None:
        """The owner says who sold or shipped."""
        word = said(NoteMeaning.NONE, self.soon())
        self.reconsider(word.model_copy(update={"sold_by": parties[0], "shipped_by": parties[1]}))

    @rule(data=st.data())
    def owner_takes_a_word_back(self, data: st.DataObject) -> None:
        """The owner undoes something that they said."""
        words = [one for one in self.desk.notices if one.kind == Kind.OWNER_REPORT]
        if words:
            self.desk.notices.remove(data.draw(st.sampled_from(words)))
            self.reconsider()

    @rule(kind=st.sampled_from([Kind.SELLER_MESSAGE, Kind.SUPPORT_MESSAGE]), means=st.sampled_from(ReplyMeaning))
    def party_answers(self, kind: Kind, means: ReplyMeaning) -> None:
        """The seller or customer service writes."""
        self.reconsider(wrote(self.soon(), means, kind))

    @rule(data=st.data())
    def owner_dismisses(self, data: st.DataObject) -> None:
        """The owner drops a text that lies before them."""
        waiting = [(c.ref, d.stage) for c in self.desk.claims for d in c.drafts if d.state in OPEN_STATES]
        if waiting:
            self.desk.dismiss(*data.draw(st.sampled_from(waiting)))
            self.reconsider()

    def soon(self) -> datetime:
        """A moment after everything so far."""
        return self.desk.now + timedelta(minutes=7)

    def reconsider(self, *notices: Notice, hours: float = 0) -> None:
        """Plan, check what the plan asks for, run it, and plan again."""
        self.desk.notices += notices
        self.desk.now = max([self.desk.now + timedelta(hours=hours), *(one.at for one in notices)])
        actions = self.desk.plan()
        for action in actions:
            if isinstance(action, ComposeStage):
                self.may_be_written(action, actions)
        self.desk.run(actions)
        assert self.desk.plan() == []

    def may_be_written(self, wanted: ComposeStage, actions: list[Action]) -> None:
        """A stage is written once, in its time, and never after the trouble was settled."""
        claim = next((one for one in self.desk.claims if one.ref == wanted.ref), None)
        if claim is None:
            assert wanted.stage == Stage.FIRST
            return
        drafted = draft_of(claim, wanted.stage)
        assert drafted is None or drafted.state == DraftState.WITHDRAWN, "drafted twice"
        again = any(isinstance(one, ReopenClaim) and one.ref == claim.ref for one in actions)
        assert claim.closed_at is None or again, "written after the end"
        if wanted.stage == Stage.WITHDRAWAL:
            assert any(one.sent_at for one in claim.drafts), "withdrawn though nothing was sent"
            return
        assert claim.answered_at is None or settle.unsatisfied(claim, self.desk.order), "reminded after an answer"
        assert claim.refund_announced_at is None, "reminded after a refund"
        before = {Stage.REMINDER: Stage.FIRST, Stage.A_TO_Z: Stage.REMINDER}.get(wanted.stage)
        if before is not None:
            last = draft_of(claim, before)
            assert last is not None
            assert last.sent_at is not None
            assert self.desk.now - last.sent_at >= timedelta(hours=48), "too early"
        if wanted.stage == Stage.A_TO_Z:
            windows = deadlines(claim, self.desk.order, RULES)
            assert claim.party == ClaimParty.SELLER
            assert windows.a_to_z_from is not None
            assert windows.a_to_z_until is not None
            assert windows.a_to_z_from <= self.desk.now < windows.a_to_z_until, "outside its window"

    @invariant()
    def what_is_closed_is_quiet(self) -> None:
        """A closed claim has no wait, and nothing to send but a withdrawal."""
        for claim in self.desk.claims:
            if claim.closed_at is not None:
                waiting = {one.stage for one in claim.drafts if one.state in OPEN_STATES}
                assert waiting <= {Stage.WITHDRAWAL}
                assert claim.follow_ups == ()
                assert claim.outcome is not None

    @invariant()
    def one_trouble_is_pursued_once_against_a_party(self) -> None:
        """Two open claims never speak of one trouble to one party."""
        open_ones = [(one.code, one.party) for one in self.desk.claims if one.closed_at is None]
        assert len(open_ones) == len(set(open_ones))

    @invariant()
    def what_is_due_is_done(self) -> None:
        """No wait that has ended stays open: the service would look at it again and again."""
        assert all(row.due_at > self.desk.now for claim in self.desk.claims for row in claim.follow_ups)

    @invariant()
    def what_went_out_stays(self) -> None:
        """A text that was sent is never withdrawn."""
        for claim in self.desk.claims:
            gone = [one for one in claim.drafts if one.sent_at is not None]
            assert all(one.state in {DraftState.SENT, DraftState.ANSWERED} for one in gone)


TestLadder = LadderMachine.TestCase
TestLadder.settings = settings(
    max_examples=60, stateful_step_count=25, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
