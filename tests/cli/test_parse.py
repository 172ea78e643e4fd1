"""``relance parse``: one JSON object a file, a table to read, and what it does with files that are no mails."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import dns.resolver
import pytest
from click.testing import CliRunner

from daemon.cli.parse import parse
from tests.intake.signing import SELECTOR, key_pair, signed
from tests.servers.names import NameServer

MAILS = Path(__file__).parents[1] / "mails" / "forwards"
TRUE, FALSE = "404-2281940-7719306", "404-9902817-3346105"
FIELDS = {"file", "trust", "forwarded", "note", "note_means", "quarantined", "notices"}


def run(*arguments: str, stdin: bytes | None = None) -> list[dict[str, Any]]:
    """Run the command with --json and return its objects."""
    result = CliRunner().invoke(parse, ["--json", *arguments], input=stdin)
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_one_object_a_file_in_order() -> None:
    """Shows that each file gives one line with the published fields, in the order given."""
    files = [str(MAILS / f"{name}.eml") for name in ("own_mail", "gmail_fr", "reply_gmail_fr")]
    found = run(*files)
    assert [each["file"] for each in found] == files
    assert all(set(each) == FIELDS for each in found)


def test_a_note_above_a_forward_is_read_without_naming_the_owner() -> None:
    """Shows that whoever forwards counts as the owner when none is given."""
    (found,) = run(str(MAILS / "gmail_fr.eml"))
    assert (found["trust"], found["forwarded"], found["note"], found["note_means"]) == (
        "owner",
        True,
        "pas reçu du tout",
        "not_received",
    )
    assert {"owner_report"} <= {notice["kind"] for notice in found["notices"]}


def test_with_an_owner_others_forward_in_vain() -> None:
    """Shows that --owner shuts strangers' forwards out."""
    (found,) = run("--owner", "someone.else@example.net", str(MAILS / "gmail_fr.eml"))
    assert (found["forwarded"], found["note"], found["notices"]) == (False, None, [])


def test_authserv_id_makes_a_letter_signed(tmp_path: Path) -> None:
    """Shows that --authserv-id names the server whose results are believed."""
    file = tmp_path / "a.eml"
    file.write_text(
        "Authentication-Results: mx.example.net; dkim=pass header.d=amazon.fr\n"
        "From: Amazon.fr <order-update@amazon.fr>\nSubject: x\n\nx\n"
    )
    assert [each["trust"] for each in run("--authserv-id", "mx.example.net", str(file))] == ["signed"]
    assert [each["trust"] for each in run(str(file))] == ["unverified"]


def test_signatures_are_verified_when_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Shows that --dns asks the machine's resolver for keys, and that without it nothing is asked."""
    file = tmp_path / "a.eml"
    file.write_bytes(signed(b"From: Amazon.fr <order-update@amazon.fr>\r\nSubject: x\r\n\r\nx\r\n"))
    changed = tmp_path / "b.eml"
    changed.write_bytes(file.read_bytes().replace(b"\r\n\r\nx", b"\r\n\r\ny"))
    server = NameServer({f"{SELECTOR}._domainkey.amazon.fr": key_pair().record})

    def configured(resolver: dns.resolver.Resolver, _: object) -> None:
        resolver.nameservers, resolver.port = ["127.0.0.1"], server.port

    monkeypatch.setattr(dns.resolver.Resolver, "read_resolv_conf", configured)
    with server.running():
        assert [each["trust"] for each in run(str(file))] == ["unverified"]
        assert server.asked == []
        whole, broken = run("--dns", str(file), str(changed))
    assert (whole["trust"], whole["quarantined"]) == ("signed", None)
    assert (broken["trust"], broken["quarantined"], broken["notices"]) == ("forged", "forged", [])
    assert len(server.asked) == 1


