"""The real service as a process of its own, on a configuration written for a test."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.road.mails import OWNER
from tests.servers.dovecot import Dovecot

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 30.0


def account(dovecot: Dovecot, name: str = "perso", user: str = "camille", **more: str) -> str:
    """Return the TOML of one mailbox on a test's Dovecot, over TLS."""
    lines = {
        "name": f'"{name}"',
        "kind": '"imap"',
        "host": f'"{dovecot.host}"',
        "port": str(dovecot.tls_port),
        "ca_file": f'"{dovecot.ca_file}"',
        "username": f'"{user}"',
        "password": '{ env = "RELANCE_TEST_PASSWORD" }',
        **more,
    }
    body = "\n".join(f"{key} = {value}" for key, value in lines.items())
    return f'[[mailboxes]]\n{body}\n[mailboxes.owner]\nname = "Camille Rivoire"\naddresses = ["{OWNER}"]\n'


class Relance:
    """One configuration, and the commands run on it."""

    def __init__(self, folder: Path, *mailboxes: str, claims: str = "", password: str = "") -> None:
        self.state = folder / "state"
        self.config = folder / "relance.toml"
        head = f'state_dir = "{self.state}"\nlog_level = "debug"\n'
        self.config.write_text("\n".join([head, f"[claims]\n{claims}\n", *mailboxes]), "utf-8")
        self.config.chmod(0o600)
        self.log = folder / "relance.log"
        self._env = {
            **os.environ,
            "RELANCE_TEST_PASSWORD": password,
            "PYTHONPATH": str(ROOT),
            "PYTHONWARNINGS": "error",
            "LC_ALL": "C.UTF-8",
        }
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, **env: str) -> subprocess.Popen[bytes]:
        """Start ``relance run``; its log goes to ``self.log``."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "daemon.cli.main", "--config", str(self.config), "run"],
                env={**self._env, **env},
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        return self._process

    def kill(self) -> None:
        """End it as a power cut does."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def stop(self) -> tuple[int, float]:
        """Ask it to end; return the exit code and the seconds that it took."""
        assert self._process is not None
        begun = time.monotonic()
        self._process.send_signal(signal.SIGTERM)
        code = self._process.wait(PATIENCE)
        return code, time.monotonic() - begun

    def close(self) -> None:
        """Make sure that nothing is left running."""
        if self._process is not None and self._process.poll() is None:
            self.kill()

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run another command on the same configuration."""
        return subprocess.run(
            [sys.executable, "-m", "daemon.cli.main", "--config", str(self.config), *arguments],
            env=self._env,
            cwd="/",
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    def json(self, *arguments: str) -> Any:
        """Run a command with ``--json`` and return what it printed."""
        done = self.command(*arguments, "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def states(self) -> list[str]:
        """Return the states that mailboxes went through, over all starts."""
        return [line["state"] for line in self.lines() if line["event"] == "mailbox_state"]

    def lines(self) -> list[dict[str, Any]]:
        """Return the service's log."""
        text = self.log.read_text("utf-8")
        return [json.loads(line) for line in text.splitlines() if line.startswith("{") and line.endswith("}")]


def until(true: Callable[[], Any], what: str, seconds: float = PATIENCE) -> Any:
    """Wait until a condition outside this process holds, and return what it gave."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := true():
            return found
        threading.Event().wait(0.05)
    raise AssertionError(f"waited {seconds:g} s in vain for: {what}")
