"""Claims on other shops than Amazon: whom they go to, how, when, and what the letters say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from daemon import orders
from daemon.anomalies.anomaly import Anomaly, Code
from daemon.claims import compose, deadlines, route, still_blank
from daemon.claims.claim import Channel, Claim, ClaimParty, Draft, Stage
from daemon.claims.context import Context
from daemon.claims.tables import ladder
from daemon.orders.order import Order
from daemon.settings import Owner
from parsers.letter import Trust
from parsers.notice import Item, Kind, NoteMeaning, Notice, Party
from tests.claims.kit import ENGLISH, FRENCH, OWNER, RULES, START, trouble

NAME = "maison-verre.example/MV-20417"
ADDRESS = "service@maison-verre.example"
DAY = timedelta(days=1)
AMAZON = re.compile(r"amazon|A à Z|A-to-z|48.heures|48.hours|marketplace", re.IGNORECASE)


def notice(kind: Kind, at: datetime, **fields: object) -> Notice:
    """Return a mail of the shop about the order."""
    given = {"order_id": NAME, "marketplace": "maison-verre.example", "retailer": "Maison Verre", "trust": Trust.SIGNED}
    about = {"kind": kind, "at": at, "source": f"{kind.value}@{at.isoformat()}"}
    return Notice.model_validate(about | given | fields)


def mails(code: Code, address: str | None = ADDRESS) -> list[Notice]:
    """Return what is known of an order in trouble."""
    number = ("6A11902847553",)
    known = [
        notice(
            Kind.CONFIRMED, START - 7 * DAY, items=(Item(title="Carafe Brume", price=Decimal("84.30")),),
            total=Decimal("84.30"), currency="EUR", promised_to=(START - DAY).date(), reply_to=address,
        ),
        notice(Kind.SHIPPED, START - 4 * DAY, tracking_numbers=number, carrier="Colissimo"),
    ]  # fmt: skip
    if code == Code.NOT_RECEIVED:
        known.append(notice(Kind.DELIVERED, START, tracking_numbers=number))
    word = notice(
        Kind.OWNER_REPORT, START + DAY, trust=Trust.OWNER, note="pas reçu", note_means=NoteMeaning.NOT_RECEIVED
    )
    return [*known, word]


def about(order: Order, code: Code) -> Anomaly:
    """Return a confirmed trouble of the order."""
    return trouble(code, order)


def claim_of(code: Code) -> Claim:
    """Return a claim on the shop that was just opened."""
    at = START + 2 * DAY
    return Claim(ref="R-7F3K", order_id=NAME, code=code.value, party=ClaimParty.SHOP, why="sold_by_shop", opened_at=at)


def letters(code: Code, owner: Owner) -> Iterator[Draft]:
    """Write every stage of a claim, each sent before the next, and its withdrawal."""
    known, claim, at = mails(code), claim_of(code), START + 2 * DAY
    for stage in (Stage.FIRST, Stage.REMINDER, Stage.WITHDRAWAL):
        if stage == Stage.WITHDRAWAL:
            known.append(notice(Kind.OWNER_REPORT, at, trust=Trust.OWNER, note_means=NoteMeaning.FOUND))
        order = orders.fold(NAME, known)
        draft = compose(claim, order, about(order, code), stage, at, RULES, Context(owner=owner))
        yield draft
        claim = claim.model_copy(update={"drafts": (*claim.drafts, draft.model_copy(update={"sent_at": at}))})
        at += 8 * DAY


@pytest.mark.parametrize("code", list(Code))
@pytest.mark.parametrize("owner", [OWNER, ENGLISH], ids=["fr", "en"])
def test_no_letter_to_a_shop_speaks_of_amazon(code: Code, owner: Owner) -> None:
    """No stage names Amazon, its guarantee or its deadlines, or leaves a blank; each has the printed number."""
    for draft in letters(code, owner):
        text = f"{draft.subject}\n{draft.body}"
        assert not AMAZON.search(text), text
        assert not re.search(r"[{}<>]|None|Undefined|  |\.\.|,,| ,", text), text
        assert not still_blank(draft)
        assert draft.missing == ()
        assert "MV-20417" in draft.subject
        assert "maison-verre.example" not in text
        assert "Maison Verre" in draft.body
        assert owner.name in draft.body
        assert (draft.chat, draft.phone, draft.links) == (None, None, ())


@pytest.mark.parametrize(
    ("code", "owner", "article"),
    [
        (Code.NOT_RECEIVED, OWNER, "article L216-2 du Code de la consommation"),
        (Code.DELIVERY_LATE, OWNER, "article L216-1 du Code de la consommation"),
        (Code.NOT_RECEIVED, ENGLISH, "section 29"),
    ],
)
def test_the_law_is_that_of_the_owners_country(code: Code, owner: Owner, article: str) -> None:
    """The law of delivery is the same for every seller: a letter to a shop cites what one to Amazon's would."""
    assert article in next(letters(code, owner)).body


