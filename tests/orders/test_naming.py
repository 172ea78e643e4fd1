"""Orders of shops: their full names, what their mails fold to, and the owner's words about them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from daemon.orders import fold, mentions
from daemon.orders.naming import named, number_of, shop_of
from parsers.letter import Letter, Trust
from parsers.notice import Kind, NoteMeaning, Notice

NOW = datetime(2026, 9, 12, 9, 0, tzinfo=UTC)
VERRE, REMPART = "maison-verre.example", "rempart.example"


def notice(
    kind: Kind, *, shop: str | None = VERRE, order_id: str | None = "1001", hours: int = 0, **fields: object
) -> Notice:
    """Return a shop's notice as it is kept."""
    at = NOW + timedelta(hours=hours)
    about = {"kind": kind, "source": f"{kind}{hours}{shop}", "at": at, "marketplace": shop, "order_id": order_id}
    return named(Notice.model_validate(about | {"trust": Trust.SIGNED, "retailer": "Maison Verre"} | fields))


def test_two_shops_may_give_the_same_number() -> None:
    """An order's full name holds the shop, so that one shop's 1001 is not the other's."""
    one, other = notice(Kind.CONFIRMED), notice(Kind.CANCELLED, shop=REMPART)
    assert (one.order_id, other.order_id) == (f"{VERRE}/1001", f"{REMPART}/1001")
    order = fold(str(one.order_id), [one, other])
    assert order.cancelled_at is None
    assert (order.number, order.shop) == ("1001", VERRE)


@pytest.mark.parametrize(
    ("shop", "order_id"), [("amazon.fr", "404-5512093-7718426"), (None, "404-5512093-7718426"), (VERRE, None)]
)
def test_amazons_numbers_stay_as_they_are(shop: str | None, order_id: str | None) -> None:
    """An order at Amazon goes by its number alone, and a notice without a number by none."""
    assert notice(Kind.SHIPPED, shop=shop, order_id=order_id).order_id == order_id
    assert order_id is None or (shop_of(order_id), number_of(order_id)) == (None, order_id)


@pytest.mark.parametrize("number", ["1001", "KL/2026/0815", "#7", "BW 77-204"])
def test_a_full_name_is_given_once(number: str) -> None:
    """Naming what is named changes nothing, and the printed number is found again."""
    once = notice(Kind.CONFIRMED, order_id=number)
    assert named(once) == once
    assert number_of(str(once.order_id)) == number


def test_a_shops_order_is_sold_by_the_shop() -> None:
    """The shop is the seller, at the address that it gave last; a carrier's mail changes neither."""
    carrier = Notice(
        kind=Kind.DELIVERED,
        source="c",
        at=NOW,
        retailer="Autre",
        tracking_numbers=("6A11902847553",),
        carrier="Colissimo",
    )
    order = fold(
        f"{VERRE}/1001",
        [
            carrier,
            notice(
                Kind.CONFIRMED, hours=1, reply_to="bonjour@maison-verre.example", total=Decimal("9.00"), currency="EUR"
            ),
            notice(Kind.SHIPPED, hours=2, reply_to="service@maison-verre.example", tracking_numbers=("6A11902847553",)),
            notice(Kind.OUT_FOR_DELIVERY, hours=3),
        ],
    )
    assert (order.retailer, order.seller, order.marketplace) == ("Maison Verre", "Maison Verre", VERRE)
    assert order.seller_address == "service@maison-verre.example"
    assert order.sold_by is None
    assert order.parcels[0].delivered_at == NOW


def forward(note: str | None = "pas reçu", text: str = "Votre commande 1001 a été livrée.", **fields: object) -> Letter:
    """Return the owner's forward of a shop's mail, without its markup."""
    given = {"mail_id": "f" * 64, "sender": "bonjour@news.maison-verre.example", "date": NOW, "received_at": NOW}
    more = {"note": note, "text": text, "trust": Trust.OWNER, "forwarded": True}
    return Letter.model_validate(given | more | fields)


def reports(
    letter: Letter, known: Iterable[str] = (f"{VERRE}/1001", f"{VERRE}/1002", f"{REMPART}/1001")
) -> list[tuple[object, object]]:
    """Return what is reported of which order."""
    return [(one.order_id, one.note_means) for one in mentions.reported([letter], (), known)]


@pytest.mark.parametrize(
    ("text", "known"), [("Votre commande 1001 a été livrée.", "1001"), ("Commande n° #1001 livrée", "#1001")]
)
def test_a_forward_that_lost_its_markup_is_told_by_the_number(text: str, known: str) -> None:
    """The owner's note is about the one known order of that shop whose number is still to be seen."""
    assert reports(forward(text=text), [f"{VERRE}/{known}", f"{VERRE}/1002"]) == [
        (f"{VERRE}/{known}", NoteMeaning.NOT_RECEIVED)
    ]
    page = forward(text="", html=f"<p>{text}</p>")
    assert reports(page, [f"{VERRE}/{known}"]) == [(f"{VERRE}/{known}", NoteMeaning.NOT_RECEIVED)]


@pytest.mark.parametrize(
    "letter",
    [
        forward(note=None),
        forward(note="à garder"),
        forward(text="Votre commande 10010 a été livrée."),
        forward(text="Vos commandes 1001 et 1002 ont été livrées."),
        forward(sender="x@autre.example"),
        forward(sender=""),
        forward(trust=Trust.FORGED),
    ],
)
def test_a_forward_that_does_not_tell_which_order_tells_nothing(letter: Letter) -> None:
    """No note, another number, two numbers, another shop or a forged mail: nothing is reported."""
    assert reports(letter) == []


def test_what_was_read_is_not_told_twice() -> None:
    """A mail whose markup was read needs no search for its number."""
    assert mentions.reported([forward()], [notice(Kind.DELIVERED)], [f"{VERRE}/1001"]) == []
