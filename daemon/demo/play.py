"""Plays the story through the real service: a Maildir in a temporary folder, SQLite, real threads, set time."""

from __future__ import annotations

import mailbox
import os
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from io import TextIOWrapper
from pathlib import Path
from typing import NoReturn

from rich.console import Console

from daemon.application import Application
from daemon.claims.claim import DraftState
from daemon.clock import SetClock
from daemon.demo.story import Step, Story, Writer
from daemon.demo.telling import Teller
from daemon.ending import Ending
from daemon.outbox import ids
from daemon.readingroom import ReadingRoom
from daemon.rules import load
from daemon.service import Service
from daemon.settings import ClaimSettings, MaildirMailbox, Owner, Settings
from daemon.store import Store

PATIENCE = 20.0
"""Seconds that one step may take before the demo gives up and says so."""
PAUSE = 0.35
"""Seconds between two steps at a terminal, so that the eye can follow."""


class Stuck(RuntimeError):
    """The service did not take up a step in time."""


class Screen(Console):
    """A console that lets a closed pipe be what it is for every command: whoever read went away."""

    def on_broken_pipe(self) -> NoReturn:
        """Say so, instead of ending the process here."""
        raise BrokenPipeError


class Stage:
    """The service, its mailbox and its clock, and the means to wait until a step has had its effect."""

    def __init__(self, story: Story, folder: Path) -> None:
        first = story.step[0]
        self.story = story
        self.clock = SetClock(story.moment(first.at) - timedelta(hours=1))
        self.maildir = folder / "Maildir"
        owner = Owner(name=story.owner.name, addresses=(story.owner.address,))
        box = MaildirMailbox(name="demo", kind="maildir", path=self.maildir, owner=owner, poll_seconds=60)
        self.settings = Settings(state_dir=folder / "state", mailboxes=(box,), claims=ClaimSettings(seller_mail=True))
        self._inbox = mailbox.Maildir(self.maildir)
        self.store = Store.open(folder / "state" / "relance.sqlite3")
        self.service = Service(self.settings, self.store, self.clock, room=ReadingRoom())
        self.application = Application(self.settings, self.store, load(), self.clock)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Run the service's threads for as long as the block lasts."""
        self.service.start()
        try:
            yield
        finally:
            self.service.close()
            self.store.close()

    def settle(self) -> None:
        """Let time pass to the clock's present, look into the mailbox, and wait until all of it is done."""
        self.service.tick()
        for watch in self.service.watches:
            before = watch.cycles
            self.service.wake()
            deadline = time.monotonic() + PATIENCE
            # Two cycles: the first may have begun before the step was there.
            while watch.cycles < before + 2:
                if time.monotonic() > deadline:
                    raise Stuck(f"mailbox {watch.name} did not come round in {PATIENCE:g} s")
                self.service.wake()
                threading.Event().wait(0.01)

    def next_due(self) -> datetime | None:
        """Return when something happens by itself if no mail comes (aware, UTC), None for never."""
        waits = [one.due_at for _, claim in self.store.claims.all(open_only=True) for one in claim.follow_ups]
        return min(filter(None, [*waits, self.store.views.next_reconsideration()]), default=None)

    def receive(self, mail: EmailMessage) -> None:
        """Put a mail into the mailbox, as a mail server does."""
        key = self._inbox.add(mail.as_bytes(policy=policy.SMTP))
        arrived = self.clock.now().timestamp()
        os.utime(self.maildir / "new" / key, (arrived, arrived))

    def notice_about(self, ref: str) -> EmailMessage:
        """Return the newest mail in the INBOX that relance wrote about a claim."""
        found = []
        for path in sorted((self.maildir / "new").iterdir(), key=lambda one: one.stat().st_mtime_ns):
            mail = message_from_bytes(path.read_bytes(), policy=policy.default)
            key = ids.parse(str(mail["Message-ID"] or ""))
            if key is not None and key.ref == ref:
                found.append(mail)
        return found[-1]


