"""``orders``, ``show``, ``report``, ``correct``, ``status``: what is known, and the owner's word."""

from __future__ import annotations

import re
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from daemon import configuration
from parsers.letter import Trust
from tests.cli.conftest import ORDER, Home
from tests.road import mails

CARRIER = Path(__file__).parents[1] / "mails/carriers/colissimo_delivered.eml"


def test_orders_show_what_is_wrong(troubled: Home) -> None:
    """The list names the order, its total, the trouble and the claim; square brackets in a title stay as they are."""
    ran = troubled.run("orders")
    assert ran.code == 0
    assert ORDER in ran.out
    assert "€42.50" in ran.out
    assert "delivered, not received" in ran.out
    assert "[b]émaillée[/b]" in ran.out
    assert "R-" in ran.out


def test_orders_as_json_hold_everything(troubled: Home) -> None:
    """Programs get the order, its troubles and claims, with amounts as decimal strings."""
    (one,) = troubled.run("orders", "--json").json
    assert one["order"]["order_id"] == ORDER
    assert one["order"]["total"] == "42.50"
    assert [trouble["code"] for trouble in one["anomalies"]] == ["not-received"]
    assert one["claims"][0]["order_id"] == ORDER


def test_without_orders_the_way_on_is_shown(ready: Home) -> None:
    """An empty list says so, and JSON is an empty list."""
    assert "relance status" in ready.run("orders").out
    assert ready.run("orders", "--json").json == []
    assert ready.run("drafts", "--json").json == []
    assert ready.run("quarantine", "list", "--json").json == []
    assert ready.run("undo", "--list", "--json").json == []


def test_without_trouble_the_orders_are_counted(ready: Home) -> None:
    """Orders without a trouble are not called no orders, in either language and number."""
    now = datetime.now(UTC)
    soon = f"{now + timedelta(days=4):%d/%m/%Y}"
    ready.receive(mails.confirmed(ORDER, now, promised=soon))
    assert "1 order is known, and nothing is wrong with it" in ready.run("orders", "--trouble").out
    ready.receive(mails.confirmed(mails.order_number(31), now, promised=soon))
    assert "2 orders are known, and nothing is wrong with any" in ready.run("orders", "--trouble").out
    assert "2 commandes connues" in ready.run("--language", "fr", "orders", "--trouble").out
    assert ready.run("orders", "--trouble", "--json").json == []


def test_a_parcel_without_an_order_is_seen(ready: Home) -> None:
    """A carrier's mail that no order knows is listed by ``parcels``; ``orders`` and ``status`` say that it is there."""
    assert "no parcels without an order" in ready.run("parcels").out
    ready.receive(CARRIER.read_bytes())
    told = "1 parcel belongs to no order that is known; see: relance parcels"
    assert told in ready.run("orders").out
    assert "1 parcel without an order; see it with: relance parcels" in ready.run("status").out
    out = ready.run("parcels").out
    assert "6A04418827365" in out
    assert "Colissimo" in out
    assert "delivered" in out
    assert "not verified*" in out
    (one,) = ready.run("parcels", "--json").json
    assert (one["parcel"]["key"], one["timeline"][0]["trust"]) == ("6A04418827365", "unverified")
    assert "sans commande" in ready.run("--language", "fr", "status").out


def test_an_order_is_shown_with_its_mails_and_reasons(troubled: Home) -> None:
    """Timeline, mail by mail, what is wrong and why, and the claim."""
    out = troubled.run("show", ORDER).out
    for part in ("order-update@amazon.fr", "forwarded by you", "pas reçu", "you: not received", "(confirmed)", "R-"):
        assert part in out
    assert "[1]" in out
    assert "[3]" in out


def test_mails_that_nobody_vouches_for_are_marked(ready: Home) -> None:
    """Each mail says how far it is believed, and a trouble that rests on unverified mails alone says so, too."""
    now = datetime.now(UTC)
    promised = f"{now - timedelta(days=4):%d/%m/%Y}"
    ready.receive(mails.confirmed(ORDER, now - timedelta(days=9), promised=promised))
    out = ready.run("show", ORDER).out
    assert "not verified" in out
    assert "(suspected)" in out
    assert "Nothing proves that these mails come from those they name" in out
    (trouble,) = ready.run("show", "--json", ORDER).json["anomalies"]
    assert trouble["certainty"] == "suspected"
    ready.receive(mails.not_received(ORDER, now - timedelta(hours=1)))
    assert "Nothing proves that these mails" not in ready.run("show", ORDER).out


