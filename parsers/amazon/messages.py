"""Messages that people write: sellers through Amazon's relay, and customer service."""

from __future__ import annotations

import re
from collections.abc import Sequence

from parsers.amazon.lexicon import Lexicon, lexicons
from parsers.notice import ReplyMeaning
from parsers.text import Line, clean, fold

_DECISIONS = frozenset((ReplyMeaning.ACCEPTED, ReplyMeaning.REFUSED))
_LAST = (ReplyMeaning.ASKS, ReplyMeaning.AUTOMATIC)
_SENTENCE = re.compile(r"[.!?;\n]+")


def own_words(lines: Sequence[Line]) -> list[Line]:
    """Return what the writer wrote: the lines between Amazon's marks, without what Amazon adds below."""
    begin = next((i for i, line in enumerate(lines) if _marks(line, "begin")), None)
    start = 0 if begin is None else begin + 1
    end = next((i for i in range(start, len(lines)) if _ends(lines[i])), len(lines))
    return list(lines[start:end])


def _ends(line: Line) -> bool:
    return _marks(line, "end") or any(lexicon.message_after.find(line) for lexicon in lexicons())


def _marks(line: Line, which: str) -> bool:
    """Tell whether a line is a mark: a rule of dashes around a few known words."""
    bare = line.plain.strip("-_=*# ")
    if not bare or len(bare) >= 40 or not (bare != line.plain or bare.endswith(":")):
        return False
    return any(lexicon.message_marks[which].inside(bare) for lexicon in lexicons())


def meaning(lines: Sequence[Line]) -> ReplyMeaning:
    """Return what the message amounts to, in whatever language it is written; unclear when no wording is known.

    Steering away from Amazon counts before anything else that is said. A promise that hangs on something the buyer must
    still do asks; so does a refusal "without this". Of a promise and a refusal, the later one is the decision, and a
    promise for after the article's return is none yet.
    """
    plain = "\n".join(line.plain for line in lines if line.plain)
    said = {means for lexicon in lexicons() for means, words in lexicon.replies.items() if words.inside(plain)}
    conditional = any(lexicon.condition.inside(plain) for lexicon in lexicons())
    if ReplyMeaning.OFF_PLATFORM in said:
        return ReplyMeaning.OFF_PLATFORM
    if ReplyMeaning.ASKS in said and conditional:
        return ReplyMeaning.ASKS
    decision = _decision(plain) if said & _DECISIONS else None
    return decision or next((means for means in _LAST if means in said), ReplyMeaning.UNCLEAR)


def _decision(plain: str) -> ReplyMeaning | None:
    """Return the last decision. A sentence that refuses promises nothing, whatever words it refuses with."""
    found: ReplyMeaning | None = None
    pending = False
    for sentence in _SENTENCE.split(plain):
        for means in (ReplyMeaning.REFUSED, ReplyMeaning.ACCEPTED):
            if any(lexicon.replies[means].inside(sentence) for lexicon in lexicons()):
                found = means
                pending = pending or any(lexicon.pending.inside(sentence) for lexicon in lexicons())
                break
    return ReplyMeaning.ASKS if pending and found is ReplyMeaning.ACCEPTED else found


def seller(name: str, lexicon: Lexicon) -> str | None:
    """Return the seller's name from the name of the sender, without what Amazon adds ("… - via Amazon")."""
    name = clean(name).strip("\"' ")
    plain = fold(name)
    for addition in lexicon.message_via:
        at = plain.find(addition)
        if at > 0:
            name, plain = name[:at], plain[:at]
    return name.strip(" -(") or None
