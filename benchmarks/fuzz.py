"""Reading mutated mails for an hour: python -m benchmarks.fuzz [minutes].

Needs atheris (``pip install atheris``, Python 3.11), which no other part does. The corpus begins with the sample mails
of ``tests/mails``; what reaches new code is kept in ``.fuzz`` and mutated further, also by the next run. Whatever
leaves the boundary of reading as anything but ``UnreadableMail``, takes longer than a mail may, or names an order's
number that stands nowhere in the mail, ends the run with the mail in ``.fuzz/crash-…``.
"""

from __future__ import annotations

import hashlib
import random
import re
import sys
import time
import zlib
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from urllib.parse import unquote

try:
    import atheris  # type: ignore[import-not-found, import-untyped, unused-ignore]  # of the fuzzing machine alone
except ImportError:
    sys.exit("benchmarks.fuzz needs atheris, which no requirement file of relance holds: pip install atheris")

with atheris.instrument_imports(include=["daemon.intake", "daemon.redaction", "parsers"]):
    import parsers
    from daemon.intake import UnreadableMail, open_mail
    from daemon.redaction import redact
    from parsers.letter import Letter
from daemon.reading import COMPUTING

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT / "tests" / "mails"
PLACE = ROOT / ".fuzz"
MAX_BYTES = 60_000
ARRIVED = datetime(2026, 3, 2, tzinfo=UTC)
OWNER = ("camille.rivoire@example.org",)
SLOW = 3 * COMPUTING
"""Seconds of computing past which a mail is a finding: instrumented code takes several times its usual time."""
_AMAZON = re.compile(r"\d{3}-\d{7}-\d{7}")
_SPLICES = (b"\r\n\r\n", b"\r\n--", b"<", b"From:", b"Subject:", b"Content-", b"> ", b"404-")


class TooSlow(Exception):
    """A mail took longer than a mail may."""


class Invented(Exception):
    """An order was read whose number stands nowhere in the mail."""


def one(raw: bytes) -> None:
    """Read one mail in every way that there is. Raises whatever is a finding."""
    begun = time.process_time()
    try:
        letters = open_mail(raw, received_at=ARRIVED, owner_addresses=OWNER)
        if zlib.crc32(raw) % 10 == 0:
            # It takes ten times as long as reading: a tenth of the mails is enough.
            redact(raw, ("Camille Rivoire",), b"k" * 32)
    except UnreadableMail:
        return
    for letter in letters:
        notices = parsers.read(letter)
        parsers.understood(letter, notices)
        _stands_there(letter, [notice.order_id for notice in notices if notice.order_id])
    if time.process_time() - begun > SLOW:
        raise TooSlow(f"{time.process_time() - begun:.1f} s for {len(raw)} bytes")


def _stands_there(letter: Letter, numbers: list[str]) -> None:
    written = f"{letter.subject} {letter.text} {letter.note or ''} {letter.html} {re.sub('<[^>]*>', '', letter.html)}"
    # "%40" before a number is a sign of a link, or the beginning of the number in a text.
    digits = re.sub(r"\D", "", f"{unquote(unescape(written))} {written}")
    for number in numbers:
        if _AMAZON.fullmatch(number) and re.sub(r"\D", "", number) not in digits:
            raise Invented(hashlib.sha256(number.encode()).hexdigest()[:8])


def mutate(data: bytes, size: int, seed: int) -> bytes:
    """Change a mail as bytes, or cut, double, repeat and splice it where mails have seams."""
    chance = random.Random(seed)
    if chance.random() < 0.6 or not data:
        return bytes(atheris.Mutate(data, size))
    seams = [found.start() for found in re.finditer(b"|".join(map(re.escape, _SPLICES)), data)] or [0]
    first, second = sorted((chance.choice(seams), chance.choice(seams)))
    piece = data[first:second]
    made = {
        0: data[:first] + data[second:],
        1: data[:second] + piece + data[second:],
        2: data[:first] + piece * chance.randint(2, 40) + data[second:],
        3: data[:first] + chance.choice(_SPLICES) * chance.randint(1, 3000) + data[first:],
        4: piece + data,
    }[chance.randrange(5)]
    return made[:size]


def main() -> None:
    """Seed the corpus, and fuzz."""
    minutes = float(sys.argv[1]) if len(sys.argv) > 1 else 60.0
    corpus = PLACE / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for path in SAMPLES.rglob("*.eml"):
        raw = path.read_bytes()[:MAX_BYTES]
        (corpus / hashlib.sha256(raw).hexdigest()[:32]).write_bytes(raw)
    options = (f"-max_total_time={minutes * 60:.0f}", f"-max_len={MAX_BYTES}", "-timeout=60", "-rss_limit_mb=2048")
    where = (f"-artifact_prefix={PLACE}/", str(corpus))
    atheris.Setup([sys.argv[0], *options, "-print_final_stats=1", *where], one, custom_mutator=mutate)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
