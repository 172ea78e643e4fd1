"""Carriers' mails and orders, in whatever order they come: by number they count, by a suspicion they do not."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from pathlib import Path

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from daemon.anomalies.anomaly import Anomaly
from daemon.claims.claim import Claim
from daemon.orders.order import Joined, Parcel
from tests.house import NOW, ORDER, House, bought
from tests.road import mails

NUMBER, OTHER = "8R41350168725", "6A06714421535"
TOLD = NOW - timedelta(hours=2)
MISSED = mails.mail(mails.OWNER, f"Commande {ORDER}", "pas reçu\n", TOLD, key="missed")


def _left(number: str) -> bytes:
    tracked = f"Numéro de suivi : {number}\n\n" if number else ""
    text = f"Votre colis a été expédié !\n\nN° de commande\n{ORDER}\n\n{tracked}* Lanterne\n  Quantité : 1\n"
    at = NOW - timedelta(days=8)
    return mails.mail("Amazon.fr <expedition@amazon.fr>", "Expédié : « Lanterne... »", text, at, key="left")


def _carried(number: str, hours: int) -> bytes:
    text = (
        f"Bonjour,\n\nVotre colis {number}, expédié par AMAZON, a bien été livré.\n"
        "Il a été remis à M. Renaudin.\n\nColissimo\n"
    )
    at = NOW - timedelta(hours=hours)
    return mails.mail("Colissimo <noreply@colissimo.fr>", "Votre colis a été livré", text, at, key=f"carried-{number}")


def _played(batch: list[bytes]) -> tuple[tuple[Parcel, ...], tuple[Anomaly, ...], list[Claim], tuple[Parcel, ...]]:
    """Return what mails lead to that come one by one: parcels, troubles, claims, and what is only suspected."""
    with tempfile.TemporaryDirectory() as folder:
        house = House(Path(folder))
        try:
            for raw in batch:
                house.receive(raw)
            view = house.app.order(ORDER)
            claims = [one.model_copy(update={"drafts": (), "follow_ups": ()}) for one in house.claims()]
            return view.order.parcels, view.anomalies, claims, view.suspected
        finally:
            house.close()


@settings(deadline=None, max_examples=6, phases=[Phase.generate])
@given(st.permutations([bought(), _left(NUMBER), MISSED, _carried(NUMBER, 5)]))
def test_a_number_joins_in_any_order(batch: list[bytes]) -> None:
    """The carrier's delivery of the order's own number is part of it, whichever mail came first."""
    parcels, troubles, claims, suspected = _played(batch)
    assert [(one.key, one.joined) for one in parcels] == [(NUMBER, Joined.NUMBER)]
    assert [one.code.value for one in troubles] == ["not-received"]
    assert [one.code for one in claims if one.closed_at is None] == ["not-received"]
    assert suspected == ()


@settings(deadline=None, max_examples=6, phases=[Phase.generate])
@given(st.data(), st.booleans())
def test_a_suspicion_changes_nothing_in_any_order(data: st.DataObject, told: bool) -> None:
    """A delivery of a number that no order knows neither ends a lateness nor makes a trouble of another kind."""
    story = [bought(), _left(""), *([MISSED] if told else [])]
    wanted = _played(story)
    batch = data.draw(st.permutations([*story, _carried(OTHER, 30)]))
    parcels, troubles, claims, suspected = _played(batch)
    assert (parcels, troubles, claims) == wanted[:3]
    assert [(one.key, one.joined) for one in suspected] == [(OTHER, Joined.SUSPECTED)]
