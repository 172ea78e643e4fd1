"""An anomaly: what is wrong with an order, since when, how sure, and from which mails."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from pydantic import Field

from parsers.letter import Value


class Code(StrEnum):
    """The troubles that are recognised, by the codes of the catalogue."""

    NOT_RECEIVED = "not-received"
    DELIVERY_LATE = "delivery-late"


class Certainty(StrEnum):
    """A mail alone makes an anomaly suspected; the owner's word, or two independent signals, confirm it."""

    SUSPECTED = "suspected"
    CONFIRMED = "confirmed"


class Anomaly(Value):
    """One trouble of one order (or of one of its parcels)."""

    code: Code
    order_id: str
    parcel: str = ""
    """``Parcel.key``; empty when the order as a whole is concerned."""
    certainty: Certainty
    since: datetime
    """When it began (aware)."""
    claim_from: datetime
    """Before this moment it is too early to write (aware)."""
    evidence: tuple[str, ...]
    """``Notice.source`` of the notices it rests on, in time order."""
    reason: str
    """Key of the explanation in ``templates/cli`` (``why.<reason>``)."""
    facts: dict[str, str] = Field(default_factory=dict)
    """What the explanation names: dates in ISO form, carriers, places."""
    ask: str | None = None
    """Key of the question to put to the owner (``ask.<key>``), if only they can know."""
