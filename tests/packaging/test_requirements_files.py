"""The pinned requirements are whole, agree with pyproject.toml and with each other, and name no registry."""

from __future__ import annotations

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.packaging.conftest import ROOT, tracked

FILES = ("requirements.txt", "requirements-build.txt", "requirements-dev.txt", "requirements-source.txt")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
# In pieces, so that this file does not hold what it looks for.
HOSTS = tuple(f"{name}.org" for name in ("pythonhosted", "pypi", "npmjs", "debian"))


def text(name: str) -> str:
    """Return a file of the project."""
    return (ROOT / name).read_text("utf-8")


def entries(name: str) -> dict[str, str]:
    """Return the whole entry, hashes included, of every package of a requirement file."""
    lines = "\n".join(line for line in text(name).splitlines() if not line.lstrip().startswith("#"))
    whole = (entry for entry in re.split(r"\n(?=\S)", lines) if entry.strip())
    return {str(canonicalize_name(Requirement(entry.split()[0]).name)): entry for entry in whole}


def pins(name: str) -> dict[str, Version]:
    """Return the version that a requirement file pins for every package."""
    return {key: Version(entry.split()[0].partition("==")[2]) for key, entry in entries(name).items()}


@pytest.mark.parametrize("name", FILES)
def test_every_package_is_pinned_with_hashes(name: str) -> None:
    """Each entry has one exact version and at least one SHA-256, and nothing but that."""
    for entry in entries(name).values():
        pin, *hashes = entry.replace("\\\n", " ").split()
        assert re.fullmatch(r"[a-z0-9-]+==[0-9][0-9a-z.]*", pin)
        assert hashes
        assert all(re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", each) for each in hashes), entry


@pytest.mark.parametrize("name", FILES)
def test_no_registry_and_no_path_is_named(name: str) -> None:
    """A requirement file tells what, never where from: no address, no option, no path of some machine."""
    assert not re.search(r"://|^-|(^|\s)/\w", text(name), re.MULTILINE)


def test_the_pins_satisfy_the_project() -> None:
    """Every dependency that pyproject.toml asks for is pinned in a version that it allows."""
    asked = {
        "requirements.txt": PROJECT["project"]["dependencies"],
        "requirements-build.txt": PROJECT["build-system"]["requires"],
        "requirements-dev.txt": PROJECT["project"]["optional-dependencies"]["dev"],
    }
    for name, wanted in asked.items():
        pinned = pins(name)
        for requirement in map(Requirement, wanted):
            assert pinned[str(canonicalize_name(requirement.name))] in requirement.specifier


def test_the_three_files_agree() -> None:
    """What is tested is what is run: the file for development holds the other two, in the same versions."""
    whole = pins("requirements-dev.txt")
    assert whole.items() >= (pins("requirements.txt") | pins("requirements-build.txt")).items()


def test_python_daemon_is_nowhere() -> None:
    """The package python-daemon, whose import name is ours too, is in no requirement file."""
    assert not any("python-daemon" in pins(name) for name in FILES)


def test_no_file_names_a_registrys_host() -> None:
    """No file of the project holds the address of a package registry."""
    found = [name for name in tracked() if any(host.encode() in (ROOT / name).read_bytes() for host in HOSTS)]
    assert found == []
