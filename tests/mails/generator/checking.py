"""Reads generated mails by the road that every mail takes, and compares with what they say."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

import parsers
from daemon.intake import open_mail
from parsers.letter import Letter
from parsers.notice import Notice
from tests.mails.generator import samples
from tests.mails.generator.book import book
from tests.mails.generator.mail import Mail
from tests.mails.generator.samples import Sample

_ARRIVED = datetime(2026, 11, 1, tzinfo=UTC)
# What no expectation holds: where a notice comes from.
_ORIGIN = frozenset(("source", "at", "trust", "reply_to", "message_id", "subject", "note", "note_means"))


class Misread(NamedTuple):
    """A mail that is read otherwise than it says, field by field: expected, read."""

    sample: Sample
    seed: int | None
    mail: Mail
    differences: list[str]


def letters_of(raw: bytes) -> Sequence[Letter]:
    """Return the letters of a raw mail."""
    return open_mail(raw, received_at=_ARRIVED)


def notices_of(raw: bytes) -> list[dict[str, Any]]:
    """Return what is read in a raw mail, as expectations write it."""
    return [_stated(notice) for letter in letters_of(raw) for notice in parsers.read(letter)]


def _stated(notice: Notice) -> dict[str, Any]:
    """Return the fields that a notice states; one at its default is not said."""
    fields = Notice.model_fields
    said = {name for name in fields if name not in _ORIGIN and getattr(notice, name) != fields[name].default}
    return notice.model_dump(mode="json", include=said, exclude_none=True)


def differences(found: Mail) -> list[str]:
    """Return each field that is read otherwise than the mail says it."""
    read = notices_of(found.raw)
    out = [] if len(read) == len(found.notices) else [f"{len(read)} notices for {len(found.notices)}"]
    for want, have in zip(found.notices, read, strict=False):
        named = sorted(want.keys() | have.keys())
        out += [f"{n}: {want.get(n)!r} read as {have.get(n)!r}" for n in named if want.get(n) != have.get(n)]
    if not all(parsers.understood(letter, parsers.read(letter)) for letter in letters_of(found.raw)):
        out.append("not understood")
    return out


def misread(language: str, seeds: int) -> Iterator[Misread]:
    """Yield a language's misread mails: of its committed samples, and of so many draws more of each."""
    words = book(language)
    for name in samples.names(words):
        sample = Sample(language, name)
        drawn: list[tuple[int | None, Mail]] = [(None, samples.made(sample))]
        drawn += [(seed, samples.make(random.Random(f"{seed}/{name}"), words, name)) for seed in range(seeds)]
        for seed, found in drawn:
            wrong = differences(found)
            if wrong:
                yield Misread(sample, seed, found, wrong)
