"""One configuration with everything behind it but a running service: real Maildirs, a real store, a clock that is set.

Mails are kept as a mailbox keeps them and read by the pipeline, so a test tells in a few lines what came and when.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from daemon import locations
from daemon.application import Application, Change
from daemon.claims.claim import Claim, ClaimParty, Draft, Stage
from daemon.clock import SetClock
from daemon.mailbox.base import Arrived, Role, Watermark
from daemon.mailbox.maildir import MaildirMailbox
from daemon.orders.order import Order
from daemon.outbox import ids
from daemon.rules import load
from daemon.settings import ClaimSettings, Language, Owner, Settings
from daemon.settings import MaildirMailbox as Maildir
from daemon.store import Store
from daemon.store.placements import Placement
from tests.road import mails

NOW = datetime(2026, 3, 18, 9, 0, tzinfo=UTC)
CAMILLE = Owner(name="Camille Rivoire", addresses=(mails.OWNER,))
NOOR = Owner(name="Noor Delmas", addresses=("noor.delmas@example.net",), language=Language.EN)
ORDER = mails.order_number(11)
SELLER = "Verrerie du Sault"
RELAY = "p4x7k2wq9z@marketplace.amazon.fr"


def box(folder: Path, name: str = "perso", owner: Owner = CAMILLE) -> Maildir:
    """Return the settings of one Maildir below ``folder``, with all its folders."""
    path = folder / name
    for part in ("cur", "new", "tmp"):
        for sub in (path, path / ".Drafts", path / ".Sent"):
            (sub / part).mkdir(parents=True, exist_ok=True)
    return Maildir(kind="maildir", name=name, path=path, owner=owner, poll_seconds=0.05)


class House:
    """A configuration, its store, and what its people do. Close it."""

    def __init__(self, folder: Path, *boxes: Maildir, now: datetime = NOW, seller_mail: bool = True) -> None:
        self.boxes = boxes or (box(folder),)
        self.settings = Settings(
            state_dir=folder / "state", mailboxes=self.boxes, claims=ClaimSettings(seller_mail=seller_mail)
        )
        self.clock = SetClock(now)
        self.store = Store.open(locations.database(self.settings), wait=0.2)
        self.app = Application(self.settings, self.store, load(), self.clock)
        self.pipeline = self.app.pipeline
        self._uid = itertools.count(1)

    def close(self) -> None:
        """Close the store."""
        self.store.close()

    def reopened(self, *boxes: Maildir) -> House:
        """Return the same house after a restart, perhaps with another configuration."""
        self.close()
        assert self.settings.state_dir is not None
        return House(self.settings.state_dir.parent, *(boxes or self.boxes), now=self.clock.now())

    def keep(self, *raws: bytes, place: int = 0, role: Role = Role.INBOX, at: datetime | None = None) -> list[str]:
        """Keep mails that came just now (or ``at``) in a mailbox, unread; return their ids."""
        settings = self.boxes[place]
        arrived = [Arrived(next(self._uid), at or self.clock.now(), raw) for raw in raws]
        mark = Watermark(1, arrived[-1].uid)
        key = settings.owner.key
        self.store.mails.keep(key, settings.name, role.value, role, mark, arrived, self.clock.now())
        return [hashlib.sha256(raw).hexdigest() for raw in raws]

    def receive(self, *raws: bytes, place: int = 0, role: Role = Role.INBOX) -> None:
        """Keep mails and read them."""
        self.keep(*raws, place=place, role=role)
        self.pipeline.read_new()

    def later(self, **time: float) -> None:
        """Let time pass, and do what is due by then."""
        self.clock.set(self.clock.now() + timedelta(**time))
        self.pipeline.due()

    # ── what is there now ─────────────────────────────────────────────────

    def send(self, ref: str | None = None, at: datetime | None = None) -> Change:
        """Approve the open text of a claim (the only one by default), and note that it was sent."""
        ref = ref or self.claim().ref
        self.app.approve(ref)
        return self.app.sent(ref, at)

    def claims(self, owner: Owner = CAMILLE) -> list[Claim]:
        """Return an owner's claims."""
        return [claim for _, claim in self.store.claims.all(owner.key)]

    def claim(self, party: ClaimParty | None = None) -> Claim:
        """Return Camille's one claim, or the one on a party."""
        (claim,) = [one for one in self.claims() if party in (None, one.party)]
        return claim

    def draft(self, stage: Stage = Stage.FIRST, party: ClaimParty | None = None) -> Draft:
        """Return the draft of a stage of Camille's claim."""
        return next(one for one in self.claim(party).drafts if one.stage == stage)

    def order(self, order_id: str = ORDER, owner: Owner = CAMILLE) -> Order:
        """Return an order as it is known."""
        order = self.store.views.order(owner.key, order_id)
        assert order is not None
        return order

    def intended(self, place: int = 0) -> list[Placement]:
        """Return what waits to be put into a mailbox."""
        return self.store.placements.open(self.boxes[place].name)

    def mailbox(self, place: int = 0) -> MaildirMailbox:
        """Return the real mailbox."""
        return MaildirMailbox(self.boxes[place])

    def place(self, place: int = 0) -> int:
        """Put into a mailbox what waits for it."""
        return self.pipeline.place(self.mailbox(place))

    def messages(self, folder: str = "", place: int = 0) -> list[EmailMessage]:
        """Return our messages in a folder (``""`` is the INBOX, ``.Drafts``), in the order in which they were put."""
        found = []
        for part in ("new", "cur"):
            for path in (self.boxes[place].path / folder / part).iterdir():
                found.append((path.stat().st_mtime_ns, path.read_bytes()))
        return [message_from_bytes(raw, policy=policy.default) for _, raw in sorted(found)]

    def kinds(self, folder: str = "", place: int = 0) -> list[str]:
        """Return which kinds of our messages lie in a folder: ``draft``, ``notice``, ``question``, ``closing``."""
        keys = [ids.parse(str(one["Message-ID"])) for one in self.messages(folder, place)]
        return [key.kind for key in keys if key is not None]

    def snapshot(self) -> dict[str, object]:
        """Return everything that must not change by itself: orders, claims with their drafts, and placements."""
        owners = {one.owner.key for one in self.boxes}
        claims = self.store.claims.all()
        placed = [
            one
            for owner in sorted(owners)
            for one in self.store.placements.of(owner, refs_of(self, owner, [claim for _, claim in claims]))
        ]
        return {
            "orders": sorted(self.store.views.orders(), key=lambda one: (one[0], one[1].order_id)),
            "claims": claims,
            "revisions": self.store.claims.revisions([claim.ref for _, claim in claims]),
            "placements": placed,
        }


