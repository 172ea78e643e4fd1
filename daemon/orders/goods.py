"""Items of an order: mails cut titles, repeat them, and name only those of one parcel."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal

from parsers.notice import Item, Notice

_CUT = re.compile(r"(?<![\s.])\s*+(\.{2,}+|…)\s*+$")
_LONG_ENOUGH = 15
"""A title without dots that begins a longer one is the same thing from this many characters on."""


def key(title: str) -> str:
    """Return a title as it is compared: without the dots that cut it, blanks and capitals evened out."""
    plain = unicodedata.normalize("NFKC", title.replace("…", "..."))
    return " ".join(_CUT.sub("", plain).split()).casefold()


def is_cut(title: str) -> bool:
    """Whether the mail cut the title."""
    return bool(_CUT.search(title))


def same(one: Iterable[Item], other: Iterable[Item]) -> bool:
    """Whether two lists of items share one, titles cut or whole."""
    return any(_joins(a.title, b.title) or _joins(b.title, a.title) for a in one for b in other)


def _joins(short: str, long: str) -> bool:
    """Whether ``short`` can be a cut ``long``."""
    begin = key(short)
    if not begin or not key(long).startswith(begin):
        return False
    return is_cut(short) or begin == key(long) or len(begin) >= _LONG_ENOUGH


def _groups(timeline: Sequence[Notice]) -> dict[str, str]:
    """Return for each title the whole one that it belongs to."""
    together = [{key(item.title) for item in notice.items} for notice in timeline]
    heads: list[str] = []
    out: dict[str, str] = {}
    # The longest first, a whole title before a cut one of the same length, so that each finds its head already there.
    titles = {item.title for notice in timeline for item in notice.items}
    for title in sorted(titles, key=lambda t: (-len(key(t)), is_cut(t), t)):
        head = next((h for h in heads if _joins(title, h) and not _apart(title, h, together)), None)
        if head is None:
            heads.append(head := title)
        out[title] = head
    return out


def _apart(short: str, long: str, together: Iterable[set[str]]) -> bool:
    """Two whole titles that one mail lists side by side are two things, however alike they begin."""
    one, other = key(short), key(long)
    return one != other and not is_cut(short) and any({one, other} <= listed for listed in together)


def merge(timeline: Sequence[Notice]) -> tuple[Item, ...]:
    """Return the items of an order, in the order of their first mention, each with its greatest quantity.

    The unit price is the one mentioned last. ``timeline`` is arranged.
    """
    heads = _groups(timeline)
    quantity: dict[str, int] = {}
    price: dict[str, Decimal] = {}
    for notice in timeline:
        lines: Counter[str] = Counter()
        for item in notice.items:
            head = heads[item.title]
            quantity.setdefault(head, 0)
            lines[item.title] += item.quantity
            quantity[head] = max(quantity[head], lines[item.title])
            if item.price is not None:
                price[head] = item.price
    return tuple(Item(title=head, quantity=quantity[head], price=price.get(head)) for head in quantity)


def covers(part: Iterable[Notice], timeline: Sequence[Notice]) -> bool:
    """Whether the notices ``part`` concern every item of the order; one that names no item concerns all."""
    heads = _groups(timeline)
    named: set[str] = set()
    for notice in part:
        if not notice.items:
            return True
        named |= {heads[item.title] for item in notice.items}
    return named == set(heads.values())
