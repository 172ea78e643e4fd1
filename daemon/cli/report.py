"""``relance report`` and ``relance correct``: the owner's own word about an order."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

import click

from daemon.cli import changes, output
from daemon.cli.errors import Complaint, Exit
from daemon.cli.shell import Shell, pass_shell
from daemon.cli.words import command, json_option, option, owner_option
from daemon.say import LANGUAGES, say

_MEANINGS = (
    "not-received",
    "received",
    "found",
    "credited",
    "damaged",
    "missing-item",
    "wrong-item",
    "refund-missing",
    "wrong-charge",
)
_PARTIES = {"amazon": "amazon", "seller": "third_party"}


class Meaning(click.Choice[str]):
    """What the owner says of an order: one of the words of the help, or one that people write for it."""

    def __init__(self) -> None:
        super().__init__(_MEANINGS)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:  # noqa: ANN401 - click's
        """Return the word that relance knows; accents, capitals, hyphens and apostrophes make no difference."""
        known = {_plain(word): name for name in _MEANINGS for word in (name, *_also(name))}
        return super().convert(known.get(_plain(str(value)), value), param, ctx)


def _also(name: str) -> Iterator[str]:
    """Yield what else people write for a meaning, in each language."""
    key = name.replace("-", "_")
    for language in LANGUAGES:
        yield say(f"word.{key}", language)
        yield from say(f"cli.report.also.{key}", language).split("|")


def _plain(word: str) -> str:
    spelled = unicodedata.normalize("NFKD", word.casefold())
    return " ".join(re.findall(r"[a-z]+", "".join(one for one in spelled if not unicodedata.combining(one))))


@command("report")
@click.argument("order", metavar="ORDER")
@click.argument("what", metavar="WHAT", type=Meaning())
@option("--note", metavar="TEXT")
@owner_option
@json_option
@pass_shell
def report(shell: Shell, order: str, what: str, note: str | None, owner: str | None, as_json: bool) -> None:
    """Write down what the owner says of an order."""
    from parsers.notice import NoteMeaning  # noqa: PLC0415 - brings pydantic

    with shell.application() as app:
        change = app.report(order.strip(), NoteMeaning(what.replace("-", "_")), note, owner=owner)
        output.as_json(change) if as_json else changes.tell(change)


@command("correct")
@click.argument("order", metavar="ORDER")
@option("--sold-by", type=click.Choice(list(_PARTIES)))
@option("--shipped-by", type=click.Choice(list(_PARTIES)))
@owner_option
@json_option
@pass_shell
def correct(
    shell: Shell, order: str, sold_by: str | None, shipped_by: str | None, owner: str | None, as_json: bool
) -> None:
    """Write down who sells or who ships."""
    if sold_by is None and shipped_by is None:
        raise Complaint("nothing_to_correct", Exit.USAGE)
    from parsers.notice import Party  # noqa: PLC0415 - brings pydantic

    seller, shipper = (Party(_PARTIES[one]) if one else None for one in (sold_by, shipped_by))
    with shell.application() as app:
        change = app.correct(order.strip(), seller, shipper, owner=owner)
        output.as_json(change) if as_json else changes.tell(change)
