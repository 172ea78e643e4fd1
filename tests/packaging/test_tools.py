"""The tools behind the Makefile choose a Python, and refuse packages that are not those that were pinned."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import pytest

from tests.packaging.conftest import ROOT, run, succeed


@pytest.fixture
def old_python(tmp_path: Path) -> Path:
    """Make a program that answers as a Python too old for relance does."""
    program = tmp_path / "python3"
    program.write_text('#!/bin/sh\n[ "$1" = --version ] && echo "Python 3.9.2"\nexit 0\n')
    program.chmod(0o755)
    return program


def offline(wheel: Path) -> dict[str, str]:
    """Return pip's settings for this one wheel and no index."""
    return {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(wheel.parent), "PIP_CONFIG_FILE": os.devnull}


def test_an_old_python_is_refused_in_plain_words(old_python: Path) -> None:
    """With a Python that is too old, one sentence says which is needed, which was found, and what to do."""
    done = run(ROOT / "tools" / "find-python", PYTHON=str(old_python))
    assert done.returncode == 1
    assert done.stdout == ""
    for part in ("needs Python 3.11 or newer", "Python 3.9.2", "PYTHON="):
        assert part in done.stderr


def test_the_python_that_was_named_is_taken() -> None:
    """A Python that will do is printed with its path, and one inside an environment by what it was made from."""
    said = succeed(ROOT / "tools" / "find-python", PYTHON=sys.executable).strip()
    version = succeed(said, "-c", "import sys; print(*sys.version_info[:2])").split()
    assert version == [str(part) for part in sys.version_info[:2]]
    assert succeed(said, "-c", "import sys; print(sys.prefix == sys.base_prefix)").strip() == "True"


@pytest.mark.slow
def test_a_package_with_another_hash_stops_the_installation(wheel: Path, tmp_path: Path) -> None:
    """When a package is not the one that was pinned, nothing is installed and the reason is shown, every time."""
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "requirements-source.txt").write_text("")
    name, version = wheel.name.split("-")[:2]
    (tmp_path / "wrong.txt").write_text(f"{name}=={version} --hash=sha256:{'0' * 64}\n")
    for _ in range(2):
        done = run(ROOT / "tools" / "venv", ".venv", sys.executable, "wrong.txt", cwd=tmp_path, **offline(wheel))
        assert done.returncode != 0
        assert "DO NOT MATCH THE HASHES" in done.stderr
    assert not list((tmp_path / ".venv" / "lib").glob("*/site-packages/relance*"))


def test_the_makefile_explains_itself() -> None:
    """`make` alone lists what can be made."""
    said = succeed("make", "--no-print-directory", cwd=ROOT)
    for target in ("demo", "test", "check", "clean", "lock"):
        assert re.search(rf"make {target} ", said), said
