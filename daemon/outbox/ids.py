"""Fixed Message-IDs: the same text of the same stage always bears the same one, so that it is never placed twice."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable

from daemon.settings import Owner
from parsers.letter import Value

_FORM = re.compile(
    r"<?relance\.(?P<ref>[a-z]-[0-9a-z-]+)\.(?P<stage>[a-z0-9_-]+)\.(?P<revision>\d+)\.(?P<kind>[a-z]+)(?:\.[0-9a-f]{8})?@[^@<>\s]+>?",
    re.IGNORECASE | re.ASCII,
)
_QUESTION = re.compile(
    r"Q-(?:(?P<order_id>[0-9A-Z]{3}-\d{7}-\d{7})|X(?P<coded>[A-Z2-7]{16}))(?:-[0-9a-f]{6})?", re.ASCII
)
_AMAZONS = re.compile(r"[0-9A-Z]{3}-\d{7}-\d{7}", re.ASCII)
_NO_DOMAIN = "relance.invalid"


class MessageKey(Value):
    """What a Message-ID of ours says."""

    ref: str
    """A claim's number, or that of a question or of a mail in quarantine."""
    stage: str
    """The claim's stage, or the key of the question."""
    kind: str
    """``draft``, ``notice``, ``question``, ``closing`` or ``alert``."""
    revision: int


def message_id(ref: str, stage: str, kind: str, revision: int, owner: Owner) -> str:
    """Return ``<relance.r-7f3k.first.1.draft@domain-of-owner>``.

    A claim's number is one owner's; a question's or a mail's is not, so the owner's mark stands in its Message-ID.
    """
    mark = f".{hashlib.sha256(owner.key.encode()).hexdigest()[:8]}" if ref.startswith(("Q-", "M-")) else ""
    return f"<relance.{ref.lower()}.{stage.lower()}.{revision}.{kind.lower()}{mark}@{_domain(owner)}>"


def parse(message_id: str) -> MessageKey | None:
    """Return what a Message-ID says, with or without its angle brackets; None when it is not one of ours."""
    match = _FORM.fullmatch(message_id.strip())
    if match is None:
        return None
    return MessageKey(
        ref=_ref(match["ref"]),
        stage=match["stage"].lower(),
        kind=match["kind"].lower(),
        revision=int(match["revision"]),
    )


def is_ours(message_id: str) -> bool:
    """Say whether a Message-ID is one of ours."""
    return parse(message_id) is not None


def question_ref(order_id: str, parcel: str) -> str:
    """Return the number of a question about an order (and one of its parcels): it names the order."""
    of_parcel = f"-{hashlib.sha256(parcel.encode()).hexdigest()[:6]}" if parcel else ""
    return f"Q-{order_id if _AMAZONS.fullmatch(order_id) else _coded(order_id)}{of_parcel}"


def is_question(ref: str) -> bool:
    """Say whether ``ref`` is a question's number."""
    return _QUESTION.fullmatch(ref) is not None


def order_of_question(ref: str, known: Iterable[str] = ()) -> str | None:
    """Return the order that a question is about, None when ``ref`` is not a question's number.

    Of another shop's order the number holds a hash only: it is found among those that are ``known``.
    """
    match = _QUESTION.fullmatch(ref)
    if match is None:
        return None
    return match["order_id"] or next((one for one in known if _coded(one) == f"X{match['coded']}"), None)


def _coded(order_id: str) -> str:
    """Other shops' orders are called anything, of any length; in a Message-ID only letters and digits are safe."""
    return f"X{base64.b32encode(hashlib.sha256(order_id.encode()).digest()).decode()[:16]}"


def _ref(written: str) -> str:
    """Mail programs may change the case of a Message-ID; a parcel's mark is the only part in lower case."""
    ref = written.upper()
    if not ref.startswith("Q-"):
        return ref
    parts = ref.split("-")
    named = 2 if parts[1].startswith("X") and len(parts[1]) > 3 else 4
    return "-".join([*parts[:named], *(part.lower() for part in parts[named:])])


def _domain(owner: Owner) -> str:
    """The owner's domain in ASCII (IDNA); a reserved one when their address has none that can be written so."""
    domain = owner.addresses[0].partition("@")[2].strip().lower()
    try:
        ascii_domain = domain.encode("idna").decode()
    except UnicodeError:
        return _NO_DOMAIN
    return ascii_domain if re.fullmatch(r"[a-z0-9.-]+", ascii_domain) else _NO_DOMAIN
