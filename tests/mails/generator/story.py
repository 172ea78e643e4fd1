"""What happens in a mail: who bought what for how much, when it comes."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from tests.mails.generator.book import Book, Labels, Person, Place, Template
from tests.mails.generator.sites import Site, sites

CENT = Decimal("0.01")
_SPAN = {"new": (datetime(2024, 2, 1, tzinfo=UTC), 1000), "old": (datetime(2012, 1, 5, tzinfo=UTC), 4300)}


class Article(NamedTuple):
    """A line of an order; ``price`` is for one."""

    title: str
    n: int
    price: Decimal


class Promise(NamedTuple):
    """The days promised, in one of the book's forms."""

    form: str
    first: date
    last: date


class Part(NamedTuple):
    """Articles that come together."""

    articles: tuple[Article, ...]
    promise: Promise | None


class Order(NamedTuple):
    """One order: its parts, and what is added to or taken off the articles' price, by the book's labels."""

    number: str
    parts: tuple[Part, ...]
    extras: dict[str, Decimal]

    @property
    def articles(self) -> tuple[Article, ...]:
        """Every article of the order."""
        return tuple(article for part in self.parts for article in part.articles)

    @property
    def goods(self) -> Decimal:
        """What the articles cost together."""
        return sum((article.price * article.n for article in self.articles), Decimal(0))

    @property
    def total(self) -> Decimal:
        """What is to be paid."""
        return self.goods + sum(self.extras.values(), Decimal(0))


class Story(NamedTuple):
    """One mail's facts."""

    site: Site
    sent: datetime
    person: Person
    orders: tuple[Order, ...]
    party: str
    """Who sells and ships: ``amazon``, ``third``, ``fulfilled`` (by Amazon), ``sold`` (no shipper named)."""
    seller: str
    carrier: str
    tracking: str
    place: Place
    deadline: date
    refund: Decimal
    refund_date: date
    earlier: date
    placed: date
    locker: str
    card: str
    agent: str
    code: str

    @property
    def today(self) -> date:
        """The day on which the mail was written, where the marketplace is."""
        return self.sent.astimezone(self.site.zone).date()


def digits(rng: random.Random, pattern: str) -> str:
    """Return a pattern with a digit for each ``#``."""
    return "".join(str(rng.randrange(10)) if sign == "#" else sign for sign in pattern)


def _number(rng: random.Random, site: Site) -> str:
    return digits(rng, f"{rng.choice(site.prefixes)}-#######-#######")


def _price(rng: random.Random, site: Site, top: int = 250) -> Decimal:
    if site.whole:
        return Decimal(rng.randint(80, top * 100))
    return rng.choice((Decimal(rng.randint(99, top * 100)), Decimal(rng.randint(1, top) * 100 - 1))) * CENT


def _promise(rng: random.Random, today: date, forms: Sequence[str]) -> Promise | None:
    if not forms:
        return None
    form = rng.choice(forms)
    ahead = {"today": (0, 0), "window": (0, 0), "tomorrow": (1, 1), "weekday": (2, 6)}.get(form, (2, 45))
    first = today + timedelta(days=rng.randint(*ahead))
    last = first + timedelta(days=rng.randint(1, 12)) if form == "span" else first
    return Promise(form, first, last)


def _extras(rng: random.Random, site: Site, goods: Decimal, labels: Labels) -> dict[str, Decimal]:
    unit = Decimal(1) if site.whole else CENT
    known = [name for name in ("shipping", "tax", "coupon", "gift_card") if labels.get(name)]
    drawn = [name for name in known if rng.randrange(3) == 0]
    out: dict[str, Decimal] = {}
    for name in drawn:
        share = Decimal(rng.randint(3, 30)) / 100
        amount = max(unit, (goods * share).quantize(unit))
        out[name] = -amount if name in ("coupon", "gift_card") else amount
    if goods + sum(out.values(), Decimal(0)) < 0:
        return {}
    return out


def _order(
    rng: random.Random, book: Book, site: Site, today: date, forms: Sequence[str], size: tuple[int, int], labels: Labels
) -> Order:
    """Draw an order of so many parts, of at most so many articles each."""
    parts, most = size
    titles = rng.sample(book.goods, parts * rng.randint(1, most))
    each = len(titles) // parts
    drawn = []
    for at in range(parts):
        articles = tuple(
            Article(title, rng.choice((1, 1, 1, 2, 3, 12)), _price(rng, site))
            for title in titles[at * each : (at + 1) * each]
        )
        drawn.append(Part(articles, _promise(rng, today, forms)))
    order = Order(_number(rng, site), tuple(drawn), {})
    return order._replace(extras=_extras(rng, site, order.goods, labels))


def draw(
    rng: random.Random,
    book: Book,
    template: Template,
    host: str,
    *,
    forms: Sequence[str] = (),
    orders: int = 1,
    parts: int = 1,
    several: bool = True,
) -> Story:
    """Return the facts of a mail.

    ``forms`` are the forms in which its promised day may be written, if it prints one; ``several`` whether an order may
    have more than one article.
    """
    site = sites()[host]
    begin, days = _SPAN[template]
    sent = begin + timedelta(minutes=rng.randrange(days * 24 * 60), seconds=rng.randrange(60))
    today = sent.astimezone(site.zone).date()
    labels = book.labels[template]
    size = (parts, (3 if orders * parts == 1 else 2) if several else 1)
    drawn = tuple(_order(rng, book, site, today, forms, size, labels) for _ in range(orders))
    carrier = rng.choice(book.carriers)
    return Story(
        site=site,
        sent=sent,
        person=rng.choice(book.people),
        orders=drawn,
        party=rng.choice(("amazon", "third", "fulfilled", "sold")),
        seller=rng.choice(book.sellers),
        carrier=carrier.name,
        tracking=digits(rng, rng.choice(carrier.numbers)),
        place=rng.choice(book.places),
        deadline=today + timedelta(days=rng.randint(2, 20)),
        refund=drawn[0].goods,
        refund_date=today + timedelta(days=rng.randint(2, 20)),
        earlier=today - timedelta(days=rng.randint(0, 9)),
        placed=today - timedelta(days=rng.randint(0, 9)),
        locker=rng.choice(book.lockers),
        card=rng.choice(book.cards),
        agent=rng.choice(book.agents),
        code=digits(rng, "######"),
    )
