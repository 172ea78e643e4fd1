"""Finds the lines that a mail program puts between the owner's words and the mail that is forwarded or quoted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from daemon.intake import labels
from daemon.intake.labels import MAX_LINE
from daemon.intake.words import Shape, folded, words

_QUOTE = re.compile(r"[ \t]{0,3}((?:>[ \t]?)*)")
_DASHES = re.compile(r"[-_=–—]{3,}")
_DECORATION = " \t-_=*–—:.>\u200b\ufeff"
_LOOK_AHEAD = 5
"""Lines between a marker and its header block."""
_AROUND = " \t-_=*–—:：.>,\u200b\ufeff\u2063"
_MAX_LINES = 20_000
"""How far down a block is looked for."""
_MAX_BLOCK = 200
"""Most lines of one block."""
_MAX_TRIES = 500
"""Most lines of a mail that may look like the first of a block, and be none."""
_FOLDED_LINES = 6
"""Most lines over which an attribution is folded."""
_LONGEST_ATTRIBUTION = 400
_COLONS = (":", "：")
_ADDRESS = re.compile(r"(?:<|&lt;|\(|\[)(?:mailto:)?[^<>()\s]{1,200}@[^<>()\s]{1,200}(?:>|&gt;|\)|\])")
_CLOCK = re.compile(r"\d{1,2}[:.h]\d{2}")
_DATE = re.compile(r"\d{1,4}[./-] ?\d{1,2}[./-] ?\d{1,4}\b")
# An older Gmail, where the address got lost: no verb, no colon.
_STAMPED = re.compile(r"\d{4}-\d\d-\d\d \d{1,2}:\d\d GMT[+-]\d\d:\d\d [^\n:]{1,80}")


class Mark(StrEnum):
    """What announced a block."""

    FORWARD = "forward"
    ORIGINAL = "original"
    """"Original message": stands above replies as well."""
    NONE = "none"
    """Header lines alone, as Outlook writes them above both."""
    ATTRIBUTION = "attribution"
    """« Le … a écrit : »"""


class Way(StrEnum):
    """By what a line was seen to introduce a quotation; the surer way is the smaller."""

    BEGINNING = "beginning"
    END = "end"


@dataclass(frozen=True, slots=True)
class Block:
    """A header block: lines ``start`` to ``end`` (exclusive), found at a depth of quoting."""

    mark: Mark
    start: int
    end: int
    depth: int
    fields: dict[str, str]
    rest: str = ""
    """What stood on the block's last line behind it, where line ends were lost."""


def unquoted(line: str) -> tuple[int, str]:
    """Return how many ``>`` stand before a line, and the line without them."""
    if ">" not in line:
        return 0, line
    found = _QUOTE.match(line)
    return (found[1].count(">"), line[found.end() :]) if found and found[1] else (0, line)


def find(lines: Sequence[str], *, bare_marks: bool = False) -> Block | None:
    """Return the first block of header lines, or the first attribution line.

    With ``bare_marks`` a line such as "-----Original Message-----" alone is a block, too, without fields.
    """
    tries = 0
    for index, line in enumerate(lines[:_MAX_LINES]):
        # Most lines of a long mail are none of these, and are seen to be none at once.
        if (":" not in line and "--" not in line and "==" not in line and "：" not in line) or len(line) > MAX_LINE:
            continue
        depth, bare = unquoted(line)
        mark, label = _mark(bare), labels.of(bare)
        tries += bool(mark or label)
        if tries > _MAX_TRIES:
            break
        if mark:
            if block := _below(lines, index, depth, mark):
                return block
            if bare_marks and ("--" in bare or "==" in bare or mark is Mark.FORWARD):
                return Block(mark, index, _introduced(lines, index + 1), depth, {})
        if label and (block := _headers(lines, index, depth, Mark.NONE, _announced(lines, index, depth))):
            return block
        if block := _attribution(lines, index, depth, bare.rstrip()):
            return block
    return None


