"""Reading the sample mails whole, against mail-parser's bare decoding of them: python -m benchmarks.parsing.

Measured in processor time. Besides: the same French and English mails with two languages and with all there are, and
what loading every language costs.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import mailparser

import parsers
from benchmarks.common import end, folder, verdict
from daemon.intake import open_mail
from parsers.amazon import lexicon

ROUNDS = 15
LIMIT = 2.0
GROWTH = 1.1
LOADING = 150.0
FEW = ("fr", "en")
SAMPLES = Path(__file__).resolve().parents[1] / "tests" / "mails"
_LOAD = """
import time, parsers
begun = time.process_time()
from parsers.amazon import lexicon, site
site.sites()
lexicon.of_text("", [], ("en",))
books = lexicon.library()
for code in books.codes:
    books.get(code)
print((time.process_time() - begun) * 1000)
"""


def _bare(raw: bytes) -> None:
    mail = mailparser.parse_from_bytes(raw)
    _ = (mail.subject, mail.from_, mail.date, mail.text_plain, mail.text_html)


def _whole(raw: bytes) -> None:
    for letter in open_mail(raw, received_at=datetime(2026, 3, 2, tzinfo=UTC)):
        parsers.read(letter)


def _seconds(work: Callable[[bytes], None], mails: list[bytes]) -> float:
    begun = time.process_time()
    for raw in mails:
        work(raw)
    return time.process_time() - begun


def _growth() -> float:
    """Return how much longer the same mails take with every language than with two."""
    mails = [path.read_bytes() for code in FEW for path in sorted((SAMPLES / "amazon" / code).glob("*.eml"))]
    every = lexicon.library()
    with folder() as few:
        for code in FEW:
            shutil.copy(every.folder / f"{code}.toml", few)
        two = lexicon.Library(few)
        rounds = []
        for _ in range(ROUNDS):
            took = []
            for books in (two, every):
                lexicon.use(books)
                took.append(_seconds(_whole, mails))
            rounds.append(took[1] / took[0])
    lexicon.use(every)
    return statistics.median(rounds[1:])


def _loading() -> float:
    """Return what loading every language takes in a fresh process, in ms of processor time."""
    taken = [subprocess.run([sys.executable, "-c", _LOAD], capture_output=True, check=True).stdout for _ in range(5)]
    return min(map(float, taken))


def main() -> None:
    """Measure and judge."""
    mails = [path.read_bytes() for path in sorted(SAMPLES.rglob("*.eml"))]
    _seconds(_bare, mails), _seconds(_whole, mails)
    rounds = [(_seconds(_bare, mails), _seconds(_whole, mails)) for _ in range(ROUNDS)]
    bare, whole = (statistics.median(one[index] for one in rounds) / len(mails) * 1000 for index in (0, 1))
    print(f"{len(mails)} mails: bare decoding {bare:.2f} ms a mail, read whole {whole:.2f} ms a mail")
    ratio = verdict("ratio, median", statistics.median(b / a for a, b in rounds), LIMIT, "×")
    growth = verdict(f"all languages against {len(FEW)}", _growth(), GROWTH, "×")
    end(ratio, growth, verdict("loading every language", _loading(), LOADING, "ms"))


if __name__ == "__main__":
    main()