def test_the_first_letter_to_a_shop_in_french() -> None:
    """The whole text, as its reader gets it."""
    draft = next(letters(Code.NOT_RECEIVED, OWNER))
    text = re.sub(r"[\u00a0\u202f]", " ", draft.body).split("\n\n")
    assert draft.subject.replace("\u00a0", " ") == "Commande MV-20417 – colis indiqué comme livré, non reçu"
    assert text[:3] == [
        "Bonjour,",
        "Je suis Camille Roux, titulaire de la commande n° MV-20417 (« Carafe Brume »), passée le 23 février 2026 "
        "auprès de votre boutique Maison Verre.",
        "Le suivi indique que le colis n° 6A11902847553 (Colissimo) a été livré le 2 mars 2026. À ce jour, je n’ai pas "
        "reçu ce colis.",
    ]
    assert text[-3:] == [
        "Je vous demande de me réexpédier la commande sans frais ou, si ce n’est pas possible, de me la rembourser "
        "intégralement, soit 84,30 €.",
        "Je vous remercie de me répondre sous 7 jours. Sans réponse dans ce délai, je vous adresserai une relance "
        "écrite.",
        "Cordialement,\nCamille Roux",
    ]


def test_the_reminder_to_a_shop_in_english() -> None:
    """The sentences that differ from those to a seller at Amazon."""
    _, draft, _ = letters(Code.DELIVERY_LATE, ENGLISH)
    text = re.sub(r"[\u00a0\u202f]", " ", draft.body)
    assert "I am writing about order no. MV-20417 (“Carafe Brume”), which I placed with Maison Verre on 23" in text
    assert "Please reply within 7 days. If it is not resolved by then, I will turn to the out-of-court options" in text


@pytest.mark.parametrize("address", [None, "no address", "a@b@c", "x@y.example\nBcc: z@y.example"])
def test_without_an_address_the_text_is_for_the_shops_site(address: str | None) -> None:
    """Where only machines write from a shop's addresses, its owner places the text on the shop's site."""
    order = orders.fold(NAME, mails(Code.NOT_RECEIVED, address))
    draft = compose(
        claim_of(Code.NOT_RECEIVED), order, about(order, Code.NOT_RECEIVED), Stage.FIRST, START, RULES, FRENCH
    )
    assert (draft.channel, draft.to, draft.in_reply_to) == (Channel.SHOP_CONTACT, None, None)


def test_a_shop_with_an_address_is_written_to_by_mail() -> None:
    """With an address that is read, every stage is a mail to it, whatever is set for Amazon's sellers."""
    for draft in letters(Code.NOT_RECEIVED, OWNER):
        assert (draft.channel, draft.to, draft.in_reply_to) == (Channel.SHOP_MAIL, ADDRESS, None)


@pytest.mark.parametrize("sold_by", [None, Party.AMAZON, Party.THIRD_PARTY])
def test_the_party_is_the_shop(sold_by: Party | None) -> None:
    """A shop's order leads to the shop and asks nothing, whatever else is said of who sold."""
    order = orders.fold(NAME, [*mails(Code.NOT_RECEIVED), notice(Kind.INVOICED, START, sold_by=sold_by)])
    (way,) = route(order, about(order, Code.NOT_RECEIVED), RULES).routes
    assert (way.party, way.recommended, way.why) == (ClaimParty.SHOP, True, "sold_by_shop")
    assert way.sources
    assert not any(source.startswith("owner_report") for source in way.sources)


def test_a_shops_reminder_waits_for_its_own_time() -> None:
    """The reminder falls due a week after the first mail, and there is no guarantee to ask for."""
    order, code = orders.fold(NAME, mails(Code.NOT_RECEIVED)), Code.NOT_RECEIVED
    claim = claim_of(code)
    draft = compose(claim, order, about(order, code), Stage.FIRST, START, RULES, FRENCH)
    sent = claim.model_copy(update={"drafts": (draft.model_copy(update={"sent_at": START}),)})
    windows = deadlines(sent, order, RULES)
    assert windows.reminder_at == START + 7 * DAY
    assert (windows.a_to_z_from, windows.a_to_z_until) == (None, None)
    assert [step.stage for step in ladder(RULES).steps(ClaimParty.SHOP)] == [Stage.FIRST, Stage.REMINDER]


@pytest.mark.parametrize(
    ("shop", "zone"),
    [
        ("laden.de", "Europe/Berlin"),
        ("goods.co.uk", "Europe/London"),
        ("shop.example", "Europe/Paris"),
        ("winkel.nl", "Europe/Amsterdam"),
    ],
)
def test_a_shops_days_are_those_of_its_country(shop: str, zone: str) -> None:
    """The country of the shop's domain tells its zone; where it tells none, it is the usual one."""
    assert RULES.zone(Order(order_id=f"{shop}/1", marketplace=shop)).key == zone
    assert RULES.link("order", Order(order_id=f"{shop}/404-7719035-2286641", marketplace=shop)) is None
