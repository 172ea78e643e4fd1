"""From the errors of every stage to a complaint: which sentence, and which exit code."""

from __future__ import annotations

import errno
from pathlib import Path

from daemon import application as app
from daemon.alone import AlreadyRunning
from daemon.cli.errors import Complaint, Exit, near
from daemon.cli.telling import missing
from daemon.configuration import ConfigurationError, ConfigurationMissing, problems_of
from daemon.mailbox.base import LoginRefused, MailboxError
from daemon.rulefiles import RulesError
from daemon.say import known, say, when
from daemon.store.errors import NotInStore, StaleApproval, StoreDamaged, StoreError, StoreTooNew, StoreUnavailable

_SHOWN, _CANDIDATES = 12, 8
"""Characters of a mail's number, and how many numbers, that are shown."""

_STORE: tuple[tuple[type[Exception], str], ...] = (
    (StoreTooNew, "store_too_new"),
    (StoreDamaged, "store_damaged"),
    (StoreUnavailable, "store_unavailable"),
    (StoreError, "store"),
)

_MAILS: tuple[tuple[type[app.MailUnknown], str], ...] = (
    (app.NotUnclear, "not_unclear"),
    (app.NotDropped, "not_dropped"),
    (app.MailUnknown, "mail_unknown"),
)

_BARE: tuple[tuple[type[Exception], str, Exit], ...] = (
    (StaleApproval, "stale_approval", Exit.TO_MEND),
    (NotInStore, "not_in_store", Exit.NOT_FOUND),
)


def complaint(error: BaseException) -> Complaint:
    """Return what to tell the owner of an error; what nobody expected is a fault of relance."""
    for explain in (_configuration, _application, _shell):
        if (told := explain(error)) is not None:
            return told
    return Complaint("fault", Exit.FAULT, kind=type(error).__name__)


def _configuration(error: BaseException) -> Complaint | None:
    if isinstance(error, ConfigurationMissing):
        return Complaint("no_configuration", Exit.CONFIGURATION, paths=", ".join(map(str, error.searched)))
    if isinstance(error, ConfigurationError):
        return Complaint("configuration", Exit.CONFIGURATION, problems=problems_of(error))
    if isinstance(error, RulesError):
        return Complaint("rules", Exit.CONFIGURATION, problem=str(error))
    return None


def _application(error: BaseException) -> Complaint | None:
    """Explain what was asked for in vain."""
    match error:
        case AlreadyRunning():
            return Complaint("already_running", Exit.TO_MEND, folder=error.folder)
        case app.MailUnknown():
            return _mail(error)
        case app.NothingToUndo():
            return _undo(error)
        case app.OrderUnknown() | app.OrderAmbiguous() | app.OwnerUnknown() | app.ClaimUnknown():
            return _known(error)
    for kind, key, code in _BARE:
        if isinstance(error, kind):
            return Complaint(key, code, what=str(error))
    return _draft(error)


def _known(error: app.OrderUnknown | app.OrderAmbiguous | app.OwnerUnknown | app.ClaimUnknown) -> Complaint:
    """Explain a number or a name that is none, or that of several."""
    match error:
        case app.OrderUnknown():
            return Complaint("order_unknown", Exit.NOT_FOUND, order=error.order_id, near=near(error.nearest))
        case app.OrderAmbiguous():
            owners, first = ", ".join(error.owners), error.owners[0]
            return Complaint("order_ambiguous", Exit.NOT_FOUND, order=error.order_id, owners=owners, owner=first)
        case app.OwnerUnknown():
            return Complaint("owner_unknown", Exit.NOT_FOUND, owner=error.owner, known=", ".join(error.known))
        case app.ClaimUnknown():
            return Complaint("claim_unknown", Exit.NOT_FOUND, ref=error.ref, near=near(error.nearest))


def _undo(error: app.NothingToUndo) -> Complaint:
    if error.decision_id is None:
        return Complaint("nothing_to_undo", Exit.TO_MEND)
    if error.undone:
        return Complaint("undone_already", Exit.TO_MEND, id=error.decision_id)
    return Complaint("no_such_decision", Exit.NOT_FOUND, id=error.decision_id)


def _mail(error: app.MailUnknown) -> Complaint:
    """Explain a mail's number that fits none, or more than one."""
    if error.candidates:
        found = ", ".join(one[:_SHOWN] for one in error.candidates[:_CANDIDATES])
        more = ", …" if len(error.candidates) > _CANDIDATES else ""
        return Complaint("mail_ambiguous", Exit.NOT_FOUND, what=error.mail_id, candidates=found + more)
    key = next(key for kind, key in _MAILS if isinstance(error, kind))
    return Complaint(key, Exit.NOT_FOUND, what=error.mail_id)


def _draft(error: BaseException) -> Complaint | None:
    """Explain what cannot be done to a draft."""
    match error:
        case app.NotApprovable():
            return Complaint("not_approvable", Exit.TO_MEND, ref=error.ref, missing=missing(error.missing))
        case app.NotApproved():
            return Complaint("not_approved", Exit.TO_MEND, ref=error.ref, stage=say(f"stage.{error.stage}"))
        case app.NotYetWritten():
            return Complaint("not_yet_written", Exit.USAGE, ref=error.ref, at=when(error.written_at))
        case app.NothingOpen() | app.LaterStep() | app.EmptyText():
            keys = {app.NothingOpen: "nothing_open", app.LaterStep: "later_step", app.EmptyText: "empty_text"}
            return Complaint(keys[type(error)], Exit.TO_MEND, ref=error.ref)
    return None


def _shell(error: BaseException) -> Complaint | None:
    if isinstance(error, StoreError):
        return of_store(error)
    if isinstance(error, MailboxError):
        return Complaint("login" if isinstance(error, LoginRefused) else "mailbox", Exit.MAILBOX, detail=str(error))
    if isinstance(error, OSError) and error.filename is not None:
        return _file(error)
    return None


def of_store(error: StoreError, path: Path | None = None) -> Complaint:
    """Explain what is wrong with the database ``path``."""
    key = next(key for kind, key in _STORE if isinstance(error, kind))
    return Complaint(key, Exit.STORE, path=path or "", detail=_why_not(error))


def _why_not(error: StoreError) -> str:
    """Return why a database cannot be used: in the language spoken, where SQLite or the system names the reason."""
    cause = getattr(error.__cause__, "orig", error.__cause__)
    name = str(getattr(cause, "sqlite_errorname", "")).removeprefix("SQLITE_").partition("_")[0].lower()
    reason = "folder" if isinstance(cause, OSError) else name
    return say(f"error.store_why.{reason}") if known(f"error.store_why.{reason}") else str(error)


def _file(error: OSError) -> Complaint:
    keys = {errno.ENOENT: "file_missing", errno.EACCES: "file_denied", errno.EISDIR: "file_is_folder"}
    key = keys.get(error.errno or 0, "file")
    facts = {"why": error.strerror} if key == "file" else {}
    return Complaint(key, Exit.USAGE, path=error.filename, **facts)
