"""Forwards by many mail programs in many languages: ``shapes_forward.txt`` holds how each writes its header block."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest

from daemon.intake import open_mail
from parsers.letter import Letter

ARRIVED = datetime(2026, 9, 5, 6, 12, 30, tzinfo=UTC)
OWNER = "robin@example.net"
NAME, ADDRESS = "Atelier Ferrand", "nadia@atelier-ferrand.example"
SUBJECT = "Votre meuble n° 7 : expédition"
TO, CC = "Robin Lesage <robin@example.net>", "Lou Marchal <lou@example.net>"
BODY = ["Bonjour Robin,", "", "le meuble est parti.", "Quai 4 : mardi", "", "-- ", "Nadia Ferrand"]
NOTE = "Rien reçu pour ma part."


@dataclass(frozen=True)
class Shape:
    """A header block, with gaps for its values."""

    name: str
    quoted: bool
    date: datetime
    keeps_outer_subject: bool
    lines: str


def shapes() -> list[Shape]:
    """Return the shapes of the file."""
    text = (Path(__file__).parent / "shapes_forward.txt").read_text("utf-8")
    found = []
    for entry in text.split("\n== ")[1:]:
        head, _, lines = entry.partition("\n")
        name, date, *rest = (part.strip() for part in head.split("|"))
        found.append(
            Shape(name.removeprefix("Q "), name.startswith("Q "), datetime.fromisoformat(date), bool(rest), lines)
        )
    return found


SHAPES = shapes()


def forwarded(shape: Shape, who: str, note: str = NOTE, subject: str = SUBJECT, outer: str | None = None) -> Letter:
    """Return the letter of a forward of this shape."""
    block = shape.lines.format(who=who, name=NAME, address=ADDRESS, subject=subject, to=TO, cc=CC)
    lines = [*block.rstrip("\n").split("\n"), "", *BODY]
    inner = "\n".join(f"> {line}".rstrip() if shape.quoted else line for line in lines)
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = (
        OWNER,
        "suivi@example.org",
        f"Fwd: {subject}" if outer is None else outer,
    )
    mail["Date"] = datetime.fromisoformat("2026-09-05T08:12:00+02:00")
    mail.set_content(f"{note}\n\n{inner}\n")
    (letter,) = open_mail(bytes(mail), received_at=ARRIVED, owner_addresses=(OWNER,))
    return letter


def words(text: str) -> list[str]:
    """Return a text's words, whatever its line breaks."""
    return text.split()


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
def test_the_inner_mail_comes_out_whole(shape: Shape) -> None:
    """Shows that sender, subject, date, body and the note above come out of each program's forward."""
    letter = forwarded(shape, f"{NAME} <{ADDRESS}>")
    assert (letter.forwarded, letter.sender, letter.sender_name) == (True, ADDRESS, NAME)
    assert (letter.subject, letter.date) == (SUBJECT, shape.date)
    assert words(letter.text) == words("\n".join(BODY))
    assert letter.note == NOTE


@pytest.mark.parametrize("shape", [one for one in SHAPES if not one.keeps_outer_subject], ids=lambda shape: shape.name)
@pytest.mark.parametrize(
    ("who", "address", "name"),
    [(ADDRESS, ADDRESS, ""), (f'"{NAME}" <{ADDRESS}>', ADDRESS, NAME), (NAME, "", NAME),
     (f"{NAME} <{ADDRESS}<mailto:{ADDRESS}>>", ADDRESS, NAME), (f"{NAME} [mailto:{ADDRESS}]", ADDRESS, NAME),
     (f"{ADDRESS} <{ADDRESS}>", ADDRESS, "")],
    ids=["address", "quoted", "name", "twice", "mailto", "address twice"],
)  # fmt: skip
def test_senders_are_written_in_many_ways(shape: Shape, who: str, address: str, name: str) -> None:
    """Shows that an address alone, a name alone and links beside the address give the same sender."""
    letter = forwarded(shape, who)
    assert (letter.sender, letter.sender_name, letter.subject) == (address, name, SUBJECT)


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
def test_nothing_need_stand_above(shape: Shape) -> None:
    """Shows that a forward without a word of its own is one, too, and has no note."""
    letter = forwarded(shape, f"{NAME} <{ADDRESS}>", note="")
    assert (letter.sender, letter.note) == (ADDRESS, None)


@pytest.mark.parametrize("subject", ["", "Re: mardi", "[SPAM] A: b - c", "Facture: n° 12"])
def test_subjects_stay_as_they_were(subject: str) -> None:
    """Shows that a forwarded mail's subject is its own, whatever it looks like, and the outer one where it has none."""
    shape = next(one for one in SHAPES if one.name == "outlook 2019 fr")
    outer = "TR: sans objet" if not subject else None
    assert forwarded(shape, f"{NAME} <{ADDRESS}>", subject=subject, outer=outer).subject == (subject or "sans objet")
