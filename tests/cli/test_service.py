"""``relance run``: the service as systemd starts it, seen by ``status`` beside it."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from daemon.cli.progress import ReadingBack
from tests.cli.conftest import Home

ROOT = Path(__file__).parents[2]


def test_it_watches_logs_and_ends_when_told(ready: Home) -> None:
    """It says in JSON that it watches, ``status`` sees it, and SIGTERM ends it within five seconds with code 0."""
    environ = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "daemon.cli.main", "run"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environ) as service:
        try:
            assert service.stderr is not None
            states = []
            for line in service.stderr:
                event = json.loads(line)
                states.append(event.get("state"))
                if event.get("state") == "watching":
                    break
            assert states[-1] == "watching"
            ran = ready.run("status")
            assert ran.code == 0
            assert "relance watches." in ran.out
            told = time.monotonic()
            service.send_signal(signal.SIGTERM)
            rest = service.stderr.read()
            assert service.wait(timeout=10) == 0
            assert time.monotonic() - told < 5
        finally:
            service.kill()
    assert "Camille" not in rest
    assert all(json.loads(line)["level"] == "info" for line in rest.splitlines())


def test_a_maildir_that_is_not_there_is_named(ready: Home) -> None:
    """The log and ``status`` name the path that the configuration gives, as nothing else tells what to mend."""
    path = ready.folder / "Maildir"
    path.rename(ready.folder / "Elsewhere")
    command = [sys.executable, "-m", "daemon.cli.main", "run"]
    environ = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environ) as service:
        try:
            assert service.stderr is not None
            events = (json.loads(line) for line in service.stderr)
            gone = next(event for event in events if event.get("state") == "folder_gone")
            assert (gone["message"], gone["path"]) == ("maildir_missing", str(path))
            assert f"{path} is not a Maildir" in ready.run("status").out
        finally:
            service.terminate()
            service.communicate(timeout=10)


def test_a_wrong_configuration_ends_it_at_once(home: Home) -> None:
    """Without a configuration the service ends with exit code 3 and says where it looked."""
    ran = home.run("run")
    assert ran.code == 3
    assert str(home.config) in ran.err


def test_a_first_reading_shows_how_far_it_is(home: Home) -> None:
    """Two mailboxes read at once share a bar; each folder that is done leaves a line of its own."""
    out = io.StringIO()
    show = ReadingBack(out)
    show("perso", "INBOX", 50, 200)
    show("pro", "INBOX", 0, 200)
    assert out.getvalue().endswith("━" * 3 + "─" * 21 + " perso, pro: 50 of 400 mails")
    show("perso", "INBOX", 200, 200)
    assert "perso, INBOX: 200 mails read back\n" in out.getvalue()
    assert out.getvalue().endswith("─" * 24 + " pro: 0 of 200 mails")
    show("pro", "INBOX", 200, 200)
    assert out.getvalue().endswith("pro, INBOX: 200 mails read back\n")
