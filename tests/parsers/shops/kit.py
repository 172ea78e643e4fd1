"""Letters with markup, made in a line."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from typing import Any

from parsers.letter import Letter, Trust
from parsers.notice import Notice
from parsers.shops import complete

SENT = datetime(2026, 9, 12, 9, 0, tzinfo=timezone(timedelta(hours=2)))
SENDER = "bonjour@maison-verre.example"


def script(data: object) -> str:
    """Return a page with one script of linked data; text is taken as it is."""
    text = data if isinstance(data, str) else json.dumps(data)
    return f'<html><head><script type="application/ld+json">{text}</script></head><body>schema.org</body></html>'


def order(**fields: Any) -> dict[str, Any]:
    """Return an order in JSON-LD."""
    given = {
        "@context": "http://schema.org",
        "@type": "Order",
        "orderNumber": "MV-1",
        "merchant": {"name": "Maison Verre"},
    }
    return given | fields


def parcel(**fields: Any) -> dict[str, Any]:
    """Return a parcel in JSON-LD."""
    return {"@context": "http://schema.org", "@type": "ParcelDelivery"} | fields


def letter(html: str, sender: str = SENDER, **fields: Any) -> Letter:
    """Return a letter of a shop."""
    given = {"mail_id": "a" * 64, "date": SENT, "received_at": SENT, "trust": Trust.SIGNED}
    return Letter.model_validate(given | {"sender": sender, "html": html} | fields)


def read(data: object, sender: str = SENDER, **fields: Any) -> list[Notice]:
    """Return what a letter with this data says."""
    return complete(letter(script(data), sender, **fields), [])


def only(data: object, sender: str = SENDER, **fields: Any) -> Notice:
    """Return the one notice of a letter with this data."""
    (notice,) = read(data, sender, **fields)
    return notice
