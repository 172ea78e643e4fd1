"""The parts of a mail, each printed from the story by the book's labels."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import reduce
from operator import add

from tests.mails.generator import layouts
from tests.mails.generator.book import Says
from tests.mails.generator.story import Article, Order, Part
from tests.mails.generator.words import Written, plain
from tests.mails.generator.writer import Element, Writer

_NOTHING = plain("")


def body(writer: Writer, kind: str, says: Says) -> list[Element]:
    """Return a mail's elements. Of several orders, each has its own parts; what is common stands above or below."""
    names, orders = layouts.blocks(writer.template, kind, says), writer.story.orders
    if len(orders) == 1:
        return [element for name in names for element in block(writer, name, orders[0], kind, says)]
    own = [name for name in dict.fromkeys(names) if name in layouts.PER_ORDER]
    middle = names.index(own[-1])
    above, below = (
        [each for name in some if name not in own for each in block(writer, name, orders[0], kind, says)]
        for some in (names[:middle], names[middle:])
    )
    each_order = [each for order in orders for name in own for each in block(writer, name, order, kind, says)]
    return above + each_order + below


def block(writer: Writer, name: str, order: Order, kind: str, says: Says) -> list[Element]:
    """Return the elements of one part. A name without a function of its own is a label of the book."""
    if name in ("headline", "sentences"):
        return _sentence(writer, name, kind, says)
    if name in ("arrival", "delay"):
        return _days(writer, name, order)
    make = _BLOCKS.get(name)
    return make(writer, order) if make else writer.label(name, None, order)


def _sentence(writer: Writer, name: str, kind: str, says: Says) -> list[Element]:
    patterns = says.headlines if name == "headline" else says.sentences
    if not patterns or (name == "sentences" and writer.template == "new" and writer.rng.random() < 0.5):
        return []
    role = "headline" if name == "headline" else "line"
    return [Element(role, writer.say(patterns, writer.day_of_kind(kind)))]


def _days(writer: Writer, name: str, order: Order) -> list[Element]:
    """Return the promised day. In an order of several parts, each part's stands above its articles (see ``_items``)."""
    promise = order.parts[0].promise
    return [] if promise is None or len(order.parts) > 1 else _promised(writer, name, order.parts[0])


def _promised(writer: Writer, name: str, part: Part) -> list[Element]:
    promise = part.promise
    if promise is None:
        return []
    table = writer.book.delay if name == "delay" else writer.book.arrival
    writer.printed.add("promised")
    patterns = table[writer.template][promise.form]
    return [Element("label", writer.say(patterns, writer.span(promise.first, promise.last)))]


def _nav(writer: Writer, _: Order) -> list[Element]:
    return [Element("nav", plain(text), writer.links.page()) for text in writer.labels.get("nav", ())]


def _progress(writer: Writer, _: Order) -> list[Element]:
    return [Element("progress", _NOTHING, more=tuple(plain(word) for word in writer.labels["progress"]))]


def _rule(_: Writer, __: Order) -> list[Element]:
    return [Element("rule", _NOTHING)]


def _button(writer: Writer, order: Order) -> list[Element]:
    text = writer.say(writer.labels["button"], None, order)
    return [Element("link", text, writer.links.order(order.number))]


def _dated(label: str, day: str) -> Callable[[Writer, Order], list[Element]]:
    def make(writer: Writer, order: Order) -> list[Element]:
        when = getattr(writer.story, day)
        return writer.label(label, writer.span(when, when), order)

    return make


def _handed(writer: Writer, _: Order) -> list[Element]:
    writer.printed.add("handed")
    return [Element("line", plain(writer.story.place.text))]


def _article(writer: Writer, article: Article, *, priced: bool) -> Element:
    values = {"title": plain(article.title), "n": plain(str(article.n))}
    price = writer.money(article.price) if priced else None
    if writer.template == "new":
        quantity = writer.say(writer.labels["quantity"], values)
        return Element("product", plain(article.title), writer.links.product(), (quantity,), price)
    label = "item_one" if article.n == 1 else "item_many"
    if not priced:
        label = "goods" if "goods" in writer.labels else "item_many"
    first, *rest = writer.say(writer.labels[label], values).split()
    more = [*rest, *(_sellers(writer) if priced else [])]
    return Element("product", first, writer.links.product(), tuple(more), price)


