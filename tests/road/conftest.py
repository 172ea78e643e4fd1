"""Fixtures of the whole road: the real service beside a real Dovecot."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.road.service import Relance, account
from tests.servers.dovecot import Dovecot

Maker = Callable[..., Relance]


@pytest.fixture
def make_relance(tmp_path: Path) -> Iterator[Maker]:
    """Return a maker of configurations whose services are ended with the test."""
    made: list[Relance] = []

    def make(*mailboxes: str, claims: str = "", password: str = "") -> Relance:
        folder = tmp_path / f"relance-{len(made)}"
        folder.mkdir()
        made.append(Relance(folder, *mailboxes, claims=claims, password=password))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def relance(dovecot: Dovecot, make_relance: Maker) -> Relance:
    """Return relance, configured for one mailbox of the test's Dovecot, and answering sellers by mail."""
    return make_relance(account(dovecot), claims="seller_mail = true", password=dovecot.password)
