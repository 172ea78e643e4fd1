"""What carriers' mails tell by their shape, in words that no phrase of the lexicons knows."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

import parsers
from parsers.carriers import data, shapes
from parsers.letter import Letter
from parsers.notice import Kind, Notice

WHEN = datetime(2026, 6, 10, 8, tzinfo=UTC)
NUMBER = "15501982773644"


def letter(text: str, subject: str = "Parcel news", sender: str = "your.delivery@dpd.co.uk", **fields: Any) -> Letter:
    """Return a carrier's mail of 10 June 2026, a Wednesday."""
    given = {"mail_id": "0" * 64, "date": WHEN, "received_at": WHEN, "text": text, "subject": subject, "sender": sender}
    return Letter(**given | fields)


def only(mail: Letter) -> Notice:
    """Return the one notice of a mail."""
    (notice,) = parsers.read(mail)
    return notice


@pytest.mark.parametrize(
    ("label", "known"),
    [
        ("your consignment ref.", True),
        ("code d'expedition", True),
        ("ihre paketnummer lautet", True),
        ("numero della spedizione", True),
        ("order number", False),
        ("collection code", False),
        ("your parcel", False),
        ("parcel 4471209356", False),
        ("the number of the parcel that your neighbour took in for you", False),
    ],
)
def test_a_label_of_a_parcel_s_number_needs_a_noun_and_a_number_word(label: str, known: bool) -> None:
    """Labels of any language are known by their words; those of orders and pick-up codes are not the parcel's."""
    assert shapes.is_number_label(label) is known


def test_a_number_under_an_unknown_label_is_read() -> None:
    """A label that no phrase holds still leads to its number."""
    text = f"Your parcel is on its way.\nConsignment ident. code\n{NUMBER}"
    assert only(letter(text)).tracking_numbers == (NUMBER,)


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("After Friday 19 June it is no longer ours to keep; last day 19 June.", date(2026, 6, 19)),
        ("We expect you from 12 June and by 17 June.", date(2026, 6, 17)),
        ("Storage ends, at the deadline, on 22/06/2026.", date(2026, 6, 22)),
    ],
)
def test_the_latest_day_of_a_line_that_speaks_of_an_end_is_the_deadline(words: str, day: date) -> None:
    """Where a parcel waits, an unknown wording of its deadline is read by the words that mean an end."""
    notice = only(letter(f"Your parcel {NUMBER} is ready to collect.\n{words}"))
    assert (notice.kind, notice.pickup_deadline) == (Kind.PICKUP_READY, day)


def test_a_parcel_brought_to_a_shop_waits_there() -> None:
    """What was delivered to a parcel shop is not delivered to its owner; what was collected from it is."""
    shop = only(letter(f"Your parcel {NUMBER} has been delivered to our Pickup shop."))
    gone = only(letter(f"Your parcel {NUMBER} has been collected from our Pickup shop."))
    assert (shop.kind, gone.kind) == (Kind.PICKUP_READY, Kind.DELIVERED)


def test_what_will_be_delivered_is_not_delivered() -> None:
    """A sentence that holds both is about what comes."""
    text = f"Your parcel {NUMBER} has been handed to us and will be delivered on Friday."
    notice = only(letter(text))
    assert (notice.kind, notice.promised_to) == (Kind.SHIPPED, date(2026, 6, 12))


def test_a_parcel_that_is_only_registered_is_announced() -> None:
    """The words "on its way" in a subject do not make a parcel shipped that the carrier has not got."""
    notice = only(letter(f"We haven't received it yet. Parcel {NUMBER}", "Your parcel is on its way to us"))
    assert notice.kind is Kind.ANNOUNCED


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("This evening our van brings and delivers what you wait for.", Kind.OUT_FOR_DELIVERY),
        ("Our van came, yet the handing over of it to you did not come about: no delivery.", Kind.ATTEMPTED),
    ],
)
def test_unknown_words_are_read_by_their_sense(text: str, kind: Kind) -> None:
    """Bringing beside "today" is out for delivery, bringing beside "not" was tried in vain."""
    assert only(letter(f"{text}\nParcel number: {NUMBER}")).kind is kind


