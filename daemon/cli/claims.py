"""``relance drafts``, ``edit``, ``approve``, ``sent``, ``dismiss``: what waits for the owner and what becomes of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from daemon.cli import changes, output
from daemon.cli.errors import Complaint, Exit
from daemon.cli.shell import Shell, pass_shell
from daemon.cli.words import command, json_option, option
from daemon.say import home_zone, say

if TYPE_CHECKING:
    from daemon.application import Application, Change

_PARTS = ("subject", "body", "chat", "phone")


@command("drafts")
@json_option
@pass_shell
def drafts(shell: Shell, as_json: bool) -> None:
    """List what waits for the owner."""
    with shell.application() as app:
        found = app.drafts()
    if as_json:
        output.as_json(found)
        return
    if not found:
        output.line(say("cli.drafts.none"))
        return
    columns = [say(f"cli.column.{name}") for name in ("claim", "order", "about", "to", "state")]
    output.table(columns, [_row(one.claim, one.draft) for one in found])
    output.line(say("cli.drafts.next"))


def _row(claim: object, draft: object) -> list[str]:
    from daemon.cli.telling import draft_row  # noqa: PLC0415 - brings pydantic

    return draft_row(claim, draft)  # type: ignore[arg-type]


def _decide(shell: Shell, as_json: bool, how: Callable[[Application], Change], ref: str) -> None:
    """Carry out a decision, tell what followed, and what can be done next."""
    with shell.application() as app:
        change = how(app)
        if as_json:
            output.as_json(change)
            return
        changes.tell(change)
        from daemon.cli.show_claim import next_steps  # noqa: PLC0415 - brings pydantic

        for step in next_steps(app.claim(ref).claim):
            output.line(step)


def _ref(_: click.Context, __: click.Parameter, value: str) -> str:
    return value.strip().upper()


ref_argument = click.argument("ref", metavar="R-XXXX", callback=_ref)


@command("approve")
@ref_argument
@json_option
@pass_shell
def approve(shell: Shell, ref: str, as_json: bool) -> None:
    """Approve the exact text of a draft."""
    _decide(shell, as_json, lambda app: app.approve(ref), ref)


@command("dismiss")
@ref_argument
@json_option
@pass_shell
def dismiss(shell: Shell, ref: str, as_json: bool) -> None:
    """Let a claim rest."""
    _decide(shell, as_json, lambda app: app.dismiss(ref), ref)


@command("sent")
@ref_argument
@option("--at", "at", metavar="TIME")
@json_option
@pass_shell
def sent(shell: Shell, ref: str, at: str | None, as_json: bool) -> None:
    """Note that the owner sent a draft."""
    _ = shell.settings  # they say in which zone a time is meant
    moment = _moment(at) if at else None
    _decide(shell, as_json, lambda app: app.sent(ref, moment), ref)


def _moment(value: str) -> datetime:
    """Return a time of the past; without an offset it is meant in the zone that times are told in.

    Raises ``Complaint``.
    """
    try:
        moment = datetime.fromisoformat(value)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=home_zone()).astimezone(UTC)
    except ValueError:
        raise Complaint("bad_time", Exit.USAGE, value=value) from None
    if moment > datetime.now(UTC):
        raise Complaint("future", Exit.USAGE, value=value)
    return moment


@command("edit")
@ref_argument
@option("--part", type=click.Choice(_PARTS), default="body")
@option("--body-file", "file", type=click.Path(path_type=Path, allow_dash=True), metavar="FILE|-")
@json_option
@pass_shell
def edit(shell: Shell, ref: str, part: str, file: Path | None, as_json: bool) -> None:
    """Change the text of a draft."""

    def change(app: Application) -> Change:
        before = _text(app, ref, part)
        after = _edited(before) if file is None else _read(file)
        if after.strip() == before.strip():
            raise Complaint("nothing_changed", Exit.TO_MEND)
        return app.edit(ref, **{part: after.strip()})

    _decide(shell, as_json, change, ref)


def _text(app: Application, ref: str, part: str) -> str:
    """Return one part of the open draft's text. Raises ``Complaint``, ``ClaimUnknown``."""
    from daemon.claims.claim import OPEN_STATES  # noqa: PLC0415 - brings pydantic

    open_drafts = [draft for draft in app.claim(ref).claim.drafts if draft.state in OPEN_STATES]
    if not open_drafts:
        raise Complaint("nothing_open", Exit.TO_MEND, ref=ref)
    text: str | None = getattr(open_drafts[-1], part)
    if text is None:
        raise Complaint("no_such_part", Exit.USAGE, ref=ref, part=part)
    return text


def _edited(text: str) -> str:
    try:
        after = click.edit(text, extension=".txt", require_save=True)
    except click.ClickException:
        raise Complaint("no_editor", Exit.USAGE) from None
    return text if after is None else after


def _read(file: Path) -> str:
    with click.open_file(str(file), "rb") as stream:
        content: bytes = stream.read()
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        raise Complaint("not_text", Exit.USAGE, path=file) from None
