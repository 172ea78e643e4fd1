"""A mail's body as labelled rows, without footers and recommendations, cut into one section for each order."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import NamedTuple

from parsers import links, money
from parsers.amazon.lexicon import Lexicon
from parsers.amazon.site import Site
from parsers.money import Money
from parsers.text import Line
from parsers.wording import Hit, Matcher, Plain

_MOST_ORDERS = 40  # a mail that lists more is no order mail
_BARE_ID = re.compile(r"(?<!\d)(\d{3})(\d{7})(\d{7})(?!\d)")
_MARGINS = (50, 80)
"""Between these lie the margins at which mail programs break lines."""
_INDENT = 6  # what stood before a line is not counted
_LABEL_WORDS = 6  # what has more is a sentence, even when it ends with a colon
_WITHIN = "([\"«“„'&–-/$€£¥₹₺"
_DATED = frozenset(("arrival", "new_date"))
_PRICED = frozenset(
    ("quantity", "total", "amount", "price", "both", "sold", "shipped", "sold_shipped", "shipped_sold", "condition")
)


class Context(NamedTuple):
    """What rows are read with: wordings, marketplace and the mail's own day there."""

    lexicon: Lexicon
    site: Site
    today: date


class Row(NamedTuple):
    """A line, what its label says it is, and its amount when it is nothing but an amount, or an article's price."""

    line: Line
    hits: tuple[Hit, ...] = ()
    money: Money | None = None
    ids: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Return the name of the line's label, empty for a line without one."""
        return self.hits[0].name if self.hits else ""

    def hit(self, *names: str) -> Hit | None:
        """Return the hit of one of these labels; a sentence can bear several."""
        for hit in self.hits:
            if hit.name in names:
                return hit
        return None


class Rows(list[Row]):
    """Rows that nobody changes any more: what their labels are is looked up once for all that ask."""

    @cached_property
    def by_label(self) -> Mapping[str, Sequence[tuple[int, Hit]]]:
        """The hits of each label, each with the place of its row."""
        found: dict[str, list[tuple[int, Hit]]] = {}
        for at, row in enumerate(self):
            for hit in row.hits:
                found.setdefault(hit.name, []).append((at, hit))
        return found


class Section(NamedTuple):
    """What a mail says of one order; ``order_id`` is None when no number is to be seen."""

    order_id: str | None
    rows: list[Row]


def unwrapped(lines: Sequence[Line], lexicon: Lexicon) -> Sequence[Line]:
    """Return the lines with those put together again that a mail program broke at its margin.

    A line goes on below when the next word had no room left in it, and when what stands below is no label of its own.
    Texts that show no sentence broken like that, or that have long lines, are left as they are.
    """
    width = max((len(line.text) for line in lines if not line.urls), default=0)
    if not _MARGINS[0] <= width <= _MARGINS[1]:
        return lines
    broken = [at for at in range(1, len(lines)) if _goes_on(lines[at - 1], lines[at], width)]
    if not any(lines[at].text[0].islower() or _sentence(lines[at - 1].text) for at in broken):
        return lines
    below = {at for at in broken if lines[at].text[0].islower() or _unlabelled(lines[at], lexicon)}
    out: list[Line] = []
    for at, line in enumerate(lines):
        if at in below:
            out[-1] = Line(f"{out[-1].text} {line.text}", f"{out[-1].plain} {line.plain}", urls=line.urls)
        else:
            out.append(line)
    return out


def _unlabelled(line: Line, lexicon: Lexicon) -> bool:
    return lexicon.labels.find(line) is None and money.read(line.text) is None


def _sentence(text: str) -> bool:
    """Tell whether a line is a sentence that does not end with it: many words, most of them in small letters."""
    words = text.split()
    return len(words) >= 8 and words[-1][-1].isalpha() and sum(word[0].islower() for word in words) * 3 > len(words) * 2


def _goes_on(line: Line, below: Line, width: int) -> bool:
    if not line.plain or not below.plain or line.urls or line.picture or below.picture:
        return False
    if line.text[-1] == ":" and line.text.count(" ") < _LABEL_WORDS:
        return False
    word = below.text.partition(" ")[0]
    return len(line.text) + 1 + len(word) > width - _INDENT and (word[0].isalnum() or word[0] in _WITHIN)


