"""The owner's own words: what is left of a mail without quotations, header lines and what programs put there."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from daemon.intake import blocks, ending
from daemon.intake.words import folded

MAX_NOTE = 40_000
"""Most characters of a note."""
_GREETING = 4
"""Words that a greeting has at most."""
_WRAPPED = 60
"""Length from which on a quoted line may have been broken in two, the rest without its mark."""
_WARNING_LINES = 6
"""Most lines of a gateway's warning."""
_IMAGE = re.compile(r"\[(?:image|cid)[^\]\n]{0,200}\]")
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def of_reply(lines: Sequence[str]) -> str:
    """Return what is new in an answer: the text above the quotation, or the unquoted lines where it stands below."""
    lines = list(itertools.takewhile(lambda line: not ending.asks_above(line), lines))
    block = blocks.find(lines, bare_marks=True)
    if block is None:
        return tidy(_unbroken(lines))
    above, below = tidy(lines[: block.start]), lines[block.end :]
    if len(above.split()) > _GREETING and not _stands_between(below):
        return above
    if _begins_quoted(below):
        # The answer stands below or between the quoted lines, with no more than a greeting above.
        return "\n\n".join(filter(None, (above, tidy(_unbroken(below)))))
    return above or tidy(_behind_quotations(below))


def _begins_quoted(lines: Sequence[str]) -> bool:
    first = next((line for line in lines if line.strip()), "")
    return blocks.unquoted(first)[0] > 0


def _stands_between(lines: Sequence[str]) -> bool:
    """Say whether paragraphs of an answer stand between quoted ones: empty lines set them apart from both."""
    paragraphs = itertools.groupby(_unbroken(lines), key=lambda line: bool(line.strip()))
    depths = [[blocks.unquoted(line)[0] for line in some] for full, some in paragraphs if full]
    kinds = "".join("q" if all(each) else "w" if not any(each) else "?" for each in depths)
    return re.search("qw+q", kinds) is not None


def _behind_quotations(lines: Sequence[str]) -> Sequence[str]:
    """Return the lines below the last quoted one, none where nothing is quoted."""
    last = max((index for index, line in enumerate(lines) if blocks.unquoted(line)[0]), default=len(lines))
    return lines[last + 1 :]


def _unbroken(lines: Sequence[str]) -> list[str]:
    """Leave out lines that were the end of the quoted line above them, until a program broke it."""
    depths = [blocks.unquoted(line)[0] for line in lines]
    return [
        line
        for index, line in enumerate(lines)
        if depths[index]
        or not (0 < index < len(lines) - 1 and depths[index - 1] and depths[index + 1] and line.strip())
        or len(lines[index - 1]) < _WRAPPED
    ]


def tidy(lines: Sequence[str]) -> str:
    """Return lines without quotation, signature and rules, with single empty lines."""
    own = [_bare(line) for line in lines if not blocks.unquoted(line)[0] or not line.strip()]
    kept = ending.cut(_without_warning(own))
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip("\n")
    return text[:MAX_NOTE].strip()


def _bare(line: str) -> str:
    line = _IMAGE.sub("", line) if "[" in line else line
    return (line if line.isascii() else _INVISIBLE.sub("", line).replace("\xa0", " ")).rstrip()


def _without_warning(lines: list[str]) -> list[str]:
    """Leave out the paragraph that a company's gateway puts above mails from outside."""
    first = next((index for index, line in enumerate(lines) if line), len(lines))
    last = next((index for index in range(first, len(lines)) if not lines[index]), len(lines))
    paragraph = folded(" ".join(lines[first : min(last, first + _WARNING_LINES)]))
    return lines[last:] if ending.is_warning(paragraph) else lines
