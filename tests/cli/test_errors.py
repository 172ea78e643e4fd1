"""A user's mistake: one sentence, what to do, an exit code, and no traceback."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from daemon import locations, say
from daemon.cli.errors import Complaint, Exit
from daemon.cli.explain import complaint, of_store
from daemon.mailbox.base import FolderMissing, LoginRefused
from daemon.store import Store
from daemon.store.errors import StoreTooNew, StoreUnavailable
from tests.cli.conftest import Home

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (("ordres",), 2, "There is no command ordres. Did you mean orders?"),
        (("quarantine", "lst"), 2, "There is no command lst. Did you mean list?"),
        (("orders", "--jsn"), 2, "there is no option --jsn. Did you mean --json?"),
        (("show",), 2, "is missing."),
        (("show", "a", "b"), 2, "too many words: b."),
        (("report", "a", "lost"), 2, "must be one of: not-received, received"),
        (("undo", "x"), 2, "must be a whole number"),
        (("undo", "7", "--language", "fr"), 2, "the option --language stands before the command: relance --language"),
        (("check", "--debug"), 2, "relance --debug … check"),
        (("--language", "fr", "--nope", "orders"), 2, "l’option --nope n’existe pas"),
        (("--language", "fr", "undo", "x"), 2, "doit être un nombre entier"),
        (("edit", "R-ABCD", "--part"), 2, "the option --part is not used like this"),
        (("--language", "de", "orders"), 2, "must be one of: fr, en"),
        (("--config", "/nowhere/relance.toml", "orders"), 3, "/nowhere/relance.toml"),
        (("orders",), 3, "There is no configuration"),
        (("quarantine", "show", "3fa9"), 3, "relance init"),
        (("parse", "/nowhere/mail.eml"), 2, "/nowhere/mail.eml"),
    ],
)
def test_a_mistake_is_one_sentence_and_a_code(home: Home, words: tuple[str, ...], code: int, sentence: str) -> None:
    """Whatever is typed, stderr says what is wrong and stdout stays empty."""
    ran = home.run(*words)
    assert ran.code == code
    assert sentence in ran.err
    assert "Traceback" not in ran.err
    assert ran.out == ""


def test_mistakes_are_told_in_french_by_the_locale(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """A French locale is answered in French."""
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")
    ran = home.run("ordres")
    assert "La commande ordres n’existe pas. Vouliez-vous dire orders ?" in ran.err
    assert "relance\u00a0: il manque" in home.run("show").err


def test_a_mistake_in_the_configuration_names_key_and_file(ready: Home) -> None:
    """An unknown key: exit code 3, the key, the file and the nearest valid key."""
    ready.config.write_text(ready.config.read_text("utf-8").replace("path =", "pth ="), "utf-8")
    ran = ready.run("orders")
    assert ran.code == 3
    assert str(ready.config) in ran.err
    assert 'mailboxes[0].pth ("main") is not a key of relance. Did you mean path?' in ran.err


def test_a_mistake_in_a_rule_file_is_a_mistake_of_configuration(ready: Home) -> None:
    """A folder of rules that is not there: exit code 3."""
    ready.config.write_text(f'rules_dir = "{ready.folder}/none"\n' + ready.config.read_text("utf-8"), "utf-8")
    ran = ready.run("orders")
    assert ran.code == 3
    assert f"{ready.folder}/none" in ran.err


def test_a_damaged_database_is_told_as_such(troubled: Home) -> None:
    """A database overwritten with nonsense: exit code 4 and the file's name."""
    from daemon import configuration

    path = locations.database(configuration.read(troubled.config))
    for part in path.parent.glob(f"{path.name}*"):
        part.unlink()
    path.write_bytes(b"this is no database" * 500)
    ran = troubled.run("orders")
    assert ran.code == 4
    assert str(path) in ran.err


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (StoreTooNew("x"), 4),
        (StoreUnavailable("x"), 4),
        (LoginRefused.of("login_refused", code="AUTHENTICATIONFAILED"), 5),
        (FolderMissing.of("folder_gone", folder="Colis"), 5),
        (FileNotFoundError(2, "No such file", "x.eml"), 2),
        (PermissionError(13, "Permission denied", "x.eml"), 2),
        (OSError(28, "No space left on device", "x.eml"), 2),
        (ZeroDivisionError("Lanterne"), 70),
    ],
)
def test_each_failure_has_its_code_and_two_sentences(error: Exception, code: int) -> None:
    """Failures of store, mailbox and files, and faults of relance itself, are told apart."""
    told = complaint(error)
    assert told.exit_code == code
    assert told.what()
    assert told.remedy()
    assert "Lanterne" not in str(told)


def test_debug_shows_where_it_happened(home: Home) -> None:
    """With ``--debug`` the traceback stands above the sentence."""
    ran = home.run("--debug", "orders")
    assert ran.code == 3
    assert "Traceback" in ran.err
    assert "There is no configuration" in ran.err


def test_debug_in_the_journal_quotes_nothing(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Under systemd a traceback names places and types only."""
    monkeypatch.setenv("JOURNAL_STREAM", "8:1")
    home.config.parent.mkdir(parents=True)
    home.config.write_text("= Lanterne", "utf-8")
    ran = home.run("--debug", "orders")
    assert ran.code == 3
    assert "ConfigurationError" in ran.err
    assert "configuration.py" in ran.err
    assert "Lanterne" not in ran.err


def test_a_complaint_reads_as_one_text() -> None:
    """Where there is but one line, a complaint is its two sentences."""
    assert str(Complaint("nothing_to_correct", Exit.USAGE)).count(".") >= 1


def test_a_reader_that_goes_away_ends_the_command_quietly(troubled: Home) -> None:
    """``relance orders --json | head -c1``: no traceback, and nothing from the interpreter's last flush."""
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "daemon.cli.main", "orders", "--json"]
    environ = os.environ | {"PYTHONPATH": str(ROOT)}
    ran = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, env=environ, timeout=60, check=False)
    os.close(write)
    assert ran.returncode == 141
    assert ran.stderr == b""


@pytest.mark.parametrize(
    ("language", "why"), [("en", "its folder cannot be made"), ("fr", "son dossier ne peut pas être créé")]
)
def test_a_database_that_cannot_be_made_is_told_in_ones_own_words(ready: Home, language: str, why: str) -> None:
    """A file lies where its folder is to be: exit code 4, its path, why in the language spoken, and what to do."""
    (ready.folder / "state").write_text("no folder", "utf-8")
    text = ready.config.read_text("utf-8")
    ready.config.write_text(f'state_dir = "{ready.folder}/state"\n{text}', "utf-8")
    for command in (["orders"], ["run"], ["undo"]):
        ran = ready.run("--language", language, *command)
        assert ran.code == 4
        assert f"{ready.folder}/state/relance.sqlite3" in ran.err
        assert why in ran.err
        assert len(ran.err.splitlines()) == 2


@pytest.mark.parametrize(
    ("language", "why"), [("en", "another program holds it"), ("fr", "un autre programme le tient")]
)
def test_a_database_that_is_held_is_told(troubled: Home, language: str, why: str) -> None:
    """Another program that does not let go of the file: exit code 4, and whom to look for."""
    from daemon import configuration

    path = locations.database(configuration.read(troubled.config))
    with Store.open(path, wait=0.1) as store, closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnavailable) as held:
            store.words.withdraw(1)
        other.execute("ROLLBACK")
    say.use(language)
    told = of_store(held.value, path)
    say.use(None)
    assert told.exit_code == 4
    assert why in str(told.facts["detail"])
