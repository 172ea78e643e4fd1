"""How long to wait before trying again: after a lost connection, and while the store takes no mail.

Both wait in the mailbox's own thread, on the event that ends the service, so that the end is never waited for.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from tenacity import RetryCallState, Retrying, retry_if_exception_type, wait_exponential, wait_random_exponential
from tenacity.wait import wait_base

from daemon.mailbox.base import ConnectionLost
from daemon.store.errors import StoreUnavailable

T = TypeVar("T")


class Stopping(Exception):
    """The service is ending."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Waits, in seconds."""

    idle: float = 25.0
    """Longest stay in IDLE, and longest time between two signs of life: with the time limit for an answer it stays
    under the minute within which a dead server must be noticed."""
    answer: float = 30.0
    """Longest time limit for an answer on the connection that idles."""
    first_retry: float = 1.0
    longest_retry: float = 300.0
    first_pause: float = 0.5
    longest_pause: float = 30.0


def reconnecting(pace: Pace, stop: threading.Event, tell: Callable[[ConnectionLost, float, int], None]) -> Retrying:
    """Return a loop that tries again after ``ConnectionLost``, ever later, with jitter, for ever.

    ``tell`` hears the error, the seconds until the next try and the number of failed ones. Set the attempt's
    number to 1 upon success: only success shortens the wait again.
    """

    def before_sleep(state: RetryCallState) -> None:
        error = state.outcome.exception() if state.outcome else None
        if isinstance(error, ConnectionLost):
            tell(error, state.next_action.sleep if state.next_action else 0.0, state.attempt_number)

    return Retrying(
        retry=retry_if_exception_type(ConnectionLost),
        wait=_wait(pace.first_retry, pace.longest_retry),
        sleep=_sleeper(stop),
        before_sleep=before_sleep,
        reraise=True,
    )


def until_stored(pace: Pace, stop: threading.Event, tell: Callable[[float], None], work: Callable[[], T]) -> T:
    """Do ``work`` until it does not raise ``StoreUnavailable``; ``tell`` hears the seconds of each wait.

    Raises ``Stopping`` when the service ends meanwhile, and whatever else ``work`` raises.
    """

    def before_sleep(state: RetryCallState) -> None:
        tell(state.next_action.sleep if state.next_action else 0.0)

    return Retrying(
        retry=retry_if_exception_type(StoreUnavailable),
        wait=_wait(pace.first_pause, pace.longest_pause),
        sleep=_sleeper(stop),
        before_sleep=before_sleep,
        reraise=True,
    )(work)


def _wait(first: float, longest: float) -> wait_base:
    # Half of the wait is certain and half is left to chance, so that mailboxes lost together do not return together.
    certain = wait_exponential(multiplier=first / 2, max=longest / 2)
    return certain + wait_random_exponential(multiplier=first / 2, max=longest / 2)


def _sleeper(stop: threading.Event) -> Callable[[float], None]:
    def sleep(seconds: float) -> None:
        if stop.wait(seconds):
            raise Stopping

    return sleep
