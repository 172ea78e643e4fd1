"""Where relance keeps what it knows."""

from __future__ import annotations

import os
from pathlib import Path

from daemon.settings import Settings


def state_dir(settings: Settings) -> Path:
    """Return the folder of the database: as configured, else systemd's ``$STATE_DIRECTORY``, else the user's own."""
    if settings.state_dir is not None:
        return settings.state_dir.expanduser()
    if systemd := os.environ.get("STATE_DIRECTORY"):
        return Path(systemd.split(":")[0])
    home = os.environ.get("XDG_STATE_HOME")
    return (Path(home) if home else Path.home() / ".local" / "state") / "relance"


def database(settings: Settings) -> Path:
    """Return the database file."""
    return state_dir(settings) / "relance.sqlite3"
