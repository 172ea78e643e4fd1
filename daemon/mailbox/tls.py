"""What certificates are believed."""

from __future__ import annotations

import ssl
from pathlib import Path

from daemon.mailbox.base import Misconfigured


def context(ca_file: Path | None) -> ssl.SSLContext:
    """Return a context that checks certificate and host name, with the system's authorities and ``ca_file`` besides.

    Raises ``Misconfigured`` when ``ca_file`` cannot be read or holds no certificate.
    """
    made = ssl.create_default_context()
    if ca_file is not None:
        try:
            made.load_verify_locations(cafile=ca_file.expanduser())
        except OSError:  # ssl.SSLError, for a file without certificates, is one too
            raise Misconfigured.of("ca_file", path=str(ca_file)) from None
    return made
