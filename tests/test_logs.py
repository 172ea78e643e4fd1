"""The log: readable or JSON, and without anybody's words, addresses or secrets."""

from __future__ import annotations

import io
import json
import logging
import warnings
from collections.abc import Iterator

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from daemon import logs


@pytest.fixture(autouse=True)
def _put_back() -> Iterator[None]:
    """Leave logging as it was found."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    structlog.reset_defaults()
    logging.captureWarnings(False)
    root.handlers[:], root.level = handlers, level


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        """Say so."""
        return True


def _logged(**event: object) -> dict[str, object]:
    out = io.StringIO()
    logs.configure("info", out)
    structlog.get_logger().info("mails_kept", **event)
    found: dict[str, object] = json.loads(out.getvalue())
    return found


def test_a_pipe_gets_json_with_level_and_time() -> None:
    """One event is one line of JSON, its time in UTC."""
    found = _logged(mailbox="perso", count=3)
    assert (found["event"], found["level"], found["mailbox"], found["count"]) == ("mails_kept", "info", "perso", 3)
    assert str(found["timestamp"]).endswith("Z")


def test_a_terminal_gets_lines_and_the_journal_json(monkeypatch: pytest.MonkeyPatch) -> None:
    """At a terminal people read; under systemd, programs, even where stderr looks like a terminal."""
    monkeypatch.delenv("JOURNAL_STREAM", raising=False)
    out = Terminal()
    logs.configure("info", out)
    structlog.get_logger().info("started")
    assert "started" in out.getvalue()
    assert not out.getvalue().startswith("{")
    monkeypatch.setenv("JOURNAL_STREAM", "8:1")
    out = Terminal()
    logs.configure("info", out)
    structlog.get_logger().info("started")
    assert json.loads(out.getvalue())["event"] == "started"


@pytest.mark.parametrize("key", ["subject", "sender", "body", "password", "token", "to", "owner_address", "mail_text"])
def test_telling_keys_are_blotted_out(key: str) -> None:
    """What stands under a telling key never reaches the log, at whatever depth."""
    assert "Lanterne" not in json.dumps(_logged(**{key: "Lanterne rouge", "facts": {key: ["Lanterne rouge"]}}))


@given(st.emails(), st.sampled_from(["{}", "login of {} refused", "<{}>", "mailto:{},"]))
def test_no_mail_address_passes(address: str, around: str) -> None:
    """Whatever form an address has and whatever stands around it, its domain does not reach the log."""
    text = str(logs.masked(None, "info", {"event": around.format(address)})["event"])
    assert address not in text
    assert "@" not in text


def test_bytes_are_never_logged() -> None:
    """Raw mail is blotted out even under a harmless key."""
    assert _logged(chunk=b"Subject: Lanterne")["chunk"] == logs.MASK


def test_a_traceback_names_place_and_type_without_the_message() -> None:
    """An exception's words can quote a mail: they are left out, of its causes too."""
    out = io.StringIO()
    logs.configure("info", out)
    try:
        try:
            int("Lanterne rouge")
        except ValueError as error:
            raise LookupError("zoe") from error
    except LookupError:
        structlog.get_logger().exception("watch_failed", mailbox="perso")
    found = json.loads(out.getvalue())
    assert "ValueError" in found["exception"]
    assert "LookupError" in found["exception"]
    assert "test_logs.py" in found["exception"]
    assert "invalid literal" not in found["exception"]


def test_libraries_speak_through_the_same_log_from_warnings_upwards() -> None:
    """A library's warning is masked like everything; its finer words are not heard, even at level debug."""
    out = io.StringIO()
    logs.configure("debug", out)
    logging.getLogger("imapclient.imaplib").debug("> LOGIN zoe@example.org secret")
    logging.getLogger("imapclient").warning("odd answer for %s", "zoe@example.org")
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn("old way of zoe@example.org", UserWarning, stacklevel=1)
    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [line["logger"] for line in lines] == ["imapclient", "py.warnings"]
    assert "zoe" not in out.getvalue()


def test_the_level_holds() -> None:
    """What is below the level is not written."""
    out = io.StringIO()
    logs.configure("warning", out)
    structlog.get_logger().info("chatter")
    structlog.get_logger().warning("store_unavailable")
    assert [json.loads(line)["event"] for line in out.getvalue().splitlines()] == ["store_unavailable"]
