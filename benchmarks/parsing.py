"""Reading the sample mails whole, against mail-parser's bare decoding of them: python -m benchmarks.parsing."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import mailparser

import parsers
from benchmarks.common import end, verdict
from daemon.intake import open_mail

ROUNDS = 15
LIMIT = 2.0
SAMPLES = Path(__file__).resolve().parents[1] / "tests" / "mails"


def _bare(raw: bytes) -> None:
    mail = mailparser.parse_from_bytes(raw)
    _ = (mail.subject, mail.from_, mail.date, mail.text_plain, mail.text_html)


def _whole(raw: bytes) -> None:
    for letter in open_mail(raw, received_at=datetime(2026, 3, 2, tzinfo=UTC)):
        parsers.read(letter)


def _seconds(work: Callable[[bytes], None], mails: list[bytes]) -> float:
    begun = time.perf_counter()
    for raw in mails:
        work(raw)
    return time.perf_counter() - begun


def main() -> None:
    """Measure and judge."""
    mails = [path.read_bytes() for path in sorted(SAMPLES.rglob("*.eml"))]
    _seconds(_bare, mails), _seconds(_whole, mails)
    rounds = [(_seconds(_bare, mails), _seconds(_whole, mails)) for _ in range(ROUNDS)]
    bare, whole = (statistics.median(one[index] for one in rounds) / len(mails) * 1000 for index in (0, 1))
    print(f"{len(mails)} mails: bare decoding {bare:.2f} ms a mail, read whole {whole:.2f} ms a mail")
    end(verdict("ratio, median", statistics.median(b / a for a, b in rounds), LIMIT, "×"))


if __name__ == "__main__":
    main()
