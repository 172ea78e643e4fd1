"""Services that give out addresses in their users' stead, and write in the place of whoever wrote to one of those.

What they make of the true sender is data: the table ``relay`` of ``config/intake/senders.toml``. Apple's, whose shape
the parsers know themselves, are ``parsers.relay``'s.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from daemon.intake.brands import under
from daemon.intake.headers import Address
from daemon.intake.words import table

_LONGEST = 254
"""Characters of an address (RFC 5321), and of a name in which one is looked for."""


@dataclass(frozen=True, slots=True)
class _Relay:
    hosts: tuple[str, ...]
    local: re.Pattern[str]
    name: re.Pattern[str]


@cache
def _relays() -> tuple[_Relay, ...]:
    # A shape that a service does not have fits nothing.
    return tuple(
        _Relay(tuple(row["hosts"]), re.compile(row.get("local", "(?!)")), re.compile(row.get("name", "(?!)"), re.I))
        for row in table("senders")["relay"]
    )


def _of(domain: str) -> _Relay | None:
    return next((each for each in _relays() if any(under(domain, host) for host in each.hosts)), None)


@lru_cache(maxsize=512)
def is_alias(domain: str) -> bool:
    """Say whether such a service writes from a domain; its signature says nothing of whose words it passes on."""
    return _of(domain) is not None


@lru_cache(maxsize=512)
def behind(sender: Address) -> str:
    """Return the address of who wrote, in small letters, by the service's own address, else by the name; or nothing."""
    service = _of(sender.domain)
    if service is None:
        return ""
    local = sender.address.rpartition("@")[0]
    for shape, text in ((service.local, local), (service.name, sender.name)):
        found = shape.fullmatch(text) if len(text) <= _LONGEST else None
        if found is not None:
            return f"{found['user']}@{found['host'].replace('_', '.')}".lower()
    return ""