def _sellers(writer: Writer) -> list[Written]:
    """Return condition, seller and shipper of an article."""
    labels, party = writer.labels, writer.story.party
    writer.printed.add("party")
    condition = [writer.say(labels["condition"])] if labels.get("condition") and writer.rng.random() < 0.5 else []
    name = {"amazon": "both", "third": "both", "fulfilled": "sold_shipped", "sold": "sold"}[party]
    wanted = [name] if labels.get(name) else ["sold", "shipped"]
    return [*condition, *(writer.say(labels[each]) for each in wanted)]


def _items(writer: Writer, order: Order) -> list[Element]:
    writer.printed |= {"items", "prices"}
    out: list[Element] = []
    for part in order.parts:
        if len(order.parts) > 1:
            out += _promised(writer, "arrival", part)
        out += [_article(writer, article, priced=True) for article in part.articles]
    return out


def _goods(writer: Writer, order: Order) -> list[Element]:
    writer.printed.add("items")
    return [_article(writer, article, priced=False) for article in order.articles]


def _amounts(writer: Writer, order: Order) -> list[Element]:
    lines = [("subtotal", order.goods), *order.extras.items()] if order.extras or writer.template == "old" else []
    return [
        element._replace(role="amount")
        for name, amount in lines
        for element in writer.label(name, {"money": writer.money(abs(amount))}, order)
    ]


def _total(writer: Writer, order: Order) -> list[Element]:
    # Added one by one: since Python 3.12 sum() mends the very inexactness that Amazon's own sums show.
    exact = reduce(add, (float(article.price) * article.n for article in order.articles), 0.0)
    exact += float(sum(order.extras.values(), Decimal(0)))
    sure = exact if round(exact, 2) == float(order.total) else float(order.total)
    found = writer.label("total", {"money": writer.money(order.total, sure)}, order)
    return [element._replace(role="amount") for element in found]


def _charged(writer: Writer, order: Order) -> list[Element]:
    return writer.label("charged", {"money": writer.money(order.total)}, order)


def _refund(writer: Writer, order: Order) -> list[Element]:
    unit = Decimal(1) if writer.story.site.whole else Decimal("0.01")
    part = (writer.story.refund * Decimal("0.84")).quantize(unit)
    found = writer.label("refund_part", {"money": writer.money(part)}, order) if writer.rng.random() < 0.5 else []
    return [element._replace(role="amount") for element in [*found, *writer.label("refund", None, order)]]


def _parcel(writer: Writer, order: Order) -> list[Element]:
    """Return carrier and number: in a sentence, or as two labelled lines."""
    if writer.rng.random() < 0.7 or not (writer.labels.get("carrier") and writer.labels.get("tracking")):
        return writer.label("parcel", None, order)
    return [*writer.label("carrier", None, order), *writer.label("tracking", None, order)]


def _recommendations(writer: Writer, _: Order) -> list[Element]:
    heading = Element("heading", writer.say(writer.labels["recommendations"]))
    goods = writer.rng.sample(writer.book.recommended, min(2, len(writer.book.recommended)))
    prices = [
        Decimal(writer.rng.randint(500, 9000)) * (1 if writer.story.site.whole else Decimal("0.01")) for _ in goods
    ]
    shown = zip(goods, prices, strict=True)
    return [heading, *(Element("aside", plain(t), writer.links.product(), (writer.money(p),)) for t, p in shown)]


def _footer(writer: Writer, order: Order) -> list[Element]:
    return [Element("small", writer.say((pattern,), None, order)) for pattern in writer.labels["footer"]]


_BLOCKS: dict[str, Callable[[Writer, Order], list[Element]]] = {
    "nav": _nav,
    "progress": _progress,
    "rule": _rule,
    "button": _button,
    "handed": _handed,
    "delivered": _dated("delivered", "today"),
    "was": _dated("was", "earlier"),
    "placed": _dated("placed", "placed"),
    "deadline": _dated("deadline", "deadline"),
    "refund_date": _dated("refund_date", "refund_date"),
    "items": _items,
    "goods": _goods,
    "amounts": _amounts,
    "total": _total,
    "charged": _charged,
    "refund": _refund,
    "parcel": _parcel,
    "recommendations": _recommendations,
    "footer": _footer,
}
