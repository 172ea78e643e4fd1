"""A forward with several attached mails, some forged: the true ones count, the owner is warned of the rest."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

import pytest

from tests.house import CAMILLE, NOW, ORDER, House, bought, brought
from tests.road import mails

OTHER = mails.order_number(23)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """Give a house without a service."""
    house = House(tmp_path)
    yield house
    house.close()


def imitation(key: str = "false", sender: str = "Amazon.fr <suivi@arnazon.fr>") -> bytes:
    """Return a mail that only pretends to say that another order was delivered."""
    return mails.mail(sender, "Livré", f"Votre colis a été livré!\n\nCommande n° {OTHER}\n", NOW, key=key)


def forward(*inner: bytes, note: str = "pas reçu") -> bytes:
    """Return the owner's forward of mails as attachments."""
    outer = EmailMessage()
    outer["From"], outer["To"], outer["Subject"] = CAMILLE.addresses[0], "suivi@example.org", "Fwd: mes colis"
    outer["Date"], outer["Message-ID"] = format_datetime(NOW - timedelta(minutes=5)), "<fwd-several@mail.example>"
    outer.set_content(f"{note}\n")
    for raw in inner:
        outer.add_attachment(message_from_bytes(raw, policy=policy.default))
    return bytes(outer)


@pytest.mark.parametrize("at", [0, 1, 2])
def test_the_true_ones_count(house: House, at: int) -> None:
    """Wherever the forged mail stands among them, the others tell of their order, and nothing of it does."""
    alone = House(house.boxes[0].path.parent / "alone")
    alone.receive(forward(bought(), brought()))
    several = [bought(), brought()]
    several.insert(at, imitation())
    house.receive(forward(*several))
    told, wanted = ([(one.ref, one.code, one.order_id) for one in each.claims()] for each in (house, alone))
    assert told == wanted != []
    assert [order.order_id for _, order in house.store.views.orders()] == [ORDER]
    alone.close()


def test_the_owner_is_told_of_the_forged_one_once(house: House) -> None:
    """The mail lies in quarantine with its true letters read; one warning, also after a retry and a replay."""
    house.receive(forward(bought(), imitation(), brought()))
    wanted = house.store.views.orders()
    assert [one.reason for one in house.app.quarantined()] == ["forged: 1/3"]
    house.place()
    house.app.quarantine_retry()
    house.app.replay(lambda _done, _total: None)
    house.place()
    assert house.kinds().count("alert") == 1
    assert house.store.views.orders() == wanted
    assert [one.reason for one in house.app.quarantined()] == ["forged: 1/3"]


def test_where_all_are_forged_nothing_is_drawn(house: House) -> None:
    """A forward of imitations alone makes no order, whatever the owner wrote above them."""
    house.receive(forward(imitation("a"), imitation("b"), note=f"{ORDER} pas reçu"))
    assert (house.store.views.orders(), house.claims()) == ([], [])
    assert [one.reason for one in house.app.quarantined()] == ["forged"]
