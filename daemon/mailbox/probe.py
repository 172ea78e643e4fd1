"""Looking at a mailbox once, without watching it: for ``relance check``."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from daemon.mailbox import folders
from daemon.mailbox.base import CommandRefused, FolderMissing, MailboxError
from daemon.mailbox.connection import Connection
from daemon.mailbox.headers import fields
from daemon.mailbox.lifeline import Lifeline
from daemon.mailbox.maildir_files import Entry, Tree
from daemon.settings import AnyMailbox, ImapMailbox, MaildirMailbox

RECENT = 20
"""Newest mails of INBOX that are asked for their Authentication-Results."""

_AUTHSERV = re.compile(r"^\s*([^\s;=]+)\s*(?:\d+\s*)?(?:;|$)")
_STATED = re.compile(r"[;\s](?:dkim|dmarc)\s?=", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Report:
    """What was found. ``problem`` is a key of the catalogues (``mailbox.<key>``), empty when it could be opened."""

    mailbox: str
    problem: str = ""
    problem_facts: Mapping[str, str | int] = field(default_factory=dict)
    greeting: str = ""
    """The server's first line; empty for a Maildir."""
    idle: bool = False
    uidplus: bool = False
    folders: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    """Folders that the configuration names and that are not there."""
    drafts: str | None = None
    sent: str | None = None
    newest_received_at: datetime | None = None
    """When the newest mail of INBOX came by the server's clock: in the future, one of the two clocks is wrong."""
    authserv_id: str = ""
    """authserv-id under which most of the newest mails bear DKIM or DMARC: to be proposed for ``authserv_ids``."""

    @property
    def ok(self) -> bool:
        """Say whether it can be watched as configured."""
        return not self.problem and not self.missing


def probe(settings: AnyMailbox, line: Lifeline | None = None) -> Report:
    """Open a mailbox, look, and close it; nothing in it changes. Faults are in the report, none is raised."""
    if isinstance(settings, MaildirMailbox):
        return _probe_maildir(settings)
    with Lifeline() as own:
        try:
            connection = Connection.open(settings, line or own)
        except MailboxError as error:
            return Report(settings.name, problem=error.key, problem_facts=error.facts)
        try:
            return _look(settings, connection)
        except MailboxError as error:
            return Report(settings.name, problem=error.key, problem_facts=error.facts)
        finally:
            connection.close()


def _look(settings: ImapMailbox, connection: Connection) -> Report:
    listed = connection.folders()
    names = {folder.name for folder in listed if folder.selectable}
    newest, authserv = _recent(connection)
    return Report(
        settings.name,
        greeting=connection.greeting,
        idle=connection.has("IDLE"),
        uidplus=connection.has("UIDPLUS"),
        folders=tuple(sorted(names)),
        missing=tuple(name for name in _named(settings) if name not in names and name.upper() != "INBOX"),
        drafts=folders.find(listed, "drafts", settings.drafts),
        sent=folders.find(listed, "sent", settings.sent),
        newest_received_at=newest,
        authserv_id=authserv,
    )


def _recent(connection: Connection) -> tuple[datetime | None, str]:
    try:
        if not connection.examine("INBOX").exists:
            return None, ""
        uids = connection.search(["ALL"])[-RECENT:]
    except (FolderMissing, CommandRefused):
        return None, ""
    fetched = connection.fetch_headers(uids, ["AUTHENTICATION-RESULTS"])
    dates = [one.received_at.astimezone(UTC) for one in fetched if one.received_at]
    return max(dates, default=None), _authserv(one.block for one in fetched)


def _authserv(blocks: Iterable[bytes]) -> str:
    found: Counter[str] = Counter()
    for block in blocks:
        if name := _proving(fields(block).get("authentication-results", [])):
            found[name] += 1
    return found.most_common(1)[0][0] if found else ""


def _proving(values: Sequence[str]) -> str:
    """Return the name under which the owner's own server states DKIM or DMARC: the topmost field alone is surely its.

    Servers with a field for each method, under names of their own, are known as providers, and need no proposal.
    """
    match = _AUTHSERV.match(values[0]) if values else None
    return match[1] if match and _STATED.search(values[0]) else ""


def _named(settings: ImapMailbox | MaildirMailbox) -> list[str]:
    wished = [name for name in (settings.drafts, settings.sent) if name not in ("auto", "none")]
    return [*settings.folders, *wished]


def _probe_maildir(settings: MaildirMailbox) -> Report:
    tree = Tree(settings.path.expanduser())
    if not tree.exists("INBOX"):
        return Report(settings.name, problem="maildir_missing", problem_facts={"path": str(settings.path)})
    names = tree.names()
    entries = list(tree.entries("INBOX"))
    sent = settings.sent if settings.sent not in ("auto", "none") else "Sent"
    drafts = "Drafts" if settings.drafts == "auto" else settings.drafts
    return Report(
        settings.name,
        folders=tuple(names),
        missing=tuple(name for name in _named(settings) if not tree.exists(name)),
        uidplus=True,
        drafts=drafts if tree.exists(drafts) else None,
        sent=sent if settings.sent != "none" and tree.exists(sent) else None,
        newest_received_at=entries[-1].received_at if entries else None,
        authserv_id=_authserv(_heads(entries[-RECENT:])),
    )


def _heads(entries: Iterable[Entry]) -> Iterable[bytes]:
    for entry in entries:
        try:
            yield entry.head()
        except OSError:
            continue
