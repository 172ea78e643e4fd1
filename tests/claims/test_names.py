"""What people read of claims: all that has a key has a name in both languages, and texts keep their form."""

from __future__ import annotations

from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon import orders
from daemon.anomalies.anomaly import Code
from daemon.claims import compose
from daemon.claims.claim import Channel, ClaimParty, DraftState, Outcome, Stage
from daemon.claims.context import Context
from daemon.claims.tables import ladder, routing
from daemon.claims.words import one_line, shortened
from daemon.say import catalogue, say
from parsers.notice import Item
from tests.claims.kit import ENGLISH, ORDER, OWNER, RULES, START, claim_on, confirmed, delivered, trouble

KEYS = [
    *(f"party.{one.value}" for one in ClaimParty),
    *(f"channel.{one.value}" for one in Channel),
    *(f"stage.{one.value}" for one in Stage),
    *(f"state.{one.value}" for one in DraftState),
    *chain.from_iterable((f"outcome.{one.value}", f"told.{one.value}") for one in Outcome),
    *(f"problem.{one.value}" for one in Code),
    *(f"route.{cell.why}" for cell in routing(RULES).cell),
    *(f"link.{key}" for key in RULES.channels.links),
    *(f"fact.{key}" for key in ("delivered", "promised", "ordered", "contacted")),
]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_everything_has_a_name(language: str) -> None:
    """No key of the code or of the tables is without its words."""
    assert all(say(key, language) for key in KEYS)


def test_both_languages_have_the_same_keys() -> None:
    """A name in one language has its counterpart in the other."""
    mine = {key.split(".")[0] for key in KEYS}
    fr, en = ({key for key in catalogue(one) if key.split(".")[0] in mine} for one in ("fr", "en"))
    assert fr == en


def test_every_page_of_the_ladder_can_be_built() -> None:
    """The pages shown beside a draft are pages that the channels know."""
    assert all(key in RULES.channels.links for keys in ladder(RULES).links.values() for key in keys)


@given(st.text(max_size=120), st.integers(5, 60))
@settings(deadline=None, max_examples=100)
def test_shortened_text_is_one_line_of_at_most_that_length(text: str, length: int) -> None:
    """Whatever a mail puts into a title, what is shown of it is one line and not too long."""
    short = shortened(text, length)
    assert len(short) <= length
    assert len(short.splitlines()) <= 1
    assert short == one_line(short)


@given(
    title=st.text(min_size=1, max_size=300),
    seller=st.text(max_size=80),
    place=st.text(max_size=200),
    party=st.sampled_from(ClaimParty),
    owner=st.sampled_from([OWNER, ENGLISH]),
)
@settings(deadline=None, max_examples=40)
def test_whatever_mails_say_the_letter_keeps_its_form(
    title: str, seller: str, place: str, party: ClaimParty, owner: object
) -> None:
    """Titles, names and places of any kind never break a letter, its subject, the chat's five lines or the form."""
    known = [confirmed(items=(Item(title=title),), seller=seller), delivered(delivered_to=place)]
    order = orders.fold(ORDER, known)
    anomaly, context = trouble(Code.NOT_RECEIVED, order), Context.model_validate({"owner": owner})
    claim = claim_on(party)
    for stage in [step.stage for step in ladder(RULES).steps(party)]:
        draft = compose(claim, order, anomaly, stage, START, RULES, context)
        assert len(draft.subject.splitlines()) == 1
        assert draft.body.endswith(context.owner.name)
        assert len((draft.chat or "").splitlines()) <= ladder(RULES).limits.chat_lines
        assert stage != Stage.A_TO_Z or len(draft.body) <= ladder(RULES).limits.form_characters
        went_out = draft.model_copy(update={"sent_at": START})
        claim = claim.model_copy(update={"drafts": (*claim.drafts, went_out)})
