"""The owner's own words: what is left of a mail without quotations, signature and header lines."""

from __future__ import annotations

import re
from collections.abc import Sequence

from daemon.intake import blocks
from daemon.intake.words import folded, words

MAX_NOTE = 4_000
"""Most characters of a note."""
_GREETING = 4
"""Words that a greeting has at most."""
_CLOSING_LINES = 4
"""Lines that a letter's closing has at most, with the names below it."""
_RULE = re.compile(r"^[\s_\-=*–—]{5,}$")
_IMAGE = re.compile(r"\[(?:image|cid)[^\]\n]{0,200}\]")
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def of_reply(lines: Sequence[str]) -> str:
    """Return what is new in an answer: the text above the quotation, or the unquoted lines where it stands below."""
    block = blocks.find(lines, bare_marks=True)
    if block is None:
        return tidy(lines)
    above, below = tidy(lines[: block.start]), lines[block.end :]
    if len(above.split()) > _GREETING or not _begins_quoted(below):
        return above
    # The answer stands below or between the quoted lines, with no more than a greeting above.
    return "\n\n".join(filter(None, (above, tidy(below))))


def _begins_quoted(lines: Sequence[str]) -> bool:
    first = next((line for line in lines if line.strip()), "")
    return blocks.unquoted(first)[0] > 0


def tidy(lines: Sequence[str]) -> str:
    """Return lines without quotation, signature and rules, with single empty lines."""
    own = [_bare(line) for line in lines if not blocks.unquoted(line)[0]]
    own = [line for line in own if not line or line[0].isalnum() or not _RULE.match(line)]
    kept = _without_signature(own)
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()
    return text[:MAX_NOTE].strip()


def _bare(line: str) -> str:
    line = _IMAGE.sub("", line) if "[" in line else line
    return (line if line.isascii() else _INVISIBLE.sub("", line)).strip()


def _without_signature(lines: list[str]) -> list[str]:
    table = words()
    full = [index for index, line in enumerate(lines) if line]
    last_words = full[-_CLOSING_LINES] if len(full) > _CLOSING_LINES else 0
    start, spoken = 0, False
    for index, line in enumerate(lines):
        low = folded(line)
        if line in table.delimiters or low.startswith(table.signatures):
            if spoken:
                return lines[start:index]
            # Some telephones put their line first: then the words are below.
            start = index + 1
            continue
        if index > start and index >= last_words and low.rstrip(",.! ") in table.closings:
            return lines[start:index]
        spoken = spoken or bool(line)
    return lines[start:]
