"""JSON-LD and microdata: broken ones, hostile ones, and the limits."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.shops import complete, jsonld, microdata
from parsers.shops.thing import MAX_THINGS, Thing, named
from tests.parsers.shops.kit import letter, order, parcel, read, script

SOUND = (
    '{"@context": "http://schema.org", "@type": "Order", "orderNumber": "MV-1", "merchant": {"name": "Maison Verre"}}'
)


def numbers(html: str) -> list[str]:
    """Return the numbers of the orders that a page describes in JSON-LD."""
    return [thing.words("ordernumber") for thing in named(jsonld.things(html), frozenset({"order"}))]


@pytest.mark.parametrize(
    "text",
    [
        SOUND,
        f"[{SOUND}]",
        f"\ufeff\n {SOUND} ;",
        f"<!-- {SOUND} -->",
        f"//<![CDATA[\n{SOUND}\n//]]>",
        f"/*<![CDATA[*/ {SOUND} /*]]>*/",
        f"{SOUND}\n{{ broken",
        SOUND.replace("}}", ",},}"),
        SOUND.replace('"@type"', '// the type\n "@type"'),
        SOUND.replace('"', "&quot;"),
        SOUND.replace("Maison Verre", "Maison\nVerre\x07"),
        SOUND.replace("http://schema.org", "https://schema.org/"),
        SOUND.replace('"Order"', '["Thing", "http://schema.org/Order"]'),
        SOUND.replace('"Order"', '"schema:Order"').replace('"orderNumber"', '"schema:orderNumber"'),
        SOUND.replace('"MV-1"', '{"@value": "MV-1"}'),
        SOUND.replace('"MV-1"', '["MV-1"]'),
        f'{{"@context": "http://schema.org", "@graph": [{{"@type": "Person"}}, {SOUND}]}}',
        f'{{"@type": "EmailMessage", "about": {SOUND}}}',
        f'{{"@graph": [{{"@type": "WebPage", "mainEntity": {{"@id": "#o"}}}}]}}{SOUND}',
    ],
)
def test_an_order_is_found_in_whatever_wrapping(text: str) -> None:
    """Lists, graphs, types in lists and prefixes, comments, stray commas and control signs hide no order."""
    assert numbers(script(text)) == ["MV-1"]


@pytest.mark.parametrize(
    "html",
    [
        f"<!-- {script(SOUND)} -->",
        f'<script type="text/javascript">{SOUND}</script>',
        f'<script type="application/ld+json">{SOUND}',
        script(SOUND.replace(":", "")),
        script('"http://schema.org/Order"'),
        script("[]"),
        script("null"),
        script(""),
    ],
)
def test_what_is_no_markup_of_the_page_is_not_read(html: str) -> None:
    """Scripts in comments, of another type, without an end, and what no mending makes JSON, say nothing."""
    assert numbers(html) == []


def test_nodes_refer_to_one_another() -> None:
    """A node that is named elsewhere by its ``@id`` is read where it is named, also when nodes name each other."""
    graph = [
        {
            "@type": "Order",
            "orderNumber": "MV-1",
            "@id": "#o",
            "merchant": {"@id": "#m"},
            "orderDelivery": {"@id": "#p"},
        },
        {"@type": "ParcelDelivery", "@id": "#p", "trackingNumber": "6A11902847553", "partOfOrder": {"@id": "#o"}},
        {"@type": "Organization", "@id": "#m", "name": "Maison Verre"},
    ]
    (notice,) = read({"@context": "http://schema.org", "@graph": graph})
    assert (notice.order_id, notice.retailer, notice.tracking_numbers) == ("MV-1", "Maison Verre", ("6A11902847553",))


def test_microdata_nests_and_says_its_values_in_many_ways() -> None:
    """Attributes, links, times and texts over several lines are values; an inner thing belongs to the outer one."""
    (thing,) = microdata.things(
        """<div itemscope itemtype="http://schema.org/Order">
        <p itemprop="orderNumber">MV-<b>1</b></p><meta itemprop="price" content="3"><time itemprop="orderDate"
        datetime="2026-09-01">hier</time><a itemprop="url orderUrl" href="https://x.example/o">voir</a>
        <div itemprop="seller" itemscope itemtype="http://schema.org/Organization"><span itemprop="name">Maison
        <i itemprop="alternateName">Verre</i></span></div><script>var itemprop = 1</script></div>"""
    )
    assert thing.types == {"order"}
    assert {name: thing.words(name) for name in ("ordernumber", "price", "orderdate", "url", "orderurl", "seller")} == {
        **{"ordernumber": "MV-1", "price": "3", "orderdate": "2026-09-01", "url": "https://x.example/o"},
        **{"orderurl": "https://x.example/o", "seller": "Maison Verre"},
    }


def test_the_same_order_twice_is_one() -> None:
    """An order in JSON-LD and again in microdata gives one notice with what both say."""
    twice = script(order()) + (
        '<div itemscope itemtype="http://schema.org/Order"><i itemprop="orderNumber">MV-1</i>'
        '<i itemprop="price">12,00 €</i></div>'
    )
    (notice,) = complete(letter(twice), [])
    assert (notice.order_id, str(notice.total), notice.currency) == ("MV-1", "12.00", "EUR")


HOSTILE = {
    "brackets": script("[" * 100_000),
    "objects": script('{"a":' * 30_000),
    "escapes": script('"\\"' * 60_000),
    "backslashes": script("\\" * 150_000),
    "quotes": script('"' * 150_001),
    "commas": script("," * 190_000),
    "blanks": script(", " * 90_000),
    "slashes": script("/" * 190_000),
    "openings": '<script type="application/ld+json" ' * 50_000,
    "scripts": "<script" * 200_000,
    "comments": "<!--" * 100_000,
    "blocks": script("{,}" * 6_000) * 100,
    "scopes": "<div itemscope itemprop=a>" * 100_000,
    "properties": "<div itemscope>" + "<b itemprop=x>a</b>" * 90_000,
    "texts": "<div itemscope>" + "<b itemprop=x>" * 900 + "x" * 500_000,
    "names": '<div itemscope><i itemprop="' + "x " * 200_000 + '">',
    "numbers": script('{"@type":"Order","orderNumber":' + "9" * 100_000 + "}"),
    "references": script(
        json.dumps([{"@id": f"#{n}", "x": [{"@id": f"#{n + 1}"}, {"@id": f"#{n + 1}"}]} for n in range(200)])
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_markup_takes_no_time_and_invents_nothing(name: str) -> None:
    """Near-misses of a hundred kilobytes and more are given up within a second, and give no order."""
    begun = time.process_time()
    assert complete(letter(HOSTILE[name] + "schema.org"), []) == []
    assert time.process_time() - begun < 1.0


def test_a_letter_gives_only_so_many_notices() -> None:
    """A thousand orders in one letter are not an answer that a person could use."""
    assert 1 < len(read([order(orderNumber=f"MV-{n}") for n in range(1000)])) <= 20


def test_things_are_counted() -> None:
    """No more things are made of a page than the limit says."""
    (root,) = jsonld.things(script({"@type": "Order", "x": [{"n": 1}] * 9_000}))
    assert sum(1 for _ in root.things("x")) < MAX_THINGS


_NAMES = [
    *("@type", "@id", "@graph", "@value", "orderNumber", "orderStatus", "merchant", "seller", "name", "price"),
    *("acceptedOffer", "itemOffered", "eligibleQuantity", "orderDelivery", "trackingNumber", "partOfOrder", "carrier"),
    *("expectedArrivalUntil", "totalPaymentDue", "referencesOrder", "orderedItem", "url", "email"),
]
_TEXTS = ["Order", "ParcelDelivery", "Invoice", "#a", "http://schema.org/OrderDelivered", "1"]
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(_NAMES), inner | st.sampled_from(_TEXTS), max_size=6)
    ),
    max_leaves=25,
)


@given(json_values)
@settings(deadline=None, max_examples=150)
def test_no_markup_is_too_strange(data: object) -> None:
    """Whatever values stand in whatever places, the letter is read, and what it gives names an order or a parcel."""
    for notice in read([data, {"@type": "Order", "x": data}, {"@type": "ParcelDelivery", "partOfOrder": data}]):
        assert notice.order_id or notice.tracking_numbers
        assert notice.marketplace == "maison-verre.example"


@given(st.text(alphabet='<>/!-"{}[],:\\ abcsriptld+json=itemscopr&;', max_size=200))
@settings(deadline=None, max_examples=150)
def test_no_page_is_too_strange(scraps: str) -> None:
    """Scraps of tags and JSON in any order are read without an exception."""
    page = script(scraps) + scraps + f"<div itemscope {scraps}>{scraps}"
    assert isinstance(microdata.things(page), list)
    assert all(isinstance(one, Thing) for one in jsonld.things(page))


def test_a_parcel_beside_its_order_is_not_told_twice() -> None:
    """A parcel that stands in its order and again on its own is one parcel."""
    one = parcel(trackingNumber="6A11902847553")
    (notice,) = read([order(orderDelivery=one), one])
    assert notice.order_id == "MV-1"
