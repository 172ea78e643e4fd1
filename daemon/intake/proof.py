"""What proves, or disproves, that a mail comes from the domain in its From."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from daemon.intake import arc, authres, dkim
from daemon.intake.decode import Mail
from daemon.intake.dkim import Keys, Verdict

_WITH_LOGIN = frozenset({"esmtpa", "esmtpsa", "utf8smtpa", "utf8smtpsa", "lmtpa", "lmtpsa"})
"""Protocols of a sender who has given a password (RFC 3848, RFC 6531)."""
_HANDED_ON = frozenset({"lmtp", "lmtps", "local"})
"""How a server hands a mail on to itself."""
_RECEIVED = re.compile(
    r"\s{0,50}+(?:from\s{1,50}+\S{1,300}+\s{1,50}+)?by\s{1,50}+(\S{1,300}+)\s{1,50}+"
    r"(?:via\s{1,50}+\S{1,50}+\s{1,50}+)?with\s{1,50}+([A-Za-z0-9]{1,20}+)\b",
    re.I,
)
_MOST_HOPS = 5


@dataclass(frozen=True, slots=True)
class Grounds:
    """What is believed besides the mail itself, as the owner configures it."""

    authserv_ids: tuple[str, ...] = ()
    """Names under which the owner's own server writes Authentication-Results."""
    authenticated_path: tuple[str, ...] = ()
    """Names under which the owner's own server writes that it received a mail from somebody who had logged in."""
    keys: Keys | None = None
    """Keys to verify DKIM with; None when it is not verified here."""

    @property
    def can_prove(self) -> bool:
        """Whether an honest mail of the owner's would be proven: one that is not is then no longer believed."""
        return bool(self.authserv_ids or self.authenticated_path or self.keys is not None)


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


def came_by_login(mail: Mail, hosts: Sequence[str]) -> bool:
    """Say whether one of ``hosts`` received a mail from somebody who had logged in; going by the topmost ``Received``.

    Further ones are looked at only below those by which the same server handed the mail on to itself.
    """
    known = {each.lower().strip(". ") for each in hosts}
    received = [value for name, value in mail.fields.items if name == "received"]
    for value in received[:_MOST_HOPS]:
        hop = _RECEIVED.match(authres.without_comments(value))
        if hop is None or hop[1].lower().strip(".") not in known:
            return False
        if hop[2].lower() in _WITH_LOGIN:
            return True
        if hop[2].lower() not in _HANDED_ON:
            return False
    return False
