"""While mails are read, nothing is asked of the network, no file is written and no program is started."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

MAILS = Path(__file__).parents[1] / "mails"

_PROGRAM = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
import parsers
from daemon.intake import UnreadableMail, open_mail

seen = set()

def watch(event, arguments):
    if event.startswith(("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.system")):
        seen.add(event)
    if event == "open" and isinstance(arguments[2], int):
        if arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_TRUNC):
            seen.add(f"open {arguments[0]}")
    if event in ("os.mkdir", "os.remove", "os.rename", "os.symlink", "shutil.copyfile", "tempfile.mkstemp"):
        seen.add(event)

sys.addaudithook(watch)
count = 0
for path in sorted(Path(sys.argv[1]).rglob("*.eml")):
    try:
        letters = open_mail(path.read_bytes(), received_at=datetime(2026, 3, 2, tzinfo=UTC))
    except UnreadableMail:
        continue
    for letter in letters:
        parsers.understood(letter, parsers.read(letter))
        count += 1
{probe}
print(count, *sorted(seen), sep="\\n")
"""


def _read_all(probe: str = "") -> tuple[int, list[str]]:
    """Read every sample mail in a process that watches itself; return how many letters, and what it did besides."""
    # No byte code is written: that would be the interpreter's own file, not reading's.
    command = [sys.executable, "-B", "-c", _PROGRAM.replace("{probe}", probe), str(MAILS)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    count, *seen = done.stdout.splitlines()
    return int(count), seen


def test_reading_touches_nothing() -> None:
    """All sample mails are read, and neither a socket nor a file to write nor a process was asked for."""
    count, seen = _read_all()
    assert count > 300
    assert seen == []


@pytest.mark.parametrize(
    ("probe", "event"),
    [
        ("import socket; socket.socket().close()", "socket.__new__"),
        ("open('/dev/null', 'w').close()", "open /dev/null"),
        ("import subprocess; subprocess.run(['true'])", "subprocess.Popen"),
    ],
)
def test_the_watch_would_see_it(probe: str, event: str) -> None:
    """A reader that did open a socket, write a file or start a program would be found out."""
    assert event in _read_all(probe)[1]
