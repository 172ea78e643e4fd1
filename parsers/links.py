"""What the addresses of links say: the order, the marketplace, the day. They are never opened.

Amazon wraps its links (``/gp/r.html?…&U=<target>``). Order numbers are taken only from the known places of
known targets: session numbers elsewhere in an address look exactly like order numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

from parsers import dates

# Letters without case may stand right beside a number: "ご注文250-…について".
ORDER_ID = re.compile(r"(?<![A-Za-z0-9_\u00c0-\u024f-])(?:\d{3}|D\d{2})-\d{7}-\d{7}(?![A-Za-z0-9_\u00c0-\u024f-])")
# Where carriers' pages, and Amazon's own tracking host, hold a parcel's number.
_PARCEL_NAMES = (
    *("tracknum", "tracknums", "tracknumbers", "trackingnumber", "tracking_number", "trackingid", "tracking-id"),
    *("match", "parcelnumber", "parcel", "code", "numero", "shipmentnumber", "trknbr", "listenumeroslt", "idc"),
)
_PARCEL_PATH = re.compile(r"/(?:tracking|track|suivi|parcel|colis)/(?:[a-z-]+/){0,8}([A-Za-z0-9]{8,35})(?:/|$)")
_WRAPPERS = ("/gp/r.html", "/gp/f.html")
# The better a target names the mail's own order, the earlier it stands; invoices can be another order's.
_TARGETS = (
    (
        "/your-orders/order-details",
        "/gp/css/summary/edit.html",
        "/gp/css/order-details",
        "/gp/your-account/order-details",
    ),
    ("/progress-tracker/package",),
    ("/gp/css/shiptrack/view.html", "/gp/your-account/ship-track", "/gp/css/shiptrack"),
    ("/spr/returns", "/gp/help/contact", "/returns"),
    ("/gp/css/summary/print.html", "/gp/invoice"),
)


class Target(NamedTuple):
    """A link as far as it is known: host, path and query (names in lower case)."""

    host: str
    path: str
    query: dict[str, str]


@lru_cache(maxsize=2_000)
def target(url: str) -> Target | None:
    """Return where a link leads, unwrapped at most three times; None when the address cannot be read."""
    for _ in range(3):
        try:
            parts = urlsplit(url)
            host = (parts.hostname or "").removeprefix("www.")
            query = {k.lower(): v for k, v in parse_qsl(parts.query, max_num_fields=100)}
        except ValueError:
            return None
        inner = query.get("u", "")
        if not (parts.path.startswith(_WRAPPERS) and inner.startswith("http")):
            break
        url = inner
    path = unquote(parts.path).removeprefix("/abredir")
    return Target(host.removeprefix("business."), path, query)


def order_ids(targets: Iterable[Target]) -> list[str]:
    """Return the order numbers of the best kind of target that names any, each once, in their order."""
    found: list[dict[str, None]] = [{} for _ in _TARGETS]
    for link in targets:
        number = link.query.get("orderid", "")
        rank = next((i for i, paths in enumerate(_TARGETS) if link.path.startswith(paths)), None)
        if rank is not None and ORDER_ID.fullmatch(number):
            found[rank].setdefault(number)
    return next((list(ids) for ids in found if ids), [])


def arrival(targets: Iterable[Target]) -> str | None:
    """Return the latest day of arrival that a link states as a time stamp, in ISO form; it gives a date its year."""
    for link in targets:
        stamp = link.query.get("latestarrivaldate", "")
        if stamp.isdigit() and len(stamp) <= 11:
            day = dates.of_epoch(int(stamp))
            if day is not None:
                return day.isoformat()
    return None


def parcel_numbers(link: Target) -> list[str]:
    """Return what stands where tracking pages have a parcel's number; the caller knows the carrier's forms."""
    found = [link.query[name] for name in _PARCEL_NAMES if link.query.get(name)]
    in_path = _PARCEL_PATH.search(link.path)
    return [number.strip().upper() for number in [*found, *([in_path[1]] if in_path else [])]]