def refs_of(house: House, owner: str, claims: Sequence[Claim]) -> list[str]:
    """Return everything that a message to an owner can be about."""
    questions = [ids.question_ref(order_id, "") for order_id in house.store.views.order_ids(owner)]
    return [*(claim.ref for claim in claims), *questions]


def bought(order: str = ORDER, *, seller: str = "", now: datetime = NOW) -> bytes:
    """Return the confirmation of an order of nine days ago, promised for five days ago."""
    promised = (now - timedelta(days=5)).date().isoformat()
    return mails.confirmed(order, now - timedelta(days=9), seller=seller, promised=promised)


def brought(order: str = ORDER, *, now: datetime = NOW) -> bytes:
    """Return the « Livré » of two days ago."""
    return mails.delivered(order, now - timedelta(days=2))


def missed(order: str = ORDER, *, now: datetime = NOW) -> bytes:
    """Return the owner's forward of it with "pas reçu", of an hour ago."""
    return mails.not_received(order, now - timedelta(hours=1))


def greeted(order: str = ORDER, *, now: datetime = NOW) -> bytes:
    """Return a message of the seller of six days ago, from their relay address."""
    return mails.seller_wrote(order, now - timedelta(days=6), RELAY, seller=SELLER, text="Bonjour, c'est parti.")


def from_amazon(order: str = ORDER) -> tuple[bytes, ...]:
    """Return the mails of an order sold and shipped by Amazon that was not received."""
    return bought(order), brought(order), missed(order)


def from_seller(order: str = ORDER) -> tuple[bytes, ...]:
    """Return the mails of an order sold and shipped by a seller who has written, and that was not received."""
    return bought(order, seller=SELLER), greeted(order), brought(order), missed(order)
