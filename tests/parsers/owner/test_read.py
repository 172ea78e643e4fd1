"""From the owner's note to reports: which orders they are about, and what they hold."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from parsers.letter import Letter, Trust
from parsers.notice import Kind, NoteMeaning, Notice
from parsers.owner.parser import read

SENT = datetime(2026, 9, 4, 15, 47, tzinfo=UTC)
ARRIVED = SENT + timedelta(hours=18)


def letter(note: str | None, subject: str = "", text: str = "") -> Letter:
    """Return an owner's forward with this note."""
    return Letter(
        mail_id="a" * 64, sender="order-update@amazon.fr", subject=subject, date=SENT, received_at=ARRIVED, text=text,
        note=note, forwarded=True, trust=Trust.OWNER,
    )  # fmt: skip


def notice(order_id: str | None, kind: Kind = Kind.DELIVERED, **fields: object) -> Notice:
    """Return a notice of an order mail."""
    return Notice.model_validate(
        {
            "kind": kind,
            "source": "a" * 64,
            "at": SENT,
            "order_id": order_id,
            "retailer": "Amazon",
            "marketplace": "amazon.fr",
            **fields,
        }
    )


def test_a_note_above_a_forward_is_about_its_order() -> None:
    """Shows every field of the report that a note above an order mail gives."""
    assert read(letter("pas reçu du tout"), [notice("404-1187764-5093326")]) == [
        Notice(
            kind=Kind.OWNER_REPORT,
            source="a" * 64,
            at=ARRIVED,
            trust=Trust.OWNER,
            retailer="Amazon",
            marketplace="amazon.fr",
            order_id="404-1187764-5093326",
            note="pas reçu du tout",
            note_means=NoteMeaning.NOT_RECEIVED,
        )
    ]


def test_a_mail_of_several_orders_gives_a_report_each() -> None:
    """Shows that a note without a number is about every order of the mail, each once, in the mail's order."""
    known = [notice("404-1187764-5093326"), notice("171-4458210-6637789"), notice("404-1187764-5093326", Kind.SHIPPED)]
    assert [each.order_id for each in read(letter("rien reçu"), known)] == [
        "404-1187764-5093326",
        "171-4458210-6637789",
    ]


def test_a_number_in_the_note_chooses_the_order() -> None:
    """Shows that of several orders the note may name the one it is about."""
    known = [notice("404-1187764-5093326"), notice("171-4458210-6637789")]
    (report,) = read(letter("la 171-4458210-6637789 est cassée : vase cassé"), known)
    assert (report.order_id, report.note_means) == ("171-4458210-6637789", NoteMeaning.DAMAGED)


def test_a_carriers_mail_hands_its_tracking_number_on() -> None:
    """Shows that a note above a carrier's mail, which names no order, is found by its tracking number."""
    (report,) = read(
        letter("jamais arrivé"), [notice(None, tracking_numbers=("6A22918837465",), carrier="Colissimo", retailer=None)]
    )
    assert (report.order_id, report.tracking_numbers, report.carrier) == (None, ("6A22918837465",), "Colissimo")


def test_numbers_of_an_own_mail() -> None:
    """Shows where the order's number is looked for when there is no order mail: note, subject, quotation."""
    number = "406-8842069-3315574"
    assert [each.order_id for each in read(letter(f"pas reçu {number}"), [])] == [number]
    assert [each.order_id for each in read(letter("pas reçu", f"Re: Commande {number}"), [])] == [number]
    assert [each.order_id for each in read(letter("pas reçu", text=f"pas reçu\n> Commande {number}"), [])] == [number]
    assert read(letter("pas reçu", text=f"{number} 403-7094418-6620157"), []) == []
    assert read(letter("pas reçu", text="262-5930471-18264037"), []) == []


def test_no_report_without_meaning_or_note() -> None:
    """Shows that a note that says nothing of an order, or no note, gives no report."""
    assert read(letter("FYI"), [notice("404-1187764-5093326")]) == []
    assert read(letter(None), [notice("404-1187764-5093326")]) == []
