"""What commands print: tables for people, JSON for programs; nothing that a mail could use to play with a terminal."""

from __future__ import annotations

import dataclasses
import json
import shutil
import sys
import textwrap
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from enum import Enum
from typing import Any

import click

_OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")
_WIDE = 160
"""Columns of a table that no terminal shows."""


def clean(text: str) -> str:
    """Return text from a mail without control characters and changes of writing direction."""
    return "".join(c for c in text if c in "\n\t" or not (unicodedata.category(c) == "Cc" or c in _OVERRIDES))


def line(text: str = "", indent: int = 0) -> None:
    """Print text, each of its lines indented; at a terminal, long ones go on below their own beginning."""
    for one in clean(text).split("\n"):
        click.echo(_wrapped(f"{'':>{indent}}{one}") if one else "")


def _wrapped(one: str) -> str:
    if not sys.stdout.isatty():
        return one
    hanging = " " * (len(one) - len(one.lstrip()))
    columns = max(40, shutil.get_terminal_size().columns)
    folded = textwrap.wrap(one, columns, subsequent_indent=hanging, break_long_words=False, break_on_hyphens=False)
    return "\n".join(folded) or one


def heading(text: str) -> None:
    """Print the heading of a block."""
    click.echo()
    click.secho(clean(text), bold=True)


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table that fits the terminal."""
    from rich import box  # noqa: PLC0415 - half of a command's start, and JSON does without
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    wide = None if sys.stdout.isatty() else _WIDE
    console = Console(highlight=False, markup=False, emoji=False, width=wide)
    shown = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for place, column in enumerate(columns):
        # The first column is what people copy into the next command: it is never broken.
        shown.add_column(column, overflow="fold", no_wrap=place == 0)
    for row in rows:
        shown.add_row(*(Text(clean(cell)) for cell in row))
    console.print(shown)


def as_json(value: object) -> None:
    """Print a value as one JSON document: times in ISO 8601, amounts as decimal strings."""
    click.echo(json.dumps(plain(value), ensure_ascii=False, indent=2))


def plain(value: Any) -> Any:  # noqa: ANN401 - anything that the use cases give
    """Return a value made of what JSON knows."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if hasattr(value, "model_dump"):
        return value.model_dump(mode="json")
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(inner) for inner in value]
    return _scalar(value)


def _scalar(value: Any) -> Any:  # noqa: ANN401 - anything
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value if isinstance(value, str | int | float | bool) or value is None else str(value)
