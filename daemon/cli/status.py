"""``relance status``: does it watch, and what waits."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from daemon.cli import output
from daemon.cli.errors import Exit
from daemon.cli.shell import Shell, pass_shell
from daemon.cli.words import command, json_option
from daemon.say import known, say, when

if TYPE_CHECKING:
    from daemon.application import Status
    from daemon.heartbeat import Box

_WELL = frozenset({"starting", "reading_back", "watching"})


@command("status")
@json_option
@pass_shell
def status(shell: Shell, as_json: bool) -> int:
    """Tell how relance is."""
    with shell.application() as app:
        found = app.status()
    if as_json:
        output.as_json(found)
    else:
        _tell(found)
    well = found.running and found.store_problem is None and all(box.state in _WELL for box in found.boxes)
    return Exit.OK if well else Exit.TO_MEND


def _tell(found: Status) -> None:
    from daemon.cli.telling import due  # noqa: PLC0415 - brings pydantic

    output.line(say("status.running" if found.running else "status.not_running"))
    if found.store_problem is not None:
        output.line(say("status.store_problem", problem=found.store_problem))
    for box in found.boxes:
        output.line(_box(box), 2)
    output.line()
    output.line(say("status.mails", new=found.mails.get("new", 0), read=found.mails.get("read", 0)))
    for name in ("not_understood", "quarantined", "unverified", "loose_parcels"):
        if count := getattr(found, name):
            output.line(say(f"status.{name}", count=count), 2)
    output.line(say("status.work", orders=found.orders, claims=found.open_claims, drafts=found.drafts))
    if found.next_due is not None:
        output.line(say("status.next_due", at=due(found.next_due, datetime.now(UTC))))
    output.line(say("status.store", path=found.store_path))


def _box(box: Box) -> str:
    key = f"mailbox.{box.message}"
    facts: dict[str, object] = dict(box.facts)
    told = say(key, **facts) if box.message and known(key) else ""
    state = say(f"status.state.{box.state}")
    head = say("status.mailbox", name=box.name, state=state, since=when(box.since))
    return f"{head}\n    {told}" if told and told != state else head
