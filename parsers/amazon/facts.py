"""What a section's labelled rows say besides its articles: total, days, seller, parcel, refund, place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from itertools import islice
from typing import NamedTuple

from parsers import dates, links, money, tracking
from parsers.amazon import site as sites
from parsers.amazon.body import Context, Row
from parsers.carriers import data as carriers
from parsers.dates import Span
from parsers.money import Money
from parsers.notice import Party
from parsers.text import fold
from parsers.wording import Hit

# Most links lead into Amazon's own pages; unwrapping those for nothing would cost more than the rest of the reading.
_ELSEWHERE = re.compile(
    r"^https?://(?!(?:[\w-]+\.)*amazon\.)|//track\.amazon\.|[?&]U=https?%3A%2F%2F(?!(?:www|business)\.amazon)"
)
_FURTHER = re.compile(r"(?:-[A-Za-z0-9]{1,12}){1,6}(?![A-Za-z0-9])")
"""What is left of a parcel's number in groups, behind the second one."""
_TRADERS = {"both": "seller", "sold": "seller", "shipped": "shipper", "sold_shipped": "", "shipped_sold": ""}
"""The labels of sellers and shippers, and what the value of one that stands alone is."""
_FIRST_LINES = 12
_METHOD_LIMIT = 80
_DAYS_OFF = 200  # a link's time stamp this far from the mail's day means that the mail was forwarded or stored late


class Sellers(NamedTuple):
    """Who sells and who ships, as far as every article of the section agrees."""

    seller: str | None = None
    sold_by: Party | None = None
    shipped_by: Party | None = None


@cache
def _own() -> carriers.Carrier | None:
    return next((carrier for carrier in carriers.carriers() if carrier.name == "Amazon Logistics"), None)


def _next(rows: Sequence[Row], at: int) -> Row | None:
    return next((row for row in rows[at + 1 : at + 4] if row.line.plain), None)


def _hits(rows: Sequence[Row], name: str) -> list[tuple[int, Hit]]:
    """Return the hits of a label, each with the place of its row."""
    return [(at, hit) for at, row in enumerate(rows) for hit in row.hits if hit.name == name]


def _amounts(rows: Sequence[Row], name: str, context: Context) -> Iterable[Money]:
    """Yield the amounts beside, or below, the labels of a name."""
    for at, hit in _hits(rows, name):
        if hit.rest.strip(" :"):
            found = money.read(hit.rest.strip(" :"), context.lexicon.language, context.site.currency)
        else:
            below = _next(rows, at)
            found = below.money if below else None
        if found is not None:
            yield found


def total(rows: Sequence[Row], context: Context) -> Money | None:
    """Return the section's total: the last one that is labelled so (sub-totals stand above it)."""
    found = list(_amounts(rows, "total", context))
    return found[-1] if found else None


def refund(rows: Sequence[Row], subject: str, context: Context) -> Money | None:
    """Return what is refunded: the largest labelled amount, else the first in a sentence that says so."""
    found = list(_amounts(rows, "refund", context))
    if found:
        return max(found, key=lambda each: each.amount)
    for text in [*(row.line.text for row in rows if row.line.plain), subject]:
        if context.lexicon.refund_words.inside(fold(text)):
            said = money.find(text, context.lexicon.language, context.site.currency)
            if said is not None and said.amount > 0:
                return said
    return None


def refund_method(rows: Sequence[Row]) -> str | None:
    """Return what the refund goes to, in the mail's words ("Visa ending in 1234")."""
    for at, hit in _hits(rows, "refund_method"):
        below = _next(rows, at)
        said = hit.taken.get("method") or hit.rest.strip(" :") or (below.line.text if below else "")
        if said.strip(" .:!"):
            return said.strip(" .:!")[:_METHOD_LIMIT]
    return None


def refund_expected(rows: Sequence[Row], context: Context) -> date | None:
    """Return the day by which the refund is said to be there: the last one of a span."""
    for at, hit in _hits(rows, "refund_expected"):
        words = hit.taken.get("date") or hit.rest.strip(" :")
        below = _next(rows, at)
        found = _day(words or (below.line.text if below else ""), context, None)
        if found:
            return found.last
    return None