def rows(lines: Sequence[Line], plain: Plain, context: Context) -> Rows:
    """Return the rows before the footer; a footer counts only below the order's number, if there is one.

    ``plain`` is made of the same lines.
    """
    labels = context.lexicon.labels.within(plain)
    return Rows([_row(line, context, labels) for line in lines[: _footer(lines, plain, context)]])


def _footer(lines: Sequence[Line], plain: Plain, context: Context) -> int:
    """Return where the footer begins: the first below the first order number, else the first of all."""
    cut = context.lexicon.cut.within(plain)
    footer: int | None = None
    numbered = False
    for at, line in enumerate(lines):
        if not numbered and "-" in line.text and links.ORDER_ID.search(line.text):
            numbered, footer = True, None
        if footer is None and line.plain and cut.find(line):
            footer = at
            if numbered:
                break
    return len(lines) if footer is None else footer


def _row(line: Line, context: Context, labels: Matcher) -> Row:
    text = line.text
    if not line.plain or line.picture:
        return Row(line)
    hits = labels.all(line)
    said = hits[0].rest if hits and hits[0].name == "price" else text
    return Row(line, hits, _amount(said, context), _ids(text, hits))


def _amount(text: str, context: Context) -> Money | None:
    """Return the amount that a line is, or that stands behind an article's kind ("Stationery; £11.40")."""
    if "; " in text:
        text = text.rpartition("; ")[2]
    # An amount that stands alone is short, and has a figure at one of its ends, or behind its sign.
    if len(text) <= 28 and text and (text[-1].isdigit() or text[0].isdigit() or text[0] in "-−–"):
        return money.read(text, context.lexicon.language, context.site.currency)
    return None


def _ids(text: str, hits: tuple[Hit, ...]) -> tuple[str, ...]:
    if "-" in text and (found := links.ORDER_ID.findall(text)):
        return tuple(dict.fromkeys(found))
    if not hits or not any(hit.name == "order" for hit in hits):
        return ()
    return tuple("-".join(parts) for parts in _BARE_ID.findall(text))


def sections(body: list[Row]) -> list[Section]:
    """Cut the rows at the order numbers. In the newer template an order's date stands above its number."""
    runs = _runs(body)
    if len({number for _, number in runs}) < 2:
        return [Section(runs[0][1] if runs else None, body)]
    date_first = any(row.name in _DATED for row in body[: runs[0][0]])
    starts = [0] + [_start(body, at) if date_first else at for at, _ in runs[1:]]
    merged: dict[str, list[Row]] = {}
    for (_, number), start, end in zip(runs, starts, [*starts[1:], len(body)], strict=True):
        merged.setdefault(number, []).extend(body[start:end])
    found = [Section(number, Rows(rows)) for number, rows in list(merged.items())[:_MOST_ORDERS]]
    return _share_dates(found) if date_first else found


def _share_dates(found: list[Section]) -> list[Section]:
    """Give an order without a date the block that stands above the number of the order before: it holds for both."""
    shared: list[Row] = []
    out: list[Section] = []
    for number, rows in found:
        dated = [at for at, row in enumerate(rows) if row.name in _DATED]
        numbered = next((at for at, row in enumerate(rows) if row.ids), 0)
        if not dated:
            out.append(Section(number, Rows([*shared, *rows])))
            continue
        shared = rows[dated[0] : numbered]
        out.append(Section(number, rows))
    return out


def _runs(body: list[Row]) -> list[tuple[int, str]]:
    runs: list[tuple[int, str]] = []
    for at, row in enumerate(body):
        for number in row.ids:
            if not runs or runs[-1][1] != number:
                runs.append((at, number))
    return runs


def _start(body: list[Row], at: int) -> int:
    """Return where the order whose number stands at ``at`` begins: below the last price of the one before."""
    for index in range(at - 1, -1, -1):
        if body[index].name in _PRICED or body[index].money is not None:
            return index + 1
    return at


def below(rows: Sequence[Row], at: int) -> Row | None:
    """Return the next row that has words, near below another: a label's value, when it does not stand beside it."""
    return next((row for row in rows[at + 1 : at + 4] if row.line.plain), None)


def labelled(rows: Sequence[Row], name: str) -> Sequence[tuple[int, Hit]]:
    """Return the hits of a label, each with the place of its row."""
    return (rows if isinstance(rows, Rows) else Rows(rows)).by_label.get(name, ())
