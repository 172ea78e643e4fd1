"""A certificate for loopback, made by openssl when the tests run: none is kept in the project."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Certificate:
    """A self-signed certificate for localhost and 127.0.0.1, and its key, in PEM."""

    cert: Path
    key: Path


def make_certificate(folder: Path, host: str = "localhost", address: str = "127.0.0.1") -> Certificate:
    """Make a certificate, valid for two days, in ``folder``; strict verification (Python 3.13) takes it too."""
    made = Certificate(folder / "cert.pem", folder / "key.pem")
    subprocess.run(
        f"openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN={host}"
        f" -addext subjectAltName=DNS:{host},IP:{address} -addext keyUsage=critical,digitalSignature,keyCertSign"
        f" -keyout {made.key} -out {made.cert}".split(),
        check=True,
        capture_output=True,
    )
    return made
