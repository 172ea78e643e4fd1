"""The human numbers of claims."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.claims import reference
from daemon.claims.claim import ClaimParty

text = st.text(max_size=20)


def ref(taken: set[str], order_id: str = "404-7719035-2286641", party: ClaimParty = ClaimParty.SELLER) -> str:
    """Return the number of a claim."""
    return reference("camille.roux@example.org", order_id, "not-received", "", party, taken)


@given(text, text, text, st.sampled_from(ClaimParty))
@settings(deadline=None, max_examples=50)
def test_a_number_is_four_characters_that_nobody_misreads(
    order_id: str, code: str, parcel: str, party: ClaimParty
) -> None:
    """Whatever the claim is about, its number is R- and four characters without vowels and look-alikes."""
    assert re.fullmatch(r"R-[0-9BCDFGHJKMNPQRSTVWXYZ]{4}", reference("o", order_id, code, parcel, party, ()))


def test_a_number_never_changes_and_differs_by_party() -> None:
    """The same claim has the same number every time, and the two claims of one trouble have two."""
    assert ref(set()) == ref(set())
    assert len({ref(set(), party=party) for party in ClaimParty}) == len(ClaimParty)


def test_a_taken_number_grows() -> None:
    """When the number is taken, the claim gets the same one with a character more, and so on."""
    first = ref(set())
    second = ref({first})
    third = ref({first, second})
    assert second.startswith(first)
    assert third.startswith(second)
    assert [len(first), len(second), len(third)] == [6, 7, 8]
