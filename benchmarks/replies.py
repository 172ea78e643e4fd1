"""The new text alone of published replies: python -m benchmarks.replies [--show] [FOLDER].

A fixture's body is put into a person's mail whose subject is a reply's; mails are taken as they are. What is expected:
the writer's own text, whatever its line breaks. Not of it are the quotation and its introduction, a signature behind
its delimiter, telephones' and mail programs' lines, legal notices and lists' footers. Where published parsers differ,
a courtesy ("Best regards") and the name below it are removed with the signature, because a note is put into a letter
that has its own; thanks stay, being words; answers between quoted lines are joined; where nothing is the writer's own,
nothing is expected. Each fixture's reason stands beside its digest in ``expected/replies.json``; ``--show`` prints it
with the fixture and what was read.
"""

from __future__ import annotations

from benchmarks import fixtures
from daemon.intake import open_mail


def main() -> None:
    """Measure and judge."""
    expected, unknown = fixtures.expectations("replies"), 0
    place, tally = fixtures.folder("replies", __doc__)
    for key, path in fixtures.fixtures(place):
        if (wanted := expected.get(key)) is None:
            print(f"{key[:16]} is not known")
            unknown += 1
            continue
        letters = open_mail(fixtures.as_mail(path, "Re: "), received_at=fixtures.OUTER_DATE)
        note = letters[0].note or ""
        same = fixtures.digest(note) == wanted["new"]
        tally.count("new text", key, same, wanted["why"])
        tally.shown(path, wanted["why"], {"new text": (note, same)})
    tally.end(unknown)


if __name__ == "__main__":
    main()
