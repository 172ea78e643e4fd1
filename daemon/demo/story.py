"""The demo's story as data (``config/demo/story.toml``), and its mails (``templates/demo``)."""

from __future__ import annotations

import tomllib
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import jinja2
from babel.dates import format_datetime as format_moment
from pydantic import Field

from daemon import resources
from daemon.claims.claim import ClaimParty, Stage
from parsers.letter import Value
from parsers.notice import NoteMeaning


class Goods(Value):
    """A line of an order, as its mails print it."""

    title: str
    quantity: int
    price: str


class Purchase(Value):
    """An invented order."""

    id: str
    total: str
    items: tuple[Goods, ...]
    placed: str = ""
    sold: str = ""
    seller: str | None = None
    relay: str | None = None
    form: str = "{} €"
    """How the newer template writes an amount."""
    site: str = "amazon.fr"


class Person(Value):
    """Whose mailbox it is."""

    name: str
    first: str
    city: str
    address: str


class Step(Value):
    """One thing that happens: a mail arrives, the owner forwards or answers, or the owner does something."""

    at: datetime
    name: str | None = None
    mail: str | None = None
    forward: str | None = None
    reply: str | None = None
    do: Literal["send", "report", "nothing"] | None = None
    order: str | None = None
    sender: Annotated[str | None, Field(alias="from")] = None
    subject: str = ""
    note: str = ""
    party: ClaimParty | None = None
    stage: Stage = Stage.FIRST
    means: NoteMeaning = NoteMeaning.NONE
    headline: str = ""
    when: str = ""
    left: str = ""
    promised: str = ""
    carrier: str = ""
    tracking: str = ""
    amount: str = ""
    only: tuple[int, ...] = ()


class Journey(Value):
    """One of the ways through a trouble that the story shows, and the order that goes it."""

    number: int
    order: str | None = None


class Story(Value):
    """Who, what was bought, and what happens."""

    zone: str
    ends: datetime
    owner: Person
    orders: dict[str, Purchase]
    step: tuple[Step, ...]
    journey: tuple[Journey, ...]

    @classmethod
    def load(cls) -> Story:
        """Read the story that comes with relance."""
        text = (resources.config() / "demo" / "story.toml").read_text("utf-8")
        return cls.model_validate(tomllib.loads(text))

    def moment(self, local: datetime) -> datetime:
        """Return a step's time as an aware moment."""
        return local.replace(tzinfo=ZoneInfo(self.zone))


class Writer:
    """Writes the story's mails, numbered so that each run of the demo makes the same ones."""

    def __init__(self, story: Story) -> None:
        self._story = story
        self._sent: dict[str, EmailMessage] = {}
        self._number = 0
        self._templates = jinja2.Environment(
            loader=jinja2.FileSystemLoader(resources.templates() / "demo"),
            undefined=jinja2.StrictUndefined,
            autoescape=False,  # noqa: S701 - plain text, shown to nobody as HTML
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def incoming(self, step: Step) -> EmailMessage:
        """Write the mail of a shop, a carrier or a seller."""
        order = self._story.orders.get(step.order or "")
        items = order.items if order else ()
        items = tuple(items[index] for index in step.only) or items
        sender = step.sender or (f"{order.seller} <{order.relay}>" if order else "")
        mail = self._mail(step, sender, step.subject, self._text(str(step.mail), step, order=order, items=items))
        if step.name:
            self._sent[step.name] = mail
        return mail

    def forwarded(self, step: Step) -> EmailMessage:
        """Write the owner's forward of an earlier mail, as Gmail's French page makes it."""
        inner = self._sent[step.forward or ""]
        text = self._text("forward", step, inner=inner, sent=_french(inner["Date"].datetime))
        return self._mail(step, self._me(), f"Fwd: {inner['Subject']}", text)

    def answer(self, step: Step, notice: EmailMessage) -> EmailMessage:
        """Write the owner's answer to a mail of relance."""
        text = self._text("answer", step, inner=notice, sent=_french(self._story.moment(step.at)))
        mail = self._mail(step, self._me(), f"Re: {notice['Subject']}", text)
        mail["In-Reply-To"] = mail["References"] = str(notice["Message-ID"])
        return mail

    def _text(self, template: str, step: Step, **facts: object) -> str:
        whole = step.model_dump(exclude={"order"}) | {"owner": self._story.owner} | facts
        return self._templates.get_template(f"{template}.txt.j2").render(whole)

    def _me(self) -> str:
        return f"{self._story.owner.name} <{self._story.owner.address}>"

    def _mail(self, step: Step, sender: str, subject: str, text: str) -> EmailMessage:
        self._number += 1
        mail = EmailMessage()
        mail["From"] = sender
        mail["To"] = self._me()
        mail["Subject"] = subject
        mail["Date"] = format_datetime(self._story.moment(step.at))
        mail["Message-ID"] = f"<demo-{self._number:03d}@mail.example>"
        mail.set_content(text)
        return mail


def _french(at: datetime) -> str:
    return format_moment(at, "EEE d MMM y 'à' HH:mm", tzinfo=at.tzinfo, locale="fr")
