"""Being asked to end: at any moment, by any thread, by a signal."""

from __future__ import annotations

import subprocess
import sys
import threading

from daemon.ending import Ending

_AT_EVERY_STEP = """
import os, signal, sys
from daemon.ending import Ending

def ends(step):
    "Wait with SIGTERM coming at one step of the waiting, inside the library too; return whether the step was reached."
    ending, left = Ending(), [step]
    signal.signal(signal.SIGTERM, lambda *_: ending.ask())
    def trace(frame, event, argument):
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGTERM)
        return trace
    sys.settrace(trace)
    ended = False
    for _ in range(3):
        ended = ending.wait(0.0001)
    sys.settrace(None)
    if left[0] > 0:
        return False
    assert ended or ending.wait(0), step
    return True

steps = 1
while ends(steps):
    steps += 1
print(steps)
"""


def test_a_signal_at_any_step_of_the_wait_ends_it() -> None:
    """Whatever step of the wait a SIGTERM falls into, the wait ends and does not hang."""
    done = subprocess.run(
        [sys.executable, "-c", _AT_EVERY_STEP], capture_output=True, text=True, timeout=30, check=False
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 10


def test_another_thread_ends_the_wait_at_once() -> None:
    """A wait of an hour is over when another thread asks, and every later wait is over at once."""
    ending = Ending()
    threading.Timer(0.05, ending.ask).start()
    assert ending.wait(3600)
    assert ending.wait(3600)


def test_without_a_wish_the_wait_says_so() -> None:
    """A wait that nobody ended returns False."""
    assert not Ending().wait(0)
