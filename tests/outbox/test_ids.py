"""Fixed Message-IDs."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.claims import reference
from daemon.claims.claim import ClaimParty, Stage
from daemon.outbox import ids
from tests.claims.kit import OWNER

refs = st.builds(
    reference, st.just("o"), st.text(max_size=8), st.just("c"), st.just(""), st.sampled_from(ClaimParty), st.just(())
)
questions = st.builds(ids.question_ref, st.from_regex(r"\A[0-9]{3}-[0-9]{7}-[0-9]{7}\Z"), st.text(max_size=12))


@given(st.one_of(refs, questions), st.sampled_from([*Stage, "who_sold_and_shipped", "closing"]), st.integers(1, 99))
@settings(deadline=None, max_examples=60)
def test_what_is_written_can_be_read_back(ref: str, stage: str, revision: int) -> None:
    """A Message-ID gives back its claim or question, stage, kind and revision, whatever a server does to its case."""
    for kind in ("draft", "notice", "question", "closing"):
        written = ids.message_id(ref, stage, kind, revision, OWNER)
        key = ids.MessageKey(ref=ref, stage=stage, kind=kind, revision=revision)
        for seen in (written, written.strip("<>"), f" {written} ", written.upper(), written.lower()):
            assert ids.parse(seen) == key
            assert ids.is_ours(seen)


def test_the_same_thing_has_the_same_id_and_another_has_another() -> None:
    """Made twice it is the same; another stage, kind or revision is another."""
    first = ids.message_id("R-7F3K", Stage.FIRST, "draft", 1, OWNER)
    assert first == "<relance.r-7f3k.first.1.draft@example.org>"
    assert first == ids.message_id("R-7F3K", Stage.FIRST, "draft", 1, OWNER)
    others = {
        ids.message_id("R-7F3K", Stage.REMINDER, "draft", 1, OWNER),
        ids.message_id("R-7F3K", Stage.FIRST, "notice", 1, OWNER),
        ids.message_id("R-7F3K", Stage.FIRST, "draft", 2, OWNER),
    }
    assert len(others | {first}) == 4


@pytest.mark.parametrize(
    "foreign",
    [
        *("", "<>", "<010201.abc@eu-west-1.amazonses.com>", "<relance.r-7f3k.first.draft@example.org>"),
        *(
            "<relance.r-7f3k.first.x.draft@example.org>",
            "relance.r-7f3k.first.1.draft",
            "<relance.first.1.draft@b>",
        ),
    ],
)
def test_what_others_wrote_is_not_ours(foreign: str) -> None:
    """Other people's Message-IDs, and broken ones, say nothing."""
    assert ids.parse(foreign) is None
    assert not ids.is_ours(foreign)


@pytest.mark.parametrize(
    ("address", "domain"),
    [
        ("camille@exämple.org", "xn--exmple-cua.org"),
        ("Camille@Example.ORG", "example.org"),
        ("camille", "relance.invalid"),
        ("camille@a b>c", "relance.invalid"),
    ],
)
def test_the_domain_is_always_one_that_can_be_written(address: str, domain: str) -> None:
    """A domain with accents is written in ASCII, and one that cannot be is replaced."""
    owner = OWNER.model_copy(update={"addresses": (address,)})
    assert ids.message_id("R-7F3K", "first", "draft", 1, owner).endswith(f"@{domain}>")


def test_a_questions_number_names_its_order() -> None:
    """An answer to a question can be put to its order, of one parcel or of all."""
    order_id = "404-7719035-2286641"
    whole, parcel = ids.question_ref(order_id, ""), ids.question_ref(order_id, "6A11902847553")
    assert whole != parcel
    assert ids.order_of_question(whole) == ids.order_of_question(parcel) == order_id
    assert ids.order_of_question("R-7F3K") is None
