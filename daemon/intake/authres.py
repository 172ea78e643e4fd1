"""Authentication-Results (RFC 8601): what the owner's own server says, and what any server says against a mail."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice

from daemon.intake import providers, tags
from daemon.intake.alignment import aligned
from daemon.intake.headers import Fields
from daemon.intake.words import table

# A quoted string without an end goes to the end of the field: else one would be looked for from each of its quotes.
_QUOTED = r'"(?:[^"\\]|\\.?)*+(?:"|$)'
_TOKEN = re.compile(rf'{_QUOTED}|[^\s=;"]+|=')
_PART = re.compile(rf'(?:{_QUOTED}|[^;"])+')
_MAX_RESULTS = 100
_MAX_HEADERS = 20
"""Most headers searched for an accusation."""
_FAILED = ("fail", "hardfail")
# What a server says of a failure stands in the comment behind it.
_COMMENTED = re.compile(r"\b(dkim|dmarc)(\s{0,20}+=\s{0,20}+)(?:hard)?fail(?=\s{0,20}+\(([^()]{0,300}+)\))", re.I)
_NO_POLICY = re.compile(r"\bp\s{0,5}+=\s{0,5}+none\b(?!.{0,300}\bdis\s{0,5}+=\s{0,5}+[qr])", re.I | re.S)


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
    """Return the results that our own server wrote under one of ``authserv_ids``, at the very top.

    A server writes above what it receives, and some of its programs below its own ``Received``: the first header counts
    if it is ours and lies below no ``Received`` but our own hosts'. Above the first ``Received`` those of ours that
    directly follow add the methods not yet stated; below it, those under further names of ours, and a pass needs the
    signature that it speaks of (``_borne``). An empty name stands for a server that names itself nowhere, one that
    begins with a point for all hosts below it.
    """
    ids = {each.lower().strip() for each in authserv_ids}
    found: list[Result] = []
    heard: set[str] = set()
    begun, received, whole = False, False, "received" not in fields
    for at, (name, value) in enumerate(fields.items):
        if name == "authentication-results":
            server, stated = parse(value)
            # Below what we received, a second one under the same name is not ours.
            if not _is_one_of(server, ids) or (received and server in heard):
                break
            sure = _is_one_of(server, providers.always_stating())
            if received and not sure:
                stated = _borne(stated, fields, at)
            heard.add(server)
            known = {each.method for each in found}
            found.extend(each for each in stated if each.method not in known)
            begun = True
            if whole or (received and sure) or not stated:
                break
        elif begun or (name == "received" and not _is_by_us(value, ids)):
            break
        elif name == "received":
            received = True
    return tuple(found)


def _is_one_of(server: str, ids: Collection[str]) -> bool:
    return server in ids or any(each[:1] == "." and server.endswith(each) for each in ids)


def _borne(stated: Iterable[Result], fields: Fields, at: int) -> tuple[Result, ...]:
    """Return the results without passes of signatures that the mail does not bear below the header at ``at``.

    A header below our own ``Received`` may have come with the mail, where our server found nothing to state: that is
    so where nothing was signed. Of a signature that is there it would have stated its own result, above.
    """
    below = (tags.tags(value).get("d", "") for name, value in fields.items[at:] if name == "dkim-signature")
    signers = list(islice(below, _MAX_HEADERS))
    return tuple(
        each for each in stated if each.result != "pass" or any(aligned(signer, each.domain()) for signer in signers)
    )


def servers_own(fields: Fields) -> tuple[str, ...]:
    """Return the name under which the server that took the mail in states results, if its headers tell it.

    The topmost ``Received`` is that server's own: nobody writes above it. A name of the same house is taken for its.
    """
    host = by_host(fields.get("received"))
    server = parse(fields.get("authentication-results"))[0]
    return (server,) if server and _house(host) and _house(host) == _house(server) else ()


def by_host(received: str) -> str:
    """Return the host that wrote a ``Received``, in small letters; nothing where it does not tell, or tells several.

    A client names itself as it likes, and may say ``x by mx.example.org with ESMTPSA``.
    """
    words = without_comments(received).partition(";")[0].lower().split()
    at = [place for place, word in enumerate(words) if word == "by"]
    return words[at[0] + 1].strip(".[]") if len(at) == 1 and len(words) > at[0] + 1 else ""


def _is_by_us(received: str, ids: Collection[str]) -> bool:
    """Say whether one of our hosts wrote this ``Received``: one of the same house as an authserv-id."""
    host = by_host(received)
    # Some servers hand a mail on to themselves by a bare address and from nobody, above what they found.
    if ":" in host and not received.lstrip().lower().startswith("from"):
        return any(each in providers.always_stating() for each in ids)
    return bool(host) and (host in ids or _house(host) in {_house(each) for each in ids} - {""})


def same_house(one: str, other: str) -> bool:
    """Say whether two hosts are the same, or lie below one domain that somebody has registered."""
    return bool(one) and (one == other or (_house(one) != "" and _house(one) == _house(other)))


def _house(host: str) -> str:
    """Return the domain that a host's owner registered, or nothing."""
    labels = host.strip(".").split(".")
    ends = (".".join(labels[-count:]) for count in (2, 3) if len(labels) >= count)
    return next((each for each in ends if aligned(each, each)), "")


