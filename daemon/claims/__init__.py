"""Claims: whom to write to, what to write, and when the next step is due. Pure: ``now`` is an argument."""

from daemon.claims.context import Context
from daemon.claims.ladder import plan
from daemon.claims.letter import LetterError, compose, still_blank
from daemon.claims.match import anomaly_of, pursuit
from daemon.claims.reference import reference
from daemon.claims.route import Route, Routing, route
from daemon.claims.tables import check
from daemon.claims.windows import Windows, deadlines

__all__ = [
    "Context",
    "LetterError",
    "Route",
    "Routing",
    "Windows",
    "anomaly_of",
    "check",
    "compose",
    "deadlines",
    "plan",
    "pursuit",
    "reference",
    "route",
    "still_blank",
]
