"""Where passwords and tokens come from, and what is said when they are not there."""

from __future__ import annotations

import base64
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from daemon.mailbox import secrets
from daemon.mailbox.base import ConnectionLost, MailboxError, Misconfigured, State
from daemon.mailbox.imap import ImapMailbox
from daemon.mailbox.lifeline import Lifeline
from daemon.settings import Secret
from tests.mailbox.kit import scripted_settings
from tests.mailbox.sink import MemorySink, watching
from tests.servers.scripted import ScriptedImap


def test_all_four_sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A systemd credential, a file, an environment variable and a command each give the secret without its line end."""
    (tmp_path / "mot").write_text("sésame, ouvre-toi \n", "utf-8")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    monkeypatch.setenv("RELANCE_TEST_SECRET", "sésame, ouvre-toi ")
    for given in (
        Secret(credential="mot"),
        Secret(file=tmp_path / "mot"),
        Secret(env="RELANCE_TEST_SECRET"),
        Secret(command=("cat", str(tmp_path / "mot"))),
    ):
        assert secrets.read(given) == "sésame, ouvre-toi "


@pytest.mark.parametrize(
    ("given", "key"),
    [
        ({"credential": "mot"}, "secret_file"),
        ({"credential": "../mot"}, "secret_credential_name"),
        ({"file": "absent"}, "secret_file"),
        ({"file": "empty"}, "secret_file_empty"),
        ({"env": "RELANCE_TEST_ABSENT"}, "secret_env"),
        ({"command": ["./absent"]}, "secret_command"),
    ],
)
def test_a_secret_that_is_not_there_is_a_mistake_of_the_configuration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: dict[str, Any], key: str
) -> None:
    """What the configuration names and is not there is no case for trying again, and the message explains it."""
    (tmp_path / "empty").write_text("\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    with pytest.raises(Misconfigured) as caught:
        secrets.read(Secret.model_validate(given))
    assert caught.value.key == key
    assert len(str(caught.value)) > 40


def test_a_credential_needs_systemd(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without CREDENTIALS_DIRECTORY a credential is explained, not looked for elsewhere."""
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    with pytest.raises(Misconfigured) as caught:
        secrets.read(Secret(credential="mot"))
    assert caught.value.key == "secret_no_credentials"


@pytest.mark.parametrize("script", ["echo jeton; exit 1", "true", "echo; echo jeton", "printf '\\377\\376'"])
def test_a_command_that_fails_may_work_later(script: str) -> None:
    """A command that fails or prints nothing is tried again like a lost line, and its output is in no message."""
    with pytest.raises(ConnectionLost) as caught:
        secrets.read(Secret(command=("sh", "-c", script)))
    assert caught.value.key == "secret_command_failed"
    assert "jeton" not in str(caught.value)


def test_a_command_that_hangs_is_cut_at_the_end() -> None:
    """The end of the service does not wait for a command, nor for what that command has started."""
    with Lifeline() as line:
        threading.Timer(0.2, line.interrupt).start()
        began = time.monotonic()
        with pytest.raises(MailboxError):
            secrets.read(Secret(command=("sh", "-c", "sleep 20; echo jeton")), line)
        assert time.monotonic() - began < 3


def test_a_mailbox_without_its_secret_is_refused(scripted_imap: ScriptedImap, monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing secret stops the mailbox before any login, and its state says which one."""
    sink = MemorySink()
    given = scripted_settings(scripted_imap, monkeypatch, password={"env": "RELANCE_TEST_ABSENT"})
    with watching(ImapMailbox(given), sink) as watch:
        sink.wait_state(State.REFUSED)
        watch.thread.join(5)
        assert not watch.thread.is_alive()
    assert sink.states[-1][1:] == ("secret_env", {"name": "RELANCE_TEST_ABSENT"})
    assert scripted_imap.count("LOGIN|AUTHENTICATE") == 0


def test_a_password_outside_ascii_can_log_in(scripted_imap: ScriptedImap, monkeypatch: pytest.MonkeyPatch) -> None:
    """A password with accents goes by AUTHENTICATE PLAIN in UTF-8, since LOGIN cannot carry it."""
    monkeypatch.setenv("RELANCE_TEST_ACCENTS", "été à Nîmes")
    sent: list[bytes] = []

    def authenticate(talk: Any, tag: str, arguments: str) -> None:
        talk.send("+ \r\n")
        sent.append(base64.b64decode(talk.read_line()))
        talk.ok(tag)

    scripted_imap.answers["AUTHENTICATE"] = authenticate
    sink = MemorySink()
    given = scripted_settings(scripted_imap, monkeypatch, password={"env": "RELANCE_TEST_ACCENTS"})
    with watching(ImapMailbox(given), sink):
        sink.wait_state(State.WATCHING)
    assert set(sent) == {"\0camille\0été à Nîmes".encode()}