def test_what_nothing_proves_bears_a_mark_wherever_it_is_told(ready: Home) -> None:
    """Timeline, facts, list, status and JSON mark an unverified mail; a footnote explains it, in each language."""
    now = datetime.now(UTC)
    ready.receive(mails.confirmed(ORDER, now - timedelta(days=2), promised=f"{now + timedelta(days=4):%d/%m/%Y}"))
    out = ready.run("show", ORDER).out
    assert re.search(r"\[1\]\* .* ordered +\(not verified\*\)", out)
    assert re.search(r"Sold by: Amazon \(read \[1\]\*\)", out)
    assert "\n  * Nothing proves that this mail comes from whom it names" in out
    listed = ready.run("orders").out
    assert "not verified*" in listed
    assert "* Nothing proves" in listed
    assert "1 mail of an order is not verified" in ready.run("status").out
    assert "* Rien ne prouve" in ready.run("--language", "fr", "show", ORDER).out
    assert [one["trust"] for one in ready.run("show", "--json", ORDER).json["order"]["timeline"]] == ["unverified"]
    assert [one["trust"] for one in ready.run("orders", "--json").json[0]["order"]["timeline"]] == ["unverified"]


def test_a_word_that_may_not_be_the_owners_bears_it_too(troubled: Home) -> None:
    """What came in the owner's name, and was not proven to be theirs, has a footnote of its own."""
    from daemon.application import Application
    from daemon.cli import show_order

    with closing(Application.open(configuration.read(troubled.config))) as app:
        view = app.order(ORDER)
    doubted = [one.model_copy(update={"trust": Trust.UNVERIFIED}) for one in view.order.timeline]
    order = view.order.model_copy(update={"timeline": tuple(doubted)})
    assert "Nothing proves that you wrote this" not in troubled.told(lambda: show_order.tell(view))
    assert "Nothing proves that you wrote this" in troubled.told(lambda: show_order.tell(replace(view, order=order)))


def test_the_same_order_in_french(troubled: Home) -> None:
    """``--language`` speaks to the owner, whatever the locale."""
    out = troubled.run("--language", "fr", "show", ORDER).out
    assert f"Commande {ORDER}" in out
    assert "vous\u00a0: pas reçu" in out


def test_an_unknown_order_offers_the_nearest(troubled: Home) -> None:
    """Two figures swapped: exit code 6, one sentence, the right number, and no traceback."""
    ran = troubled.run("show", ORDER.replace("884", "848"))
    assert ran.code == 6
    assert f"Did you mean {ORDER}?" in ran.err
    assert "Traceback" not in ran.err
    assert ran.out == ""


def test_a_report_withdraws_what_is_pointless(troubled: Home, ref: str) -> None:
    """A parcel that is found closes the claim; undoing that brings the draft back."""
    ran = troubled.run("report", ORDER, "found", "--note", "chez la gardienne")
    assert ran.code == 0
    assert f"{ref}: text withdrawn" in ran.out
    assert troubled.run("drafts", "--json").json == []
    assert "chez la gardienne" in troubled.run("show", ORDER).out
    assert troubled.run("undo").code == 0
    assert [one["claim"]["order_id"] for one in troubled.run("drafts", "--json").json] == [ORDER]


def test_a_correction_changes_who_is_written_to(troubled: Home) -> None:
    """Told that a seller sold and shipped it, relance writes to the seller."""
    ran = troubled.run("correct", ORDER, "--sold-by", "seller", "--shipped-by", "seller")
    assert ran.code == 0
    assert "your word" in troubled.run("show", ORDER).out
    assert {one["claim"]["party"] for one in troubled.run("drafts", "--json").json} == {"seller"}


def test_a_report_too_early_says_what_will_happen(ready: Home) -> None:
    """Nothing follows yet: until when it is too early, what happens then, and what to say if the parcel comes."""
    now = datetime.now(UTC)
    ready.receive(mails.confirmed(ORDER, now, promised=f"{now + timedelta(days=4):%d/%m/%Y}"))
    out = ready.run("report", ORDER, "not-received").out
    assert f"Noted for {ORDER}: not received." in out
    assert "Too early to complain" in out
    assert f"{now + timedelta(days=4):%Y}" in out
    assert "relance asks you on" in out
    assert f"relance report {ORDER} received" in out
    told = ready.run("report", ORDER, "not-received", "--json").json["effects"]
    assert [one["key"] for one in told] == ["too_early"]


def test_a_report_that_nothing_follows_from_says_so(troubled: Home, ref: str) -> None:
    """A claim that is open already is named; a trouble that relance does not pursue is said to be kept."""
    assert f"claim {ref} is open already" in troubled.run("report", ORDER, "not-received").out
    quiet = mails.order_number(37)
    now = datetime.now(UTC)
    troubled.receive(mails.confirmed(quiet, now - timedelta(days=3)), mails.delivered(quiet, now - timedelta(days=1)))
    assert "relance does not make a claim of this yet" in troubled.run("report", quiet, "damaged").out
    assert "no claim of this order is open" in troubled.run("report", quiet, "received").out


