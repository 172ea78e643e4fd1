"""Taking one kept mail in: read, what it says written down, and its orders marked to be judged anew."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta

import structlog

from daemon.claims.claim import OPEN_STATES, Claim
from daemon.clock import Clock
from daemon.intake import UnreadableMail, providers
from daemon.intake.dkim import LATE, dated, key_names
from daemon.keys import KeyRing
from daemon.mailbox.base import Role
from daemon.orders import belief, mentions
from daemon.orders.link import same_parcel
from daemon.outbox import answers, ids, sent
from daemon.outbox.alert import forged_alert
from daemon.reading import MailReader, Reading, Sheet, place_of
from daemon.readingroom import NoReader, ReaderDied, ReadingFailed
from daemon.settings import MailboxBase, Settings
from daemon.store import MailSummary, PendingMail, Store
from daemon.store.errors import StoreUnavailable, UnknownMail
from parsers.letter import Letter, Trust
from parsers.notice import Notice

log = structlog.get_logger()


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

    def __init__(
        self,
        homes: Homes,
        store: Store,
        clock: Clock,
        mail_reader: MailReader,
        keys: KeyRing | None = None,
        tell_within: timedelta = timedelta.max,
    ) -> None:
        """``tell_within`` is how old a forged mail may be for its owner to be told of it."""
        self._homes, self._store, self._clock, self._tell_within = homes, store, clock, tell_within
        self._mail_reader = mail_reader
        self._keys = keys if keys is not None else KeyRing()

    def read(self, mail: PendingMail) -> None:
        """Read one mail and write down what it says, or set it aside with the reason.

        Raises ``StoreUnavailable``, and ``NoReader`` when there is nobody to read it: the mail waits.
        """
        self._mail_reader.ready()
        try:
            self._store.mails.start_attempt(mail.owner, mail.mail_id, self._clock.now())
        except UnknownMail:
            return  # another process has read it meanwhile
        try:
            self._sift(mail, self._opened(mail))
        except (StoreUnavailable, NoReader):
            with suppress(StoreUnavailable):
                self._store.mails.release_attempt(mail.owner, mail.mail_id)
            raise
        except UnreadableMail as problem:
            self._set_aside(mail, f"unreadable: {problem}")
        except UnknownOwner:
            self._set_aside(mail, "unknown_owner")
        except ReaderDied as problem:
            self._set_aside(mail, f"crash: {problem}")
        except ReadingFailed as problem:
            self._set_aside(mail, f"failed: {problem}")
        except Exception as problem:  # noqa: BLE001 - a defect of ours met by one mail must not stop the others
            self._set_aside(mail, f"failed: {type(problem).__name__} at {place_of(problem)}")

    def _sift(self, mail: PendingMail, reading: Reading) -> None:
        """Write down what the true letters of a mail say; one with a forged letter lies in quarantine all the same."""
        forged = [letter for letter in reading.letters if letter.trust is Trust.FORGED]
        true = tuple(letter for letter in reading.letters if letter.trust is not Trust.FORGED)
        with self._store.transaction():
            if true:
                self._digest(mail, reading.model_copy(update={"letters": true}))
            if forged:
                share = f": {len(forged)}/{len(reading.letters)}" if true else ""
                self._set_aside(mail, f"forged{share}")
                self._alert(mail, forged[0])

    def _set_aside(self, mail: PendingMail, reason: str) -> None:
        self._store.mails.quarantine(mail.owner, mail.mail_id, reason, self._clock.now())
        log.warning("mail_quarantined", mail=mail.mail_id[:12], reason=reason)

    def _alert(self, mail: PendingMail, letter: Letter) -> None:
        """Have the owner told of a forged mail: once, whatever becomes of it, and of none that came long ago."""
        now = self._clock.now()
        if now - mail.received_at <= self._tell_within:
            box = self._homes.of_mail(mail)
            self._store.placements.intend(mail.owner, box.name, forged_alert(letter, box.owner, now), now)

    def _opened(self, mail: PendingMail) -> Reading:
        box = self._homes.of_mail(mail)
        raw = self._store.mails.raw(mail.owner, mail.mail_id)
        authserv_ids, authenticated_path = providers.believed(box)
        sheet = Sheet(
            received_at=mail.received_at,
            owner_addresses=box.owner.addresses,
            authserv_ids=authserv_ids,
            authenticated_path=authenticated_path,
            keys=self._keys_of(mail, raw) if box.dkim else None,
            sent=mail.role == Role.SENT,
        )
        return self._mail_reader.read(raw, sheet)

    def _keys_of(self, mail: PendingMail, raw: bytes) -> dict[str, str]:
        """Return the keys for a mail's signatures: those seen after it had arrived, the others from DNS."""
        names, arrived, now = key_names(raw), mail.received_at, self._clock.now()
        known = self._store.keys.since(names, arrived)
        found = self._keys.of(name for name in names if name not in known)
        self._store.keys.remember(found, now)
        timely = self._store.keys.since(names, arrived, LATE)
        return {name: dated(record, late=name not in timely) for name, record in (known | found).items()}

    def _digest(self, mail: PendingMail, reading: Reading) -> None:
        """Write down what a mail says, and that its orders must be judged anew: one transaction."""
        now = self._clock.now()
        with self._store.transaction():
            asked = answers.read(reading, lambda ref: self._order_of(mail.owner, ref))
            if not asked and any(letter.note for letter in reading.letters):
                asked = mentions.reported(reading.letters, reading.notices, self._store.views.order_ids(mail.owner))
            box = self._homes.of_mail(mail)
            notices = belief.marked((*reading.notices, *asked), provable=providers.provable(box))
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
        return ids.order_of_question(ref, self._store.views.order_ids(owner)) if ids.is_question(ref) else None

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
