"""What a carrier's mail says beside what happened: numbers, days, places."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from urllib.parse import unquote

from parsers import dates, daywords, links, tracking
from parsers.carriers import shapes
from parsers.carriers.data import shape_words, soon_words
from parsers.carriers.mail import Mail, below, hits, sentences_of
from parsers.dates import Span
from parsers.text import Line, fold
from parsers.tracking import Form
from parsers.wording import Hit

_URL_WORD = re.compile(r"[A-Za-z0-9]{8,35}")
_GROUP = re.compile(r"(?<![A-Za-z0-9])(?=[A-Za-z]{0,4}[0-9]|[A-Z]{2} [0-9])[A-Za-z0-9]{1,5}(?=[ -][A-Za-z0-9])")
_LINE = 400
_NEAR = 60
_FIRST = 16
_WORD = re.compile(r"(?<!\S)\w+")
_DIGIT = re.compile(r"\d")
_FEW = 7
_DATE = 40
_WRITTEN = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]|20\d\d")
_CLOCK = re.compile(r" (?:at|um|à|a las|alle|om|o|kl\.?) \d{1,2} ?[:.h].{0,60}$|^\d{1,2} ?[:h] ?\d.{0,60}$")
_FEW_WORDS = 2
"""Words behind a label's own that still belong to it ("updated delivery date")."""
_NUMBER_BEHIND = re.compile(r"(?<![\s#])[\s#]{1,9}+(?=\w*\d{8})\w{1,60}+$")
_MOST_DAYS = 60
"""No pick-up point keeps a parcel longer."""


def numbers(mail: Mail) -> tuple[str, ...]:
    """Return the parcel numbers: labelled ones of a known form, else one labelled, checked ones, a link's."""
    found = _of(mail, _labelled(mail)) or _of(mail, shapes.labelled(mail)) or _free(mail)
    return tuple(found or list(_linked(mail))[:1] or _free(mail, unchecked=True)[:1])


def _of(mail: Mail, labelled: Iterable[str]) -> list[str]:
    """Return the numbers among labelled words: those of a known form, or else the first that can be one."""
    forms = mail.carrier.forms
    others: list[str] = []
    formed: list[str] = []
    for words in labelled:
        found = tracking.grouped(words, forms)
        (formed if found else others).append(found or tracking.squeeze(words.split(" ")[0]))
    # Of a form that is not known, only what has digits enough: neither "10am-12pm" nor an order's number.
    others = [one for one in others if tracking.plausible(one) and len(_DIGIT.findall(one)) >= _FEW]
    others = [one for one in others if not links.ORDER_ID.match(one)]
    checked = [number for number in formed if tracking.fits(number, forms)]
    return list(dict.fromkeys(checked or formed or others[:1]))


def _labelled(mail: Mail) -> Iterable[str]:
    """Yield what stands from a labelled number on: it may go on in groups behind what the phrase took."""
    for at, hit in hits(mail, "number"):
        if hit.name == "tracking":
            glue = "" if hit.rest.startswith(("-", ".")) else " "
            yield f"{hit.taken['tracking']}{glue}{hit.rest}".strip()
        else:
            yield below(mail, at)
            yield from _further(mail, at + 2)


def _further(mail: Mail, at: int) -> Iterable[str]:
    """Yield the lines from here on that hold a parcel's number and nothing else: a label can head several."""
    for line in mail.lines[at:]:
        if not tracking.fits(tracking.squeeze(line.text), mail.carrier.forms):
            return
        yield line.text


def _free(mail: Mail, *, unchecked: bool = False) -> list[str]:
    """Return the numbers that stand somewhere without a label; those of loose forms count in the subject only."""
    strong = tuple(form for form in mail.carrier.forms if not form.weak)
    text = "\n".join(line.text[:_LINE] for line in mail.lines)
    found = tracking.search(text, strong, unchecked=unchecked) or _in_groups(mail, strong)
    return found or tracking.search(mail.lines[0].text, mail.carrier.forms)[:1]


def _in_groups(mail: Mail, forms: tuple[Form, ...]) -> list[str]:
    """Return the first number that is printed in groups: its letters may stand apart from its digits."""
    for line in mail.lines[:_NEAR]:
        starts = [match.start() for match in _GROUP.finditer(line.text[:_LINE])]
        found = (tracking.grouped(line.text[start:], forms) for start in starts)
        number = next((one for one in found if one and tracking.fits(one, forms)), None)
        if number:
            return [number]
    return []


def _linked(mail: Mail) -> Iterable[str]:
    """Yield the numbers in links: where tracking pages have them, or anywhere when their form is no common one."""
    strong = tuple(form for form in mail.carrier.forms if not form.weak)
    for url in mail.urls:
        target = links.target(url)
        for number in links.parcel_numbers(target) if target else ():
            if tracking.formed(number, mail.carrier.forms):
                yield number
        for word in _URL_WORD.findall(unquote(url[:2000])):
            if tracking.fits(word.upper(), strong):
                yield word.upper()


