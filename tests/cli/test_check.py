"""``relance check``: what is well, what is not, and how it is mended."""

from __future__ import annotations

import shutil
from collections import namedtuple
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from daemon import configuration, locations
from daemon.cli import checks
from daemon.mailbox.probe import Report
from daemon.say import say
from tests.cli.conftest import Home
from tests.servers.dovecot import Dovecot


def _found(home: Home, *words: str) -> dict[str, str]:
    return {one["what"]: one["level"] for one in home.run("check", "--json", *words).json}


def test_a_sound_installation_passes(ready: Home) -> None:
    """Configuration, rules, disk, database and Maildir are well: exit code 0."""
    ran = ready.run("check")
    assert ran.code == 0
    assert "fail" not in ran.out
    found = _found(ready)
    assert found == dict.fromkeys(("configuration", "rules", "disk", "store", "maildir", "drafts", "sent"), "ok")
    assert "3 folders" in ran.out
    assert f"drafts go to {ready.folder}/Maildir/.Drafts" in ran.out


def test_a_maildir_of_one_folder(ready: Home) -> None:
    """One folder is one folder; that relance makes the one for drafts itself is no warning."""
    for name in (".Drafts", ".Sent"):
        shutil.rmtree(ready.folder / "Maildir" / name)
    out = ready.run("check").out
    assert "Maildir, 1 folder\n" in out
    assert f"drafts will go to {ready.folder}/Maildir/.Drafts" in out


def test_a_file_that_others_can_read_is_a_warning(ready: Home) -> None:
    """Rights beyond the owner's are told with the command that mends them; they are no failure."""
    ready.config.chmod(0o644)
    ran = ready.run("check")
    assert ran.code == 0
    assert f"chmod 600 {ready.config}" in ran.out


def test_a_password_that_others_can_read_is_a_warning(ready: Home) -> None:
    """The file of a password is looked at too; once it is its owner's alone, nothing is said."""
    password = ready.folder / "password"
    password.write_text("x\n")
    ready.config.write_text(
        f'[[mailboxes]]\nname = "perso"\nhost = "127.0.0.1"\nusername = "camille"\npassword.file = "{password}"\n'
        '[mailboxes.owner]\nname = "Camille"\naddresses = ["camille@example.org"]\n'
    )
    for mode, told in ((0o644, True), (0o600, False)):
        password.chmod(mode)
        assert (f"chmod 600 {password}" in ready.run("check", "--offline").out) is told


def test_a_maildir_that_is_not_there_fails(ready: Home) -> None:
    """A mailbox that cannot be opened: exit code 1, and which one."""
    shutil.rmtree(ready.folder / "Maildir")
    ran = ready.run("check")
    assert ran.code == 1
    assert "main: " in ran.out
    assert "To mend: 1." in ran.out
    assert _found(ready, "--offline").keys() == {"configuration", "rules", "disk", "store"}


def test_a_folder_that_is_not_there_fails_with_those_that_are(ready: Home) -> None:
    """A misspelt folder is named beside the folders that exist."""
    text = ready.config.read_text("utf-8").replace('# folders = ["INBOX"]', 'folders = ["INBOX", "Coli"]')
    ready.config.write_text(text, "utf-8")
    ran = ready.run("check")
    assert ran.code == 1
    assert "no such folder: Coli" in ran.out


def test_a_damaged_database_fails(troubled: Home) -> None:
    """A database whose pages are overwritten is found out, and the other lines are still told."""
    path = locations.database(configuration.read(troubled.config))
    for part in path.parent.glob(f"{path.name}-*"):
        part.unlink()
    path.write_bytes(b"no database at all" * 400)
    ran = troubled.run("check", "--json")
    assert ran.code == 1
    levels = {one["what"]: one["level"] for one in ran.json}
    assert levels["store_damaged"] == "fail"
    assert levels["maildir"] == "ok"


Usage = namedtuple("Usage", "total used free")


