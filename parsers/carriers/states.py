"""What a carrier's mail says has happened: its sentences, read one by one, and which of them counts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from parsers.carriers import data, facts, senses
from parsers.carriers.mail import Mail, sentences_of
from parsers.notice import Kind
from parsers.text import Line
from parsers.wording import Matcher, Phrases

_HEADLINES = 40
FIRST = 16
"""Lines in which a mail says more than its subject did."""
_SHORT = 5
"""Words of a step in a progress bar."""
_BAR = 3
NUMBER = re.compile(r"\d{6}")


class Said(NamedTuple):
    """What a sentence of the mail says happened, and the line that it stands in (0 is the subject)."""

    at: int
    kind: Kind
    line: Line


def own(mail: Mail, table: str) -> Phrases | None:
    """Return the carrier's own wordings of a table in the mail's language."""
    return data.own_phrases(mail.carrier.name, mail.language.code, table)


def sentences(mail: Mail) -> tuple[Said, ...]:
    """Return what the sentences of the first lines say; conditions, promises and progress bars say nothing."""
    return tuple(_sentences(mail))


def happened(mail: Mail, told: Sequence[Said]) -> Said | None:
    """Return what the mail says first: by its subject, unless that only says "shipped" and the body says more."""
    subject = mail.lines[0]
    mine = own(mail, "subject")
    hit = mine.find(subject) if mine and _sense(subject, mail.language.code, sure=True) is None else None
    if hit and hit.name != Kind.SHIPPED:
        return Said(0, Kind(hit.name), subject)
    head = Said(0, Kind.SHIPPED, subject) if hit else next((said for said in told if said.at == 0), None)
    if head and head.kind is not Kind.SHIPPED:
        return head
    near = FIRST if head else _HEADLINES
    body = next((said for said in told if 0 < said.at < near), None)
    if head is None and body is None:
        weak = own(mail, "weak_subject")
        hit = weak.find(subject) if weak else None
        if hit is None:
            return _by_sense(mail) or _by_words(mail, Kind.ATTEMPTED, Kind.OUT_FOR_DELIVERY)
        return Said(0, Kind(hit.name), subject)
    found = body or head
    if found and found.kind is Kind.SHIPPED:
        return _registered(mail) or _today(mail, told) or found
    return found


def _registered(mail: Mail) -> Said | None:
    """Return the line that says that the carrier has only heard of the parcel as yet."""
    words = data.shape_words().registered.within(mail.held.text)
    lines = enumerate(mail.lines[:FIRST])
    return next((Said(at, Kind.ANNOUNCED, line) for at, line in lines if words.inside(line.plain)), None)


def _today(mail: Mail, told: Sequence[Said]) -> Said | None:
    """Return the sentence that says that a parcel under way comes today, by a phrase or by its words alone."""
    out = [said for said in told if said.kind is Kind.OUT_FOR_DELIVERY and said.at < FIRST]
    known = next((said for said in out if facts.today_said(mail, said.line)), None)
    by_words = None if known else _by_words(mail, Kind.OUT_FOR_DELIVERY)
    return known or (out[0] if out and by_words else by_words)


def _by_words(mail: Mail, *kinds: Kind) -> Said | None:
    """Return the first sentence in which words for bringing stand beside "today" or "not", conditions left out.

    Subjects do not count: offers speak so too ("Today only: …").
    """
    shape, unless = data.shape_words(), mail.language.labels["conditional"]
    bringing = shape.bringing.within(mail.held.text)
    for at, line in enumerate(mail.lines[1:FIRST], 1):
        for part in sentences_of(line):
            if not bringing.inside(f"{part.plain} ") or unless.find(part):
                continue
            never = shape.never.inside(f" {part.plain} ")
            kind = Kind.ATTEMPTED if never else Kind.OUT_FOR_DELIVERY
            if kind in kinds and (never or facts.today_said(mail, part)):
                return Said(at, kind, line)
    return None


def _sentences(mail: Mail) -> Iterator[Said]:
    """Yield what each sentence says. Every line is looked at once: mails are many, and most lines say nothing."""
    matchers = [table.within(mail.held) for table in (own(mail, "kinds"), mail.language.kinds) if table]
    unless = mail.language.labels["conditional"]
    told = [
        Said(at, kind, part)
        for at, line in enumerate(mail.lines[: _HEADLINES + 1])
        for part in sentences_of(line)
        if (kind := _kind(part, matchers))
    ]
    bar = _bar(mail.lines, told) if len(told) >= _BAR else frozenset()
    for said in told:
        if said.at in bar:
            continue
        # Some phrases stand in sentences that mean another thing: conditions, advice, what is still to come.
        sense = _sense(said.line, mail.language.code, sure=said.kind is not Kind.SHIPPED)
        if sense is Kind.DELIVERED:
            # A parcel that is wrongly called delivered does most harm: only sure words say so against a phrase.
            sense = _sense(said.line, mail.language.code, sure=True)
        kind = sense or said.kind
        if sense != "" and (sense is Kind.PICKUP_READY or not unless.find(said.line)):
            yield Said(said.at, kind, mail.lines[said.at])


def _sense(line: Line, code: str, *, sure: bool) -> Kind | Literal[""] | None:
    """Return what a sentence means by its words; nothing at all ("") where it is advice, None where it is unknown."""
    told = senses.of(line.plain, code, sure=sure)
    if told is None:
        return None
    return "" if told == senses.NOTHING else Kind(told.removesuffix(senses.LATER))


def _by_sense(mail: Mail) -> Said | None:
    """Return the first sentence near the top that means something by its words; "under way" where none says more."""
    unless, found = mail.language.labels["conditional"], None
    numbered = NUMBER.search(mail.held.text) is not None
    for at, line in enumerate(mail.lines[:FIRST]):
        # Offers speak so too: a subject counts in a mail with a number.
        for part in sentences_of(line) if at or numbered else ():
            kind = _sense(part, mail.language.code, sure=unless.find(part) is not None)
            if not kind:
                continue
            if kind is not Kind.SHIPPED:
                return Said(at, kind, line)
            found = found or Said(at, kind, line)
    return found


def _kind(line: Line, matchers: Iterable[Matcher]) -> Kind | None:
    for matcher in matchers:
        hit = matcher.find(line)
        if hit:
            kind = Kind(hit.name.removesuffix(data.EARLY))
            return _done(line.plain) if kind is Kind.DELIVERED else kind
    return None


def _done(plain: str) -> Kind:
    """Return what a sentence says that speaks of a delivery: done, still to come, or only brought to a shop."""
    shape = data.shape_words()
    if shape.future.inside(plain):
        return Kind.SHIPPED
    waits = shape.points.inside(plain) and not shape.fetched.inside(plain)
    return Kind.PICKUP_READY if waits else Kind.DELIVERED


def _bar(lines: Sequence[Line], told: Iterable[Said]) -> frozenset[int]:
    """Return the places of progress bars: three short lines near each other, each another step of the road."""
    found: set[int] = set()
    run: list[Said] = []
    for said in told:
        if not said.at or lines[said.at].plain.count(" ") >= _SHORT:
            continue
        between = lines[run[-1].at + 1 : said.at + 1] if run else ()
        # A number between two states parts two parcels of a list.
        if len(between) >= _BAR or any(NUMBER.search(line.plain) for line in between):
            run = []
        run.append(said)
        if len({step.kind for step in run}) >= _BAR:
            found |= {step.at for step in run}
    return frozenset(found)
