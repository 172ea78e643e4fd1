"""From the errors of every stage to a complaint: which sentence, and which exit code."""

from __future__ import annotations

import errno

from daemon import application as app
from daemon.alone import AlreadyRunning
from daemon.cli.errors import Complaint, Exit, near
from daemon.cli.telling import missing
from daemon.configuration import ConfigurationError, ConfigurationMissing, problems_of
from daemon.mailbox.base import LoginRefused, MailboxError
from daemon.rulefiles import RulesError
from daemon.say import say, when
from daemon.store.errors import NotInStore, StaleApproval, StoreDamaged, StoreError, StoreTooNew, StoreUnavailable

_STORE: tuple[tuple[type[Exception], str], ...] = (
    (StoreTooNew, "store_too_new"),
    (StoreDamaged, "store_damaged"),
    (StoreUnavailable, "store_unavailable"),
    (StoreError, "store"),
)

_BARE: tuple[tuple[type[Exception], str, Exit], ...] = (
    (app.MailUnknown, "mail_unknown", Exit.NOT_FOUND),
    (app.NotUnclear, "not_unclear", Exit.NOT_FOUND),
    (app.NothingToUndo, "nothing_to_undo", Exit.TO_MEND),
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
    if isinstance(error, app.OrderUnknown):
        return Complaint("order_unknown", Exit.NOT_FOUND, order=error.order_id, near=near(error.nearest))
    if isinstance(error, app.ClaimUnknown):
        return Complaint("claim_unknown", Exit.NOT_FOUND, ref=error.ref, near=near(error.nearest))
    if isinstance(error, AlreadyRunning):
        return Complaint("already_running", Exit.TO_MEND, folder=error.folder)
    for kind, key, code in _BARE:
        if isinstance(error, kind):
            return Complaint(key, code, what=str(error))
    return _draft(error)


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
    for kind, key in _STORE:
        if isinstance(error, kind):
            return Complaint(key, Exit.STORE, detail=str(error))
    if isinstance(error, MailboxError):
        return Complaint("login" if isinstance(error, LoginRefused) else "mailbox", Exit.MAILBOX, detail=str(error))
    if isinstance(error, OSError) and error.filename is not None:
        return _file(error)
    return None


def _file(error: OSError) -> Complaint:
    keys = {errno.ENOENT: "file_missing", errno.EACCES: "file_denied", errno.EISDIR: "file_is_folder"}
    key = keys.get(error.errno or 0, "file")
    facts = {"why": error.strerror} if key == "file" else {}
    return Complaint(key, Exit.USAGE, path=error.filename, **facts)
