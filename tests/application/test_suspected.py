"""A parcel that only seems to be an order's is shown, and nothing more."""

from __future__ import annotations

from datetime import timedelta

from daemon.orders.order import Joined
from tests.house import NOW, ORDER, House
from tests.road import mails

TEXT = (
    "Bonjour,\n\nVotre colis 8R41350168725, expédié par AMAZON, a bien été livré.\n"
    "Il a été remis à M. Renaudin.\n\nColissimo\n"
)


def _shipped(order_id: str) -> bytes:
    text = f"Votre colis a été expédié !\n\nN° de commande\n{order_id}\n\n* Lanterne\n  Quantité : 1\n"
    at = NOW - timedelta(days=3)
    return mails.mail("Amazon.fr <expedition@amazon.fr>", "Expédié : « Lanterne... »", text, at, key=f"left-{order_id}")


def _carried() -> bytes:
    at = NOW - timedelta(days=1)
    return mails.mail("Colissimo <noreply@colissimo.fr>", "Votre colis a été livré", TEXT, at, key="carried")


def test_a_parcel_of_the_same_shop_and_days_is_shown_with_its_order_only_as_a_suspicion(house: House) -> None:
    """The order's own parcels, its state and its troubles stay as they were; the view shows the parcel apart."""
    house.receive(_shipped(ORDER))
    before = house.app.order(ORDER)
    house.receive(_carried())
    after = house.app.order(ORDER)
    assert [(one.key, one.joined) for one in after.suspected] == [("8R41350168725", Joined.SUSPECTED)]
    assert before.suspected == ()
    assert (after.order, after.anomalies, after.next_check) == (before.order, before.anomalies, before.next_check)


def test_a_second_order_that_fits_ends_the_suspicion(house: House) -> None:
    """As soon as two orders could be meant, neither is shown the parcel; in whatever order the mails came."""
    other = mails.order_number(12)
    house.receive(_carried(), _shipped(ORDER))
    assert len(house.app.order(ORDER).suspected) == 1
    house.receive(_shipped(other))
    assert (house.app.order(ORDER).suspected, house.app.order(other).suspected) == ((), ())
