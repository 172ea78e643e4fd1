"""Questions about the orders of shops: whatever an order is called, its Message-ID is short, and tells it again."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.outbox import ids
from tests.house import CAMILLE

numbers = st.text(st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1, max_size=64)


@given(numbers, st.sampled_from(["", "6A11902847553"]), st.booleans())
@settings(deadline=None, max_examples=100)
def test_a_question_tells_which_order_it_is_about(number: str, parcel: str, upper: bool) -> None:
    """Any number of any shop comes back from the Message-ID, also where a mail program has changed its case."""
    order_id = f"maison-verre.example/{number}"
    written = ids.message_id(ids.question_ref(order_id, parcel), "received", "question", 1, CAMILLE)
    assert written.isascii()
    assert not any(sign.isspace() for sign in written)
    key = ids.parse(written.upper() if upper else written)
    assert key is not None
    assert key.ref == ids.question_ref(order_id, parcel)
    assert len(written) < 120
    assert ids.order_of_question(key.ref, ["maison-verre.example/", order_id]) == order_id
    assert ids.order_of_question(key.ref) is None


def test_what_is_no_code_names_no_order() -> None:
    """A number that relance never wrote is no question and names no order."""
    refs = ("Q-XA", "Q-X7777", "Q-X", "Q-Xabcdefghijklmnop", "R-7F3K")
    assert [(ids.is_question(ref), ids.order_of_question(ref, ["a/1"])) for ref in refs] == [(False, None)] * 5
