"""The vocabulary of shops' markup as data (``lexicon/vocabulary.toml``): statuses, subjects, and who writes."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from parsers.notice import Kind
from parsers.shops.thing import local
from parsers.text import Line, clean, fold
from parsers.wording import Phrases, Words, load

_DATA = load(Path(__file__).parent / "lexicon" / "vocabulary.toml")
_LETTERS = re.compile(r"[^a-z]+")
_HOST = re.compile(r"(?:[a-z0-9][a-z0-9-]{0,62}+\.){1,20}[a-z][a-z0-9-]{1,62}+")
_TEMPLATE = re.compile(r"\{\{|\}\}|\{%|<%|\$\{|\[\[|%[A-Za-z_]{2,40}%|\*\|")
_SECOND = frozenset(_DATA["suffixes"]["second"])
_PLATFORMS = frozenset(_DATA["platforms"]["domains"])
_UNREAD = tuple(_DATA["unread"]["holds"])
_BLANK = frozenset(_DATA["blank"]["words"])
_SUBJECT = Phrases(_DATA["subject"])
_AUTOMATIC = Words(_DATA["automatic"]["phrases"])


def _bare(status: str) -> str:
    return _LETTERS.sub("", fold(local(status)))


def _table(name: str) -> dict[str, Kind]:
    return {_bare(status): Kind(kind) for kind, statuses in _DATA[name].items() for status in statuses}


_STATUS, _PAYMENT = _table("status"), _table("payment")


def of_status(text: str) -> Kind | None:
    """Return what a status of an order or a parcel says, None for one that is not known."""
    return _STATUS.get(_bare(text))


def of_payment(text: str) -> Kind | None:
    """Return what an invoice's status of payment says, None for one that is not known."""
    return _PAYMENT.get(_bare(text))


def of_subject(subject: str) -> Kind | None:
    """Return what the subject of a mail says, None when it says nothing that is known."""
    text = clean(subject)
    hit = _SUBJECT.find(Line(text, fold(text)))
    return Kind(hit.name) if hit else None


def is_automatic(subject: str, body: str) -> bool:
    """Tell whether a mail only acknowledges that another one came."""
    return _AUTOMATIC.inside(fold(clean(f"{subject} {body[:2_000]}")))


def is_blank(text: str) -> bool:
    """Tell whether a value is what a template leaves where it had nothing to say."""
    return not text or text.lower() in _BLANK or _TEMPLATE.search(text) is not None


@lru_cache(maxsize=512)
def domain_of(host: str) -> str | None:
    """Return the domain that a host belongs to (``shop.example`` of ``mail.shop.example``), None for no host."""
    host = host.strip().strip(".").lower()
    if len(host) > 253 or not _HOST.fullmatch(host):
        return None
    labels = host.split(".")
    long = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND
    return ".".join(labels[-3:] if long else labels[-2:])


def is_platform(domain: str) -> bool:
    """Tell whether mails from a domain are those of many shops."""
    return domain in _PLATFORMS


def is_read(address: str) -> bool:
    """Tell whether somebody may read what is written to an address: it does not say that nobody does."""
    name = re.sub(r"[^a-z]", "", address.partition("@")[0].lower())
    return bool(name) and not any(part in name for part in _UNREAD)
