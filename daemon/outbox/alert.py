"""The mail that warns the owner of a forged one."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from daemon.claims.words import one_line, shortened
from daemon.outbox.ids import message_id
from daemon.outbox.inbox import notice_mail
from daemon.outbox.plan import Placing
from daemon.say import when
from daemon.settings import Owner
from daemon.zones import zone_of
from parsers.letter import Letter

_SHOWN = 90
_SHORT_ID = 12
"""Characters of a mail's number that the command line shows."""
_LINKED = re.compile(r"(?<=\w)([.:])(?=[\w/])")


def forged_alert(letter: Letter, owner: Owner, now: datetime) -> Placing:
    """Return the warning of a forged mail, to be placed in the INBOX once: its Message-ID is made from the day.

    A wave of imitations comes from many domains with many subjects, all within hours; whoever was warned of one is
    warned. So the first of a day (UTC) is told, the others lie in quarantine, and ``status`` counts them. The day is
    that of arrival: mails that are read again, or all replayed, are of the same day and make no other warning.

    Of the mail it shows what people know it by in their list, and nothing that a mail program could make a link of.
    """
    number = letter.mail_id[:_SHORT_ID]
    values = {
        "sender": _harmless(f"{letter.sender_name} <{letter.sender or '?'}>" if letter.sender_name else letter.sender),
        "subject": _harmless(letter.subject),
        "at": when(letter.received_at, owner.language, zone_of(owner.country)),
        "mail": number,
        "attached": letter.forwarded,
    }
    ref = f"M-{letter.received_at.astimezone(UTC):%Y%m%d}"
    fixed = message_id(ref, "forged", "alert", 1, owner)
    return Placing("alert", ref, "forged", fixed, raw=notice_mail("forged.txt.j2", values, owner, now, fixed, ()))


def _harmless(text: str) -> str:
    return _LINKED.sub(r"[\1]", shortened(one_line(text), _SHOWN))
