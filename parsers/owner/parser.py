"""The owner's own words: what a note above a forward, an answer or a mail of the owner says of an order.

Words are data (``lexicon/*.toml``, its form is explained in ``fr.toml``). All languages are tried together: owners
mix them, and a mail's language is not its owner's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from parsers.letter import Letter
from parsers.notice import Kind, NoteMeaning, Notice
from parsers.owner.lexicon import Lexicon, Sign, lexicons
from parsers.owner.phrases import clauses, plain, starts

MAX_NOTE = 2_000
"""Characters of a note that are read."""
RANK = (
    NoteMeaning.FOUND,
    NoteMeaning.CREDITED,
    NoteMeaning.REFUND_MISSING,
    NoteMeaning.WRONG_CHARGE,
    NoteMeaning.WRONG_ITEM,
    NoteMeaning.DAMAGED,
    NoteMeaning.MISSING_ITEM,
    NoteMeaning.NOT_RECEIVED,
    NoteMeaning.RECEIVED,
)
"""Which meaning counts when a note has several: the later event first, then the graver trouble."""
_ORDER_NUMBER = re.compile(r"(?<![\d-])(\d{3}-\d{7}-\d{7})(?![\d-])")


def meaning(note: str) -> NoteMeaning:
    """Return what a note says; ``NONE`` when it says nothing of an order, or only wishes, supposes or asks."""
    text = plain(_ORDER_NUMBER.sub(" ", note[:MAX_NOTE]))
    found = {said for lexicon in lexicons() for said in _said(text, lexicon)}
    return next((each for each in RANK if each in found), NoteMeaning.NONE)


def _said(text: str, lexicon: Lexicon) -> Iterable[NoteMeaning]:
    begun = starts(text)
    signs = [sign for sign in lexicon.signs if sign.may_stand(begun)]
    if not signs:
        return
    for clause in clauses(lexicon.idioms.sub(" ", text), lexicon.splits):
        said = [means for sign in signs for means in _of_sign(clause, sign, lexicon)]
        if said and not lexicon.suppositions.search(clause):
            yield from said


def _of_sign(clause: str, sign: Sign, lexicon: Lexicon) -> Iterable[NoteMeaning]:
    for found in sign.pattern.finditer(clause):
        if sign.blocked.search(clause):
            return
        about_goods = sign.means not in (NoteMeaning.RECEIVED, NoteMeaning.NOT_RECEIVED)
        if not about_goods and lexicon.other_objects.search(_around(clause, found)):
            continue
        if sign.literal or not lexicon.negations.search(f" {_before(clause, found)} {found[0]} "):
            yield sign.means
        elif sign.negated is not None:
            yield sign.negated


def _before(clause: str, found: re.Match[str]) -> str:
    """Return the four words before a sign."""
    return " ".join(clause[: found.start()].split()[-4:])


def _around(clause: str, found: re.Match[str]) -> str:
    """Return a sign with two words before and four behind it: where the object of receiving stands."""
    before = " ".join(clause[: found.start()].split()[-2:])
    return f" {before} {found[0]} {' '.join(clause[found.end() :].split()[:4])} "


def read(letter: Letter, notices: Iterable[Notice]) -> list[Notice]:
    """Return the owner's report of each order that ``notices``, or the note or subject itself, name.

    Nothing when the letter bears no note of the owner (intake gives one to none but the owner's), or the note says
    nothing of an order.
    """
    if not letter.note or (means := meaning(letter.note)) is NoteMeaning.NONE:
        return []
    known = [each for each in notices if each.kind is not Kind.OWNER_REPORT]
    named = _numbers(letter.note) or _numbers(letter.subject)
    if not known:
        return [_report(letter, means, order_id, None) for order_id in named or _only_number(letter.text)]
    chosen = [each for each in known if each.order_id in _numbers(letter.note)] or known
    first = {each.order_id: each for each in reversed(chosen)}
    order_ids = dict.fromkeys(each.order_id for each in chosen)
    return [_report(letter, means, order_id, first[order_id]) for order_id in order_ids]


def _numbers(text: str) -> list[str]:
    return list(dict.fromkeys(_ORDER_NUMBER.findall(text)))


def _only_number(text: str) -> list[str]:
    """Return the order of the mail that was answered, when the quotation names just one."""
    numbers = _numbers(text)
    return numbers if len(numbers) == 1 else []


def _report(letter: Letter, means: NoteMeaning, order_id: str | None, about: Notice | None) -> Notice:
    return Notice(
        kind=Kind.OWNER_REPORT,
        source=letter.mail_id,
        at=letter.received_at,
        trust=letter.trust,
        # Only Amazon numbers its orders so.
        retailer=about.retailer if about else "Amazon",
        marketplace=about.marketplace if about else None,
        order_id=order_id,
        tracking_numbers=about.tracking_numbers if about and order_id is None else (),
        carrier=about.carrier if about and order_id is None else None,
        note=letter.note,
        note_means=means,
    )
