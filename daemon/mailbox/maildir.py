"""A Maildir on this machine, polled. Nothing that lies in it is renamed, flagged or removed."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator, Sequence
from datetime import timedelta

import structlog

from daemon.clock import Clock, SystemClock
from daemon.mailbox import headers
from daemon.mailbox.backoff import Pace, Stopping
from daemon.mailbox.base import Arrived, FolderMissing, Role, Sink, State, Watermark
from daemon.mailbox.maildir_files import Entry, Tree
from daemon.mailbox.patience import PatientSink
from daemon.settings import MaildirMailbox as Settings

log = structlog.get_logger()

MARK = Watermark(1, 0)
"""A Maildir has no UIDs: what was read is known file by file."""
FILES_AT_ONCE = 200
BYTES_AT_ONCE = 4_000_000
"""Bytes of whole mails handed on together, a single larger mail aside."""
REST = 10.0
"""Seconds after which the sink hears that all is read, though nothing has come."""


class MaildirMailbox:
    """A Maildir (Maildir++: the folder ``A/B`` is ``.A.B``, and INBOX is the root)."""

    def __init__(self, settings: Settings, *, pace: Pace | None = None, clock: Clock | None = None) -> None:
        self.name = settings.name
        self._settings = settings
        self._pace = pace or Pace()
        self._clock = clock or SystemClock()
        self._tree = Tree(settings.path.expanduser())
        self._seen: dict[str, set[int]] = {}
        self._complained: set[int] = set()
        self._woken = threading.Event()

    def watch(self, sink: Sink, stop: threading.Event) -> None:
        """Watch until ``stop`` is set and ``wake`` is called."""
        patient = PatientSink(sink, stop, self._pace)
        patient.tell(State.STARTING, "starting")
        self._seen.clear()
        with contextlib.suppress(Stopping):
            self._watch(patient, stop)
        patient.tell(State.STOPPED, "stopped")

    def wake(self) -> None:
        """Make ``watch`` look now."""
        self._woken.set()

    def interrupt(self) -> None:
        """Do as ``wake``: nothing here blocks for long."""
        self.wake()

    def append(self, folder: str | Role, raw: bytes, *, message_id: str, draft: bool) -> int | None:
        """Write a message unless it is there; return its key. Raises ``FolderMissing``."""
        name = self._resolve(folder)
        there = self._tree.find(name, message_id)
        if there is not None:
            return there.key
        return self._tree.write(name, raw, draft=draft)

    def find(self, folder: str | Role, message_id: str) -> int | None:
        """Return the key of the message with this Message-ID. Raises ``FolderMissing``."""
        there = self._tree.find(self._resolve(folder), message_id)
        return there.key if there is not None else None

    def remove(self, folder: str | Role, message_id: str) -> bool:
        """Remove a message that is relance's own; say whether one was."""
        return self._tree.remove(self._resolve(folder), message_id)

    def drafts_folder(self) -> str:
        """Return the name of the folder for drafts; it is made when it is missing, which the log tells."""
        wish = self._settings.drafts
        name = "Drafts" if wish == "auto" else wish
        if not self._tree.exists(name):
            self._tree.create(name)
            log.info("maildir_drafts_created", mailbox=self.name)
        return name

    def _resolve(self, folder: str | Role) -> str:
        if folder is Role.INBOX:
            return "INBOX"
        if folder is Role.SENT:
            sent = self._sent()
            if sent is None:
                raise FolderMissing.of("no_sent")
            return sent
        return str(folder)

    def _sent(self) -> str | None:
        wish = self._settings.sent
        if wish == "none":
            return None
        if wish != "auto":
            return wish
        return "Sent" if self._tree.exists("Sent") else None

    def _watch(self, sink: PatientSink, stop: threading.Event) -> None:
        told = 0.0
        before: list[str] = []
        while not stop.is_set():
            woken = self._woken.is_set()
            self._woken.clear()
            kept, gone = self._sync(sink, stop)
            due = bool(kept) or woken or time.monotonic() - told >= REST
            if due:
                sink.caught_up(self)
                told = time.monotonic()
            if due or gone != before:
                self._tell(sink, gone)
            before = gone
            self._woken.wait(self._settings.poll_seconds)

    def _tell(self, sink: PatientSink, gone: Sequence[str]) -> None:
        seconds = round(self._settings.poll_seconds)
        if gone and not self._tree.exists("INBOX"):
            sink.tell(State.FOLDER_GONE, "maildir_missing", path=str(self._settings.path), seconds=seconds)
        elif gone:
            sink.tell(State.FOLDER_GONE, "folder_gone", folder=", ".join(gone), seconds=seconds)
        else:
            sink.tell(State.WATCHING, "watching", seconds=seconds)

    def _sync(self, sink: PatientSink, stop: threading.Event) -> tuple[int, list[str]]:
        kept, gone = 0, []
        watched = [(name, Role.INBOX) for name in self._settings.folders]
        sent = self._sent()
        if sent is not None and sent not in self._settings.folders:
            watched.append((sent, Role.SENT))
        for name, role in watched:
            try:
                kept += self._sync_folder(name, role, sink, stop)
            except FolderMissing:
                gone.append(name)
        return kept, gone

    def _sync_folder(self, name: str, role: Role, sink: PatientSink, stop: threading.Event) -> int:
        if not self._tree.changed(name):
            return 0
        first = name not in self._seen and sink.watermark(name) is None
        if name not in self._seen:
            self._seen[name] = sink.seen(name)
        new = [entry for entry in self._tree.entries(name) if entry.key not in self._seen[name]]
        if first:
            new = self._skip_old(name, new, sink)
        kept = done = 0
        for batch in self._batches(new, role, sink):
            if stop.is_set():
                raise Stopping
            self._keep(name, batch, sink)
            kept += sum(mail.raw is not None for mail in batch)
            done += len(batch)
            if first:
                sink.progress(name, done, len(new))
        if done < len(new):
            self._tree.forget(name)
        return kept

    def _skip_old(self, name: str, new: list[Entry], sink: PatientSink) -> list[Entry]:
        # All at once: an end in the middle must not leave old files that the next start takes for new ones.
        oldest = self._clock.now() - timedelta(days=self._settings.read_back_days)
        self._keep(
            name, [Arrived(entry.key, entry.received_at, None) for entry in new if entry.received_at < oldest], sink
        )
        rest = [entry for entry in new if entry.received_at >= oldest]
        if rest:
            sink.tell(State.READING_BACK, "reading_back", folder=name, done=0, total=len(rest))
        return rest

    def _keep(self, name: str, mails: Sequence[Arrived], sink: PatientSink) -> None:
        sink.keep(name, MARK, mails)
        self._seen[name].update(mail.uid for mail in mails)

    def _batches(self, entries: Sequence[Entry], role: Role, sink: PatientSink) -> Iterator[list[Arrived]]:
        batch: list[Arrived] = []
        size = 0
        for entry in entries:
            mail = self._read(entry, role, sink)
            if mail is None:
                continue
            batch.append(mail)
            size += len(mail.raw or b"")
            if len(batch) >= FILES_AT_ONCE or size >= BYTES_AT_ONCE:
                yield batch
                batch, size = [], 0
        if batch:
            yield batch

    def _read(self, entry: Entry, role: Role, sink: PatientSink) -> Arrived | None:
        try:
            header = headers.parse(entry.key, entry.received_at, entry.size, entry.head())
            raw = entry.path.read_bytes() if sink.wanted(header, role) else None
        except FileNotFoundError:
            # Moved from new/ to cur/ or deleted just now: the next look tells.
            return None
        except OSError as error:
            if entry.key not in self._complained:
                log.warning("maildir_file_unreadable", mailbox=self.name, errno=error.errno)
                self._complained.add(entry.key)
            return None
        return Arrived(entry.key, entry.received_at, raw)
