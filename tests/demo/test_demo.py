"""``relance demo``: the story told by the real service, as a person or a program starts it."""

from __future__ import annotations

import os
import pty
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from daemon.demo.story import Story

ROOT = Path(__file__).parents[2]
COMMAND = (sys.executable, "-m", "daemon.cli.main", "demo")
FIGURES = r"demo: (\d+) mails, (\d+) orders, (\d+) troubles, (\d+) drafts"
PATIENCE = 60


def _environment(folder: Path, language: str, columns: int = 100) -> dict[str, str]:
    """Return the environment of a user of their own, whose temporary files lie in ``folder``."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("RELANCE", "XDG_", "LC_", "LANG"))}
    own = {"PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error", "TMPDIR": str(folder), "HOME": str(folder)}
    return clean | own | {"LC_ALL": language, "COLUMNS": str(columns), "TERM": "xterm"}


def _play(folder: Path, language: str, columns: int = 100) -> str:
    """Play the whole demo from ``/`` without a terminal; return what it printed."""
    done = subprocess.run(
        [*COMMAND, "--once"],
        cwd="/",
        env=_environment(folder, language, columns),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=PATIENCE,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def _unwrapped(text: str) -> str:
    """Return the text with its lines joined, so that a sentence can be found wherever it was broken."""
    return re.sub(r"\s+", " ", text.replace("│", " "))


def _ref(text: str, opened: str) -> list[str]:
    """Return the numbers of the claims that were opened with these words."""
    return re.findall(rf"(R-\w{{4}}){opened}", text)


@pytest.fixture(scope="module")
def french(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """Return the demo's whole French text, and the temporary folder it ran in."""
    folder = tmp_path_factory.mktemp("french")
    return _play(folder, "fr_FR.UTF-8"), folder


