"""Reading one mail: intake and parsers, pure. ``daemon.readingroom`` does it in a child process."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

import parsers
from daemon.intake import open_mail
from daemon.intake.lookalike import is_seller_relay
from daemon.orders.naming import named
from parsers.letter import Letter, Trust, Value
from parsers.notice import Notice

COMPUTING = 2.0
"""Seconds of computing that one mail may take; ordinary ones take a thousandth of that."""


class Sheet(Value):
    """What a reader needs besides the raw mail."""

    received_at: datetime
    owner_addresses: tuple[str, ...]
    authserv_ids: tuple[str, ...]
    authenticated_path: tuple[str, ...] = ()
    keys: dict[str, str] | None = None
    """Keys for the mail's signatures, asked for beforehand: who reads it touches no network. None: none is verified."""
    sent: bool
    """It lies in the Sent folder."""


class Reading(Value):
    """What one mail gave."""

    letters: tuple[Letter, ...]
    notices: tuple[Notice, ...] = ()
    understood: bool = True
    """False when a known sender wrote in words that no lexicon knows."""
    outgoing: bool = False
    """The owner wrote it to others: only who it went to matters, and no notice is drawn from our own words."""

    @property
    def forged(self) -> bool:
        """Whether one of the letters only pretends to come from its sender."""
        return any(letter.trust == Trust.FORGED for letter in self.letters)


class MailReader(Protocol):
    """Where mails are read."""

    def ready(self) -> None:
        """Make ready for a mail, so that as little as possible is begun when its attempt is written down."""

    def read(self, raw: bytes, sheet: Sheet) -> Reading:
        """Decode and understand a mail. Raises ``UnreadableMail``."""


class Here:
    """Reads in this process."""

    def ready(self) -> None:
        """Do nothing: whoever asks is ready."""

    def read(self, raw: bytes, sheet: Sheet) -> Reading:
        """Decode and understand a mail. Raises ``UnreadableMail``."""
        return read(raw, sheet)


def _is_outgoing(letter: Letter, sheet: Sheet) -> bool:
    """Wherever it lies: some servers show sent mail in the INBOX too, and what owners write to themselves in Sent."""
    mine = {address.lower() for address in sheet.owner_addresses}
    if any(to.lower() in mine for to in letter.to):
        return False
    return sheet.sent or (letter.sender in mine and any(map(is_seller_relay, letter.to)))


def read(raw: bytes, sheet: Sheet) -> Reading:
    """Decode and understand a mail. Raises ``UnreadableMail``."""
    letters = open_mail(
        raw,
        received_at=sheet.received_at,
        owner_addresses=sheet.owner_addresses,
        authserv_ids=sheet.authserv_ids,
        authenticated_path=sheet.authenticated_path,
        keys=sheet.keys,
    )
    if any(_is_outgoing(letter, sheet) for letter in letters):
        return Reading(letters=letters, outgoing=True)
    read_from = [(letter, [named(one) for one in parsers.read(letter)]) for letter in letters]
    return Reading(
        letters=letters,
        notices=tuple(dict.fromkeys(notice for _, notices in read_from for notice in notices)),
        understood=all(parsers.understood(letter, notices) for letter, notices in read_from),
    )


def place_of(problem: BaseException) -> str:
    """File and line of a failure: enough to mend it, and nothing of the mail that an error's text might quote."""
    trace = problem.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}" if trace else "?"
