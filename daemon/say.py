"""What relance says to people, in French and English: ``templates/cli/<language>/*.toml``."""

from __future__ import annotations

import os
import tomllib
from functools import cache
from typing import Any

from daemon import resources

LANGUAGES = ("fr", "en")


class UnknownMessage(LookupError):
    """A message key is in no catalogue: a programming error, found by the tests."""


def _flat(table: dict[str, Any], prefix: str = "") -> dict[str, str]:
    out: dict[str, str] = {}
    for key, value in table.items():
        if isinstance(value, dict):
            out.update(_flat(value, f"{prefix}{key}."))
        else:
            out[prefix + key] = str(value)
    return out


@cache
def catalogue(language: str) -> dict[str, str]:
    """Return all messages of a language by dotted key."""
    out: dict[str, str] = {}
    for path in sorted((resources.templates() / "cli" / language).glob("*.toml")):
        out.update(_flat(tomllib.loads(path.read_text("utf-8"))))
    return out


def language_of_locale() -> str:
    """Return the language of the user's locale (LC_ALL, LC_MESSAGES, LANG): French or English."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return "fr" if value.lower().startswith("fr") else "en"
    return "en"


def say(key: str, language: str | None = None, /, **facts: object) -> str:
    """Return the message ``key`` with its facts filled in. Raises ``UnknownMessage``."""
    messages = catalogue(language or language_of_locale())
    try:
        text = messages[key]
    except KeyError:
        raise UnknownMessage(key) from None
    return text.format(**facts) if facts else text
