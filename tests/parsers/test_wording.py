"""How phrases of the lexicons match."""

from __future__ import annotations

import pytest

from parsers.phrase import spelled
from parsers.text import Line, fold
from parsers.wording import Phrases, Plain, Words


def line(written: str) -> Line:
    """Return a line as bodies give it."""
    return Line(written, fold(written))


PHRASES = Phrases(
    {
        "not_delivered": ["*n'a pas pu être livré"],
        "delivered": ["*a été livré", "livré :"],
        "seller": ["vendu par {seller} et expédié par {shipper}", "vendu par {seller}"],
        "parcel": ["*transporté par {carrier}*suivi*{tracking}"],
        "total": ["total$"],
    }
)


@pytest.mark.parametrize(
    ("written", "name", "taken"),
    [
        ("Votre colis a été LIVRE !", "delivered", {}),
        ("Livré : « Bol »", "delivered", {}),
        ("Votre colis n’a pas pu être livré", "not_delivered", {}),
        ("Vendu par Épices & Cie et expédié par Amazon", "seller", {"seller": "Épices & Cie", "shipper": "Amazon"}),
        ("Vendu par Épices & Cie", "seller", {"seller": "Épices & Cie"}),
        ("Il est transporté par La Poste et son numéro de suivi est 6A04418827365. Bientôt chez vous.", "parcel",
         {"carrier": "La Poste", "tracking": "6A04418827365"}),
        ("Total :", "total", {}),
    ],
)  # fmt: skip
def test_a_line_is_recognised(written: str, name: str, taken: dict[str, str]) -> None:
    """The first group that fits names the line; what it takes is cut out as it was written."""
    hit = PHRASES.find(line(written))
    assert hit is not None
    assert (hit.name, hit.taken) == (name, taken)
    assert PHRASES.within(Plain([line("Bonjour"), line(written)])).find(line(written)) == hit


@pytest.mark.parametrize("written", ["Un livre : Livré", "Total des articles", "Le vendu par Amazon", ""])
def test_other_lines_are_not(written: str) -> None:
    """A phrase for the line's beginning does not fit further inside, nor one with an end before more words."""
    assert PHRASES.find(line(written)) is None


@pytest.mark.parametrize("written", ["Livré aujourd'hui", "Livrés", "Livré", "livré, enfin", "C'est livré : x"])
def test_a_blank_at_the_end_ends_the_word(written: str) -> None:
    """A phrase with a blank at its end fits whatever follows its last word, be it nothing, and no longer word."""
    whole = Phrases({"hit": ["livré "]})
    fits = written.casefold().startswith("livré") and not written.startswith("Livrés")
    assert (whole.find(line(written)) is not None) is fits


CHOICES = Phrases(
    {
        "refunded": ["*refund {has been|was} {now|already|} {issued|sent}"],
        "lost": ["{your|the} {parcel|package}{s|} {is|are} lost"],
        "seller": ["vendu {par|chez} {seller}$"],
    }
)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Your refund was now sent!", "refunded"),
        ("Good news: a refund has been issued", "refunded"),
        ("The parcels are lost", "lost"),
        ("Your package is lost", "lost"),
        ("Vendu chez Épices & Cie", "seller"),
        ("Your refund will be issued", None),
        ("Your refund wasissued", None),
        ("A parcel is lost", None),
    ],
)
def test_a_choice_is_one_of_its_words(written: str, name: str | None) -> None:
    """Of the words of a choice one stands there, or none where one of them is empty, and no other word."""
    hit = CHOICES.find(line(written))
    assert (hit.name if hit else None) == name


def test_words_with_a_name_are_written_out() -> None:
    """A phrase names words that several phrases share; one without a part of its own becomes several."""
    words = {"thing": "parcel|box"}
    assert spelled("*{@thing} has arrived", words) == ["*{parcel|box} has arrived"]
    assert spelled("*{@thing} is {in|up}", words) == ["*{parcel|box} is in", "*{parcel|box} is up"]
    assert spelled("*{@thing} {was|is} {late|lost}", words) == [
        "*{parcel|box} {was|is} late",
        "*{parcel|box} {was|is} lost",
    ]
    with pytest.raises(KeyError):
        spelled("*{@other} has arrived", words)


def test_the_first_phrase_of_the_file_counts_wherever_it_stands() -> None:
    """Of phrases for the beginning, for anywhere and with a gap first, the earliest in the file names the line."""
    written = line("3 articles : votre colis a bien été livré")
    groups = {"gap": ["{n} articles"], "anywhere": ["*a bien été livré"], "begin": ["3 articles : votre"]}
    for names in (["gap", "anywhere", "begin"], ["anywhere", "begin", "gap"], ["begin", "gap", "anywhere"]):
        phrases = Phrases({name: groups[name] for name in names})
        for matcher in (phrases, phrases.within(Plain([written]))):
            hit = matcher.find(written)
            assert hit is not None
            assert hit.name == names[0]


def test_a_sentence_can_say_two_things() -> None:
    """All that a line says is found, not only the first."""
    both = Phrases({"title": ["*contenant {title} vous"], "arrival": ["*vous sera livré"]})
    hits = both.all(line("Votre colis contenant un bol vous sera livré demain."))
    assert [hit.name for hit in hits] == ["title", "arrival"]
    assert hits[1].rest == "demain."


def test_words_are_found_anywhere() -> None:
    """A set of words tells their presence, whatever accents the file has."""
    words = Words(["réponse automatique", "nous * répondrons"])
    assert words.inside(fold("Ceci est une RÉPONSE automatique"))
    assert words.inside(fold("Nous vous répondrons"))
    assert not words.inside("autre chose")


@pytest.mark.parametrize(
    ("written", "fits"),
    [
        ("Zamówienie zostało doręczone", False),
        ("Niestety nie zostało doręczone", True),
        ("Nie zostało doręczone", True),
        ("Paczka (nie zostało doręczone)", True),
        ("Paczka: „nie zostało doręczone”", True),
    ],
)
def test_a_blank_behind_the_star_begins_the_word(written: str, fits: bool) -> None:
    """A phrase for anywhere with a blank first is not found within a longer word; without the blank it is."""
    begins, anywhere = Phrases({"hit": ["* nie zostało doręczon"]}), Phrases({"hit": ["*nie zostało doręczon"]})
    for phrases in (begins, begins.within(Plain([line("Dzień dobry"), line(written)]))):
        assert (phrases.find(line(written)) is not None) is fits
    assert Words([" nie zostało"]).inside(fold(written)) is fits
    assert Words(["nie zostało"]).inside(fold(written))
    assert anywhere.find(line(written)) is not None


def test_many_words_are_found_as_few_are() -> None:
    """A large set, which is searched by the words of the text, finds what each of its phrases finds alone."""
    written = [f"nous {sign}rons * demain" for sign in "abcdefghijklmnopqrstuvwxyz"]
    phrases = [*written, "réponse automatique", " refus", "rembours", "c'est {n} fois non ", "(ferme", "nous : oui"]
    texts = [
        "Nous arons dès demain",
        "C'est 3 fois nonante",
        "c'est 3 fois non",
        "Il a refusé",
        "irrefusable",
        "Nous:oui",
    ]
    texts += ["une réponse\nautomatique", "Réponse automatiques", "remboursé", "(fermé)", "nous bron demain", ""]
    many = Words(phrases)
    for text in map(fold, texts):
        alone = any(Words([phrase]).inside(text) for phrase in phrases)
        assert many.inside(text) is alone
        assert many.within(text).inside(text) is alone
