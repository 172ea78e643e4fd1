"""Reading a mail: what it says, and whose words are not read."""

from __future__ import annotations

from datetime import UTC, datetime

from daemon.reading import Sheet, read
from tests.road import mails

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
SHEET = Sheet(received_at=NOW, owner_addresses=(mails.OWNER,), authserv_ids=(), sent=False)


def test_a_mail_in_the_sent_folder_gives_no_notices() -> None:
    """What the owner wrote to a seller is looked at for whom it went to only, wherever it lies."""
    sheet = SHEET.model_copy(update={"sent": True})
    relay = "k3v9q2zt7p@marketplace.amazon.fr"
    me, order = f"Camille <{mails.OWNER}>", mails.order_number(3)
    raw = mails.mail(me, "Re:", f"Je n'ai pas reçu la commande {order}.\n", NOW, key="claim", to=relay)
    reading = read(raw, sheet)
    assert read(raw, SHEET) == reading
    assert reading.notices == ()
    assert len(reading.letters) == 1
