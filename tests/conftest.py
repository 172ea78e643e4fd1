"""Fixtures that all tests share: real servers, and a house without one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house import House
from tests.requirements import missing
from tests.servers import dovecot as dovecot_server
from tests.servers.certificate import Certificate, make_certificate
from tests.servers.dovecot import Dovecot
from tests.servers.scripted import ScriptedImap


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    """Return a certificate for loopback, made for this run."""
    return make_certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def dovecot(certificate: Certificate) -> Iterator[Dovecot]:
    """Start a real Dovecot of this test's own, with empty mailboxes; its users are ``dovecot.users``."""
    if not dovecot_server.installed():
        missing("a Dovecot with IMAP (dovecot-imapd)")
    server = Dovecot(certificate)
    try:
        server.start()
        yield server
    finally:
        server.stop()


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """Return a house with one mailbox, Camille's; nothing of the machine's own settings is seen."""
    for name in ("STATE_DIRECTORY", "RUNTIME_DIRECTORY"):
        monkeypatch.delenv(name, raising=False)
    made = House(tmp_path)
    yield made
    made.close()


@pytest.fixture
def scripted_imap() -> Iterator[ScriptedImap]:
    """Start a small IMAP server whose faults the test scripts."""
    server = ScriptedImap()
    server.start()
    yield server
    server.stop()
