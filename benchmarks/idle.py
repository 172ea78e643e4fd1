"""Idling on three mailboxes: python -m benchmarks.idle [MINUTES] (default 10)."""

from __future__ import annotations

import sys
import time

from benchmarks.common import cpu_seconds, dovecot, end, folder, memory, verdict
from tests.road.service import Relance, account, until


def main(minutes: float = 10.0) -> None:
    """Measure and judge."""
    users = ("camille", "noor", "jo")
    with dovecot(users) as server, folder() as place:
        relance = Relance(place, *(account(server, user, user) for user in users), password=server.password)
        process = relance.start()
        until(lambda: _watching(relance) == len(users), "all mailboxes to be watched")
        before, begun = cpu_seconds(process.pid), time.monotonic()
        time.sleep(minutes * 60)
        used, passed = cpu_seconds(process.pid) - before, time.monotonic() - begun
        rss = memory(process.pid)
        relance.stop()
    print(f"{passed:.0f} s on {len(users)} mailboxes: {used:.2f} s of processor time, RSS {rss:.0f} MB")
    end(verdict("of one core", used / passed * 100, 0.5, "%"), verdict("RSS", rss, 120, "MB"))


def _watching(relance: Relance) -> int:
    return sum(line["event"] == "mailbox_state" and line["state"] == "watching" for line in relance.lines())


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 10.0)
