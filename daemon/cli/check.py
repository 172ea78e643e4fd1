"""``relance check``: is everything as it must be, and if not, how is it mended."""

from __future__ import annotations

import click

from daemon.cli import output
from daemon.cli.errors import Exit
from daemon.cli.shell import Shell, pass_shell
from daemon.cli.words import command, json_option, option
from daemon.say import say

_COLOURS = {"ok": "green", "warn": "yellow", "fail": "red"}


@command("check")
@option("--offline", is_flag=True)
@json_option
@pass_shell
def check(shell: Shell, offline: bool, as_json: bool) -> int:
    """Examine configuration, database, disk and mailboxes."""
    settings, path = shell.settings, shell.config_path
    from daemon import logs  # noqa: PLC0415 - brings everything
    from daemon.cli.checks import Finding, examine  # noqa: PLC0415

    logs.configure("debug" if shell.debug else "error")
    found: list[Finding] = []
    for finding in examine(settings, path, offline=offline):
        found.append(finding)
        if not as_json:
            click.secho(f"{say(f'check.level.{finding.level}'):<10}", fg=_COLOURS[finding.level], nl=False)
            output.line(finding.text)
    failed = sum(finding.level == "fail" for finding in found)
    if as_json:
        output.as_json(found)
    else:
        output.line()
        output.line(say("check.failed", count=failed) if failed else say("check.passed"))
    return Exit.TO_MEND if failed else Exit.OK
