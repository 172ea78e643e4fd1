"""``relance orders``, ``relance parcels`` and ``relance show``: what is known, and from which mail."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from daemon.cli import output
from daemon.cli.shell import Shell, pass_shell
from daemon.cli.words import command, json_option, option, owner_option
from daemon.say import say

if TYPE_CHECKING:
    from daemon.application import LooseParcel, OrderSummary
    from parsers.notice import Notice


@command("orders")
@option("--trouble", is_flag=True)
@json_option
@pass_shell
def orders(shell: Shell, trouble: bool, as_json: bool) -> None:
    """List the orders."""
    with shell.application() as app:
        known, parcels = app.orders(), [] if as_json else app.parcels()
    found = [one for one in known if one.anomalies or not trouble]
    if as_json:
        output.as_json(found)
        return
    if found:
        columns = [say(f"cli.column.{name}") for name in ("order", "items", "total", "where", "wrong")]
        output.table(columns, [_row(one) for one in found])
        _footnote(one.order.timeline[-1] for one in found if one.order.timeline)
    else:
        output.line(say("cli.orders.no_trouble", count=len(known)) if known else say("cli.orders.none"))
    if parcels:
        output.line(say("cli.orders.parcels", count=len(parcels)))


def _footnote(shown: Iterable[Notice]) -> None:
    """Explain the mark of what nothing proves, where it was shown."""
    from daemon.cli.telling import unverified  # noqa: PLC0415 - brings pydantic

    if any(unverified(one) for one in shown):
        output.line(say("cli.show.footnote"))


@command("parcels")
@json_option
@pass_shell
def parcels(shell: Shell, as_json: bool) -> None:
    """List the parcels that no order knows."""
    with shell.application() as app:
        found = app.parcels()
    if as_json:
        output.as_json(found)
    elif not found:
        output.line(say("cli.parcels.none"))
    else:
        columns = [say(f"cli.column.{name}") for name in ("parcel", "carrier", "shop", "where", "perhaps")]
        output.table(columns, [_parcel_row(one) for one in found])
        _footnote(one.timeline[-1] for one in found)
        output.line(say("cli.parcels.next"))


def _parcel_row(one: LooseParcel) -> list[str]:
    from daemon.cli.telling import news  # noqa: PLC0415 - brings pydantic

    number = one.parcel.key or say("cli.parcels.no_number")
    return [number, one.parcel.carrier or "", one.shop or "", news(one.timeline[-1]), ", ".join(one.perhaps)]


def _row(one: OrderSummary) -> list[str]:
    from daemon.cli.telling import amount, items, latest  # noqa: PLC0415 - brings pydantic

    order = one.order
    wrong = [
        f"{say(f'problem.{each.code.value}')} ({say(f'certainty.{each.certainty.value}')})" for each in one.anomalies
    ]
    open_claims = [claim.ref for claim in one.claims if claim.closed_at is None]
    told = "\n".join([*wrong, *open_claims])
    return [order.order_id, items(order), amount(order.total, order.currency), latest(order), told]


@command("show")
@click.argument("number", metavar="ORDER|R-XXXX")
@owner_option
@json_option
@pass_shell
def show(shell: Shell, number: str, owner: str | None, as_json: bool) -> None:
    """Show an order or a claim."""
    number = number.strip()
    with shell.application() as app:
        if number.upper().startswith("R-"):
            claim = app.claim(number.upper())
            output.as_json(claim) if as_json else _tell_claim(claim)
            return
        order = app.order(number, owner)
        output.as_json(order) if as_json else _tell_order(order)


def _tell_claim(view: object) -> None:
    from daemon.cli import show_claim  # noqa: PLC0415 - brings pydantic

    show_claim.tell(view)  # type: ignore[arg-type]


def _tell_order(view: object) -> None:
    from daemon.cli import show_order  # noqa: PLC0415 - brings pydantic

    show_order.tell(view)  # type: ignore[arg-type]
