"""What a test needs of the machine: named, so that a test that cannot run says why, and fails in CI."""

from __future__ import annotations

import os
import shutil
from typing import NoReturn

import pytest

_SYSTEM = ("/usr/sbin", "/sbin")
"""Folders of servers' programs, which Debian leaves out of a user's PATH."""


def missing(what: str) -> NoReturn:
    """End the test: skipped with its reason, but failed in CI, where everything must be there."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"CI must have {what}")
    pytest.skip(f"needs {what}")


def need_program(name: str) -> str:
    """Return the path of a program, or end the test."""
    path = os.pathsep.join((os.environ.get("PATH", os.defpath), *_SYSTEM))
    return shutil.which(name, path=path) or missing(f"the program {name} (make test installs it where it may)")
