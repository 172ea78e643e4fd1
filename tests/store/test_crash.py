"""A process that is killed while it keeps mails."""

from __future__ import annotations

import hashlib
import os
import random
import signal
import subprocess
import sys
from pathlib import Path

from daemon.mailbox.base import Watermark
from daemon.store import Store
from tests.store.samples import OWNER, raw

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = 4

_KEEPER = """
import sys
from pathlib import Path
from daemon.mailbox.base import Role, Watermark
from daemon.store import Store
from tests.store.samples import NOW, OWNER, arrived
store = Store.open(Path(sys.argv[1]))
mark = store.mails.watermark("maison", "INBOX")
last = mark.last_uid if mark else 0
while True:
    uids = range(last + 1, last + 6)
    last += 5
    wanted = [arrived(uid) for uid in uids if uid % 3]
    store.mails.keep(OWNER, "maison", "INBOX", Role.INBOX, Watermark(7, last), wanted, NOW)
    print(last, flush=True)
"""


def _kill_while_keeping(path: Path, after: int) -> int:
    """Kill the keeper somewhere behind its ``after``-th line; return the last watermark that it reported."""
    with subprocess.Popen([sys.executable, "-c", _KEEPER, path], cwd=ROOT, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout
        lines = [child.stdout.readline() for _ in range(after)]
        os.kill(child.pid, signal.SIGKILL)
        lines += child.stdout.read().splitlines(keepends=True)
    assert child.returncode == -signal.SIGKILL
    return int([line for line in lines if line.endswith("\n")][-1])


def test_killed_keeper_leaves_mails_and_watermark_in_step(path: Path) -> None:
    """After each SIGKILL the file is sound, every wanted mail up to the watermark is there once, and none beyond it."""
    chance = random.Random(20260309)
    for _ in range(ROUNDS):
        reported = _kill_while_keeping(path, chance.randrange(1, 30))
        with Store.open(path) as store:
            assert store.check() == []
            mark = store.mails.watermark("maison", "INBOX")
            assert mark is not None
            assert mark.uidvalidity == 7
            assert mark.last_uid >= reported
            wanted = [uid for uid in range(1, mark.last_uid + 1) if uid % 3]
            assert store.mails.seen("maison", "INBOX") == set(wanted)
            stored = [mail.mail_id for mail in store.mails.pending(100_000)]
            assert sorted(stored) == sorted(hashlib.sha256(raw(uid)).hexdigest() for uid in wanted)
            assert all(store.mails.raw(OWNER, mail_id) for mail_id in stored)
            assert mark == Watermark(7, 5 * (mark.last_uid // 5))
