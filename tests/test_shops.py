"""The whole way of another shop's order: from the markup of its mails to a claim that goes to the shop itself."""

from __future__ import annotations

import json
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any

import pytest

from daemon.application.results import OrderUnknown
from daemon.claims.claim import Channel, ClaimParty, DraftState, Stage
from parsers.notice import NoteMeaning
from tests.house import CAMILLE, NOW, House
from tests.road import mails

SHOP = "maison-verre.example"
ORDER = f"{SHOP}/MV-20417"
PARCEL = "6A11902847553"


def wrote(
    status: str, days: float, *, number: str = "MV-20417", shop: str = SHOP, user: str = "service", **more: Any
) -> bytes:
    """Return a mail of a shop of some days ago, with markup as JSON-LD."""
    data = {
        "@context": "http://schema.org",
        "@type": "Order",
        "orderNumber": number,
        "merchant": {"@type": "Organization", "name": "Maison Verre"},
        "orderStatus": f"http://schema.org/{status}",
        "price": " 84,30 € ",
        "orderDelivery": {"@type": "ParcelDelivery"} | more,
    }
    message = EmailMessage()
    message["From"], message["To"] = f"Maison Verre <{user}@{shop}>", mails.OWNER
    message["Subject"], message["Date"] = f"Votre commande {number}", format_datetime(NOW - timedelta(days=days))
    message["Message-ID"] = f"<{status}-{number}-{days}@{shop}>"
    message.set_content(f"Bonjour,\n\nVotre commande {number} a du nouveau.\n\nMaison Verre\n")
    script = f'<script type="application/ld+json">{json.dumps(data)}</script>'
    message.add_alternative(f"<html><head>{script}</head><body><p>Votre commande {number}</p></body></html>", "html")
    return message.as_bytes()


def story(**more: Any) -> tuple[bytes, ...]:
    """Return the mails of an order that the shop says was delivered two days ago."""
    until = (NOW - timedelta(days=3)).date().isoformat()
    return (
        wrote("OrderProcessing", 9, expectedArrivalUntil=until, **more),
        wrote("OrderInTransit", 5, trackingNumber=PARCEL, carrier="Colissimo", **more),
        wrote("OrderDelivered", 2, trackingNumber=PARCEL, **more),
    )


def inner(raw: bytes) -> EmailMessage:
    """Return a mail to be looked into or forwarded."""
    return message_from_bytes(raw, policy=policy.default)


def forward(note: str, raw: bytes) -> bytes:
    """Return the owner's forward, as Gmail's French page makes it: what is seen stays, the markup goes."""
    mail = inner(raw)
    body = mail.get_body(("plain",))
    assert body is not None
    text = (
        f"{note}\n\n---------- Forwarded message ---------\nDe : {mail['From']}\nDate: {NOW:%d/%m/%Y} 08:00\n"
        f"Subject: {mail['Subject']}\nTo: <{mails.OWNER}>\n\n\n{body.get_content()}"
    )
    return mails.mail(
        f"Camille Rivoire <{mails.OWNER}>", f"Fwd: {mail['Subject']}", text, NOW - timedelta(hours=1), key="forwarded"
    )


def attached(note: str, raw: bytes) -> bytes:
    """Return the owner's forward with the mail attached whole."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = f"Camille <{mails.OWNER}>", mails.OWNER, "TR: commande"
    message["Date"], message["Message-ID"] = format_datetime(NOW - timedelta(hours=1)), "<attached@mail.example>"
    message.set_content(note)
    message.add_attachment(inner(raw))
    return message.as_bytes()


def answered(house: House, text: str, sender: str, subject: str = "Re: votre commande") -> bytes:
    """Return a mail that answers what the owner sent."""
    draft = house.messages(".Drafts")[-1]
    return mails.mail(
        sender, subject, text, house.clock.now(), key=f"answer-{len(text)}", In_Reply_To=str(draft["Message-ID"])
    )


def test_a_parcel_that_did_not_come_gives_a_mail_to_the_shop(house: House) -> None:
    """The shop says "delivered", the owner "pas reçu": a draft to the shop's own address lies in Drafts."""
    delivered = story()[-1]
    house.receive(*story(), forward("pas reçu", delivered))
    claim = house.claim()
    assert (claim.party, claim.order_id, claim.why) == (ClaimParty.SHOP, ORDER, "sold_by_shop")
    house.place()
    (draft,) = house.messages(".Drafts")
    assert draft["To"] == f"service@{SHOP}"
    assert "MV-20417" in str(draft["Subject"])
    text = draft.get_content()
    assert "Maison Verre" in text
    assert PARCEL in text
    assert "84,30" in text
    assert "L216-2" in text
    assert "amazon" not in (text + str(draft["Subject"])).lower()
    assert "A à Z" not in text


