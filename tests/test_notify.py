"""systemd's notification protocol, on real sockets."""

from __future__ import annotations

import socket
import uuid
from pathlib import Path

import pytest

from daemon import notify


def _listen(address: str) -> socket.socket:
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    listener.settimeout(5)
    listener.bind(address)
    return listener


def test_states_arrive_as_one_datagram(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each state is a line of one datagram on ``$NOTIFY_SOCKET``."""
    with _listen(str(tmp_path / "notify")) as listener:
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        assert notify.send("READY=1", "STATUS=2 mailboxes")
        assert listener.recv(1000) == b"READY=1\nSTATUS=2 mailboxes"


def test_an_abstract_socket_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """``@name`` is a socket without a file."""
    name = f"relance-{uuid.uuid4().hex}"
    with _listen(f"\0{name}") as listener:
        monkeypatch.setenv("NOTIFY_SOCKET", f"@{name}")
        assert notify.send("STOPPING=1")
        assert listener.recv(1000) == b"STOPPING=1"


@pytest.mark.parametrize("address", ["", "/nonexistent/notify"])
def test_nobody_listening_is_no_error(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    """Without systemd, or with a socket that is gone, the service goes on."""
    monkeypatch.setenv("NOTIFY_SOCKET", address)
    assert not notify.send("WATCHDOG=1")
