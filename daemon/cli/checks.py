"""What ``relance check`` looks at, one finding at a time."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from daemon import claims, configuration, locations, mailbox, rules
from daemon.intake.providers import believed
from daemon.mailbox.maildir_files import Tree
from daemon.mailbox.probe import Report
from daemon.rulefiles import RulesError
from daemon.say import say, when
from daemon.settings import AnyMailbox, ImapMailbox, MaildirMailbox, Settings
from daemon.store import Store
from daemon.store.errors import StoreDamaged, StoreError, StoreTooNew

LOW, TOO_LOW = 500, 50
"""Free space in MB under which the disk is worth a word, and under which it is a fault."""
SKEW = timedelta(minutes=5)
"""How far into the future the newest mail may lie before one of the two clocks must be wrong."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: ``text`` says what was found and, unless it is well, how to mend it."""

    level: Literal["ok", "warn", "fail"]
    what: str
    text: str


def _found(level: Literal["ok", "warn", "fail"], what: str, /, **facts: object) -> Finding:
    return Finding(level, what, say(f"check.{what}", **facts))


def examine(settings: Settings, path: Path, *, offline: bool = False) -> Iterator[Finding]:
    """Yield the findings, from the file outwards; nothing is changed, but the database is made if there is none."""
    yield _found("ok", "configuration", path=path, count=len(settings.mailboxes))
    if configuration.readable_by_others(path):
        yield _found("warn", "mode", path=path)
    for secret in _secret_files(settings):
        if configuration.readable_by_others(secret):
            yield _found("warn", "secret_mode", path=secret)
    yield from _rules(settings)
    yield from _disk(settings)
    yield from _store(settings)
    for box in settings.mailboxes:
        if not offline:
            yield from _mailbox(box, mailbox.probe(box))


def _secret_files(settings: Settings) -> Iterator[Path]:
    """Yield the files that hold a password or a token; one that is missing is told when it is needed."""
    for box in settings.mailboxes:
        given = (box.password, box.token) if isinstance(box, ImapMailbox) else ()
        yield from (one.file for one in given if one is not None and one.file is not None and one.file.is_file())


def _rules(settings: Settings) -> Iterator[Finding]:
    try:
        claims.check(rules.load(settings.rules_dir))
    except RulesError as error:
        yield Finding("fail", "rules", str(error))
    else:
        yield _found("ok", "rules")


def _disk(settings: Settings) -> Iterator[Finding]:
    folder = locations.state_dir(settings)
    nearest = next(one for one in (folder, *folder.absolute().parents) if one.exists())
    if not nearest.is_dir() or not os.access(nearest, os.W_OK | os.X_OK):
        yield _found("fail", "disk_denied", folder=folder)
        return
    free = shutil.disk_usage(nearest).free // 1_000_000
    if free >= LOW:
        yield _found("ok", "disk", folder=folder, free=free)
    else:
        yield _found("fail" if free < TOO_LOW else "warn", "disk_low", folder=folder, free=free)


def _store(settings: Settings) -> Iterator[Finding]:
    path = locations.database(settings)
    try:
        with Store.open(path) as store:
            problems = store.check()
            counts = store.mails.counts()
    except (StoreTooNew, StoreDamaged) as error:
        key = "store_too_new" if isinstance(error, StoreTooNew) else "store_damaged"
        yield _found("fail", key, path=path, detail=error)
    except StoreError as error:
        yield _found("fail", "store_unusable", path=path, detail=error)
    else:
        yield from (_found("fail", "store_damaged", path=path, detail=problem) for problem in problems)
        if not problems:
            yield _found("ok", "store", path=path, mails=counts.new + counts.read)
        if counts.quarantined:
            yield _found("warn", "quarantined", count=counts.quarantined)
        if counts.not_understood:
            yield _found("warn", "not_understood", count=counts.not_understood)


def _mailbox(box: AnyMailbox, report: Report) -> Iterator[Finding]:
    if report.problem:
        problem = say(f"mailbox.{report.problem}", **report.problem_facts)
        yield _found("fail", "mailbox_problem", name=box.name, problem=problem)
        return
    login = "login" if isinstance(box, ImapMailbox) else "maildir"
    yield _found("ok", login, name=box.name, folders=len(report.folders))
    for folder in report.missing:
        yield _found("fail", "folder_missing", name=box.name, folder=folder, folders=", ".join(report.folders))
    yield from _special(box, report)
    if isinstance(box, ImapMailbox):
        yield _found("ok", "idle", name=box.name) if report.idle else _found("warn", "no_idle", name=box.name)
        if not report.uidplus:
            yield _found("warn", "no_uidplus", name=box.name)
    yield from _time(box, report)
    ids, _ = believed(box)
    if report.authserv_id and report.authserv_id not in ids:
        yield _found("warn", "authserv", name=box.name, id=report.authserv_id)
    if isinstance(box, ImapMailbox) and not (ids or box.authenticated_path or box.dkim):
        yield _found("warn", "owner_unproven", name=box.name)


def _special(box: AnyMailbox, report: Report) -> Iterator[Finding]:
    """Tell where drafts go and where sent mail is seen."""
    if report.drafts:
        yield _found("ok", "drafts", name=box.name, folder=_where(box, report.drafts))
    elif isinstance(box, MaildirMailbox):
        wished = "Drafts" if box.drafts == "auto" else box.drafts
        yield _found("ok", "drafts_made", name=box.name, folder=_where(box, wished))
    else:
        yield _found("warn", "no_drafts", name=box.name)
    if report.sent:
        yield _found("ok", "sent", name=box.name, folder=_where(box, report.sent))
    elif box.sent != "none":
        yield _found("warn", "no_sent", name=box.name)


def _where(box: AnyMailbox, folder: str) -> str:
    """Return a folder as its owner finds it: on a server by its name, in a Maildir by its directory."""
    return str(Tree(box.path.expanduser()).path(folder)) if isinstance(box, MaildirMailbox) else folder


def _time(box: AnyMailbox, report: Report) -> Iterator[Finding]:
    newest = report.newest_received_at
    if newest is None:
        return
    if newest > datetime.now(UTC) + SKEW:
        yield _found("warn", "clock", name=box.name, newest=when(newest))
    else:
        yield _found("ok", "newest", name=box.name, newest=when(newest))
