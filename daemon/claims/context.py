"""For whom, and how, letters are written."""

from __future__ import annotations

from datetime import timedelta

from daemon.settings import Owner
from parsers.letter import Value


class Context(Value):
    """For whom, and how, letters are written."""

    owner: Owner
    seller_mail: bool = False
    """Answer a seller by mail when they have written from their relay address."""
    fresh_within: timedelta = timedelta(days=14)
    """A trouble that mails alone confirm, and that is older, opens no claim by itself: a first start reads months back
    and must not put a heap of letters before the owner. Their own word always does."""
