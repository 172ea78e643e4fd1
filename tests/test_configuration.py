"""Finding, reading and explaining ``relance.toml``."""

from __future__ import annotations

from pathlib import Path

import pytest

from daemon import configuration
from daemon.configuration import ConfigurationError, ConfigurationMissing

IMAP = """
[[mailboxes]]
name = "perso"
host = "imap.example.org"
username = "zoe"
password = {file = "secret"}
owner = {name = "Zoé Martin", addresses = ["zoe@example.org"]}
"""
MAILDIR = """
[[mailboxes]]
name = "local"
path = "~/Maildir"
owner = {name = "Zoé Martin", addresses = ["zoe@example.org"]}
"""


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """Return where the tests write their configuration."""
    return tmp_path / "relance.toml"


def _sentences(path: Path, text: str, language: str = "en") -> list[str]:
    path.write_text(text, "utf-8")
    with pytest.raises(ConfigurationError) as caught:
        configuration.read(path)
    assert str(path) in str(caught.value)
    return caught.value.sentences(language)


def test_the_named_file_alone_is_used(tmp_path: Path) -> None:
    """``--config`` beats the environment, and neither falls back on another file."""
    environ = {"RELANCE_CONFIG": str(tmp_path / "b.toml"), "HOME": str(tmp_path)}
    assert configuration.places(tmp_path / "a.toml", environ) == (tmp_path / "a.toml",)
    assert configuration.places(None, environ) == (tmp_path / "b.toml",)


def test_ones_own_file_comes_before_the_machines(tmp_path: Path) -> None:
    """Without a name, ``~/.config`` (or ``$XDG_CONFIG_HOME``) is looked at first, then ``/etc``."""
    etc = Path("/etc/relance/relance.toml")
    assert configuration.places(None, {"HOME": "/home/zoe"}) == (Path("/home/zoe/.config/relance/relance.toml"), etc)
    assert configuration.places(None, {"XDG_CONFIG_HOME": "/x"}) == (Path("/x/relance/relance.toml"), etc)


def test_a_missing_file_says_where_it_was_looked_for(tmp_path: Path) -> None:
    """The complaint names every place."""
    with pytest.raises(ConfigurationMissing) as caught:
        configuration.find(tmp_path / "nowhere.toml")
    assert str(tmp_path / "nowhere.toml") in caught.value.sentences("en")[0]
    assert "relance init" in caught.value.sentences("fr")[0]


def test_paths_are_absolute_and_follow_the_file(written: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """``~`` is the home folder; other paths are beside the configuration, wherever relance was started."""
    monkeypatch.setenv("HOME", "/home/zoe")
    written.write_text('state_dir = "state"' + IMAP + MAILDIR, "utf-8")
    monkeypatch.chdir("/")
    settings = configuration.read(written)
    assert settings.state_dir == written.parent / "state"
    assert settings.mailboxes[0].password.file == written.parent / "secret"  # type: ignore[union-attr]
    assert settings.mailboxes[1].path == Path("/home/zoe/Maildir")  # type: ignore[union-attr]


def test_the_kind_of_a_mailbox_follows_from_its_keys(written: Path) -> None:
    """A mailbox with a path is a Maildir, one with a host IMAP; nobody must say so."""
    written.write_text(IMAP + MAILDIR, "utf-8")
    assert [box.kind for box in configuration.read(written).mailboxes] == ["imap", "maildir"]


def test_every_mistake_is_told_at_once(written: Path) -> None:
    """Three mistakes give three sentences, with keys as the file has them and the mailbox by its name."""
    text = (
        'log_level = "loud"\n' + IMAP.replace("username", "usrname") + MAILDIR.replace("~/Maildir", "m") + "\npol = 3"
    )
    found = _sentences(written, text.replace("[[mailboxes]]", "[[mailboxes]]\nread_back_days = 9999", 1))
    assert len(found) == 5
    assert found[0] == 'log_level must be "debug" or "info" or "warning" or "error".'
    assert 'mailboxes[0].read_back_days ("perso") must be at most 3650.' in found
    assert 'mailboxes[0].username ("perso") is missing. Write it.' in found
    assert 'mailboxes[0].usrname ("perso") is not a key of relance. Did you mean username?' in found
    assert found[-1].startswith('mailboxes[1].pol ("local") is not a key of relance; here there are: name,')


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ("[[mail", 'stat_dir = "x"\n[[mail', "stat_dir is not a key of relance. Did you mean state_dir?"),
        ("[[mail", 'host = "x"\n[[mail', "host is not a key of relance. It belongs under [[mailboxes]]."),
        ("[[mail", "[claims]\nseller_mial = true\n[[mail", "claims.seller_mial is not a key of relance. Did you mean"),
        ("addresses =", "adresses =", 'owner.adresses ("perso") is not a key of relance. Did you mean'),
        ("{file =", "{fil =", 'mailboxes[0].password.fil ("perso") is not a key of relance. Did you mean file?'),
        ("host =", 'port = "abc"\nhost =', 'mailboxes[0].port ("perso") must be a whole number, without quotes.'),
        ("host =", "port = 0\nhost =", 'mailboxes[0].port ("perso") must be at least 1.'),
        ("host =", 'folders = "INBOX"\nhost =', 'folders ("perso") must be a list, such as ["one", "two"].'),
        ("host =", 'kind = "pop3"\nhost =', 'mailboxes[0] ("perso") is of a kind that does not exist; kind must be'),
        ("host =", 'security = "plain"\nhost =', "this machine only"),
        ('{file = "secret"}', '{file = "a", env = "B"}', "exactly one place: credential, file, env or command"),
        ('{file = "secret"}', "{}", "exactly one place: credential, file, env or command"),
        ("host =", 'token = {env = "T"}\nhost =', "needs either password or token, and not both"),
        ('"perso"', '"Ma Boîte"', "may hold only small letters"),
        ('["zoe@example.org"]}', '["zoe@example.org"], country = "fr"}', "two capital letters of a country"),
        ('["zoe@example.org"]', "[]", "must hold at least one entry"),
        ('"Zoé Martin"', '""', "must not be empty"),
        ("owner = {", "owner = 3 # {", "must be a table of keys"),
        (IMAP, "", "mailboxes is missing"),
        (IMAP, IMAP + IMAP, "two of the [[mailboxes]] have the same name"),
    ],
)  # fmt: skip
def test_a_mistake_is_explained_in_the_terms_of_the_file(written: Path, before: str, after: str, sentence: str) -> None:
    """Each mistake names its key as TOML writes it, and what would be right."""
    found = _sentences(written, IMAP.replace(before, after, 1))
    assert [line for line in found if sentence in line], found
    assert all("…" not in line or "name" in line for line in found)