def outcome(stated: Iterable[Result], domain: str) -> str:
    """Return ``pass``, ``fail`` or nothing: what one server's results say of ``domain``'s DKIM and DMARC."""
    about = [each for each in stated if _is_about(each, domain)]
    if any(each.result == "pass" for each in about):
        return "pass"
    # A key that is gone is a permerror, one that DNS did not give a temperror: neither is a failure.
    return "fail" if any(each.result in _FAILED for each in about) else ""


def accused(fields: Fields, domain: str) -> bool:
    """Say whether any server found ``domain``'s signature false. Nobody forges that against their own mail."""
    stated = (parse(value)[1] for name, value in fields.items if name == "authentication-results")
    return any(outcome(each, domain) == "fail" for each in islice(stated, _MAX_HEADERS))


def _is_about(each: Result, domain: str) -> bool:
    if each.method not in ("dkim", "dmarc"):
        return False
    signed = each.domain()
    # A failed check often names no domain, and is then about From's; a pass must say whose it is.
    return aligned(signed, domain) if signed else each.result in _FAILED


def parse(value: str) -> tuple[str, tuple[Result, ...]]:
    """Return the authserv-id (lower case) and the results of one header value; nonsense gives none."""
    parts = list(_split(without_comments(_COMMENTED.sub(_softened, value))))
    head = _TOKEN.findall(parts[0]) if parts else []
    # Some servers name themselves nowhere and begin with a result at once.
    nameless = head[1:2] == ["="]
    server = head[0].strip('"').lower() if head and not nameless else ""
    stated = (_result(part) for part in parts[not nameless : _MAX_RESULTS + 1])
    return server, tuple(each for each in stated if each)


def _softened(failed: re.Match[str]) -> str:
    """Return ``dkim=fail`` as what its comment says that it is, where that is no failure."""
    method, said = failed[1].lower(), failed[3]
    excused = _says_keyless(said) if method == "dkim" else _NO_POLICY.search(said) is not None
    return f"{failed[1]}{failed[2]}{_EXCUSED[method]}" if excused else failed[0]


# A key that is not there is a permerror (RFC 6376, 6.1.2), whatever some servers call it; and that a domain which asks
# nobody to reject anything (RFC 7489, 6.3: p=none) signs through others says nothing against a mail.
_EXCUSED = {"dkim": "permerror", "dmarc": "none"}


@cache
def _keyless() -> tuple[str, ...]:
    return tuple(table("senders")["results"]["keyless"])


def _says_keyless(said: str) -> bool:
    return any(each in said.lower() for each in _keyless())


def _is_excused(method: str, properties: dict[str, str]) -> bool:
    """Say whether a failure's properties tell that it is none."""
    if method == "dkim":
        return _says_keyless(properties.get("reason", ""))
    asked = (properties.get(name, "") for name in ("action", "policy.published-domain-policy"))
    return method == "dmarc" and "none" in asked


def without_comments(value: str) -> str:
    """Return a value without its comments (RFC 5322). They nest, hold quoted pairs, and do not begin in a string.

    Nor do they end in one, though they might: servers put addresses into them as they come, and a quoted one may hold a
    bracket with results behind it.
    """
    if "(" not in value:
        return value
    out: list[str] = []
    depth, quoted, escaped = 0, False, False
    for char in value:
        bare = not escaped and not quoted
        if bare and char == "(":
            depth += 1
            out.append(" ")
        elif bare and char == ")" and depth:
            depth -= 1
        elif not depth:
            out.append(char)
        if not escaped and char == '"':
            quoted = not quoted
        escaped = not escaped and char == "\\"
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
    method = method.partition("/")[0]
    if result in _FAILED and _is_excused(method, first):
        result = _EXCUSED[method]
    return Result(method, result, first)
