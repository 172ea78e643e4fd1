"""Which mails are fetched whole."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from daemon.intake import wanted
from daemon.mailbox.base import Header, Role
from daemon.settings import Read

ARRIVED = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
OWNER = "lou.martel@example.net"


def header(
    sender: str,
    *,
    to: str = "x@example.net",
    ours: bool = False,
    in_reply_to: str = "",
    message_id: str = "<m@x>",
    name: str = "",
    subject: str = "s",
) -> Header:
    """Return an envelope that differs from an ordinary one in what is given."""
    return Header(1, ARRIVED, 100, sender, (to,), subject, message_id, in_reply_to, (), ours, name)


def is_ours(message_id: str) -> bool:
    """Say whether relance made this Message-ID."""
    return message_id.startswith("<relance.")


@pytest.mark.parametrize(
    ("mail", "role", "matters"),
    [
        (header("order-update@amazon.fr"), Role.INBOX, True),
        (header("a1b2@marketplace.amazon.fr"), Role.INBOX, True),
        (header("order-update_at_amazon_fr_k5d9xjx4nb_7a3d2f1e@privaterelay.appleid.com"), Role.INBOX, True),
        (header(OWNER.upper()), Role.INBOX, True),
        (header("friend@example.org"), Role.INBOX, False),
        (header("suivi@amaz0n.fr"), Role.INBOX, True),
        (header("suivi@colis.example", name="Amazon.fr"), Role.INBOX, True),
        (header("suivi@colis.example", name="Mes colis"), Role.INBOX, False),
        (header("seller@example.org", in_reply_to="<relance.r-1@x>"), Role.INBOX, True),
        (header("order-update@amazon.fr", ours=True), Role.INBOX, False),
        (header(""), Role.INBOX, False),
        (header(OWNER), Role.SENT, False),
        (header(OWNER, to="a1b2@marketplace.amazon.fr"), Role.SENT, True),
        (header(OWNER, to="order-update@amazon.fr"), Role.SENT, False),
        (header(OWNER, message_id="<relance.r-2@x>"), Role.SENT, True),
        (header(OWNER, in_reply_to="<relance.r-2@x>"), Role.SENT, True),
        (header(OWNER, ours=True), Role.SENT, True),
    ],
)
def test_which_mails_matter(mail: Header, role: Role, matters: bool) -> None:
    """Shows which mails are fetched whole, by folder, and that relance's own notices never are."""
    assert wanted(mail, role, (OWNER,), is_ours) is matters


@pytest.mark.parametrize(
    ("mail", "by_sender", "by_order"),
    [
        (header("order-update@amazon.fr", subject="Bonjour"), True, True),
        (header("shop@gartenlust.example", subject="Ihre Bestellung 4471"), False, True),
        (header("friend@example.org", subject="Dîner samedi ?"), False, False),
        (header(OWNER, subject="Dîner samedi ?"), True, True),
    ],
)
def test_what_is_read_is_the_owners_choice(mail: Header, by_sender: bool, by_order: bool) -> None:
    """Shows that ``read`` widens from known senders to subjects that speak of an order, and to everything."""
    told = [wanted(mail, Role.INBOX, (OWNER,), is_ours, read) for read in (Read.SENDERS, Read.ORDERS, Read.EVERYTHING)]
    assert told == [by_sender, by_order, True]


def test_everything_is_never_our_own_notices() -> None:
    """Shows that even where everything is read, what relance itself put into the mailbox is not."""
    notice = header("order-update@amazon.fr", ours=True, subject="Votre commande")
    assert not wanted(notice, Role.INBOX, (OWNER,), is_ours, Read.EVERYTHING)
