"""Forged mails: they change nothing, lie in quarantine, and their owner is told of each of them once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from daemon.mailbox.base import Role
from daemon.outbox import ids
from tests.house import CAMILLE, NOOR, NOW, ORDER, RELAY, SELLER, House, bought, box, from_amazon, from_seller
from tests.road import mails

LURE = "https://www.amazon.fr.suivi-colis.example/commande"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """Give a house without a service."""
    house = House(tmp_path)
    yield house
    house.close()


def came(sender: str, subject: str, text: str, key: str = "forged", **headers: str) -> bytes:
    """Return a mail of an hour ago."""
    return mails.mail(sender, subject, text, NOW - timedelta(hours=1), key=key, **headers)


def imitations(order: str, answered: str = "<relance.r-7f3k.first.1.draft@example.org>") -> dict[str, bytes]:
    """Return mails that only pretend: of the order's delivery, refund and cancellation, and of an answer to us."""
    text = f"Votre colis a été livré!\n\nLivré aujourd'hui\n\nN° de commande\n{order}\n\n* Lanterne\n  Quantité : 1\n"
    refund = f"Votre remboursement\n\nNous avons remboursé EUR 42,50.\n\nCommande n° {order}\n"
    failing = {"Authentication_Results": "mx.elsewhere.example; dkim=fail header.d=amazon.fr"}
    disowned = {"Authentication_Results": "mx.elsewhere.example; dmarc=fail header.from=example.org"}
    real = "Amazon.fr <order-update@amazon.fr>"
    thread = {"In_Reply_To": answered, "References": answered}
    return {
        "look-alike": came("Amazon.fr <order-update@arnazon.fr>", "Livré : « Lanterne... »", text),
        "below another": came("Suivi <suivi@amazon.fr.example.org>", "Livré : « Lanterne... »", text),
        "homoglyphs": came("Suivi <suivi@xn--mazon-3ve.fr>", "Remboursement", refund),
        "failing": came(real, "Livré : « Lanterne... »", text, **failing),
        "failing refund": came(real, "Remboursement de votre commande", refund, **failing),
        "links away": came(real, "Livré : « Lanterne... »", f"{text}\nSuivre votre colis : {LURE}/{order}\n"),
        "malformed": came(real, "Commande annulée", "Votre commande n° 404-77190-352286641 a été annulée.\n"),
        "thread": came("Amazon.fr <reponse@service.example>", "Re: colis", f"Commande {order} remboursée\n", **thread),
        "owner": came(f"Camille <{mails.OWNER}>", "Re: colis", "bien reçu\n", **thread, **disowned),
    }


@pytest.mark.parametrize("kind", list(imitations(ORDER)))
@pytest.mark.parametrize("first", [True, False], ids=["before", "after"])
def test_a_forged_mail_changes_nothing(house: House, kind: str, first: bool) -> None:
    """A forged delivery, refund, cancellation or answer, before or after the true mails, leaves all as it is."""
    house.receive(*from_amazon())
    wanted = house.snapshot()
    forged = imitations(ORDER)[kind]
    if first:
        other = House(house.boxes[0].path.parent / "other", now=NOW)
        other.receive(forged)
        assert (other.store.views.orders(), other.claims()) == ([], [])
        other.receive(*from_amazon())
        assert [one.model_dump() for one in other.claims()] == [one.model_dump() for one in house.claims()]
        other.close()
    house.receive(forged)
    assert [one.reason for one in house.app.quarantined()] == ["forged"]
    assert house.snapshot() == wanted


def test_a_forged_answer_in_a_sellers_thread_changes_nothing(house: House) -> None:
    """Whoever imitates the shop in the thread of a message that was sent does not count as the seller's answer."""
    house.receive(*from_seller())
    house.place()
    (draft,) = [one for one in house.messages(".Drafts") if ids.is_ours(str(one["Message-ID"]))]
    house.receive(draft.as_bytes(), role=Role.SENT)
    wanted = house.snapshot()
    ours = str(draft["Message-ID"])
    thread = {"In_Reply_To": ours, "References": ours}
    house.receive(came(f"{SELLER} - Amazon <x@marketplace.amaz0n.fr>", "Re: colis", "Colis remboursé.\n", **thread))
    assert [one.reason for one in house.app.quarantined()] == ["forged"]
    assert house.snapshot() == wanted
    house.receive(mails.seller_wrote(ORDER, NOW, RELAY, seller=SELLER, text="Nous vous remboursons."))
    assert house.snapshot() != wanted


