"""Carriers' mails: one notice a mail, known by its parcel number; they seldom know the order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from parsers import links, text, tracking
from parsers.carriers import data, facts, names, states
from parsers.carriers.data import Carrier, Language
from parsers.carriers.mail import Mail
from parsers.carriers.states import Said
from parsers.dates import Span
from parsers.letter import Letter
from parsers.notice import Kind, Notice
from parsers.text import Line
from parsers.wording import Plain

_PROMISING = frozenset((Kind.SHIPPED, Kind.OUT_FOR_DELIVERY, Kind.DELAYED, Kind.ANNOUNCED, Kind.ATTEMPTED))
_GOING = frozenset((Kind.SHIPPED, Kind.DELAYED, Kind.ANNOUNCED))
_KEPT = frozenset((Kind.PICKUP_READY, Kind.ATTEMPTED))
_ORDER = re.compile(links.ORDER_ID.pattern, re.IGNORECASE)
_HEAD = 8
"""Lines before which a footer only begins when a number stood above it."""
_MOST = 200
"""Lines, and links, that are read of a mail: no carrier writes more before its footer."""
_TONGUE = 60
"""Lines that tell a mail's language."""


def read(letter: Letter) -> list[Notice]:
    """Return what the carrier says, or nothing when no carrier wrote it or its words are not known.

    The text part counts, unless it only says that the mail is in HTML.
    """
    found: list[Notice] = []
    for mail in _mails(letter):
        notices = _read(mail)
        if any(notice.tracking_numbers for notice in notices):
            return notices
        found = found or notices
    return found


def _read(mail: Mail) -> list[Notice]:
    told = states.sentences(mail)
    if _is_noise(mail, told):
        return []
    said = states.happened(mail, told)
    numbers = facts.numbers(mail)
    if said is None or not (numbers or any(one.at == 0 for one in (said, *told))):
        return []
    return [_notice(part, kind, some, told) for part, kind, some in _parcels(mail, said, numbers, told)]


def understood(letter: Letter, notices: Sequence[Notice]) -> bool:
    """Tell whether the letter's meaning is known: it gave a notice, or speaks of no parcel to this owner."""
    carrier = data.of_sender(letter.sender, letter.sender_name, letter.subject)
    if notices or carrier is None or carrier.mixed:
        return True
    return any(_is_noise(mail, states.sentences(mail)) for mail in _mails(letter))


def _mails(letter: Letter) -> Iterator[Mail]:
    """Yield the letter made ready for reading: by its text part, then by its HTML; once when it has neither.

    A text part of a few words comes last.
    """
    carrier = data.of_sender(letter.sender, letter.sender_name, letter.subject)
    if carrier is None:
        return
    stub = bool(letter.html.strip()) and text.is_stub(letter.text)
    if not stub and (letter.text.strip() or not letter.html.strip()):
        yield _mail(letter, carrier, text.from_plain(letter.text))
    if letter.html.strip():
        yield _mail(letter, carrier, text.from_html(letter.html))
    if stub and letter.text.strip():
        yield _mail(letter, carrier, text.from_plain(letter.text))


def _mail(letter: Letter, carrier: Carrier, lines: Sequence[Line]) -> Mail:
    subject = text.clean(letter.subject)
    written = [line for line in lines if line.plain and not line.picture]
    plain = f"{text.fold(subject)} {' '.join(line.plain for line in written[:_TONGUE])}"
    language = data.language_of(plain, carrier.languages, letter.sender)
    urls = [url for line in lines for url in line.urls][:_MOST]
    today = letter.date.astimezone(carrier.zone).date()
    body = [Line(subject, text.fold(subject)), *written[: min(_MOST, _footer(written, language))]]
    return Mail(letter, carrier, language, body, urls, today, Plain(body))


def _footer(written: Sequence[Line], language: Language) -> int:
    """Return where the footer begins. "Please do not reply" can also stand above all else: then it ends nothing."""
    cut = language.labels["cut"]
    told = False
    for at, line in enumerate(written):
        if (told or at >= _HEAD) and cut.find(line):
            return at
        told = told or states.NUMBER.search(line.plain) is not None
    return len(written)


def _is_noise(mail: Mail, told: Iterable[Said]) -> bool:
    """Tell whether the mail is about no parcel on its way to the owner: digests, surveys, parcels that they sent."""
    if data.is_digest(mail.letter.sender, mail.carrier):
        return not any(tracking.fits(number, mail.carrier.forms) for number in facts.numbers(mail))
    own, line_own, shared = states.own(mail, "noise"), states.own(mail, "noise_line"), mail.language.labels["noise"]
    subject = mail.lines[0]
    if data.is_noise(mail.letter.sender, mail.carrier) or shared.find(subject) or (own and own.find(subject)):
        return True
    if mail.language.labels["advert"].find(subject) and not any(said.at == 0 for said in told):
        return True
    sent = mail.language.labels["sent"]
    return any(sent.find(line) or (line_own and line_own.find(line)) for line in mail.lines[: states.FIRST])


