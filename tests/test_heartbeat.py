"""The small file by which ``relance status`` sees a running service."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from daemon import heartbeat
from daemon.clock import SetClock
from daemon.heartbeat import FRESH, SIZE, Box
from daemon.mailbox.base import State
from daemon.watch import Beat
from tests.house import NOW


def _box(number: int, message: str = "watching") -> Box:
    return Box(name=f"box-{number}", state="watching", message=message, facts={"seconds": "60"}, since=NOW)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    """The service's state comes back whole, and the file keeps its size and is nobody else's to read."""
    where = tmp_path / "status.json"
    beat = heartbeat.Beat.of(NOW, (_box(1), _box(2)), "store_unavailable")
    heartbeat.write(where, beat)
    assert heartbeat.read(where) == beat
    assert beat.fresh
    heartbeat.write(where, heartbeat.Beat.of(NOW, (), None))
    assert heartbeat.read(where) == heartbeat.read(where)
    assert (where.stat().st_size, where.stat().st_mode & 0o777) == (SIZE, 0o600)


@pytest.mark.parametrize("message", ["watching", "x" * 3000])
def test_what_does_not_fit_is_cut_from_the_end(tmp_path: Path, message: str) -> None:
    """With more mailboxes than the file holds, the first ones are still told."""
    where = tmp_path / "status.json"
    heartbeat.write(where, heartbeat.Beat.of(NOW, tuple(_box(number, message) for number in range(400)), None))
    found = heartbeat.read(where)
    assert found is not None
    assert [one.name for one in found.boxes[:3]] == ["box-0", "box-1", "box-2"]
    assert where.stat().st_size == SIZE


@pytest.mark.parametrize("age", [FRESH + timedelta(seconds=1), -timedelta(hours=2)])
def test_an_old_heartbeat_is_no_running_service(age: timedelta) -> None:
    """A heartbeat of long ago, or from before the machine's clock was put back, is not taken for a living service."""
    beat = heartbeat.Beat.of(NOW, (), None).model_copy(update={"written": datetime.now(UTC) - age})
    assert not beat.fresh


@pytest.mark.parametrize("content", [b"", b'{"at": "2026', b"[]", b"\xff\xfe"])
def test_a_cut_file_is_no_heartbeat(tmp_path: Path, content: bytes) -> None:
    """What a crash left behind is read as none, and so is no file."""
    where = tmp_path / "status.json"
    assert heartbeat.read(where) is None
    where.write_bytes(content)
    assert heartbeat.read(where) is None


def test_a_disk_that_refuses_it_is_no_error(tmp_path: Path) -> None:
    """The service goes on when not even its heartbeat can be written."""
    (tmp_path / "status.json").mkdir()
    heartbeat.write(tmp_path / "status.json", heartbeat.Beat.of(NOW, (), None))
    heartbeat.write(tmp_path / "gone" / "status.json", heartbeat.Beat.of(NOW, (), None))
    assert heartbeat.read(tmp_path / "status.json") is None


def test_it_lies_where_systemd_wants_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first folder of ``$RUNTIME_DIRECTORY``, else beside the database."""
    monkeypatch.delenv("RUNTIME_DIRECTORY", raising=False)
    assert heartbeat.path(tmp_path) == tmp_path / "status.json"
    monkeypatch.setenv("RUNTIME_DIRECTORY", "/run/relance:/run/other")
    assert heartbeat.path(tmp_path) == Path("/run/relance/status.json")


def test_a_state_is_news_once(tmp_path: Path) -> None:
    """The same state again is no news and keeps the moment since when it is so; its facts are the newest."""
    clock = SetClock(NOW)
    beat = Beat(tmp_path / "status.json", clock)
    assert beat.tell("perso", State.RETRYING, "connection_lost", {"attempt": 1})
    clock.set(NOW + timedelta(minutes=1))
    assert not beat.tell("perso", State.RETRYING, "connection_lost", {"attempt": 2})
    found = heartbeat.read(tmp_path / "status.json")
    assert found is not None
    (box,) = found.boxes
    assert (box.since, box.facts) == (NOW, {"attempt": "2"})
    assert beat.tell("perso", State.WATCHING, "watching", {})


def test_a_store_problem_is_told_and_ends(tmp_path: Path) -> None:
    """That the store takes no writes is news once, and its end is too."""
    beat = Beat(tmp_path / "status.json", SetClock(NOW))
    assert [beat.store_problem(one) for one in (None, "full", "full", None, None)] == [False, True, False, True, False]
