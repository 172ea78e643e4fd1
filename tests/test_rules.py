"""Rules: what is shipped is sound, sourced and dated; what the owner overrides is checked and explained."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from babel.numbers import get_territory_currencies
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from daemon import resources, rulefiles, rules
from daemon.orders.order import Order
from daemon.rules import AToZWindow, RulesError, Source, Span, Sure, UnknownLink, end_of
from parsers.letter import Value

RULES = rules.load()
PARIS = ZoneInfo("Europe/Paris")
ISSUED = (
    "fr com co.uk de it es nl com.be se pl ie ca com.mx com.br com.au co.jp in sg ae sa com.tr eg".split()  # noqa: SIM905
)


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let messages be in English."""
    monkeypatch.setenv("LC_ALL", "C.UTF-8")


def order(order_id: str = "404-7719035-2286641", marketplace: str | None = "amazon.fr") -> Order:
    """Return an order of which only number and site are known."""
    return Order(order_id=order_id, marketplace=marketplace)


def sourced(value: Any) -> Iterator[Source]:
    """Yield everything in the rules that bears a source."""
    if isinstance(value, Source):
        yield value
    if isinstance(value, Value):
        for name in type(value).model_fields:
            yield from sourced(getattr(value, name))
    elif isinstance(value, dict | tuple):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from sourced(inner)


def test_every_rule_says_where_it_comes_from() -> None:
    """Every value has a source, the day it was looked at (not before this program), and a confidence."""
    found = list(sourced(RULES))
    assert len(found) > 50
    assert all(one.source.strip() and one.checked_on >= date(2026, 1, 1) for one in found)
    assert {one.confidence for one in found} == set(Sure)


def test_every_value_of_the_catalogue_is_there() -> None:
    """The waits and Amazon's own deadlines are those of the catalogue of the field."""
    waits, guarantee = RULES.waits, RULES.a_to_z
    assert str(waits.delivery_late_tell.value.safe) == "1 d"
    assert (str(waits.not_received.value.min), str(waits.not_received.value.safe)) == ("0 h", "48 h")
    assert str(waits.delivery_contradicted.value.safe) == "24 h"
    assert str(waits.follow_up.value.min) == str(waits.follow_up.value.safe) == "48 h"
    assert (str(guarantee.window.value), str(guarantee.after_promised.value.safe)) == ("90 d", "3 d")
    assert (str(guarantee.contact_first.value.min), str(guarantee.contact_first.value.safe)) == ("48 h", "2 wd")
    assert "chargeback" in guarantee.exclusions.value


def test_rules_cannot_be_changed() -> None:
    """The rules are values: nobody can alter them for others."""
    with pytest.raises(ValidationError, match="frozen"):
        RULES.waits = RULES.waits  # type: ignore[misc]


@pytest.mark.parametrize("site", ISSUED)
def test_every_marketplace_is_described_and_may_be_linked_to(site: str) -> None:
    """Each site has a file named after it, its country's currency, a zone, and is on the list of hosts."""
    market = RULES.marketplace(f"amazon.{site}")
    assert market is not None
    assert market.currency in get_territory_currencies(market.country, date(2026, 6, 1))
    assert isinstance(market.zone, ZoneInfo)
    assert market.host in RULES.channels.hosts.value
    assert (resources.config() / "marketplaces" / f"{market.host}.toml").is_file()


def test_no_other_site_is_linked_to() -> None:
    """The hosts to which links lead are the marketplaces on file and no other."""
    assert {f"amazon.{site}" for site in ISSUED} == RULES.channels.hosts.value == set(RULES.marketplaces)


def test_an_unknown_site_has_the_default_ones_days() -> None:
    """An order that names no site, or one that is not on file, is counted in the default site's zone."""
    assert RULES.marketplace("amazon.example") is None
    assert RULES.marketplace(None) is None
    assert [RULES.zone(order(marketplace=host)).key for host in (None, "amazon.example", "Amazon.co.jp")] == [
        "Europe/Paris",
        "Europe/Paris",
        "Asia/Tokyo",
    ]


