"""What carriers' sentences mean by their words, where no phrase of the lexicons tells it or one would mislead."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import parsers.carriers
from parsers.carriers import data, senses
from parsers.letter import Letter
from parsers.notice import Kind, Notice
from parsers.wording import load

WHEN = datetime(2026, 6, 10, 8, tzinfo=UTC)
FOLDER = Path(parsers.carriers.__file__).parent / "lexicon"
NUMBER = "15501982773644"
SENDERS = {"en": "your.delivery@dpd.co.uk", "fr": "noreply@dpd.fr", "de": "noreply@dpd.de"}
LABELS = {"en": "Tracking number", "fr": "Numéro de suivi", "de": "Sendungsnummer"}
SENTENCES = [
    ("en", "A neighbour took in your parcel", Kind.DELIVERED),
    ("en", "Your parcel has gone back to the sender", Kind.RETURNED),
    ("en", "We've been told about a parcel for you", Kind.ANNOUNCED),
    ("en", "Your parcel began its journey", Kind.SHIPPED),
    ("en", "We're bringing your parcel today", Kind.OUT_FOR_DELIVERY),
    ("en", "We rang the bell, but there was no answer", Kind.ATTEMPTED),
    ("en", "We can't deliver your parcel today", Kind.DELAYED),
    ("en", "Pick up your parcel at the Corner Shop", Kind.PICKUP_READY),
    ("fr", "Vous venez de retirer votre colis", Kind.DELIVERED),
    ("fr", "Votre colis a fait demi-tour", Kind.RETURNED),
    ("fr", "Votre colis ne nous a pas encore été confié", Kind.ANNOUNCED),
    ("fr", "Votre colis voyage vers vous", Kind.SHIPPED),
    ("fr", "Nous vous apportons votre colis aujourd'hui", Kind.OUT_FOR_DELIVERY),
    ("fr", "Notre livreur a sonné, personne n'a répondu", Kind.ATTEMPTED),
    ("fr", "Nous ne pourrons pas vous livrer aujourd'hui", Kind.DELAYED),
    ("fr", "Passez prendre votre colis", Kind.PICKUP_READY),
    ("de", "Sie haben Ihr Paket soeben abgeholt", Kind.DELIVERED),
    ("de", "Ihr Paket ist auf dem Weg zurück zum Absender", Kind.RETURNED),
    ("de", "Ihr Paket wird uns in Kürze übergeben", Kind.ANNOUNCED),
    ("de", "Ihr Paket reist zu Ihnen", Kind.SHIPPED),
    ("de", "Heute stellen wir Ihr Paket zu", Kind.OUT_FOR_DELIVERY),
    ("de", "Wir haben Sie nicht angetroffen", Kind.ATTEMPTED),
    ("de", "Wir können Ihr Paket heute nicht zustellen", Kind.DELAYED),
    ("de", "Hol dein Paket im Paketshop ab", Kind.PICKUP_READY),
]
ADVICE = [
    ("en", "Won't be home? Leave it in a safe place."),
    ("en", "Not in? We can leave it with a neighbour."),
    ("fr", "Choisissez de le faire déposer en lieu sûr"),
    ("de", "Nicht zu Hause? Lassen Sie Ihr Paket beim Nachbarn abgeben."),
]
CONDITIONS = [
    ("en", "If you do not collect your parcel by 20/06/2026 it will be returned to the sender."),
    ("fr", "Sans retrait de votre part d'ici le 20/06/2026, il sera retourné à l'expéditeur."),
    ("de", "Holen Sie es nicht bis zum 20.06.2026 ab, geht es an den Absender zurück."),
]
WORDS = sorted({word for words in data.NameWords._fields for word in getattr(data.name_words(), words)})


def read(code: str, subject: str, text: str) -> list[Notice]:
    """Return what a mail of 10 June 2026 tells."""
    given = {"mail_id": "0" * 64, "date": WHEN, "received_at": WHEN}
    return parsers.read(Letter(**given, subject=subject, text=text, sender=SENDERS[code]))


@pytest.mark.parametrize(("code", "sentence", "kind"), SENTENCES)
def test_a_sentence_that_no_phrase_knows_is_read_by_its_words(code: str, sentence: str, kind: Kind) -> None:
    """It means the same as a subject and as the first line of the body."""
    number = f"{LABELS[code]} : {NUMBER}"
    for notices in (read(code, sentence, number), read(code, "x", f"{sentence}\n{number}")):
        assert [notice.kind for notice in notices] == [kind]


@pytest.mark.parametrize(("code", "sentence"), ADVICE)
def test_advice_is_no_event(code: str, sentence: str) -> None:
    """What the owner may choose has not happened."""
    assert read(code, "x", f"{sentence}\n{LABELS[code]} : {NUMBER}") == []


@pytest.mark.parametrize(("code", "sentence"), CONDITIONS)
def test_what_happens_unless_it_is_fetched_has_not_happened(code: str, sentence: str) -> None:
    """A parcel that would go back waits to be fetched until that day."""
    (notice,) = read(code, "x", f"{sentence}\n{LABELS[code]} : {NUMBER}")
    assert (notice.kind, notice.pickup_deadline) == (Kind.PICKUP_READY, date(2026, 6, 20))


@pytest.mark.parametrize("code", ["de", "en", "es", "fr", "it", "nl", "pl"])
def test_a_rule_is_a_kind_or_nothing(code: str) -> None:
    """A misspelt table of rules would be silent for ever."""
    kinds = {rule.kind.removesuffix(senses.LATER) for rule in senses.rules(code)}
    assert kinds <= {senses.NOTHING, *Kind}
    assert {Kind.RETURNED, Kind.ATTEMPTED, Kind.DELAYED, Kind.DELIVERED, senses.NOTHING} <= kinds


@pytest.mark.parametrize("code", data.codes())
def test_a_label_of_the_sender_with_nothing_behind_it_is_no_crash(code: str) -> None:
    """A name in the next line, or no name at all, is as good as any."""
    told = load(FOLDER / "languages" / f"{code}.toml")["labels"]
    for phrase in (*told["shipper"], *told["shipper_below"], *told["shipper_open"]):
        words = phrase.strip("*").rstrip("$").partition("{")[0]
        for rest in ("", " :", " .", " : ."):
            given = {"mail_id": "0" * 64, "date": WHEN, "received_at": WHEN, "subject": "Delivered"}
            text = f"{words}{rest}\nLAMPADAIRE ET FILS\n{NUMBER}"
            assert len(parsers.read(Letter(**given, text=text, sender="your.delivery@dpd.co.uk"))) <= 1


@given(
    lines=st.lists(
        st.one_of(
            st.sampled_from([sentence for _, sentence, _ in SENTENCES] + [sentence for _, sentence in ADVICE]),
            st.lists(st.sampled_from([*WORDS, NUMBER, ":", ".", ",", "12/06", "N°8R51993114618"])).map(" ".join),
            st.text(max_size=60),
        ),
        max_size=8,
    ),
    code=st.sampled_from(sorted(SENDERS)),
)
@settings(deadline=None, max_examples=120)
def test_no_words_of_a_carrier_make_reading_fail(lines: list[str], code: str) -> None:
    """Whatever a carrier writes, every notice has a known kind, and numbers hold digits."""
    for notice in read(code, "".join(lines[:1]), "\n".join(lines[1:])):
        assert notice.kind in Kind
        assert all(any(map(str.isdigit, number)) for number in notice.tracking_numbers)
