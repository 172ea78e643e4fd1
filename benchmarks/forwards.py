"""Sender, subject, date and body of mails inside forwards: python -m benchmarks.forwards [--show] [FOLDER].

A fixture's body is put into a person's mail whose subject is a forward's (a reply's for the replies among them); mails
are taken as they are; a fixture that is a subject line is read as one. What is expected: the values of the first header
block, the first address of its sender line (the name where it has none), its date as a moment, and for the body all
that follows the block, without its quoting. A mail that is no forward itself keeps what it quotes in its body. A client
that names no subject leaves the outer one. Each reason stands beside the fixture's digest in ``expected/``; ``--show``
prints it with the fixture and what was read.
"""

from __future__ import annotations

from pathlib import Path

from benchmarks import fixtures
from daemon.intake import forward, html, open_mail
from parsers.letter import Letter

PREFIXES = {"forward": "Fwd: ", "reply": "Re: ", "mail": ""}


def body(letter: Letter) -> str:
    """Return the inner text, of the HTML where there is no other; of a mail that forwards none, the new text."""
    if not letter.forwarded:
        return letter.note or ""
    return letter.text or "\n".join(line.text for line in html.lines(letter.html))


def found(path: Path, kind: str) -> dict[str, tuple[str, str]]:
    """Return what is read from a fixture, each value with its digest."""
    if kind == "subject":
        subject = forward.bare_subject(path.read_text("utf-8").strip())
        return {"subject": (subject, fixtures.digest(subject))}
    (letter,) = open_mail(fixtures.as_mail(path, PREFIXES[kind]), received_at=fixtures.OUTER_DATE)
    words = {"sender": letter.sender or letter.sender_name, "subject": letter.subject, "body": body(letter)}
    read = {name: (value, fixtures.digest(value)) for name, value in words.items()}
    date = (letter.date.isoformat(), fixtures.moment(letter.date))
    return {"sender": read["sender"], "subject": read["subject"], "date": date, "body": read["body"]}


def outer(kind: str) -> dict[str, str]:
    """Return the digests of the outer mail's values, expected where nothing is unwrapped."""
    return {
        "sender": fixtures.digest(fixtures.OUTER_SENDER),
        "subject": fixtures.digest(PREFIXES[kind] + fixtures.OUTER_SUBJECT),
        "date": fixtures.moment(fixtures.OUTER_DATE),
    }


def main() -> None:
    """Measure and judge."""
    expected, unknown = fixtures.expectations("forwards"), 0
    place, tally = fixtures.folder("forwarded", __doc__)
    for key, path in fixtures.fixtures(place):
        if (wanted := expected.get(key)) is None:
            print(f"{key[:16]} is not known")
            unknown += 1
            continue
        kind, read = wanted["as"], {}
        for name, (value, digest) in found(path, kind).items():
            same = digest == (outer(kind)[name] if wanted[name] == "outer" else wanted[name])
            tally.count(name, key, same, wanted["why"])
            read[name] = (value, same)
        tally.shown(path, wanted["why"], read)
    tally.end(unknown)


if __name__ == "__main__":
    main()
