"""Reading rule files: the shipped ones, with the owner's own laid over them.

An override names only what it changes. A sourced value is replaced whole, so
that a changed number can never keep the source of the old one.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from daemon.say import say

Model = TypeVar("Model", bound=BaseModel)
Table = dict[str, Any]


class RulesError(Exception):
    """A rule file cannot be used; the message names the file and the key, and says what to do."""


def read(path: Path) -> Table:
    """Return the content of a TOML file. Raises ``RulesError``."""
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise RulesError(say("rules.unreadable", file=path, why=type(error).__name__)) from None
    except tomllib.TOMLDecodeError as error:
        raise RulesError(say("rules.not_toml", file=path, why=error)) from None


def overlay(base: Table, over: Table) -> Table:
    """Return ``base`` with ``over`` laid upon it: tables are merged, what bears a source is replaced whole."""
    if "source" in base:
        return over
    out = dict(base)
    for key, value in over.items():
        old = out.get(key)
        out[key] = overlay(old, value) if isinstance(value, dict) and isinstance(old, dict) else value
    return out


def merged(base: Path, over: Path | None = None) -> Table:
    """Return the file ``base`` with the owner's ``over`` laid upon it. Either may be missing. Raises ``RulesError``."""
    shipped = read(base) if base.is_file() else {}
    own = read(over) if over and over.is_file() else {}
    return overlay(shipped, own) if own else shipped


def load(model: type[Model], base: Path, over: Path | None = None) -> Model:
    """Return the model of ``merged(base, over)``.

    Raises ``RulesError``, which names ``over`` when there is one: what is shipped is proven sound by the tests.
    """
    at_fault = over if over and over.is_file() else base
    return validated(model, merged(base, over), at_fault, read(base) if base.is_file() else {})


def validated(model: type[Model], content: Table, path: Path | str, shipped: Table | None = None) -> Model:
    """Return ``content`` as a model. Raises ``RulesError`` with the name ``path``; ``shipped`` gives nearest keys."""
    try:
        return model.model_validate(content)
    except ValidationError as error:
        raise _explained(error, path, shipped or content) from None


def check_names(override: Path, known: Iterable[str], free: Iterable[str]) -> None:
    """Raise ``RulesError`` for a file in ``override`` that no rule reads.

    ``known`` are names of files such as ``waits.toml``; ``free`` are folders in which any name is good.
    """
    names = [*known, *(f"{folder}/*.toml" for folder in free)]
    if not override.is_dir():
        raise RulesError(say("rules.no_folder", folder=override))
    for path in sorted(override.rglob("*.toml")):
        name = path.relative_to(override).as_posix()
        if name not in names and f"{path.parent.relative_to(override).as_posix()}/*.toml" not in names:
            near = _nearest(name, names)
            raise RulesError(say("rules.unknown_file", file=path, near=near))


def _explained(error: ValidationError, path: Path | str, shipped: Table) -> RulesError:
    first = error.errors(include_url=False)[0]
    where = [str(step) for step in first["loc"]]
    key = ".".join(where)
    if first["type"] == "extra_forbidden":
        return RulesError(
            say("rules.unknown_key", file=path, key=key, near=_nearest(where[-1], _siblings(shipped, where)))
        )
    if first["type"] == "missing":
        return RulesError(say("rules.missing", file=path, key=key))
    return RulesError(say("rules.bad_value", file=path, key=key, why=first["msg"].removeprefix("Value error, ")))


def _siblings(table: Table, where: list[str]) -> list[str]:
    """Return the keys that stand beside the last one of ``where`` in the shipped file."""
    inner: Any = table
    for step in where[:-1]:
        inner = inner.get(step, {}) if isinstance(inner, dict) else {}
    return sorted(inner) if isinstance(inner, dict) else []


def _nearest(word: str, among: list[str]) -> str:
    return (difflib.get_close_matches(word, among, n=1, cutoff=0.5) or [", ".join(among) or "-"])[0]
