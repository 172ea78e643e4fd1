"""Says a story's facts in a book's words, and remembers what was printed."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from tests.mails.generator import words
from tests.mails.generator.book import Book, Patterns, Says, Template
from tests.mails.generator.links import Links
from tests.mails.generator.story import Order, Story
from tests.mails.generator.style import Style
from tests.mails.generator.words import Written, plain

MARKS = {"none": ("", ""), "isolate": ("\u2066", "\u2069"), "rtl": ("\u202b", "")}
_SHORT = 26


class Element(NamedTuple):
    """A piece of a mail; its role says how text and HTML show it."""

    role: str
    words: Written
    url: str = ""
    more: tuple[Written, ...] = ()
    price: Written | None = None


def cut(title: str) -> str:
    """Return a title as subjects and HTML cut it: whole words, then three dots."""
    if len(title) <= _SHORT:
        return title
    short = title[:_SHORT]
    return f"{short.rpartition(' ')[0] or short}..."


def _half(hour: int) -> str:
    """Return a full hour on the clock of twelve."""
    return f"{(hour - 1) % 12 + 1} {'a.m.' if hour < 12 else 'p.m.'}"


class Writer:
    """The voice of one mail."""

    def __init__(self, rng: random.Random, book: Book, template: Template, story: Story, style: Style) -> None:
        self.rng, self.book, self.template, self.story, self.style = rng, book, template, story, style
        self.labels = book.labels[template]
        self.links = Links(rng, story.site, style)
        self.printed: set[str] = set()
        self._chosen: dict[Patterns, str] = {}
        self.amounts = self._amount_patterns()

    def _amount_patterns(self) -> tuple[str, str]:
        """Choose how this mail writes amounts, in text and in HTML."""
        kinds = self.book.money
        if self.template == "old":
            return self.rng.choice(kinds.old), ""
        return self.rng.choice(kinds.text), self.rng.choice(kinds.html)

    def money(self, amount: Decimal, exact: float | None = None) -> Written:
        """Return an amount, which Amazon's sum of floats may have made inexact."""
        sure = float(amount) if exact is None else exact
        return words.money(amount, self.book, self.story.site, self.amounts, sure)

    def values(self, order: Order | None = None) -> dict[str, Written]:
        """Return what the names in patterns print, besides days, amounts and titles."""
        story = self.story
        order = order or story.orders[0]
        before, after = MARKS[self.style.marks]
        number = Written(f"{before}{order.number}{after}", f"{before and MARKS['rtl'][0]}{order.number}")
        said = {
            "first": story.person.first,
            "person": f"{story.person.first} {story.person.last}",
            "city": story.person.city,
            "site": story.site.name,
            "seller": story.seller if story.party != "amazon" else "Amazon",
            "shipper": story.seller if story.party == "third" else "Amazon",
            "carrier": story.carrier,
            "tracking": story.tracking,
            "locker": story.locker,
            "card": story.card,
            "agent": story.agent,
            "code": story.code,
            "asin": self.links.asin(),
            "count": str(sum(article.n for each in story.orders for article in each.articles)),
        }
        return {"number": number, "refund": self.money(story.refund)} | {k: plain(v) for k, v in said.items()}

    def span(self, first: date, last: date) -> dict[str, Written]:
        """Return the names of a span's two days, and the hours of a window."""
        begin = 6 + (first.toordinal() % 9)
        end = begin + 4
        hours = {"from": f"{begin:02}:45", "until": f"{end:02}:45", "hour": str(begin), "hour2": str(end)}
        hours |= {"from12": _half(begin), "until12": _half(end)}
        said = words.day(first, self.book) | words.day(last, self.book, "2")
        return said | {name: plain(text) for name, text in hours.items()}

    def say(
        self, patterns: Patterns, extra: Mapping[str, Written] | None = None, order: Order | None = None
    ) -> Written:
        """Return one of the patterns, filled; a mail that says a thing twice uses the same pattern.

        Raises ``KeyError`` for a name that nothing is known for.
        """
        pattern = self._chosen.setdefault(patterns, self.rng.choice(patterns))
        self.printed |= words.names(pattern)
        return words.fill(pattern, self.values(order) | dict(extra or {}))

    def label(self, name: str, extra: Mapping[str, Written] | None = None, order: Order | None = None) -> list[Element]:
        """Return a labelled line; none when the book has no such label."""
        patterns = self.labels.get(name, ())
        if not patterns:
            return []
        self.printed.add(name)
        return [Element("label", self.say(patterns, extra, order))]

    def day_of_kind(self, kind: str) -> dict[str, Written]:
        """Return the names of the day that subjects and sentences of a kind print."""
        promise = self.story.orders[0].parts[0].promise
        if kind.startswith("pickup_ready") or promise is None:
            return self.span(self.story.deadline, self.story.deadline)
        return self.span(promise.first, promise.last)


def subjects(says: Says, order: Order, *, titled: bool, dated: bool) -> Sequence[str]:
    """Return the patterns of subjects that suit an order; none names a title or day that the mail lacks."""
    several = len(order.articles) > 1
    patterns: Iterable[str] = says.subjects
    if several:
        patterns = says.subjects_more or [each for each in says.subjects if "{title}" not in each]
    wanted = [each for each in patterns if several or "{n}" not in each or order.articles[0].n > 1]
    named = [(each, words.names(each)) for each in wanted]
    day_names = {"d", "dd", "weekday", "Weekday", "month", "Month"}
    return [each for each, has in named if (titled or "title" not in has) and (dated or not has & day_names)]