@pytest.mark.parametrize("how", ["attached", "typed", "typed whole"])
def test_the_owner_says_it_in_other_ways(house: House, how: str) -> None:
    """A mail attached to the owner's forward, the printed number on the command line, or the full name say the same."""
    house.receive(*story())
    if how == "attached":
        house.receive(attached("Je n'ai rien reçu.", story()[-1]))
    else:
        house.app.report("MV-20417" if how == "typed" else ORDER, NoteMeaning.NOT_RECEIVED)
    assert (house.claim().party, house.draft().to) == (ClaimParty.SHOP, f"service@{SHOP}")
    assert [one.order.order_id for one in house.app.orders()] == [ORDER]


def test_a_shop_whose_machines_write_is_written_to_through_its_site(house: House) -> None:
    """Without an address that is read, the owner gets the text in a mail, with no link and no page of Amazon's."""
    house.receive(*story(user="ne-pas-repondre"))
    house.app.report(ORDER, NoteMeaning.NOT_RECEIVED)
    assert (house.draft().channel, house.draft().to, house.draft().links) == (Channel.SHOP_CONTACT, None, ())
    house.place()
    (told,) = house.messages()
    body = told.get_body(("plain",))
    assert body is not None
    text = body.get_content()
    assert "site de la boutique" in text
    assert "http" not in text
    assert "Amazon" not in text
    assert house.messages(".Drafts") == []


def test_two_shops_with_one_number_are_two_orders(house: House) -> None:
    """Order 1001 of one shop is not order 1001 of another; the number alone then names neither."""
    other = "rempart.example"
    house.receive(*story(number="1001"), wrote("OrderCancelled", 1, number="1001", shop=other))
    assert house.order(f"{SHOP}/1001").cancelled_at is None
    assert house.order(f"{other}/1001").cancelled_at is not None
    with pytest.raises(OrderUnknown) as found:
        house.app.report("1001", NoteMeaning.NOT_RECEIVED)
    assert found.value.nearest in (f"{SHOP}/1001", f"{other}/1001")
    house.receive(forward("pas reçu", story(number="1001")[-1]))
    assert house.claim().order_id == f"{SHOP}/1001"


def test_a_stranger_cannot_write_into_a_shops_order(house: House) -> None:
    """A mail from another domain that names the shop and its number makes an order of its own at most."""
    house.receive(*story(), wrote("OrderCancelled", 1, shop="voleur.example"))
    house.app.report(ORDER, NoteMeaning.NOT_RECEIVED)
    assert house.claim().order_id == ORDER
    assert house.draft().to == f"service@{SHOP}"


def test_a_reminder_follows_after_a_week_unless_the_shop_answers(house: House) -> None:
    """A week after the mail was sent its reminder is drafted; an acknowledgement by a machine does not stop it."""
    house.receive(*story(), forward("pas reçu", story()[-1]))
    house.place()
    house.send()
    house.receive(answered(house, "Accusé de réception : votre message.", f"support@{SHOP}"))
    house.later(days=6.9)
    assert [one.stage for one in house.claim().drafts] == [Stage.FIRST]
    house.later(days=0.2)
    assert [one.stage for one in house.claim().drafts] == [Stage.FIRST, Stage.REMINDER]
    assert house.draft(Stage.REMINDER).to == f"support@{SHOP}"  # where the shop wrote from last


def test_the_shops_answer_holds_the_claim(house: House) -> None:
    """An answer from the shop's own domain in the mail's thread is one; from elsewhere it proves nothing."""
    house.receive(*story(), forward("pas reçu", story()[-1]))
    house.place()
    house.send()
    house.later(hours=5)
    house.receive(answered(house, "Bonjour, je m'en occupe.", "x@voleur.example"))
    assert house.claim().answered_at is None
    house.receive(answered(house, "Bonjour, nous enquêtons.", f"lucie@{SHOP}"))
    assert house.claim().answered_at is not None
    assert house.draft().state == DraftState.ANSWERED
    house.later(days=8)
    assert [one.stage for one in house.claim().drafts] == [Stage.FIRST]


def test_a_late_order_is_asked_about_and_claimed(house: House) -> None:
    """No delivery by the promised day: the owner is asked, and the answer to that question opens the claim."""
    house.receive(*story()[:2])
    assert house.claims() == []
    house.place()
    (question,) = house.messages()
    answer = mails.mail(
        f"Camille <{mails.OWNER}>", "Re: question", "pas reçu", NOW, key="no", In_Reply_To=str(question["Message-ID"])
    )
    house.receive(answer)
    assert (house.claim().code, house.claim().party) == ("delivery-late", ClaimParty.SHOP)
    assert house.draft().to == f"service@{SHOP}"


def test_a_replay_gives_the_same(house: House) -> None:
    """Reading all mails anew leads to the same orders and claims."""
    house.receive(*story(), forward("pas reçu", story()[-1]))
    before = house.snapshot()
    house.app.replay()
    assert house.snapshot() == before
    assert house.order(ORDER, CAMILLE).number == "MV-20417"
