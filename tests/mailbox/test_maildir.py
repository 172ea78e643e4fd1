"""Watching a Maildir: every file once, none changed, and messages written as the format asks."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from daemon.clock import SetClock
from daemon.mailbox.base import FolderMissing, Mailbox, Role, State
from daemon.mailbox.maildir import MaildirMailbox
from daemon.mailbox.maildir_files import key_of
from daemon.settings import MaildirMailbox as Settings
from daemon.store.errors import StoreUnavailable
from tests.mailbox.kit import OWNER, QUICK, mail
from tests.mailbox.sink import MemorySink, watching

ID = "<relance.r-7f3k.first.1.draft@famille-roussel.example>"


def make(root: Path, *folders: str) -> Path:
    """Make an empty Maildir with subfolders."""
    for folder in ("", *(f".{name}" for name in folders)):
        for part in ("new", "cur", "tmp"):
            (root / folder / part).mkdir(parents=True)
    return root


def put(root: Path, number: int, *, part: str = "new", flags: str = "", days_old: float = 0, raw: bytes = b"") -> Path:
    """Put a file as a delivery agent does."""
    path = root / part / f"17000000{number:02}.M{number}P1.hote{flags}"
    path.write_bytes(raw or mail(number))
    at = (datetime.now(UTC) - timedelta(days=days_old)).timestamp()
    os.utime(path, (at, at))
    return path


def mailbox(root: Path, **changes: Any) -> MaildirMailbox:
    """Return the mailbox of a Maildir, looked at often."""
    values: dict[str, Any] = {"kind": "maildir", "name": "ici", "owner": OWNER, "path": root, "poll_seconds": 0.05}
    return MaildirMailbox(Settings.model_validate(values | changes), pace=QUICK)


def files(root: Path) -> dict[str, int]:
    """Return all files of a tree with their times of change, in ns."""
    return {str(path): path.stat().st_mtime_ns for path in root.rglob("*") if path.is_file()}


def test_files_are_read_and_left_as_they_are(tmp_path: Path) -> None:
    """Mails that matter come whole with their files' time, the others without content, and no file changes."""
    root = make(tmp_path / "mail")
    first = put(root, 1)
    put(root, 2, part="cur", flags=":2,S")
    put(root, 3, raw=mail(3, sender="lettre@info-exemple.example"))
    before = files(root)
    sink = MemorySink(lambda header, role: header.sender.startswith("livraison@"))
    with watching(mailbox(root), sink):
        sink.wait_mails(2)
        put(root, 4)
        sink.wait_mails(3)
    assert {number: raw is not None for number, raw in ((one.uid, one.raw) for _, one in sink.handed)} == {
        key_of("1700000001.M1P1.hote"): True,
        key_of("1700000002.M2P1.hote"): True,
        key_of("1700000003.M3P1.hote"): False,
        key_of("1700000004.M4P1.hote"): True,
    }
    handed = {one.uid: one for _, one in sink.handed}[key_of(first.name)]
    assert handed.received_at == datetime.fromtimestamp(first.stat().st_mtime, UTC)
    assert {path: at for path, at in files(root).items() if path in before} == before


def test_a_file_that_is_moved_and_flagged_is_no_new_mail(tmp_path: Path) -> None:
    """A file that a mail program moves to cur/ and flags is not handed over again, nor after a restart."""
    root = make(tmp_path / "mail")
    path = put(root, 1)
    sink = MemorySink()
    for _ in range(2):
        with watching(mailbox(root), sink) as watch:
            sink.wait_mails(1)
            if path.exists():
                path.rename(root / "cur" / f"{path.name}:2,RS")
            watch.mailbox.wake()
            sink.wait_cycle()
    assert len(sink.handed) == 1


def test_the_first_start_reads_back_so_far(tmp_path: Path) -> None:
    """On the first start older files are noted without content; an old file that comes later is read."""
    root = make(tmp_path / "mail")
    put(root, 1, days_old=100)
    put(root, 2, days_old=5)
    sink = MemorySink()
    with watching(mailbox(root, read_back_days=30), sink):
        sink.wait_mails(1)
        put(root, 3, days_old=100)
        sink.wait_mails(2)
    assert [one.raw is None for _, one in sink.handed] == [True, False, False]


def test_the_window_hangs_on_the_given_clock(tmp_path: Path) -> None:
    """What is old is told by the clock that the mailbox was given."""
    root = make(tmp_path / "mail")
    put(root, 1, days_old=100)
    values = Settings(kind="maildir", name="ici", owner=OWNER, path=root, poll_seconds=0.05, read_back_days=30)
    sink = MemorySink()
    with watching(MaildirMailbox(values, clock=SetClock(datetime.now(UTC) - timedelta(days=90))), sink):
        sink.wait_mails(1)


def test_subfolders_and_sent_mail(tmp_path: Path) -> None:
    """``A/B`` is the subfolder ``.A.B``, sent mail has its role, and a missing folder is named until it comes."""
    root = make(tmp_path / "mail", "Achats.2026", "Sent")
    put(root / ".Achats.2026", 1)
    put(root / ".Sent", 2)
    sink = MemorySink()
    with watching(mailbox(root, folders=("INBOX", "Achats/2026", "Plus tard")), sink):
        sink.wait_mails(2)
        sink.wait_state(State.FOLDER_GONE)
        assert sink.states[-1][2]["folder"] == "Plus tard"
        make(root / ".Plus tard")
        put(root / ".Plus tard", 3)
        sink.wait_mails(3)
        sink.wait_state(State.WATCHING)
    assert [folder for folder, _ in sink.handed] == ["Achats/2026", "Sent", "Plus tard"]
    assert sorted(role for _, role in sink.headers) == [Role.INBOX, Role.INBOX, Role.SENT]