def test_links_are_built_from_the_list_and_the_number() -> None:
    """Each link leads to the order's own site and names the order's own number."""
    assert RULES.link("order", order()) == (
        "https://www.amazon.fr/gp/your-account/order-details?orderID=404-7719035-2286641"
    )
    assert RULES.link("tracking", order("D01-7719035-2286641", "amazon.co.uk")) == (
        "https://www.amazon.co.uk/progress-tracker/package?orderId=D01-7719035-2286641"
    )
    for key in ("orders", "return", "contact_seller", "contact_amazon", "chat", "invoice", "transactions", "a_to_z"):
        assert (RULES.link(key, order()) or "").startswith("https://www.amazon.fr/")


@pytest.mark.parametrize(
    "number",
    ["", "404-7719035-228664", "404-7719035-2286641&x=1", "404-7719035-2286641\n", "٤04-7719035-2286641", "../../x"],
)
def test_no_link_for_what_is_no_order_number(number: str) -> None:
    """A number of another form never gets into a link."""
    assert RULES.link("order", order(number)) is None


@pytest.mark.parametrize("host", ["amazon.fr.example.org", "example.org", "amazon.fr/x", "arnazon.fr"])
def test_no_link_to_a_host_that_is_not_on_the_list(host: str) -> None:
    """A site that a mail invents is not linked to."""
    assert RULES.link("order", order(marketplace=host)) is None


@settings(deadline=None, max_examples=200)
@given(st.text(max_size=25), st.text(max_size=20))
def test_links_lead_to_amazon_or_nowhere(number: str, host: str) -> None:
    """Whatever the order says, a link is on one of the listed hosts, or there is none."""
    link = RULES.link("order", order(number, host or None))
    assert link is None or link.split("/")[2].removeprefix("www.") in RULES.channels.hosts.value


def test_a_link_nobody_described_is_an_error() -> None:
    """A misspelt key is a mistake of the program, not a missing link."""
    with pytest.raises(UnknownLink):
        RULES.link("ordre", order())


def test_telephone_numbers_are_those_on_file() -> None:
    """Numbers are given for the sites whose number is on file, and for no other."""
    french = RULES.phone(order())
    assert french is not None
    assert (french.value.national, french.confidence) == ("0 805 10 14 20", Sure.PARTIAL)
    assert RULES.phone(order(marketplace="amazon.co.jp")) is None


def test_a_letter_cites_only_what_was_seen() -> None:
    """French and British articles may be cited; the directives, from memory, may not, and elsewhere there is no law."""
    french, european, british = (RULES.law(country) for country in ("fr", "DE", "GB"))
    assert french is not None
    assert european is not None
    assert british is not None
    assert [one.name.fr.split()[1] for one in french.citable("not-received")][:2] == ["L216-1", "L216-2"]
    assert "L216-2" not in str(french.citable("delivery-late"))
    assert [one.name.en for one in british.citable("not-received")][-1] == "section 29 of the Consumer Rights Act 2015"
    assert european.articles
    assert european.citable("not-received") == ()
    assert french.citable("no-such-trouble") == ()
    assert RULES.law("US") is None


CONTACTED = datetime(2026, 3, 13, 9, 0, tzinfo=UTC)  # a Friday
AFTER_PROMISE = datetime(2026, 3, 15, 23, 0, tzinfo=UTC)
UNTIL = datetime(2026, 6, 10, 22, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("promised", "delivered", "expected"),
    [
        pytest.param(
            date(2026, 3, 12),
            None,
            (AFTER_PROMISE, datetime(2026, 3, 17, 9, 0, tzinfo=UTC), UNTIL),
            id="late: the third day after, two working days for the seller",
        ),
        pytest.param(
            date(2026, 3, 12),
            datetime(2026, 3, 12, 13, 0, tzinfo=UTC),
            (CONTACTED + timedelta(hours=48), datetime(2026, 3, 17, 9, 0, tzinfo=UTC), UNTIL),
            id="said delivered: sooner",
        ),
        pytest.param(
            date(2026, 3, 30),
            None,
            (datetime(2026, 4, 2, 22, 0, tzinfo=UTC),) * 2 + (datetime(2026, 6, 28, 22, 0, tzinfo=UTC),),
            id="promised far off",
        ),
        pytest.param(
            None,
            datetime(2026, 3, 20, 13, 0, tzinfo=UTC),
            (datetime(2026, 3, 20, 13, 0, tzinfo=UTC), datetime(2026, 3, 23, 13, 0, tzinfo=UTC), None),
            id="no promise: no end",
        ),
    ],
)
def test_the_a_to_z_formula(
    promised: date | None, delivered: datetime | None, expected: tuple[datetime, datetime, datetime | None]
) -> None:
    """Possible = max(contacted + 48 h, min(promised + 3 d, delivered + 0..3 d)), until promised + 90 d."""
    found = RULES.a_to_z.dates(contacted=CONTACTED, promised=promised, delivered=delivered, zone=PARIS)
    assert found == AToZWindow(possible_from=expected[0], safe_from=expected[1], until=expected[2])


