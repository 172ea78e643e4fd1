"""Reading mails in a child process: the same as here, and what a hostile mail does to its reader it does there."""

from __future__ import annotations

import json
import os
import resource
import select
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from daemon import readingroom
from daemon.intake import UnreadableMail
from daemon.reading import COMPUTING, Sheet, read
from daemon.readingroom import MEMORY, NoReader, ReaderDied, ReadingFailed, ReadingRoom
from tests.road import mails
from tests.road.service import until

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
SHEET = Sheet(received_at=NOW, owner_addresses=(mails.OWNER,), authserv_ids=(), sent=False)
MAIL = mails.not_received(mails.order_number(3), NOW)
Maker = Callable[[str], ReadingRoom]


@pytest.fixture
def room() -> Iterator[ReadingRoom]:
    """Open a room with the real child."""
    made = ReadingRoom()
    yield made
    made.close()


@pytest.fixture
def with_fault(tmp_path: Path) -> Iterator[Maker]:
    """Return a maker of rooms whose child is the real one, but for what reading a mail that says FAULT does."""
    made: list[ReadingRoom] = []

    def make(fault: str) -> ReadingRoom:
        program = tmp_path / f"faulty{len(made)}.py"
        program.write_text(
            "import daemon.readingroom as room, daemon.intake as intake\n"
            "sound = room.read\n"
            "def read(raw, sheet):\n"
            "    if b'FAULT' in raw:\n"
            f"{textwrap.indent(fault, ' ' * 8)}\n"
            "    return sound(raw, sheet)\n"
            "room.read = read\n"
            "room.main()\n",
            "utf-8",
        )
        made.append(ReadingRoom((sys.executable, str(program))))
        return made[-1]

    yield make
    for one in made:
        one.close()


def test_mails_read_the_same_apart(room: ReadingRoom) -> None:
    """The child gives what this process gives, one mail after the other, by one child."""
    other = mails.delivered(mails.order_number(4), NOW)
    assert [room.read(raw, SHEET) for raw in (MAIL, other, MAIL)] == [read(raw, SHEET) for raw in (MAIL, other, MAIL)]
    first = room._child
    assert first is not None
    room.read(MAIL, SHEET)
    assert room._child is first


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ("while True: pass", "too slow"),
        ("import re; re.match(r'(a+)+$', 'a' * 60 + 'b')", "too slow"),
        ("import os; os.abort()", f"exit {-signal.SIGABRT}"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", f"exit {-signal.SIGSEGV}"),
        ("raise SystemExit(3)", "exit 3"),
    ],
)
def test_a_mail_that_ends_its_reader_is_convicted(with_fault: Maker, fault: str, told: str) -> None:
    """However the child ends, also in the midst of an expression, the mail is told to have done it; others are read."""
    room = with_fault(fault)
    with pytest.raises(ReaderDied, match=f"^{told}$"):
        room.read(b"Subject: FAULT\n\nx", SHEET)
    assert room.read(MAIL, SHEET) == read(MAIL, SHEET)


def test_a_child_that_somebody_else_ended_is_no_proof(room: ReadingRoom) -> None:
    """A child killed between two mails, or at one, costs no mail its reading."""
    room.read(MAIL, SHEET)
    assert room._child is not None
    room._child.kill()
    assert room.read(MAIL, SHEET) == read(MAIL, SHEET)


def test_a_child_killed_at_a_mail_once_is_no_proof(with_fault: Maker, tmp_path: Path) -> None:
    """The kernel may end a child for want of memory while it reads an innocent mail: it gets a second reader."""
    mark = tmp_path / "killed"
    room = with_fault(
        f"import os, pathlib, signal\nmark = pathlib.Path({str(mark)!r})\n"
        "if not mark.exists():\n    mark.touch()\n    os.kill(os.getpid(), signal.SIGKILL)"
    )
    raw = MAIL + b"\n\nFAULT\n"
    assert room.read(raw, SHEET) == read(raw, SHEET)
    assert mark.exists()


def test_a_mail_that_wants_all_memory_fails_alone(with_fault: Maker) -> None:
    """A mail that would take more than its share is refused by the kernel, and the next one is read."""
    room = with_fault("taken = bytearray(2 << 30)")
    with pytest.raises(ReadingFailed, match=r"^MemoryError at "):
        room.read(b"Subject: FAULT\n\nx", SHEET)
    assert room.read(MAIL, SHEET) == read(MAIL, SHEET)


