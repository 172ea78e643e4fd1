"""Reading a mail under suspicion in a child process, and what becomes of mails that kill their reader."""

from __future__ import annotations

import json
import os
import resource
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from daemon.intake import UnreadableMail
from daemon.reading import CPU_SECONDS, MEMORY, ReaderDied, Sheet, read, read_apart
from tests.road import mails
from tests.road.service import until

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
SHEET = Sheet(received_at=NOW, owner_addresses=(mails.OWNER,), authserv_ids=(), sent=False)


def test_a_mail_reads_the_same_apart() -> None:
    """A child process gives what this process gives."""
    raw = mails.not_received(mails.order_number(3), NOW)
    assert read_apart(raw, SHEET) == read(raw, SHEET)
    assert {notice.kind.value for notice in read(raw, SHEET).notices} == {"delivered", "owner_report"}


@pytest.mark.parametrize(
    "end", ["import os; os.abort()", f"import os; os.kill(os.getpid(), {signal.SIGSEGV:d})", "raise SystemExit(3)"]
)
def test_a_mail_that_kills_its_reader_is_convicted(tmp_path: Path, end: str) -> None:
    """However the child dies, the service learns that the mail did it, and lives."""
    killer = tmp_path / "killer.py"
    killer.write_text(end, "utf-8")
    with pytest.raises(ReaderDied):
        read_apart(b"Subject: x\n\ny", SHEET, (sys.executable, str(killer)))


def test_why_a_mail_is_unreadable_is_told_by_the_child(tmp_path: Path) -> None:
    """A child that cannot take its mail apart gives the reason, and is not taken for one that died."""
    refusing = tmp_path / "refusing.py"
    refusing.write_text(f"print('LookupError', end='')\nraise SystemExit({os.EX_DATAERR})", "utf-8")
    with pytest.raises(UnreadableMail, match=r"^LookupError$"):
        read_apart(b"Subject: x\n\ny", SHEET, (sys.executable, str(refusing)))


def test_a_mail_in_the_sent_folder_gives_no_notices() -> None:
    """What the owner wrote to a seller is looked at for whom it went to only, wherever it lies."""
    sheet = SHEET.model_copy(update={"sent": True})
    relay = "k3v9q2zt7p@marketplace.amazon.fr"
    me, order = f"Camille <{mails.OWNER}>", mails.order_number(3)
    raw = mails.mail(me, "Re:", f"Je n'ai pas reçu la commande {order}.\n", NOW, key="claim", to=relay)
    reading = read(raw, sheet)
    assert read(raw, SHEET) == reading
    assert reading.notices == ()
    assert len(reading.letters) == 1


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
    with pytest.raises(ReaderDied):
        read_apart(b"Subject: x\n\ny", SHEET, (sys.executable, str(telling)))
    given = json.loads(seen.read_text("utf-8"))
    assert {"RELANCE_PASSWORD", "CREDENTIALS_DIRECTORY"}.isdisjoint(given)
    assert (given["LC_ALL"], given["PATH"]) == ("C.UTF-8", os.environ["PATH"])
    assert given["PYTHONPATH"].split(os.pathsep) == list(filter(None, sys.path))


_PARENT = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-m", "daemon.reading"], stdin=int(sys.argv[1]))
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
    # A child that is still there finds the end of its mail here, and ends.
    os.close(writing_end)


def test_the_child_is_limited_and_ends_with_its_parent(orphan: tuple[subprocess.Popen[bytes], int]) -> None:
    """The kernel bounds a child's time and memory, and kills it when the service that started it is killed."""
    parent, child = orphan
    handle = os.pidfd_open(child)
    limits = {resource.RLIMIT_CPU: (CPU_SECONDS,) * 2, resource.RLIMIT_AS: (MEMORY,) * 2}
    until(lambda: {each: resource.prlimit(child, each) for each in limits} == limits, "the child's limits")
    parent.kill()
    ended, _, _ = select.select([handle], [], [], 10)
    os.close(handle)
    assert ended
