"""Keys for DKIM, out of DNS: the only place that asks it, and only for mailboxes that have ``dkim = true``.

What is asked is which key some sender signs with, never what a mail says. A mail waits for three seconds in all; what
gets no answer is left alone for a minute, so that a thousand mails do not wait for it one by one.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

import structlog

log = structlog.get_logger()

PATIENCE = 3.0
"""Seconds that the keys of one mail may take in all."""
MOST_KEPT = 2_000
"""Most answers that are kept."""
MOST_ASKED = 12
"""Most names asked for one mail."""
_SHORTEST, _LONGEST = 300.0, 86_400.0
"""Seconds for which an answer is kept, whatever its sender says."""
_REST = 60.0
"""Seconds for which a name that got no answer is left alone, and all names after some such names in a row."""
_SILENCES = 3


class Unanswered(Exception):
    """DNS gave no answer, now; later it may."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What DNS says of a name."""

    text: str
    """The TXT record; empty when there is none."""
    ttl: float
    """Seconds for which it may be kept."""


Ask = Callable[[str, float], Answer]
"""Takes a name and the seconds it may take. Raises ``Unanswered``."""


class Dns:
    """Asks the resolvers of this machine, or those given."""

    def __init__(self, nameservers: Sequence[str] = (), port: int = 53) -> None:
        self._nameservers, self._port = tuple(nameservers), port

    def __call__(self, name: str, seconds: float) -> Answer:
        """Return the TXT record of a name. Raises ``Unanswered``."""
        # Loaded only by those who want it.
        import dns.exception  # noqa: PLC0415
        import dns.resolver  # noqa: PLC0415

        try:
            resolver = dns.resolver.Resolver(configure=not self._nameservers)
            if self._nameservers:
                resolver.nameservers, resolver.port = list(self._nameservers), self._port
            found = resolver.resolve(f"{name}.", "TXT", lifetime=max(seconds, 0.01), search=False)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return Answer("", _SHORTEST)
        except (dns.exception.DNSException, OSError, ValueError) as problem:
            raise Unanswered(type(problem).__name__) from None
        texts = [b"".join(record.strings).decode("utf-8", "replace") for record in found]
        return Answer(next((text for text in texts if "p=" in text), ""), found.rrset.ttl if found.rrset else _SHORTEST)


class KeyRing:
    """Knows keys for a while. Thread-safe."""

    def __init__(self, ask: Ask | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._ask = ask if ask is not None else Dns()
        self._clock = clock
        self._kept: OrderedDict[str, tuple[str, float]] = OrderedDict()
        self._silences, self._silent_until = 0, float("-inf")
        self._lock = threading.Lock()

    def of(self, names: Iterable[str]) -> dict[str, str]:
        """Return the keys that one mail needs (``dkim.key_names``), by name; those without an answer are left out."""
        ends = self._clock() + PATIENCE
        found = {name: self._key(name, ends) for name in islice(names, MOST_ASKED)}
        return {name: key for name, key in found.items() if key}

    def _key(self, name: str, ends: float) -> str:
        with self._lock:
            now = self._clock()
            kept = self._kept.get(name)
            if kept is not None and kept[1] > now:
                self._kept.move_to_end(name)
                return kept[0]
            if now >= ends or now < self._silent_until:
                return ""
        try:
            answer = self._ask(name, ends - now)
        except Unanswered as problem:
            log.warning("dns_silent", reason=str(problem))
            self._note_silence(name)
            return ""
        self._silences = 0
        self._keep(name, answer.text, min(max(answer.ttl, _SHORTEST), _LONGEST))
        return answer.text

    def _note_silence(self, name: str) -> None:
        self._keep(name, "", _REST)
        self._silences += 1
        if self._silences >= _SILENCES:
            self._silences, self._silent_until = 0, self._clock() + _REST

    def _keep(self, name: str, text: str, seconds: float) -> None:
        with self._lock:
            self._kept[name] = (text, self._clock() + seconds)
            self._kept.move_to_end(name)
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
