"""Where the writer's own words end: signatures, courtesies, telephones' lines, legal notices, lists' footers."""

from __future__ import annotations

import re

from daemon.intake.words import Endings, endings, folded

_SIGNATURE_LINES = 9
"""Lines that a closing has at most, with name, function and telephone below it."""
_SIGNATURE_LINE = 70
"""Characters of a line below a closing."""
_DEVICE_WORDS = 8
"""Words that a telephone's line has at most before its first comma."""
_SHORTEST_NOTICE = 60
"""Characters of a line from which on it may be a legal notice in other words than the usual."""
_LONGEST = 300
"""Characters of a line that are compared."""
_RULE = re.compile(r"[_\-=*~–—]{5,}")
_SYMBOLS = re.compile(r"([-_=*#~+.–—])\1+")
_PHRASE_END = re.compile(r"[,.;:!(<\[]|\s[-–]\s")
_DASHED_NAME = re.compile(r"(?:[-~]|//|[–—]\s?)([^\W\d_][\w.'’-]{0,30}(?: [^\W\d_][\w.'’-]{0,30}){0,3})")


def cut(lines: list[str]) -> list[str]:
    """Return the lines up to where the writer's words end, without rules."""
    kept = _own(lines, endings())
    while kept and (not kept[-1].strip() or _SYMBOLS.fullmatch(kept[-1].strip())):
        kept.pop()
    return _without_dashed_name([line for line in kept if not _RULE.fullmatch(line.strip())])


def is_warning(paragraph: str) -> bool:
    """Say whether a folded paragraph is a gateway's warning of mails from outside."""
    table = endings()
    return paragraph.startswith(table.warnings) and any(word in paragraph for word in table.warning_words)


def is_footer(lines: list[str]) -> bool:
    """Say whether lines below a rule are a mailing list's footer."""
    return any(word in folded(line[:_LONGEST]) for line in lines for word in endings().list_footers)


def asks_above(line: str) -> bool:
    """Say whether a line asks for answers above it: what stands below it is the answered mail."""
    low = folded(line[:_LONGEST])
    return any(phrase in low for phrase in endings().above_lines)


def _own(lines: list[str], table: Endings) -> list[str]:
    full = [index for index, line in enumerate(lines) if line.strip()]
    closing_from = full[-_SIGNATURE_LINES] if len(full) > _SIGNATURE_LINES else 0
    start, spoken = 0, False
    for index, line in enumerate(lines):
        bare = line.strip()
        if not bare:
            continue
        low = folded(bare[:_LONGEST])
        delimits = bare in table.delimiters
        if delimits or _is_program(low, table):
            if spoken or (delimits and not _is_program(_next(lines, index), table)):
                return lines[start:index]
            # Some telephones put their line first: then the words are below.
            start = index + 1
            continue
        if spoken and (_is_notice(low, table) or _opens_signature(lines, index, table)):
            return lines[start:index]
        if spoken and index >= closing_from and _closes(bare, low, lines[index + 1 :], table):
            return lines[start:index]
        spoken = True
    return lines[start:]


def _next(lines: list[str], index: int) -> str:
    return folded(next((line for line in lines[index + 1 :] if line.strip()), "")[:_LONGEST])


def _is_program(low: str, table: Endings) -> bool:
    """Say whether a line is a mail program's own, such as "Sent from my iPhone"."""
    low = low.strip("*_-–— ")
    if low.startswith(table.starts):
        return True
    mine = low.startswith(table.sent_my)
    if not mine and not low.startswith(table.sent) and not low.endswith(table.sent_ends):
        return False
    words = _PHRASE_END.split(low, maxsplit=1)[0].split()
    if len(words) > _DEVICE_WORDS:
        return False
    # A name of no known device counts only where nothing goes on behind it: "Sent from my desk, it is easier".
    return any(word.startswith(table.devices) for word in words) or (mine and len(low.split()) <= len(words) + 1)


def _is_notice(low: str, table: Endings) -> bool:
    # A small picture before it is a letter of its font in plain text.
    low = low.lstrip("*_ ").removeprefix("p ")
    if low.startswith(table.notices):
        return True
    return (
        len(low) >= _SHORTEST_NOTICE
        and low.startswith(table.notice_mails)
        and any(word in low for word in table.notice_words)
    )


def _opens_signature(lines: list[str], index: int, table: Endings) -> bool:
    """Say whether a rule opens a signature: below thanks, or above a mailing list's footer."""
    if not _RULE.fullmatch(lines[index].strip()):
        return False
    above = next((line for line in reversed(lines[:index]) if line.strip()), "")
    word = folded(above[:_LONGEST]).rstrip(",.! ")
    if word in table.thanks or word in table.closings:
        return True
    return is_footer([line for line in lines[index + 1 : index + 6] if line.strip()])


def _closes(bare: str, low: str, below: list[str], table: Endings) -> bool:
    """Say whether a line is a courtesy with nothing but a signature below it, « Cordialement, Camille »."""
    if any(len(line) > _SIGNATURE_LINE or line.rstrip().endswith("?") for line in below):
        return False
    if low.rstrip(",.!;: 。、！") in table.closings:
        return True
    phrase, comma, name = low.partition(",")
    if comma and phrase.strip() in table.closings:
        return len(name.split()) <= 4
    words = bare.split()
    return len(words) <= 6 and any(
        folded(" ".join(words[:size])) in table.closings and all(word[0].isupper() for word in words[size:])
        for size in range(1, len(words))
    )


def _without_dashed_name(lines: list[str]) -> list[str]:
    """Leave out a last line « -Camille Besson », unless it is a list's."""
    full = [line for line in lines if line.strip()]
    if len(full) < 2 or full[-2].lstrip()[:1] in "-–—*•":
        return lines
    found = _DASHED_NAME.fullmatch(full[-1].strip())
    if found is None or not all(word[0].isupper() for word in found[1].split()):
        return lines
    last = max(index for index, line in enumerate(lines) if line.strip())
    return lines[:last]
