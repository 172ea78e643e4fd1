"""Authentication-Results (RFC 8601) of the owner's own mail server."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from daemon.intake.headers import Fields

# A quoted string without an end goes to the end of the field: else one would be looked for from each of its quotes.
_QUOTED = r'"(?:[^"\\]|\\.?)*+(?:"|$)'
_TOKEN = re.compile(rf'{_QUOTED}|[^\s=;"]+|=')
_PART = re.compile(rf'(?:{_QUOTED}|[^;"])+')
_MAX_RESULTS = 100


@dataclass(frozen=True, slots=True)
class Result:
    """One method's result, such as ``dkim=pass``, with its properties (``header.d`` …) in lower case."""

    method: str
    result: str
    properties: dict[str, str]

    def domain(self) -> str:
        """Return the domain that the result is about: ``header.d``, ``header.i``, or for DMARC ``header.from``."""
        names = ("header.from",) if self.method == "dmarc" else ("header.d", "header.i")
        value = next((self.properties[name] for name in names if name in self.properties), "")
        return value.rpartition("@")[2].strip(".")


def results(fields: Fields, authserv_ids: Collection[str]) -> tuple[Result, ...]:
    """Return the results that our own server wrote under one of ``authserv_ids``.

    A server writes above what it receives. So headers above the first ``Received`` are all believed, and below
    it the topmost one alone: a further one with our server's name may have come with the mail.
    """
    ids = {each.lower().strip() for each in authserv_ids}
    found: list[Result] = []
    received = False
    for name, value in fields.items:
        if name == "received":
            if found:
                break
            received = True
        elif name == "authentication-results":
            server, stated = parse(value)
            if server in ids:
                found.extend(stated)
                if received:
                    break
    return tuple(found)


def parse(value: str) -> tuple[str, tuple[Result, ...]]:
    """Return the authserv-id (lower case) and the results of one header value; nonsense gives none."""
    parts = list(_split(_without_comments(value)))
    head = _TOKEN.findall(parts[0]) if parts else []
    server = head[0].strip('"').lower() if head else ""
    stated = (_result(part) for part in parts[1 : _MAX_RESULTS + 1])
    return server, tuple(each for each in stated if each)


def _without_comments(value: str) -> str:
    """RFC 5322 comments nest, hold quoted pairs, and do not begin inside quoted strings."""
    out: list[str] = []
    depth, quoted, escaped = 0, False, False
    for char in value:
        if escaped:
            escaped = False
        elif char == "\\":
            escaped = True
        elif char == '"' and not depth:
            quoted = not quoted
        elif char == "(" and not quoted:
            depth += 1
            out.append(" ")
            continue
        elif char == ")" and depth and not quoted:
            depth -= 1
            continue
        if not depth:
            out.append(char)
    return "".join(out)


def _split(value: str) -> Iterator[str]:
    """Parts between semicolons that stand outside quoted strings."""
    return (match[0] for match in _PART.finditer(value))


def _result(part: str) -> Result | None:
    tokens = _TOKEN.findall(part)
    pairs = [
        (tokens[at - 1].lower(), tokens[at + 1].strip('"').lower())
        for at in range(1, len(tokens) - 1)
        if tokens[at] == "="
    ]
    if not pairs:
        return None
    (method, result), properties = pairs[0], pairs[1:]
    first: dict[str, str] = {}
    for name, value in properties:
        first.setdefault(name, value)
    return Result(method.partition("/")[0], result, first)
