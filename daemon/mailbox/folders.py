"""Which folder holds drafts, and which one sent mail."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Literal

from pydantic import BaseModel, ConfigDict

from daemon import resources
from daemon.mailbox.connection import Folder
from daemon.settings import MailboxBase


class Use(BaseModel):
    """A use of a folder: its SPECIAL-USE attribute, and its usual names."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    attribute: str
    names: tuple[str, ...]
    source: str
    checked_on: date
    confidence: str


@cache
def use(which: Literal["drafts", "sent"]) -> Use:
    """Return what ``config/mailbox/folders.toml`` says of a use."""
    table = tomllib.loads((resources.config() / "mailbox" / "folders.toml").read_text("utf-8"))
    return Use.model_validate(table[which])


def find(folders: Sequence[Folder], which: Literal["drafts", "sent"], wish: str = "auto") -> str | None:
    """Return the folder for a use: the one wished for, else by SPECIAL-USE, else by its usual names; None for none.

    ``wish`` is the configuration's word: a name, ``auto`` or ``none``.
    """
    usable = [folder for folder in folders if folder.selectable]
    if wish == "none":
        return None
    if wish != "auto":
        return next((folder.name for folder in usable if folder.name == wish), None)
    known = use(which)
    attribute = known.attribute.lower().encode()
    special = next((folder.name for folder in usable if attribute in folder.attributes), None)
    return special or _by_name(usable, known.names)


def _by_name(folders: Sequence[Folder], names: Sequence[str]) -> str | None:
    leaves = [(_leaf(folder), folder.name) for folder in sorted(folders, key=lambda folder: len(folder.name))]
    for name in names:
        for leaf, whole in leaves:
            if leaf == name.casefold():
                return whole
    return None


def _leaf(folder: Folder) -> str:
    name = folder.name.rpartition(folder.delimiter)[2] if folder.delimiter else folder.name
    return name.casefold()


def watched(settings: MailboxBase, folders: Sequence[Folder]) -> str | None:
    """Return the folder of sent mail to watch besides the configured ones; None for none, or when it is one of them."""
    if settings.sent not in ("auto", "none"):
        name: str | None = settings.sent
    else:
        name = find(folders, "sent", settings.sent)
    return None if name in settings.folders else name