def test_a_child_that_does_not_answer_is_given_up(tmp_path: Path) -> None:
    """A child that neither computes nor answers is ended after a while, and its mail set aside."""
    program = tmp_path / "silent.py"
    program.write_text("import sys, time\nsys.stdout.write('h')\nsys.stdout.flush()\ntime.sleep(600)\n", "utf-8")
    with pytest.raises(ReaderDied, match=r"^too slow$"):
        ReadingRoom((sys.executable, str(program)), patience=2).read(MAIL, SHEET)


def test_no_mail_is_blamed_for_a_child_that_does_not_start(tmp_path: Path) -> None:
    """A program that is missing, or ends before it can read, is told as such, whatever the mail."""
    program = tmp_path / "ending.py"
    program.write_text("raise SystemExit(4)\n", "utf-8")
    for command in ((str(tmp_path / "nothing"),), (sys.executable, str(program))):
        room = ReadingRoom(command)
        for work in (room.ready, lambda room=room: room.read(MAIL, SHEET)):
            with pytest.raises(NoReader):
                work()


def test_why_a_mail_is_unreadable_or_failed_is_told(with_fault: Maker) -> None:
    """The child says what it could not do, with the place in the code and nothing of the mail."""
    for fault, error, told in (
        ("raise intake.UnreadableMail('LookupError')", UnreadableMail, "^LookupError$"),
        ("raise ValueError('secret')", ReadingFailed, r"^ValueError at faulty\d\.py:\d+$"),
    ):
        with pytest.raises(error, match=told):
            with_fault(fault).read(b"Subject: FAULT\n\nx", SHEET)


def test_an_idle_child_is_let_go(room: ReadingRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a rest the child ends, and the next mail gets a new one."""
    room.read(MAIL, SHEET)
    room.rest()
    assert room._child is not None
    monkeypatch.setattr(readingroom, "REST", -1.0)
    room.rest()
    assert room._child is None
    assert room.read(MAIL, SHEET) == read(MAIL, SHEET)


def test_the_child_is_given_no_passwords(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that reads a hostile mail has in its environment what Python needs, and none of our secrets."""
    monkeypatch.setenv("RELANCE_PASSWORD", "tres-secret")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", "/run/credentials")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    seen, telling = tmp_path / "seen.json", tmp_path / "telling.py"
    telling.write_text(
        f"import json, os, pathlib\npathlib.Path({str(seen)!r}).write_text(json.dumps(dict(os.environ)))\n"
        "raise SystemExit(3)",
        "utf-8",
    )
    with pytest.raises(NoReader):
        ReadingRoom((sys.executable, str(telling))).ready()
    given = json.loads(seen.read_text("utf-8"))
    assert {"RELANCE_PASSWORD", "CREDENTIALS_DIRECTORY"}.isdisjoint(given)
    assert (given["LC_ALL"], given["PATH"]) == ("C.UTF-8", os.environ["PATH"])
    assert given["PYTHONPATH"].split(os.pathsep) == list(filter(None, sys.path))


_PARENT = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-m", "daemon.readingroom"], stdin=int(sys.argv[1]))
print(child.pid, flush=True)
child.wait()
"""


@pytest.fixture
def orphan() -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """Start a child that waits for its mail, from a parent of its own; return that parent and the child's id."""
    reading_end, writing_end = os.pipe()
    parent = subprocess.Popen(
        [sys.executable, "-c", _PARENT, str(reading_end)],
        pass_fds=(reading_end,),
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    os.close(reading_end)
    assert parent.stdout is not None
    yield parent, int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    parent.stdout.close()
    # A child that is still there finds the end of its mails here, and ends.
    os.close(writing_end)


def test_the_child_is_limited_and_ends_with_its_parent(orphan: tuple[subprocess.Popen[bytes], int]) -> None:
    """The kernel bounds a child's memory; asked to end it stays, and goes when its service is killed."""
    parent, child = orphan
    handle = os.pidfd_open(child)
    until(lambda: resource.prlimit(child, resource.RLIMIT_AS) == (MEMORY,) * 2, "the child's limits")
    os.kill(child, signal.SIGTERM)
    assert not select.select([handle], [], [], 0.2)[0]
    parent.kill()
    ended, _, _ = select.select([handle], [], [], 10)
    os.close(handle)
    assert ended


def test_two_seconds_of_computing_are_all(room: ReadingRoom) -> None:
    """The limit for one mail is what is promised, and it is one mail's: ten readings do not add up."""
    assert COMPUTING == 2.0
    for _ in range(10):
        room.read(MAIL, SHEET)
