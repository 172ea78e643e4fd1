"""RFC 5322 messages: headers that nobody can smuggle a line into, and bodies in UTF-8."""

from __future__ import annotations

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime

from daemon.claims.words import one_line
from daemon.mailbox.base import OURS

_IDENTIFIERS = frozenset({"message-id", "in-reply-to", "references"})


class _WholeIdentifiers(EmailPolicy):
    """Never folds an identifier: a line break before it confuses servers that search for it."""

    def fold(self, name: str, value: str) -> str:
        """Return a header as it is written."""
        return f"{name}: {value}{self.linesep}" if name.lower() in _IDENTIFIERS else super().fold(name, value)

    def fold_binary(self, name: str, value: str) -> bytes:
        """Return a header as bytes."""
        return (
            self.fold(name, value).encode("ascii") if name.lower() in _IDENTIFIERS else super().fold_binary(name, value)
        )


_POLICY = _WholeIdentifiers(linesep=SMTP.linesep, max_line_length=78)


class Unaddressable(ValueError):
    """An address cannot be written into a mail's header."""


def new_message(*, message_id: str, at: datetime, subject: str, sender: Address, to: Address) -> EmailMessage:
    """Return a message without a body. ``at`` is aware. It bears the header by which relance knows its own."""
    message = EmailMessage(policy=_POLICY)
    message["From"] = sender
    message["To"] = to
    message["Subject"] = one_line(subject)
    message["Date"] = format_datetime(at)
    message["Message-ID"] = message_id
    message[OURS] = "1"
    return message


def address(mail: str, name: str = "") -> Address:
    """Return an address with its name. Raises ``Unaddressable``."""
    try:
        return Address(display_name=one_line(name), addr_spec=mail.strip())
    except (ValueError, IndexError) as problem:
        raise Unaddressable(str(problem)) from None


def set_text(message: EmailMessage, text: str) -> None:
    """Set the plain text; quoted-printable, so that it passes every server unchanged."""
    message.set_content(text.rstrip("\n") + "\n", cte="quoted-printable")


def add_html(message: EmailMessage, html: str) -> None:
    """Add the same in HTML."""
    message.add_alternative(html, subtype="html", cte="quoted-printable")
