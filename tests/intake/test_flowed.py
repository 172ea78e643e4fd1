"""Soft line breaks of format=flowed, taken out again."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.intake import open_mail
from daemon.intake.flowed import unflowed

ARRIVED = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
HEAD = b"From: Amazon.fr <order-update@amazon.fr>\r\nTo: lou@example.net\r\nSubject: Colis\r\nMIME-Version: 1.0\r\n"
WORDS = st.lists(st.text(alphabet="abcé.,:-1> ", max_size=30).map(lambda text: " ".join(text.split())), max_size=12)


def text_of(media: str, body: str) -> str:
    """Return the text of a mail whose only part has this Content-Type."""
    raw = HEAD + f"Content-Type: {media}\r\nContent-Transfer-Encoding: 8bit\r\n\r\n".encode() + body.encode()
    (letter,) = open_mail(raw, received_at=ARRIVED, owner_addresses=("lou@example.net",))
    return letter.text


@pytest.mark.parametrize(
    ("flowing", "whole"),
    [
        ("Votre colis a été \nlivré.\nMerci", "Votre colis a été livré.\nMerci"),
        ("Un \ndeux \ntrois", "Un deux trois"),
        (" From: ici", "From: ici"),
        (" > pas une citation", "> pas une citation"),
        ("> Cité qui \n> continue\nRéponse", "> Cité qui continue\nRéponse"),
        (">> plus \n> moins", ">> plus \n> moins"),
        ("Bonne journée \n-- \nLou", "Bonne journée \n-- \nLou"),
        ("> Salut \n> -- \n> Lou", "> Salut \n> -- \n> Lou"),
        ("", ""),
        ("Sans rupture\n\nDu tout", "Sans rupture\n\nDu tout"),
    ],
)
def test_soft_breaks_are_taken_out(flowing: str, whole: str) -> None:
    """A line that ends in a blank goes on below at the same depth of quoting, and never into or out of "-- "."""
    assert unflowed(flowing) == whole


def test_the_blank_of_a_soft_break_may_be_none_of_the_text() -> None:
    """With delsp=yes the blank goes, as Japanese wants it; without, it parts two words."""
    assert unflowed("ご注文の商品が配達 \nされました。", delete_space=True) == "ご注文の商品が配達されました。"
    assert unflowed("Votre \ncolis") == "Votre colis"


@pytest.mark.parametrize(
    ("media", "text"),
    [
        ("text/plain; charset=utf-8; format=flowed", "Votre colis est livré.\nMerci"),
        ('text/plain; charset=utf-8; Format="Flowed"', "Votre colis est livré.\nMerci"),
        ("text/plain; charset=utf-8; format*=us-ascii'en'flowed", "Votre colis est livré.\nMerci"),
        ("text/plain; charset=utf-8; format=flowed; DelSp=Yes", "Votre colisest livré.\nMerci"),
        ("text/plain; charset=utf-8; format=fixed", "Votre colis \nest livré.\nMerci"),
        ('text/plain; charset=utf-8; name="flowed"', "Votre colis \nest livré.\nMerci"),
        ("text/plain; charset=utf-8", "Votre colis \nest livré.\nMerci"),
    ],
)
def test_only_what_calls_itself_flowed_is_put_together(media: str, text: str) -> None:
    """The part's own header decides, however it is written; a fixed text keeps its lines."""
    assert text_of(media, "Votre colis \r\nest livré.\r\nMerci") == text


@settings(deadline=None, max_examples=200)
@given(lines=WORDS, seed=st.integers(0, 2**32), delete_space=st.booleans())
def test_any_text_comes_back(lines: list[str], seed: int, delete_space: bool) -> None:
    """What a mail program breaks and stuffs per RFC 3676 is read as it was, wherever it breaks it."""
    rng = random.Random(seed)
    flowing: list[str] = []
    for line in lines:
        pieces = [line]
        while " " in pieces[-1] and rng.random() < 0.7:
            at = rng.choice([at for at, sign in enumerate(pieces[-1]) if sign == " "]) + 1
            pieces[-1:] = [pieces[-1][:at], pieces[-1][at:]]
        *soft, last = pieces
        flowing += [f" {piece}{' ' * delete_space}" for piece in soft]
        flowing.append(f" {last}" if last.startswith((">", " ", "From ")) else last)
    assert unflowed("\n".join(flowing), delete_space=delete_space) == "\n".join(lines)
