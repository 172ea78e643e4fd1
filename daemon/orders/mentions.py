"""The owner's words about the mail of a shop whose markup the forward has lost: the order is told by its number.

Mail programs keep what people see of a mail that they forward, and drop the scripts in which shops describe their
orders. The number is still to be seen, and which orders there are is known from the shop's own mails.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from daemon.orders.naming import number_of, shop_of
from parsers import text
from parsers.letter import Letter, Trust
from parsers.notice import Kind, NoteMeaning, Notice
from parsers.owner.parser import meaning
from parsers.shops.vocabulary import domain_of

_SHORTEST = 3
"""Characters of a number that can be told from any other number in a mail."""
_SEARCHED = 50_000


def reported(letters: Sequence[Letter], notices: Iterable[Notice], known: Iterable[str]) -> list[Notice]:
    """Return what the owner's notes report of ``known`` orders that the noted mails name by their number alone.

    Nothing for a mail that gave a notice: its order was told already.
    """
    if any(True for _ in notices):
        return []
    of_shops = [order_id for order_id in known if shop_of(order_id)]
    return [report for letter in letters for report in _reports(letter, of_shops)]


def _reports(letter: Letter, known: Sequence[str]) -> Iterator[Notice]:
    shop = domain_of(letter.sender.rpartition("@")[2])
    if not letter.note or letter.trust is Trust.FORGED or shop is None:
        return
    means = meaning(letter.note)
    mine = [order_id for order_id in known if shop_of(order_id) == shop]
    if means is NoteMeaning.NONE or not mine:
        return
    seen = _seen(letter)
    named = [order_id for order_id in mine if _names(seen, number_of(order_id))]
    if len(named) == 1:
        yield Notice(
            kind=Kind.OWNER_REPORT,
            source=letter.mail_id,
            at=letter.received_at,
            trust=letter.trust,
            marketplace=shop,
            order_id=named[0],
            note=letter.note,
            note_means=means,
        )


def _seen(letter: Letter) -> str:
    body = letter.text or "\n".join(line.text for line in text.from_html(letter.html[:_SEARCHED]))
    return f"{letter.note}\n{letter.subject}\n{body[:_SEARCHED]}"


def _names(seen: str, number: str) -> bool:
    bare = number.lstrip("#")
    return len(bare) >= _SHORTEST and re.search(rf"(?<![\w-]){re.escape(bare)}(?![\w-])", seen) is not None