def promised(rows: Sequence[Row], context: Context, stamp: str | None) -> Span | None:
    """Return the promised days: of a new date when there is one, else of all blocks of the order together.

    ``stamp`` is the day of arrival that a link states (ISO); it gives a date without a year its year.
    """
    spans = list(_spans(rows, "new_date", context, stamp)) or list(_spans(rows, "arrival", context, stamp))
    if not spans:
        return None
    return Span(min(span.first for span in spans), max(span.last for span in spans))


def said_today(texts: Iterable[str], context: Context) -> Span | None:
    """Return the mail's own day when its subject or one of its first lines says that it is today."""
    today = any(dates.says_today(text, context.lexicon.language) for text in islice(texts, _FIRST_LINES))
    return Span(context.today, context.today) if today else None


def _spans(rows: Sequence[Row], name: str, context: Context, stamp: str | None) -> Iterable[Span]:
    for at, hit in _hits(rows, name):
        words = _dated(rows, at, hit.taken.get("date") or hit.rest.strip(" :"), context)
        found = _day(words, context, stamp) if words else None
        if found is not None:
            yield found


def _dated(rows: Sequence[Row], at: int, words: str, context: Context) -> str:
    """Return the words of a date beside a label, else below it; a span cut after its first day goes on below."""
    below = [row.line.text for row in rows[at + 1 : at + 8] if row.line.plain][:2]
    if not words and below:
        words = below.pop(0)
    return f"{words} {below[0]}" if below and dates.is_open(words, context.lexicon.language) else words


def _day(words: str, context: Context, stamp: str | None) -> Span | None:
    if money.read(words, context.lexicon.language, context.site.currency) is not None:
        return None  # "31.5 EUR" below "Livraison :" is what the delivery costs
    today = context.today
    if stamp and any(c.isdigit() for c in words[:14]) and abs((date.fromisoformat(stamp) - today).days) > _DAYS_OFF:
        today = date.fromisoformat(stamp)
    language = context.lexicon.language
    return dates.read(words, today, language, month_first=context.site.month_first and language == "en")


def deadline(rows: Sequence[Row], context: Context) -> date | None:
    """Return the last day on which the parcel can be fetched."""
    for at, hit in _hits(rows, "deadline"):
        words = hit.taken.get("date") or hit.rest.strip(" :")
        below = _next(rows, at)
        found = _day(words or (below.line.text if below else ""), context, None)
        if found:
            return found.last
    return None


def sellers(rows: Sequence[Row]) -> Sellers:
    """Return seller and shipper; a section whose articles have different ones names none."""
    sold: dict[str, None] = {}
    shipped: dict[str, None] = {}
    for at, row in enumerate(rows):
        hit = row.hit(*_TRADERS) if row.hits else None
        if hit is None:
            continue
        taken = hit.taken or _trader(rows, at, hit)
        if "seller" in taken:
            sold.setdefault(_name(taken["seller"]))
            if hit.name == "both":
                shipped.setdefault(_name(taken["seller"]))
        if "shipper" in taken:
            shipped.setdefault(_name(taken["shipper"]))
    name = next(iter(sold)) if len(sold) == 1 else None
    return Sellers(None if name is None or name.casefold() == "amazon" else name, _party(sold), _party(shipped))


def _trader(rows: Sequence[Row], at: int, hit: Hit) -> dict[str, str]:
    """Return the name below a label that stands alone."""
    below = _next(rows, at)
    return {_TRADERS[hit.name]: below.line.text} if below and not below.hits and _TRADERS[hit.name] else {}


def _name(text: str) -> str:
    for mark in (" | ", " · ", " – ", " ("):
        text = text.partition(mark)[0]
    return text.strip()


def _party(names: Iterable[str]) -> Party | None:
    parties = {Party.AMAZON if sites.is_amazon(name) else Party.THIRD_PARTY for name in names}
    return parties.pop() if len(parties) == 1 else None


def _carrier(said: str, context: Context) -> str | None:
    """Return a carrier's name; what begins with an article or "our" only says that there is one."""
    first, _, more = fold(said).partition(" ")
    return None if not said or (more and first in context.lexicon.articles) else said


