"""The new text alone of published replies: python -m benchmarks.replies [FOLDER].

A fixture's body is put into a person's mail whose subject is a reply's; mails are taken as they are. What is expected:
the writer's own text, whatever its line breaks. Not of it are the quotation and its introduction, a signature behind
its delimiter, telephones' and mail programs' lines, legal notices and lists' footers. Where published parsers differ,
a courtesy ("Best regards") and the name below it are removed with the signature, because a note is put into a letter
that has its own; thanks stay, being words; answers between quoted lines are joined; where nothing is the writer's own,
nothing is expected. Each fixture's reason stands beside its digest in ``expected/replies.json``.
"""

from __future__ import annotations

from benchmarks import fixtures
from daemon.intake import open_mail


def main() -> None:
    """Measure and judge."""
    expected, tally, unknown = fixtures.expectations("replies"), fixtures.Tally(), 0
    for key, path in fixtures.fixtures(fixtures.folder("replies", __doc__)):
        if (wanted := expected.get(key)) is None:
            print(f"{key[:16]} is not known")
            unknown += 1
            continue
        letters = open_mail(fixtures.as_mail(path, "Re: "), received_at=fixtures.OUTER_DATE)
        note = letters[0].note or ""
        tally.count("new text", key, fixtures.digest(note) == wanted["new"], wanted["why"])
    tally.end(unknown)


if __name__ == "__main__":
    main()
