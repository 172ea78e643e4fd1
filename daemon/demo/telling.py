"""What the demo shows: what happens as it happens, then the orders, what is wrong and why, and each text in full."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.markup import escape
from rich.panel import Panel
from rich.progress import track
from rich.text import Text

from daemon.application import Application
from daemon.claims.claim import Claim, Draft
from daemon.demo.news import News, named, short
from daemon.demo.story import Step, Story
from daemon.say import day, money, say, when
from daemon.wording import explained


class Teller:
    """Tells the story on a console."""

    def __init__(self, console: Console, story: Story, *, live: bool) -> None:
        self._console = console
        self._story = story
        self._live = live
        self._zone = ZoneInfo(story.zone)
        self._day: date | None = None
        self._date = self._time = ""
        self._mail = False
        self._news = News(self._made, self._zone)

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
        local = moment.astimezone(self._zone)
        if local.date() != self._day:
            self._day = local.date()
            self._date = day(self._day)
        self._time = f"{local:%H:%M}"

    def step(self, step: Step) -> None:
        """Tell what happens."""
        self.at(self._story.moment(step.at))
        self._mail = bool(step.mail or step.forward or step.reply)
        subject = step.subject or next((one.subject for one in self._story.step if step.forward == one.name), "")
        facts = {"name": self._story.owner.first, "note": step.note, "subject": subject}
        if step.order or step.reply:
            facts["order"] = short(self._story.orders[step.order or step.reply or ""].items[0].title)
        told = {"send": f"send.{step.stage.value}", "report": "report"}.get(step.do or "")
        if told is None and self._mail:
            told = "mail" if step.mail else "forward" if step.forward else "reply"
        if told is not None:
            self._line("cyan" if step.mail else "yellow", say(f"demo.{told}", **facts))

    def news(self, application: Application) -> None:
        """Tell what relance has made of it since the last time."""
        self._news.tell(application, mail=self._mail)
        self._mail = False

    def _made(self, style: str, text: str) -> None:
        self._line(style, text, mark="  " if style == "dim" else "→ ")

    def _line(self, style: str, text: str, mark: str = "") -> None:
        """Print one line of the story, what follows indented; what has changed of date and time stands before it."""
        if self._date:
            self._console.print(Text(self._date, style="bold"))
            self._date = ""
        head = f" {self._time:5}  {mark}"
        self._time = ""
        first, *rest = wrapped(text, self._console.width - len(head)) or [""]
        self._console.print(Text.assemble((head[:8], "dim"), (f"{mark}{first}", style)), soft_wrap=True)
        for line in rest:
            self._console.print(Text(f"{'':{len(head)}}{line}", style=style), soft_wrap=True)

    def orders(self, application: Application) -> None:
        """Show the orders, what is wrong with each and why, and where its claims stand."""
        self._console.print()
        self._console.rule(say("demo.orders"))
        for one in application.orders():
            order = one.order
            total = money(order.total, order.currency) if order.total is not None else ""
            self._say(f"{order.order_id}  {total}", "bold")
            self._say(f"    {named(order)}")
            wrong = [explained(anomaly, None, self._zone) for anomaly in one.anomalies]
            for line in wrong or [say("demo.cancelled" if order.cancelled_at else "demo.fine")]:
                self._say(f"    {line}", "red" if wrong else "dim")
            for claim in one.claims:
                state = say(f"outcome.{claim.outcome.value}" if claim.outcome else "demo.open")
                self._say(f"    {claim.ref}{say('cli.heading.colon')} {state}", "green")

    def drafts(self, application: Application) -> None:
        """Show every text that was written, in full."""
        self._console.rule(say("demo.drafts"))
        for summary in reversed(application.orders()):
            for claim in summary.claims:
                for draft in claim.drafts:
                    self.draft(claim, draft)

    def draft(self, claim: Claim, draft: Draft) -> None:
        """Show one text in full."""
        party = say(f"party.{claim.party.value}")
        title = escape(f"{claim.ref} · {say(f'stage.{draft.stage.value}')} → {party}")
        lines = (
            line for text in self._text(draft).split("\n") for line in wrapped(text, self._console.width - 4) or [""]
        )
        self._console.print(Panel(Text("\n".join(lines)), title=title, expand=True))

    def _text(self, draft: Draft) -> str:
        made = when(draft.created_at, None, self._zone)
        parts = [say("demo.made", at=made, state=say(f"state.{draft.state.value}"))]
        if draft.to:
            parts.append(say("demo.to", to=draft.to))
        parts.append(say("demo.subject", subject=draft.subject))
        if draft.chat and draft.phone:
            parts += [f"{say('demo.chat')}\n{draft.chat}", f"{say('demo.phone')}\n{draft.phone}", say("demo.form")]
        parts.append(draft.body)
        colon = say("cli.heading.colon")
        links = (f"  {say(f'link.{key}')}{colon} {url}" for key, url in draft.links)
        parts.append("\n".join([say("demo.links"), *links]))
        return "\n\n".join(parts)

    def ending(self, application: Application, mails: int) -> None:
        """Say which journey was where, where to go on, and, last, the figures."""
        self._console.rule(say("demo.journeys"))
        for journey in self._story.journey:
            order = self._story.orders[journey.order].id if journey.order else ""
            where = f" ({order})" if order else ""
            self._say(f"{journey.number}. {say(f'demo.journey.n{journey.number}')}{where}")
        self._console.print()
        self._say(say("demo.end"), "bold")
        summaries = application.orders()
        drafts = sum(len(claim.drafts) for summary in summaries for claim in summary.claims)
        figures = f"{mails} mails, {len(summaries)} orders, {len(self._news.troubles)} troubles, {drafts} drafts"
        self._console.print(f"demo: {figures}", highlight=False, soft_wrap=True)

    def _say(self, text: str, style: str = "") -> None:
        for one in text.split("\n"):
            for line in wrapped(one, self._console.width) or [""]:
                self._console.print(Text(line, style=style), soft_wrap=True)


def wrapped(text: str, width: int) -> list[str]:
    """Break a line at its spaces, but never at those that French sets before and inside its signs."""
    bound = re.sub(r" (?=[;:?!»])|(?<=«) ", "\N{NO-BREAK SPACE}", text)
    indent = text[: len(text) - len(text.lstrip(" "))]
    return textwrap.wrap(bound, max(width, 12), subsequent_indent=indent, break_on_hyphens=False)
