"""``drafts``, ``show R-…``, ``edit``, ``approve``, ``sent``, ``dismiss``, ``undo``: from a draft to its sending."""

from __future__ import annotations

import io
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.cli.conftest import ORDER, Home


def _state(home: Home, ref: str) -> str:
    return str(home.run("show", ref, "--json").json["claim"]["drafts"][-1]["state"])


def _body(home: Home, ref: str) -> str:
    return str(home.run("show", ref, "--json").json["claim"]["drafts"][-1]["body"])


def test_a_claim_is_shown_with_its_text_in_full(troubled: Home, ref: str) -> None:
    """Why, to whom, the three renderings for Amazon, the links and the next step."""
    assert ref in troubled.run("drafts").out
    out = troubled.run("show", ref.lower()).out
    assert _body(troubled, ref).splitlines()[0] in out
    for part in ("Amazon customer service", "For the chat", "On the telephone", "For the contact form", "https://www."):
        assert part in out
    assert f"relance approve {ref}" in out


def test_approve_then_sent_starts_the_clock(troubled: Home, ref: str) -> None:
    """After sending, a reminder stands in the clocks, and nothing waits any more."""
    ran = troubled.run("approve", ref)
    assert ran.code == 0
    assert f"relance sent {ref}" in ran.out
    assert _state(troubled, ref) == "approved"
    ran = troubled.run("sent", ref)
    assert ran.code == 0
    assert f"{ref}: next step (reminder)" in ran.out
    assert "reminder is drafted" in troubled.run("show", ref).out
    assert troubled.run("drafts", "--json").json == []


def test_a_text_that_is_approved_stays_so(troubled: Home, ref: str) -> None:
    """A second approval says that it is one, ends with code 0 and writes no decision; the next step is told again."""
    assert troubled.run("approve", ref).code == 0
    ran = troubled.run("approve", ref)
    assert ran.code == 0
    assert "is approved already" in ran.out
    assert f"relance sent {ref}" in ran.out
    assert "relance undo" not in ran.out
    assert len(troubled.run("undo", "--list", "--json").json) == 1
    assert troubled.run("approve", ref, "--json").json["decision_id"] is None


def test_a_time_is_meant_where_the_owner_lives(
    troubled: Home, ref: str, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    """On a machine in Tokyo a Frenchwoman's times are read and told in Paris time, and the zone is named."""
    request.addfinalizer(time.tzset)
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    request.addfinalizer(lambda: monkeypatch.delenv("TZ"))
    troubled.run("approve", ref)
    paris = (datetime.now(UTC) + timedelta(minutes=2)).astimezone(ZoneInfo("Europe/Paris")).replace(tzinfo=None)
    assert "has not come yet" in troubled.run("sent", ref, "--at", f"{paris:%Y-%m-%d %H:%M}:59").err
    paris = datetime.now(ZoneInfo("Europe/Paris"))
    assert troubled.run("sent", ref, "--at", f"{paris:%Y-%m-%dT%H:%M}").code == 0
    shown = troubled.run("show", ref).out
    assert f"{paris:%H:%M} (Europe/Paris)" in shown
    assert "(Europe/Paris, in " in shown
    assert "Tokyo" not in shown
    assert "(Europe/Paris)" in troubled.run("show", ORDER).out


def test_decisions_are_listed_and_undone_one_by_one(troubled: Home, ref: str) -> None:
    """Undo goes back from sent to approved to drafted, and then there is nothing left."""
    troubled.run("approve", ref)
    troubled.run("sent", ref)
    listed = troubled.run("undo", "--list", "--json").json
    assert [one["what"] for one in listed] == ["sent", "approve"]
    ran = troubled.run("undo")
    assert ran.code == 0
    assert f"Taken back: {ref} (first message): that you sent it." in ran.out
    assert _state(troubled, ref) == "approved"
    assert troubled.run("undo", str(listed[-1]["id"])).code == 0
    assert _state(troubled, ref) == "drafted"
    ran = troubled.run("undo")
    assert ran.code == 1
    assert "nothing to undo" in ran.err
    assert "Undone" in troubled.run("undo", "--list").out


def test_an_edit_from_a_file_voids_the_approval(troubled: Home, ref: str, tmp_path: Path) -> None:
    """The new text stands, and must be approved anew."""
    troubled.run("approve", ref)
    (tmp_path / "new.txt").write_text("Bonjour,\nvoici mon texte.\n", "utf-8")
    ran = troubled.run("edit", ref, "--body-file", str(tmp_path / "new.txt"))
    assert ran.code == 0
    assert f"relance approve {ref}" in ran.out
    assert _body(troubled, ref) == "Bonjour,\nvoici mon texte."
    assert _state(troubled, ref) == "drafted"


def test_an_edit_takes_standard_input(troubled: Home, ref: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """``--body-file -`` reads what is piped in, for the part that is named."""
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO("Objet é".encode()), "utf-8"))
    assert troubled.run("edit", ref, "--part", "subject", "--body-file", "-").code == 0
    assert troubled.run("show", ref, "--json").json["claim"]["drafts"][-1]["subject"] == "Objet é"


