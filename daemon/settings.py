"""The configuration, as written in ``relance.toml``: models only.

Reading the file and explaining its mistakes is ``daemon.configuration``'s work.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class Section(BaseModel):
    """Base of all sections: frozen, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Language(StrEnum):
    """Languages that relance speaks with its owner and writes letters in."""

    FR = "fr"
    EN = "en"


class Read(StrEnum):
    """Which mails of a mailbox are read, besides the owner's own and the answers to relance's messages."""

    SENDERS = "senders"
    """Those of known senders."""
    ORDERS = "orders"
    """These, and those whose subject speaks of an order, a parcel, a refund or an invoice."""
    EVERYTHING = "everything"


class Secret(Section):
    """Where a password or a token comes from: exactly one of the four. Never the secret itself."""

    credential: str | None = None
    """Name of a systemd credential (``LoadCredential=``), read from ``$CREDENTIALS_DIRECTORY``."""
    file: Path | None = None
    env: str | None = None
    command: tuple[str, ...] | None = None
    """Program and arguments, without a shell; the first line of its output is the secret."""

    @model_validator(mode="after")
    def _exactly_one(self) -> Secret:
        given = [name for name in ("credential", "file", "env", "command") if getattr(self, name)]
        if len(given) != 1:
            raise ValueError("give exactly one of credential, file, env, command")
        return self


class Owner(Section):
    """Whose mailbox it is, and how letters are signed."""

    name: str = Field(min_length=1)
    addresses: tuple[str, ...] = Field(min_length=1)
    """Addresses from which the owner forwards and answers; the first one gets what relance writes."""
    language: Language = Language.FR
    country: str = Field(default="FR", pattern="^[A-Z]{2}$")
    """ISO 3166 country of residence: it decides which law a letter cites."""

    @property
    def key(self) -> str:
        """What binds mails, orders and claims to this owner in the store: the first address, in lower case."""
        return self.addresses[0].lower()


class MailboxBase(Section):
    """What every kind of mailbox has."""

    name: str = Field(pattern="^[a-z0-9][a-z0-9_-]*$")
    owner: Owner
    folders: tuple[str, ...] = ("INBOX",)
    drafts: str = "auto"
    """Folder for drafts; ``auto`` finds it by SPECIAL-USE."""
    sent: str = "auto"
    """Folder of sent mail, watched to see that a draft went out; ``auto`` or ``none``."""
    authserv_ids: tuple[str, ...] = ()
    """authserv-ids whose Authentication-Results are believed: those that the owner's own provider writes."""
    authenticated_path: tuple[str, ...] = ()
    """Names of the owner's own server, as its ``Received`` headers tell them: what it took from somebody who had logged
    in is the owner's own mail."""
    dkim: bool = False
    """Verify DKIM and ARC signatures here; the keys are asked for in DNS."""
    read: Read = Read.ORDERS
    read_back_days: int = Field(default=90, ge=0, le=3650)
    """How far back the first start reads, in days."""


class ImapMailbox(MailboxBase):
    """An IMAP account."""

    kind: Literal["imap"] = "imap"
    host: str
    port: int = Field(default=993, ge=1, le=65535)
    security: Literal["tls", "starttls", "plain"] = "tls"
    """``plain`` only on loopback."""
    ca_file: Path | None = None
    """Certificate authority to trust besides the system's, for a server with a certificate of its own."""
    username: str
    password: Secret | None = None
    token: Secret | None = None
    """XOAUTH2 access token, asked for at every connect."""
    poll_seconds: int = Field(default=60, ge=5, le=3600)
    """How often to look where the server has no IDLE, and in folders that are not watched with IDLE."""
    timeout_seconds: int = Field(default=20, ge=2, le=60)

    @model_validator(mode="after")
    def _consistent(self) -> ImapMailbox:
        if (self.password is None) == (self.token is None):
            raise ValueError("give either password or token")
        if self.security == "plain" and self.host not in LOOPBACK:
            raise ValueError('security = "plain" is for loopback only; use "tls" or "starttls"')
        return self


class MaildirMailbox(MailboxBase):
    """A Maildir on this machine (Maildir++ subfolders)."""

    kind: Literal["maildir"]
    path: Path
    poll_seconds: Annotated[float, Field(ge=0.05, le=3600)] = 2.0


AnyMailbox = Annotated[ImapMailbox | MaildirMailbox, Field(discriminator="kind")]


class ClaimSettings(Section):
    """How claims are written."""

    seller_mail: bool = False
    """Answer a seller by mail when they have written from their Amazon relay address (opt-in: it works only
    from the account's own mailbox)."""
    ask_within_days: int = Field(default=14, ge=0, le=3650)
    """Doubts older than this many days are listed, but neither asked by mail nor claimed without the owner's word, so
    that a first start does not flood."""


class Settings(Section):
    """The whole of ``relance.toml``."""

    state_dir: Path | None = None
    """Where the database lies; default ``$STATE_DIRECTORY``, else ``~/.local/state/relance``."""
    rules_dir: Path | None = None
    """Folder whose TOML files override those of ``config/rules``."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    claims: ClaimSettings = ClaimSettings()
    mailboxes: tuple[AnyMailbox, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _names_are_unique(self) -> Settings:
        names = [mailbox.name for mailbox in self.mailboxes]
        if len(set(names)) != len(names):
            raise ValueError("two mailboxes have the same name")
        return self
