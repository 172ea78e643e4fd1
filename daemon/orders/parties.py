"""Who sold and who shipped: what the owner told, else what mails say, else what their form lets guess."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from daemon.orders.link import numbers
from daemon.orders.order import Confidence, PartyFact
from daemon.orders.timeline import doubted
from parsers.notice import Kind, Notice, Party

Pick = Callable[[Notice], Party | None]

_AMAZON_NUMBER = re.compile(r"(TB[ABCDEMR]|QA|QB)\d{9,13}", re.ASCII)
"""Forms of Amazon Logistics' own tracking numbers; a guess, never more."""
_RELAY = re.compile(r"@marketplace\.amazon\.[a-z]{2,3}(\.[a-z]{2})?$", re.ASCII)
"""Addresses through which third-party sellers write."""


def sold_by(timeline: Sequence[Notice]) -> PartyFact | None:
    """Return who sold, None when nothing tells. ``timeline`` is arranged."""
    return _known(timeline, lambda notice: notice.sold_by) or _guessed(timeline, Party.THIRD_PARTY, _wrote_as_seller)


def shipped_by(timeline: Sequence[Notice]) -> PartyFact | None:
    """Return who shipped, None when nothing tells. ``timeline`` is arranged."""
    return _known(timeline, lambda notice: notice.shipped_by) or _guessed(timeline, Party.AMAZON, _amazon_carried)


def _known(timeline: Sequence[Notice], pick: Pick) -> PartyFact | None:
    """Return the owner's latest word, else the latest mail's; mails that differ are a contradiction.

    Mails in doubt are read only where no other tells, and so contradict none but each other.
    """
    told = [one for one in timeline if one.kind is Kind.OWNER_REPORT and pick(one) and not doubted(one)]
    read = [one for one in timeline if one.kind is not Kind.OWNER_REPORT and pick(one)]
    read = [one for one in read if not doubted(one)] or read
    said = told or read
    party = pick(said[-1]) if said else None
    if party is None:
        return None
    return PartyFact(
        party=party,
        confidence=Confidence.TOLD if told else Confidence.READ,
        sources=_sources([one for one in said if pick(one) is party]),
        # The owner may change their mind; mails of one order may not.
        contradicted=not told and any(pick(one) is not party for one in read),
    )


def _guessed(timeline: Sequence[Notice], party: Party, shows: Callable[[Notice], bool]) -> PartyFact | None:
    signs = [notice for notice in timeline if shows(notice)]
    return PartyFact(party=party, confidence=Confidence.GUESSED, sources=_sources(signs)) if signs else None


def _sources(notices: Sequence[Notice]) -> tuple[str, ...]:
    return tuple(sorted({notice.source for notice in notices}))


def _wrote_as_seller(notice: Notice) -> bool:
    return notice.kind is Kind.SELLER_MESSAGE and bool(_RELAY.search((notice.reply_to or "").lower()))


def _amazon_carried(notice: Notice) -> bool:
    own_number = any(_AMAZON_NUMBER.fullmatch(number) for number in numbers(notice))
    return own_number or (notice.carrier or "").casefold().startswith("amazon")
