"""A test that cannot run is skipped with its reason, and fails in CI."""

from __future__ import annotations

import pytest

from tests.requirements import need_program


def test_a_program_at_hand_is_found() -> None:
    """A program that is there is given with its path."""
    assert need_program("sh").endswith("/sh")


def test_servers_programs_are_found_outside_the_path(monkeypatch: pytest.MonkeyPatch) -> None:
    """Programs in /usr/sbin are found although a user's PATH does not hold that folder."""
    monkeypatch.setenv("PATH", "/nonexistent")
    assert need_program("ldconfig").endswith("sbin/ldconfig")


def test_without_the_program_the_test_is_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a developer's machine a missing program skips the test and is named."""
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="no-such-program"):
        need_program("no-such-program")


def test_in_ci_the_test_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    """In CI nothing may be left out silently."""
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="no-such-program"):
        need_program("no-such-program")
