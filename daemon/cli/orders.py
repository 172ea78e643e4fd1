"""``relance orders`` and ``relance show``: what is known, and from which mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from daemon.cli import output
from daemon.cli.shell import Shell, pass_shell
from daemon.cli.words import command, json_option, option
from daemon.say import say

if TYPE_CHECKING:
    from daemon.application import OrderSummary


@command("orders")
@option("--trouble", is_flag=True)
@json_option
@pass_shell
def orders(shell: Shell, trouble: bool, as_json: bool) -> None:
    """List the orders."""
    with shell.application() as app:
        found = [one for one in app.orders() if one.anomalies or not trouble]
    if as_json:
        output.as_json(found)
    elif not found:
        output.line(say("cli.orders.none"))
    else:
        columns = [say(f"cli.column.{name}") for name in ("order", "items", "total", "where", "wrong")]
        output.table(columns, [_row(one) for one in found])


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
@json_option
@pass_shell
def show(shell: Shell, number: str, as_json: bool) -> None:
    """Show an order or a claim."""
    number = number.strip()
    with shell.application() as app:
        if number.upper().startswith("R-"):
            claim = app.claim(number.upper())
            output.as_json(claim) if as_json else _tell_claim(claim)
            return
        order = app.order(number)
        output.as_json(order) if as_json else _tell_order(order)


def _tell_claim(view: object) -> None:
    from daemon.cli import show_claim  # noqa: PLC0415 - brings pydantic

    show_claim.tell(view)  # type: ignore[arg-type]


def _tell_order(view: object) -> None:
    from daemon.cli import show_order  # noqa: PLC0415 - brings pydantic

    show_order.tell(view)  # type: ignore[arg-type]
