"""What a letter's markup comes to: whose order, what happened, and what is believed of it."""

from __future__ import annotations

import socket
from datetime import date
from decimal import Decimal

import pytest

import parsers
from parsers.letter import Trust
from parsers.notice import Item, Kind, Notice
from parsers.shops import complete
from parsers.shops.vocabulary import domain_of, is_read
from tests.parsers.shops.kit import SENDER, SENT, letter, only, order, parcel, read, script


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        ("http://schema.org/OrderProcessing", Kind.CONFIRMED),
        ("https://schema.org/OrderPaymentDue", Kind.CONFIRMED),
        ("https://schema.org/OrderInTransit", Kind.SHIPPED),
        ("OrderDelivered", Kind.DELIVERED),
        ("schema:OrderCancelled", Kind.CANCELLED),
        ("OrderReturned", Kind.RETURNED),
        ("OrderPickupAvailable", Kind.PICKUP_READY),
        ("OrderProblem", Kind.OTHER),
        ("Refunded", Kind.REFUNDED),
        ("Out for delivery", Kind.OUT_FOR_DELIVERY),
        ("Expédiée", Kind.SHIPPED),
        ("FooBar", Kind.CONFIRMED),
    ],
)
def test_a_status_is_a_kind(status: str, kind: Kind) -> None:
    """Each status of schema.org, and the words that shops put in its place, is one kind of notice."""
    assert only(order(orderStatus=status)).kind == kind


@pytest.mark.parametrize(
    ("subject", "kind"),
    [
        ("Votre colis n'a pas pu être livré", Kind.ATTEMPTED),
        ("Votre commande a été livrée", Kind.DELIVERED),
        ("Ihre Bestellung wurde versandt", Kind.SHIPPED),
        ("Je bestelling is onderweg", Kind.SHIPPED),
        ("Your order is out for delivery", Kind.OUT_FOR_DELIVERY),
        ("Your refund is on its way", Kind.REFUNDED),
        ("Des nouvelles de votre commande", Kind.CONFIRMED),
    ],
)
def test_without_a_status_the_subject_tells(subject: str, kind: Kind) -> None:
    """Markup without a status is understood by its subject; where that is silent, it confirms an order."""
    assert only(order(), subject=subject).kind == kind


def test_a_status_goes_before_the_subject() -> None:
    """What the markup says is not overruled by a word of the subject."""
    assert only(order(orderStatus="OrderCancelled"), subject="Votre commande est en route").kind == Kind.CANCELLED


def test_a_parcel_with_a_number_has_left() -> None:
    """Many shops leave the order's status at "processing": beside a parcel's number it says nothing."""
    said = order(orderStatus="OrderProcessing", orderDelivery=parcel(trackingNumber="6A11902847553"))
    assert only(said).kind == Kind.SHIPPED
    assert only(said | {"orderDelivery": parcel(expectedArrivalUntil="2026-09-20")}).kind == Kind.CONFIRMED


def test_two_parcels_of_which_one_came_are_two_notices() -> None:
    """Of two parcels the one delivered and the one under way are told apart, each with its goods."""
    first = parcel(trackingNumber="6A11902847553", deliveryStatus="Delivered", itemShipped={"name": "Carafe"})
    second = parcel(trackingNumber="6A11902847560", deliveryStatus="InTransit", itemShipped={"name": "Verre"})
    offers = [{"itemOffered": {"name": name}, "price": "9.50"} for name in ("Carafe", "Verre")]
    found = read(order(orderDelivery=[first, second], acceptedOffer=offers))
    assert [(one.kind, one.tracking_numbers, one.items) for one in found] == [
        (Kind.DELIVERED, ("6A11902847553",), (Item(title="Carafe", price=Decimal("9.50")),)),
        (Kind.SHIPPED, ("6A11902847560",), (Item(title="Verre", price=Decimal("9.50")),)),
    ]


@pytest.mark.parametrize(
    ("total", "prices"),
    [
        ("40.00", ["10.00", "20.00"]),
        ("30.00", ["5.00", "20.00"]),
        (None, ["10.00", "20.00"]),
        ("25.00", ["10.00", "20.00"]),
    ],
)
def test_a_price_is_that_of_one_unit(total: str | None, prices: list[str]) -> None:
    """Some shops write the price of the line: that is seen when the order costs no more than the lines together."""
    offers = [
        {"itemOffered": {"name": "Verre"}, "price": "10.00", "eligibleQuantity": 2},
        {"itemOffered": {"name": "Carafe"}, "price": "20.00", "eligibleQuantity": 1},
    ]
    found = only(order(acceptedOffer=offers, price=total, priceCurrency="EUR"))
    assert [str(item.price) for item in found.items] == prices


