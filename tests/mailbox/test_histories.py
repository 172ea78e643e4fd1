"""Whatever happens in whatever order to a real server, every mail is kept once."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from daemon.mailbox.base import State
from daemon.store.errors import StoreUnavailable
from tests.mailbox.kit import SHORT, imap, mail
from tests.mailbox.sink import MemorySink, Watching
from tests.requirements import need_program
from tests.servers.certificate import Certificate
from tests.servers.dovecot import Dovecot

STEPS = ["deliver", "deliver elsewhere", "power cut", "freeze", "restart relance", "full disk", "remake folder", "seen"]


class History:
    """A server, a mailbox on it, and the mails that must have been kept."""

    def __init__(self, certificate: Certificate, monkeypatch: pytest.MonkeyPatch) -> None:
        self.server = Dovecot(certificate)
        self.server.start()
        self.server.create_folder("camille", "Achats")
        self.sink = MemorySink()
        self.monkeypatch = monkeypatch
        self.delivered: list[tuple[str, bytes]] = []
        self.watch = self._watch()

    def _watch(self) -> Watching:
        made = imap(self.server, self.monkeypatch, pace=SHORT, folders=("INBOX", "Achats"), timeout_seconds=2)
        return Watching(made, self.sink)

    def deliver(self, folder: str) -> None:
        """Deliver a mail unlike all others."""
        raw = mail(len(self.delivered))
        self.server.deliver("camille", raw, folder)
        self.delivered.append((folder, raw))

    def do(self, step: str) -> None:
        """Let something happen."""
        if step == "deliver":
            self.deliver("INBOX")
        elif step == "deliver elsewhere":
            self.deliver("Achats")
        elif step == "power cut":
            self.server.restart()
        elif step == "freeze":
            self.server.freeze()
            self.sink.wait_state(State.RETRYING)
            self.server.thaw()
        elif step == "restart relance":
            self.watch.end()
            self.watch = self._watch()
        elif step == "full disk":
            self.sink.troubles.append(StoreUnavailable("disk full"))
        elif step == "remake folder":
            self._remake()
        else:
            with self.server.client("camille") as client:
                client.select_folder("INBOX")
                client.add_flags(client.search("ALL"), ["\\Seen"]) if client.search("ALL") else None

    def _remake(self) -> None:
        self.server.delete_folder("camille", "Achats")
        self.server.create_folder("camille", "Achats")
        again = [raw for folder, raw in self.delivered if folder == "Achats"]
        self.server.deliver_many("camille", again, "Achats")

    def end(self) -> None:
        """Stop everything."""
        self.watch.end()
        self.server.stop()


@settings(
    deadline=None,
    max_examples=4,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(steps=st.lists(st.sampled_from(STEPS), min_size=3, max_size=7))
def test_every_mail_is_kept_once(certificate: Certificate, steps: list[str]) -> None:
    """After any history of deliveries, power cuts, freezes, restarts, full disks and remade folders all is there."""
    need_program("dovecot")
    with pytest.MonkeyPatch.context() as monkeypatch:
        history = History(certificate, monkeypatch)
        try:
            for step in steps:
                history.do(step)
            history.deliver("INBOX")
            history.deliver("Achats")
            history.sink.wait_mails(len(history.delivered), 15)
        finally:
            history.end()
    assert sorted(history.sink.mails.values()) == sorted(raw for _, raw in history.delivered)
