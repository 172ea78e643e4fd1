"""What proves, or disproves, that a mail comes from the domain in its From."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from daemon.intake import arc, authres, dkim
from daemon.intake.decode import Mail
from daemon.intake.dkim import Keys, Verdict
from daemon.intake.providers import ANY, DIRECT, LOGIN, SERVER, UNTIL_TOLD

_WITH_LOGIN = frozenset({"esmtpa", "esmtpsa", "utf8smtpa", "utf8smtpsa", "lmtpa", "lmtpsa"})
"""Protocols of a sender who has given a password (RFC 3848, RFC 6531)."""
_HANDED_ON = frozenset({"lmtp", "lmtps"})
"""How a server hands a mail on to itself."""
_LOCAL = "local"
"""How a program of the machine gave it a mail, which may be a web page's form that anybody fills in; as a word of
``authenticated_path``: that such a mail is the owner's."""
_BY_USER = re.compile(
    r"\s{0,50}+by\s{1,50}+(\S{1,300}+)\s{1,50}+\([A-Za-z]{1,20}+,\s{1,5}+from\s{1,5}+userid\s{1,5}+\d", re.I
)
"""How a server notes what a program of this machine gave it."""
_MOST_HOPS = 5


@dataclass(frozen=True, slots=True)
class Grounds:
    """What is believed besides the mail itself, as the owner configures it."""

    authserv_ids: tuple[str, ...] = ()
    """Names under which the owner's own server writes Authentication-Results."""
    authenticated_path: tuple[str, ...] = ()
    """Names under which the owner's own server writes that it received a mail from somebody who had logged in, and the
    words of ``providers``."""
    keys: Keys | None = None
    """Keys to verify DKIM with; None when it is not verified here."""

    @property
    def can_prove(self) -> bool:
        """Whether somebody has said what proves a mail."""
        return bool(self.authserv_ids or self.authenticated_path or self.keys is not None)

    @property
    def path(self) -> tuple[str, ...]:
        """What shows that a mail is the owner's own: as configured, else what needs no configuration."""
        return self.authenticated_path if self.can_prove else UNTIL_TOLD


def verdict(mail: Mail, raw: bytes, at: datetime, grounds: Grounds) -> Verdict:
    """Return what is known of the From of a mail that arrived at ``at`` (aware).

    A pass is believed from our own server, from a signature that holds, and from known forwarders. Without one, a
    failure that anybody found is enough.
    """
    domain = mail.sender.domain
    if not domain:
        return Verdict.NONE
    if [name for name, _ in mail.fields.items].count("from") > 1:
        # Nobody can tell which of them was proven. No honest program writes two.
        return Verdict.FAIL
    ours = authres.results(mail.fields, grounds.authserv_ids) if grounds.authserv_ids else ()
    said = authres.outcome(ours, domain)
    if said == Verdict.PASS or _vouched(mail, raw, ours, grounds):
        return Verdict.PASS
    own = dkim.verdict(raw, mail.fields, domain, at, grounds.keys) if grounds.keys else Verdict.NONE
    if own is Verdict.NONE and (said == Verdict.FAIL or authres.accused(mail.fields, domain)):
        return Verdict.FAIL
    return own


def _vouched(mail: Mail, raw: bytes, ours: Sequence[authres.Result], grounds: Grounds) -> bool:
    """Whether known forwarders have seen the signature hold, and their seals were verified by our server or here."""
    domain = mail.sender.domain
    if "arc-seal" not in mail.fields or not arc.vouches(mail.fields, domain, grounds.authserv_ids):
        return False
    if any(each.method == "arc" and each.result == "pass" for each in ours):
        return True
    if not grounds.keys or dkim.is_ambiguous(raw):
        return False
    # Brings the library: loaded only when there is something to verify.
    from daemon.intake import signatures  # noqa: PLC0415

    return signatures.arc(raw, grounds.keys)


def is_owners(mail: Mail, grounds: Grounds) -> bool:
    """Say whether a mail under the owner's address came in as only theirs can, by the headers of the owner's server."""
    path = grounds.path
    if ANY in path or (SERVER in path and _found_whole(mail)):
        return True
    received = [value for name, value in mail.fields.items if name == "received"]
    return _placed(received, path) or _logged_in(received, path)


def _found_whole(mail: Mail) -> bool:
    """Whether the server which took a mail in states that the signature holds: above its own ``Received``, or below.

    Directly below only of a domain that is not its own: its own people log in, and others may have written it there.
    """
    names, domain = [name for name, _ in mail.fields.items], mail.sender.domain
    if "received" not in names or "authentication-results" not in names:
        return False
    top, own = names.index("received"), authres.servers_own(mail.fields)
    at = names.index("authentication-results")
    if at > top and (at > top + 1 or any(authres.same_house(each, domain) for each in own)):
        return False
    return authres.outcome(authres.results(mail.fields, own), domain) == Verdict.PASS


def _placed(received: Sequence[str], path: Sequence[str]) -> bool:
    """Whether no server took a mail from another: it was put where it lies, handed on or, if told, by a program."""
    if not {DIRECT, _LOCAL} & set(path):
        return False
    ways = [hop[1] if (hop := _hop(value)) else "" for value in received]
    if not _handed_on(path).issuperset(ways):
        return False
    return DIRECT in path or _LOCAL in ways


def _handed_on(path: Sequence[str]) -> frozenset[str]:
    """Return the protocols that bring no mail from outside; a program's only where the owner says so."""
    return _HANDED_ON | {_LOCAL} if _LOCAL in path else _HANDED_ON


def _logged_in(received: Sequence[str], path: Sequence[str]) -> bool:
    """Whether a server took a mail from somebody who had logged in; going by the topmost ``Received``.

    Further ones are looked at only below those by which the same server handed the mail on to itself.
    """
    known = {each.lower().strip(". ") for each in path}
    above = ""
    for value in received[:_MOST_HOPS]:
        hop = _hop(value)
        if hop is None or (LOGIN not in known and hop[0] not in known):
            return False
        if above and not authres.same_house(above, hop[0]):
            return False
        if hop[1] in _WITH_LOGIN:
            return True
        if hop[1] not in _handed_on(path):
            return False
        above = hop[0]
    return False


def _hop(received: str) -> tuple[str, str] | None:
    """Return who wrote a ``Received`` and how the mail came, in small letters; a local program's is ``local``."""
    host, words = authres.by_host(received), authres.without_comments(received).lower().split()
    # A client that names itself "x with ESMTPSA" makes a second one.
    how = [words[at + 1] for at, word in enumerate(words[:-1]) if word == "with"]
    if host and len(how) == 1:
        return host, how[0].strip(";")
    sent = _BY_USER.match(received)
    return (sent[1].lower().strip("."), "local") if sent else None
