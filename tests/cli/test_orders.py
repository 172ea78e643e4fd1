"""``orders``, ``show``, ``report``, ``correct``, ``status``: what is known, and the owner's word."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.cli.conftest import ORDER, Home
from tests.road import mails


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
    assert "Nothing proves" not in ready.run("show", ORDER).out


def test_the_same_order_in_french(troubled: Home) -> None:
    """``--language`` speaks to the owner, whatever the locale."""
    out = troubled.run("--language", "fr", "show", ORDER).out
    assert f"Commande {ORDER}" in out
    assert "vous : pas reçu" in out


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
