"""Providers whose servers are known: how they state what they found, and how they show that somebody had logged in.

What else is believed where the owner has configured nothing is decided here, too
(``docs/decisions/what-shows-the-owner.md``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from daemon.intake.words import table

if TYPE_CHECKING:
    from daemon.settings import MailboxBase

DIRECT = "direct"
"""In ``authenticated_path``: a mail that no server received from anywhere, so somebody with the mailbox's password, or
this machine's, put it there."""
LOGIN = "login"
"""A mail that the server which took it in took from somebody who had logged in, whatever that server's name."""
SERVER = "server"
"""A mail whose signature the server which took it in found whole, going by its own topmost ``Received``."""
ANY = "any"
"""Whatever bears the owner's address."""
UNTIL_TOLD = (DIRECT, LOGIN, SERVER)
"""What is believed where the owner has configured nothing."""


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider of mailboxes."""

    imap: frozenset[str]
    authserv_ids: tuple[str, ...]
    path: tuple[str, ...]
    always: bool = False
    """Its servers state a result for every mail."""


@cache
def _providers() -> tuple[Provider, ...]:
    return tuple(
        Provider(
            frozenset(row["imap"]), tuple(row["authserv_ids"]), tuple(row.get("path", ())), row.get("always", False)
        )
        for row in table("senders")["provider"]
    )


@cache
def always_stating() -> frozenset[str]:
    """Return the names of servers that state a result for every mail, so that the topmost one is their own."""
    return frozenset(name for each in _providers() if each.always for name in each.authserv_ids)


def believed(box: MailboxBase) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return ``authserv_ids`` and ``authenticated_path`` of a mailbox: as configured, and what is known of its host."""
    known = _of(box)
    told: Sequence[object] = (*box.authserv_ids, *box.authenticated_path, *((True,) if box.dkim else ()))
    path = (*box.authenticated_path, *known.path, *(() if told else UNTIL_TOLD))
    return (*box.authserv_ids, *known.authserv_ids), tuple(dict.fromkeys(path))


def provable(box: MailboxBase) -> bool:
    """Say whether a mailbox proves honest mails, so that one without a proof is in doubt.

    It does where its owner says what proves them, and where its provider is known to state a result for every mail.
    """
    return bool(box.authserv_ids or box.dkim or _of(box).always)


def _of(box: MailboxBase) -> Provider:
    """Return what is known of the host of a mailbox."""
    host = str(getattr(box, "host", "")).lower().strip(".")
    return next((each for each in _providers() if host in each.imap), Provider(frozenset(), (), ()))
