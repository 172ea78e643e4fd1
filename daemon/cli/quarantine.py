"""``relance quarantine``: mails that could not be read; and ``relance replay``: reading all mails again."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from daemon.cli import changes, output
from daemon.cli.shell import Shell, pass_shell
from daemon.cli.words import Group, command, json_option, option
from daemon.say import say, when
from daemon.wording import reason_of

if TYPE_CHECKING:
    from daemon.store import QuarantinedMail

_PREVIEW = 4000
"""Characters of a mail's raw text that are shown."""
_HEAD = 200_000
"""Bytes in which a header is looked for."""

mail_argument = click.argument("mail", metavar="MAIL")


@click.group("quarantine", cls=Group)
def quarantine() -> None:
    """Gather the commands about mails that could not be read."""


@quarantine.command("list")
@json_option
@pass_shell
def listing(shell: Shell, as_json: bool) -> None:
    """List the mails in quarantine."""
    with shell.application() as app:
        found = app.quarantined()
    if as_json:
        output.as_json(found)
    elif not found:
        output.line(say("cli.quarantine.none"))
    else:
        columns = [say(f"cli.column.{name}") for name in ("mail", "mailbox", "arrived", "size", "reason")]
        output.table(columns, [_row(one) for one in found])


def _row(one: QuarantinedMail) -> list[str]:
    return [one.mail_id[:12], one.mailbox, when(one.received_at), str(one.size), reason_of(one.reason)]


@quarantine.command("show")
@mail_argument
@option("--raw", is_flag=True)
@pass_shell
def show(shell: Shell, mail: str, raw: bool) -> None:
    """Show a mail in quarantine."""
    with shell.application() as app:
        found, content = app.quarantine_show(mail)
    if raw:
        sys.stdout.buffer.write(content)
        return
    output.line(say("cli.quarantine.mail", mail=found.mail_id, mailbox=found.mailbox, at=when(found.received_at)))
    output.line(
        say(
            "cli.quarantine.why", reason=reason_of(found.reason), attempts=found.attempts, at=when(found.quarantined_at)
        )
    )
    output.line()
    for name, value in _headers(content):
        output.line(f"{name}: {value}", 2)
    output.line()
    output.line(_body(content)[:_PREVIEW], 2)


def _headers(content: bytes) -> Iterator[tuple[str, str]]:
    """Yield the fields by which people know a mail, decoded; nothing else in quarantine is taken apart here."""
    from daemon.intake.headers import decoded  # noqa: PLC0415 - brings the mail libraries
    from daemon.mailbox.headers import fields  # noqa: PLC0415

    found = fields(content[:_HEAD])
    for name in ("From", "To", "Date", "Subject"):
        for value in found.get(name.lower(), ())[:1]:
            yield name, decoded(value)


def _body(content: bytes) -> str:
    """Return the beginning of a mail's text, decoded; as it came where that cannot be done."""
    from email import message_from_bytes  # noqa: PLC0415 - only here

    try:
        parts = [one for one in message_from_bytes(content[:_HEAD]).walk() if one.get_content_maintype() == "text"]
        chosen = min(parts, key=lambda one: one.get_content_subtype() != "plain")
        found = chosen.get_payload(decode=True)
        assert isinstance(found, bytes)
        return found.decode(chosen.get_content_charset("utf-8"), "replace").replace("\r", "")
    except Exception:  # noqa: BLE001 - this mail is here because it could not be read: whatever fails, show its bytes
        return _bytes(content)


def _bytes(content: bytes) -> str:
    """Return what follows the header, as it came; all of it where no header ends."""
    text = content.decode("utf-8", "replace").replace("\r", "")
    return text.partition("\n\n")[2] or text


@quarantine.command("retry")
@click.argument("mail", metavar="[MAIL]", required=False)
@pass_shell
def retry(shell: Shell, mail: str | None) -> int:
    """Read a mail, or all of them, again."""
    with shell.application() as app:
        through = app.quarantine_retry(mail)
        left = len(app.quarantined())
    output.line(say("cli.quarantine.retried", through=through, left=left))
    return 0 if through or not left else 1


@quarantine.command("drop")
@mail_argument
@json_option
@pass_shell
def drop(shell: Shell, mail: str, as_json: bool) -> None:
    """Take a mail out of quarantine for good."""
    with shell.application() as app:
        change = app.quarantine_drop(mail)
    output.as_json(change) if as_json else changes.tell(change)


@quarantine.command("undrop")
@mail_argument
@pass_shell
def undrop(shell: Shell, mail: str) -> None:
    """Put a dropped mail back."""
    with shell.application() as app:
        app.quarantine_undrop(mail)
    output.line(say("cli.quarantine.undropped", mail=mail))


@command("replay")
@json_option
@pass_shell
def replay(shell: Shell, as_json: bool) -> int:
    """Read all mails again."""
    with shell.application() as app, click.progressbar(length=1, file=sys.stderr, label=say("cli.replay.label")) as bar:

        def progress(done: int, total: int) -> None:
            bar.length = max(total, 1)
            bar.update(done - bar.pos)

        result = app.replay(progress)
        bar.update((bar.length or 1) - bar.pos)
    if as_json:
        output.as_json(result)
    else:
        output.line(say("cli.replay.done", **output.plain(result)))
    return 0