def test_the_editor_is_opened_on_the_text(
    troubled: Home, ref: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """$EDITOR gets the present text; what it saves is the new one."""
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\ngrep -q . "$1" && echo "P.-S. merci" >> "$1"\ntouch -d "+2 seconds" "$1"\n', "utf-8")
    editor.chmod(0o700)
    monkeypatch.setenv("EDITOR", str(editor))
    monkeypatch.delenv("VISUAL", raising=False)
    before = _body(troubled, ref)
    assert troubled.run("edit", ref).code == 0
    assert _body(troubled, ref) == f"{before}\nP.-S. merci"


@pytest.mark.parametrize(
    ("content", "code", "sentence"),
    [(None, 2, "there is no such file"), (b"\xff\xfe\xfa", 2, "not text in UTF-8"), (b"same", 1, "was not changed")],
)
def test_an_edit_that_cannot_be_is_explained(
    troubled: Home, ref: str, tmp_path: Path, content: bytes | None, code: int, sentence: str
) -> None:
    """A missing file, a wrong encoding and an unchanged text are one sentence each, and change nothing."""
    file = tmp_path / "text.txt"
    before = _body(troubled, ref)
    if content is not None:
        file.write_bytes(before.encode() if content == b"same" else content)
    ran = troubled.run("edit", ref, "--body-file", str(file))
    assert ran.code == code
    assert sentence in ran.err
    assert _body(troubled, ref) == before


def test_dismissing_rests_the_claim_and_undo_brings_it_back(troubled: Home, ref: str) -> None:
    """Nothing waits after a dismissal, a second one has nothing to do, and undo opens it again."""
    assert troubled.run("dismiss", ref).code == 0
    assert troubled.run("drafts", "--json").json == []
    ran = troubled.run("dismiss", ref)
    assert ran.code == 1
    assert "no draft that waits" in ran.err
    assert troubled.run("undo").code == 0
    assert _state(troubled, ref) == "drafted"


@pytest.mark.parametrize(
    "words", [("show",), ("approve",), ("sent",), ("dismiss",), ("edit", "--body-file", "/dev/null")]
)
def test_an_unknown_claim_is_not_found(troubled: Home, ref: str, words: tuple[str, ...]) -> None:
    """Every command about a claim says with exit code 6 that there is none of this number, and offers the nearest."""
    wrong = ref[:-1] + ("0" if ref[-1] != "0" else "1")
    ran = troubled.run(words[0], wrong, *words[1:])
    assert ran.code == 6
    assert f"Did you mean {ref}?" in ran.err


@pytest.mark.parametrize(("at", "sentence"), [("yesterday", "is not a time"), ("2999-01-01", "has not come yet")])
def test_a_time_of_sending_must_make_sense(troubled: Home, ref: str, at: str, sentence: str) -> None:
    """What is not a time, and what is still to come, is refused with exit code 2."""
    ran = troubled.run("sent", ref, "--at", at)
    assert ran.code == 2
    assert sentence in ran.err
    assert _state(troubled, ref) == "drafted"


def test_every_text_names_its_order(troubled: Home, ref: str) -> None:
    """What the other party gets can be matched to the order."""
    (draft,) = troubled.run("drafts", "--json").json
    assert ORDER in draft["draft"]["body"]
