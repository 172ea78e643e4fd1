"""Promises of the README that are kept by what is not in the code."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SENDING = {"smtplib", "aiosmtplib", "aiosmtpd"}
FETCHING = {"http", "httpx", "requests", "aiohttp", "urllib3", "ftplib", "xmlrpc", "webbrowser"}


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from (f"{node.module}.{one.name}" for one in node.names)


def _code() -> list[Path]:
    return sorted(path for name in ("daemon", "parsers") for path in (ROOT / name).rglob("*.py"))


def test_the_code_is_found() -> None:
    """The two tests below look at the whole program."""
    assert len(_code()) > 100


@pytest.mark.parametrize("forbidden", [SENDING, FETCHING], ids=["send mail", "fetch pages"])
def test_nothing_can(forbidden: set[str]) -> None:
    """No module brings anything that sends mail or fetches pages: relance sends nothing and phones nobody."""
    found = {(str(path.relative_to(ROOT)), name) for path in _code() for name in _imports(path)}
    guilty = {
        one
        for one in found
        if one[1].partition(".")[0] in forbidden or one[1].startswith(("urllib.request", "urllib.robot"))
    }
    assert guilty == set()


def test_the_only_connections_are_to_the_mail_server() -> None:
    """Only the mailbox's modules, and the word to systemd, know what a socket is."""
    allowed = {"daemon/mailbox", "daemon"}
    users = {path.relative_to(ROOT) for path in _code() if {"socket", "ssl", "imapclient"} & _tops(path)}
    assert users
    assert {str(path.parent) for path in users} <= allowed
    assert {path.name for path in users if str(path.parent) == "daemon"} <= {"notify.py"}


def test_only_one_module_asks_dns() -> None:
    """Names are looked up where DKIM's keys come from, and nowhere else; the library that verifies is given them."""
    users = {path.relative_to(ROOT).as_posix() for path in _code() if {"dns", "aiodns"} & _tops(path)}
    assert users == {"daemon/keys.py"}
    given = {path.relative_to(ROOT).as_posix() for path in _code() if "dkim" in _tops(path)}
    assert given == {"daemon/intake/signatures.py"}


def _tops(path: Path) -> set[str]:
    return {name.partition(".")[0] for name in _imports(path)}
