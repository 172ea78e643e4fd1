"""Taking one kept mail in: read, what it says written down, and its orders marked to be judged anew."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

import structlog

from daemon.claims.claim import OPEN_STATES, Claim
from daemon.clock import Clock
from daemon.intake import UnreadableMail
from daemon.mailbox.base import Role
from daemon.orders.link import same_parcel
from daemon.outbox import answers, ids, sent
from daemon.reading import ReaderDied, Reading, Sheet, read, read_apart
from daemon.settings import MailboxBase, Settings
from daemon.store import MailSummary, PendingMail, Store
from daemon.store.errors import StoreUnavailable, UnknownMail
from parsers.letter import Letter
from parsers.notice import Notice

log = structlog.get_logger()


class ForgedMail(Exception):
    """A mail only pretends to come from its sender: nothing is drawn from it."""


class UnknownOwner(LookupError):
    """The store holds mails of an owner whom the configuration no longer names."""


class Homes:
    """Which mailboxes are whose."""

    def __init__(self, settings: Settings) -> None:
        self._boxes: dict[str, MailboxBase] = {box.name: box for box in settings.mailboxes}
        self.owners = {box.owner.key for box in settings.mailboxes}

    def of(self, owner: str) -> MailboxBase:
        """Return the mailbox into which an owner's drafts go: the first one that is theirs. Raises ``UnknownOwner``."""
        for box in self._boxes.values():
            if box.owner.key == owner:
                return box
        raise UnknownOwner(owner)

    def of_mail(self, mail: PendingMail) -> MailboxBase:
        """Return the mailbox that a mail came from, another of its owner's if that is gone. Raises ``UnknownOwner``."""
        box = self._boxes.get(mail.mailbox)
        return box if box is not None and box.owner.key == mail.owner else self.of(mail.owner)


class Reader:
    """Takes mails in, one at a time: its caller sees to that."""

    def __init__(self, homes: Homes, store: Store, clock: Clock) -> None:
        self._homes, self._store, self._clock = homes, store, clock

    def read(self, mail: PendingMail) -> None:
        """Read one mail and write down what it says, or set it aside with the reason. Raises ``StoreUnavailable``."""
        try:
            self._store.mails.start_attempt(mail.owner, mail.mail_id, self._clock.now())
        except UnknownMail:
            return  # another process has read it meanwhile
        try:
            self._digest(mail, self._opened(mail))
        except StoreUnavailable:
            with suppress(StoreUnavailable):
                self._store.mails.release_attempt(mail.owner, mail.mail_id)
            raise
        except UnreadableMail as problem:
            self._set_aside(mail, f"unreadable: {problem}")
        except ForgedMail:
            self._set_aside(mail, "forged")
        except UnknownOwner:
            self._set_aside(mail, "unknown_owner")
        except ReaderDied as problem:
            self._set_aside(mail, f"crash: {problem}")
        except Exception as problem:  # noqa: BLE001 - a defect of ours met by one mail must not stop the others
            self._set_aside(mail, f"failed: {type(problem).__name__} at {place_of(problem)}")

    def _set_aside(self, mail: PendingMail, reason: str) -> None:
        self._store.mails.quarantine(mail.owner, mail.mail_id, reason, self._clock.now())
        log.warning("mail_quarantined", mail=mail.mail_id[:12], reason=reason)

    def _opened(self, mail: PendingMail) -> Reading:
        box = self._homes.of_mail(mail)
        sheet = Sheet(
            received_at=mail.received_at,
            owner_addresses=box.owner.addresses,
            authserv_ids=box.authserv_ids,
            sent=mail.role == Role.SENT,
        )
        raw = self._store.mails.raw(mail.owner, mail.mail_id)
        # Begun before and never ended: it may have killed the process.
        reading = (read_apart if mail.attempts else read)(raw, sheet)
        if reading.forged:
            raise ForgedMail
        return reading

    def _digest(self, mail: PendingMail, reading: Reading) -> None:
        """Write down what a mail says, and that its orders must be judged anew: one transaction."""
        now = self._clock.now()
        with self._store.transaction():
            asked = answers.read(reading, lambda ref: self._order_of(mail.owner, ref))
            notices = (*reading.notices, *asked)
            self._store.mails.finish(mail.owner, mail.mail_id, _summary(reading), notices)
            touched = self._touched(mail.owner, notices)
            if reading.outgoing and (sending := self._sending(mail.owner, reading.letters)):
                claim, stage = sending
                self._store.claims.mark_sent(claim.ref, stage, min(reading.letters[0].date, now))
                log.info("draft_sent", claim=claim.ref, stage=stage, seen_in=mail.role.value)
                touched.add(claim.order_id)
            self._store.views.touch(mail.owner, sorted(touched), now)

    def _sending(self, owner: str, letters: Iterable[Letter]) -> tuple[Claim, str] | None:
        """Which of our drafts a mail in the Sent folder shows to have gone out."""
        claims_by_ref = {claim.ref: claim for _, claim in self._store.claims.all(owner)}
        waiting = [
            (claim, draft) for claim in claims_by_ref.values() for draft in claim.drafts if draft.state in OPEN_STATES
        ]
        for letter in letters:
            if found := sent.was_sent(letter, waiting):
                return claims_by_ref[found[0]], found[1]
        return None

    def _order_of(self, owner: str, ref: str) -> str | None:
        """Return the order that one of our mails is about: by its claim's number, or by the question it asked."""
        if found := self._store.claims.find(ref):
            return found[1].order_id if found[0] == owner else None
        return ids.order_of_question(ref)

    def _touched(self, owner: str, notices: Iterable[Notice]) -> set[str]:
        """Orders that these notices say something of: by number, or by a parcel that they share."""
        touched = set()
        for notice in notices:
            if notice.order_id:
                touched.add(notice.order_id)
            if notice.tracking_numbers:
                touched |= same_parcel(notice, self._store.views.by_tracking(owner, notice.tracking_numbers))
        return touched


def _summary(reading: Reading) -> MailSummary:
    first = reading.letters[0]
    return MailSummary(
        sender=first.sender,
        subject=first.subject,
        message_id=first.message_id,
        date=first.date,
        trust=first.trust,
        understood=reading.understood,
    )


def place_of(problem: BaseException) -> str:
    """File and line of a failure: enough to mend it, and nothing of the mail that an error's text might quote."""
    trace = problem.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}" if trace else "?"
