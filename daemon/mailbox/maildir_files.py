"""The files of a Maildir++ tree: listed, read, and written as the format asks (https://cr.yp.to/proto/maildir.html)."""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import os
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from daemon.mailbox import headers
from daemon.mailbox.base import FolderMissing, MailboxError

HEAD_BYTES = 64 * 1024
"""How far into a file the end of its header is looked for."""
SETTLED_NS = 2_000_000_000
"""A folder changed longer ago than this, in ns, when it was listed: an unchanged time then means unchanged content."""

_counter = itertools.count()


@dataclass(frozen=True, slots=True)
class Entry:
    """A file as it was found; it may be gone the next moment. ``received_at`` is its time of change, in UTC."""

    path: Path
    key: int
    received_at: datetime
    size: int

    def head(self) -> bytes:
        """Read the header of the mail. Raises ``OSError``."""
        with self.path.open("rb") as file:
            start = file.read(HEAD_BYTES)
        ends = [end for mark in (b"\r\n\r\n", b"\n\n") if (end := start.find(mark)) >= 0]
        return start[: min(ends)] + b"\n\n" if ends else start


def key_of(filename: str) -> int:
    """Return the 48-bit key of a file: of the part of its name that stays when it is moved and flagged."""
    unique = filename.partition(":2,")[0]
    return int.from_bytes(hashlib.sha1(unique.encode("utf-8", "surrogateescape"), usedforsecurity=False).digest()[:6])


class Tree:
    """A Maildir and its subfolders."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._listed: dict[str, tuple[int, int]] = {}
        self._ids: dict[tuple[str, int], tuple[str, bool]] = {}

    def path(self, folder: str) -> Path:
        """Return the directory of a folder. Raises ``FolderMissing`` for a name that leads elsewhere."""
        if folder.upper() == "INBOX":
            return self._root
        name = folder.replace("/", ".")
        if not name.strip("."):
            raise FolderMissing.of("folder_gone", folder=folder)
        return self._root / f".{name.lstrip('.')}"

    def exists(self, folder: str) -> bool:
        """Say whether a folder is there."""
        return (self.path(folder) / "cur").is_dir()

    def create(self, folder: str) -> None:
        """Make a subfolder. Raises ``MailboxError``."""
        path = self.path(folder)
        try:
            for part in ("tmp", "new", "cur"):
                (path / part).mkdir(mode=0o700, parents=True, exist_ok=True)
            (path / "maildirfolder").touch(mode=0o600)
        except OSError:
            raise MailboxError.of("maildir_unwritable", path=str(path)) from None

    def names(self) -> list[str]:
        """Return the names of all folders."""
        found = [entry.name[1:] for entry in _listing(self._root) if entry.name.startswith(".")]
        return [name for name in ["INBOX", *sorted(found)] if self.exists(name)]

    def changed(self, folder: str) -> bool:
        """Say whether a folder may have changed since this was asked last. Raises ``FolderMissing``."""
        path = self.path(folder)
        try:
            stamp = ((path / "new").stat().st_mtime_ns, (path / "cur").stat().st_mtime_ns)
        except OSError:
            self.forget(folder)
            raise FolderMissing.of("folder_gone", folder=folder) from None
        if self._listed.get(folder) == stamp:
            return False
        # The clock of a file system is coarse: a change in the same tick would leave the time as it is.
        if time.time_ns() - max(stamp) > SETTLED_NS:
            self._listed[folder] = stamp
        return True

    def forget(self, folder: str) -> None:
        """Have the folder listed again at the next look."""
        self._listed.pop(folder, None)

    def entries(self, folder: str) -> Iterator[Entry]:
        """Return the files of a folder by time. Raises ``FolderMissing``."""
        path = self.path(folder)
        found: dict[int, Entry] = {}
        for part in ("new", "cur"):
            for item in _listing(path / part):
                if item.name.startswith("."):
                    continue
                with contextlib.suppress(OSError):
                    stat = item.stat()
                    at = datetime.fromtimestamp(stat.st_mtime, UTC)
                    key = key_of(item.name)
                    found[key] = Entry(Path(item.path), key, at, stat.st_size)
        return iter(sorted(found.values(), key=lambda entry: (entry.received_at, entry.path.name)))

    def find(self, folder: str, message_id: str) -> Entry | None:
        """Return the newest file with exactly this Message-ID. Raises ``FolderMissing``."""
        return next((entry for entry in self._of(folder, message_id)), None)

    def remove(self, folder: str, message_id: str) -> bool:
        """Remove the files with this Message-ID that bear relance's header; say whether there were any."""
        removed = False
        for entry in self._of(folder, message_id):
            if self._identity(folder, entry)[1]:
                entry.path.unlink(missing_ok=True)
                removed = True
        return removed

    def write(self, folder: str, raw: bytes, *, draft: bool) -> int:
        """Write a message to tmp/, link it into cur/ (a draft) or new/, return its key. Raises ``MailboxError``."""
        path = self.path(folder)
        if not self.exists(folder):
            raise FolderMissing.of("folder_gone", folder=folder)
        host = socket.gethostname().replace("/", "\\057").replace(":", "\\072")
        unique = f"{time.time_ns() // 1_000_000_000}.M{time.time_ns() // 1000}P{os.getpid()}Q{next(_counter)}.{host}"
        target = path / "cur" / f"{unique}:2,D" if draft else path / "new" / unique
        try:
            _write_durably(path / "tmp" / unique, target, raw)
        except OSError:
            raise MailboxError.of("maildir_unwritable", path=str(path)) from None
        return key_of(unique)

    def _of(self, folder: str, message_id: str) -> Iterator[Entry]:
        if not self.exists(folder):
            raise FolderMissing.of("folder_gone", folder=folder)
        for entry in reversed(list(self.entries(folder))):
            with contextlib.suppress(OSError):
                if self._identity(folder, entry)[0] == message_id:
                    yield entry

    def _identity(self, folder: str, entry: Entry) -> tuple[str, bool]:
        known = self._ids.get((folder, entry.key))
        if known is None:
            known = self._ids[folder, entry.key] = headers.identity(entry.head())
        return known


def _listing(path: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(path) as items:
            return list(items)
    except OSError:
        return []


def _write_durably(temporary: Path, target: Path, raw: bytes) -> None:
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        os.link(temporary, target)
    finally:
        temporary.unlink(missing_ok=True)
    directory = os.open(target.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