def test_an_imitation_says_so_and_nothing_else(tmp_path: Path) -> None:
    """Shows that of a forged mail, whichever of its letters it is, no notice comes, and that people are told."""
    file = tmp_path / "a.eml"
    file.write_text("From: Amazon <x@arnazon.fr>\nSubject: Livré\n\nCommande 404-5518207-3390146 livrée\n", "utf-8")
    (found,) = run(str(file))
    assert (found["trust"], found["quarantined"], found["notices"]) == ("forged", "forged", [])
    shown = CliRunner().invoke(parse, [str(file)], env={"LC_ALL": "en_GB.UTF-8"}).stdout
    assert "arnazon.fr" in shown
    assert "404-" not in shown


def test_found_again_is_published_as_received() -> None:
    """Shows that the published form says "received" where the owner found the parcel again."""
    (found,) = run(str(MAILS / "reply_iphone_html.eml"))
    assert found["note_means"] == "received"


def test_several_attached_mails_are_one_object() -> None:
    """Shows that the notices of all mails attached to one are joined."""
    (found,) = run(str(MAILS / "attached_two.eml"))
    orders = {notice["order_id"] for notice in found["notices"] if notice["kind"] == "owner_report"}
    assert len(orders) == 2


def test_standard_input() -> None:
    """Shows that ``-`` reads a mail from standard input."""
    (found,) = run("-", stdin=(MAILS / "own_mail.eml").read_bytes())
    assert (found["file"], found["note_means"]) == ("-", "missing_item")


def test_a_mail_that_cannot_be_decoded_is_quarantined(tmp_path: Path) -> None:
    """Shows that an undecodable mail is named with its reason, and the next file is still read."""
    broken = tmp_path / "broken.eml"
    broken.write_bytes(
        b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n) for n in range(3_000))
    )
    first, second = run(str(broken), str(MAILS / "own_mail.eml"))
    assert first["quarantined"]
    assert (first["notices"], second["quarantined"]) == ([], None)


