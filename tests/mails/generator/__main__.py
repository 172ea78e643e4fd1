"""Writes the sample mails of every phrasebook, or says which mails are misread.

python -m tests.mails.generator [--check] [--seeds N] [--keep FOLDER] [LANGUAGE ...]
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tests.mails.generator import checking, samples
from tests.mails.generator.book import languages


def _write(wanted: list[str]) -> None:
    for language in wanted:
        folder = samples.FOLDER / language
        folder.mkdir(parents=True, exist_ok=True)
        for path in (*folder.glob("*.eml"), *folder.glob("*.json")):
            path.unlink()
        for sample in samples.samples(language):
            found = samples.made(sample)
            sample.path.write_bytes(found.raw)
            sample.path.with_suffix(".json").write_text(samples.written(found), "utf-8")


def _check(wanted: list[str], seeds: int, keep: Path | None) -> int:
    wrong = 0
    for language in wanted:
        for each in checking.misread(language, seeds):
            wrong += 1
            draw = "committed" if each.seed is None else f"seed {each.seed}"
            name = f"{language}_{each.sample.name}_{draw.replace(' ', '')}"
            sys.stdout.write(f"{language}/{each.sample.name} ({draw})\n")
            sys.stdout.writelines(f"    {line}\n" for line in each.differences)
            if keep is not None:
                keep.mkdir(parents=True, exist_ok=True)
                (keep / f"{name}.eml").write_bytes(each.mail.raw)
                (keep / f"{name}.json").write_text(samples.written(each.mail), "utf-8")
    return wrong


def main() -> int:
    """Run the command; 1 when a mail is misread."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("languages", nargs="*", metavar="LANGUAGE")
    options.add_argument("--check", action="store_true", help="write nothing; say which mails are misread")
    options.add_argument("--seeds", type=int, default=0, help="check so many draws more of each mail")
    options.add_argument("--keep", type=Path, help="folder for the misread mails")
    given = options.parse_args()
    wanted = given.languages or list(languages())
    if given.check:
        wrong = _check(wanted, given.seeds, given.keep)
        sys.stdout.write(f"{wrong} mails misread\n")
        return 1 if wrong else 0
    _write(wanted)
    return 0


if __name__ == "__main__":
    sys.exit(main())
