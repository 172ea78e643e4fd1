"""pydantic's findings in the terms of a TOML file, and in plain words: ``config.*`` in ``templates/cli``."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from daemon.say import known, say
from daemon.settings import ImapMailbox, MaildirMailbox, Settings

_KINDS: dict[str, type[BaseModel]] = {"imap": ImapMailbox, "maildir": MaildirMailbox}

_WORDS = {
    "missing": "missing",
    "string_type": "string",
    "string_too_short": "empty",
    "too_short": "empty_list",
    "int_type": "integer",
    "int_parsing": "integer",
    "int_from_float": "integer",
    "float_type": "number",
    "float_parsing": "number",
    "bool_type": "boolean",
    "bool_parsing": "boolean",
    "path_type": "string",
    "tuple_type": "list",
    "model_type": "table",
    "model_attributes_type": "table",
    "union_tag_invalid": "kind",
    "greater_than_equal": "at_least",
    "less_than_equal": "at_most",
    "literal_error": "one_of",
    "enum": "one_of",
}

_RULES = {
    "give exactly one of credential, file, env, command": "one_secret",
    "give either password or token": "password_or_token",
    'security = "plain" is for loopback only; use "tls" or "starttls"': "plain_only_on_loopback",
    "two mailboxes have the same name": "same_name",
}
"""What the models' own validators say, and the message that says it in each language."""


@dataclass(frozen=True)
class Mistake:
    """One mistake in the file: a message of the catalogues, and the key it concerns in TOML's terms."""

    message: str
    key: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)

    def sentence(self, language: str | None = None) -> str:
        """Return what is wrong, and what would be right."""
        facts = {name: _list(value, language) for name, value in self.facts.items()}
        near, lives_in = facts.pop("near", ""), facts.pop("lives_in", "")
        text = say(self.message, language, **({"key": self.key} | facts))
        if lives_in:
            text += " " + say("config.lives_in", language, section=lives_in)
        elif near:
            text += " " + say("config.near", language, near=near)
        return text


def _list(value: object, language: str | None) -> object:
    if isinstance(value, tuple):
        return say("config.or", language).join(f'"{one}"' for one in value)
    return value


def mistakes(error: ValidationError, table: Mapping[str, Any]) -> tuple[Mistake, ...]:
    """Return what pydantic found in ``table``, in the order in which it stands in the models."""
    found = error.errors(include_url=False)
    # A list whose entries are all wrong counts as empty: that is no mistake of its own.
    inner = {each["loc"][: len(each["loc"]) - cut] for each in found for cut in range(1, len(each["loc"]))}
    return tuple(_mistake(each, table) for each in found if not (each["type"] == "too_short" and each["loc"] in inner))


def _mistake(details: ErrorDetails, table: Mapping[str, Any]) -> Mistake:
    loc = details["loc"]
    key = toml_key(loc, table)
    if details["type"] == "extra_forbidden":
        return _unknown(loc, key)
    if details["type"] == "value_error":
        said = details["msg"].removeprefix("Value error, ")
        rule = _RULES.get(said)
        return Mistake(f"config.{rule}", key) if rule else Mistake("config.other", key, {"what": said})
    if details["type"] == "string_pattern_mismatch":
        own = f"config.pattern_{loc[-1]}"
        return Mistake(own if known(own) else "config.pattern", key, {"pattern": details["ctx"]["pattern"]})
    if _is_secret(loc):
        return Mistake("config.secret_table", key)
    if (word := _WORDS.get(details["type"])) is None:
        return Mistake("config.other", key, {"what": details["msg"]})
    return Mistake(f"config.{word}", key, _limits(details, loc))


def _is_secret(loc: tuple[int | str, ...]) -> bool:
    return loc[-1] in ("password", "token", "Secret")


def _limits(details: ErrorDetails, loc: tuple[int | str, ...]) -> dict[str, object]:
    """Return what would be allowed."""
    context = details.get("ctx", {})
    if details["type"] in ("greater_than_equal", "less_than_equal"):
        return {"limit": context["ge" if details["type"] == "greater_than_equal" else "le"]}
    if details["type"] in ("literal_error", "enum"):
        allowed = tuple(part.strip("'") for part in context["expected"].replace(" or ", ", ").split(", "))
        return {"allowed": allowed}
    if details["type"] == "union_tag_invalid":
        return {"allowed": tuple(_KINDS)}
    return {"of": loc[-1]} if details["type"] == "missing" else {}


def toml_key(loc: tuple[int | str, ...], table: Mapping[str, Any]) -> str:
    """Return a location as people write it: ``mailboxes[1].port``, with the mailbox's name when it has one."""
    parts: list[str] = []
    name = ""
    for part in _without_tags(loc):
        if isinstance(part, int):
            parts[-1] += f"[{part}]"
            name = name or _mailbox_name(table, parts[0], part)
        else:
            parts.append(part)
    key = ".".join(parts) or "relance.toml"
    return f'{key} ("{name}")' if name else key


def _mailbox_name(table: Mapping[str, Any], section: str, index: int) -> str:
    try:
        name = table[section.partition("[")[0]][index]["name"]
    except (LookupError, TypeError):
        return ""
    return name if section.startswith("mailboxes") and isinstance(name, str) else ""


def _without_tags(loc: tuple[int | str, ...]) -> Iterator[int | str]:
    """Leave out what pydantic adds to tell the kinds of mailboxes apart."""
    for index, part in enumerate(loc):
        if not (index == 2 and loc[0] == "mailboxes" and part in _KINDS):
            yield part


def _unknown(loc: tuple[int | str, ...], key: str) -> Mistake:
    wrong = str(loc[-1])
    valid = list(_model(loc[:-1]).model_fields)
    if close := difflib.get_close_matches(wrong, valid, n=1):
        return Mistake("config.unknown", key, {"near": close[0]})
    homes = [path for path, model in _sections() if wrong in model.model_fields]
    if homes:
        return Mistake("config.unknown", key, {"lives_in": homes[0]})
    return Mistake("config.unknown_listed", key, {"valid": ", ".join(valid)})


def _model(loc: tuple[int | str, ...]) -> type[BaseModel]:
    """Return the model that a location stands in."""
    model: type[BaseModel] = Settings
    for part in loc:
        if isinstance(part, int):
            continue
        if part in _KINDS and model is Settings:
            model = _KINDS[part]
        elif part in model.model_fields and (inner := _models_in(model.model_fields[part].annotation)):
            model = inner[0] if len(inner) == 1 else model
    return model


def _models_in(annotation: Any) -> list[type[BaseModel]]:  # noqa: ANN401 - annotations have no common type
    """Return the models that an annotation is made of."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    if get_origin(annotation) in (Union, UnionType, tuple, Annotated):
        return [model for part in get_args(annotation) for model in _models_in(part)]
    return []


def _sections(model: type[BaseModel] = Settings, path: str = "") -> Iterator[tuple[str, type[BaseModel]]]:
    """Yield every section with the header under which it is written."""
    yield path or "relance.toml", model
    for name, info in model.model_fields.items():
        for inner in _models_in(info.annotation):
            header = f"[[{name}]]" if name == "mailboxes" else f"[{path.strip('[]')}.{name}]".replace("[.", "[")
            yield from _sections(inner, header)
