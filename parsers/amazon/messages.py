"""Messages that people write: sellers through Amazon's relay, and customer service."""

from __future__ import annotations

from collections.abc import Sequence

from parsers.amazon.lexicon import Lexicon
from parsers.notice import ReplyMeaning
from parsers.text import Line, clean, fold

# What is tried first wins. Steering away from Amazon matters most, whatever else the message promises.
_ORDER = (
    ReplyMeaning.OFF_PLATFORM,
    ReplyMeaning.ACCEPTED,
    ReplyMeaning.REFUSED,
    ReplyMeaning.ASKS,
    ReplyMeaning.AUTOMATIC,
)


def own_words(lines: Sequence[Line], lexicon: Lexicon) -> list[Line]:
    """Return what the writer wrote: the lines between Amazon's marks, or all when there are none."""
    begin = next((i for i, line in enumerate(lines) if _marks(line, lexicon, opening=True)), None)
    start = 0 if begin is None else begin + 1
    end = next((i for i in range(start, len(lines)) if _marks(lines[i], lexicon, opening=False)), len(lines))
    return list(lines[start:end])


def _marks(line: Line, lexicon: Lexicon, *, opening: bool) -> bool:
    """Tell whether a line is a mark: a rule of dashes around a few known words."""
    bare = line.plain.strip("-_=*# ")
    marks = lexicon.message_begin if opening else lexicon.message_end
    return bool(bare) and len(bare) < 40 and (bare != line.plain or bare.endswith(":")) and marks.inside(bare)


def meaning(lines: Sequence[Line], lexicon: Lexicon) -> ReplyMeaning:
    """Return what the message amounts to; unclear when no wording is known.

    A promise that hangs on something the buyer must still do asks; so does a refusal "without this".
    """
    plain = " ".join(line.plain for line in lines if line.plain)
    said = {means for means, words in lexicon.replies.items() if words.inside(plain)}
    if ReplyMeaning.OFF_PLATFORM not in said and ReplyMeaning.ASKS in said and lexicon.condition.inside(plain):
        return ReplyMeaning.ASKS
    if ReplyMeaning.REFUSED in said and ReplyMeaning.ACCEPTED in said:
        return ReplyMeaning.REFUSED if _last(plain, lexicon) else ReplyMeaning.UNCLEAR
    return next((means for means in _ORDER if means in said), ReplyMeaning.UNCLEAR)


def _last(plain: str, lexicon: Lexicon) -> bool:
    """Tell whether nothing but the refusal stands in the message's first half, where its decision is."""
    half = plain[: len(plain) // 2 + 1]
    return not lexicon.replies[ReplyMeaning.ACCEPTED].inside(half) and lexicon.replies[ReplyMeaning.REFUSED].inside(
        half
    )


def seller(name: str, lexicon: Lexicon) -> str | None:
    """Return the seller's name from the name of the sender, without what Amazon adds ("… - via Amazon")."""
    name = clean(name).strip("\"' ")
    plain = fold(name)
    for addition in lexicon.message_via:
        at = plain.find(addition)
        if at > 0:
            name, plain = name[:at], plain[:at]
    return name.strip(" -(") or None