def test_promised_days_are_those_of_a_promise() -> None:
    """The earliest day alone promises nothing, nor does a span that ends first, or one of another year."""
    spans = [
        (
            {"expectedArrivalFrom": "2026-09-14", "expectedArrivalUntil": "2026-09-16"},
            (date(2026, 9, 14), date(2026, 9, 16)),
        ),
        ({"expectedArrivalUntil": "2026-09-16"}, (date(2026, 9, 16), date(2026, 9, 16))),
        ({"expectedArrivalFrom": "2026-09-14"}, (None, None)),
        ({"expectedArrivalFrom": "2026-09-18", "expectedArrivalUntil": "2026-09-16"}, (None, None)),
        ({"expectedArrivalUntil": "2036-09-16"}, (None, None)),
    ]
    for given, promised in spans:
        found = only(order(orderDelivery=parcel(**given)))
        assert (found.promised_from, found.promised_to) == promised
    arrived = parcel(expectedArrivalUntil="2026-09-16", deliveryStatus="Delivered", trackingNumber="6A11902847553")
    assert only(order(orderDelivery=arrived)).promised_to is None


@pytest.mark.parametrize(
    "number",
    [
        "",
        "{{ order.number }}",
        "%ORDER_ID%",
        "${id}",
        "null",
        "undefined",
        "N/A",
        "https://x.example/1",
        "x" * 65,
        "--",
        None,
        {},
    ],
)
def test_a_blank_is_no_order_number(number: object) -> None:
    """What a template left unfilled, an address, or anything that no shop prints, names no order."""
    assert read(order(orderNumber=number)) == []


@pytest.mark.parametrize("number", ["1001", "#1001", "KL/2026/0815", "BW 77-204", "XKDTNWQ", "№ 55", "100% Laine-7"])
def test_a_number_is_kept_as_it_is_printed(number: str) -> None:
    """Shops number their orders as they like."""
    assert only(order(orderNumber=number)).order_id == number


# ── whose order it is ─────────────────────────────────────────────────────


def test_a_shop_is_known_by_the_domain_that_wrote() -> None:
    """Markup cannot say that a mail is another shop's: the order is that of the sender's domain."""
    shop = {"name": "Maison Verre", "url": "https://www.maison-verre.example"}
    found = only(order(merchant=shop), "x@news.autre-boutique.example")
    assert (found.retailer, found.marketplace) == ("Maison Verre", "autre-boutique.example")


@pytest.mark.parametrize(
    ("merchant", "domain"),
    [
        ({"name": "Torrefacta", "url": "https://shop.torrefacta.example/x"}, "torrefacta.example"),
        ({"name": "Torrefacta Épicerie"}, "torrefacta-epicerie.shopifyemail.com"),
        ({"name": "Torrefacta", "url": "https://t.shopifyemail.com"}, "torrefacta.shopifyemail.com"),
        ({"name": "Torrefacta", "url": "https://amazon.fr"}, "torrefacta.shopifyemail.com"),
        ({"name": "Torrefacta", "url": "http://[::1"}, "torrefacta.shopifyemail.com"),
    ],
)
def test_a_platforms_shop_is_known_by_what_the_markup_says(merchant: dict[str, str], domain: str) -> None:
    """A service that writes for many shops tells them apart by their site, else by their name; none is Amazon's."""
    assert only(order(merchant=merchant), "store+5@t.shopifyemail.com").marketplace == domain


def test_a_letter_of_nobody_gives_nothing() -> None:
    """Without a sender and a shop's name it cannot be said whose order it is."""
    assert read(order(merchant=None), "") == []
    assert read(order(merchant=None), "store@shopify.com") == []


@pytest.mark.parametrize("name", ["Amazon", "Amazon EU S.à r.l.", "amazon.fr"])
def test_nobody_else_sells_for_amazon(name: str) -> None:
    """A stranger's markup that calls its merchant Amazon gives nothing."""
    assert read(order(merchant={"name": name}, orderNumber="404-5512093-7718426"), "x@livraison.example") == []


def test_a_seller_behind_a_shop_is_named() -> None:
    """A shop that sells for others is the retailer, the other the seller."""
    found = only(order(merchant={"name": "Grands Rayons"}, seller={"name": "Outillage Pradel"}))
    assert (found.retailer, found.seller) == ("Grands Rayons", "Outillage Pradel")
    assert only(order(seller={"name": "Maison Verre"})).seller is None


@pytest.mark.parametrize(
    ("sender", "reply_to", "mail", "address"),
    [
        (SENDER, "", "", SENDER),
        (SENDER, "service@maison-verre.example", "", "service@maison-verre.example"),
        ("no-reply@maison-verre.example", "", "", None),
        ("ne-pas-repondre@mail.maison-verre.example", "", "aide@maison-verre.example", "aide@maison-verre.example"),
        (SENDER, "x@voleur.example", "y@voleur.example", SENDER),
        ("noreply@maison-verre.example", "x@voleur.example", "", None),
    ],
)
def test_a_shop_is_answered_at_an_address_of_its_own(
    sender: str, reply_to: str, mail: str, address: str | None
) -> None:
    """The address is Reply-To's, the markup's or the sender's, of the sender's own domain, and one that is read."""
    shop = {"name": "Maison Verre", "email": mail}
    assert only(order(merchant=shop), sender, reply_to=reply_to).reply_to == address


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("mail.shop.example", "shop.example"),
        ("shop.co.uk", "shop.co.uk"),
        ("news.mail.shop.co.uk", "shop.co.uk"),
        ("shop.com.au", "shop.com.au"),
        ("Shop.Example.", "shop.example"),
        ("localhost", None),
        ("", None),
        ("a..b", None),
        ("[127.0.0.1]", None),
        ("127.0.0.1", None),
    ],
)
def test_a_domain_is_what_can_be_registered(host: str, domain: str | None) -> None:
    """Of a host only the part that somebody owns counts."""
    assert domain_of(host) == domain


