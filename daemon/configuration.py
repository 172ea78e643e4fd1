"""Finding and reading ``relance.toml``, and saying in plain words what is wrong with it.

pydantic finds the mistakes; ``daemon.mistakes`` puts them into sentences. No value is ever repeated in one: a
password written by mistake where its file should be named must not end in a log.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from daemon.mistakes import Mistake, mistakes
from daemon.say import known, say
from daemon.settings import Settings

NAME = "relance.toml"

_AT = re.compile(r"\s*\(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)$")
M = TypeVar("M", bound=BaseModel)


class ConfigurationError(Exception):
    """The configuration cannot be used; the message names the file, each mistake, and how to mend it."""

    def __init__(self, path: Path, found: tuple[Mistake, ...]) -> None:
        super().__init__(path, found)
        self.path = path
        self.mistakes = found

    def sentences(self, language: str | None = None) -> list[str]:
        """Return one sentence for each mistake."""
        return [mistake.sentence(language) for mistake in self.mistakes]

    def __str__(self) -> str:
        return f"{self.path}: " + " ".join(self.sentences())


class ConfigurationMissing(ConfigurationError):
    """There is no configuration; ``searched`` says where it was looked for."""

    def __init__(self, searched: tuple[Path, ...]) -> None:
        paths = ", ".join(str(path) for path in searched)
        super().__init__(searched[0], (Mistake("config.missing_file", "", {"paths": paths}),))
        self.searched = searched


def places(explicit: Path | None = None, environ: Mapping[str, str] = os.environ) -> tuple[Path, ...]:
    """Return where the configuration is looked for, first to last.

    ``--config`` alone, or ``$RELANCE_CONFIG`` alone, else ``$XDG_CONFIG_HOME/relance`` (``~/.config/relance``) and
    then ``/etc/relance``.
    """
    if explicit is not None:
        return (explicit.expanduser(),)
    if named := environ.get("RELANCE_CONFIG"):
        return (Path(named).expanduser(),)
    return (home(environ), Path("/etc/relance") / NAME)


def home(environ: Mapping[str, str] = os.environ) -> Path:
    """Return where ``relance init`` writes a configuration of one's own."""
    base = environ.get("XDG_CONFIG_HOME") or str(Path(environ.get("HOME", "~")).expanduser() / ".config")
    return Path(base) / "relance" / NAME


def find(explicit: Path | None = None, environ: Mapping[str, str] = os.environ) -> Path:
    """Return the path of the configuration. Raises ``ConfigurationMissing``."""
    searched = places(explicit, environ)
    for path in searched:
        if os.path.lexists(path):
            return path
    raise ConfigurationMissing(searched)


def read(path: Path) -> Settings:
    """Return the settings; ``~`` and paths relative to the file are made absolute. Raises ``ConfigurationError``."""
    table = _table(path)
    try:
        settings = Settings.model_validate(_with_kinds(table))
    except ValidationError as error:
        raise ConfigurationError(path, mistakes(error, table)) from None
    return _absolute(settings, path.absolute().parent)


def readable_by_others(path: Path) -> bool:
    """Say whether anyone but the file's owner has rights to it."""
    return bool(path.stat().st_mode & 0o077)


def _table(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except UnicodeDecodeError:
        raise ConfigurationError(path, (Mistake("config.not_utf8"),)) from None
    except OSError as error:
        kind = "config.is_folder" if path.is_dir() else "config.unreadable"
        raise ConfigurationError(path, (Mistake(kind, "", {"why": error.strerror or ""}),)) from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(path, (_toml_mistake(str(error)),)) from None


def _toml_mistake(message: str) -> Mistake:
    at = _AT.search(message)
    what = _AT.sub("", message)
    word = "toml." + re.sub(r"[^a-z]+", "_", what.lower()).strip("_")
    what = say(word) if known(word) else what
    if at is None or at["line"] is None:
        return Mistake("config.toml_end", "", {"what": what})
    return Mistake("config.toml", "", {"line": at["line"], "column": at["column"], "what": what})


def _with_kinds(table: dict[str, Any]) -> dict[str, Any]:
    """Name the kind of mailboxes that do not: a Maildir has a path, the others are IMAP."""
    boxes = table.get("mailboxes")
    if not isinstance(boxes, list):
        return table
    kinds = [
        {"kind": "maildir" if "path" in box and "host" not in box else "imap"} | box if isinstance(box, dict) else box
        for box in boxes
    ]
    return table | {"mailboxes": kinds}


def _absolute(section: M, base: Path) -> M:
    return section.model_copy(
        update={name: _resolved(getattr(section, name), base) for name in type(section).model_fields}
    )


def _resolved(value: Any, base: Path) -> Any:  # noqa: ANN401 - any field of any section
    if isinstance(value, Path):
        return base / value.expanduser()
    if isinstance(value, BaseModel):
        return _absolute(value, base)
    if isinstance(value, tuple):
        return tuple(_resolved(one, base) for one in value)
    return value


def problems_of(error: ConfigurationError) -> str:
    """Return the whole complaint, file first, one mistake a line."""
    return "\n".join([say("config.head", file=error.path), *(f"  - {line}" for line in error.sentences())])
