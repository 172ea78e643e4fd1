"""What the command line says when something is wrong: one sentence, what to do, and an exit code."""

from __future__ import annotations

from enum import IntEnum

from daemon.say import say


class Exit(IntEnum):
    """The exit codes, as documented in ``relance --help`` and ``docs/cli.md``."""

    OK = 0
    TO_MEND = 1
    """Something is wrong that the owner can mend."""
    USAGE = 2
    """A wrong option, or a file that cannot be read."""
    CONFIGURATION = 3
    STORE = 4
    MAILBOX = 5
    NOT_FOUND = 6
    FAULT = 70
    """A fault of relance itself (``EX_SOFTWARE`` of sysexits.h)."""
    INTERRUPTED = 130
    BROKEN_PIPE = 141


class Complaint(Exception):
    """What is wrong (``error.<key>.what``), what to do about it (``error.<key>.do``), and the exit code."""

    def __init__(self, key: str, exit_code: Exit, /, **facts: object) -> None:
        super().__init__(key)
        self.key = key
        self.exit_code = exit_code
        self.facts = facts

    def what(self) -> str:
        """Return the sentence that says what is wrong."""
        return say(f"error.{self.key}.what", **self.facts)

    def remedy(self) -> str:
        """Return what to do about it."""
        return say(f"error.{self.key}.do", **self.facts)

    def __str__(self) -> str:
        return f"{self.what()} {self.remedy()}"


def near(candidates: object) -> str:
    """Return the end of a sentence that offers the nearest names, empty for none."""
    names = [candidates] if isinstance(candidates, str) else list(candidates or ())  # type: ignore[call-overload]
    names = [str(name) for name in names if name]
    return say("error.near", names=", ".join(names)) if names else ""
