"""Mailboxes: watched, read headers first, and never changed but for what relance puts into them."""

from __future__ import annotations

from daemon.clock import Clock
from daemon.mailbox.base import Mailbox
from daemon.mailbox.imap import ImapMailbox
from daemon.mailbox.maildir import MaildirMailbox
from daemon.mailbox.probe import Report, probe
from daemon.settings import AnyMailbox
from daemon.settings import MaildirMailbox as MaildirSettings

__all__ = ["Report", "make", "probe"]


def make(settings: AnyMailbox, clock: Clock | None = None) -> Mailbox:
    """Return the mailbox of a configuration; nothing is opened yet."""
    if isinstance(settings, MaildirSettings):
        return MaildirMailbox(settings, clock=clock)
    return ImapMailbox(settings, clock=clock)