class Player:
    """Takes the story's steps one after the other."""

    def __init__(self, stage: Stage, teller: Teller, *, pause: float, stopped: Ending | None = None) -> None:
        self._stage = stage
        self._stopped = stopped or Ending()
        self._writer = Writer(stage.story)
        self._teller = teller
        self._pause = pause
        self._steps = iter(teller.track(stage.story.step))
        self.mails = 0

    def play(self, until: datetime | None = None) -> None:
        """Play the story, to its end or until the first step at or after ``until`` (aware) has been taken."""
        for step in self._steps:
            self._pass_time(self._stage.story.moment(step.at))
            self._take(step)
            self._stage.settle()
            self._teller.news(self._stage.application)
            if self._stopped.wait(self._pause):
                raise KeyboardInterrupt
            if until is not None and self._stage.clock.now() >= until:
                return
        self._pass_time(self._stage.story.moment(self._stage.story.ends))

    def _pass_time(self, until: datetime) -> None:
        """Move the clock, stopping wherever a wait ends on the way, as the real clock would."""
        while (due := self._stage.next_due()) is not None and due < until:
            if due > self._stage.clock.now():
                self._stage.clock.set(due)
                self._teller.at(due)
            self._stage.settle()
            self._teller.news(self._stage.application)
            following = self._stage.next_due()
            if following is not None and following <= due:
                break
        self._stage.clock.set(until)
        self._stage.settle()

    def _take(self, step: Step) -> None:
        self._teller.step(step)
        if step.mail:
            self._receive(self._writer.incoming(step))
        elif step.forward:
            self._receive(self._writer.forwarded(step))
        elif step.reply:
            self._receive(self._writer.answer(step, self._stage.notice_about(self._ref(step.reply, step))))
        elif step.do == "send":
            self._send(step)
        elif step.do == "report":
            self._stage.application.report(self._order_id(step.order), step.means, step.note)

    def _receive(self, mail: EmailMessage) -> None:
        self.mails += 1
        self._stage.receive(mail)

    def _send(self, step: Step) -> None:
        ref = self._ref(step.order or "", step)
        claim = self._stage.application.claim(ref).claim
        if all(draft.state != DraftState.APPROVED for draft in claim.drafts):
            self._stage.application.approve(ref)
        self._stage.application.sent(ref)

    def _order_id(self, order: str | None) -> str:
        return self._stage.story.orders[order or ""].id

    def _ref(self, order: str, step: Step) -> str:
        claims = self._stage.application.order(self._order_id(order)).claims
        return next(claim.ref for claim in claims if step.party in (None, claim.party))


def main(once: bool, console: Console | None = None) -> int:
    """Play the demo and show what came of it; return the exit code. ``once``: no pauses, no terminal needed."""
    console = console or _screen()
    story = Story.load()
    with tempfile.TemporaryDirectory(prefix="relance-demo-") as folder:
        stage = Stage(story, Path(folder))
        teller = Teller(console, story, live=console.is_terminal and not once)
        with stage.running(), _at_a_stop() as stopped:
            teller.opening()
            player = Player(stage, teller, pause=0.0 if once else PAUSE, stopped=stopped)
            player.play()
            teller.orders(stage.application)
            teller.drafts(stage.application)
            teller.ending(stage.application, player.mails)
    return 0


@contextmanager
def _at_a_stop() -> Iterator[Ending]:
    """Let Ctrl-C end the story between two steps: in the middle of one it would meet locks and open transactions."""
    stopped = Ending()
    before = signal.signal(signal.SIGINT, lambda *_: stopped.ask())
    try:
        yield stopped
    finally:
        signal.signal(signal.SIGINT, before)


def _screen() -> Screen:
    # A terminal that cannot show an arrow or a euro sign gets a question mark, not an error.
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    return Screen(emoji=False)