@pytest.mark.parametrize(
    "address", ["no.reply@x.example", "noreply+7@x.example", "keine-antwort@x.example", "@x.example"]
)
def test_nobody_reads_some_addresses(address: str) -> None:
    """Addresses that say that nobody reads them are known in several languages and writings."""
    assert not is_read(address)


# ── what is believed ──────────────────────────────────────────────────────


@pytest.mark.parametrize("trust", [Trust.SIGNED, Trust.UNVERIFIED])
def test_a_notice_is_as_sure_as_its_letter(trust: Trust) -> None:
    """Markup adds nothing to what is believed of a letter."""
    assert only(order(), trust=trust).trust == trust


def test_a_forged_letter_gives_nothing() -> None:
    """Whatever a forged letter's markup says, nothing is drawn from it."""
    assert read(order(), trust=Trust.FORGED) == []
    assert parsers.read(letter(script(order()), trust=Trust.FORGED)) == []


def test_the_owners_own_letter_makes_no_order() -> None:
    """An answer of the owner that quotes a shop's mail is no mail of a shop; a forward of it is."""
    assert read(order(), "camille.rivoire@example.org", trust=Trust.OWNER) == []
    assert only(order(), trust=Trust.OWNER, forwarded=True).order_id == "MV-1"


# ── Amazon's letters and carriers' ────────────────────────────────────────


def test_amazons_notice_gains_what_it_lacks() -> None:
    """Where Amazon's own words say nothing, its markup is read; where they do, they count."""
    said = Notice(
        kind=Kind.SHIPPED, source="a", at=SENT, order_id="404-5512093-7718426", total=Decimal("9.00"), currency="EUR"
    )
    markup = order(
        orderNumber="404-5512093-7718426",
        price="12.00",
        priceCurrency="EUR",
        orderDelivery=parcel(trackingNumber="6A11902847553", carrier="Colissimo", expectedArrivalUntil="2026-09-20"),
    )
    (found,) = complete(letter(script(markup), "order-update@amazon.fr"), [said])
    assert (found.total, found.kind, found.retailer) == (Decimal("9.00"), Kind.SHIPPED, None)
    assert (found.tracking_numbers, found.carrier) == (("6A11902847553",), "Colissimo")
    assert found.promised_to == date(2026, 9, 20)
    other = said.model_copy(update={"order_id": "404-1112093-7718426"})
    assert complete(letter(script(markup), "order-update@amazon.fr"), [other]) == [other]


def test_amazons_markup_alone_is_amazons() -> None:
    """A mail of Amazon in unknown words is read by its markup: Amazon's order, of Amazon's form."""
    found = only(order(orderNumber="404-5512093-7718426", merchant=None), "order-update@amazon.de")
    assert (found.retailer, found.marketplace, found.order_id) == ("Amazon", "amazon.de", "404-5512093-7718426")
    assert read(order(orderNumber="1001"), "order-update@amazon.de") == []


def test_a_carriers_markup_is_a_parcel_of_no_order() -> None:
    """A carrier's letter in unknown words tells of its parcel; the shop's order number alone names no order."""
    said = parcel(trackingNumber="1Z999AA10123456784", partOfOrder=order(orderNumber="1001"))
    found = only(said, "auto@ups.com", subject="Your parcel has been delivered")
    assert (found.kind, found.order_id, found.marketplace) == (Kind.DELIVERED, None, None)
    assert (found.carrier, found.retailer, found.tracking_numbers) == ("UPS", "Maison Verre", ("1Z999AA10123456784",))


@pytest.mark.parametrize("carrier", ["ups", {"name": "UPS"}, None])
def test_a_carriers_own_name_is_known(carrier: object) -> None:
    """A carrier is called as its own mails call it, whether the markup names it in small letters or not at all."""
    assert only(parcel(trackingNumber="1Z999AA10123456784", carrier=carrier), "auto@ups.com").carrier == "UPS"


def test_reading_opens_no_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """Addresses in markup are never opened."""

    def forbidden(*_: object) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", forbidden)
    monkeypatch.setattr(socket, "getaddrinfo", forbidden)
    said = order(
        url="https://maison-verre.example/o",
        orderDelivery=parcel(trackingUrl="https://ups.com/track?tracknum=1Z999AA10123456784"),
    )
    assert only(said).tracking_numbers == ("1Z999AA10123456784",)