def _introduced(lines: Sequence[str], first: int) -> int:
    """Return the line behind an attribution that begins at line ``first``, where there is one."""
    for last in range(first, min(first + _LOOK_AHEAD, len(lines))):
        depth, bare = unquoted(lines[last])
        if (block := _attribution(lines, last, depth, bare.rstrip())) and block.start >= first:
            return block.end
    return first


def _mark(bare: str) -> Mark | None:
    if len(bare) > 100 and "---" not in bare:
        return None
    table = words()
    pieces = _DASHES.split(bare[:400])
    for piece in pieces[:4]:
        word = folded(piece.strip(_DECORATION))
        if word in table.markers or (word.startswith(table.marker_starts) and "--" in bare):
            return Mark.FORWARD
        if word in table.originals:
            return Mark.ORIGINAL
    return None


def _below(lines: Sequence[str], index: int, depth: int, mark: Mark) -> Block | None:
    """Return the header block under a marker, or behind it on the same line."""
    if block := _glued(lines[index], index, depth, mark):
        return block
    for at in range(index + 1, min(index + 1 + _LOOK_AHEAD, len(lines))):
        bare = unquoted(lines[at])[1]
        if bare.strip():
            return _headers(lines, at, unquoted(lines[at])[0], mark, index) or _colonless(lines, at, mark, index)
    return None


def _colonless(lines: Sequence[str], at: int, mark: Mark, start: int) -> Block | None:
    """Return the block under a marker whose labels no colon follows."""
    depth = unquoted(lines[at])[0]
    written = labels.with_colons([unquoted(line)[1] for line in lines[at : at + _LOOK_AHEAD + 3]])
    block = _headers(written, 0, depth, mark, 0) if written else None
    return Block(mark, start, at + block.end, depth, block.fields) if block else None


def _announced(lines: Sequence[str], index: int, depth: int) -> int:
    """Return where a header block without a known marker begins: with the line that announces it, if there is one."""
    above = index - 1 if index and unquoted(lines[index - 1])[1].strip() else index - 2
    return above if above >= 0 and labels.introduces(unquoted(lines[above])[1], depth) else index


def _behind(lines: Sequence[str], at: int) -> str:
    return unquoted(lines[at + 1])[1] if at + 1 < len(lines) else ""


def _headers(lines: Sequence[str], first: int, depth: int, mark: Mark, start: int) -> Block | None:
    if ":" not in lines[first] and "：" not in lines[first]:
        return None
    fields: dict[str, str] = {}
    last, at, name = "", first, ""
    end = first
    while at < min(len(lines), first + _MAX_BLOCK):
        bare = unquoted(lines[at])[1]
        if not bare.strip():
            if not _goes_on(lines, at + 1, fields):
                break
        elif found := labels.of(bare) or (fields and labels.strange(bare, _behind(lines, at))):
            name, last = found
            if name in fields and name != "other":
                break
            fields[name] = last
            end = at + 1
        elif name and _continues(name, last, bare):
            fields[name] = f"{fields[name]} {bare.strip()[:MAX_LINE]}"
            last, end = bare, at + 1
        else:
            break
        at += 1
    return Block(mark, start, _closed(lines, end, mark), depth, fields) if _enough(fields, mark) else None


def _closed(lines: Sequence[str], end: int, mark: Mark) -> int:
    """Return the end of a block behind the marker that some repeat below it."""
    if mark is Mark.FORWARD and end < len(lines) and "===" in lines[end] and _mark(unquoted(lines[end])[1]) is mark:
        return end + 1
    return end


def _enough(fields: dict[str, str], mark: Mark) -> bool:
    """Without a marker only a sender with two more header lines makes a block: letters hold lists, too."""
    known = fields.keys() & {"date", "subject", "to"}
    return "from" in fields and len(known) >= (2 if mark is Mark.NONE else 1)


def _goes_on(lines: Sequence[str], at: int, fields: dict[str, str]) -> bool:
    """Header lines set apart by empty lines go on only with one that was still missing."""
    if at >= len(lines) or not fields or {"from", "date", "subject", "to"} <= fields.keys():
        return False
    found = labels.of(unquoted(lines[at])[1])
    return found is not None and found[0] not in fields


