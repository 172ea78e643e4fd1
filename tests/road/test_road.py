"""The main job, whole: a mail comes in at a real Dovecot, a reviewed claim goes out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from tests.road import mails
from tests.road.service import Relance, until
from tests.servers.dovecot import Dovecot

ORDER = mails.order_number(1)
RELAY = "k3v9w2qpl5@marketplace.amazon.fr"


@pytest.fixture
def now() -> datetime:
    """Return the present moment: the service under test has the machine's clock."""
    return datetime.now(UTC).replace(microsecond=0)


def _ours(dovecot: Dovecot, folder: str) -> list[EmailMessage]:
    found = [message_from_bytes(one.raw, policy=policy.default) for one in dovecot.messages("camille", folder)]
    return [one for one in found if one["X-Relance"]]


def _notice(dovecot: Dovecot, relance: Relance) -> tuple[str, EmailMessage]:
    """Wait for the first mail that relance puts into the INBOX about a claim; return the claim's number and it."""

    def look() -> tuple[str, EmailMessage] | None:
        drafts = relance.json("drafts")
        there = _ours(dovecot, "INBOX")
        return (drafts[0]["claim"]["ref"], there[-1]) if drafts and there else None

    found: tuple[str, EmailMessage] = until(look, "a notice in the INBOX")
    return found


def test_a_forwarded_not_received_becomes_a_claim_to_amazon(dovecot: Dovecot, relance: Relance, now: datetime) -> None:
    """A « Livré » forwarded with "pas reçu" puts Amazon's chat, telephone and form texts before the owner."""
    relance.start()
    dovecot.deliver("camille", mails.confirmed(ORDER, now - timedelta(days=4)))
    dovecot.deliver("camille", mails.delivered(ORDER, now - timedelta(days=1)))
    dovecot.deliver("camille", mails.not_received(ORDER, now - timedelta(hours=1)))
    ref, notice = _notice(dovecot, relance)
    body = notice.get_body(("plain",))
    assert body is not None
    text = body.get_content()
    assert ref in str(notice["Subject"])
    assert ORDER in text
    assert f"https://www.amazon.fr/gp/your-account/order-details?orderID={ORDER}" in text
    assert _ours(dovecot, "Drafts") == []


def test_the_watched_mails_keep_their_flags(dovecot: Dovecot, relance: Relance, now: datetime) -> None:
    """Nothing that was in the mailbox is marked, moved or changed."""
    before = [mails.newsletter(now, 1), mails.confirmed(ORDER, now - timedelta(days=4)), mails.delivered(ORDER, now)]
    for raw in before:
        dovecot.deliver("camille", raw)
    relance.start()
    until(lambda: relance.json("orders"), "the order")
    there = [one for one in dovecot.messages("camille") if b"X-Relance" not in one.raw]
    assert [one.raw.replace(b"\r\n", b"\n") for one in there] == before
    assert not any(b"\\Seen" in flag.encode() for one in there for flag in one.flags)


def test_an_approved_claim_that_was_sent_starts_the_clock(dovecot: Dovecot, relance: Relance, now: datetime) -> None:
    """Approving and noting the sending schedules the reminder 48 hours later, and a delivery cancels it."""
    relance.start()
    dovecot.deliver("camille", mails.confirmed(ORDER, now - timedelta(days=4)))
    dovecot.deliver("camille", mails.delivered(ORDER, now - timedelta(days=1)))
    dovecot.deliver("camille", mails.not_received(ORDER, now - timedelta(hours=1)))
    ref, _ = _notice(dovecot, relance)
    assert relance.command("approve", ref).returncode == 0
    assert relance.command("sent", ref).returncode == 0
    claim = relance.json("show", ref)["claim"]
    (follow_up,) = claim["follow_ups"]
    assert follow_up["stage"] == "reminder"
    due = datetime.fromisoformat(follow_up["due_at"])
    assert timedelta(hours=47) < due - datetime.now(UTC) <= timedelta(hours=48)
    dovecot.deliver("camille", mails.refunded(ORDER, now))
    until(lambda: not relance.json("show", ref)["claim"]["follow_ups"], "the reminder's end")