def test_no_a_to_z_dates_without_promise_and_delivery() -> None:
    """There is nothing to count from."""
    assert RULES.a_to_z.dates(contacted=CONTACTED, promised=None, delivered=None, zone=PARIS) is None


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("48 h", "2026-03-28T12:00+01:00", "2026-03-30T13:00+02:00"),
        ("2 d", "2026-03-28T12:00+01:00", "2026-03-30T12:00+02:00"),
        ("1d", "2026-10-24T12:00+02:00", "2026-10-25T12:00+01:00"),
        ("2 wd", "2026-03-12T12:00+01:00", "2026-03-16T12:00+01:00"),
        ("1 wd", "2026-03-14T12:00+01:00", "2026-03-16T12:00+01:00"),
        ("0 wd", "2026-03-14T12:00+01:00", "2026-03-14T12:00+01:00"),
    ],
)
def test_hours_run_on_and_days_are_calendar_days(text: str, start: str, end: str) -> None:
    """Daylight saving moves what is counted in hours, not what is counted in days; weekends are no working days."""
    span = TypeAdapter(Span).validate_python(text)
    assert span.after(datetime.fromisoformat(start), PARIS) == datetime.fromisoformat(end)


def test_a_day_ends_at_its_own_midnight() -> None:
    """The day on which clocks change ends at local midnight."""
    assert end_of(date(2026, 3, 29), PARIS) == datetime(2026, 3, 29, 22, 0, tzinfo=UTC)


GOOD = 'source = "Our own"\nchecked_on = 2026-12-01\nconfidence = "M"\n'


def override(folder: Path, name: str, text: str) -> Path:
    """Write a rule file of the owner's and return its folder."""
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, "utf-8")
    return folder


def test_an_override_changes_what_it_names_and_nothing_else(tmp_path: Path) -> None:
    """The owner's value and its source replace ours; all else stays."""
    own = rules.load(
        override(tmp_path, "waits.toml", f'[delivery_late_tell]\nvalue = {{min="2 d", safe="4 d"}}\n{GOOD}')
    )
    assert (str(own.waits.delivery_late_tell.value.safe), own.waits.delivery_late_tell.source) == ("4 d", "Our own")
    assert own.waits.follow_up == RULES.waits.follow_up
    assert own.channels == RULES.channels


def test_the_owner_can_add_a_law_and_a_site(tmp_path: Path) -> None:
    """A country's own law goes before one that several share, and a new site needs one file and a place on the list."""
    article = f'[articles.x]\nname={{fr="§ 475", en="§ 475"}}\nsays={{fr="a", en="b"}}\ntopics=["not-received"]\n{GOOD}'
    override(tmp_path, "law/zz.toml", 'countries = ["DE"]\n' + article.replace('"M"', '"V"'))
    site = 'host="amazon.cl"\ncountry="CL"\ncurrency="CLP"\ntime_zone="America/Santiago"\nlanguages=["es"]\n'
    own = rules.load(override(tmp_path, "marketplaces/amazon.cl.toml", site + GOOD))
    german, market = own.law("DE"), own.marketplace("amazon.cl")
    assert german is not None
    assert [one.name.fr for one in german.citable("not-received")] == ["§ 475"]
    assert own.law("IT") == RULES.law("IT")
    assert market is not None
    assert own.link("order", order(marketplace="amazon.cl")) is None


class _Table(Value):
    """A model that a stage of its own would have."""

    cell: tuple[dict[str, object], ...]
    shop: dict[str, object]


