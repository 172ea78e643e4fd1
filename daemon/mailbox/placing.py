"""Putting messages into folders, finding them, and taking back what relance itself has put there."""

from __future__ import annotations

from collections.abc import Sequence

import structlog

from daemon.mailbox import headers
from daemon.mailbox.base import OURS, FolderMissing
from daemon.mailbox.connection import Connection

log = structlog.get_logger()


def append(connection: Connection, folder: str, raw: bytes, message_id: str, flags: Sequence[str]) -> int | None:
    """Append a message unless one with its Message-ID is there; return its UID where that can be known.

    The search comes first since the last run may have ended between APPEND and noting it down.
    """
    there = find(connection, folder, message_id)
    if there is not None:
        log.info("message_is_there", uid=there)
        return there
    uid = connection.append(folder, raw, flags)
    return uid if uid is not None else find(connection, folder, message_id)


def find(connection: Connection, folder: str, message_id: str) -> int | None:
    """Return the UID of the newest message of ``folder`` with exactly this Message-ID. Raises ``FolderMissing``."""
    connection.examine(folder)
    found = _identities(connection, message_id)
    return max(found, default=None)


def remove(connection: Connection, folder: str, message_id: str) -> bool:
    """Remove a message that is relance's own; say whether one was. Without UIDPLUS nothing is touched.

    A plain EXPUNGE would remove what other programs have marked as deleted.
    """
    if not connection.has("UIDPLUS"):
        return False
    try:
        connection.examine(folder)
    except FolderMissing:
        return False
    ours = [uid for uid, own in _identities(connection, message_id).items() if own]
    if not ours:
        return False
    connection.select(folder)
    for uid in ours:
        connection.remove(uid)
    return True


def _identities(connection: Connection, message_id: str) -> dict[int, bool]:
    uids = connection.search(["HEADER", "Message-ID", message_id])
    out = {}
    # Servers match parts of a value, and some match words only: what they find is looked at.
    for one in connection.fetch_headers(uids, ["MESSAGE-ID", OURS.upper()]):
        found, ours = headers.identity(one.block)
        if found == message_id:
            out[one.uid] = ours
    return out
