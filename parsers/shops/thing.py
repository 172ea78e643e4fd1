"""What schema.org markup describes, in one form for JSON-LD and microdata: things with types and properties."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import unescape
from typing import NamedTuple, Union

from parsers.text import clean

MAX_DEPTH = 24
"""Levels of things within things that are read."""
MAX_THINGS = 4_000
"""Things and values that are read of one mail."""
LONGEST = 300
"""Characters of a value that are kept."""


class Thing(NamedTuple):
    """One thing: the local names of its types and its properties, both in lower case."""

    types: frozenset[str]
    props: Mapping[str, Sequence[Value]]

    def values(self, *names: str) -> Iterator[Value]:
        """Yield the values of these properties, in the order of the names."""
        for name in names:
            yield from self.props.get(name, ())

    def things(self, *names: str) -> Iterator[Thing]:
        """Yield those values of these properties that are things."""
        return (value for value in self.values(*names) if isinstance(value, Thing))

    def words(self, *names: str) -> str:
        """Return the first value of these properties that is a text or a thing with a name; else nothing."""
        for value in self.values(*names):
            text = value if isinstance(value, str) else value.words("name")
            if text:
                return text
        return ""


Value = Union[str, Thing]  # noqa: UP007 - the names refer to one another, which `|` cannot do at run time


def local(name: str) -> str:
    """Return the local name of a type or property: ``order`` of ``https://schema.org/Order`` and ``schema:Order``."""
    for mark in "/#:":
        name = name.rstrip(mark).rpartition(mark)[2]
    return name.strip().lower()


def written(text: str) -> str:
    """Return a value as people read it: entities resolved, invisible characters gone, on one line, not too long."""
    text = text[: LONGEST * 4]
    return clean(unescape(text) if "&" in text else text)[:LONGEST].strip()


def named(tops: Sequence[Thing], types: frozenset[str]) -> list[Thing]:
    """Return the things of these types, outermost ones only, in their order."""
    found: list[Thing] = []
    stack: list[Thing] = list(reversed(tops))
    while stack:
        thing = stack.pop()
        if thing.types & types:
            found.append(thing)
        else:
            stack += reversed([one for values in thing.props.values() for one in values if isinstance(one, Thing)])
    return found
