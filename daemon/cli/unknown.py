"""``relance unknown``: mails that were not understood, shown, and made shareable."""

from __future__ import annotations

import json
import secrets
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from daemon.cli import output
from daemon.cli.shell import Shell, pass_shell
from daemon.cli.words import command, json_option, option
from daemon.say import say, when

if TYPE_CHECKING:
    from daemon.application import Application
    from daemon.store import UnclearMail

_FOLDER = Path("relance-unknown")
_COMPARED = (
    *("kind", "retailer", "marketplace", "order_id", "items", "total", "currency", "promised_from", "promised_to"),
    *("delivered_to", "tracking_numbers", "carrier", "seller", "sold_by", "shipped_by", "refund_amount"),
    *("refund_method", "refund_expected", "pickup_deadline", "reply_means"),
)
"""The fields of a notice that tests compare, in the order in which they are written."""
_PREVIEW = 8000
"""Characters of a mail's text that are shown."""


@command("unknown")
@click.argument("mail", metavar="[MAIL]", required=False)
@option("--redact", is_flag=True)
@option("--out", type=click.Path(path_type=Path, file_okay=False), metavar="FOLDER", default=_FOLDER)
@json_option
@pass_shell
def unknown(shell: Shell, mail: str | None, redact: bool, out: Path, as_json: bool) -> None:
    """List, show or export the mails that were not understood."""
    with shell.application() as app:
        chosen = app.unclear() if mail is None else [app.unclear_show(mail)[0]]
        if redact and chosen:
            _export(app, chosen, out)
        elif mail is None or as_json:
            _list(chosen, as_json)
        else:
            _show(*app.unclear_show(mail))


def _list(found: list[UnclearMail], as_json: bool) -> None:
    if as_json:
        output.as_json(found)
    elif not found:
        output.line(say("cli.unknown.none"))
    else:
        columns = [say(f"cli.column.{name}") for name in ("mail", "mailbox", "arrived", "sender", "subject")]
        output.table(columns, [_row(one) for one in found])
        output.line(say("cli.unknown.next", mail=found[0].mail_id[:12]))


def _row(one: UnclearMail) -> list[str]:
    return [one.mail_id[:12], one.mailbox, when(one.received_at), one.sender, one.subject]


def _show(one: UnclearMail, raw: bytes) -> None:
    from daemon.intake import open_mail  # noqa: PLC0415 - brings the mail libraries
    from parsers import text  # noqa: PLC0415

    short = one.mail_id[:12]
    output.line(say("cli.unknown.mail", mail=short, sender=one.sender, at=when(one.received_at), subject=one.subject))
    for letter in open_mail(raw, received_at=one.received_at):
        lines = text.from_plain(letter.text) if letter.text.strip() else text.from_html(letter.html)
        output.line()
        output.line("\n".join(each.text for each in lines)[:_PREVIEW], 2)
    output.line()
    output.line(say("cli.unknown.how_to_share", mail=short))


def _export(app: Application, chosen: list[UnclearMail], folder: Path) -> None:
    from daemon.intake import UnreadableMail  # noqa: PLC0415 - brings the mail libraries

    key = secrets.token_bytes(32)
    folder.mkdir(parents=True, exist_ok=True)
    written = 0
    for mail in chosen:
        try:
            raw = app.redacted(mail, key)
        except UnreadableMail:
            output.line(say("cli.unknown.unreadable", mail=mail.mail_id[:12]))
            continue
        path = folder / f"{mail.mail_id[:12]}.eml"
        path.write_bytes(raw)
        path.with_suffix(".json").write_text(json.dumps(_read(raw), ensure_ascii=False, indent=2) + "\n", "utf-8")
        output.line(say("cli.unknown.written", path=path))
        written += 1
    output.line(say("cli.unknown.read_first", count=written))


def _read(raw: bytes) -> dict[str, object]:
    """Return what is read in a mail today, in the form that tests compare."""
    import parsers  # noqa: PLC0415 - brings the parsers
    from daemon.intake import open_mail  # noqa: PLC0415

    letters = open_mail(raw, received_at=datetime.now(UTC))
    notices = [notice for letter in letters for notice in parsers.read(letter)]
    return {"notices": [_told(notice.model_dump(mode="json", exclude_none=True)) for notice in notices]}


def _told(notice: dict[str, object]) -> dict[str, object]:
    return {name: notice[name] for name in _COMPARED if notice.get(name) not in (None, [])}
