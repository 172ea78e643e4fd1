"""What a carrier's mail says has happened: its sentences, read one by one, and which of them counts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from parsers.carriers import data, facts
from parsers.carriers.facts import Mail
from parsers.notice import Kind
from parsers.text import Line
from parsers.wording import Matcher, Phrases

_HEADLINES = 40
FIRST = 16
"""Lines in which a mail says more than its subject did."""
_ENDS = re.compile(r"[.!?] |[。！]")
_SENTENCE = re.compile(r"(?<=[.!?]) +|(?<=[。！])")
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
    if mine and (hit := mine.find(subject)):
        return Said(0, Kind(hit.name), subject)
    head = next((said for said in told if said.at == 0), None)
    if head and head.kind is not Kind.SHIPPED:
        return head
    near = FIRST if head else _HEADLINES
    body = next((said for said in told if 0 < said.at < near), None)
    if head is None and body is None:
        weak = own(mail, "weak_subject")
        hit = weak.find(subject) if weak else None
        return Said(0, Kind(hit.name), subject) if hit else None
    found = body or head
    return _today(mail, told) or found if found and found.kind is Kind.SHIPPED else found


def _today(mail: Mail, told: Sequence[Said]) -> Said | None:
    """Return the sentence that says that a parcel under way comes today."""
    out = (said for said in told if said.kind is Kind.OUT_FOR_DELIVERY and said.at < FIRST)
    return next((said for said in out if facts.today_said(mail, said.line)), None)


def _sentences(mail: Mail) -> Iterator[Said]:
    """Yield what each sentence says. Every line is looked at once: mails are many, and most lines say nothing."""
    matchers = [table.within(mail.held) for table in (own(mail, "kinds"), mail.language.kinds) if table]
    unless = mail.language.labels["conditional"].within(mail.held)
    told = [
        Said(at, kind, part)
        for at, line in enumerate(mail.lines[: _HEADLINES + 1])
        for part in _parts(line)
        if (kind := _kind(part, matchers))
    ]
    bar = _bar(mail.lines, told) if len(told) >= _BAR else frozenset()
    for said in told:
        if said.at not in bar and not unless.find(said.line):
            yield said._replace(line=mail.lines[said.at])


def _parts(line: Line) -> Iterable[Line]:
    """Return the sentences of a line; most lines are one."""
    if not _ENDS.search(line.plain):
        return [line]
    return [Line(part, part) for part in _SENTENCE.split(line.plain[:1000]) if part]


def _kind(line: Line, matchers: Iterable[Matcher]) -> Kind | None:
    for matcher in matchers:
        hit = matcher.find(line)
        if hit:
            return Kind(hit.name.removesuffix(data.EARLY))
    return None


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
