"""How mails, sightings, watermarks and notices are written. Every function runs inside its caller's transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import zstandard
from sqlalchemy import Connection, case, delete
from sqlalchemy.dialects.sqlite import insert

from daemon.mailbox.base import Arrived, Role, Watermark
from daemon.store.kept import MailState
from daemon.store.schema import folders, mails, notice_tracking, notices, raws, sightings
from parsers.notice import Notice


@dataclass(frozen=True, slots=True)
class Packed:
    """A mail ready to be written; without an id, only its having been seen."""

    uid: int
    received_at: datetime
    size: int
    mail_id: str | None
    zstd: bytes


def pack(arrived: Arrived) -> Packed:
    """Hash and compress one mail."""
    if arrived.raw is None:
        return Packed(arrived.uid, arrived.received_at, 0, None, b"")
    mail_id = hashlib.sha256(arrived.raw).hexdigest()
    return Packed(arrived.uid, arrived.received_at, len(arrived.raw), mail_id, zstandard.compress(arrived.raw))


def store(
    connection: Connection, packed: Sequence[Packed], *, owner: str, mailbox: str, role: Role, now: datetime
) -> int:
    """Write the mails that this owner does not have yet; return how many those were."""
    new = 0
    fresh = {"owner": owner, "mailbox": mailbox, "role": role, "state": MailState.NEW, "attempts": 0, "stored_at": now}
    for one in packed:
        if one.mail_id is None:
            continue
        row = {**fresh, "mail_id": one.mail_id, "size": one.size, "received_at": one.received_at}
        if connection.execute(insert(mails).values(row).on_conflict_do_nothing()).rowcount:
            connection.execute(insert(raws).values(owner=owner, mail_id=one.mail_id, zstd=one.zstd))
            new += 1
    return new


def sight(
    connection: Connection, packed: Sequence[Packed], *, owner: str, mailbox: str, folder: str, mark: Watermark
) -> None:
    """Write where each mail was seen. What was passed over once and is wanted now gets its mail."""
    place = {"owner": owner, "mailbox": mailbox, "folder": folder, "uidvalidity": mark.uidvalidity}
    rows = [{**place, "uid": one.uid, "mail_id": one.mail_id} for one in packed]
    if not rows:
        return
    seen = insert(sightings)
    filled = seen.on_conflict_do_update(
        index_elements=[column.name for column in sightings.primary_key],
        set_={"mail_id": seen.excluded.mail_id, "owner": seen.excluded.owner},
        where=sightings.c.mail_id.is_(None),
    )
    connection.execute(filled, rows)


def advance(connection: Connection, mailbox: str, folder: str, mark: Watermark, now: datetime) -> None:
    """Move a folder's watermark: never back within one uidvalidity, anew under another one."""
    read = insert(folders).values(
        mailbox=mailbox, folder=folder, uidvalidity=mark.uidvalidity, last_uid=mark.last_uid, read_at=now
    )
    behind = (folders.c.uidvalidity == read.excluded.uidvalidity) & (folders.c.last_uid > read.excluded.last_uid)
    connection.execute(
        read.on_conflict_do_update(
            index_elements=["mailbox", "folder"],
            set_={
                "uidvalidity": read.excluded.uidvalidity,
                "last_uid": case((behind, folders.c.last_uid), else_=read.excluded.last_uid),
                "read_at": read.excluded.read_at,
            },
        )
    )


def replace_notices(connection: Connection, owner: str, mail_id: str, found: Sequence[Notice]) -> None:
    """Put ``found`` in place of the notices that a mail gave before."""
    for view in (notice_tracking, notices):
        connection.execute(delete(view).where(view.c.owner == owner, view.c.mail_id == mail_id))
    rows = [
        {
            "owner": owner,
            "mail_id": mail_id,
            "position": position,
            "order_id": notice.order_id,
            "kind": notice.kind,
            "at": notice.at,
            "payload": notice.model_dump_json(exclude_defaults=True),
        }
        for position, notice in enumerate(found)
    ]
    numbers = [
        {"owner": owner, "mail_id": mail_id, "position": position, "number": number}
        for position, notice in enumerate(found)
        for number in dict.fromkeys(notice.tracking_numbers)
    ]
    if rows:
        connection.execute(insert(notices), rows)
    if numbers:
        connection.execute(insert(notice_tracking), numbers)
