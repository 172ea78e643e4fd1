"""Who carries the parcel, and its number: from sentences, labels and links."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache

from parsers import links, tracking
from parsers.amazon import site
from parsers.amazon.body import Context, Row, below, labelled
from parsers.carriers import data as carriers
from parsers.text import Line, fold

# Most links lead into Amazon's own pages; unwrapping those for nothing would cost more than the rest of the reading.
_ELSEWHERE = re.compile(
    r"^https?://(?!(?:[\w-]+\.)*amazon\.)|//track\.amazon\.|[?&]U=https?%3A%2F%2F(?!(?:www|business)\.amazon)"
)
_FURTHER = re.compile(r"(?:-[A-Za-z0-9]{1,12}){1,6}(?![A-Za-z0-9])")
"""What is left of a parcel's number in groups, behind the second one."""
_NUMBER = re.compile(r"(?<![\w/.-])(?=[a-z]{0,2}\d)[a-z0-9]{10,34}(?![\w/-])")
_LONG = re.compile(r"\d[a-z0-9]{7}")
"""What such a number holds, and few other lines do: it is sooner looked for."""
_SHORT = 60
"""Characters of a line beside a parcel's number that may only hold the carrier's name and its label."""
_LETTERS = site.letters()


@cache
def _own() -> carriers.Carrier | None:
    return next((carrier for carrier in carriers.carriers() if carrier.name == "Amazon Logistics"), None)


def known(name: str) -> str | None:
    """Return the carrier of this very name, as it is written, or None."""
    return _carriers()[1].get(fold(name).strip(" ."))


def _carrier(said: str, context: Context) -> str | None:
    """Return a carrier's name, cut at the label that follows it in one line.

    What begins with an article or "our" only says that there is one, and an e-mail carries no parcel.
    """
    plain = fold(said)
    first, _, more = plain.partition(" ")
    if not said or (more and first in context.lexicon.articles) or plain.strip(" .") in _LETTERS:
        return None
    expression, names = _carriers()
    named = expression.match(plain) if more else None
    rest = said[named.end() :].strip(" ,|-–(") if named else ""
    labelled = context.lexicon.labels.find(Line(rest, fold(rest))) if rest else None
    return names[named[1]] if named and labelled and labelled.name in ("tracking", "parcel") else said


def parcel(rows: Sequence[Row], context: Context) -> tuple[str | None, tuple[str, ...]]:
    """Return carrier and parcel numbers that sentences or labels name; a number may stand below its label."""
    carrier: str | None = None
    numbers: dict[str, None] = {}
    for _, hit in labelled(rows, "parcel"):
        carrier = carrier or _carrier(hit.taken.get("carrier", ""), context)
        said = hit.taken.get("tracking", "")
        further = _FURTHER.match(hit.rest) if said and hit.rest.startswith("-") else None
        numbers |= _parcel_number(said + further[0] if further else said)
    for at, hit in labelled(rows, "carrier"):
        under = below(rows, at)
        beside = hit.taken.get("carrier") or hit.rest.strip(" :.")
        carrier = carrier or _carrier(beside or (under.line.text.strip(" .") if under else ""), context)
    for at, hit in labelled(rows, "tracking"):
        under = below(rows, at)
        near = _parcel_number(hit.rest.strip(" :."))
        numbers |= near or (_parcel_number(under.line.text.strip(" .")) if under else {})
    if numbers:
        return carrier or _near(rows), tuple(numbers)
    named, number = _in_passing(rows)
    return (carrier or named, (number,)) if number else (carrier, ())


def _near(rows: Sequence[Row]) -> str | None:
    """Return the carrier that stands in the line of the parcel's number, in whatever words, or in a short one by it."""
    written = [row for row in rows if row.line.plain]
    at = [index for index, row in enumerate(written) if row.hit("parcel", "tracking")]
    around = [
        written[index] for place in at for index in (place - 1, place + 1, place + 2) if 0 <= index < len(written)
    ]
    short = (row.line.plain for row in around if len(row.line.plain) <= _SHORT)
    return _known([*(written[index].line.plain for index in at), *short])


def _in_passing(rows: Sequence[Row]) -> tuple[str | None, str | None]:
    """Return a carrier and the number of its own form that stands beside its name, whatever the words around them."""
    if not _LONG.search("\n".join([row.line.plain for row in rows])):
        return None, None
    for row in rows:
        number = _NUMBER.search(row.line.plain) if not row.ids else None
        name = _known([row.line.plain]) if number else None
        if number is None or name is None:
            continue
        carrier = next(each for each in carriers.carriers() if each.name == name)
        found = number[0].upper()
        if any(not form.weak and form.shape.fullmatch(found) for form in carrier.forms):
            return name, found
    return None, None


def _known(texts: Iterable[str]) -> str | None:
    """Return the carrier that one of the folded texts names, in whatever words ("Der Versand erfolgt durch DPD")."""
    expression, names = _carriers()
    match = next((found for text in texts if (found := expression.search(text))), None)
    return names[match[1]] if match else None


@cache
def _carriers() -> tuple[re.Pattern[str], dict[str, str]]:
    """Return what finds the name of a carrier in a folded text, and each carrier's name as it is written."""
    names = {fold(name): each.name for each in carriers.carriers() for name in (each.name, *each.names)}
    longest = sorted(names, key=len, reverse=True)
    return re.compile(rf"(?<!\w)({'|'.join(map(re.escape, longest))})(?!\w)"), names


def _parcel_number(said: str) -> dict[str, None]:
    if " " in said and said.isascii():
        said = _carriers()[0].sub("", said.casefold()).strip(" :()[].,-")  # "UPS 1Z…", "1Z… (UPS)"
    number = tracking.squeeze(said)
    # Figures in groups are one number ("6120-4481-0937"); a hyphen behind letters belongs to it.
    bare = number.replace("-", "")
    return {bare if bare.isdigit() else number: None} if tracking.plausible(said) else {}


def linked_parcel(urls: Iterable[str]) -> tuple[str | None, tuple[str, ...]]:
    """Return carrier and parcel number of the first link to a carrier's page, or to Amazon's own tracking host."""
    for url in urls:
        link = links.target(url) if _ELSEWHERE.search(url) else None
        if link is None:
            continue
        amazon = link.host.startswith("track.amazon.")
        carrier = _own() if amazon else carriers.of_host(link.host)
        for number in links.parcel_numbers(link) if carrier else ():
            if carrier and any(form.shape.fullmatch(number) for form in carrier.forms):
                return None if amazon else carrier.name, (number,)
    return None, ()
