"""Carrying out what the store intends for a mailbox: putting messages there, and taking obsolete ones out again."""

from __future__ import annotations

from collections.abc import Callable

import structlog

from daemon.clock import Clock
from daemon.mailbox.base import CommandRefused, FolderMissing, Mailbox, Role
from daemon.outbox import ids
from daemon.outbox.plan import DRAFTS
from daemon.store import Store
from daemon.store.placements import Placement

log = structlog.get_logger()


def place(mailbox: Mailbox, store: Store, clock: Clock) -> int:
    """Put into ``mailbox`` what is intended for it and take out what is obsolete; return how many messages.

    What the mailbox refuses (no such folder, no room) stays intended and is tried again in the next cycle. Raises
    ``MailboxError`` when the connection is lost.
    """
    moved = 0
    for one in store.placements.open(mailbox.name):
        moved += _put(one, mailbox, store, clock)
    for one in store.placements.to_remove(mailbox.name):
        moved += _take_out(one, mailbox, store, clock)
    return moved


def _put(one: Placement, mailbox: Mailbox, store: Store, clock: Clock) -> bool:
    try:
        uid = mailbox.append(
            _folder(mailbox, one.folder), one.raw, message_id=one.message_id, draft=one.kind == "draft"
        )
    except (FolderMissing, CommandRefused) as problem:
        store.placements.failed(one.message_id, str(problem), clock.now())
        log.warning("not_placed", kind=one.kind, claim=_named(one), reason=problem.key or type(problem).__name__)
        return False
    _note(one, store, lambda: store.placements.done(one.message_id, uid, clock.now()))
    log.info("placed", kind=one.kind, claim=_named(one), stage=one.stage)
    return True


def _take_out(one: Placement, mailbox: Mailbox, store: Store, clock: Clock) -> bool:
    try:
        removed = mailbox.remove(_folder(mailbox, one.folder), one.message_id)
    except FolderMissing:
        removed = False  # with its folder the message is gone, too
    except CommandRefused as problem:
        log.warning("not_removed", kind=one.kind, claim=_named(one), reason=problem.key or type(problem).__name__)
        return False
    _note(one, store, lambda: store.placements.removed(one.message_id, clock.now()))
    log.info("draft_removed" if removed else "draft_left_in_place", claim=_named(one), stage=one.stage)
    return True


def _note(one: Placement, store: Store, write: Callable[[], None]) -> None:
    """Write what was done, unless the opposite has been asked for meanwhile: then that is still to be done."""
    with store.transaction():
        present = store.placements.find(one.message_id)
        if present is not None and present.state == one.state:
            write()


def _named(one: Placement) -> str:
    """The claim's number, for the log; a question's would give away the order's."""
    return "-" if ids.is_question(one.ref) else one.ref


def _folder(mailbox: Mailbox, name: str) -> str | Role:
    return mailbox.drafts_folder() if name == DRAFTS else Role(name)
