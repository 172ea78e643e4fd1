"""What a carrier's mail says beside what happened: numbers, days, places, the shop."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import cache
from itertools import takewhile
from typing import NamedTuple
from urllib.parse import unquote

from parsers import dates, links, tracking
from parsers.amazon import site
from parsers.carriers.data import Carrier, Language, carriers, name_words, soon_words
from parsers.dates import Span
from parsers.letter import Letter
from parsers.text import Line, fold
from parsers.tracking import Form
from parsers.wording import Hit, Plain

_URL_WORD = re.compile(r"[A-Za-z0-9]{8,35}")
_GROUP = re.compile(r"(?<![A-Za-z0-9])(?=[A-Za-z]{0,4}[0-9]|[A-Z]{2} [0-9])[A-Za-z0-9]{1,5}(?=[ -][A-Za-z0-9])")
_LINE = 400
_NEAR = 60
_WORD = re.compile(r"(?<!\S)\w+")
_DIGIT = re.compile(r"\d")
_FEW = 7
_LONGEST_NAME = 80
_NAME_WORDS = 8
_DOMAIN = re.compile(r"[a-z0-9-]+\.[a-z]{2,3}")
_SENTENCE_END = re.compile(r"\w{4}[.!?] [^\W\d_a-z]")
"""An abbreviation such as Ltd., Sp. or St. ends no sentence."""
_SENTENCE = re.compile(r"[.!?] ")
_ABBREVIATED = 4
"""Signs of an abbreviation, its dot included: "Ltd." ends no name."""
_NUMBER_BEHIND = re.compile(r"(?<![\s#])[\s#]{1,9}+(?=\w*\d{8})\w{1,60}+$")
_MOST_DAYS = 60
"""No pick-up point keeps a parcel longer."""


class Mail(NamedTuple):
    """A carrier's mail, made ready for reading."""

    letter: Letter
    carrier: Carrier
    language: Language
    lines: Sequence[Line]
    """The subject, then the body's lines before the footer, empty ones left out."""
    urls: Sequence[str]
    today: date
    """The day of the mail in the carrier's zone."""
    held: Plain
    """All lines at once: it tells which phrases the mail can hold at all."""


def hits(mail: Mail, label: str) -> Iterable[tuple[int, Hit]]:
    """Yield the lines that a label stands in."""
    phrases = mail.language.labels[label].within(mail.held)
    for at, line in enumerate(mail.lines):
        hit = phrases.find(line)
        if hit:
            yield at, hit


def _below(mail: Mail, at: int) -> str:
    """Return the line under a label that fills its line."""
    return mail.lines[at + 1].text if at + 1 < len(mail.lines) else ""


def numbers(mail: Mail) -> tuple[str, ...]:
    """Return the parcel numbers: labelled ones of a known form, else one labelled, checked ones, a link's."""
    forms = mail.carrier.forms
    labelled: list[str] = []
    formed: list[str] = []
    for words in _labelled(mail):
        found = tracking.grouped(words, forms)
        (formed if found else labelled).append(found or tracking.squeeze(words.split(" ")[0]))
    # Of a form that is not known, only what has digits enough: neither "10am-12pm" nor an order's number.
    labelled = [one for one in labelled if tracking.plausible(one) and len(_DIGIT.findall(one)) >= _FEW]
    labelled = [one for one in labelled if not links.ORDER_ID.match(one)]
    if formed or labelled:
        checked = [number for number in formed if tracking.fits(number, forms)]
        return tuple(dict.fromkeys(checked or formed or labelled[:1]))
    return tuple(_free(mail) or list(_linked(mail))[:1] or _free(mail, unchecked=True)[:1])


def _labelled(mail: Mail) -> Iterable[str]:
    """Yield what stands from a labelled number on: it may go on in groups behind what the phrase took."""
    for at, hit in hits(mail, "number"):
        if hit.name == "tracking":
            glue = "" if hit.rest.startswith(("-", ".")) else " "
            yield f"{hit.taken['tracking']}{glue}{hit.rest}".strip()
        else:
            yield _below(mail, at)
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


def promised(mail: Mail) -> Span | None:
    """Return the promised days. A new date counts before others, a date in figures before "today"."""
    found = [(hit.name, span) for at, hit in hits(mail, "day") if (span := _day(mail, at, hit))]
    spans = [span for name, span in found if name == "arrival"]
    new = next((span for name, span in found if name == "new_date"), None)
    return new or next((span for span in spans if span.first != mail.today), spans[0] if spans else None)


def today_said(mail: Mail, line: Line) -> bool:
    """Tell whether a line names the mail's own day in words."""
    return mail.language.labels["today"].find(line) is not None


def coming_day(mail: Mail, line: Line) -> Span | None:
    """Return the first day after the mail's own that stands anywhere in a line."""
    soon = soon_words(mail.language.code)
    for word in _WORD.finditer(line.plain[:_LINE]):
        if word[0][:1].isdigit() or word[0] in soon:
            span = read_day(mail, line.text[word.start() :])
            if span and span.first > mail.today:
                return span
    return None


def read_day(mail: Mail, words: str) -> Span | None:
    """Return the day that words begin with, figures in the order of the carrier's country."""
    code = mail.language.code
    first = mail.carrier.month_first and code == "en"
    # Where the usual order cannot be (month 25, a wrong weekday), the other one is meant.
    return dates.read(words, mail.today, code, month_first=first) or dates.read(
        words, mail.today, code, month_first=not first
    )


