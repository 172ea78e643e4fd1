"""Raw mails, where they were seen, how far each folder was read, and what has become of each mail."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import zstandard
from sqlalchemy import ColumnElement, and_, delete, exists, func, select, update

from daemon.mailbox.base import Arrived, Role, Watermark
from daemon.store import keeping
from daemon.store.engine import Database
from daemon.store.errors import StoreDamaged, UnknownMail
from daemon.store.kept import Counts, MailState, MailSummary, PendingMail, QuarantinedMail, UnclearMail
from daemon.store.schema import folders, mails, notice_tracking, notices, orders, raws, sightings
from parsers.letter import Trust
from parsers.notice import Notice

CRASHED = "crash"
"""Reason of the quarantine of a mail whose reading never came to its end."""
_CRASHES = 5
"""Attempts after which a mail is set aside unheard. The second one runs in a process of its own and convicts the mail
if it is the mail's fault; what is left for this limit are mails whose consequences end the process."""


class Mails:
    """``store.mails``. Every method raises ``StoreUnavailable`` when the database cannot be used now."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def watermark(self, mailbox: str, folder: str) -> Watermark | None:
        """Return how far a folder was read, None for never."""
        wanted = select(folders.c.uidvalidity, folders.c.last_uid).where(
            folders.c.mailbox == mailbox, folders.c.folder == folder
        )
        with self._database.read() as connection:
            row = connection.execute(wanted).one_or_none()
        return None if row is None else Watermark(row.uidvalidity, row.last_uid)

    def seen(self, mailbox: str, folder: str) -> set[int]:
        """Return the keys handed to ``keep`` for a folder under its present uidvalidity."""
        same = and_(
            folders.c.mailbox == sightings.c.mailbox,
            folders.c.folder == sightings.c.folder,
            folders.c.uidvalidity == sightings.c.uidvalidity,
        )
        wanted = select(sightings.c.uid).join(folders, same)
        with self._database.read() as connection:
            here = wanted.where(sightings.c.mailbox == mailbox, sightings.c.folder == folder)
            return set(connection.execute(here).scalars())

    def keep(
        self,
        owner: str,
        mailbox: str,
        folder: str,
        role: Role,
        mark: Watermark,
        arrived: Sequence[Arrived],
        now: datetime,
    ) -> int:
        """Write mails and watermark in one transaction, on the disk when it returns; return how many are new.

        A mail is known by its owner and content: seen again, in whatever folder, it only leaves a sighting. Within
        one uidvalidity the watermark never goes back; a new uidvalidity replaces it. Raises ``StoreUnavailable``
        and has then written nothing.
        """
        # Hashing and compressing need no lock: other threads can write meanwhile.
        packed = [keeping.pack(one) for one in arrived]
        with self._database.write() as connection:
            new = keeping.store(connection, packed, owner=owner, mailbox=mailbox, role=role, now=now)
            keeping.sight(connection, packed, owner=owner, mailbox=mailbox, folder=folder, mark=mark)
            keeping.advance(connection, mailbox, folder, mark, now)
        return new

    def raw(self, owner: str, mail_id: str) -> bytes:
        """Return a mail as it came. Raises ``UnknownMail``, and ``StoreDamaged`` when its bytes have changed."""
        wanted = select(raws.c.zstd).where(raws.c.owner == owner, raws.c.mail_id == mail_id)
        with self._database.read() as connection:
            packed = connection.execute(wanted).scalar_one_or_none()
        if packed is None:
            raise UnknownMail(mail_id)
        try:
            raw = zstandard.decompress(packed)
        except zstandard.ZstdError as error:
            raise StoreDamaged(f"mail {mail_id} in {self._database.path} cannot be unpacked") from error
        if hashlib.sha256(raw).hexdigest() != mail_id:
            raise StoreDamaged(f"mail {mail_id} in {self._database.path} is not what was stored")
        return raw

    def pending(self, limit: int) -> list[PendingMail]:
        """Return the mails that wait to be read, at most ``limit``, oldest arrival first."""
        wanted = (
            select(
                mails.c.owner,
                mails.c.mailbox,
                mails.c.mail_id,
                mails.c.received_at,
                mails.c.role,
                mails.c.attempts,
            )
            .where(mails.c.state == MailState.NEW)
            .order_by(mails.c.received_at, mails.c.mail_id)
            .limit(limit)
        )
        with self._database.read() as connection:
            rows = connection.execute(wanted).all()
        return [PendingMail(r.owner, r.mailbox, r.mail_id, r.received_at, Role(r.role), r.attempts) for r in rows]

    def start_attempt(self, owner: str, mail_id: str, now: datetime) -> int:
        """Write that reading begins, before anything is read; return how many attempts that makes.

        Raises ``UnknownMail`` for a mail that is not waiting.
        """
        waiting = and_(_is(owner, mail_id), mails.c.state == MailState.NEW)
        with self._database.write() as connection:
            begun = update(mails).where(waiting).values(attempts=mails.c.attempts + 1, attempt_started_at=now)
            _one(connection.execute(begun).rowcount, mail_id)
            attempts: int = connection.execute(select(mails.c.attempts).where(waiting)).scalar_one()
            return attempts

    def release_attempt(self, owner: str, mail_id: str) -> None:
        """Take back ``start_attempt``: reading was broken off for a reason that is not the mail's (a full disk)."""
        begun = and_(_is(owner, mail_id), mails.c.state == MailState.NEW, mails.c.attempt_started_at.is_not(None))
        with self._database.write() as connection:
            undone = update(mails).where(begun).values(attempts=mails.c.attempts - 1, attempt_started_at=None)
            connection.execute(undone)

    def finish(self, owner: str, mail_id: str, summary: MailSummary, notices: Sequence[Notice]) -> None:
        """Replace the mail's notices by those just read, and mark it read. Raises ``UnknownMail``."""
        read = {
            "state": MailState.READ,
            "attempt_started_at": None,
            "reason": None,
            "quarantined_at": None,
            "sender": summary.sender,
            "subject": summary.subject,
            "message_id": summary.message_id,
            "date": summary.date,
            "trust": summary.trust,
            "understood": int(summary.understood),
        }
        with self._database.write() as connection:
            _one(connection.execute(update(mails).where(_is(owner, mail_id)).values(read)).rowcount, mail_id)
            keeping.replace_notices(connection, owner, mail_id, notices)

    def quarantine(self, owner: str, mail_id: str, reason: str, now: datetime) -> None:
        """Set a mail aside with the reason why it could not be read. Raises ``UnknownMail``."""
        aside = {
            "state": MailState.QUARANTINED,
            "reason": reason,
            "quarantined_at": now,
            "attempt_started_at": None,
        }
        with self._database.write() as connection:
            _one(connection.execute(update(mails).where(_is(owner, mail_id)).values(aside)).rowcount, mail_id)

    def isolate_crashed(self, now: datetime) -> list[str]:
        """Quarantine the mails whose reading was begun five times and never ended; return their ids. For the start."""
        crashed = and_(
            mails.c.state == MailState.NEW,
            mails.c.attempt_started_at.is_not(None),
            mails.c.attempts >= _CRASHES,
        )
        aside = {"state": MailState.QUARANTINED, "reason": CRASHED, "quarantined_at": now, "attempt_started_at": None}
        with self._database.write() as connection:
            found = connection.execute(update(mails).where(crashed).values(aside).returning(mails.c.mail_id))
            return sorted(found.scalars())

    def quarantined(self, owner: str | None = None) -> list[QuarantinedMail]:
        """Return the mails that were set aside, oldest arrival first."""
        columns = (mails.c.owner, mails.c.mailbox, mails.c.mail_id, mails.c.received_at, mails.c.size)
        wanted = select(*columns, mails.c.reason, mails.c.attempts, mails.c.quarantined_at).where(
            mails.c.state == MailState.QUARANTINED
        )
        if owner is not None:
            wanted = wanted.where(mails.c.owner == owner)
        with self._database.read() as connection:
            rows = connection.execute(wanted.order_by(mails.c.received_at, mails.c.mail_id)).all()
        return [QuarantinedMail(*row) for row in rows]

    def not_understood(self, owner: str | None = None) -> list[UnclearMail]:
        """Return the mails from known senders whose words no lexicon has, oldest arrival first."""
        columns = (
            mails.c.owner,
            mails.c.mailbox,
            mails.c.mail_id,
            mails.c.received_at,
            mails.c.sender,
            mails.c.subject,
        )
        wanted = select(*columns).where(*_unclear(owner)).order_by(mails.c.received_at, mails.c.mail_id)
        with self._database.read() as connection:
            return [UnclearMail(*row) for row in connection.execute(wanted).all()]

    def retry(self, owner: str, mail_id: str) -> None:
        """Let a mail that was set aside wait to be read again. Raises ``UnknownMail`` when it is not in quarantine."""
        again = {"reason": None, "quarantined_at": None, "attempts": 0}
        self._move(owner, mail_id, MailState.QUARANTINED, MailState.NEW, again)

    def drop(self, owner: str, mail_id: str) -> None:
        """Take a mail out of quarantine for good; its bytes are kept. Raises ``UnknownMail`` when it is not there."""
        self._move(owner, mail_id, MailState.QUARANTINED, MailState.DROPPED, {})

    def undrop(self, owner: str, mail_id: str) -> None:
        """Put a dropped mail back into quarantine. Raises ``UnknownMail`` when it was not dropped."""
        self._move(owner, mail_id, MailState.DROPPED, MailState.QUARANTINED, {})

    def summary(self, owner: str, mail_id: str) -> MailSummary | None:
        """Return what is shown of a mail; None while it was not read. Raises ``UnknownMail``."""
        columns = (mails.c.sender, mails.c.subject, mails.c.message_id, mails.c.date, mails.c.trust, mails.c.understood)
        with self._database.read() as connection:
            row = connection.execute(select(*columns).where(_is(owner, mail_id))).one_or_none()
        if row is None:
            raise UnknownMail(mail_id)
        if row.date is None:
            return None
        return MailSummary(row.sender, row.subject, row.message_id, row.date, Trust(row.trust), bool(row.understood))

    def requeue(self, owner: str | None = None) -> int:
        """Let every mail that was read wait to be read again, and forget the views; return how many mails.

        A mail of which only a part was set aside waits again, too. Claims, drafts, words and decisions stay; so do
        all others in quarantine, and dropped ones.
        """
        told = exists().where(notices.c.owner == mails.c.owner, notices.c.mail_id == mails.c.mail_id)
        partly = update(mails).where(mails.c.state == MailState.QUARANTINED, told, *_of(mails.c.owner, owner))
        with self._database.write() as connection:
            connection.execute(partly.values(state=MailState.READ))
            for view in (notice_tracking, notices, orders):
                connection.execute(delete(view).where(*_of(view.c.owner, owner)))
            again = update(mails).where(mails.c.state == MailState.READ, *_of(mails.c.owner, owner))
            return connection.execute(again.values(state=MailState.NEW, attempts=0, attempt_started_at=None)).rowcount

    def counts(self, owner: str | None = None) -> Counts:
        """Return how many mails are in each state."""
        by_state = select(mails.c.state, func.count().label("number")).where(*_of(mails.c.owner, owner))
        with self._database.read() as connection:
            found = {row.state: row.number for row in connection.execute(by_state.group_by(mails.c.state))}
            unclear = select(func.count()).where(*_unclear(owner))
            return Counts(**found, not_understood=connection.execute(unclear).scalar_one())

    def _move(self, owner: str, mail_id: str, before: MailState, after: MailState, values: dict[str, Any]) -> None:
        there = and_(_is(owner, mail_id), mails.c.state == before)
        with self._database.write() as connection:
            moved = connection.execute(update(mails).where(there).values(state=after, **values))
            _one(moved.rowcount, mail_id)


def _is(owner: str, mail_id: str) -> ColumnElement[bool]:
    return and_(mails.c.owner == owner, mails.c.mail_id == mail_id)


def _of(column: ColumnElement[str], owner: str | None) -> list[ColumnElement[bool]]:
    return [] if owner is None else [column == owner]


def _unclear(owner: str | None) -> list[ColumnElement[bool]]:
    return [mails.c.state == MailState.READ, mails.c.understood == 0, *_of(mails.c.owner, owner)]


def _one(changed: int, mail_id: str) -> None:
    if changed != 1:
        raise UnknownMail(mail_id)
