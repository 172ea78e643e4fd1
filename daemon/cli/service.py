"""``relance run`` and ``relance demo``."""

from __future__ import annotations

import sys

from daemon.cli.progress import ReadingBack
from daemon.cli.shell import Shell, pass_shell
from daemon.cli.words import command, option


@command("run")
@pass_shell
def run(shell: Shell) -> None:
    """Watch the mailboxes until told to stop."""
    settings = shell.settings
    from daemon import logs, service  # noqa: PLC0415 - brings everything
    from daemon.alone import alone  # noqa: PLC0415
    from daemon.store import Store  # noqa: PLC0415

    logs.configure("debug" if shell.debug else settings.log_level)
    with shell.database() as database, Store.open(database) as store, alone(database.parent):
        if sys.stderr.isatty():
            service.run(settings, store, ReadingBack(sys.stderr))
        else:
            service.run(settings, store)


@command("demo")
@option("--once", is_flag=True)
def demo(once: bool) -> int:
    """Play three weeks of an invented mailbox."""
    from daemon import logs  # noqa: PLC0415 - brings everything
    from daemon.demo import main  # noqa: PLC0415

    logs.configure("error")
    return main(once=once)