def test_other_tables_are_handed_on_with_the_owners_changes(tmp_path: Path) -> None:
    """A stage reads its own table through the rules, overrides and explanations included."""
    own = rules.load(override(tmp_path, "routing.toml", "[[cell]]\nwhy = 1\n"))
    assert own.table("routing", _Table).cell == ({"why": 1},)
    assert len(RULES.table("routing", _Table).cell) > 1
    bad = rules.load(override(tmp_path, "routing.toml", "cell = 3\n"))
    with pytest.raises(RulesError, match=r"routing\.toml: cell cannot be used"):
        bad.table("routing", _Table)


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("waits.toml", f'[folow_up]\nvalue="1 h"\n{GOOD}', ["waits.toml", "folow_up", "Did you mean follow_up?"]),
        ("waits.toml", '[follow_up]\nvalue={min="1 h", safe="1 h"}', ["follow_up.source is missing", "Write it"]),
        ("waits.toml", f'[late_without_date_shipped]\nvalue="soon"\n{GOOD}', ["late_without_date_shipped", '"48 h"']),
        ("waits.toml", f"[follow_up]\nvalue=3\n{GOOD}", ["follow_up.value", "Correct it"]),
        ("waits.toml", "follow_up = \n", ["waits.toml", "not TOML", "line 1"]),
        ("wait.toml", GOOD, ["wait.toml", "Did you mean waits.toml?"]),
        ("law/fr.toml", "[articles.L216-1]\nconfidence='V'\n", ["fr.toml", "articles.L216-1.source is missing"]),
        ("channels.toml", f'[links.order]\nvalue="//example.org/{{id}}"\n{GOOD}', ["channels.toml", "links", "path"]),
        ("channels.toml", f'[default_host]\nvalue="amazon.example"\n{GOOD}', ["default_host", "amazon.example"]),
        ("channels.toml", f'[phones.FR]\nvalue={{national="call me"}}\n{GOOD}', ["phones.FR.value.national"]),
        (
            "marketplaces/amazon.fr.toml",
            f'host="amazon.fr"\ncountry="FR"\ncurrency="EUR"\ntime_zone="Europe/Pari"\nlanguages=["fr"]\n{GOOD}',
            ["amazon.fr.toml", "time_zone", "Europe/Pari"],
        ),
        ("laws/fr.toml", GOOD, ["laws/fr.toml", "Did you mean law/*.toml?"]),
    ],
)
def test_a_bad_override_is_explained(tmp_path: Path, name: str, text: str, says: list[str]) -> None:
    """The message names the file and the key, and says what to do."""
    with pytest.raises(RulesError) as caught:
        rules.load(override(tmp_path, name, text))
    assert str(tmp_path) in str(caught.value)
    assert [part for part in says if part not in str(caught.value)] == []


def test_a_missing_folder_of_overrides_is_explained(tmp_path: Path) -> None:
    """A folder that the configuration names and that is not there is said to be missing."""
    with pytest.raises(RulesError, match=r"does not exist. Create it, or remove rules_dir"):
        rules.load(tmp_path / "none")


def test_a_file_that_is_not_text_is_explained(tmp_path: Path) -> None:
    """Bytes that are no UTF-8 give a sentence, not a traceback."""
    (tmp_path / "waits.toml").write_bytes(b'[follow_up]\nsource = "r\xe8gle"\n')
    with pytest.raises(RulesError, match="UTF-8"):
        rules.load(tmp_path)


def test_the_explanation_is_french_for_a_french_locale(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Mistakes are explained in the user's language."""
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")
    with pytest.raises(RulesError, match="Vouliez-vous dire follow_up"):
        rules.load(override(tmp_path, "waits.toml", f'[folow_up]\nvalue="1 h"\n{GOOD}'))


def test_a_whole_copy_of_the_shipped_rules_changes_nothing(tmp_path: Path) -> None:
    """Whoever copies our files to start from has exactly our rules."""
    shutil.copytree(resources.config() / "rules", tmp_path / "own")
    shutil.copytree(resources.config() / "marketplaces", tmp_path / "own" / "marketplaces")
    assert rules.load(tmp_path / "own") == RULES


def test_what_bears_a_source_is_replaced_whole() -> None:
    """A changed value never keeps the source of the old one, and other tables are merged key by key."""
    base = {"a": {"value": 1, "source": "x"}, "b": {"c": {"d": 1}, "e": 2}}
    over = {"a": {"value": 2}, "b": {"c": {"f": 3}}}
    assert rulefiles.overlay(base, over) == {"a": {"value": 2}, "b": {"c": {"d": 1, "f": 3}, "e": 2}}
