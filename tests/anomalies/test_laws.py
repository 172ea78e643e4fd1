"""What holds for every order, and that everything that is found can be explained."""

from __future__ import annotations

import string
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from daemon import rules
from daemon.anomalies import find, next_check, too_early
from daemon.anomalies.anomaly import Certainty
from daemon.orders import fold
from daemon.say import catalogue, say
from parsers.notice import Notice
from tests.orders.notices import ORDER, shuffled, stories, troubled

RULES = rules.load()
MOMENTS = (st.integers(0, 40 * 24) | st.integers(0, 160 * 24)).map(
    lambda hours: datetime(2026, 3, 1, tzinfo=UTC) + timedelta(hours=hours)
)


@settings(deadline=None, max_examples=150)
@given(shuffled(stories | troubled), MOMENTS)
def test_neither_order_nor_repeats_matter(pair: tuple[list[Notice], list[Notice]], now: datetime) -> None:
    """The same mails in any order, with any repeats, show the same troubles and the same next look."""
    one, other = (fold(ORDER, notices) for notices in pair)
    assert find(one, now, RULES) == find(other, now, RULES)
    assert next_check(one, now, RULES) == next_check(other, now, RULES)


@settings(deadline=None, max_examples=150)
@given(stories | troubled, MOMENTS, st.floats(0, 1, exclude_max=True))
def test_nothing_changes_before_the_next_look(story: list[Notice], now: datetime, part: float) -> None:
    """Whoever looks again only at the time that ``next_check`` names misses nothing."""
    order = fold(ORDER, story)
    later = next_check(order, now, RULES)
    assert later is None or later > now
    until = later or now + timedelta(days=400)
    # A part that is nearly the whole is rounded up to it.
    before = min(now + (until - now) * part, until - timedelta(microseconds=1))
    assert find(order, before, RULES) == find(order, now, RULES)


@settings(deadline=None, max_examples=150)
@given(stories | troubled, MOMENTS)
def test_every_trouble_is_one_of_its_parcel_and_rests_on_mails(story: list[Notice], now: datetime) -> None:
    """No parcel has two troubles, the whole order none beside a parcel's, and the evidence is in the timeline."""
    order = fold(ORDER, story)
    found = find(order, now, RULES)
    parcels = [one.parcel for one in found]
    assert len(set(parcels)) == len(parcels)
    assert "" not in parcels or len(parcels) == 1
    assert {source for one in found for source in one.evidence} <= {one.source for one in order.timeline}
    assert all(one.evidence and one.claim_from >= one.since for one in found)
    assert all((one.ask is not None) == (one.certainty is Certainty.SUSPECTED) for one in found)


@settings(deadline=None, max_examples=150)
@given(stories | troubled, MOMENTS)
def test_every_trouble_can_be_explained_in_both_languages(story: list[Notice], now: datetime) -> None:
    """Each reason and question has its text, and its facts fill every gap of it."""
    order = fold(ORDER, story)
    early = too_early(order, now, RULES)
    for language in ("fr", "en"):
        for one in find(order, now, RULES):
            assert "{" not in say(f"why.{one.reason}", language, **one.facts)
            assert one.ask is None or say(f"ask.{one.ask}", language)
        assert early is None or "{" not in say(f"why.{early.reason}", language, **early.facts)


def test_both_languages_name_the_same_facts() -> None:
    """A translation leaves no fact out and invents none."""
    french, english = catalogue("fr"), catalogue("en")
    mine = [key for key in english if key.startswith(("why.", "ask.", "rules."))]
    assert mine
    assert [_gaps(french[key]) for key in mine] == [_gaps(english[key]) for key in mine]


def _gaps(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}
