"""What a section's labelled rows say besides its articles: total, days, seller, refund, place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import islice
from typing import NamedTuple

from parsers import dates, money
from parsers.amazon import parcels
from parsers.amazon import site as sites
from parsers.amazon.body import Context, Row, below, labelled
from parsers.dates import Span
from parsers.money import Money
from parsers.notice import Party
from parsers.text import fold
from parsers.wording import Hit

_TRADERS = {"both": "seller", "sold": "seller", "shipped": "shipper", "sold_shipped": "", "shipped_sold": ""}
"""The labels of sellers and shippers, and what the value of one that stands alone is."""
_LABEL_WORDS = 6
_FIRST_LINES = 12
_METHOD_LIMIT = 80
_DAYS_OFF = 200  # a link's time stamp this far from the mail's day means that the mail was forwarded or stored late


class Sellers(NamedTuple):
    """Who sells and who ships, as far as every article of the section agrees."""

    seller: str | None = None
    sold_by: Party | None = None
    shipped_by: Party | None = None


def _amounts(rows: Sequence[Row], name: str, context: Context) -> Iterable[Money]:
    """Yield the amounts beside, or below, the labels of a name."""
    for at, hit in labelled(rows, name):
        if hit.rest.strip(" :"):
            found = money.read(hit.rest.strip(" :"), context.lexicon.language, context.site.currency)
        else:
            under = below(rows, at)
            found = under.money if under else None
        if found is not None:
            yield found


def total(rows: Sequence[Row], context: Context) -> Money | None:
    """Return the section's total: the last one that is labelled so (sub-totals stand above it).

    Where none is, one counts of which the label goes on ("Total for 3 items: $36.11").
    """
    found = list(_amounts(rows, "total", context)) or list(_longer_totals(rows, context))
    return found[-1] if found else None


def _longer_totals(rows: Sequence[Row], context: Context) -> Iterable[Money]:
    for at, hit in labelled(rows, "total"):
        head, amount, _ = money.behind(hit.rest, context.lexicon.language, context.site.currency)
        if amount is not None and len(head.split()) <= _LABEL_WORDS and not context.lexicon.parts.find(rows[at].line):
            yield amount


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
    for at, hit in labelled(rows, "refund_method"):
        under = below(rows, at)
        said = hit.taken.get("method") or hit.rest.strip(" :") or (under.line.text if under else "")
        if said.strip(" .:!"):
            return said.strip(" .:!")[:_METHOD_LIMIT]
    return None


def refund_expected(rows: Sequence[Row], context: Context) -> date | None:
    """Return the day by which the refund is said to be there: the last one of a span."""
    for at, hit in labelled(rows, "refund_expected"):
        words = hit.taken.get("date") or hit.rest.strip(" :")
        under = below(rows, at)
        found = _day(words or (under.line.text if under else ""), context, None)
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
    for at, hit in labelled(rows, name):
        words = _dated(rows, at, hit.taken.get("date") or hit.rest.strip(" :"), context)
        found = _day(words, context, stamp) if words else None
        if found is not None:
            yield found


def _dated(rows: Sequence[Row], at: int, words: str, context: Context) -> str:
    """Return the words of a date beside a label, else below it; a span cut after its first day goes on below."""
    further = [row.line.text for row in rows[at + 1 : at + 8] if row.line.plain][:2]
    if further and (not words or dates.is_filler(words, context.lexicon.language)):
        words = further.pop(0)
    return f"{words} {further[0]}" if further and dates.is_open(words, context.lexicon.language) else words


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
    for at, hit in labelled(rows, "deadline"):
        words = hit.taken.get("date") or hit.rest.strip(" :")
        under = below(rows, at)
        found = _day(words or (under.line.text if under else ""), context, None)
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
        if "shipper" in taken and parcels.known(taken["shipper"]) is None:
            shipped.setdefault(_name(taken["shipper"]))
    name = next(iter(sold)) if len(sold) == 1 else None
    return Sellers(None if name is None or name.casefold() == "amazon" else name, _party(sold), _party(shipped))


def _trader(rows: Sequence[Row], at: int, hit: Hit) -> dict[str, str]:
    """Return the name below a label that stands alone."""
    under = below(rows, at)
    return {_TRADERS[hit.name]: under.line.text} if under and not under.hits and _TRADERS[hit.name] else {}


def _name(text: str) -> str:
    for mark in (" | ", " · ", " – ", " ("):
        text = text.partition(mark)[0]
    return text.strip()


def _party(names: Iterable[str]) -> Party | None:
    parties = {Party.AMAZON if sites.is_amazon(name) else Party.THIRD_PARTY for name in names}
    return parties.pop() if len(parties) == 1 else None


def place(rows: Sequence[Row], context: Context) -> str | None:
    """Return where, or to whom, the parcel was handed over, in the mail's words without their verb."""
    said = (_where(hit, context) for _, hit in labelled(rows, "place"))
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
