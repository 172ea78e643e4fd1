"""What owners write in other languages than French and English."""

from __future__ import annotations

import tomllib
import unicodedata
from pathlib import Path

import pytest

from parsers.notice import NoteMeaning
from parsers.owner.parser import meaning

NOTES: dict[str, dict[str, list[str]]] = tomllib.loads(Path(__file__).with_name("notes.toml").read_text("utf-8"))
TABLE = [
    (language, note, NoteMeaning(name)) for language, by in NOTES.items() for name, all_ in by.items() for note in all_
]


@pytest.mark.parametrize(("language", "note", "means"), TABLE)
def test_note(language: str, note: str, means: NoteMeaning) -> None:
    """Shows what a note means, and that case, accents and the way letters are composed change nothing."""
    bare = "".join(c for c in unicodedata.normalize("NFD", note) if not unicodedata.combining(c))
    assert {meaning(each) for each in (note, bare, note.upper(), unicodedata.normalize("NFD", note))} == {means}, (
        language
    )


@pytest.mark.parametrize("language", NOTES)
def test_every_meaning_is_known_in_every_language(language: str) -> None:
    """Shows that the table, and so the lexicon, leaves no meaning out."""
    assert set(NOTES[language]) == {each.value for each in NoteMeaning}


@pytest.mark.parametrize(
    ("note", "means"),
    [
        ("Déposé chez une voisine que je ne connais pas, jamais vu ce colis", NoteMeaning.NOT_RECEIVED),
        ("Left with a neighbour I do not know, never saw it", NoteMeaning.NOT_RECEIVED),
        ("ce n'est pas la couleur commandée", NoteMeaning.WRONG_ITEM),
        ("il n'y avait rien dans la boîte", NoteMeaning.NOT_RECEIVED),
        ("toujours pas vu un centime", NoteMeaning.REFUND_MISSING),
        ("the kettle doesn't switch on", NoteMeaning.DAMAGED),
        ("the price charged is higher than agreed", NoteMeaning.WRONG_CHARGE),
        ("I use it every day", NoteMeaning.NONE),
        ("U bent een schat", NoteMeaning.NONE),
    ],
)
def test_french_and_english_besides(note: str, means: NoteMeaning) -> None:
    """Shows that never having seen it outweighs a delivery, and that no language takes another's words for its own."""
    assert meaning(note) is means
