"""``relance undo``: take back a decision, or list what was decided."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from daemon.cli import changes, output
from daemon.cli.shell import Shell, pass_shell
from daemon.cli.words import command, json_option, option
from daemon.say import say, when

if TYPE_CHECKING:
    from daemon.application import Application
    from daemon.store import Decision


@command("undo")
@click.argument("number", metavar="[ID]", type=int, required=False)
@option("--list", "listing", is_flag=True)
@json_option
@pass_shell
def undo(shell: Shell, number: int | None, listing: bool, as_json: bool) -> None:
    """Take back a decision."""
    with shell.application() as app:
        if listing:
            _list(app, as_json)
            return
        change = app.undo(number)
        output.as_json(change) if as_json else changes.tell(change)


def _list(app: Application, as_json: bool) -> None:
    found = list(reversed(app.decisions()))
    if as_json:
        output.as_json([_plain(one) for one in found])
    elif not found:
        output.line(say("cli.undo.none"))
    else:
        columns = [say(f"cli.column.{name}") for name in ("id", "when", "decision", "undone")]
        output.table(columns, [_row(one) for one in found])


def _plain(one: Decision) -> dict[str, object]:
    """Leave out the snapshots: they hold whole texts."""
    return {
        "id": one.id,
        "owner": one.owner,
        "what": one.what,
        "subject": one.subject,
        "said": one.after.get("said", {}),
        "at": output.plain(one.at),
        "undone_at": output.plain(one.undone_at),
    }


def _row(one: Decision) -> list[str]:
    from daemon.application.deciding import said_in, stage_of  # noqa: PLC0415 - brings pydantic

    undone = when(one.undone_at) if one.undone_at else ""
    what = changes.decided(one.what, one.subject, stage_of(one), said_in(one))
    return [str(one.id), when(one.at), what, undone]
