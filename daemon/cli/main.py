"""The command ``relance``: its groups, and what happens to whatever goes wrong.

Modules of commands are imported when they are called, so that ``--version``, ``--help`` and ``parse`` start at once.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path

import click

from daemon import __version__, say
from daemon.cli.errors import Complaint, Exit
from daemon.cli.shell import Shell
from daemon.cli.words import Group, Option, explained

_COMMANDS = {
    "init": "daemon.cli.setup:init",
    "check": "daemon.cli.check:check",
    "run": "daemon.cli.service:run",
    "demo": "daemon.cli.service:demo",
    "status": "daemon.cli.status:status",
    "orders": "daemon.cli.orders:orders",
    "parcels": "daemon.cli.orders:parcels",
    "show": "daemon.cli.orders:show",
    "report": "daemon.cli.report:report",
    "correct": "daemon.cli.report:correct",
    "drafts": "daemon.cli.claims:drafts",
    "edit": "daemon.cli.claims:edit",
    "approve": "daemon.cli.claims:approve",
    "sent": "daemon.cli.claims:sent",
    "dismiss": "daemon.cli.claims:dismiss",
    "undo": "daemon.cli.undo:undo",
    "quarantine": "daemon.cli.quarantine:quarantine",
    "unknown": "daemon.cli.unknown:unknown",
    "replay": "daemon.cli.quarantine:replay",
    "parse": "daemon.cli.parse:parse",
}


def _version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        click.echo(f"relance {__version__}")
        ctx.exit()


def _language(ctx: click.Context, _: click.Parameter, language: str | None) -> None:
    if not ctx.resilient_parsing:
        say.use(language)


@click.group("relance", cls=Group, lazy=_COMMANDS)
@click.option("--config", cls=Option, type=click.Path(path_type=Path), metavar="FILE")
@click.option("--language", cls=Option, type=click.Choice(say.LANGUAGES), is_eager=True, callback=_language)
@click.option("--debug", cls=Option, is_flag=True)
@click.option("--version", cls=Option, is_flag=True, is_eager=True, expose_value=False, callback=_version)
@click.pass_context
def root(ctx: click.Context, config: Path | None, language: str | None, debug: bool) -> None:  # noqa: ARG001 - eager
    """Keep the options for the command that follows."""
    ctx.obj = Shell(config=config, debug=debug)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit code (see ``docs/cli.md``)."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    _speak(given)
    if "_RELANCE_COMPLETE" in os.environ:
        root.main(given, prog_name="relance")
    try:
        return _run(given)
    finally:
        say.use(None)
        say.live_in(None)


def _speak(given: Sequence[str]) -> None:
    """Speak the language that ``--language`` names, also of what is wrong with the options before it is read."""
    for place, word in enumerate(given):
        value = word.removeprefix("--language=") if "=" in word else "".join(given[place + 1 : place + 2])
        if word.split("=")[0] == "--language" and value in say.LANGUAGES:
            say.use(value)
            return


def _run(given: list[str]) -> int:
    try:
        with root.make_context("relance", list(given)) as ctx:
            result = root.invoke(ctx)
        sys.stdout.flush()
    except (Exception, KeyboardInterrupt, SystemExit) as error:  # noqa: BLE001 - the last place that can explain anything
        return _ended(error, "--debug" in given)
    return result if isinstance(result, int) else Exit.OK


def _ended(error: BaseException, debug: bool) -> int:
    """Tell what ended a command before its end; return the exit code."""
    match error:
        case click.exceptions.Exit():
            code = error.exit_code
        case SystemExit():
            code = error.code if isinstance(error.code, int) else Exit.USAGE
        case BrokenPipeError():
            code = _deaf()
        case KeyboardInterrupt() | click.Abort():
            code = _tell([say.say("error.interrupted")], Exit.INTERRUPTED)
        case click.UsageError():
            code = _usage(error)
        case _:
            code = _explain(error, debug)
    return code


def _deaf() -> int:
    """Whoever read the output went away: nobody is left to tell, and the interpreter's last flush must not fail."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return Exit.BROKEN_PIPE


def _tell(lines: Sequence[str], code: Exit) -> int:
    for line in lines:
        click.echo(line, err=True)
    return code


def _named(what: str) -> str:
    return f"relance{say.say('cli.heading.colon')} {what}"


def _usage(error: click.UsageError) -> int:
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        return _tell([error.format_message()], Exit.USAGE)
    path = error.ctx.command_path if error.ctx is not None else "relance"
    return _tell([_named(explained(error)), "  → " + say.say("error.usage.help", command=path)], Exit.USAGE)


def _explain(error: BaseException, debug: bool) -> int:
    if debug:
        click.echo(_traceback(error), err=True)
    told = error if isinstance(error, Complaint) else _complaint(error)
    lines = [_named(told.what())]
    if remedy := told.remedy():
        lines.append(f"  → {remedy}")
    return _tell(lines, told.exit_code)


def _traceback(error: BaseException) -> str:
    """Return where it happened; in the journal without the exceptions' words, which can quote a mail."""
    if "JOURNAL_STREAM" not in os.environ:
        return "".join(traceback.format_exception(error))
    from daemon.logs import traceback_without_words  # noqa: PLC0415 - brings structlog

    return traceback_without_words((type(error), error, error.__traceback__))


def _complaint(error: BaseException) -> Complaint:
    from daemon.cli.explain import complaint  # noqa: PLC0415 - it knows every stage's errors, so it imports them

    return complaint(error)


if __name__ == "__main__":
    sys.exit(main())
