"""The first read of 20 000 mails of which 2 % matter, against fetching all of them: python -m benchmarks.first_read.

The mails are written straight into Dovecot's Maildir, 45 kB in the mean; bytes are those that Dovecot says it sent.
"""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import ssl
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from imapclient import IMAPClient  # type: ignore[import-untyped]

from benchmarks.common import dovecot, end, folder, peak_memory, verdict
from tests.road import mails
from tests.road.service import Relance, account, until
from tests.servers.dovecot import Dovecot

MAILS = 20_000
MATTER = 0.02
MEAN = 45_000
BATCH = 100


def _fill(server: Dovecot, now: datetime) -> int:
    """Write the mailbox; return how many of its mails matter."""
    chance = random.Random(45)
    new = server.root / "mail" / "camille" / "Maildir" / "new"
    with server.client("camille"):
        pass  # the first login makes the folders
    for name in ("cur", "new", "tmp"):
        (new.parent / name).mkdir(parents=True, exist_ok=True)
    matter = 0
    for number in range(MAILS):
        at = now - timedelta(days=80) + timedelta(minutes=5 * number)
        if chance.random() < MATTER:
            matter += 1
            raw = mails.confirmed(mails.order_number(number), at)
        else:
            raw = mails.newsletter(at, number, size=int(chance.gammavariate(1.5, MEAN / 1.5)))
        path = new / f"{int(at.timestamp())}.M{number}.bench"
        path.write_bytes(raw.replace(b"\n", b"\r\n"))
        os.utime(path, (at.timestamp(), at.timestamp()))
    if os.geteuid() == 0:
        for path in [new.parent.parent, new.parent, *new.parent.rglob("*")]:
            shutil.chown(path, "nobody", "nogroup")
    return matter


def _fetch_all(server: Dovecot) -> float:
    """Fetch every mail whole, in batches; return the seconds."""
    begun = time.perf_counter()
    with IMAPClient(server.host, server.tls_port, ssl_context=_trusting(server), timeout=60) as client:
        client.login("camille", server.password)
        client.select_folder("INBOX", readonly=True)
        uids = client.search("ALL")
        for start in range(0, len(uids), BATCH):
            client.fetch(uids[start : start + BATCH], ["BODY.PEEK[]"])
    return time.perf_counter() - begun


def _trusting(server: Dovecot) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(server.ca_file))


def _read(server: Dovecot, place: Path, matter: int) -> tuple[float, float]:
    """Let relance read it; return (seconds until every mail that matters is stored, peak memory in MB)."""
    place.mkdir()
    relance = Relance(place, account(server), password=server.password)
    process = relance.start()
    until(lambda: relance.state.exists() and _stored(relance) >= matter, "the first read", 600)
    until(lambda: relance.json("status")["mails"]["new"] == 0, "the mails to be understood", 600)
    peak = peak_memory(process.pid)
    relance.stop()
    return _taken(relance), peak


def _taken(relance: Relance) -> float:
    """Return the seconds from the mailbox's start to the last mail stored, as logged, without Python's own start."""
    times = {line["event"]: datetime.fromisoformat(line["timestamp"]) for line in relance.lines()}
    first = next(line for line in relance.lines() if line["event"] == "mailbox_state")
    return (times["mails_kept"] - datetime.fromisoformat(first["timestamp"])).total_seconds()


def _stored(relance: Relance) -> int:
    try:
        with sqlite3.connect(f"file:{relance.state / 'relance.sqlite3'}?mode=ro", uri=True) as connection:
            return int(connection.execute("SELECT count(*) FROM mails").fetchone()[0])
    except sqlite3.OperationalError:
        return 0


def main() -> None:
    """Measure and judge."""
    now = datetime.now(UTC).replace(microsecond=0)
    with dovecot() as server, folder() as place:
        matter = _fill(server, now)
        with server.client("camille") as client:
            client.select_folder("INBOX", readonly=True)  # Dovecot builds its index once, for both
        before = server.bytes_sent("camille")
        all_seconds = _fetch_all(server)
        time.sleep(1)  # Dovecot writes what it sent into its log when it has seen the end
        all_bytes = server.bytes_sent("camille") - before
        seconds, peak = _read(server, place / "a", matter)
        time.sleep(1)
        bytes_ = server.bytes_sent("camille") - before - all_bytes
    print(f"{MAILS} mails, {matter} matter: all fetched {all_seconds:.1f} s, {all_bytes / 1e6:.0f} MB;")
    print(f"relance: {seconds:.1f} s, {bytes_ / 1e6:.1f} MB, peak {peak:.0f} MB")
    end(
        verdict("faster than fetching all", all_seconds / seconds, 3, "×", at_least=True),
        verdict("fewer bytes than fetching all", all_bytes / bytes_, 10, "×", at_least=True),
        verdict("peak memory", peak, 150, "MB"),
    )


if __name__ == "__main__":
    main()
