"""What the demo shows: what happens as it happens, then the orders, what is wrong and why, and each text in full."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.markup import escape
from rich.panel import Panel
from rich.progress import track
from rich.table import Table

from daemon.application import Application
from daemon.claims.claim import Claim, Draft, DraftState
from daemon.demo.story import Step, Story
from daemon.say import known, money, say, when
from daemon.wording import explained


class Teller:
    """Tells the story on a console."""

    def __init__(self, console: Console, story: Story, *, live: bool) -> None:
        self._console = console
        self._story = story
        self._live = live
        self._zone = ZoneInfo(story.zone)
        self._told: set[str] = set()
        self._now = ""
        self.troubles: set[tuple[str, str]] = set()

    def opening(self) -> None:
        """Say what this is."""
        self._console.rule(f"[bold]{say('demo.title')}")
        self._console.print(say("demo.intro"), style="dim", justify="center")

    def track(self, steps: Iterable[Step]) -> Iterator[Step]:
        """Go through the steps, with a progress bar at a terminal."""
        steps = tuple(steps)
        if not self._live:
            return iter(steps)
        return iter(track(steps, description=say("demo.playing"), console=self._console, transient=True))

    def at(self, moment: datetime) -> None:
        """Note the time of what is told next."""
        self._now = when(moment, None, self._zone)

    def step(self, step: Step) -> None:
        """Tell what happens."""
        self.at(self._story.moment(step.at))
        who = self._story.owner.first
        order = self._story.orders[step.order].items[0].title if step.order else ""
        if step.mail:
            self._line("cyan", say("demo.mail", subject=step.subject))
        elif step.forward or step.reply:
            self._line("yellow", say("demo.forward" if step.forward else "demo.reply", name=who, note=step.note))
        elif step.do == "send":
            self._line("yellow", say("demo.send", name=who, order=_short(order)))
        elif step.do == "report":
            self._line("yellow", say("demo.report", name=who, order=_short(order), note=step.note))

    def news(self, application: Application) -> None:
        """Tell what relance has made of it since the last time."""
        for summary in application.orders():
            for anomaly in summary.anomalies:
                self.troubles.add((summary.order.order_id, anomaly.code.value))
            for claim in summary.claims:
                self.troubles.add((claim.order_id, claim.code))
                self._claim(claim)
            view = application.order(summary.order.order_id)
            for question in view.questions:
                text = say(f"ask.{question}")
                self._once(
                    f"?{summary.order.order_id}{question}",
                    "magenta",
                    "question",
                    order=_name(view.order.items),
                    question=text,
                )
        for mail in application.quarantined():
            key = f"quarantine.reason.{mail.reason}"
            reason = say(key) if known(key) else mail.reason
            self._once(f"!{mail.mail_id}", "red", "quarantined", reason=reason)

    def _claim(self, claim: Claim) -> None:
        party = say(f"party.{claim.party.value}")
        code = say(f"problem.{claim.code}")
        self._once(f"{claim.ref}+", "bold green", "claim", ref=claim.ref, code=code, party=party)
        for draft in claim.drafts:
            stage = say(f"stage.{draft.stage.value}")
            facts = {"ref": claim.ref, "stage": stage, "party": party}
            self._once(f"{claim.ref}{draft.stage}", "green", "draft", **facts)
            if draft.sent_at is not None:
                self._once(f"{claim.ref}{draft.stage}sent", "green", "sent", **facts)
            if draft.state == DraftState.WITHDRAWN:
                self._once(f"{claim.ref}{draft.stage}gone", "green", "withdrawn", **facts)
        if claim.answered_at:
            self._once(f"{claim.ref}answered", "green", "answered", ref=claim.ref)
        if claim.refund_announced_at:
            self._once(f"{claim.ref}refund", "green", "refund", ref=claim.ref)
        if claim.outcome:
            outcome = say(f"outcome.{claim.outcome.value}")
            self._once(f"{claim.ref}closed", "bold green", "closed", ref=claim.ref, outcome=outcome)

    def orders(self, application: Application) -> None:
        """Show the orders and what is wrong with each, and why."""
        self._console.print()
        table = Table(title=say("demo.orders"), show_lines=True, expand=True)
        for column in ("order", "items", "total", "wrong", "claims"):
            table.add_column(say(f"demo.column_{column}"), overflow="fold")
        for summary in application.orders():
            order = summary.order
            wrong = [explained(anomaly, None, self._zone) for anomaly in summary.anomalies]
            state = [
                f"{one.ref} {say(f'outcome.{one.outcome.value}') if one.outcome else '…'}" for one in summary.claims
            ]
            table.add_row(
                order.order_id,
                escape(_name(order.items)),
                money(order.total, order.currency) if order.total is not None else "",
                escape("\n".join(wrong) or say("demo.fine")),
                "\n".join(state),
            )
        self._console.print(table)

    def drafts(self, application: Application) -> None:
        """Show every text that was written, in full."""
        self._console.rule(say("demo.drafts"))
        for summary in reversed(application.orders()):
            for claim in summary.claims:
                for draft in claim.drafts:
                    self._console.print(Panel(escape(self._text(draft)), title=self._title(claim, draft), expand=True))

    def _title(self, claim: Claim, draft: Draft) -> str:
        return escape(f"{claim.ref} · {say(f'stage.{draft.stage.value}')} → {say(f'party.{claim.party.value}')}")

    def _text(self, draft: Draft) -> str:
        made = when(draft.created_at, None, self._zone)
        parts = [say("demo.made", at=made, state=say(f"state.{draft.state.value}"))]
        if draft.to:
            parts.append(say("demo.to", to=draft.to))
        parts.append(say("demo.subject", subject=draft.subject))
        if draft.chat and draft.phone:
            parts += [f"{say('demo.chat')}\n{draft.chat}", f"{say('demo.phone')}\n{draft.phone}", say("demo.form")]
        parts.append(draft.body)
        parts.append("\n".join([say("demo.links"), *(f"  {say(f'link.{key}')}: {url}" for key, url in draft.links)]))
        return "\n\n".join(parts)

    def ending(self, application: Application, mails: int) -> None:
        """Say where to go on, and, last, the figures."""
        drafts = sum(len(claim.drafts) for summary in application.orders() for claim in summary.claims)
        self._console.print(say("demo.end"), style="bold")
        figures = f"{mails} mails, {len(application.orders())} orders, {len(self.troubles)} troubles, {drafts} drafts"
        self._console.print(f"demo: {figures}", highlight=False, soft_wrap=True)

    def _once(self, key: str, style: str, message: str, **facts: str) -> None:
        if key not in self._told:
            self._told.add(key)
            self._line(style, say(f"demo.{message}", **facts), indent="   → ")

    def _line(self, style: str, text: str, indent: str = "") -> None:
        self._console.print(f"[dim]{self._now}[/]  {indent}[{style}]{escape(text)}[/]", highlight=False)


def _name(items: tuple[object, ...]) -> str:
    titles = [_short(getattr(item, "title", "")) for item in items]
    return ", ".join(titles) or "?"


def _short(title: str) -> str:
    return title if len(title) <= 40 else f"{title[:39].rstrip(' ,')}…"
