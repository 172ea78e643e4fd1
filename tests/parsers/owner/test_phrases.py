"""How the owner's words are looked for."""

from __future__ import annotations

import pytest

from parsers.owner.phrases import compiled, needed, plain, starts


@pytest.mark.parametrize(
    ("phrase", "note"),
    [
        ("rembourse* pas", "ils ne me remboursent pas"),
        ("pas|jamais recu", "jamais reçu"),
        ("colis ... vide*", "le colis était hélas vide"),
        ("^ hs $", "HS"),
        ("c est la", "c'est là !"),
    ],
)
def test_a_text_with_a_phrase_has_a_word_that_it_needs(phrase: str, note: str) -> None:
    """Shows that nothing is passed over by looking at the beginnings of words first."""
    text = plain(note)
    assert compiled([phrase]).search(text)
    assert needed([phrase, "introuvable"]) & starts(text)


def test_of_a_phrase_of_short_beginnings_nothing_is_sure() -> None:
    """Shows that a phrase of which no word is known well enough makes all texts be looked through."""
    assert needed(["retrouve", "vu* ma*"]) == frozenset()


def test_a_text_without_any_needed_word_is_passed_over() -> None:
    """Shows that words of another matter are told apart at once."""
    assert not needed(["rembourse*", "pas|jamais recu"]) & starts(plain("merci pour les fleurs"))
