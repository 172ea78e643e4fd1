"""Carriers' mails: one notice a mail, known by its parcel number; they seldom know the order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from parsers import dates, links, text, tracking
from parsers.amazon import site
from parsers.carriers import data
from parsers.carriers.data import Carrier, Language
from parsers.dates import Span
from parsers.letter import Letter
from parsers.notice import Kind, Notice
from parsers.text import Line
from parsers.wording import Hit

_PARAMETERS = (
    "tracknum",
    "trackingnumber",
    "tracking_number",
    "trackingid",
    "tracknumbers",
    "match",
    "parcelnumber",
    "code",
)
_PROMISING = frozenset((Kind.SHIPPED, Kind.OUT_FOR_DELIVERY, Kind.DELAYED, Kind.ANNOUNCED, Kind.ATTEMPTED))
_HEADLINES = 40


class _Mail(NamedTuple):
    letter: Letter
    carrier: Carrier
    language: Language
    lines: Sequence[Line]
    """The subject, then the body's lines before the footer, empty ones left out."""
    urls: Sequence[str]
    today: date


def read(letter: Letter) -> list[Notice]:
    """Return what the carrier says, or nothing when no carrier wrote it or its words are not known."""
    carrier = data.of_address(letter.sender)
    if carrier is None or data.is_noise(letter.sender, carrier):
        return []
    mail = _mail(letter, carrier)
    kind = _kind(mail)
    return [] if kind is None else [_notice(mail, kind)]


def understood(letter: Letter, notices: Sequence[Notice]) -> bool:
    """Tell whether the letter's meaning is known: it gave a notice, or its sender only sends digests."""
    carrier = data.of_address(letter.sender)
    return bool(notices) or carrier is None or carrier.mixed or data.is_noise(letter.sender, carrier)


def _mail(letter: Letter, carrier: Carrier) -> _Mail:
    lines = text.from_plain(letter.text) if letter.text.strip() else text.from_html(letter.html)
    subject = text.clean(letter.subject)
    written = [line for line in lines if line.plain and not line.picture]
    language = data.language_of(f" {text.fold(subject)} {' '.join(line.plain for line in written[:60])} ")
    footer = next((i for i, line in enumerate(written) if language.labels["cut"].find(line)), len(written))
    urls = [url for line in lines for url in line.urls]
    today = letter.date.astimezone(carrier.zone).date()
    return _Mail(letter, carrier, language, [Line(subject, text.fold(subject)), *written[:footer]], urls, today)


def _kind(mail: _Mail) -> Kind | None:
    own = mail.carrier.own.get(mail.language.code, {})
    subject = mail.lines[0]
    for phrases in (own.get("subject"), mail.language.kinds):
        hit = phrases.find(subject) if phrases else None
        if hit and (hit.name != Kind.SHIPPED or phrases is not mail.language.kinds):
            return Kind(hit.name)
    for line in mail.lines[:_HEADLINES]:
        hit = mail.language.kinds.find(line)
        if hit:
            return Kind(hit.name)
    weak = own.get("weak_subject")
    hit = weak.find(subject) if weak else None
    return Kind(hit.name) if hit else None


def _hits(mail: _Mail, label: str) -> Iterable[tuple[int, Hit]]:
    phrases = mail.language.labels[label]
    for at, line in enumerate(mail.lines):
        hit = phrases.find(line)
        if hit:
            yield at, hit


def _numbers(mail: _Mail) -> tuple[str, ...]:
    """Return the parcel numbers: labelled ones of a known form, else one labelled, a checked one, a link's."""
    said = [tracking.squeeze(hit.taken["tracking"]) for _, hit in _hits(mail, "tracking")]
    below = (mail.lines[at + 1].text for at, _ in _hits(mail, "tracking_below") if at + 1 < len(mail.lines))
    labelled = [number for number in [*said, *map(tracking.squeeze, below)] if tracking.plausible(number)]
    formed = [number for number in labelled if any(form.shape.fullmatch(number) for form in mail.carrier.forms)]
    if formed or labelled:
        return tuple(dict.fromkeys(formed or labelled[:1]))
    free = tracking.search("\n".join(line.text for line in mail.lines), mail.carrier.forms)
    return tuple(free[:1]) or tuple(_linked(mail))[:1]


def _linked(mail: _Mail) -> Iterable[str]:
    for url in mail.urls:
        target = links.target(url)
        for number in links.parcel_numbers(target) if target else ():
            if any(form.shape.fullmatch(number) for form in mail.carrier.forms):
                yield number


def _promised(mail: _Mail) -> Span | None:
    """Return the promised days. A new date counts before others, a date in figures before "today"."""
    for label in ("new_date", "arrival"):
        found = [span for at, hit in _hits(mail, label) if (span := _day(mail, at, hit))]
        if found:
            return (
                next((span for span in found if span.first != mail.today), found[0]) if label == "arrival" else found[0]
            )
    return None


def _day(mail: _Mail, at: int, hit: Hit) -> Span | None:
    words = hit.rest.strip(" :")
    if not words and at + 1 < len(mail.lines):
        words = mail.lines[at + 1].text
    return dates.read(words, mail.today, mail.language.code, month_first=mail.carrier.month_first)


def _deadline(mail: _Mail) -> date | None:
    for _, hit in _hits(mail, "deadline"):
        span = dates.read(hit.taken["date"], mail.today, mail.language.code, month_first=mail.carrier.month_first)
        if span:
            return span.last
    days = next((int(hit.taken["n"]) for _, hit in _hits(mail, "deadline_days")), None)
    return None if days is None or days > 60 else mail.today + timedelta(days=days)


def _retailer(mail: _Mail) -> str | None:
    name = next((hit.taken["sender"] for _, hit in _hits(mail, "shipper")), "")
    if not name[:1].isupper() or tracking.plausible(name):
        return None
    return "Amazon" if site.is_amazon(name) else name.title() if name.isupper() and len(name) > 3 else name


def _place(mail: _Mail) -> str | None:
    for _, hit in _hits(mail, "place"):
        said = (hit.taken.get("place") or hit.taken.get("to", "")).strip(" .!")
        if said:
            return said[:120]
    return None


def _notice(mail: _Mail, kind: Kind) -> Notice:
    letter = mail.letter
    span = _promised(mail) if kind in _PROMISING else None
    orders = {number for line in mail.lines for number in links.ORDER_ID.findall(line.text)}
    return Notice(
        kind=kind,
        source=letter.mail_id,
        at=letter.date,
        trust=letter.trust,
        message_id=letter.message_id or None,
        subject=letter.subject or None,
        retailer=_retailer(mail),
        order_id=orders.pop() if len(orders) == 1 else None,
        carrier=mail.carrier.name,
        tracking_numbers=_numbers(mail),
        promised_from=span.first if span else None,
        promised_to=span.last if span else None,
        pickup_deadline=_deadline(mail) if kind in (Kind.PICKUP_READY, Kind.ATTEMPTED) else None,
        delivered_to=_place(mail) if kind is Kind.DELIVERED else None,
    )