@pytest.fixture(scope="module")
def english(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the demo's whole English text."""
    return _play(tmp_path_factory.mktemp("english"), "en_GB.UTF-8")


def test_the_last_line_gives_the_figures(french: tuple[str, Path], english: str) -> None:
    """In both languages the last line counts the same: at least 25 mails, 5 orders, 3 troubles and 4 drafts."""
    found = [re.fullmatch(FIGURES, text.splitlines()[-1]) for text in (french[0], english)]
    assert all(found), found
    french_figures, english_figures = ([int(one) for one in match.groups()] for match in found if match)
    assert french_figures == english_figures
    assert all(figure >= least for figure, least in zip(french_figures, (25, 5, 3, 4), strict=True))


def test_nothing_is_left_behind(french: tuple[str, Path]) -> None:
    """After its end no file of the demo is left, neither in the temporary folder nor in the home."""
    assert list(french[1].iterdir()) == []


def test_journey_1_ends_with_the_money(french: tuple[str, Path]) -> None:
    """Delivered, not received, shipped by Amazon: a claim to Amazon, a refund announced, seen, and all is closed."""
    text = _unwrapped(french[0])
    ref = _ref(text, " ouverte : livré, pas reçu, à adresser à : service client d’Amazon")[0]
    steps = ("ouverte", ": noté comme envoyé (premier", ": remboursement annoncé", "close : remboursement reçu")
    places = [text.index(f"{ref} {step}") for step in steps]
    assert places == sorted(places)


def test_journey_2_goes_up_the_ladder(french: tuple[str, Path]) -> None:
    """A late seller is written to, reminded after 48 hours as a draft in Drafts, then comes A-to-z after three days."""
    text = _unwrapped(french[0])
    (ref,) = _ref(text, " ouverte : livraison en retard, à adresser à : vendeur Vendu et expédié par un tiers")
    steps = (
        "premier message prêt, dans un mail",
        "48 h sans réponse ; la relance est prête, en brouillon",
        "toujours rien, les conditions sont réunies ; la demande de Garantie A à Z est prête",
    )
    places = [text.index(f"{ref} : {step}") for step in steps]
    assert places == sorted(places)
    assert "lun. 16 mars 2026" in text[places[1] : places[2]]


def test_journey_3_names_the_parcel_that_is_missing(french: tuple[str, Path]) -> None:
    """One of three parcels does not come: its forwarded shipping mail opens a claim, its delivery closes it."""
    text = _unwrapped(french[0])
    after = text[text.index("Les deux autres colis sont là") :]
    ref = _ref(after, " ouverte : livraison en retard")[0]
    assert "6A71604429208" in after[: after.index(f"{ref} close : colis arrivé")]


def test_journey_4_is_told_as_off_amazon(french: tuple[str, Path], english: str) -> None:
    """An automatic reply is said not to count, and "contact us on WhatsApp" is said to lead away from Amazon."""
    text = _unwrapped(french[0])
    assert text.index("réponse automatique : elle ne compte pas") < text.index("une réponse, hors d’Amazon (WhatsApp")
    assert "an answer, away from Amazon (WhatsApp" in _unwrapped(english)


def test_journey_6_makes_no_order(french: tuple[str, Path]) -> None:
    """The forged mail is told to be in quarantine, and its order number is among no orders."""
    text = _unwrapped(french[0])
    story, orders = text.split("Les commandes", 1)
    assert "mis en quarantaine : c’est une imitation" in story
    assert "404-9999999-0000000" in story
    assert "404-9999999-0000000" not in orders


def test_journey_7_withdraws_both_drafts(french: tuple[str, Path]) -> None:
    """Sold by another, shipped by Amazon: two drafts, and a delivery withdraws both and closes both claims."""
    text = _unwrapped(french[0])
    amazon, seller = (
        _ref(text, f" ouverte : livraison en retard, à adresser à : {party} ")[0]
        for party in (r"service client d’Amazon Vendu par un tiers", r"vendeur \(expédié par Amazon\)")
    )
    for ref in (amazon, seller):
        assert f"{ref} : devenu sans objet, texte retiré de lui-même (premier message)" in text
        assert f"{ref} close : colis arrivé" in text


def test_journey_8_reads_english_mails_and_two_sites(french: tuple[str, Path]) -> None:
    """English mails from amazon.fr and amazon.co.uk become orders, the latter in pounds."""
    orders = french[0].split("Les commandes", 1)[1]
    assert "402-6658143-9921760  18,70 €" in orders.replace("\xa0", " ")
    assert "203-8841706-5529417  27,40 £" in orders.replace("\xa0", " ")


def test_journey_9_drafts_the_withdrawal(french: tuple[str, Path]) -> None:
    """Found again, a parcel closes its claim; a courteous withdrawal of what was sent is drafted, and no reminder."""
    text = _unwrapped(french[0])
    after = text[text.index("Je l'ai retrouvé") :]
    ref = _ref(after, " : retrait courtois")[0]
    assert f"{ref} close : colis retrouvé" in after
    assert f"{ref} · retrait de la demande → service client d’Amazon" in after
    assert f"{ref} · relance" not in after


def test_mails_of_no_order_are_said_to_be_left_alone(french: tuple[str, Path]) -> None:
    """Both newsletters of the story, and nothing else, are told as having nothing to do with an order."""
    assert french[0].count("sans rapport avec une commande") == 2


def test_it_says_where_to_go_on(french: tuple[str, Path], english: str) -> None:
    """The end names every journey and the commands that come next, in both languages."""
    for text in (french[0], english):
        ending = text[-2500:]
        assert all(f"\n{one.number}. " in ending for one in Story.load().journey)
        assert all(f"relance {command}" in _unwrapped(ending) for command in ("init", "check", "run"))


def test_a_narrow_window_in_the_c_locale_is_enough(tmp_path: Path) -> None:
    """With LC_ALL=C and 40 columns no line of the story is wider than the window, and the figures still come last."""
    lines = _play(tmp_path, "C", columns=40).splitlines()
    assert re.fullmatch(FIGURES, lines[-1])
    assert max(map(len, lines[:-1])) <= 40


@pytest.mark.parametrize("reads", [1, 40])
def test_a_reader_who_goes_away_ends_it_quietly(tmp_path: Path, reads: int) -> None:
    """When the pipe is closed after some lines, it ends with 141, says nothing on stderr and leaves nothing behind."""
    environment = _environment(tmp_path, "fr_FR.UTF-8")
    with subprocess.Popen(
        [*COMMAND, "--once"], cwd="/", env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as demo:
        assert demo.stdout is not None
        assert demo.stderr is not None
        for _ in range(reads):
            demo.stdout.readline()
        demo.stdout.close()
        errors = demo.stderr.read()
        assert (demo.wait(PATIENCE), errors) == (141, b"")
    assert list(tmp_path.iterdir()) == []


def test_ctrl_c_at_a_terminal_ends_it_cleanly(tmp_path: Path) -> None:
    """At a terminal, Ctrl-C in the middle of the story ends it with 130, without a traceback or a file left behind."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        COMMAND, cwd="/", env=_environment(tmp_path, "en_GB.UTF-8"), stdin=theirs, stdout=theirs, stderr=theirs,
    ) as demo:  # fmt: skip
        os.close(theirs)
        shown = b""
        while shown.count(b"Mail:") < 3:
            shown += os.read(ours, 4096)
        demo.send_signal(signal.SIGINT)
        while part := _read(ours):
            shown += part
        assert demo.wait(PATIENCE) == 130
    os.close(ours)
    assert b"Traceback" not in shown
    assert list(tmp_path.iterdir()) == []


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # a terminal's far end is gone: Linux says EIO
        return b""
