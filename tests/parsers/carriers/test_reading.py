"""What carriers' mails say, where words alone would mislead."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import parsers
from parsers import tracking
from parsers.letter import Letter
from parsers.notice import Kind, Notice

WHEN = datetime(2026, 6, 10, 8, tzinfo=UTC)
NUMBER = "15501982773644"


def letter(text: str, subject: str = "Your parcel", sender: str = "your.delivery@dpd.co.uk", **fields: Any) -> Letter:
    """Return a carrier's mail of 10 June 2026, a Wednesday."""
    given = {"mail_id": "0" * 64, "date": WHEN, "received_at": WHEN, "text": text, "subject": subject, "sender": sender}
    return Letter(**given | fields)


def only(mail: Letter) -> Notice:
    """Return the one notice of a mail."""
    (notice,) = parsers.read(mail)
    return notice


def test_a_progress_bar_says_nothing() -> None:
    """Short lines that name every step of the road are no news, the sentence below them is."""
    bar = "Order received\nOn its way\nOut for delivery\nDelivered\n"
    assert only(letter(f"{bar}Your parcel {NUMBER} is on its way.")).kind is Kind.SHIPPED


@pytest.mark.parametrize(
    "words",
    [
        "If you're out, we'll leave it with a neighbour.",
        "Once it has been delivered, we'll send you a photo.",
        "As soon as your parcel is ready to collect we'll let you know.",
    ],
)
def test_what_may_happen_has_not_happened(words: str) -> None:
    """Conditions and promises of later news do not count, even when they come first."""
    assert only(letter(f"{words}\nYour parcel {NUMBER} is out for delivery.")).kind is Kind.OUT_FOR_DELIVERY


def test_please_do_not_reply_can_stand_above_everything() -> None:
    """A footer's words at a mail's head do not cut the mail off."""
    mail = letter(f"Please do not reply to this e-mail.\nYour parcel {NUMBER} has been delivered.")
    assert only(mail).kind is Kind.DELIVERED


def test_the_html_counts_where_the_text_part_says_nothing() -> None:
    """A text part that only says that the mail is in HTML hides nothing."""
    html = f"<p>Your parcel has been delivered.</p><p>Parcel number: {NUMBER}</p>"
    assert only(letter("Your mail program cannot show HTML.", html=html)).tracking_numbers == (NUMBER,)


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Rate your delivery", f"Your parcel {NUMBER} was delivered. How did we do?"),
        ("20% off your next parcel", "Packages delivered anywhere."),
        ("Spring newsletter", "Out for delivery today: our new depots."),
    ],
)
def test_surveys_and_advertising_are_understood_and_say_nothing(subject: str, text: str) -> None:
    """They give no notice, and do not count as words that nobody knows."""
    mail = letter(text, subject)
    assert parsers.read(mail) == []
    assert parsers.understood(mail, [])


def test_unknown_words_with_a_number_are_not_understood() -> None:
    """A carrier's mail in words that no lexicon has is told apart from one without news."""
    mail = letter(f"Zorp blimfle. Parcel number: {NUMBER}", "Glimp")
    assert parsers.read(mail) == []
    assert not parsers.understood(mail, [])


@pytest.mark.parametrize(
    ("sender", "written", "day"),
    [
        ("mcinfo@ups.com", "06/12/2026", date(2026, 6, 12)),
        ("your.delivery@dpd.co.uk", "12/06/2026", date(2026, 6, 12)),
        ("mcinfo@ups.com", "Friday, 12/06/2026", date(2026, 6, 12)),
        ("your.delivery@dpd.co.uk", "06/25/2026", date(2026, 6, 25)),
    ],
)
def test_a_date_in_figures_is_read_as_in_the_carrier_s_country(sender: str, written: str, day: date) -> None:
    """Month first for American carriers; where that cannot be, the other way round."""
    notice = only(
        letter(f"Your package is on the way.\nScheduled delivery: {written}\nParcel 15501982773644", "", sender)
    )
    assert notice.promised_to == day


def test_a_time_window_is_no_second_day() -> None:
    """Hours between which the driver comes leave the promise at one day."""
    notice = only(letter(f"Your parcel {NUMBER} is out for delivery today between 10:12 - 11:12."))
    assert (notice.promised_from, notice.promised_to) == (WHEN.date(), WHEN.date())


def test_a_list_of_parcels_gives_each_its_state() -> None:
    """States that stand below their numbers, or above them, belong to those."""
    other = "15501982773645"
    below = f"Parcel number: {NUMBER}\nhas been delivered\nParcel number: {other}\nis on its way"
    above = f"Has been delivered\nParcel number: {NUMBER}\nIs on its way\nParcel number: {other}"
    for text in (below, above):
        found = {notice.tracking_numbers: notice.kind for notice in parsers.read(letter(text, "Your parcels"))}
        assert found == {(NUMBER,): Kind.DELIVERED, (other,): Kind.SHIPPED}


@given(
    digits=st.text("0123456789", min_size=15, max_size=15),
    gap=st.sampled_from(["", " ", "-"]),
    label=st.sampled_from(["Tracking Number: {}", "Your package {} was delivered", "Tracking number\n{}", "{}"]),
)
@settings(deadline=None, max_examples=60)
def test_reading_does_not_depend_on_the_number_nor_on_how_it_is_printed(digits: str, gap: str, label: str) -> None:
    """A UPS number with its check digit is found whole: labelled, below its label or alone, and in groups."""
    body = "1Z" + digits
    number = next(body + last for last in "0123456789" if tracking.ups(body + last))
    printed = gap.join([number[:2], number[2:5], number[5:8], number[8:10], number[10:14], number[14:]])
    mail = letter(label.format(printed), "Your UPS Package was delivered", "mcinfo@ups.com")
    assert only(mail).tracking_numbers == (number,)


def test_a_hostile_mail_takes_no_time() -> None:
    """Near-misses of every label, hundreds of times over, are read within two seconds."""
    line = "tu envío de de de tracking number 1Z 1Z 1Z your parcel from A A A will be de de colis de de " * 4
    mail = letter("\n".join([line] * 3000), "x", "notificaciones@correos.es")
    begin = time.process_time()
    parsers.read(mail)
    assert time.process_time() - begin < 2


def test_the_html_counts_where_the_text_part_only_names_the_parcel() -> None:
    """A text part of a few words hides neither what happened to the parcel nor the day that the HTML promises."""
    html = f"<p>Your parcel {NUMBER} has been dispatched.</p><p>Delivery date: 12 June 2026</p>"
    found = only(letter(f"Parcel {NUMBER} has been dispatched. View this message as HTML.", html=html))
    assert (found.kind, found.tracking_numbers, found.promised_to) == (Kind.SHIPPED, (NUMBER,), date(2026, 6, 12))
