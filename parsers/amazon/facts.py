"""What a section's labelled rows say besides its articles: total, days, seller, parcel, refund, place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
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
    for row in rows:
        if not row.hits:
            continue
        taken = next((hit.taken for hit in row.hits if "seller" in hit.taken or "shipper" in hit.taken), {})
        if "seller" in taken:
            sold.setdefault(_name(taken["seller"]))
            if row.hit("both"):
                shipped.setdefault(_name(taken["seller"]))
        if "shipper" in taken:
            shipped.setdefault(_name(taken["shipper"]))
    name = next(iter(sold)) if len(sold) == 1 else None
    return Sellers(None if name is None or name.casefold() == "amazon" else name, _party(sold), _party(shipped))


def _name(text: str) -> str:
    for mark in (" | ", " · ", " – ", " ("):
        text = text.partition(mark)[0]
    return text.strip()


def _party(names: Iterable[str]) -> Party | None:
    parties = {Party.AMAZON if sites.is_amazon(name) else Party.THIRD_PARTY for name in names}
    return parties.pop() if len(parties) == 1 else None


def parcel(rows: Sequence[Row]) -> tuple[str | None, tuple[str, ...]]:
    """Return carrier and parcel numbers that sentences or labels name; a number may stand below its label."""
    carrier: str | None = None
    numbers: dict[str, None] = {}
    for _, hit in _hits(rows, "parcel"):
        carrier = carrier or hit.taken.get("carrier")
        numbers |= _parcel_number(hit.taken.get("tracking", ""))
    for at, hit in _hits(rows, "carrier"):
        below = _next(rows, at)
        carrier = carrier or hit.rest.strip(" :.") or (below.line.text.strip(" .") if below else "") or None
    for at, hit in _hits(rows, "tracking"):
        below = _next(rows, at)
        numbers |= _parcel_number(hit.rest.strip(" :.") or (below.line.text.strip(" .") if below else ""))
    return carrier, tuple(numbers)


def _parcel_number(said: str) -> dict[str, None]:
    return {tracking.squeeze(said): None} if tracking.plausible(said) else {}


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
    for _, hit in _hits(rows, "place"):
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
