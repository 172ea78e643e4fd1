"""Every sample mail of tests/mails beside the notices that must come out of it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import parsers
from daemon.intake import open_mail
from parsers.notice import Kind, Notice

MAILS = Path(__file__).parents[1] / "mails"
FOLDERS = ("amazon", "carriers")
NAMES = sorted(
    path.relative_to(MAILS).with_suffix("").as_posix() for folder in FOLDERS for path in (MAILS / folder).rglob("*.eml")
)
FIELDS = (
    *("kind", "retailer", "marketplace", "order_id", "items", "total", "currency", "promised_from", "promised_to"),
    *("delivered_to", "tracking_numbers", "carrier", "seller", "sold_by", "shipped_by", "refund_amount"),
    *("refund_method", "refund_expected", "pickup_deadline", "reply_means"),
)
ARRIVED = datetime(2026, 11, 1, tzinfo=UTC)


def said(notice: Notice) -> dict[str, Any]:
    """Return the fields that a notice states, as `relance parse --json` writes them."""
    written = notice.model_dump(mode="json", exclude_none=True)
    return {name: written[name] for name in FIELDS if written.get(name) not in (None, [])}


def notices_of(name: str) -> list[dict[str, Any]]:
    """Return what comes out of a sample mail, by the road that every mail takes."""
    letters = open_mail((MAILS / f"{name}.eml").read_bytes(), received_at=ARRIVED)
    return [said(notice) for letter in letters for notice in parsers.read(letter)]


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_mail_gives_its_notices(name: str) -> None:
    """A mail gives exactly the notices written beside it, field by field."""
    expected = json.loads((MAILS / f"{name}.json").read_text("utf-8"))["notices"]
    assert notices_of(name) == expected


def test_every_mail_has_its_expectation_and_the_reverse() -> None:
    """No mail lies in the folders without what must come out of it, nor the reverse."""
    mails = {str(path.with_suffix("")) for folder in FOLDERS for path in (MAILS / folder).rglob("*.eml")}
    expectations = {str(path.with_suffix("")) for folder in FOLDERS for path in (MAILS / folder).rglob("*.json")}
    assert mails == expectations
    assert len(mails) >= 40


def test_the_samples_hold_every_kind_that_amazon_mails() -> None:
    """The sample mails leave out no kind of the road from order to refund."""
    kinds = {notice["kind"] for name in NAMES for notice in json.loads((MAILS / f"{name}.json").read_text())["notices"]}
    road = {
        Kind.CONFIRMED,
        Kind.SHIPPED,
        Kind.OUT_FOR_DELIVERY,
        Kind.DELIVERED,
        Kind.ATTEMPTED,
        Kind.PICKUP_READY,
        Kind.DELAYED,
        Kind.CANCELLED,
        Kind.RETURNED,
        Kind.REFUNDED,
        Kind.PAYMENT_FAILED,
        Kind.SELLER_MESSAGE,
        Kind.SUPPORT_MESSAGE,
    }
    assert road <= kinds


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_mail_is_understood(name: str) -> None:
    """None of the sample mails counts as one whose words are unknown."""
    for letter in open_mail((MAILS / f"{name}.eml").read_bytes(), received_at=ARRIVED):
        assert parsers.understood(letter, parsers.read(letter))
