"""systemd's notification protocol (sd_notify(3)): one datagram to ``$NOTIFY_SOCKET``."""

from __future__ import annotations

import os
import socket


def send(*states: str) -> bool:
    """Send states such as ``READY=1``; return False when nobody listens. Never raises: the service goes on without."""
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return False
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sock:
            sock.sendto("\n".join(states).encode(), address.replace("@", "\0", 1) if address[0] == "@" else address)
    except OSError:
        return False
    return True
