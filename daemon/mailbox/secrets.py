"""Passwords and tokens, read where the configuration says, when they are needed and never kept."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from pathlib import Path

from daemon.mailbox.base import ConnectionLost, Misconfigured
from daemon.mailbox.lifeline import Lifeline, held
from daemon.settings import Secret

COMMAND_SECONDS = 30.0
"""How long a command may take to print a secret."""


def read(secret: Secret, line: Lifeline | None = None) -> str:
    """Return the secret.

    Raises ``Misconfigured`` when it is not where the configuration says, and ``ConnectionLost`` when a command
    fails, since a token's server can be away for a while. No message ever holds the secret.
    """
    if secret.command:
        return _of_command(secret.command, line)
    if secret.env:
        value = os.environ.get(secret.env, "")
        if not value:
            raise Misconfigured.of("secret_env", name=secret.env)
        return value
    if secret.credential:
        return _of_credential(secret.credential)
    assert secret.file is not None
    return _of_file(secret.file.expanduser())


def _of_credential(name: str) -> str:
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    if not folder:
        raise Misconfigured.of("secret_no_credentials", name=name)
    if Path(name).name != name:
        raise Misconfigured.of("secret_credential_name", name=name)
    return _of_file(Path(folder) / name)


def _of_file(path: Path) -> str:
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise Misconfigured.of("secret_file", path=str(path)) from None
    if not lines or not lines[0]:
        raise Misconfigured.of("secret_file_empty", path=str(path))
    return lines[0]


def _of_command(command: tuple[str, ...], line: Lifeline | None) -> str:
    try:
        # What it says on stderr could hold the secret, so nobody gets to see it.
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
            start_new_session=True,
        )
    except OSError:
        raise Misconfigured.of("secret_command", program=command[0]) from None
    with process:
        try:
            with held(line, lambda: _kill(process)):
                output, _ = process.communicate(timeout=COMMAND_SECONDS)
        except (subprocess.TimeoutExpired, UnicodeDecodeError):
            raise ConnectionLost.of("secret_command_failed", program=command[0]) from None
        finally:
            _kill(process)
    lines = output.splitlines()
    if process.returncode != 0 or not lines or not lines[0]:
        raise ConnectionLost.of("secret_command_failed", program=command[0])
    return lines[0]


def _kill(process: subprocess.Popen[str]) -> None:
    # The whole session: what the command has started may hold its output open.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