def _continues(name: str, last: str, bare: str) -> bool:
    """Say whether a mail program folded this line: addresses, or a subject too long for its line."""
    if name in ("to", "cc", "from"):
        return "@" in bare or last.rstrip().endswith((",", ";")) or (not last.strip() and name == "from")
    return name == "subject" and (len(last) >= 55 or not last.strip())


def _glued(line: str, index: int, depth: int, mark: Mark) -> Block | None:
    """Yahoo's plain text: marker and headers on one line, without spaces between."""
    pieces = _DASHES.split(unquoted(line)[1][:MAX_LINE])
    tail = " ".join(pieces[2:]).strip() if len(pieces) > 2 else ""
    if ":" not in tail:
        return None
    block = _headers(words().glued.sub(r"\n\1: ", " " + tail).strip().split("\n"), 0, depth, mark, 0)
    return Block(mark, index, index + 1, depth, block.fields) if block else None


def _attribution(lines: Sequence[str], last: int, depth: int, bare: str) -> Block | None:
    """Return the block of « Le … a écrit : » that ends at line ``last``; it may be folded over some lines."""
    if not bare.endswith((*_COLONS, "-", "*", "_")) and not _ends_without_colon(bare):
        return None
    text, loose = "", None
    for first in range(last, max(-1, last - _FOLDED_LINES), -1):
        piece = unquoted(lines[first])[1].strip()
        if len(text) + len(piece) > _LONGEST_ATTRIBUTION:
            break
        if not piece:
            # Some put an empty line before the address.
            if text.startswith("<"):
                continue
            break
        text = f"{piece} {text}".strip()
        found = _introduces(text) or _undated(text, lines[last + 1 : last + 3])
        if found is Way.BEGINNING:
            return Block(Mark.ATTRIBUTION, first, last + 1, depth, {"line": text})
        # What may begin with anything is taken only if it is not the end of something better.
        if loose is None and found is Way.END:
            loose = Block(Mark.ATTRIBUTION, first, last + 1, depth, {"line": text})
    return loose


def _ends_without_colon(bare: str) -> bool:
    """Say whether a line with a time ends like an attribution: with its verb, or as an older Gmail's."""
    if len(bare) > _LONGEST_ATTRIBUTION or not _CLOCK.search(bare):
        return False
    return bool(_STAMPED.fullmatch(bare)) or ("@" in bare and folded(bare).endswith(words().verbs))


def _introduces(text: str) -> Way | None:
    """Say how a line introduces a quotation. It names a day or an address: letters hold "she wrote:", too."""
    if not any(char.isdigit() for char in text) and "@" not in text:
        return None
    low = folded(text.replace("&quot;", '"').replace("&lt;", "<").replace("&gt;", ">")).strip(_AROUND)
    table = words()
    ends = low.endswith(table.verbs)
    if (ends or low.startswith(table.openings)) and (way := _fitting(low, table.attributions)):
        return way
    if _STAMPED.fullmatch(text):
        return Way.END
    if _CLOCK.search(text) is None:
        return None
    addressed = _ADDRESS.search(text) is not None
    if not addressed and not (ends and _DATE.match(low)):
        return None
    shapes = table.attributions_with_address
    return _fitting(low, shapes if addressed else [shape for shape in shapes if shape.end])


def _undated(text: str, below: Sequence[str]) -> Way | None:
    """Say whether a line above quoted ones is « Nadia <nadia@atelier.example> a écrit : », as Horde writes it."""
    if not any(unquoted(line)[0] for line in below) or not _ADDRESS.search(text):
        return None
    low = folded(text).strip(_AROUND)
    return Way.END if low.endswith(words().verbs) else None


def _fitting(low: str, shapes: Sequence[Shape]) -> Way | None:
    ways = {Way.BEGINNING if shape.begin else Way.END for shape in shapes if shape.fits(low)}
    return min(ways, default=None)
