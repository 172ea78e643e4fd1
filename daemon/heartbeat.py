"""How the service is, for ``relance status``: a small file that can be written even when the disk is full.

It lies in ``$RUNTIME_DIRECTORY`` where there is one, else beside the database,
and is overwritten in place at a fixed size, so that it needs no new space.
"""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pydantic import Field, ValidationError

from parsers.letter import Value

SIZE = 16 * 1024
"""Bytes of the file; more mailboxes than fit are cut from the end."""
FRESH = timedelta(seconds=30)
"""A heartbeat older than this means that no service is running."""


class Box(Value):
    """The health of one mailbox. ``message`` is a key of the catalogues (``mailbox.<key>``), ``since`` is aware."""

    name: str
    state: str
    message: str = ""
    facts: dict[str, str] = Field(default_factory=dict)
    since: datetime


class Beat(Value):
    """One heartbeat; ``at`` is the service's clock, ``written`` the machine's (both aware, UTC)."""

    at: datetime
    written: datetime
    pid: int
    boxes: tuple[Box, ...] = ()
    store_problem: str | None = None
    running: bool = True
    """False in the last one, written on the way out."""

    @classmethod
    def of(cls, at: datetime, boxes: tuple[Box, ...], store_problem: str | None) -> Beat:
        """Make the heartbeat of this process."""
        return cls(at=at, written=datetime.now(UTC), pid=os.getpid(), boxes=boxes, store_problem=store_problem)

    @property
    def fresh(self) -> bool:
        """Whether the service that wrote this is still running."""
        if not self.running or not Path(f"/proc/{self.pid}").exists():
            return False
        # A time to come is no younger than a long past one: the machine's clock was put back since.
        return abs(datetime.now(UTC) - self.written) < FRESH


def path(state_dir: Path) -> Path:
    """Return where the heartbeat lies for a state folder."""
    runtime = os.environ.get("RUNTIME_DIRECTORY")
    return (Path(runtime.split(":")[0]) if runtime else state_dir) / "status.json"


def write(where: Path, beat: Beat) -> None:
    """Overwrite the heartbeat in place; a disk that refuses even this is not an error of the service."""
    text = _fitting(beat)
    try:
        handle = os.open(where, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            os.pwrite(handle, text[:SIZE].ljust(SIZE), 0)
        finally:
            os.close(handle)
    except OSError:
        return


def _fitting(beat: Beat) -> bytes:
    while len(text := beat.model_dump_json().encode()) > SIZE and beat.boxes:
        beat = beat.model_copy(update={"boxes": beat.boxes[: len(beat.boxes) * SIZE // len(text)]})
    return text


def read(where: Path) -> Beat | None:
    """Return the last heartbeat, or None when there is none or it was cut short by a crash."""
    try:
        return Beat.model_validate(json.loads(where.read_bytes()))
    except (OSError, ValueError, ValidationError):
        return None