def test_an_offer_for_today_is_no_parcel() -> None:
    """A subject with such words and no number gives no notice."""
    assert parsers.read(letter("Send more, pay less.", "Today only: cheap deliveries")) == []


def test_the_next_try_s_day_is_the_promised_one() -> None:
    """A day in a sentence of another try counts; the day of the vain one does not."""
    text = f"We tried to deliver your parcel {NUMBER} today, nobody was home. We'll be back on Friday 12 June."
    notice = only(letter(text))
    assert (notice.kind, notice.promised_to) == (Kind.ATTEMPTED, date(2026, 6, 12))


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("Your Thornbury & Sons delivery {} is on its way.", "Thornbury & Sons"),
        ("Hello Jane, Quillfeather has sent you parcel {}. It is on its way.", "Quillfeather"),
        ("Your parcel {} from HALVERSON LTD. Your driver is Sam. It is on its way.", "HALVERSON LTD"),
        ("Your parcel {} from Mrs Alder is on its way.", None),
        ("Your DPD driver Sam will bring your parcel {}. It is on its way.", None),
        ("Please collect your parcel {} from Corner News. It is ready to collect.", None),
    ],
)
def test_a_sender_s_name_ends_where_its_sentence_goes_on(words: str, name: str | None) -> None:
    """Small words, a new sentence, persons, the carrier itself and pick-up points are no part of a shop's name."""
    assert only(letter(words.format(NUMBER))).seller == name


def test_of_two_names_the_fuller_one_counts() -> None:
    """A subject may shorten what the body says in full."""
    text = f"Parcel number: {NUMBER}\nSender: Larkspur Ceramics GmbH\nIt is on its way."
    assert only(letter(text, "Your Larkspur parcel is on its way")).seller == "Larkspur Ceramics GmbH"


def test_a_usual_place_is_found_in_any_sentence() -> None:
    """Where no phrase takes the place, its own word does; a named place counts before "your safe place"."""
    text = f"Your parcel {NUMBER} has been delivered.\nYour safe place it was: the greenhouse, at 10:12."
    assert only(letter(text)).delivered_to == "greenhouse"


@pytest.mark.parametrize(
    ("address", "noise"),
    [
        ("newsletter@dpd.co.uk", True),
        ("noreply@news.dpd.co.uk", True),
        ("dpd.survey@dpd.co.uk", True),
        ("your.delivery@dpd.co.uk", False),
        ("newsletter-free@dpd.co.uk", True),
        ("newsroomdelivery@dpd.co.uk", False),
    ],
)
def test_addresses_of_offers_and_surveys_are_known_by_their_parts(address: str, noise: bool) -> None:
    """Whole parts of an address count, before and behind the @, never the carrier's own domain."""
    carrier = data.of_address(address)
    assert carrier is not None
    assert data.is_noise(address, carrier) is noise


def test_a_digest_speaks_of_parcels_whose_numbers_are_true() -> None:
    """A daily list of letters says nothing; a parcel's number in it must pass its check digit."""
    sender, subject = "uspsinformeddelivery@email.informeddelivery.usps.com", "Your Daily Digest is ready to view"
    listed = "2 Mailpieces\n1 Package\nIn transit\n{}"
    true = parsers.read(letter(listed.format("9400111202555842332669"), subject, sender))
    masked = parsers.read(letter(listed.format("9400111202555842332660"), subject, sender))
    assert [one.tracking_numbers for one in true] == [("9400111202555842332669",)]
    assert masked == []


@pytest.mark.parametrize(
    ("text", "carrier"),
    [
        ("Your DHL Express shipment 4471209356 has been delivered.", "DHL Express"),
        ("Your DHL parcel JJD000390004471209 has been delivered.", "DHL"),
    ],
)
def test_a_part_of_a_carrier_is_called_by_its_own_name(text: str, carrier: str) -> None:
    """Express mails of DHL are told from those of its parcel services."""
    assert only(letter(text, sender="noreply@dhl.com")).carrier == carrier