def test_a_seller_who_wrote_is_answered_in_their_thread(dovecot: Dovecot, relance: Relance, now: datetime) -> None:
    """With a seller's relay address known, the draft lies in Drafts, in the seller's thread, and leaves when sent."""
    relance.start()
    promised = (now - timedelta(days=5)).date().isoformat()
    dovecot.deliver(
        "camille", mails.confirmed(ORDER, now - timedelta(days=9), seller="Verrerie du Sault", promised=promised)
    )
    wrote = mails.seller_wrote(
        ORDER, now - timedelta(days=6), RELAY, seller="Verrerie du Sault", text="Bonjour, c'est parti."
    )
    dovecot.deliver("camille", wrote)
    dovecot.deliver("camille", mails.delivered(ORDER, now - timedelta(days=2)))
    dovecot.deliver("camille", mails.not_received(ORDER, now - timedelta(hours=1)))
    (draft,) = until(lambda: _ours(dovecot, "Drafts"), "a draft")
    assert draft["To"] == RELAY
    assert draft["In-Reply-To"] == f"<seller-{ORDER}@mail.example>"
    ref = relance.json("drafts")[0]["claim"]["ref"]
    _send_as_the_owner(dovecot, draft)
    until(lambda: relance.json("show", ref)["claim"]["follow_ups"], "the sending to be seen in Sent", 90)


def _send_as_the_owner(dovecot: Dovecot, draft: EmailMessage) -> None:
    """What a mail program does: the message goes to Sent, under a Message-ID of the program's own."""
    draft.replace_header("Message-ID", "<from-my-telephone@example.org>")
    del draft["X-Relance"]
    dovecot.deliver("camille", draft.as_bytes(), "Sent")


def test_mail_that_cannot_matter_leaves_nothing(dovecot: Dovecot, relance: Relance, now: datetime) -> None:
    """A newsletter is not stored; only the folder's watermark has moved past it."""
    relance.start()
    dovecot.deliver("camille", mails.newsletter(now, 7))
    dovecot.deliver("camille", mails.confirmed(ORDER, now))
    until(lambda: relance.json("orders"), "the order")
    assert relance.json("status")["mails"]["read"] == 1


def test_nothing_private_is_logged(dovecot: Dovecot, relance: Relance, now: datetime) -> None:
    """A whole run, with everything logged, tells no address, subject, body, name or password."""
    process = relance.start()
    dovecot.deliver("camille", mails.confirmed(ORDER, now - timedelta(days=4), title="Lanterne Cuivrée"))
    dovecot.deliver("camille", mails.delivered(ORDER, now - timedelta(days=1), title="Lanterne Cuivrée"))
    dovecot.deliver("camille", mails.not_received(ORDER, now - timedelta(hours=1), note="pas reçu, quelle tristesse"))
    _notice(dovecot, relance)
    code, _ = relance.stop()
    assert (code, process.returncode) == (0, 0)
    log = relance.log.read_text("utf-8")
    assert "placed" in log
    for private in (mails.OWNER, "Lanterne", "tristesse", "Rivoire", "NANTES", dovecot.password, "amazon.fr>"):
        assert private not in log


def test_sigterm_ends_within_five_seconds(dovecot: Dovecot, relance: Relance) -> None:
    """The service ends at once while it idles, and within five seconds while a frozen server does not greet it."""
    relance.start()
    until(lambda: "watching" in relance.states(), "watching")
    code, seconds = relance.stop()
    assert (code, seconds < 5) == (0, True)
    dovecot.freeze()
    try:
        relance.start()
        until(lambda: relance.states().count("starting") == 2, "a second start")
        code, seconds = relance.stop()
    finally:
        dovecot.thaw()
    assert (code, seconds < 5) == (0, True)
