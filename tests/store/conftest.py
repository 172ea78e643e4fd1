"""A store of each test's own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from daemon.store import Store


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return where the database is to lie; nothing is there yet."""
    return tmp_path / "state" / "relance.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    """Open an empty store that gives up waiting for locks after a fifth of a second."""
    with Store.open(path, wait=0.2) as opened:
        yield opened