@pytest.mark.parametrize("name", ["missing.eml", "."])
def test_a_file_that_cannot_be_read(tmp_path: Path, name: str) -> None:
    """Shows that a missing file, or a folder, gives one sentence on standard error and exit code 2."""
    result = CliRunner().invoke(parse, ["--json", str(tmp_path / name)])
    assert result.exit_code == 2
    assert result.stdout == ""
    assert len(result.stderr.strip().splitlines()) == 1
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("language", ["fr_FR.UTF-8", "C.UTF-8"])
def test_the_table_is_for_people(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Shows that without --json the sender, the note and the order can be read, in both languages."""
    monkeypatch.setenv("LC_ALL", language)
    result = CliRunner().invoke(parse, [str(MAILS / "own_mail.eml")])
    assert result.exit_code == 0
    assert "camille.besson@example.net" in result.output
    french = language.startswith("fr")
    assert ("votre parole" if french else "your word") in result.output
    assert ("vous\u00a0: il manque un article" if french else "you: an item is missing") in result.output
    assert "owner_report" not in result.output
    assert ("ses mots, qui sont votre note si" if french else "its words, which are your note if") in result.output
    named = CliRunner().invoke(parse, ["--owner", "camille.besson@example.net", str(MAILS / "own_mail.eml")])
    assert ("votre note\u00a0:" if french else "your note:") in named.output


def test_facts_are_told_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shows that kinds, amounts, days and names of facts are told as people write them, in French as in English."""
    mail = str(MAILS.parent / "amazon" / "fr" / "new_confirmed.eml")
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")
    french = CliRunner().invoke(parse, [mail]).output
    assert "commandé" in french
    assert "€" in french
    assert "promis au plus tard le" in french
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    english = CliRunner().invoke(parse, [mail]).output
    assert "ordered" in english
    assert "promised by" in english
    assert not re.search(r"promised_to|sold_by|third_party|currency", french + english)


def test_of_attached_mails_the_true_ones_count(tmp_path: Path) -> None:
    """Shows that a forged mail among the attached ones is told, and keeps no other from being read."""
    outer = EmailMessage()
    outer["From"], outer["Subject"] = "Zoé Martin <zoe@example.org>", "TR: deux mails"
    for sender, order in (("Amazon.fr <order-update@amazon.fr>", TRUE), ("Amazon <order-update@arnazon.fr>", FALSE)):
        inner = EmailMessage()
        inner["From"], inner["Subject"] = sender, "Livré : « Lanterne »"
        inner.set_content(f"Votre colis a été livré !\n\nN° de commande\n{order}\n\n* Lanterne\n  Quantité : 1\n")
        outer.add_attachment(inner)
    file = tmp_path / "two.eml"
    file.write_bytes(outer.as_bytes())
    (found,) = run(str(file))
    assert {notice.get("order_id") for notice in found["notices"]} == {TRUE}
    assert (found["trust"], found["quarantined"]) == ("forged", "forged")
    assert all(notice["trust"] == "owner" for notice in found["notices"])
    told = CliRunner().invoke(parse, [str(file)]).output
    assert TRUE in told
    assert FALSE not in told


def test_reading_a_file_loads_no_database_and_no_mail_library() -> None:
    """Shows that parsing starts without what only the service needs."""
    heavy = ("sqlalchemy", "imapclient", "jinja2", "rich")
    code = f"import sys, daemon.cli.parse; print([name for name in {heavy} if name in sys.modules])"
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("fault", "reason"),
    [("while True: pass", "too slow"), ("raise KeyError('secret')", "failed: KeyError at ")],
    ids=["endless", "defective"],
)
def test_a_mail_that_breaks_reading_stops_no_other(tmp_path: Path, fault: str, reason: str) -> None:
    """A mail that would take for ever, or meets a defect of ours, is told to be set aside, and the next one is read."""
    program = tmp_path / "faulty.py"
    program.write_text(
        "import sys, parsers\n"
        "from daemon.cli.parse import parse\n"
        "sound = parsers.read\n"
        "def read(letter):\n"
        f"    if 'FAULT' in letter.subject:\n        {fault}\n"
        "    return sound(letter)\n"
        "parsers.read = read\n"
        "parse(sys.argv[1:])\n",
        "utf-8",
    )
    bad, good = tmp_path / "bad.eml", MAILS.parent / "amazon" / "fr_new_delivered.eml"
    bad.write_bytes(b"From: a@example.org\nSubject: FAULT\n\nx\n")
    command = [sys.executable, str(program), "--json", str(bad), str(good)]
    paths = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=paths)
    first, second = map(json.loads, done.stdout.splitlines())
    assert first["quarantined"].startswith(reason)
    assert "secret" not in done.stdout + done.stderr
    assert first["notices"] == []
    assert [one["kind"] for one in second["notices"]] == ["delivered"]


@pytest.mark.parametrize(
    ("sender", "locale", "told"),
    [
        ("Amazon.fr <order-update@amazon.fr>", "C.UTF-8", "not understood"),
        ("Amazon.fr <order-update@amazon.fr>", "fr_FR.UTF-8", "pas compris"),
        ("Zoé Martin <zoe@example.org>", "C.UTF-8", "nothing about an order"),
    ],
)
def test_unknown_words_of_a_known_sender_are_not_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sender: str, locale: str, told: str
) -> None:
    """A mail of a known sender that nothing is drawn from is said not to be understood; of anybody else's, nothing."""
    mail = EmailMessage()
    mail["From"], mail["Subject"] = sender, "Zorbule 404-5519083-7720416"
    mail.set_content("Glorp zinque votre frimousse 404-5519083-7720416.\n")
    file = tmp_path / "odd.eml"
    file.write_bytes(mail.as_bytes())
    monkeypatch.setenv("LC_ALL", locale)
    assert told in CliRunner().invoke(parse, [str(file)]).output
