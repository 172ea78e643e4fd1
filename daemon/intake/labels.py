"""Reads one line of a header block: its label and value, in any mail program's language."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC

from daemon.intake import when
from daemon.intake.words import folded, words

MAX_LINE = 3_000
_LABEL = re.compile(r"[*_|]{0,2}\s{0,40}+([^\W\d_][^:：\n]{0,24}?)\s?[*_|]{0,2}\s?[:：]\s?[*_|]{0,2}")
_BARE_LABEL = re.compile(r"[*_]{0,2}([^\W\d_]{2,12} [^\W\d_]{2,4}) (?=[^\W_]{0,12} ?\d{1,2}[ /.])")
_FRAMED = re.compile(r"\s{0,20}+[-_=–—]{3,100}+\s?[^-_=–—\s].{0,300}[^-_=–—\s]\s?[-_=–—]{3,100}+\s{0,20}+$")
_FIRST_WORD = re.compile(r"\s{0,20}+([^\W\d_]{1,20})\s")
_BLOCK_LINES = 8
"""Lines below a marker in which labels without a colon are looked for."""
_LONGEST_INTRODUCTION = 60
"""Characters of a line in an unknown language that introduces a quoted header block."""


def of(bare: str) -> tuple[str, str] | None:
    """Return the field that a line's label names, and its value; None when it has no known label."""
    bare = bare.strip()[:MAX_LINE]
    if found := _LABEL.match(bare):
        name = words().labels.get(folded(found[1]))
        if name:
            return name, bare[found.end() :].strip().removesuffix("*").removesuffix("|")
    if found := _BARE_LABEL.match(bare):
        name = words().bare_labels.get(folded(found[1]))
        return (name, bare[found.end() :].strip()) if name else None
    return None


def strange(bare: str, behind: str) -> tuple[str, str] | None:
    """Return the field of a line inside a block whose label no table has: a date, or any before a known label."""
    bare = bare.strip()[:MAX_LINE]
    found = _LABEL.match(bare)
    if found is None:
        return None
    value = bare[found.end() :].strip()
    if any(char.isdigit() for char in value) and when.parse(value, UTC) is not None:
        return "date", value
    return ("other", value) if of(behind) else None


def with_colons(lines: Sequence[str]) -> list[str] | None:
    """Return lines below a marker with the colons that some programs leave out; None when these are no such lines."""
    out, names = [], set()
    for line in lines[:_BLOCK_LINES]:
        found = _FIRST_WORD.match(line)
        name = words().labels.get(folded(found[1])) if found else None
        if found is None or name is None:
            break
        names.add(name)
        out.append(f"{found[1]}: {line[found.end() :]}")
    return out if {"from", "date", "subject"} <= names else None


def is_framed(bare: str) -> bool:
    """Say whether a line stands between dashes, as those do that announce a forward."""
    return _FRAMED.match(bare[:MAX_LINE]) is not None


def introduces(bare: str, depth: int) -> bool:
    """Say whether the line above a header block ``depth`` quotations deep announces it, in whatever language."""
    bare = bare.strip()
    return is_framed(bare) or (depth > 0 and len(bare) <= _LONGEST_INTRODUCTION and bare.endswith((":", "：")))


def ends_forward(line: str) -> bool:
    """Say whether a line is the one that some programs put below a mail that they forward."""
    return is_framed(line) and folded(line.strip(" \t-_=–—>")).startswith(words().forward_ends)
