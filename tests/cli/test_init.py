"""``relance init``: a configuration that works, readable by its owner alone, never over another."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from daemon import configuration
from daemon.cli.setup import Answers, rendered
from daemon.settings import ImapMailbox
from tests.cli.conftest import Home

ROOT = Path(__file__).parents[2]
OWNER = ("--name", "Zoé Martin", "--email", "zoe@example.org")


def test_the_file_is_private_and_says_what_was_given(home: Home) -> None:
    """Mode 600, in a folder of mode 700, with server, user, owner and where the password is to be put."""
    ran = home.run("init", *OWNER, "--host", "imap.example.org", "--owner-language", "fr", "--country", "be")
    assert ran.code == 0
    assert stat.S_IMODE(home.config.stat().st_mode) == 0o600
    assert stat.S_IMODE(home.config.parent.stat().st_mode) == 0o700
    (box,) = configuration.read(home.config).mailboxes
    assert isinstance(box, ImapMailbox)
    assert (box.host, box.username, box.owner.language, box.owner.country) == (
        "imap.example.org",
        "zoe@example.org",
        "fr",
        "BE",
    )
    assert box.password is not None
    assert box.password.file == home.config.parent / "password"
    assert str(box.password.file) in ran.out
    assert "relance check" in ran.out


def test_a_file_that_exists_is_left_alone(home: Home) -> None:
    """A second ``init`` is refused with exit code 1, and with ``--force`` it replaces the file, private again."""
    home.config.parent.mkdir(parents=True)
    home.config.write_text("mine", "utf-8")
    ran = home.run("init", *OWNER, "--host", "imap.example.org")
    assert ran.code == 1
    assert home.config.read_text("utf-8") == "mine"
    assert home.run("init", *OWNER, "--host", "imap.example.org", "--force").code == 0
    assert stat.S_IMODE(home.config.stat().st_mode) == 0o600
    assert [path.name for path in home.config.parent.iterdir()] == ["relance.toml"]


@pytest.mark.parametrize(("locale", "language"), [("C", "en"), ("en_GB.UTF-8", "fr")])
def test_the_language_that_is_asked_for_decides(
    home: Home, monkeypatch: pytest.MonkeyPatch, locale: str, language: str
) -> None:
    """``--language`` goes before the locale: for what is said, for the comments, and for the letters."""
    monkeypatch.setenv("LC_ALL", locale)
    ran = home.run("--language", language, "init", *OWNER, "--host", "imap.example.org")
    assert ("Written" if language == "en" else "Écrit") in ran.out
    assert configuration.read(home.config).mailboxes[0].owner.language == language
    assert rendered(Answers(owner_language=language)).splitlines()[0] in home.config.read_text("utf-8")


def test_it_goes_where_config_says(home: Home, tmp_path: Path) -> None:
    """``--config`` names the file to write."""
    assert home.run("--config", str(tmp_path / "other.toml"), "init", *OWNER, "--host", "h.example").code == 0
    assert configuration.read(tmp_path / "other.toml").mailboxes[0].owner.name == "Zoé Martin"


def test_a_relative_maildir_is_written_whole(home: Home, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A Maildir is found whichever folder relance is started from."""
    monkeypatch.chdir(tmp_path)
    assert home.run("init", *OWNER, "--maildir", "Mail").code == 0
    assert configuration.read(home.config).mailboxes[0].path == tmp_path / "Mail"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ((), "--name, --email, --host"),
        ((*OWNER,), "--host"),
        ((*OWNER, "--host", "h.example", "--maildir", "m"), "Give one of the two"),
        ((*OWNER[:3], "zoe", "--host", "h.example"), "zoe is not a mail address"),
        ((*OWNER, "--host", "h.example", "--country", "France"), "two letters"),
    ],
)
def test_what_cannot_work_is_refused_before_anything_is_written(
    home: Home, words: tuple[str, ...], sentence: str
) -> None:
    """Exit code 2, what to give, and no file."""
    ran = home.run("init", *words)
    assert ran.code == 2
    assert sentence in ran.err
    assert not home.config.exists()


def test_at_a_terminal_it_asks(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is missing is asked, with a likely answer to begin with: here all but the name is just confirmed."""
    import io

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr("sys.stdin", Terminal("Zoé Martin\nzoe@example.org\n\n\n"))
    ran = home.run("--language", "fr", "init")
    assert ran.code == 0
    (box,) = configuration.read(home.config).mailboxes
    assert isinstance(box, ImapMailbox)
    assert (box.host, box.username) == ("imap.example.org", "zoe@example.org")
    assert "Votre nom, qui signe les lettres\u00a0: " in ran.out


@pytest.mark.parametrize(
    "name", ['Zoé "Zo" Martin', "back\\slash", "line\nbreak", "tab\tbed", "del\x7f", "accents é漢"]
)
def test_no_name_breaks_the_file(home: Home, name: str) -> None:
    """Whatever the name holds, it is read back as it was given."""
    assert home.run("init", "--name", name, "--email", "zoe@example.org", "--host", "h.example").code == 0
    assert configuration.read(home.config).mailboxes[0].owner.name == name


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("maildir", ["", "/home/zoe/Maildir"])
def test_every_key_in_a_comment_is_a_key(tmp_path: Path, language: str, maildir: str) -> None:
    """With its commented keys taken in, the file is still right: no comment shows a key that does not exist."""
    answers = Answers("Zoé", "zoe@example.org", "h.example", "zoe", maildir, "pw", language, "FR")
    lines = []
    for line in rendered(answers).splitlines():
        bare = line.removeprefix("# ")
        key = bare.partition(" = ")[0]
        lines.append(bare if line.startswith("# ") and key.replace("_", "").isalpha() and key != "token" else line)
    (tmp_path / "relance.toml").write_text("\n".join(lines), "utf-8")
    settings = configuration.read(tmp_path / "relance.toml")
    assert settings.log_level == "info"
    assert settings.claims.ask_within_days == 14


def test_the_example_is_what_init_writes() -> None:
    """``config/relance.example.toml`` is this file, so it is never out of date."""
    answers = Answers(
        name="Zoé Martin",
        email="zoe@example.org",
        host="imap.example.org",
        username="zoe@example.org",
        password_file="/etc/relance/password",
        owner_language="en",
    )
    assert (ROOT / "config/relance.example.toml").read_text("utf-8") == rendered(answers)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_what_comes_next_names_the_same_file(home: Home, tmp_path: Path, language: str) -> None:
    """Written with ``--config``, the file is checked with ``--config``; without, with neither."""
    file = tmp_path / "my other.toml"
    named = home.run("--language", language, "--config", str(file), "init", *OWNER, "--host", "h.example")
    assert f"relance --config '{file}' check" in named.out
    plain = home.run("--language", language, "init", *OWNER, "--host", "h.example")
    assert "relance check" in plain.out
    assert "--config" not in plain.out