@pytest.mark.parametrize(
    ("free", "what", "level"), [(10, "disk_low", "fail"), (100, "disk_low", "warn"), (900, "disk", "ok")]
)
def test_a_disk_that_fills_up_is_told_before_it_is_full(
    ready: Home, monkeypatch: pytest.MonkeyPatch, free: int, what: str, level: str
) -> None:
    """Little space is a warning, next to none a failure."""
    monkeypatch.setattr("shutil.disk_usage", lambda _: Usage(10**10, 10**10, free * 1_000_000))
    assert _found(ready)[what] == level


@pytest.mark.parametrize(
    ("report", "expected"),
    [
        ({"problem": "login_refused", "problem_facts": {"code": "NO"}}, {"mailbox_problem": "fail"}),
        ({"idle": False, "uidplus": False}, {"no_idle": "warn", "no_uidplus": "warn"}),
        ({"newest_received_at": datetime.now(UTC) + timedelta(hours=3)}, {"clock": "warn"}),
        ({"newest_received_at": datetime.now(UTC) - timedelta(hours=3)}, {"newest": "ok"}),
        ({"authserv_id": "mx.example.org"}, {"authserv": "warn"}),
        ({"drafts": None, "sent": None}, {"no_drafts": "warn", "no_sent": "warn"}),
        ({"drafts": "Brouillons", "sent": "Envoyés"}, {"drafts": "ok", "sent": "ok"}),
    ],
)
def test_what_a_server_lacks_is_told(home: Home, report: dict[str, object], expected: dict[str, str]) -> None:
    """Each finding about a server has its level, and a sentence in each language."""
    assert home.run("init", "--name", "Z", "--email", "z@example.org", "--host", "h.example").code == 0
    (box,) = configuration.read(home.config).mailboxes
    found = {one.what: one.level for one in checks._mailbox(box, Report("main", **report))}  # type: ignore[arg-type]
    assert expected.items() <= found.items()
    assert all(say(f"check.{what}", "fr", **dict.fromkeys(_FACTS, "x")) for what in found)


_FACTS = ("name", "problem", "folders", "folder", "newest", "id")


def test_a_real_server_is_looked_at(home: Home, dovecot: Dovecot, tmp_path: Path) -> None:
    """On a real IMAP server: login, Drafts and Sent by their special use, and IDLE."""
    (tmp_path / "password").write_text(dovecot.password + "\n", "utf-8")
    home.config.parent.mkdir(parents=True)
    home.config.write_text(
        f'[[mailboxes]]\nname = "perso"\nhost = "127.0.0.1"\nport = {dovecot.port}\nsecurity = "plain"\n'
        f'username = "{dovecot.users[0]}"\npassword = {{ file = "{tmp_path}/password" }}\n'
        '[mailboxes.owner]\nname = "Zoé"\naddresses = ["zoe@example.org"]\n',
        "utf-8",
    )
    found = _found(home)
    assert {found[what] for what in ("login", "drafts", "sent", "idle")} == {"ok"}
    (tmp_path / "password").write_text("wrong\n", "utf-8")
    ran = home.run("check")
    assert ran.code == 1
    assert "refused the login" in ran.out
    assert "wrong" not in ran.out


@pytest.mark.parametrize(("language", "unless"), [("en", "may not be heard, unless"), ("fr", "sauf si le serveur")])
def test_advice_about_trust_says_when_it_counts(home: Home, language: str, unless: str) -> None:
    """The warning leaves room for what the server proves, and both pieces of advice name ``relance replay``."""
    assert home.run("init", "--name", "Z", "--email", "z@example.org", "--host", "h.example").code == 0
    (box,) = configuration.read(home.config).mailboxes
    found = {one.what for one in checks._mailbox(box, Report("main", authserv_id="mx.example.org"))}
    assert {"authserv", "owner_unproven"} <= found
    for what in ("authserv", "owner_unproven"):
        assert "relance replay" in say(f"check.{what}", language, name="main", id="mx.example.org")
    assert unless in say("check.owner_unproven", language, name="main")
