"""Messages that people write: sellers through Amazon's relay, and customer service."""

from __future__ import annotations

import re
from collections.abc import Sequence

from parsers.amazon.lexicon import Lexicon
from parsers.notice import ReplyMeaning
from parsers.text import Line, clean, fold

_LAST = (ReplyMeaning.ASKS, ReplyMeaning.AUTOMATIC)
_ADDRESS = re.compile(r"(?<![\w.@-])[\w.+-]{1,64}@(?!(?:[\w-]+\.)?amazon\.)[\w-]{1,64}\.[a-z]{2}")
_HEADER = re.compile(r"[^\W\d_]{1,12} ?: ?[^:]{0,80}@")
_LONGEST = 20_000  # characters of a message that are read; nobody writes more
_QUESTION = re.compile(r"(?<!\w)\w{1,30}(?:[ ,']{1,3}\w{1,30}){3} ?\?|[\u3041-\u30ff]\?")
_HEAD = 4  # words at the beginning of a sentence, of which one can leave all that follows open
_SENTENCE = re.compile(r"(?<=[.!?;。？！\n])(?![.!?\d])")


def own_words(lines: Sequence[Line], lexicons: Sequence[Lexicon]) -> list[Line]:
    """Return what the writer wrote: the lines between Amazon's marks, without what is quoted or added below."""
    begins = (i for i, line in enumerate(lines) if _marks(line, "begin", lexicons))
    begin = next((i for i in begins if not _marks(lines[i], "end", lexicons)), None)
    start = 0 if begin is None else begin + 1
    end = next((i for i in range(start, len(lines)) if _ends(lines[i], lexicons)), len(lines))
    if end < len(lines) and end > start and _HEADER.match(lines[end - 1].plain):
        end -= 1  # "From: …" stands above the "Sent: …" by which a quoted mail is known
    return [line for line in lines[start:end] if not line.plain.startswith(">")]


def _ends(line: Line, lexicons: Sequence[Lexicon]) -> bool:
    above = line.plain.startswith(">") or not line.plain
    return _marks(line, "end", lexicons) or any(
        lexicon.message_after.find(line) or (not above and lexicon.message_quoted.find(line)) for lexicon in lexicons
    )


def _marks(line: Line, which: str, lexicons: Sequence[Lexicon]) -> bool:
    """Tell whether a line is a mark: a rule of dashes around a few known words."""
    bare = line.plain.strip("-_=*# ")
    if not bare or len(bare) >= 40 or not (bare != line.plain or bare.endswith(":")):
        return False
    return any(lexicon.message_marks[which].inside(bare) for lexicon in lexicons)


def meaning(lines: Sequence[Line], lexicons: Sequence[Lexicon]) -> ReplyMeaning:
    """Return what the message amounts to, in one of these languages; unclear when no wording is known.

    Steering away from Amazon counts before anything else that is said. A promise that hangs on something the buyer must
    still do asks; so does a refusal "without this". Of a promise and a refusal, the later one is the decision, and a
    promise for after the article's return is none yet.
    """
    plain = _paragraphs(lines)
    both = f"{plain}\n{_bare(plain, lexicons)}"
    said = {means for lexicon in lexicons for means, words in lexicon.replies.items() if words.inside(both)}
    conditional = any(lexicon.condition.inside(plain) for lexicon in lexicons)
    if ReplyMeaning.OFF_PLATFORM in said or _ADDRESS.search(plain):
        return ReplyMeaning.OFF_PLATFORM
    if ReplyMeaning.ASKS in said and conditional:
        return ReplyMeaning.ASKS
    return _decision(plain, both, lexicons) or next((means for means in _LAST if means in said), _otherwise(plain))


def _otherwise(plain: str) -> ReplyMeaning:
    """Return what a message without known words amounts to: a question of some words asks."""
    return ReplyMeaning.ASKS if _QUESTION.search(plain) else ReplyMeaning.UNCLEAR


