"""Bodies as clean lines."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers import text


def words(lines: list[text.Line]) -> list[str]:
    """Return the written lines."""
    return [line.text for line in lines if line.text]


def test_invisible_signs_and_odd_blanks_are_gone() -> None:
    """Bidi marks, zero-width signs and unusual blanks do not reach the rules."""
    (line,) = text.from_plain("N°\u00a0de\u202fcommande \u202b404-7719035-2286641\u2069\u200b")
    assert line.text == "N° de commande 404-7719035-2286641"
    assert text.clean("\u2066Livré\u2069 \u00ad:  x") == "Livré : x"


def test_links_of_text_are_taken_out_of_the_words() -> None:
    """The forms in which mail programs write links leave their words, and the address beside them."""
    forms = ["Suivre <https://a.example/x>", "Suivre (https://a.example/x)", "[Suivre](https://a.example/x)"]
    for form in forms:
        (line,) = text.from_plain(form)
        assert (line.text, line.urls) == ("Suivre", ("https://a.example/x",))


@given(
    st.text(st.one_of(st.characters(codec="cp1252"), st.sampled_from("ŁęЖ語\u2011ıİşğżźśß\uff21\uff11\uff1a\uffe5あ")))
)
def test_folding_changes_no_length(written: str) -> None:
    """Folded text has a sign for each sign, the same in every company, with or without signs of other scripts."""
    assert text.fold(written) == "".join(map(text.fold, written))
    assert len(text.fold(written)) == len(written)
    assert text.fold("« ÉtÉ » – L’Œuvre ß ŁÓDŹ") == '" ete " - l\'œuvre s lodz'


def test_html_becomes_the_same_lines_as_text() -> None:
    """Blocks are lines, links keep their address, pictures their text, styles and scripts say nothing."""
    html = (
        "<html><head><title>t</title><style>p{}</style></head><body><p>Un <b>mot</b></p><div>deux<br>trois</div>"
        '<a href="https://a.example/x"><img alt="Bol en grès" src="i.png"></a><script>var x</script></body></html>'
    )
    lines = text.from_html(html)
    assert words(lines) == ["Un mot", "deux", "trois", "Bol en grès"]
    assert lines[[line.text for line in lines].index("Bol en grès")].picture
    assert any("https://a.example/x" in line.urls for line in lines)


def test_raised_decimals_get_their_sign_back() -> None:
    """A price that is printed with raised decimals keeps its value, in French and in English."""
    assert words(text.from_html("<div>14<sup>95</sup><sup>&nbsp;€</sup></div>")) == ["14.95 €"]
    assert words(text.from_html("<div><sup>$</sup>34<sup>47</sup></div>")) == ["$34.47"]


def test_a_page_that_calls_itself_text_is_read_as_html() -> None:
    """HTML without its type is not read as words in angle brackets."""
    assert words(text.from_plain("  <!DOCTYPE html><html><body><p>bonjour</p></body></html>")) == ["bonjour"]


def test_stray_tags_in_text_are_no_words() -> None:
    """Tags that a sender left in its text part break lines or vanish."""
    assert words(text.from_plain("Code <b>1234</b><br/><br/>Heures : 9h")) == ["Code 1234", "Heures : 9h"]


def test_folding_keeps_every_position() -> None:
    """Folded text is as long as the text, so that what was found can be cut out as it was written."""
    assert text.fold("Précommandé : « Œuf » n’est ÉTÉ — İx") == 'precommande : " œuf " n\'est ete - ix'


@given(st.text(max_size=200))
def test_folding_never_changes_the_length(written: str) -> None:
    """Whatever the signs, folding keeps their number."""
    assert len(text.fold(written)) == len(written)


def test_deep_and_large_pages_are_read_in_little_time() -> None:
    """A page of 200 000 nested blocks, and one of 20 MB, cost a few seconds at most."""
    started = time.process_time()
    assert words(text.from_html("<div>" * 200_000 + "fond" + "</div>" * 200_000)) == ["fond"]
    assert words(text.from_html("<p>a</p>" * 2_500_000))[:1] == ["a"]
    assert time.process_time() - started < 5


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="<>/abdiv sup=\"'&;\n-[]()h:t", max_size=300))
def test_no_page_is_too_strange(html: str) -> None:
    """Broken HTML and text give some lines and raise nothing."""
    assert isinstance(text.from_html(html), list)
    assert isinstance(text.from_plain(html), list)


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("ŻÓŁĆ Źle", "zolc zle"),
        ("IĞDIR ığdır İstanbul Şişli", "igdir igdir istanbul sisli"),
        ("STRAẞE Straße", "strase strase"),
        ("\uff11\uff12\uff13\uff1a\uff08\uff21\uff09\u3000\uffe5", "123:(a) ¥"),
        ("Ångström Smørrebrød", "angstrom smorrebrod"),
        ("Nº 3 de suivi", "n° 3 de suivi"),
        ("Nº 3, İstanbul’da Ž語", "n° 3, istanbul'da z語"),
    ],
)
def test_letters_of_every_language_are_folded(written: str, folded: str) -> None:
    """Polish, Turkish, German and Nordic letters lose their marks, full-width signs become ASCII, one for one."""
    assert text.fold(written) == folded


def test_folding_twice_changes_nothing_more() -> None:
    """What is folded stays as it is, sign by sign, over the whole plane of living scripts."""
    signs = "".join(chr(code) for code in range(0x20, 0xD800))
    once = text.fold(signs)
    assert len(once) == len(signs)
    assert text.fold(once) == once
