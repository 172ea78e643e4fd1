"""Logging in, and telling a refusal (stop, tell the owner) from a server that is busy (try again later)."""

from __future__ import annotations

import imaplib
import re
from typing import Any

from imapclient.exceptions import LoginError  # type: ignore[import-untyped]  # the library ships no types

from daemon.mailbox import secrets
from daemon.mailbox.base import ConnectionLost, LoginRefused, MailboxError
from daemon.mailbox.lifeline import Lifeline
from daemon.settings import ImapMailbox

_CODE = re.compile(r"\[([A-Z-]+)")
_BUSY_CODES = frozenset({"UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG", "THROTTLED"})
"""Response codes that say "not now" (RFC 5530; LIMIT, RFC 9051; THROTTLED, Gmail and Outlook)."""
_BUSY_WORDS = re.compile(r"simultaneous connections|too many connections|temporar|try again later", re.IGNORECASE)
"""What Gmail, Outlook and Cyrus say instead of a code when an account has too many connections."""


def login(client: Any, settings: ImapMailbox, line: Lifeline | None) -> None:  # noqa: ANN401 - an untyped library's
    """Log in with the password or the token, asked for now.

    Raises ``LoginRefused``; ``ConnectionLost`` where trying again later can help; ``Misconfigured`` for the secret.
    """
    secret = settings.token or settings.password
    assert secret is not None, "the settings see to it"
    value = secrets.read(secret, line)
    try:
        if settings.token is not None:
            client.sasl_login("XOAUTH2", _Xoauth2(settings.username, value))
        elif _needs_plain(client, settings.username + value):
            client.plain_login(settings.username, value)
        else:
            client.login(settings.username, value)
    except LoginError as error:
        raise _failure(error) from None


class _Xoauth2:
    """The token first; then an empty answer to the server's explanation of why it does not like it."""

    def __init__(self, user: str, token: str) -> None:
        self._answers = [f"user={user}\x01auth=Bearer {token}\x01\x01"]

    def __call__(self, challenge: bytes) -> str:  # noqa: ARG002 - the library's signature
        return self._answers.pop() if self._answers else ""


def _needs_plain(client: Any, words: str) -> bool:  # noqa: ANN401 - as above
    # LOGIN carries ASCII only.
    return not words.isascii() or (client.has_capability("LOGINDISABLED") and client.has_capability("AUTH=PLAIN"))


def _failure(error: LoginError) -> MailboxError:
    if isinstance(error.__context__, imaplib.IMAP4.abort):
        return ConnectionLost.of("connection_lost")
    text = str(error)
    code = _CODE.search(text)
    named = code[1] if code else "NO"
    if named in _BUSY_CODES or _BUSY_WORDS.search(text):
        return ConnectionLost.of("server_busy", code=named)
    return LoginRefused.of("login_refused", code=named)