def _paragraphs(lines: Sequence[Line]) -> str:
    """Return the folded text with one line a paragraph: mail programs break sentences anywhere."""
    out: list[str] = []
    for line in lines:
        out.append(f"{line.plain} " if line.plain else "\n")
    return "".join(out)[:_LONGEST]


def _bare(plain: str, lexicons: Sequence[Lexicon]) -> str:
    """Return a text without the words that can stand within any phrase ("I have now refunded you")."""
    fillers = frozenset[str]().union(*(lexicon.fillers for lexicon in lexicons))
    return " ".join([word for word in plain.split(" ") if word not in fillers])


def _decision(plain: str, both: str, lexicons: Sequence[Lexicon]) -> ReplyMeaning | None:
    """Return the last decision. A sentence that refuses promises nothing, whatever words it refuses with."""
    found: ReplyMeaning | None = None
    pending = False
    waits = [lexicon.pending.within(both) for lexicon in lexicons]
    said = [
        (means, lexicon.replies[means].within(both))
        for means in (ReplyMeaning.REFUSED, ReplyMeaning.ACCEPTED)
        for lexicon in lexicons
    ]
    for written in _SENTENCE.split(plain):
        if written.rstrip().endswith(("?", "？")):
            continue  # "Would you prefer a refund?" promises nothing
        sentence = f"{written}\n{_bare(written, lexicons)}"
        means = next((means for means, words in said if words.inside(sentence)), None) or _sense(written, lexicons)
        kept = _stands(written, "keep", lexicons)
        if found is ReplyMeaning.ACCEPTED and kept:
            continue  # "We do not take it back": keep it
        if _stands(written, "undone", lexicons) and not _stands(written, "harmless", lexicons):
            continue  # "We have not issued the refund yet"
        if _hangs(written, means, lexicons):
            found = found or ReplyMeaning.ASKS
        elif means is not None:
            found = means
            pending = pending or (not kept and any(words.inside(sentence) for words in waits))
    return ReplyMeaning.ASKS if pending and found is ReplyMeaning.ACCEPTED else found


def _hangs(sentence: str, means: ReplyMeaning | None, lexicons: Sequence[Lexicon]) -> bool:
    """Tell whether a sentence speaks of a remedy after an "if": "If it does not come, we will refund you"."""
    if not _stands(" ".join(sentence.split()[:_HEAD]), "hanging", lexicons):
        return False
    return means is not None or _stands(sentence, "remedy", lexicons)


def _stands(sentence: str, which: str, lexicons: Sequence[Lexicon]) -> bool:
    """Tell whether a sentence holds one of the words of a sense, in one of these languages."""
    return any(lexicon.senses[which].inside(sentence) for lexicon in lexicons if which in lexicon.senses)


def _sense(sentence: str, lexicons: Sequence[Lexicon]) -> ReplyMeaning | None:
    """Return what a sentence without a known wording decides of a remedy that it names."""
    for senses in (lexicon.senses for lexicon in lexicons):
        if not senses or not senses["remedy"].inside(sentence):
            continue
        if senses["denied"].inside(sentence) and not senses["harmless"].inside(sentence):
            return None if senses["open"].inside(sentence) else ReplyMeaning.REFUSED
        if senses["granted"].inside(sentence) and not senses["open"].inside(sentence):
            return ReplyMeaning.ACCEPTED
    return None


def decision(lines: Sequence[Line], lexicon: Lexicon) -> ReplyMeaning | None:
    """Return how a claim under the A-to-z Guarantee ended; None while nothing is decided ("if it is granted")."""
    written = [line.plain for line in lines if line.plain and not lexicon.conditional.inside(line.plain)]
    plain = "\n".join(written)
    return next((means for means, words in lexicon.claim.items() if words.inside(plain)), None)


def seller(name: str, lexicon: Lexicon) -> str | None:
    """Return the seller's name from the name of the sender, without what Amazon adds ("… - via Amazon")."""
    name = clean(name).strip("\"' ")
    plain = fold(name)
    for addition in lexicon.message_via:
        at = plain.find(addition)
        if at > 0:
            name, plain = name[:at], plain[:at]
    return name.strip(" -(") or None