def test_a_full_store_pauses_and_loses_nothing(tmp_path: Path) -> None:
    """While the store takes nothing the mailbox pauses, then hands the same mails over once."""
    root = make(tmp_path / "mail")
    sink = MemorySink()
    with watching(mailbox(root), sink):
        sink.wait_state(State.WATCHING)
        sink.troubles = [StoreUnavailable("disk full") for _ in range(3)]
        put(root, 1)
        sink.wait_mails(1)
        sink.wait_state(State.WATCHING)
    assert sum(state is State.PAUSED for state, _, _ in sink.states) == 3
    assert len(sink.handed) == 1


def test_a_draft_is_written_once_as_the_format_asks(tmp_path: Path) -> None:
    """A draft lies once in .Drafts/cur with the flag D, the folder is made for it, and nothing stays in tmp/."""
    root = make(tmp_path / "mail")
    raw = f"Message-ID: {ID}\nX-Relance: 1\n\nBonjour\n".encode()
    keys: list[int | None] = []

    def place(box: Mailbox) -> None:
        keys.append(box.append(box.drafts_folder(), raw, message_id=ID, draft=True))
        keys.append(box.find("Drafts", ID))

    sink = MemorySink()
    sink.on_caught_up = place
    with watching(mailbox(root), sink) as watch:
        sink.wait(lambda: sink.cycles >= 1)
        watch.mailbox.wake()
        sink.wait(lambda: sink.cycles >= 2)
    written = [path for path in (root / ".Drafts").rglob("*") if path.is_file() and path.name != "maildirfolder"]
    assert [path.parent.name for path in written] == ["cur"]
    assert written[0].name.endswith(":2,D")
    assert written[0].read_bytes() == raw
    assert set(keys) == {key_of(written[0].name)}


def test_a_notice_of_ours_is_not_read_again(tmp_path: Path) -> None:
    """A message appended to INBOX lies unread in new/, and is noted without content."""
    root = make(tmp_path / "mail")
    box = mailbox(root)
    box.append(Role.INBOX, f"Message-ID: {ID}\nX-Relance: 1\n\nBonjour\n".encode(), message_id=ID, draft=False)
    sink = MemorySink()
    with watching(box, sink):
        sink.wait(lambda: len(sink.handed) == 1)
    assert len(list((root / "new").iterdir())) == 1
    assert sink.mails == {}


def test_only_our_own_message_is_removed(tmp_path: Path) -> None:
    """Removing takes files with our header and that Message-ID only."""
    root = make(tmp_path / "mail")
    put(root, 1, raw=f"Message-ID: {ID}\n\nun autre\n".encode())
    put(root, 2, raw=f"Message-ID: {ID}\nX-Relance: 1\n\nle nôtre\n".encode(), part="cur", flags=":2,S")
    put(root, 3, raw=b"Message-ID: <autre@x.example>\nX-Relance: 1\n\nautre\n")
    box = mailbox(root)
    assert box.remove(Role.INBOX, ID) is True
    assert sorted(path.name[:10] for path in root.rglob("17*")) == ["1700000001", "1700000003"]
    assert box.remove(Role.INBOX, ID) is False


def test_a_folder_that_is_not_there_takes_nothing(tmp_path: Path) -> None:
    """Appending to a missing folder, or to one outside of the Maildir, is refused."""
    box = mailbox(make(tmp_path / "mail"))
    for name in ("Nulle part", "../ailleurs", "..", Role.SENT):
        with pytest.raises(FolderMissing):
            box.append(name, b"Subject: x\n\n", message_id=ID, draft=False)


@hypothesis_settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.sampled_from(["deliver", "read", "restart", "full"]), min_size=1, max_size=12))
def test_every_file_is_kept_exactly_once(tmp_path_factory: pytest.TempPathFactory, steps: list[str]) -> None:
    """Whatever the order of deliveries, moves by mail programs, restarts and full disks, a file is kept once."""
    root = make(tmp_path_factory.mktemp("mail") / "box")
    sink = MemorySink()
    count = 0
    for session in " ".join(steps).split("restart"):
        with watching(mailbox(root), sink):
            for step in session.split():
                if step == "deliver":
                    count += 1
                    put(root, count)
                elif step == "full":
                    sink.troubles.append(StoreUnavailable("disk full"))
                else:
                    for path in list((root / "new").iterdir()):
                        path.rename(root / "cur" / f"{path.name}:2,S")
            sink.wait_mails(count)
    assert len(sink.handed) == len(sink.mails) == count


def test_stopping_is_at_once(tmp_path: Path) -> None:
    """A Maildir that is looked at once an hour ends within two seconds."""
    sink = MemorySink()
    with watching(mailbox(make(tmp_path / "mail"), poll_seconds=3600), sink) as watch:
        sink.wait_state(State.WATCHING)
        assert watch.end() < 2
    assert sink.states[-1][0] is State.STOPPED
