"""What is packed and installed: built once per run, from a copy of the checkout, without network."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import venv
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.requirements import need_program

ROOT = Path(__file__).resolve().parents[2]


def run(*command: str | Path, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command as from a plain shell: no setting of this test run's Python reaches it."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "RELANCE"))}
    words = [str(word) for word in command]
    whole = clean | environment
    return subprocess.run(words, cwd=cwd, env=whole, capture_output=True, text=True, timeout=200, check=False)


def succeed(*command: str | Path, cwd: Path | None = None, **environment: str) -> str:
    """Run a command that must succeed; return its standard output."""
    done = run(*command, cwd=cwd, **environment)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def tracked() -> list[str]:
    """Return the project's files: what git keeps, or would keep if it were added."""
    git = need_program("git")
    listed = succeed(git, "ls-files", "-z", "--cached", "--others", "--exclude-standard", cwd=ROOT)
    return sorted(name for name in listed.split("\0") if name and (ROOT / name).is_file())


def build(kind: str, source: Path, into: Path) -> Path:
    """Build a ``wheel`` or an ``sdist`` with the backend at hand; return the file."""
    succeed(sys.executable, "-m", "build", "--no-isolation", f"--{kind}", "--outdir", into, source)
    (made,) = into.iterdir()
    return made


@pytest.fixture(scope="session")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the project's files, as a fresh clone has them."""
    copy = tmp_path_factory.mktemp("checkout")
    for name in tracked():
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, copy / name)
    return copy


@pytest.fixture(scope="session")
def wheel(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the wheel built from the checkout."""
    return build("wheel", checkout, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="session")
def sdist(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the unpacked source archive built from the checkout."""
    archive = build("sdist", checkout, tmp_path_factory.mktemp("sdist"))
    into = tmp_path_factory.mktemp("unpacked")
    with tarfile.open(archive) as packed:
        packed.extractall(into, filter="data")
    (folder,) = into.iterdir()
    return folder


@dataclass(frozen=True, slots=True)
class Installed:
    """An environment that relance's wheel was installed into."""

    python: Path
    relance: Path
    packages: Path

    def say(self, *arguments: str | Path) -> str:
        """Return what ``relance`` prints, run from ``/``."""
        return succeed(self.relance, *arguments, cwd=Path("/"), LC_ALL="C.UTF-8")


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """Install the wheel into an environment of its own that borrows its dependencies from this one.

    The borrowed folder is appended to ``sys.path``: this run's own editable installation in it is not followed.
    """
    home = tmp_path_factory.mktemp("installed")
    venv.create(home, with_pip=False, symlinks=True)
    python = home / "bin" / "python"
    packages = Path(succeed(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip())
    pip = (sys.executable, "-m", "pip", "--python", python, "--quiet")
    succeed(*pip, "install", "--no-index", "--no-deps", "--no-warn-script-location", wheel)
    (packages / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return Installed(python, home / "bin" / "relance", packages)
