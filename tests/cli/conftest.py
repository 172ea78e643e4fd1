"""A home of one's own for each test: a configuration, a Maildir, a real store, and the command line."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog

from daemon import configuration, locations, rules
from daemon.cli.main import main
from daemon.clock import SystemClock
from daemon.mailbox.base import Arrived, Role, Watermark
from daemon.pipeline import Pipeline
from daemon.store import Store
from tests.road import mails

ORDER = "404-7318842-5520917"


@dataclass(frozen=True)
class Ran:
    """What one command gave."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Return what was printed, as JSON."""
        return json.loads(self.out)


class Home:
    """A user's home folder, and what they type."""

    def __init__(self, folder: Path, capture: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.config = folder / ".config/relance/relance.toml"
        self._capture = capture
        self._uid = 0

    def run(self, *words: str) -> Ran:
        """Type ``relance WORDS``."""
        self._capture.readouterr()
        code = main(words)
        said = self._capture.readouterr()
        return Ran(int(code), said.out, said.err)

    def told(self, tell: Callable[[], None]) -> str:
        """Return what is printed while something is told."""
        self._capture.readouterr()
        tell()
        return self._capture.readouterr().out

    def maildir(self) -> Path:
        """Make a Maildir with Drafts and Sent."""
        for name in ("Maildir", "Maildir/.Drafts", "Maildir/.Sent"):
            for part in ("cur", "new", "tmp"):
                (self.folder / name / part).mkdir(parents=True, exist_ok=True)
        return self.folder / "Maildir"

    def set_up(self) -> None:
        """Write a configuration for the Maildir."""
        owner = ("--name", "Camille Rivoire", "--email", mails.OWNER, "--owner-language", "fr")
        assert self.run("init", *owner, "--maildir", str(self.maildir())).code == 0

    def receive(self, *raws: bytes) -> None:
        """Keep mails as the service does, and read them."""
        settings = configuration.read(self.config)
        box, now = settings.mailboxes[0], datetime.now(UTC)
        with Store.open(locations.database(settings)) as store:
            came = now - timedelta(minutes=len(raws))
            arrived = [
                Arrived(self._uid + place, came + timedelta(minutes=place), raw) for place, raw in enumerate(raws, 1)
            ]
            self._uid += len(raws)
            mark = Watermark(1, self._uid)
            store.mails.keep(box.owner.key, box.name, "INBOX", Role.INBOX, mark, arrived, now)
            Pipeline(settings, store, rules.load(), SystemClock()).read_new()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Home]:
    """Return an empty home; nothing of the machine's own settings is seen."""
    for name in ("RELANCE_CONFIG", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "STATE_DIRECTORY", "RUNTIME_DIRECTORY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield Home(tmp_path, capsys)
    structlog.reset_defaults()
    logging.captureWarnings(False)
    root.handlers[:], root.level = handlers, level


@pytest.fixture
def ready(home: Home) -> Home:
    """Return a home with a configuration and an empty database."""
    home.set_up()
    return home


@pytest.fixture
def troubled(ready: Home) -> Home:
    """Return a home with one order that a mail calls delivered and its owner has not received."""
    now = datetime.now(UTC)
    bought, arrived = now - timedelta(days=9), now - timedelta(days=4)
    ready.receive(
        mails.confirmed(ORDER, bought, promised=f"{arrived:%d/%m/%Y}", title="Bouilloire [b]émaillée[/b]"),
        mails.delivered(ORDER, arrived, title="Bouilloire"),
        mails.not_received(ORDER, arrived + timedelta(hours=4), title="Bouilloire"),
    )
    return ready


@pytest.fixture
def ref(troubled: Home) -> str:
    """Return the number of the troubled order's claim."""
    (draft,) = troubled.run("drafts", "--json").json
    return str(draft["claim"]["ref"])