def promised(mail: Mail, *, late: bool = False) -> Span | None:
    """Return the promised days. A new date counts before others, a date in figures before "today".

    What is ``late``, or was tried in vain, comes on the day of the next try; its own day is none that it can come.
    """
    found = [(hit.name, *day) for at, hit in hits(mail, "day") if (day := _day(mail, at, hit))]
    new = next((span for name, span, _ in found if name == "new_date"), None) or (_again(mail) if late else None)
    later = [(span, words) for name, span, words in found if name == "arrival" and span.first != mail.today]
    # A written date counts before "tomorrow": some stamp their mails in another zone than their days.
    written = next((span for span, words in later if _WRITTEN.search(words[:_DATE])), None)
    today = next((span for name, span, _ in found if name == "arrival"), None)
    return new or written or (later[0][0] if later else None) or (None if late else today)


def _again(mail: Mail) -> Span | None:
    """Return the coming day of a sentence that speaks of another try."""
    words = shape_words().again.within(mail.held.text)
    lines = [part for line in mail.lines for part in sentences_of(line) if words.inside(part.plain)]
    return next((span for line in lines if (span := coming_day(mail, line))), None)


def today_said(mail: Mail, line: Line) -> bool:
    """Tell whether a line names the mail's own day in words; "tomorrow, in the course of the day" does not."""
    today = mail.language.labels["today"]
    if today.find(line) is None:
        return False
    return any(today.find(part) and not coming_day(mail, part) for part in sentences_of(line))


def coming_day(mail: Mail, line: Line) -> Span | None:
    """Return the first day after the mail's own that stands anywhere in a line."""
    return next((span for span in _days(mail, line) if span.first > mail.today), None)


def brought(mail: Mail) -> Span | None:
    """Return the first coming day of a line near the top that speaks of bringing, and of no end or condition."""
    unless = mail.language.labels["conditional"]
    bringing, until = (words.within(mail.held.text) for words in (shape_words().bringing, shape_words().until))
    for line in mail.lines[:_FIRST]:
        brings = bringing.inside(f"{line.plain} ") and not until.inside(f" {line.plain} ")
        if brings and not unless.find(line) and (span := coming_day(mail, line)):
            return span
    return None


def _days(mail: Mail, line: Line) -> Iterable[Span]:
    """Yield the days that stand anywhere in a line."""
    code = mail.language.code
    begins = soon_words(code) | daywords.words(code).months.keys()
    for word in _WORD.finditer(line.plain[:_LINE]):
        if (word[0][:1].isdigit() or word[0] in begins) and (span := read_day(mail, line.text[word.start() :])):
            yield span


def read_day(mail: Mail, words: str) -> Span | None:
    """Return the day that words begin with, figures in the order of the carrier's country."""
    code = mail.language.code
    first = mail.carrier.month_first and code == "en"
    # Where the usual order cannot be (month 25, a wrong weekday), the other one is meant.
    return dates.read(words, mail.today, code, month_first=first) or dates.read(
        words, mail.today, code, month_first=not first
    )


def _day(mail: Mail, at: int, hit: Hit) -> tuple[Span, str] | None:
    """Return the day behind a label, or under it when the label's own words fill its line, and its words."""
    rest = hit.rest.strip(" :")
    span = read_day(mail, rest) if rest else None
    if span is None and not _DIGIT.search(rest) and (hit.rest.endswith(":") or rest.count(" ") < _FEW_WORDS):
        rest = below(mail, at)
        span = read_day(mail, rest)
    return (span, rest) if span else None


def deadline(mail: Mail, *, fetched: bool) -> date | None:
    """Return the last day on which a parcel can be fetched: a day before a number of days.

    Where it is known that it waits to be ``fetched``, any line that speaks of an end counts.
    """
    days: list[int] = []
    for at, hit in hits(mail, "until"):
        if hit.name == "deadline_days":
            days.append(int(hit.taken["n"]))
        elif span := read_day(mail, hit.taken.get("date") or hit.rest.strip(" :") or below(mail, at)):
            return span.last
    if days and days[0] <= _MOST_DAYS:
        return mail.today + timedelta(days=days[0])
    return _last_day(mail) if fetched else None


def _last_day(mail: Mail) -> date | None:
    """Return the latest day of the lines that speak of an end, or under them where they are labels."""
    for at, line in shapes.until(mail):
        there = line if _DIGIT.search(line.plain) else Line(below(mail, at), fold(below(mail, at)))
        days = [span.last for span in _days(mail, there) if 0 <= (span.last - mail.today).days <= _MOST_DAYS]
        if days:
            return max(days)
    return None


def _without_day(mail: Mail, said: str) -> str:
    """Return words without the day that stands behind their last comma."""
    before, comma, last = said.rpartition(", ")
    return before if comma and any(_days(mail, Line(last, fold(last)))) else said


def place(mail: Mail, told: Sequence[Line]) -> str | None:
    """Return where a parcel was left, or to whom it was given; ``told`` are the lines that say it was delivered."""
    addresses: list[str] = []
    for _, hit in hits(mail, "place"):
        said = hit.taken.get("place") or hit.taken.get("to", "")
        said = _without_day(mail, _CLOCK.sub("", _NUMBER_BEHIND.sub("", said)).strip(" .!"))
        if said and not read_day(mail, said):
            addresses.append(said[:120])
            if not said[0].isdigit():
                return said[:120]
    return shapes.place(told) or (addresses[0] if addresses else None)