def parcel(rows: Sequence[Row], context: Context) -> tuple[str | None, tuple[str, ...]]:
    """Return carrier and parcel numbers that sentences or labels name; a number may stand below its label."""
    carrier: str | None = None
    numbers: dict[str, None] = {}
    for _, hit in _hits(rows, "parcel"):
        carrier = carrier or _carrier(hit.taken.get("carrier", ""), context)
        said = hit.taken.get("tracking", "")
        further = _FURTHER.match(hit.rest) if said and hit.rest.startswith("-") else None
        numbers |= _parcel_number(said + further[0] if further else said)
    for at, hit in _hits(rows, "carrier"):
        below = _next(rows, at)
        beside = hit.taken.get("carrier") or hit.rest.strip(" :.")
        carrier = carrier or _carrier(beside or (below.line.text.strip(" .") if below else ""), context)
    for at, hit in _hits(rows, "tracking"):
        below = _next(rows, at)
        near = _parcel_number(hit.rest.strip(" :."))
        numbers |= near or (_parcel_number(below.line.text.strip(" .")) if below else {})
    if numbers and carrier is None:
        carrier = _known(row.line.plain for row in rows if row.hit("parcel", "tracking"))
    return carrier, tuple(numbers)


def _known(texts: Iterable[str]) -> str | None:
    """Return the carrier that one of the folded texts names, in whatever words ("Der Versand erfolgt durch DPD")."""
    expression, names = _carriers()
    match = next((found for text in texts if (found := expression.search(text))), None)
    return names[match[1]] if match else None


@cache
def _carriers() -> tuple[re.Pattern[str], dict[str, str]]:
    """Return what finds the name of a carrier in a folded text, and each carrier's name as it is written."""
    names = {fold(name): each.name for each in carriers.carriers() for name in (each.name, *each.names)}
    longest = sorted(names, key=len, reverse=True)
    return re.compile(rf"(?<!\w)({'|'.join(map(re.escape, longest))})(?!\w)"), names


def _parcel_number(said: str) -> dict[str, None]:
    number = tracking.squeeze(said)
    # Figures in groups are one number ("6120-4481-0937"); a hyphen behind letters belongs to it.
    bare = number.replace("-", "")
    return {bare if bare.isdigit() else number: None} if tracking.plausible(said) else {}


def linked_parcel(urls: Iterable[str]) -> tuple[str | None, tuple[str, ...]]:
    """Return carrier and parcel number of the first link to a carrier's page, or to Amazon's own tracking host."""
    for url in urls:
        link = links.target(url) if _ELSEWHERE.search(url) else None
        if link is None:
            continue
        amazon = link.host.startswith("track.amazon.")
        carrier = _own() if amazon else carriers.of_host(link.host)
        for number in links.parcel_numbers(link) if carrier else ():
            if carrier and any(form.shape.fullmatch(number) for form in carrier.forms):
                return None if amazon else carrier.name, (number,)
    return None, ()


def place(rows: Sequence[Row], context: Context) -> str | None:
    """Return where, or to whom, the parcel was handed over, in the mail's words without their verb."""
    said = (_where(hit, context) for _, hit in _hits(rows, "place"))
    return next((where for where in said if where and not fold(where).startswith(context.lexicon.place_times)), None)


def _where(hit: Hit, context: Context) -> str | None:
    """Return the place that a phrase holds."""
    if where := hit.taken.get("left", "").strip(" .!"):
        return where
    spot = hit.taken.get("spot", "").strip(" .!")
    if any(fold(spot).startswith(word) for word in context.lexicon.place_spots):
        return spot
    said = hit.taken.get("place", "")
    plain = fold(said)
    verb = next((verb for verb in context.lexicon.place_verbs if plain.startswith(f"{verb} ")), None)
    where = said[len(verb) :].strip(" .!") if verb else ""
    if where:
        return where
    if any(plain.startswith(word) for word in context.lexicon.place_kept):
        return said.partition(" ")[2].strip(" .!") or None
    return None
