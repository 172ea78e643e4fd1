"""Looking at a mailbox once, for ``relance check``."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from daemon import mailbox
from daemon.mailbox import probe
from daemon.say import catalogue
from daemon.settings import MaildirMailbox as MaildirSettings
from tests.mailbox.kit import OWNER, mail, settings
from tests.servers.dovecot import Dovecot, free_port


def test_a_sound_mailbox(dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    """The report tells folders, Drafts, Sent, IDLE, the newest mail's time and the usual authserv-id."""
    result = (
        "Authentication-Results: mx.famille-roussel.example; dkim=pass\r\n"
        "Authentication-Results: ailleurs.example; dkim=pass\r\n"
    )
    dovecot.deliver_many("camille", [mail(n, extra=result) for n in range(3)])
    dovecot.deliver("camille", mail(9, extra="Authentication-Results: faux.example; dkim=pass\r\n"))
    report = probe(settings(dovecot, monkeypatch))
    assert report.ok
    assert report.greeting.startswith("* OK")
    assert (report.idle, report.uidplus, report.drafts, report.sent) == (True, True, "Drafts", "Sent")
    assert set(report.folders) == {"INBOX", "Drafts", "Sent", "Trash"}
    assert report.authserv_id == "mx.famille-roussel.example"
    assert report.newest_received_at is not None
    assert abs(report.newest_received_at - datetime.now(UTC)) < timedelta(minutes=1)
    assert all(message.flags <= {"\\Recent"} for message in dovecot.messages("camille"))


def test_missing_folders_are_named(dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    """Folders that the configuration names and the server has not are in the report."""
    report = probe(settings(dovecot, monkeypatch, folders=("INBOX", "Achats"), drafts="Brouillons", sent="none"))
    assert not report.ok
    assert report.missing == ("Achats", "Brouillons")
    assert (report.drafts, report.sent) == (None, None)


def test_problems_are_told_not_raised(dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A wrong password, a wrong port, a bad certificate file and a missing Maildir each have their key."""
    monkeypatch.setenv("RELANCE_TEST_WRONG", "mauvais")
    (tmp_path / "ca.pem").write_text("no certificate", "utf-8")
    found = {
        probe(settings(dovecot, monkeypatch, **changes)).problem
        for changes in (
            {"password": {"env": "RELANCE_TEST_WRONG"}},
            {"port": free_port()},
            {"port": dovecot.port},
            {"ca_file": tmp_path / "ca.pem"},
            {"ca_file": None},
        )
    }
    absent = MaildirSettings(kind="maildir", name="ici", owner=OWNER, path=tmp_path / "absent")
    found.add(probe(absent).problem)
    assert found == {"login_refused", "unreachable", "no_greeting", "ca_file", "certificate", "maildir_missing"}


def test_a_sound_maildir(tmp_path: Path) -> None:
    """A Maildir's report has its folders and whether drafts and sent mail have theirs."""
    for folder in ("", ".Sent", ".Achats"):
        for part in ("new", "cur", "tmp"):
            (tmp_path / "mail" / folder / part).mkdir(parents=True)
    (tmp_path / "mail" / "new" / "1.a").write_bytes(mail(1, extra="Authentication-Results: mx.example; dkim=pass\r\n"))
    report = probe(MaildirSettings(kind="maildir", name="ici", owner=OWNER, path=tmp_path / "mail"))
    assert report.ok
    assert report.folders == ("INBOX", "Achats", "Sent")
    assert (report.drafts, report.sent, report.authserv_id) == (None, "Sent", "mx.example")


def test_only_a_name_under_which_proofs_stand_is_proposed(tmp_path: Path) -> None:
    """The topmost field's name is proposed if it states DMARC or DKIM; names below it are not, however alike."""
    for part in ("new", "cur", "tmp"):
        (tmp_path / part).mkdir()
    box = MaildirSettings(kind="maildir", name="ici", owner=OWNER, path=tmp_path)
    foreign = "Authentication-Results: evil.co.uk; dkim=pass\r\n"
    spf = "Authentication-Results: mail.co.uk; spf=pass\r\n"
    (tmp_path / "new" / "1.a").write_bytes(mail(1, extra=spf + foreign))
    assert probe(box).authserv_id == ""
    dmarc = "Authentication-Results: mx.courrier.example; dmarc=pass header.from=x.example\r\n"
    (tmp_path / "new" / "2.a").write_bytes(mail(2, extra=dmarc + foreign))
    assert probe(box).authserv_id == "mx.courrier.example"


def test_every_message_exists_in_both_languages() -> None:
    """Every key that the mailboxes use is in both catalogues, with the same facts to fill in."""
    folder = Path(mailbox.__file__).parent
    code = "".join(path.read_text("utf-8") for path in folder.glob("*.py"))
    used = set(re.findall(r'(?:\.of|State\.[A-Z_]+,)\(?\s*"([a-z_]+)"', code)) | {"maildir_missing"}
    assert len(used) > 15
    english, french = catalogue("en"), catalogue("fr")
    assert {f"mailbox.{key}" for key in used} <= english.keys()
    for key in [one for one in english if one.startswith("mailbox.")]:
        assert set(re.findall(r"{(\w+)}", english[key])) == set(re.findall(r"{(\w+)}", french[key])), key
    assert {one for one in english if one.startswith("mailbox.")} == {
        one for one in french if one.startswith("mailbox.")
    }