def _parcels(
    mail: Mail, said: Said, numbers: tuple[str, ...], told: Sequence[Said]
) -> Iterable[tuple[Mail, Kind, tuple[str, ...]]]:
    """Yield each kind with its parcels and their part of the mail: a digest may tell of several parcels."""
    several = numbers if len(numbers) > 1 else ()
    where = {number: at for number in reversed(several) for at in _places(mail, number)[:1]}
    told = [one for one in told if one.at]
    if len(where) < 2 or not told:
        yield mail, said.kind, numbers
        return
    found: dict[Kind, list[str]] = {}
    lines: dict[Kind, list[Line]] = {}
    before = told[0].at < min(where.values())
    for number in numbers:
        begin, end = _part(sorted(set(where.values())), where.get(number, 0), len(mail.lines), before, told)
        state = [one.kind for one in told if begin <= one.at < end]
        kind = (state[-1] if before else state[0]) if state else said.kind
        found.setdefault(kind, []).append(number)
        lines.setdefault(kind, [mail.lines[0]]).extend(mail.lines[begin:end])
    for kind, some in found.items():
        part = mail if len(found) == 1 else mail._replace(lines=lines[kind])
        yield part, kind, tuple(some)


def _part(places: Sequence[int], at: int, size: int, before: bool, told: Sequence[Said]) -> tuple[int, int]:
    """Return the lines that speak of the number at ``at``: from its state's line on, or up to the next number."""
    if before:
        return max((one.at for one in told if one.at <= at), default=1), at + 1
    return at, next((place for place in places if place > at), size)


def _places(mail: Mail, number: str) -> list[int]:
    """Return the lines of the body that hold a number, also in groups."""
    return [at for at, line in enumerate(mail.lines) if at and number in tracking.squeeze(line.text).replace("-", "")]


# ── the notice ────────────────────────────────────────────────────────────


def _promised(mail: Mail, kind: Kind, told: Sequence[Said]) -> Span | None:
    """Return the promised days: those under a label, else a coming one that the sentence itself names."""
    if kind not in _PROMISING:
        return None
    out = kind is Kind.OUT_FOR_DELIVERY
    lines = [said.line for said in told if said.kind is kind]
    span = facts.promised(mail, late=kind in (Kind.ATTEMPTED, Kind.DELAYED))
    if span is None and out and _today(mail):
        span = Span(mail.today, mail.today)
    if span is None and kind in _GOING:
        lines += [one.line for one in told if one.kind in _PROMISING]
        span = next((found for line in lines if (found := facts.coming_day(mail, line))), None) or facts.brought(mail)
    return span


def _today(mail: Mail) -> bool:
    """Tell whether one of the first lines names the mail's own day in words."""
    return any(facts.today_said(mail, line) for line in mail.lines[: states.FIRST])


def _carrier(mail: Mail) -> str:
    """Return who brings the parcel, by the name of its own that the mail gives a part of the carrier."""
    letter = mail.letter
    said = f"{text.fold(letter.sender)}\n{text.fold(letter.sender_name)}\n{mail.held.text}"
    return next((name for name, words in mail.carrier.brands.items() if words.inside(said)), mail.carrier.name)


def _without(shipper: str | None, line: Line) -> Line:
    """Return a line without the sender's name, which may sound like a place."""
    if shipper is None or shipper not in line.text:
        return line
    words = line.text.replace(shipper, "…")
    return line._replace(text=words, plain=text.fold(words))


def _place(mail: Mail, shipper: str | None, told: Sequence[Said]) -> str | None:
    """Return where the parcel was left, by the lines that say that it was, then by the first ones."""
    done = [one.at for one in told if one.kind is Kind.DELIVERED]
    lines = [line for at in done for line in mail.lines[at : at + 2]] + list(mail.lines[: states.FIRST])
    unless = mail.language.labels["conditional"]
    return facts.place(mail, [_without(shipper, line) for line in lines if not unless.find(line)])


def _notice(mail: Mail, kind: Kind, numbers: tuple[str, ...], told: Sequence[Said]) -> Notice:
    letter, span = mail.letter, _promised(mail, kind, told)
    if kind is Kind.OUT_FOR_DELIVERY and span and span.first > mail.today and not _today(mail):
        # "It will soon be there", said the day before: what comes later is not on its last way yet.
        kind = Kind.SHIPPED
    orders = {number.upper() for number in _ORDER.findall(mail.held.text)}
    shipper = names.shipper(mail)
    return Notice(
        kind=kind,
        source=letter.mail_id,
        at=letter.date,
        trust=letter.trust,
        message_id=letter.message_id or None,
        subject=letter.subject or None,
        retailer=names.retailer(shipper),
        seller=shipper,
        order_id=orders.pop() if len(orders) == 1 else None,
        carrier=_carrier(mail),
        by_carrier=True,
        tracking_numbers=numbers,
        promised_from=span.first if span else None,
        promised_to=span.last if span else None,
        pickup_deadline=facts.deadline(mail, fetched=kind is Kind.PICKUP_READY) if kind in _KEPT else None,
        delivered_to=_place(mail, shipper, told) if kind is Kind.DELIVERED else None,
    )
