"""The articles of a section: title, quantity and the price of one.

Four shapes are known: a quantity below the title (the newer template), a price below the title and its attributes (the
older one), both on the title's line (receipts), and a sentence or label that names the article. Rows below the footer
never come here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

from parsers import links, money
from parsers.amazon import receipts
from parsers.amazon.body import Context, Row
from parsers.notice import Item
from parsers.text import fold

_ATTRIBUTES = frozenset(("both", "sold", "shipped", "sold_shipped", "shipped_sold", "condition", "price"))
_LABELLED = frozenset(("total", "amount", "refund"))
_FREE = frozenset(("", "arrival", "old_date", "title", "place"))
_BULLET = re.compile(r"^[*•·▪-] +")
_TIMES = re.compile(
    r"^(?:(\d{1,3}) ?[x×] (?=\S)|(\d{1,3}) ?of: ?(?=\S)|1 of (?=\S)|(\d{1,3}) (?=[\"“„«]))", re.IGNORECASE
)
_DOTS = re.compile(r"(?:\.\.\.|…)\W{0,9}$")
_PRODUCT = re.compile(r"^(?:/[^/]+)?/(?:dp|gp/product|gp/aw/d)/")
_WORD = re.compile(r"[^\W\d_]{2}|[^\W\d_].*[^\W\d_]")
_QUOTES = {"«": "»", "»": "«", "“": "”", "„": '“”"', "”": "”", "‘": "’", '"': '"', "「": "」", "『": "』"}
_CLOSING = ("»", "”", "“")
_REACH = 8
_TITLE_LIMIT = 600
_LONE = 160
_FIGURES = 5


def read(rows: list[Row], context: Context) -> tuple[Item, ...]:
    """Return the articles, in their order, by the first shape that fits."""
    for shape in (_by_quantity, _by_price, _by_line, _by_label, _by_times, _by_link, _by_bullet, _alone):
        found = tuple(shape(rows, context))
        if found:
            return found
    return ()


def listed(rows: list[Row], context: Context) -> tuple[Item, ...]:
    """Return the articles that Amazon's own block names; what people write beside it is no article."""
    return tuple(_by_label(rows, context))


def _item(text: str, quantity: int, price: Decimal | None) -> Item | None:
    text = _BULLET.sub("", text.strip())
    times = _TIMES.match(text)
    if times:
        quantity = max(quantity, int(times[1] or times[2] or times[3] or 1))
        text = text[times.end() :]
    text = _unquoted(text.strip())[:_TITLE_LIMIT]
    if not _WORD.search(text):
        return None
    return Item(title=text, quantity=max(1, quantity), price=price)


def _unquoted(text: str) -> str:
    """Return a title without the quotes around it; those of a word within, or a sign for inches, stay."""
    bare = text.strip()
    close = _QUOTES.get(bare[:1], "")
    if close and not any(sign in bare[1:-1] for sign in close):
        bare = bare[1:].rstrip(close)
    elif not close and bare[-1:] in _CLOSING and bare.count(bare[-1:]) == 1:
        bare = bare[:-1]
    return bare.strip()


def _by_quantity(rows: list[Row], _: Context) -> Iterable[Item]:
    for at, row in enumerate(rows):
        number = _count(rows, at) if row.hits else None
        if number is None:
            continue
        above, price = _above(rows, at)
        if above is None:
            continue
        below = _below(rows, at)
        found = _item(_whole(rows, above, at), number, _unit(below or price))
        if found:
            yield found


