"""Bringing one IMAP folder up to date: headers first, then whole only what matters, batch by batch.

The folder is EXAMINEd and everything is PEEKed, so nothing in it changes. A batch's mails and the watermark that
covers it go to the sink together: whatever ends the work in between, the next sync goes on from there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog

from daemon.mailbox import headers
from daemon.mailbox.base import Arrived, Header, Role, State, Watermark
from daemon.mailbox.connection import Connection, Selected
from daemon.mailbox.patience import PatientSink

log = structlog.get_logger()

HEADERS_AT_ONCE = 200
"""Mails whose headers are fetched with one command: measured best between 50 and 200."""
MAILS_AT_ONCE = 50
BYTES_AT_ONCE = 4_000_000
"""Bytes of whole mails that are asked for with one command, a single larger mail aside: it bounds the memory."""
WINDOW = 50_000
"""Mails that one SEARCH looks at: the answer is one line, which must stay under the library's limit of 1 MB."""
RESCAN_DAYS = 7
"""Days read again, at least, when a folder was made anew: what came while that happened must not be missed."""
NEWS_FROM = 500
"""Mails from which reading is worth a progress bar."""


@dataclass(frozen=True, slots=True)
class Watched:
    """A folder and what it is for."""

    name: str
    role: Role


class FolderSync:
    """One sync of one folder. ``now`` is the machine's time, aware."""

    def __init__(
        self, connection: Connection, sink: PatientSink, folder: Watched, read_back_days: int, now: datetime
    ) -> None:
        self._connection = connection
        self._sink = sink
        self._folder = folder
        self._days = read_back_days
        self._now = now

    def run(self) -> int:
        """Read what is new; return how many mails were handed on. Raises ``FolderMissing`` and ``ConnectionLost``."""
        found = self._connection.examine(self._folder.name)
        mark = self._sink.watermark(self._folder.name)
        if mark is not None and mark.uidvalidity == found.uidvalidity:
            return self._read_on(found, mark)
        return self._read_back(found, made_anew=mark is not None)

    def _read_on(self, found: Selected, mark: Watermark) -> int:
        if found.exists == 0 or (found.uidnext and found.uidnext <= mark.last_uid + 1):
            return 0
        uids = self._search(found.exists, ["UID", f"{mark.last_uid + 1}:*"])
        # "n:*" past the end still names the last message.
        return self._read([uid for uid in uids if uid > mark.last_uid], found.uidvalidity)

    def _read_back(self, found: Selected, *, made_anew: bool) -> int:
        days = max(self._days, RESCAN_DAYS) if made_anew else self._days
        log.info("mailbox_reads_back", days=days, made_anew=made_anew)
        since = (self._now - timedelta(days=days)).date()
        uids = self._search(found.exists, ["SINCE", since]) if found.exists and days else []
        if uids:
            self._sink.tell(State.READING_BACK, "reading_back", folder=self._folder.name, done=0, total=len(uids))
        kept = self._read(uids, found.uidvalidity, tell=True)
        newest = max(uids, default=0)
        # What lies before the window is never read: the watermark starts behind it.
        last = found.uidnext - 1 if found.uidnext else self._newest_of_all(found.exists)
        if last > newest or not uids:
            self._sink.keep(self._folder.name, Watermark(found.uidvalidity, max(last, newest)), [])
        return kept

    def _newest_of_all(self, exists: int) -> int:
        return max(self._search(exists, ["ALL"]), default=0) if exists else 0

    def _search(self, exists: int, criteria: list[Any]) -> list[int]:
        if exists <= WINDOW:
            return self._connection.search(criteria)
        found: set[int] = set()
        # From the top down: mails expunged meanwhile move the others down, into windows that are still to come.
        for low in range((exists - 1) // WINDOW * WINDOW + 1, 0, -WINDOW):
            high = "*" if low + WINDOW > exists else str(low + WINDOW - 1)
            found.update(self._connection.search([f"{low}:{high}", *criteria]))
        return sorted(found)

    def _read(self, uids: Sequence[int], uidvalidity: int, *, tell: bool = False) -> int:
        tell = tell or len(uids) > NEWS_FROM
        kept = 0
        for start in range(0, len(uids), HEADERS_AT_ONCE):
            batch = uids[start : start + HEADERS_AT_ONCE]
            wanted = [header for header in self._headers(batch) if self._sink.wanted(header, self._folder.role)]
            for part in _parts(wanted):
                mails = self._whole(part)
                kept += len(mails)
                last = batch[-1] if part[-1] is wanted[-1] else part[-1].uid
                self._sink.keep(self._folder.name, Watermark(uidvalidity, last), mails)
            if not wanted:
                self._sink.keep(self._folder.name, Watermark(uidvalidity, batch[-1]), [])
            if tell:
                self._sink.progress(self._folder.name, start + len(batch), len(uids))
        return kept

    def _headers(self, uids: Sequence[int]) -> list[Header]:
        return [
            headers.parse(
                one.uid, one.received_at.astimezone(UTC) if one.received_at else self._now, one.size, one.block
            )
            for one in self._connection.fetch_headers(uids, headers.FIELDS)
        ]

    def _whole(self, part: Sequence[Header]) -> list[Arrived]:
        fetched = self._connection.fetch([header.uid for header in part], ["BODY.PEEK[]"])
        mails = []
        for header in part:
            raw = fetched.get(header.uid, {}).get(b"BODY[]")
            if raw is None:
                log.info("mail_vanished", uid=header.uid)
            else:
                mails.append(Arrived(header.uid, header.received_at, bytes(raw)))
        return mails


def _parts(wanted: Sequence[Header]) -> Iterator[list[Header]]:
    part: list[Header] = []
    size = 0
    for header in wanted:
        if part and (len(part) >= MAILS_AT_ONCE or size + header.size > BYTES_AT_ONCE):
            yield part
            part, size = [], 0
        part.append(header)
        size += header.size
    if part:
        yield part
