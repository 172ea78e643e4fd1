"""What ``relance parse`` prints for people: each mail, how far its sender is believed, and what it says, in words."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

import parsers
from daemon.cli.output import clean
from daemon.cli.parse import FIELDS
from daemon.say import day, money, say
from parsers.letter import Letter, Trust
from parsers.notice import Item, Notice

if TYPE_CHECKING:
    from daemon.cli.parse import Reading

_WORDS = {"sold_by": "sells", "shipped_by": "sells", "reply_means": "reply"}
_TOLD_ELSEWHERE = frozenset({"order_id", "currency"})


def tell(reading: Reading, *, owner_named: bool) -> None:
    """Print one file's reading; without an owner named, nobody knows whose a plain mail's words are."""
    console = Console(highlight=False, markup=False, emoji=False)
    if not reading.letters:
        console.print(say("parse.unreadable", file=reading.file, reason=reading.quarantined))
        return
    for letter in reading.letters:
        console.print(clean(_heading(reading.file, letter, owner_named)))
        if letter.trust is Trust.FORGED:
            console.print(say("parse.forged"))
    if reading.quarantined not in (None, Trust.FORGED):
        console.print(say("parse.aside", reason=reading.quarantined))
    elif reading.notices:
        console.print(_table(reading.notices))
    elif reading.quarantined is None:
        known = any(not parsers.understood(letter, ()) for letter in reading.letters)
        console.print(say("parse.not_understood" if known else "parse.nothing"))


def _heading(file: str, letter: Letter, owner_named: bool) -> str:
    key = "parse.forwarded" if letter.forwarded else "parse.letter"
    trust = say(f"trust.{letter.trust.value}")
    lines = [say(key, file=file, sender=letter.sender or "?", subject=letter.subject, trust=trust)]
    if letter.note and (letter.forwarded or owner_named):
        lines.append(say("parse.note", note=letter.note))
    elif letter.note:
        lines.append(say("parse.note_if_owner", note=letter.note))
    return "\n".join(lines)


def _table(notices: tuple[Notice, ...]) -> Table:
    table = Table(*(say(f"parse.column_{name}") for name in ("what", "order", "facts")))
    for notice in notices:
        table.add_row(*(Text(clean(cell)) for cell in (_kind(notice), notice.order_id or "", _facts(notice))))
    return table


def _kind(notice: Notice) -> str:
    word = say(f"kind.{notice.kind.value}")
    return f"{word}\n({say('cli.show.not_verified')})" if notice.trust is Trust.UNVERIFIED else word


def _facts(notice: Notice) -> str:
    told = {name: getattr(notice, name) for name in FIELDS if name not in _TOLD_ELSEWHERE}
    colon = say("cli.heading.colon")
    lines = [
        f"{say(f'parse.fact.{name}')}{colon} {_readable(name, value, notice)}"
        for name, value in told.items()
        if value not in (None, (), "")
    ]
    if notice.note_means is not None:
        lines.append(say(f"means.{notice.note_means.value}"))
    return "\n".join(lines)


def _readable(name: str, value: Any, notice: Notice) -> str:  # noqa: ANN401 - any field of a notice
    match value:
        case tuple():
            return ", ".join(_item(one) if isinstance(one, Item) else str(one) for one in value)
        case StrEnum():
            return say(f"{_WORDS[name]}.{value.value}")
        case Decimal():
            return money(value, notice.currency)
        case date():
            return day(value)
        case _:
            return str(value)


def _item(item: Item) -> str:
    return f"{item.quantity} × {item.title}"
