"""The units are understood by systemd, and leave the service little to do harm with."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.requirements import need_program
from tests.systemd.sandbox import settings

SYSTEMD = Path(__file__).resolve().parents[2] / "systemd"
SYSTEM = SYSTEMD / "relance.service"
USER = SYSTEMD / "user" / "relance.service"
EXPOSURE = 1.2


def analyze(*arguments: str | Path, runtime: Path | None = None) -> str:
    """Return all that systemd-analyze says."""
    environment = os.environ | ({"XDG_RUNTIME_DIR": str(runtime)} if runtime else {})
    command = [need_program("systemd-analyze"), "--no-pager", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=60, check=False)
    return done.stdout + done.stderr


@pytest.mark.parametrize(("unit", "scope"), [(SYSTEM, "--system"), (USER, "--user")], ids=["system", "user"])
def test_systemd_finds_nothing_to_say(unit: Path, scope: str, tmp_path: Path) -> None:
    """`systemd-analyze verify` is silent: no unknown key, no value that it cannot read."""
    program = settings(unit, "ExecStart")[0].split()[0]
    copy = tmp_path / unit.name
    # The program is not installed on this machine, which verify would say; any that exists does instead.
    copy.write_text(unit.read_text("utf-8").replace(f"ExecStart={program}", f"ExecStart={need_program('true')}"))
    assert analyze("verify", "--man=no", scope, copy, runtime=tmp_path) == ""


def test_a_wrong_line_would_be_found(tmp_path: Path) -> None:
    """The check above can fail: a misspelt key is reported."""
    copy = tmp_path / SYSTEM.name
    copy.write_text("[Service]\nExecStart=/bin/true\nProtectSytem=strict\n")
    assert "ProtectSytem" in analyze("verify", "--man=no", "--system", copy, runtime=tmp_path)


def test_little_is_exposed() -> None:
    """`systemd-analyze security` rates the service at no more than the house's figure (0 is best, 10 worst)."""
    said = analyze("security", "--offline=yes", SYSTEM)
    rated = re.search(r"Overall exposure level for \S+: (\d+\.\d+)", said)
    assert rated is not None, said
    assert float(rated[1]) <= EXPOSURE, said


def test_the_promises_to_systemd() -> None:
    """The service says when it is ready, is watched for hanging, is stopped within five seconds, has its own user."""
    promises = {"Type": "notify", "NotifyAccess": "main", "WatchdogSec": "180", "TimeoutStopSec": "5"}
    own = {"DynamicUser": "yes", "StateDirectory": "relance", "StateDirectoryMode": "0700", "UMask": "0077"}
    for key, value in (promises | own).items():
        assert settings(SYSTEM, key) == [value]


def test_an_absent_secret_does_not_keep_the_service_from_starting() -> None:
    """Only the configuration, whose absence is asserted first, is loaded by path; secrets by name may be absent."""
    loaded = settings(SYSTEM, "LoadCredential") + settings(SYSTEM, "LoadCredentialEncrypted")
    assert [one for one in loaded if ":" in one] == ["relance.toml:/etc/relance/relance.toml"]
    assert settings(SYSTEM, "AssertPathExists") == ["/etc/relance/relance.toml"]
    assert "imap-password" in loaded