def _day(mail: Mail, at: int, hit: Hit) -> Span | None:
    """Return the day behind a label, or under it when the label's own words fill its line ("… delivery date:")."""
    rest = hit.rest.strip(" :")
    span = read_day(mail, rest) if rest else None
    if span is None and (not rest or (hit.rest.endswith(":") and not _DIGIT.search(rest))):
        span = read_day(mail, _below(mail, at))
    return span


def deadline(mail: Mail) -> date | None:
    """Return the last day on which a parcel can be fetched: a day before a number of days."""
    days: list[int] = []
    for at, hit in hits(mail, "until"):
        if hit.name == "deadline_days":
            days.append(int(hit.taken["n"]))
        elif span := read_day(mail, hit.taken.get("date") or hit.rest.strip(" :") or _below(mail, at)):
            return span.last
    return mail.today + timedelta(days=days[0]) if days and days[0] <= _MOST_DAYS else None


def shipper(mail: Mail) -> str | None:
    """Return the sender that the mail names, as written."""
    phrases = mail.language.labels["from"].within(mail.held)
    # A phrase can take what is no name ("parcel no. 12 from …"): then another that fits the line may take the name.
    found = [(at, hit) for at, line in enumerate(mail.lines) for hit in phrases.all(line)]
    said = [_taken(hit) for _, hit in found if hit.name == "shipper"]
    below = [_below(mail, at) for at, hit in found if hit.name == "shipper_below"]
    within = [name for at, hit in found if hit.name == "shipper_open" and (name := _in_sentence(mail, at, hit))]
    for words in (*said, *below, *within):
        name = words.strip(" .,;:*\"'")
        if _like_a_name(name) and not _strange(mail, name):
            return name
    return None


def _taken(hit: Hit) -> str:
    """Return the name that a phrase took; where its sentence goes on, no pronoun of it belongs to the name."""
    name = hit.taken.get("sender") or hit.taken.get("shop", "")
    if not hit.rest:
        return name
    first, *others = name.split(" ")
    ends = name_words().ends
    return " ".join([first, *takewhile(lambda word: not (word.islower() and fold(word) in ends), others)])


def _in_sentence(mail: Mail, at: int, hit: Hit) -> str:
    """Return the name that a sentence goes on with: capitals, and the small words between them."""
    line = mail.lines[at]
    before = _SENTENCE.split(line.plain.removesuffix(fold(hit.rest)))[-1]
    if mail.language.labels["fetched"].find(Line(before, before)):
        return ""
    names = name_words()
    kept: list[str] = []
    size = 0
    for word in hit.rest.split():
        bare = word.strip(',;:!?()"').rstrip(".")
        behind = bool(kept) and fold(bare) in names.behind
        if word[:1].isupper() or word == "&" or behind:
            size = len(kept) + 1
        elif fold(bare) not in names.within or not kept:
            break
        kept.append(word)
        if _closes(word):
            break
    return " ".join(kept[:size])


def _closes(word: str) -> bool:
    """Tell whether a name ends with this word, as the signs behind it say; the dot of an abbreviation does not."""
    if word[-1] in ",;:!?)":
        return True
    return word.endswith(".") and len(word) > _ABBREVIATED and "." not in word[:-1]


def _like_a_name(name: str) -> bool:
    """Tell whether words begin with a capital (scripts without capitals are their own) and are few, or a domain."""
    capital = name[:1].isalpha() and name[:1] == name[:1].upper()
    few = len(name) <= _LONGEST_NAME and name.count(" ") < _NAME_WORDS
    return few and (capital or _DOMAIN.fullmatch(name) is not None)


def _strange(mail: Mail, name: str) -> bool:
    """Tell whether words cannot be a sender's name: a number, a sentence, the carrier itself, another label."""
    own = mail.carrier.name.lower()
    # "La Redoute", "The Range": an article with a capital belongs to the name that follows it.
    first, _, core = name.partition(" ")
    bare = core if fold(first) in name_words().within and core[:1].isupper() else name
    label = Line(bare, bare.lower())
    return (
        tracking.plausible(name)
        or "@" in name
        or _SENTENCE_END.search(name) is not None
        or name.lower() == own
        or fold(name) in _carriers_names()
        or mail.language.labels["no_shipper"].find(label) is not None
    )


@cache
def _carriers_names() -> frozenset[str]:
    """Return the names of all carriers, folded: one that hands a parcel on is not its sender.

    A shop that only brings what it sells knows no parcel numbers, and can be a sender.
    """
    known = (carrier for carrier in carriers() if carrier.forms)
    return frozenset(fold(name) for carrier in known for name in (carrier.name, *carrier.names))


def retailer(name: str | None) -> str | None:
    """Return the shop that a sender's name stands for."""
    if name is None:
        return None
    return "Amazon" if site.is_amazon(name) else name.title() if name.isupper() and len(name) > 4 else name


def place(mail: Mail) -> str | None:
    """Return where a parcel was left, or to whom it was given."""
    for _, hit in hits(mail, "place"):
        said = hit.taken.get("place") or hit.taken.get("to", "")
        said = _NUMBER_BEHIND.sub("", said).strip(" .!")
        if said:
            return said[:120]
    return None
