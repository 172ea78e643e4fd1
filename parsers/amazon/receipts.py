"""Articles on one line each, as receipts print them: "2 x Oats, 1 kg  $4.79 each", "Oats, 1 kg (Qty 2)  $9.58"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from parsers import money
from parsers.amazon.body import Context, Row
from parsers.text import Line, fold

_SUMS = frozenset(("amount", "total"))
_TIMES = re.compile(r"(\d{1,3})(?: ?[x×] | ?of: ?)(?=\S)", re.IGNORECASE)
_BESIDE = re.compile(r" ?[(\[,;|·–-] ?([^\W\d_]{1,12}[.:]? ?:? ?\d{1,3})[)\]]?$")
_TIMES_BEHIND = re.compile(r" \(?[x×] ?(\d{1,3})\)?$", re.IGNORECASE)
_TITLE = re.compile(r"^\W{0,3}(?:[^\W\d_]|\d).{0,300}[\w)\]\"'’”».!?%]$")
_COLUMN = re.compile(r"(\d{1,3}) (?=[^\W\d_])")
_FIGURE = re.compile(r"\d")
_END = 48
"""Characters of a line's end that hold an amount, if it ends with one and a word for "each"."""
_CENT = Decimal("0.01")


class Entry(NamedTuple):
    """An article's line: what it names, how many, and the price of one."""

    title: str
    quantity: int
    price: Decimal
    sure: bool
    """Whether the line itself shows that it is an article's: it counts pieces, or prices one."""
    each: bool
    """Whether the price is known to be that of one piece."""


def entries(rows: Sequence[Row], context: Context) -> list[Entry]:
    """Return the lines that name an article and its price; none without a sum below, unless they count pieces."""
    first = next((at for at, row in enumerate(rows) if row.name in _SUMS and _figures(rows, at)), 0)
    found = [entry for row in rows if (entry := _entry(row, context)) is not None and entry.sure]
    if not found:
        lines = (row for row in rows[:first] if not context.lexicon.chrome.find(row.line))
        found = [entry for row in lines if (entry := _entry(row, context)) is not None]
    sums = [each.amount for each in _sums(rows, context)]
    return _columns(found, sums) or _units(found, sums)


def _entry(row: Row, context: Context) -> Entry | None:
    if row.hits or row.ids or row.line.picture or row.money is not None or not _FIGURE.search(row.line.text[-_END:]):
        return None
    head, amount, each = money.behind(row.line.text, context.lexicon.language, context.site.currency)
    if amount is None or amount.amount < 0:
        return None
    title, quantity = _counted(head, context)
    if not _TITLE.match(title) or not title[:1].strip(".,;:"):
        return None
    times = _TIMES.match(title) is not None
    return Entry(title, quantity or 1, amount.amount, each or times or quantity is not None, each)


def _counted(head: str, context: Context) -> tuple[str, int | None]:
    """Return a title without the number of pieces behind it, and that number."""
    times = _TIMES_BEHIND.search(head)
    if times:
        return head[: times.start()], int(times[1])
    beside = _BESIDE.search(head)
    hit = context.lexicon.labels.find(Line(beside[1], fold(beside[1]))) if beside else None
    if beside is None or hit is None or hit.name != "quantity" or "n" not in hit.taken:
        return head, None
    return head[: beside.start()], int(hit.taken["n"])


def _figures(rows: Sequence[Row], at: int) -> bool:
    """Tell whether a label has its amount beside it or below: the head of a table's column has none."""
    return any(c.isdigit() for c in rows[at].line.plain) or any(row.money is not None for row in rows[at + 1 : at + 3])


def _sums(rows: Sequence[Row], context: Context) -> Iterable[money.Money]:
    for row in rows:
        said = row.hits[0].rest.strip(" :") if row.name in _SUMS else ""
        amount = money.read(said, context.lexicon.language, context.site.currency) if said else None
        if amount is not None:
            yield amount


def _units(found: list[Entry], sums: Sequence[Decimal]) -> list[Entry]:
    """Return the prices of one piece each: where the lines as they are add up to a sum, they price all pieces."""
    if sum((entry.price for entry in found), Decimal()) not in sums:
        return found
    return [entry if entry.each else _divided(entry, _pieces(entry)) for entry in found]


def _columns(found: list[Entry], sums: Sequence[Decimal]) -> list[Entry]:
    """Return articles whose lines begin with a column of numbers: each is one, or together they make a sum."""
    numbers = [_COLUMN.match(entry.title) for entry in found]
    counts = [int(number[1]) for number in numbers if number and int(number[1])]
    if not found or len(counts) < len(found) or any(entry.sure for entry in found):
        return []
    total = sum((entry.price * count for entry, count in zip(found, counts, strict=True)), Decimal())
    if set(counts) != {1} and total not in sums:
        return []
    pairs = zip(found, counts, strict=True)
    return [entry._replace(title=_COLUMN.sub("", entry.title), quantity=count) for entry, count in pairs]


def _pieces(entry: Entry) -> int:
    times = _TIMES.match(entry.title)
    return int(times[1]) if times else entry.quantity


def _divided(entry: Entry, pieces: int) -> Entry:
    price = (entry.price / pieces).quantize(_CENT) if pieces > 1 else entry.price
    return entry._replace(price=price) if price * max(1, pieces) == entry.price else entry
