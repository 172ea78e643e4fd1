"""Settings, paces and mails for the tests of mailboxes."""

from __future__ import annotations

from typing import Any

from daemon.mailbox.backoff import Pace
from daemon.mailbox.imap import ImapMailbox
from daemon.settings import ImapMailbox as Settings
from daemon.settings import Owner
from tests.servers.dovecot import PASSWORD, Dovecot
from tests.servers.scripted import ScriptedImap

OWNER = Owner(name="Camille Roussel", addresses=("camille@famille-roussel.example",))
QUICK = Pace(first_retry=0.05, longest_retry=0.2, first_pause=0.05, longest_pause=0.1)
"""The usual stay in IDLE, so that only an event can make a test pass; short waits after faults."""
SHORT = Pace(idle=0.3, answer=1.0, first_retry=0.05, longest_retry=0.2)
"""Short stays in IDLE too."""


def settings(server: Dovecot, monkeypatch: Any, user: str = "camille", **changes: Any) -> Settings:
    """Return the settings of an account of a Dovecot, with its password in the environment."""
    monkeypatch.setenv("RELANCE_TEST_PASSWORD", PASSWORD)
    values: dict[str, Any] = {
        "name": user,
        "owner": OWNER,
        "host": server.host,
        "port": server.tls_port,
        "ca_file": server.ca_file,
        "username": user,
        "password": {"env": "RELANCE_TEST_PASSWORD"},
        "timeout_seconds": 5,
    }
    return Settings.model_validate(values | changes)


def scripted_settings(server: ScriptedImap, monkeypatch: Any, **changes: Any) -> Settings:
    """Return the settings of the account of a scripted server."""
    monkeypatch.setenv("RELANCE_TEST_PASSWORD", "ouvre-toi")
    values: dict[str, Any] = {
        "name": "scripted",
        "owner": OWNER,
        "host": server.host,
        "port": server.port,
        "security": "plain",
        "username": "camille",
        "password": {"env": "RELANCE_TEST_PASSWORD"},
        "timeout_seconds": 2,
        "sent": "none",
    }
    return Settings.model_validate(values | changes)


def imap(server: Dovecot, monkeypatch: Any, user: str = "camille", pace: Pace = QUICK, **changes: Any) -> ImapMailbox:
    """Return the mailbox of a user of a Dovecot."""
    return ImapMailbox(settings(server, monkeypatch, user, **changes), pace=pace)


def mail(number: int, *, sender: str = "livraison@colis-exemple.example", size: int = 0, extra: str = "") -> bytes:
    """Return an invented mail; ``number`` makes it unlike all others, ``size`` pads its body (bytes)."""
    text = (
        f"From: Colis Exemple <{sender}>\r\n"
        "To: Camille Roussel <camille@famille-roussel.example>\r\n"
        f"Subject: =?utf-8?q?Exp=C3=A9di=C3=A9_n=C2=B0{number}?=\r\n"
        f"Message-ID: <colis-{number}@colis-exemple.example>\r\n"
        f"{extra}"
        "\r\n"
        f"Votre colis {number} est parti.\r\n"
    )
    filler = ("Bonne lecture de cette lettre d'information.\r\n" * (size // 46 + 1))[:size]
    return (text + filler + "\r\n").encode()