def test_french_owners_read_french(written: Path) -> None:
    """The same mistake is told in the language asked for."""
    assert _sentences(written, IMAP + "prt = 3\n", "fr") == [
        'mailboxes[0].prt ("perso") n’est pas une clé de relance. Vouliez-vous dire port ?'
    ]


@pytest.mark.parametrize(
    "line",
    [
        'password = "hunter2-Lanterne"',
        'password = {file = "x", hunter2 = "hunter2-Lanterne"}',
        'token = "hunter2-Lanterne"',
    ],
)
def test_a_password_in_the_wrong_place_is_never_repeated(written: Path, line: str) -> None:
    """Whoever writes the password itself is told to take it out, and no log gets it from us."""
    found = _sentences(written, IMAP.replace('password = {file = "secret"}', line))
    assert found
    assert "Lanterne" not in " ".join(found)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a = b", "line 1, column 5: this value is not TOML"),
        ('x = 1\n[[mailboxes]\nname = "a"', "line 2, column 12: the ]] is missing."),
        ('host "x"', "line 1, column 6: an = is missing after the key."),
        ('host = "x', "at the end of the file: a quote is not closed."),
        ("port = 1\nport = 2\n", "line 2, column 9: this key is given twice."),
        ('p = "C:\\Users"', "line 1, column 10: a \\ in text is written \\\\"),
    ],
)
def test_what_is_not_toml_is_explained_with_its_place(written: Path, text: str, sentence: str) -> None:
    """Line, column and reason, in plain words."""
    assert _sentences(written, text)[0].startswith(sentence)


def test_files_that_cannot_be_read_are_told_apart(tmp_path: Path) -> None:
    """A folder, a wrong encoding and a file that went away are three different complaints."""
    latin = tmp_path / "latin.toml"
    latin.write_bytes('name = "Zoé"'.encode("latin-1"))
    found = []
    for path in (tmp_path, latin, tmp_path / "gone.toml"):
        with pytest.raises(ConfigurationError) as caught:
            configuration.read(path)
        found.append(caught.value.mistakes[0].message)
    assert found == ["config.is_folder", "config.not_utf8", "config.unreadable"]


@pytest.mark.parametrize(("mode", "others"), [(0o600, False), (0o400, False), (0o640, True), (0o604, True)])
def test_rights_beyond_the_owners_are_noticed(written: Path, mode: int, others: bool) -> None:
    """Only a file that its owner alone can read is private, as systemd's credentials are."""
    written.touch()
    written.chmod(mode)
    assert configuration.readable_by_others(written) is others
