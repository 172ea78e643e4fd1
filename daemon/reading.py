"""Reading one mail: intake and parsers, in this process or, for a mail under suspicion, in a child of its own.

A mail whose reading was begun once and never ended may have killed the
process, or may only have been there when the machine stopped. It is read again
in a child: when the child dies too, it is the mail; otherwise nothing was
wrong with it and it is read like the others.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

import parsers
from daemon.intake import UnreadableMail, open_mail
from daemon.intake.lookalike import is_seller_relay
from parsers.letter import Letter, Trust, Value
from parsers.notice import Notice

PATIENCE = 60.0
"""Seconds that a child may take for one mail."""
CPU_SECONDS = 60
"""Seconds of computing after which the kernel ends a child, also when nobody is left to be patient."""
MEMORY = 1 << 30
"""Bytes of address space that a child may take: ten times what the longest mails need."""
_ENVIRONMENT = ("PATH", "LANG", "LANGUAGE", "TZ", "LD_LIBRARY_PATH", "TMPDIR")
_ENVIRONMENT_FAMILIES = ("LC_", "PYTHON")
_PR_SET_PDEATHSIG = 1
"""From ``linux/prctl.h``."""
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
    """It lies in the Sent folder."""


class Reading(Value):
    """What one mail gave."""

    letters: tuple[Letter, ...]
    notices: tuple[Notice, ...] = ()
    understood: bool = True
    """False when a known sender wrote in words that no lexicon knows."""
    outgoing: bool = False
    """The owner wrote it to others: only who it went to matters, and no notice is drawn from our own words."""

    @property
    def forged(self) -> bool:
        """Whether one of the letters only pretends to come from its sender."""
        return any(letter.trust == Trust.FORGED for letter in self.letters)


def _is_outgoing(letter: Letter, sheet: Sheet) -> bool:
    """Wherever it lies: some servers show sent mail in the INBOX too, and what owners write to themselves in Sent."""
    mine = {address.lower() for address in sheet.owner_addresses}
    if any(to.lower() in mine for to in letter.to):
        return False
    return sheet.sent or (letter.sender in mine and any(map(is_seller_relay, letter.to)))


def read(raw: bytes, sheet: Sheet) -> Reading:
    """Decode and understand a mail. Raises ``UnreadableMail``."""
    letters = open_mail(
        raw,
        received_at=sheet.received_at,
        owner_addresses=sheet.owner_addresses,
        authserv_ids=sheet.authserv_ids,
    )
    if any(_is_outgoing(letter, sheet) for letter in letters):
        return Reading(letters=letters, outgoing=True)
    read_from = [(letter, parsers.read(letter)) for letter in letters]
    return Reading(
        letters=letters,
        notices=tuple(dict.fromkeys(notice for _, notices in read_from for notice in notices)),
        understood=all(parsers.understood(letter, notices) for letter, notices in read_from),
    )


def read_apart(raw: bytes, sheet: Sheet, command: Sequence[str] = _CHILD) -> Reading:
    """Do the same in a child process. Raises ``UnreadableMail`` and ``ReaderDied``."""
    given = sheet.model_dump_json().encode() + b"\n" + raw
    try:
        child = subprocess.run(
            [*command], input=given, capture_output=True, timeout=PATIENCE, check=True, env=_environment()
        )
    except subprocess.CalledProcessError as died:
        if died.returncode == _UNREADABLE:
            raise UnreadableMail(died.stdout.decode()) from None
        raise ReaderDied(f"exit {died.returncode}") from None
    except subprocess.TimeoutExpired:
        raise ReaderDied("timeout") from None
    return Reading.model_validate_json(child.stdout)


def _environment() -> dict[str, str]:
    """Return what Python needs: passwords that this process was given have no place beside a hostile mail."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name in _ENVIRONMENT or name.startswith(_ENVIRONMENT_FAMILIES)
    }
    # The child runs the very code that this process runs, wherever that was found.
    return {**kept, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}


def _bind() -> None:
    """End with the parent, and never take more of the machine than a mail can need."""
    # Elsewhere than on Linux the limits alone must do.
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    for limit, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, CPU_SECONDS)):
        hard = resource.getrlimit(limit)[1]
        allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
        with suppress(OSError, ValueError):
            resource.setrlimit(limit, (allowed, allowed))


def main() -> int:
    """Read one mail from standard input, as ``read_apart`` gives it; print what it gave."""
    _bind()
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
