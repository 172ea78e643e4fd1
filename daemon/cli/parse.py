"""``relance parse``: what the parsers read out of mail files. Touches no mailbox and no database."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

import click

import parsers
from daemon.intake import UnreadableMail, open_mail
from daemon.intake.dkim import LATE, dated, key_names
from daemon.reading import COMPUTING, place_of
from daemon.say import say
from parsers.letter import Letter, Trust
from parsers.notice import Item, Kind, NoteMeaning, Notice

if TYPE_CHECKING:
    from daemon.keys import KeyRing

FIELDS = (
    "retailer", "marketplace", "order_id", "items", "total", "currency", "promised_from", "promised_to", "delivered_to",
    "tracking_numbers", "carrier", "seller", "sold_by", "shipped_by", "refund_amount", "pickup_deadline", "reply_means",
)  # fmt: skip
# The published form knows eight meanings; of an order, these two say the same as "received".
_PUBLISHED = {NoteMeaning.FOUND: NoteMeaning.RECEIVED, NoteMeaning.CREDITED: NoteMeaning.RECEIVED}


@dataclass(frozen=True, slots=True)
class Reading:
    """What one file gave: its letters and their notices, or why nothing is drawn from it."""

    file: str
    letters: tuple[Letter, ...]
    notices: tuple[Notice, ...]
    quarantined: str | None


@click.command("parse", help=say("parse.help"), short_help=say("parse.short"))
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help=say("parse.json"))
@click.option("--owner", "owners", multiple=True, metavar="ADDRESS", help=say("parse.owner"))
@click.option("--authserv-id", "authserv_ids", multiple=True, metavar="ID", help=say("parse.authserv_id"))
@click.option("--dns", is_flag=True, help=say("parse.dns"))
def parse(
    files: tuple[str, ...], as_json: bool, owners: tuple[str, ...], authserv_ids: tuple[str, ...], dns: bool
) -> None:
    """Read mails from files (``-`` is standard input) and print what they say."""
    ring = _ring() if dns else None
    for file in files:
        try:
            raw, arrived = _load(file)
        except OSError:
            click.echo(say("parse.cannot_read", file=file), err=True)
            sys.exit(2)
        reading = _read(file, raw, arrived, owners, authserv_ids, ring)
        if as_json:
            click.echo(json.dumps(_as_json(reading), ensure_ascii=False))
        else:
            from daemon.cli.parse_words import tell  # noqa: PLC0415 - brings Rich

            tell(reading, owner_named=bool(owners))


def _ring() -> KeyRing:
    # Most who read a file have no use for it.
    from daemon import logs  # noqa: PLC0415
    from daemon.keys import KeyRing  # noqa: PLC0415

    # A resolver that is silent is told to the log, and the log is no part of what is printed.
    logs.configure("error")
    return KeyRing()


def _load(file: str) -> tuple[bytes, datetime]:
    """Bytes, and when they came: a file's age stands in for the time of arrival."""
    if file == "-":
        return sys.stdin.buffer.read(), datetime.now(UTC)
    path = Path(file)
    return path.read_bytes(), datetime.fromtimestamp(path.stat().st_mtime, UTC)


def _read(
    file: str,
    raw: bytes,
    arrived: datetime,
    owners: Sequence[str],
    authserv_ids: Sequence[str],
    ring: KeyRing | None,
) -> Reading:
    found = ring.of(key_names(raw)) if ring is not None else None
    late = datetime.now(UTC) - arrived > LATE
    keys = None if found is None else {name: dated(key, late=late) for name, key in found.items()}
    letters: tuple[Letter, ...] = ()
    try:
        with _limited():
            letters = open_mail(raw, received_at=arrived, owner_addresses=owners, authserv_ids=authserv_ids, keys=keys)
            # Of several attached mails the true ones count, whatever else is attached.
            notices = tuple(notice for letter in letters for notice in parsers.read(letter))
    except UnreadableMail as error:
        return Reading(file, (), (), str(error))
    except _TooSlow:
        return Reading(file, letters, (), "too slow")
    except Exception as problem:  # noqa: BLE001 - one mail must not keep the files behind it from being read
        return Reading(file, letters, (), f"failed: {type(problem).__name__} at {place_of(problem)}")
    forged = any(letter.trust is Trust.FORGED for letter in letters)
    return Reading(file, letters, notices, Trust.FORGED.value if forged else None)


class _TooSlow(BaseException):
    """A mail took more computing than a mail may; no handler of errors on the way is to take it for one of its own."""


@contextmanager
def _limited() -> Iterator[None]:
    """Give one mail as much computing as the service gives it."""

    def end(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - the signature is signal's
        raise _TooSlow

    before = signal.signal(signal.SIGPROF, end)
    signal.setitimer(signal.ITIMER_PROF, COMPUTING)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _as_json(reading: Reading) -> dict[str, Any]:
    first = reading.letters[0] if reading.letters else None
    means = next((each.note_means for each in reading.notices if each.note_means), None)
    if means is None and first is not None and first.note:
        means = NoteMeaning.NONE
    return {
        "file": reading.file,
        "trust": _worst(reading.letters),
        "forwarded": any(letter.forwarded for letter in reading.letters),
        "note": first.note if first else None,
        "note_means": _PUBLISHED.get(means, means) if means else None,
        "quarantined": reading.quarantined,
        "notices": [_notice(each) for each in reading.notices],
    }


def _worst(letters: Iterable[Letter]) -> str | None:
    """Of several attached mails one forged is enough to warn."""
    found = [letter.trust for letter in letters]
    return (Trust.FORGED if Trust.FORGED in found else found[0]).value if found else Trust.UNVERIFIED.value


def _notice(notice: Notice) -> dict[str, Any]:
    """Return the fields of the published form, those that the mail tells."""
    told = {name: _value(getattr(notice, name)) for name in FIELDS}
    out: dict[str, Any] = {"kind": notice.kind.value, "trust": notice.trust.value}
    out.update({name: value for name, value in told.items() if value not in (None, [], "")})
    out["delivered"] = notice.kind is Kind.DELIVERED
    return out


def _value(value: Any) -> Any:  # noqa: ANN401 - any field of a notice
    if isinstance(value, tuple):
        return [_item(each) if isinstance(each, Item) else each for each in value]
    return None if value is None else str(value)


def _item(item: Item) -> dict[str, Any]:
    price = None if item.price is None else str(item.price)
    return {"title": item.title, "quantity": item.quantity, "price": price}
