"""What the benchmarks share: a Dovecot of their own, figures, and how they are printed.

Timings depend on the machine: each benchmark measures what it compares in the same run, and gives the ratio.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers.certificate import make_certificate
from tests.servers.dovecot import Dovecot


@contextmanager
def dovecot(users: tuple[str, ...] = ("camille",), extra: str = "") -> Iterator[Dovecot]:
    """Run a Dovecot for the length of a benchmark."""
    with tempfile.TemporaryDirectory(prefix="relance-bench-") as folder:
        server = Dovecot(make_certificate(Path(folder)), users, extra)
        server.start()
        try:
            yield server
        finally:
            server.stop()


@contextmanager
def folder() -> Iterator[Path]:
    """Give a temporary folder."""
    with tempfile.TemporaryDirectory(prefix="relance-bench-") as name:
        yield Path(name)


def verdict(name: str, figure: float, limit: float, unit: str, *, at_least: bool = False) -> bool:
    """Print a figure against its limit; return whether it holds."""
    holds = figure >= limit if at_least else figure <= limit
    sign = "≥" if at_least else "≤"
    print(f"{'ok  ' if holds else 'FAIL'} {name}: {figure:.2f} {unit} (limit {sign} {limit:g} {unit})")
    return holds


def end(*held: bool) -> None:
    """Exit with 0 where every figure holds."""
    sys.exit(0 if all(held) else 1)


def peak_memory(pid: int) -> float:
    """Return the most memory that a process has used so far, in MB (VmHWM)."""
    return _status(pid, "VmHWM")


def memory(pid: int) -> float:
    """Return the memory that a process uses now, in MB (VmRSS)."""
    return _status(pid, "VmRSS")


def _status(pid: int, field: str) -> float:
    lines = Path(f"/proc/{pid}/status").read_text("utf-8").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(field))


def cpu_seconds(pid: int) -> float:
    """Return the processor time that a process has used, in seconds."""
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100
