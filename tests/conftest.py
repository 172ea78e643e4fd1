"""Fixtures that all tests share: servers, real ones."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

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
        pytest.skip("dovecot-imapd is not installed")
    server = Dovecot(certificate)
    try:
        server.start()
        yield server
    finally:
        server.stop()


@pytest.fixture
def scripted_imap() -> Iterator[ScriptedImap]:
    """Start a small IMAP server whose faults the test scripts."""
    server = ScriptedImap()
    server.start()
    yield server
    server.stop()
