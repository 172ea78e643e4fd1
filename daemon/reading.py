"""Reading one mail: intake and parsers, in this process or, for a mail under suspicion, in a child of its own.

A mail whose reading was begun once and never ended may have killed the
process, or may only have been there when the machine stopped. It is read again
in a child: when the child dies too, it is the mail; otherwise nothing was
wrong with it and it is read like the others.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from datetime import datetime

import parsers
from daemon.intake import UnreadableMail, open_mail
from parsers.letter import Letter, Trust, Value
from parsers.notice import Notice

PATIENCE = 60.0
"""Seconds that a child may take for one mail."""
_UNREADABLE = os.EX_DATAERR
"""Exit code of a child that could not take its mail apart, and says why."""
_CHILD = (sys.executable, "-P", "-m", "daemon.reading")
"""Without the folder that relance was started in: that may hold anything, also something named ``daemon``."""


class ReaderDied(Exception):
    """The child that read a mail was killed by it, or did not come to an end."""


class Sheet(Value):
    """What a reader needs besides the raw mail."""

    received_at: datetime
    owner_addresses: tuple[str, ...]
    authserv_ids: tuple[str, ...]
    sent: bool
    """It lies in the Sent folder: only who it went to matters, and no notice is drawn from it."""


class Reading(Value):
    """What one mail gave."""

    letters: tuple[Letter, ...]
    notices: tuple[Notice, ...] = ()
    understood: bool = True
    """False when a known sender wrote in words that no lexicon knows."""

    @property
    def forged(self) -> bool:
        """Whether one of the letters only pretends to come from its sender."""
        return any(letter.trust == Trust.FORGED for letter in self.letters)


def read(raw: bytes, sheet: Sheet) -> Reading:
    """Decode and understand a mail. Raises ``UnreadableMail``."""
    letters = open_mail(
        raw,
        received_at=sheet.received_at,
        owner_addresses=sheet.owner_addresses,
        authserv_ids=sheet.authserv_ids,
    )
    if sheet.sent:
        return Reading(letters=letters)
    read_from = [(letter, parsers.read(letter)) for letter in letters]
    return Reading(
        letters=letters,
        notices=tuple(dict.fromkeys(notice for _, notices in read_from for notice in notices)),
        understood=all(parsers.understood(letter, notices) for letter, notices in read_from),
    )


def read_apart(raw: bytes, sheet: Sheet, command: Sequence[str] = _CHILD) -> Reading:
    """Do the same in a child process. Raises ``UnreadableMail`` and ``ReaderDied``."""
    given = sheet.model_dump_json().encode() + b"\n" + raw
    # The child runs the very code that this process runs, wherever that was found.
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    try:
        child = subprocess.run([*command], input=given, capture_output=True, timeout=PATIENCE, check=True, env=env)
    except subprocess.CalledProcessError as died:
        if died.returncode == _UNREADABLE:
            raise UnreadableMail(died.stdout.decode()) from None
        raise ReaderDied(f"exit {died.returncode}") from None
    except subprocess.TimeoutExpired:
        raise ReaderDied("timeout") from None
    return Reading.model_validate_json(child.stdout)


def main() -> int:
    """Read one mail from standard input, as ``read_apart`` gives it; print what it gave."""
    sheet = Sheet.model_validate_json(sys.stdin.buffer.readline())
    try:
        reading = read(sys.stdin.buffer.read(), sheet)
    except UnreadableMail as problem:
        sys.stdout.write(str(problem))
        return _UNREADABLE
    sys.stdout.write(reading.model_dump_json())
    return 0


if __name__ == "__main__":
    sys.exit(main())
