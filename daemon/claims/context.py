"""For whom, and how, letters are written."""

from __future__ import annotations

from daemon.settings import Owner
from parsers.letter import Value


class Context(Value):
    """For whom, and how, letters are written."""

    owner: Owner
    seller_mail: bool = False
    """Answer a seller by mail when they have written from their relay address."""