def test_what_was_undone_is_said(troubled: Home) -> None:
    """``undo`` and its list name the word that was taken back, not only the order."""
    troubled.run("report", ORDER, "found", "--note", "chez la gardienne")
    troubled.run("correct", ORDER, "--sold-by", "seller")
    assert "your correction (sold by the seller)" in troubled.run("undo", "--list").out
    assert f"Taken back: {ORDER}: your correction (sold by the seller)." in troubled.run("undo").out
    assert "votre parole (retrouvé, « chez la gardienne »)" in troubled.run("--language", "fr", "undo").out


def test_an_empty_correction_is_a_wrong_usage(troubled: Home) -> None:
    """Nothing to correct: exit code 2 and what to give."""
    ran = troubled.run("correct", ORDER)
    assert ran.code == 2
    assert "--sold-by" in ran.err


def test_status_counts_and_says_that_nothing_runs(troubled: Home) -> None:
    """Without a service the exit code is 1, and the figures are shown all the same."""
    ran = troubled.run("status")
    assert ran.code == 1
    assert "relance does not run" in ran.out
    assert "Mails: 3 read" in ran.out
    assert troubled.run("status", "--json").json["orders"] == 1


def test_replay_gives_the_same_orders(troubled: Home, ref: str) -> None:
    """Reading everything again changes neither orders nor claims."""
    before = troubled.run("orders", "--json").json
    ran = troubled.run("replay", "--json")
    assert ran.json == {"mails": 3, "orders": 1, "troubles": 1, "quarantined": 0}
    assert troubled.run("orders", "--json").json == before
    assert ref in troubled.run("drafts").out


@pytest.mark.parametrize(
    ("language", "said", "fine"),
    [
        ("en", "you said: damaged", "Nothing is wrong."),
        ("fr", "cassé. C’est gardé", "Tout va bien."),
    ],
)
def test_a_trouble_that_is_not_pursued_is_no_well_being(ready: Home, language: str, said: str, fine: str) -> None:
    """What the owner told of is shown as theirs, and as not pursued; money that came after it ends it."""
    now = datetime.now(UTC)
    ready.receive(mails.confirmed(ORDER, now - timedelta(days=3)), mails.delivered(ORDER, now - timedelta(days=1)))
    assert fine in ready.run("--language", language, "show", ORDER).out
    ready.run("report", ORDER, "damaged")
    out = ready.run("--language", language, "show", ORDER).out
    assert said in out
    assert fine not in out
    ready.run("report", ORDER, "credited")
    assert fine in ready.run("--language", language, "show", ORDER).out
    ready.run("report", ORDER, "refund-missing")
    out = ready.run("--language", language, "show", ORDER).out
    assert fine not in out
    assert said not in out


@pytest.mark.parametrize("language", ["en", "fr"])
def test_only_the_commands_that_answer_a_question_are_offered(ready: Home, language: str) -> None:
    """Asked who sold and shipped, the owner is offered ``correct``, as a report's effect and in ``show``."""
    now = datetime.now(UTC)
    ready.receive(mails.delivered(ORDER, now - timedelta(days=4)))
    told = ready.run("--language", language, "report", ORDER, "not-received").out
    shown = ready.run("--language", language, "show", ORDER).out
    for out in (told, shown):
        assert f"relance correct {ORDER} --sold-by amazon --shipped-by amazon" in out
        assert "relance report" not in out


@pytest.mark.parametrize(
    ("said", "word"),
    [("pas reçu", "not_received"), ("Pas-recu", "not_received"), ("reçu", "received"), ("abîmé", "damaged")],
)
def test_a_report_takes_the_words_that_people_write(ready: Home, said: str, word: str) -> None:
    """The help's translations are as good as its words, whatever the accents, capitals and hyphens."""
    now = datetime.now(UTC)
    ready.receive(mails.confirmed(ORDER, now - timedelta(days=3)), mails.delivered(ORDER, now - timedelta(days=1)))
    ran = ready.run("report", ORDER, said, "--json")
    assert ran.code == 0
    assert ran.json["said"]["note_means"] == word


def test_no_word_of_a_report_stands_for_two() -> None:
    """In both languages together, every word and synonym has one meaning."""
    from daemon.cli.report import _MEANINGS, _also, _plain

    found: dict[str, set[str]] = {}
    for name in _MEANINGS:
        for word in (name, *_also(name)):
            found.setdefault(_plain(word), set()).add(name)
    assert all(len(names) == 1 for names in found.values())


@pytest.mark.parametrize("language", ["en", "fr"])
def test_who_reads_of_unverified_mails_reads_of_replay(ready: Home, language: str) -> None:
    """``status`` and ``show`` say that a new ``authserv_ids`` reaches the mails read already by ``relance replay``."""
    now = datetime.now(UTC)
    ready.receive(mails.confirmed(ORDER, now - timedelta(days=2)))
    for words in (("status",), ("show", ORDER)):
        assert "relance replay" in ready.run("--language", language, *words).out
