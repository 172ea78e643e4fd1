"""From APPEND to the draft being visible, against a bare IDLE notice on the same Dovecot: python -m benchmarks.latency.

A bare client idles in the INBOX and another idles where the draft is placed; both measure from the same APPEND.
Dovecot holds every notice back for up to half a second, so the draft is looked for by asking, not by its own notice.
"""

from __future__ import annotations

import statistics
import threading
import time
from datetime import UTC, datetime, timedelta

from imapclient import IMAPClient  # type: ignore[import-untyped]

from benchmarks.common import dovecot, end, folder, verdict
from tests.road import mails
from tests.road.service import Relance, account, until
from tests.servers.dovecot import Dovecot

ROUNDS = 30
LIMIT = 150.0
RELAY = "b4n7c2mmq1@marketplace.amazon.fr"


def _connect(server: Dovecot) -> IMAPClient:
    client = IMAPClient(server.host, server.port, ssl=False, timeout=30)
    client.login("camille", server.password)
    return client


def _bare_notice(server: Dovecot, told: list[float], ready: threading.Event) -> None:
    """Idle in the INBOX and note when the first notice comes."""
    client = _connect(server)
    client.select_folder("INBOX", readonly=True)
    client.idle()
    ready.set()
    while not any(b"EXISTS" in part for part in client.idle_check(timeout=10)):
        continue
    told.append(time.perf_counter())
    client.idle_done()
    client.logout()


def _round(server: Dovecot, seeker: IMAPClient, number: int, now: datetime) -> tuple[float, float]:
    """Return (milliseconds to the bare notice, milliseconds until the draft is there)."""
    order = mails.order_number(number)
    before = _drafts(seeker)
    told: list[float] = []
    ready = threading.Event()
    thread = threading.Thread(target=_bare_notice, args=(server, told, ready))
    thread.start()
    ready.wait(10)
    report = mails.not_received(order, now)
    with server.client("camille") as client:
        begun = time.perf_counter()
        client.append("INBOX", report)
        while _drafts(seeker) == before:
            time.sleep(0.002)
        there = time.perf_counter()
    thread.join()
    return (told[0] - begun) * 1000, (there - begun) * 1000


def _drafts(seeker: IMAPClient) -> int:
    seeker.noop()
    return int(seeker.folder_status("Drafts", ["MESSAGES"])[b"MESSAGES"])


def main() -> None:
    """Measure and judge."""
    now = datetime.now(UTC).replace(microsecond=0)
    with dovecot() as server, folder() as place:
        for number in range(ROUNDS + 1):
            order, day = mails.order_number(number), now - timedelta(days=9)
            seller = "Verrerie du Sault"
            server.deliver("camille", mails.confirmed(order, day, seller=seller))
            server.deliver("camille", mails.seller_wrote(order, day, RELAY, seller=seller, text="Merci !"))
            server.deliver("camille", mails.delivered(order, now - timedelta(days=2)))
        relance = Relance(place, account(server), claims="seller_mail = true", password=server.password)
        relance.start()
        until(lambda: len(relance.json("orders")) == ROUNDS + 1, "the orders to be read")
        seeker = _connect(server)
        _round(server, seeker, ROUNDS, now)  # the first one warms up templates
        rounds = [_round(server, seeker, number, now) for number in range(ROUNDS)]
        relance.stop()
    bare = statistics.median(one[0] for one in rounds)
    whole = statistics.median(one[1] for one in rounds)
    print(f"bare IDLE notice {bare:.0f} ms, draft visible {whole:.0f} ms (medians of {ROUNDS})")
    on_top = statistics.median(there - told for told, there in rounds)
    end(verdict("on top of the notice, median", on_top, LIMIT, "ms"))


if __name__ == "__main__":
    main()