def _count(rows: list[Row], at: int) -> int | None:
    """Return the number of pieces beside its label, or in the next cell."""
    counted = rows[at].hit("quantity")
    if counted is None:
        return None
    said = counted.taken.get("n") or next((row.line.plain for row in rows[at + 1 : at + 4] if row.line.plain), "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < _FIGURES else None


def _above(rows: list[Row], at: int) -> tuple[int | None, money.Money | None]:
    """Return the row of the title above a quantity, and a price that stands between."""
    price = None
    for index in range(at - 1, max(-1, at - 1 - _REACH), -1):
        row = rows[index]
        if row.money is not None and price is None:
            price = row.money
        elif row.name == "quantity" or row.ids or row.money is not None:
            return None, None
        elif row.line.plain and not row.line.picture and row.name not in _ATTRIBUTES:
            return index, price
    return _picture(rows, at), price


def _picture(rows: list[Row], at: int) -> int | None:
    near = range(at - 1, max(-1, at - 1 - _REACH), -1)
    return next((index for index in near if rows[index].line.picture), None)


def _below(rows: list[Row], at: int) -> money.Money | None:
    for row in rows[at + 1 : at + 1 + _REACH]:
        if row.money is not None:
            return row.money
        if row.line.plain and row.name not in _ATTRIBUTES and not row.line.plain.isdigit():
            return None
    return None


def _whole(rows: list[Row], above: int, at: int) -> str:
    """Return the title in full: lines that a mail program wrapped, or the picture's text when the title was cut."""
    named = rows[above].hit("title")
    title = named.taken["title"] if named else rows[above].line.text
    for first in range(above - 1, max(-1, above - 4), -1):
        if not rows[first].line.plain or _BULLET.match(title):
            break
        if _BULLET.match(rows[first].line.text):
            return " ".join(row.line.text for row in rows[first : above + 1])
    if not _DOTS.search(title):
        return title
    start = fold(_DOTS.sub("", _BULLET.sub("", title))).rstrip()
    near = (row.line for row in reversed(rows[max(0, above - _REACH) : at]) if row.line.picture)
    return next((line.text for line in near if line.plain.startswith(start)), title)


def _unit(amount: money.Money | None) -> Decimal | None:
    return None if amount is None else money.unsplit(amount).amount


def _by_price(rows: list[Row], context: Context) -> Iterable[Item]:
    for at, row in enumerate(rows):
        if row.money is None or row.name not in ("", "price") or row.money.amount < 0:
            continue
        index, number = _titled(rows, at)
        if index is None or context.lexicon.chrome.find(rows[index].line):
            continue
        named = rows[index].hit("title")
        found = _item(named.taken["title"] if named else rows[index].line.text, number, row.money.amount)
        if found:
            yield found


def _by_line(rows: list[Row], context: Context) -> Iterable[Item]:
    """Find the lines that hold title and price, maybe also how many: receipts list articles so."""
    for entry in receipts.entries(rows, context):
        found = _item(entry.title, entry.quantity, entry.price)
        if found:
            yield found


def _titled(rows: list[Row], at: int) -> tuple[int | None, int]:
    """Return the row of the title above a price, None when the price belongs to a label, and a number between them."""
    number = 1
    for index in range(at - 1, max(-1, at - 1 - _REACH), -1):
        row = rows[index]
        if not row.line.plain or row.line.picture or (row.name in _ATTRIBUTES and row.money is None):
            continue
        if row.line.plain.isdecimal() and len(row.line.plain) < _FIGURES:
            number = int(row.line.plain)  # a table's cell
            continue
        labelled = row.name in _LABELLED or row.line.text.endswith(":") or row.money is not None or bool(row.ids)
        return None if labelled or row.name not in ("", "arrival", "title") else index, number
    return None, number


def _by_times(rows: list[Row], _: Context) -> Iterable[Item]:
    """Find the lines that begin with a number of pieces: mails without prices list articles so."""
    for at, row in enumerate(rows):
        times = _TIMES.match(row.line.text) if not row.hits and row.line.text[:1].isdigit() else None
        if times and (times[1] or times[2]):
            found = _item(row.line.text, 1, _unit(_below(rows, at)))
            if found:
                yield found


def _by_label(rows: list[Row], _: Context) -> Iterable[Item]:
    for row in rows:
        named = row.hit("title") if row.hits else None
        if named is not None:
            found = _item(named.taken["title"], int(named.taken.get("n", "1")), None)
            if found:
                yield found


def _by_link(rows: list[Row], context: Context) -> Iterable[Item]:
    seen: set[str] = set()
    for row in rows:
        if not row.line.urls or not row.line.plain or row.name not in _FREE or row.line.plain in seen:
            continue
        targets = (links.target(url) for url in row.line.urls)
        if any(target is not None and _PRODUCT.match(target.path) for target in targets):
            seen.add(row.line.plain)
            found = _item(row.line.text, 1, None)
            if found and not context.lexicon.chrome.find(row.line):
                yield found


def _by_bullet(rows: list[Row], _: Context) -> Iterable[Item]:
    below_number = False
    for row in rows:
        below_number = below_number or bool(row.ids)
        if below_number and not row.hits and _BULLET.match(row.line.text):
            found = _item(row.line.text, 1, None)
            if found:
                yield found


def _alone(rows: list[Row], context: Context) -> Iterable[Item]:
    """Find the one short line that is no label, in a mail that prints no number: the oldest mails are such letters."""
    if any(row.ids for row in rows):
        return
    short = [row.line for row in rows if row.line.plain and not row.hits and not row.line.picture]
    lexicon = context.lexicon
    short = [line for line in short if not lexicon.chrome.find(line)]
    lone = [line for line in short if len(line.text) <= _LONE and not lexicon.headline.find(line)]
    if len(lone) == 1 and len(lone[0].text) >= 8:
        found = _item(lone[0].text, 1, None)
        if found:
            yield found