def test_of_a_wave_of_forged_mails_the_owner_is_told_once(house: House) -> None:
    """Many variants of a day make one mail in the INBOX: no other when they come or are read again."""
    wave = [
        came(f"Amazon.fr <suivi@{sender}>", subject, f"{ORDER}\n", key=f"{sender}-{subject}")
        for sender in ("arnazon.fr", "amaz0n.fr", "dhl-paket.top")
        for subject in ("Un", "Deux")
    ]
    house.receive(wave[0])
    assert house.place() == 1
    house.receive(*wave)
    house.app.quarantine_retry()
    house.app.replay(lambda _done, _total: None)
    house.place()
    assert house.kinds() == ["alert"]
    assert len(house.app.quarantined()) == len(wave)


def test_the_next_days_imitation_is_told_again(house: House) -> None:
    """A wave that goes on makes one mail a day, by when its mails came, whatever the order in which they are read."""
    for hours in (30, 25, 2, 1):
        house.keep(
            came("Amazon.fr <suivi@arnazon.fr>", f"Avis {hours}", "x\n", key=f"f{hours}"),
            at=NOW - timedelta(hours=hours),
        )
    house.pipeline.read_new()
    house.place()
    assert house.kinds() == ["alert", "alert"]


def test_the_warning_names_the_mail_and_links_nowhere(house: House) -> None:
    """It tells who the mail pretends to be and how to look at it, and nothing in it can be clicked."""
    house.receive(came("Amazon.fr <suivi@arnazon.fr>", f"Payez ici {LURE} www.arnazon.fr", f"{ORDER}\n"))
    house.place()
    (told,) = house.messages()
    body = told.get_body(("plain",))
    page = told.get_body(("html",))
    assert body is not None
    assert page is not None
    (aside,) = house.app.quarantined()
    assert f"relance quarantine show {aside.mail_id[:12]}" in body.get_content()
    assert "suivi@arnazon[.]fr" in body.get_content()
    for text in (body.get_content(), page.get_content()):
        assert "https:" not in text
        assert "www.arnazon" not in text
        assert "href" not in text
    assert "Attention" in str(told["Subject"])


def test_of_old_imitations_nobody_is_told(house: House) -> None:
    """A first start that finds old imitations puts them into quarantine and writes no mail about them."""
    old = NOW - timedelta(days=15)
    house.keep(came("Amazon.fr <suivi@arnazon.fr>", "Livré", f"{ORDER}\n"), at=old)
    house.pipeline.read_new()
    assert [one.reason for one in house.app.quarantined()] == ["forged"]
    assert house.intended() == []


def test_each_owner_is_told_in_their_mailbox_and_language(tmp_path: Path) -> None:
    """The same forged mail in two people's mailboxes is told to both, each in their own language."""
    house = House(tmp_path, box(tmp_path), box(tmp_path, "bureau", NOOR))
    forged = came("Amazon.fr <suivi@arnazon.fr>", "Livré", f"{ORDER}\n")
    for place in (0, 1):
        house.receive(forged, place=place)
        house.place(place)
    (french,), (english,) = (house.messages(place=place) for place in (0, 1))
    assert str(french["To"]).endswith(f"<{CAMILLE.addresses[0]}>")
    assert "Attention" in str(french["Subject"])
    assert str(english["To"]).endswith(f"<{NOOR.addresses[0]}>")
    assert "Beware" in str(english["Subject"])
    house.close()


def test_true_mails_alert_nobody(house: House) -> None:
    """The mails of an ordinary order make no warning."""
    house.receive(bought(), *from_amazon())
    house.place()
    assert "alert" not in house.kinds()
