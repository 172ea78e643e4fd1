"""Everything that relance remembers. ``Store.open(path)`` is the way in."""

from daemon.store.decisions import Decision
from daemon.store.kept import Counts, MailState, MailSummary, PendingMail, QuarantinedMail, UnclearMail
from daemon.store.placements import Placement, PlacementState
from daemon.store.repository import Store

__all__ = [
    "Counts",
    "Decision",
    "MailState",
    "MailSummary",
    "PendingMail",
    "Placement",
    "PlacementState",
    "QuarantinedMail",
    "Store",
    "UnclearMail",
]
