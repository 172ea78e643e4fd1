"""Help that teaches, in both languages, and commands that start at once."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from daemon import __version__, say
from daemon.cli.main import root
from tests.cli.conftest import Home

ROOT = Path(__file__).parents[2]
_HEAVY = ("sqlalchemy", "imapclient", "alembic", "rich", "babel", "structlog")


def _paths(group: click.Group, before: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield before
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from _paths(command, (*before, name))
        else:
            yield (*before, name)


PATHS = list(_paths(root))


@pytest.mark.parametrize("language", say.LANGUAGES)
@pytest.mark.parametrize("path", PATHS, ids=[" ".join(path) or "relance" for path in PATHS])
def test_every_command_has_help_in_each_language(home: Home, path: tuple[str, ...], language: str) -> None:
    """Each command explains itself and each of its options, without an untranslated word of click's."""
    ran = home.run("--language", language, *path, "--help")
    assert ran.code == 0
    assert len(ran.out) > 100
    assert ran.err == ""
    assert ("Usage\u00a0:" if language == "fr" else "Usage:") in ran.out
    if language == "fr":
        assert "Show this" not in ran.out
        assert "Commands:" not in ran.out


def test_the_exit_codes_are_in_the_help_and_in_the_documentation(home: Home) -> None:
    """Every exit code stands in ``--help`` and in ``docs/cli.md``."""
    from daemon.cli.errors import Exit

    out = home.run("--help").out
    documented = (ROOT / "docs/cli.md").read_text("utf-8")
    for code in Exit:
        assert f"\n  {code.value} " in out
        assert f"| {code.value} |" in documented


def test_every_command_is_in_the_documentation() -> None:
    """``docs/cli.md`` leaves no command out."""
    documented = (ROOT / "docs/cli.md").read_text("utf-8")
    assert [path for path in PATHS if path and f"`{' '.join(path)}" not in documented] == []


def test_without_a_command_the_help_is_shown(home: Home) -> None:
    """``relance`` alone teaches, with the exit code of a wrong usage."""
    ran = home.run()
    assert ran.code == 2
    assert "relance init" in ran.err


def test_the_version_is_told(home: Home) -> None:
    """``--version`` names the program and its version."""
    assert home.run("--version").out == f"relance {__version__}\n"


def _loaded(words: list[str], modules: tuple[str, ...]) -> list[str]:
    """Run a command in a fresh interpreter; return those of ``modules`` that it loaded."""
    code = (
        "import sys; from daemon.cli.main import main; "
        f"main({words!r}); print(*[name for name in {modules!r} if name in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
    return ran.stdout.splitlines()[-1].split()


@pytest.mark.parametrize("words", [["--version"], ["--help"], ["orders", "--help"], ["--language", "fr", "nonsense"]])
def test_what_needs_no_database_does_not_load_one(words: list[str]) -> None:
    """Version, help and mistakes of usage load none of the heavy libraries."""
    assert _loaded(words, _HEAVY) == []


def test_parsing_loads_neither_database_nor_network(tmp_path: Path) -> None:
    """``relance parse`` works where no database, no server and no configuration is."""
    mail = tmp_path / "mail.eml"
    mail.write_bytes(b"From: a@example.org\nSubject: x\n\nhello\n")
    assert _loaded(["parse", "--json", str(mail)], ("sqlalchemy", "imapclient", "alembic", "rich")) == []


def test_french_is_set_as_the_french_set_it() -> None:
    """One word for mails, one apostrophe; what commands say has no ordinary space before a colon."""
    for key, text in say.catalogue("fr").items():
        assert "courriel" not in text, key
        assert not re.search(r"[^\W\d_]'[^\W\d_]", text), key
        if key.startswith(("cli.", "check.", "parse.", "status.", "error.", "mailbox.")):
            assert " :" not in text, key
