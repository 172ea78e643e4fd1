"""Mails that the generator writes from the phrasebooks: the committed ones, and as many more as Hypothesis draws."""

from __future__ import annotations

import email
import email.policy
import html
import json
import random
from collections.abc import Iterator

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

from tests.mails.generator import __main__ as command
from tests.mails.generator import checking, samples
from tests.mails.generator.book import KINDS, MEANINGS, TEMPLATES, book, languages
from tests.mails.generator.sites import sites
from tests.mails.generator.style import Style

WRITTEN = tuple(language for language in languages() if (samples.FOLDER / language).is_dir())
ISSUED = frozenset({"fr", "en", "de", "it", "es", "nl", "pl", "sv", "pt", "ja", "tr"})
LOOKS = st.builds(
    Style,
    parts=st.sampled_from(("text", "html", "both")),
    charset=st.sampled_from(("utf-8", "iso-8859-15", "windows-1252", "iso-8859-1", "us-ascii", "iso-2022-jp")),
    transfer=st.sampled_from(("quoted-printable", "base64", "8bit", "7bit")),
    flowed=st.booleans(),
    crlf=st.booleans(),
    marks=st.sampled_from(("none", "isolate", "rtl")),
    links=st.sampled_from(("plain", "wrapped", "business")),
    gap=st.integers(0, 5),
    one_line=st.booleans(),
    entities=st.booleans(),
    subject=st.sampled_from(("b", "q")),
    fold=st.integers(30, 200),
    columns=st.booleans(),
    cells=st.booleans(),
    stray=st.booleans(),
    local_zone=st.booleans(),
)


def committed() -> Iterator[samples.Sample]:
    """Yield every committed sample."""
    for language in WRITTEN:
        yield from samples.samples(language)


def squeezed(words: str) -> str:
    """Return words without spaces, which soft line breaks move."""
    return "".join(words.split())


def printed(raw: bytes) -> str:
    """Return a mail's headers and bodies decoded, markup's entities resolved, without spaces."""
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    bodies = [part.get_content() for part in mail.walk() if not part.is_multipart()]
    return squeezed(html.unescape("".join([*mail.values(), *bodies])))


@pytest.mark.parametrize("language", WRITTEN)
def test_the_committed_mails_are_what_the_generator_writes(language: str) -> None:
    """A changed phrasebook or generator shows in the committed mails, and nothing else lies among them."""
    expected = {sample.path: sample for sample in samples.samples(language)}
    assert set((samples.FOLDER / language).glob("*.eml")) == set(expected)
    stale = []
    for path, sample in expected.items():
        found = samples.made(sample)
        beside = path.with_suffix(".json").read_text("utf-8")
        if path.read_bytes() != found.raw or beside != samples.written(found):
            stale.append(sample.name)
    assert not stale, "run: python -m tests.mails.generator"


def test_every_language_has_its_mails() -> None:
    """There is a phrasebook, and a folder of mails, for every language that Amazon's mails are read in."""
    assert set(languages()) == set(WRITTEN) == ISSUED


@pytest.mark.parametrize("language", WRITTEN)
def test_every_kind_is_there_in_both_templates(language: str) -> None:
    """A language has each kind in each template, each meaning of a seller's message, each answer to a claim."""
    names = {path.stem for path in (samples.FOLDER / language).glob("*.eml")}
    road = {f"{template}_{kind}" for template in TEMPLATES for kind in KINDS}
    people = {f"seller_{means}" for means in MEANINGS} | {"support_accepted", "support_refused", "support_asks"}
    claims = {f"claim_{outcome}" for outcome in ("acknowledged", "granted", "refused")}
    assert road | people | claims | {"other_0", "other_1", "other_2"} <= names


def test_every_marketplace_and_a_business_account_write() -> None:
    """Each marketplace writes at least one of the committed mails, and a business account another."""
    hosts = set()
    for sample in committed():
        found = json.loads(sample.path.with_suffix(".json").read_text("utf-8"))["notices"]
        hosts |= {notice["marketplace"] for notice in found}
    assert hosts == set(sites())
    business = (path.read_bytes() for path in samples.FOLDER.glob("*/*_business.eml"))
    assert any(b"abredir" in raw.replace(b"=\r\n", b"").replace(b"=\n", b"") for raw in business)


def test_there_are_enough_mails() -> None:
    """More than 250 mails lie there, no two of them alike."""
    raw = [path.read_bytes() for path in samples.FOLDER.rglob("*.eml")]
    assert len(set(raw)) == len(raw) >= 250


@pytest.mark.parametrize("language", WRITTEN)
def test_an_expectation_states_what_the_mail_prints(language: str) -> None:
    """Order numbers, titles, parcels' numbers and sellers of every expectation stand in the mail's own words."""
    for sample in samples.samples(language):
        found = samples.made(sample)
        whole = printed(found.raw)
        for notice in found.notices:
            titles = [item["title"] for item in notice.get("items", ())]
            wanted = [notice["order_id"], *titles, *notice.get("tracking_numbers", ()), notice.get("seller", "")]
            assert all(squeezed(words) in whole for words in wanted), sample.name


def test_a_mail_that_is_read_otherwise_is_told_field_by_field() -> None:
    """The comparison names the field, what was expected and what was read; of a mail read as it says, none."""
    found = samples.made(samples.Sample("en", "old_shipped"))
    assert checking.differences(found) == []
    other = found._replace(notices=[found.notices[0] | {"carrier": "Pony Express"}])
    told = checking.differences(other)
    assert len(told) == 1
    assert told[0].startswith("carrier: 'Pony Express' read as")


def test_the_command_checks_a_language(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """``--check`` writes nothing, counts the misread mails and succeeds when there is none."""
    monkeypatch.setattr("sys.argv", ["generator", "--check", "fr"])
    assert command.main() == 0
    assert capsys.readouterr().out == "0 mails misread\n"


@settings(deadline=None, max_examples=600, derandomize=True)
@given(data=st.data(), language=st.sampled_from(WRITTEN), seed=st.integers(0, 2**32), look=LOOKS)
def test_what_is_read_does_not_depend_on_the_draw(data: st.DataObject, language: str, seed: int, look: Style) -> None:
    """Whatever the numbers, days, prices, names, encodings and line breaks, a mail is read as it says."""
    words = book(language)
    name = data.draw(st.sampled_from(sorted(samples.names(words))), label="name")
    found = samples.make(random.Random(seed), words, name, look=look)
    wrong = checking.differences(found)
    if wrong:
        note(found.raw.decode("utf-8", "replace"))
    assert not wrong


@settings(deadline=None, max_examples=150, derandomize=True)
@given(data=st.data(), language=st.sampled_from(WRITTEN), seed=st.integers(0, 2**32), looks=st.tuples(LOOKS, LOOKS))
def test_two_looks_of_a_mail_say_the_same(
    data: st.DataObject, language: str, seed: int, looks: tuple[Style, Style]
) -> None:
    """The same mail in other parts, encodings, line breaks and links gives the same notices."""
    words = book(language)
    name = data.draw(st.sampled_from(sorted(samples.names(words))), label="name")
    first, second = (samples.make(random.Random(seed), words, name, look=look) for look in looks)
    assert first.notices == second.notices
    assert checking.notices_of(first.raw) == checking.notices_of(second.raw)
