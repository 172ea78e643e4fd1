"""Reading a mail under suspicion in a child process, and what becomes of mails that kill their reader."""

from __future__ import annotations

import os
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from daemon.intake import UnreadableMail
from daemon.reading import ReaderDied, Sheet, read, read_apart
from tests.road import mails

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
    """What the owner sent is looked at for whom it went to only."""
    sheet = SHEET.model_copy(update={"sent": True})
    reading = read(mails.not_received(mails.order_number(3), NOW), sheet)
    assert reading.notices == ()
    assert len(reading.letters) == 1
