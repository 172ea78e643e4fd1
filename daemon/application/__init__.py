"""What people can do with relance: the use cases behind the command line and the page.

Every decision is written with what it changed, so that it can be undone; after
each one the order is reconsidered, and ``Change.effects`` tells what followed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from daemon import locations
from daemon.application.deciding import Deciding
from daemon.application.results import (
    ApplicationError,
    Change,
    ClaimUnknown,
    ClaimView,
    DraftView,
    Effect,
    EmptyText,
    LaterStep,
    LooseParcel,
    MailUnknown,
    NotApprovable,
    NotApproved,
    NotDropped,
    NothingOpen,
    NothingToUndo,
    NotUnclear,
    NotYetWritten,
    OrderAmbiguous,
    OrderSummary,
    OrderUnknown,
    OrderView,
    OwnerUnknown,
    ReplayResult,
    Status,
)
from daemon.clock import Clock, SystemClock
from daemon.readingroom import ReadingRoom
from daemon.redaction import redact
from daemon.rules import load
from daemon.settings import Settings
from daemon.store import QuarantinedMail, Store, UnclearMail

__all__ = [
    "Application",
    "ApplicationError",
    "Change",
    "ClaimUnknown",
    "ClaimView",
    "DraftView",
    "Effect",
    "EmptyText",
    "LaterStep",
    "LooseParcel",
    "MailUnknown",
    "NotApprovable",
    "NotApproved",
    "NotDropped",
    "NotUnclear",
    "NotYetWritten",
    "NothingOpen",
    "NothingToUndo",
    "OrderAmbiguous",
    "OrderSummary",
    "OrderUnknown",
    "OrderView",
    "OwnerUnknown",
    "ReplayResult",
    "Status",
]


class Application(Deciding):
    """All use cases over one configuration and its store."""

    @classmethod
    def open(cls, settings: Settings, clock: Clock | None = None) -> Application:
        """Open the store of a configuration. Raises ``StoreError`` and ``RulesError``."""
        rules = load(settings.rules_dir)
        return cls(settings, Store.open(locations.database(settings)), rules, clock or SystemClock(), ReadingRoom())

    def close(self) -> None:
        """Close the store, and end what was begun for it."""
        if self._room is not None:
            self._room.close()
        self._store.close()

    def quarantined(self) -> list[QuarantinedMail]:
        """Return the mails that could not be read."""
        return self._store.mails.quarantined()

    def quarantine_show(self, mail_id: str) -> tuple[QuarantinedMail, bytes]:
        """Return a mail in quarantine and its bytes. Raises ``MailUnknown``."""
        mail = self._quarantined(mail_id)
        return mail, self._store.mails.raw(mail.owner, mail.mail_id)

    def quarantine_retry(self, mail_id: str | None = None) -> int:
        """Read one mail of the quarantine, or all, again; return how many came through. Raises ``MailUnknown``."""
        chosen = self.quarantined() if mail_id is None else [self._quarantined(mail_id)]
        for mail in chosen:
            with self.pipeline.transaction():
                self._store.mails.retry(mail.owner, mail.mail_id)
        self.pipeline.read_new()
        again = {mail.mail_id for mail in self.quarantined()}
        return sum(mail.mail_id not in again for mail in chosen)

    def quarantine_drop(self, mail_id: str) -> Change:
        """Take a mail out of quarantine for good; its bytes are kept for an undo. Raises ``MailUnknown``."""
        mail = self._quarantined(mail_id)
        with self.pipeline.transaction():
            self._store.mails.drop(mail.owner, mail.mail_id)
            dropped = {"mail": mail.mail_id}
            decision = self._store.decisions.record(mail.owner, "drop", mail.mail_id, {}, dropped, self._clock.now())
        return Change(decision, "drop", mail.mail_id)

    def quarantine_undrop(self, mail_id: str) -> None:
        """Put a dropped mail back into quarantine: takes the decision to drop it back. Raises ``NotDropped``."""
        drops = [one for one in self.decisions() if one.what == "drop" and one.undone_at is None]
        mails = {one.subject: one.id for one in drops}
        self.undo(mails[_only(mail_id, mails, NotDropped)])

    def unclear(self) -> list[UnclearMail]:
        """Return the mails from known senders that were not understood."""
        return self._store.mails.not_understood()

    def unclear_show(self, mail_id: str) -> tuple[UnclearMail, bytes]:
        """Return a mail that was not understood, and its bytes. Raises ``NotUnclear``."""
        mails = {mail.mail_id: mail for mail in self.unclear()}
        found = mails[_only(mail_id, mails, NotUnclear)]
        return found, self._store.mails.raw(found.owner, found.mail_id)

    def redacted(self, mail: UnclearMail, key: bytes) -> bytes:
        """Return a mail made shareable; ``key`` makes the replacements unguessable. Raises ``UnreadableMail``."""
        names = [name for box in self._settings.mailboxes for name in (box.owner.name, *box.owner.addresses)]
        return redact(self._store.mails.raw(mail.owner, mail.mail_id), names, key)

    def replay(self, progress: Callable[[int, int], None] | None = None) -> ReplayResult:
        """Read every mail again with the parsers and rules of today; claims, drafts and decisions stay."""
        total = sum(self._store.mails.requeue(owner) for owner in self._owners())
        done = self.pipeline.read_new(progress=lambda count: progress(count, total) if progress else None)
        self.pipeline.reconsider_all()
        summaries = self.orders()
        troubles = sum(len(one.anomalies) for one in summaries)
        return ReplayResult(done, len(summaries), troubles, len(self.quarantined()))

    def _owners(self) -> set[str]:
        """Those whom the configuration names; what is known of others stays as it is."""
        return {box.owner.key for box in self._settings.mailboxes}

    def _quarantined(self, mail_id: str) -> QuarantinedMail:
        mails = {mail.mail_id: mail for mail in self.quarantined()}
        return mails[_only(mail_id, mails, MailUnknown)]


def _only(begun: str, known: Iterable[str], fault: type[MailUnknown]) -> str:
    """Return the one number that begins with ``begun``. Raises ``fault``, with those it could be."""
    found = [number for number in known if number.startswith(begun.lower())]
    if len(found) != 1:
        raise fault(begun, found)
    return found[0]
