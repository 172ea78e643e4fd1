"""What the benchmarks of forwards and replies share: fixtures made into mails, and expectations kept as digests.

Fixtures are other people's mails and do not belong to this project. What is expected of each was settled by reading
it, and is kept under the SHA-256 of its bytes: digests of the values, and the reason in words (``why``). A fixture
that is not known there is counted and named by its digest, so that a changed folder is not taken for a good one.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
import textwrap
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

EXPECTED = Path(__file__).resolve().parent / "expected"
ROOT = Path(__file__).resolve().parents[1]
OUTER_SENDER = "robin@example.net"
OUTER_SUBJECT = "A few words of the outer mail"
OUTER_DATE = datetime.fromisoformat("2026-09-05T08:12:00+02:00")
"""Where a fixture's date names no zone, the outer mail's counts."""
LIMIT = 0.98


@dataclass
class Tally:
    """How many values of each name were right, and which were not."""

    right: Counter[str] = field(default_factory=Counter)
    of: Counter[str] = field(default_factory=Counter)
    misses: list[str] = field(default_factory=list)
    show: bool = False
    """Whether each fixture is printed with what is expected of it, and what was read."""

    def count(self, name: str, key: str, same: bool, why: str) -> None:
        """Count one value; a miss is named by its fixture's digest and the reason of the expectation."""
        self.of[name] += 1
        self.right[name] += same
        if not same:
            self.misses.append(f"{key[:16]} {name}: expected {why}")

    def shown(self, path: Path, why: str, read: dict[str, tuple[str, bool]]) -> None:
        """Print a fixture, why something is expected of it, and each value read with whether it is what is expected.

        What is expected is kept as a digest: a value that is right is the expected one, word by word.
        """
        if not self.show:
            return
        print(f"== {path.name}\n{textwrap.indent(path.read_text('utf-8', 'replace').rstrip(), '  | ')}")
        print(f"expected: {why}")
        for name, (value, same) in read.items():
            lines = textwrap.indent(value, " " * 10).strip() if value else "(nothing)"
            print(f"{name:8}{'= ' if same else '≠ '}{lines}{'' if same else '   <- not what is expected'}")
        print()

    def end(self, unknown: int) -> None:
        """Print the shares and misses, and exit with 1 where a share is too small or nothing was measured."""
        for line in self.misses:
            print(line)
        for name, total in self.of.items():
            print(f"{name:8} {self.right[name]:4} of {total:4}: {100 * self.right[name] / total:5.1f} %")
        if unknown:
            print(f"{unknown} fixtures without an expectation")
        good = bool(self.of) and all(self.right[name] >= LIMIT * total for name, total in self.of.items())
        sys.exit(0 if good and not unknown else 1)


def folder(name: str, description: str | None) -> tuple[Path, Tally]:
    """Return the fixtures' folder: the argument, ``RELANCE_FIXTURES``/``name``, or the one beside the project.

    With it an empty tally, which prints each fixture if ``--show`` asks for it.
    """
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("folder", nargs="?", type=Path, help="default: $RELANCE_FIXTURES/" + name)
    shows = "print each fixture beside what is expected of it and why, and what is read from it"
    parser.add_argument("--show", action="store_true", help=shows)
    told = parser.parse_args()
    given: Path | None = told.folder
    if given is None and (root := os.environ.get("RELANCE_FIXTURES")):
        given = Path(root) / name
    found = given or ROOT.parent / "shared" / "corpus" / name
    if not found.is_dir():
        sys.exit(f"no folder of fixtures: {found} (give one as argument, or set RELANCE_FIXTURES)")
    return found, Tally(show=told.show)


def expectations(name: str) -> dict[str, dict[str, str]]:
    """Return what is expected, by the SHA-256 of a fixture's bytes."""
    table: dict[str, dict[str, str]] = json.loads((EXPECTED / f"{name}.json").read_text("utf-8"))
    return table


def fixtures(place: Path) -> list[tuple[str, Path]]:
    """Return each file with the SHA-256 of its bytes."""
    return [(hashlib.sha256(path.read_bytes()).hexdigest(), path) for path in sorted(place.iterdir())]


def digest(text: str) -> str:
    """Return the digest of a text, whatever its spaces and line ends."""
    return hashlib.sha256(" ".join(unicodedata.normalize("NFC", text).split()).encode()).hexdigest()


def moment(when: datetime) -> str:
    """Return the digest of a moment, whatever its zone."""
    return digest(when.astimezone(UTC).isoformat())


def as_mail(path: Path, prefix: str) -> bytes:
    """Return a fixture's bytes if it is a mail, else a mail of a person's with its text or HTML as the body."""
    raw = path.read_bytes()
    if path.suffix == ".eml":
        return raw
    mail: Any = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = OUTER_SENDER, "shop@example.org", f"{prefix}{OUTER_SUBJECT}"
    mail["Date"] = OUTER_DATE
    mail.set_content(raw.decode("utf-8", "replace"), subtype="html" if path.suffix == ".html" else "plain")
    return bytes(mail)
