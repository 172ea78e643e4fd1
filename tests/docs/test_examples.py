"""The examples of CONTRIBUTING.md, followed to the letter in a copy of relance: what they promise comes out."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from daemon import say
from daemon.cli.main import root

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
READ = """
import json, sys
sys.path[:0] = sys.argv[1:3]
from datetime import UTC, datetime
import parsers
from daemon.intake import open_mail
from tests.parsers.test_mails import said
with open(sys.argv[3], "rb") as file:
    letters = open_mail(file.read(), received_at=datetime(2026, 11, 22, tzinfo=UTC))
print(json.dumps({"notices": [said(notice) for letter in letters for notice in parsers.read(letter)]}))
"""
LINKED = """
import sys
sys.path.insert(0, sys.argv[1])
from daemon import rules
from daemon.orders.order import Order
known = rules.load()
order = Order(order_id="404-8816024-5530917", marketplace="amazon.zz")
print(known.zone(order), known.site(order).currency, known.link("order", order))
"""


def _section(title: str) -> str:
    return re.split(r"^## ", PAGE.partition(f"\n## {title}\n")[2], maxsplit=1, flags=re.MULTILINE)[0]


def _blocks(title: str, kind: str) -> list[str]:
    """Return a section's blocks of code of one kind, without their indentation."""
    found = re.findall(rf"^( *)```{kind}\n(.*?)^ *```", _section(title), re.DOTALL | re.MULTILINE)
    return ["\n".join(line.removeprefix(indent) for line in block.splitlines()) + "\n" for indent, block in found]


class Copy:
    """A copy of relance that can be changed, and mails that it reads."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("daemon", "parsers", "config", "templates"):
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))

    def run(self, code: str, *arguments: str) -> str:
        """Run code in this copy; return what it prints."""
        command = [sys.executable, "-c", code, str(self.folder), *arguments]
        return subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=True, timeout=60).stdout

    def read(self, sender: str, subject: str, text: str) -> Any:
        """Return what is read in a mail, in the form of the .json beside a sample."""
        mail = self.folder / "mail.eml"
        head = f"From: {sender}\nTo: zoe@example.org\nSubject: {subject}\nDate: Sat, 21 Nov 2026 10:00:00 +0100\n"
        mail.write_text(f"{head}Content-Type: text/plain; charset=utf-8\n\n{text}", "utf-8")
        return json.loads(self.run(READ, str(ROOT), str(mail)))

    def change(self, path: str, old: str, new: str) -> None:
        """Replace one place of a file."""
        file = self.folder / path
        text = file.read_text("utf-8")
        assert text.count(old) == 1, f"{old!r} is not once in {path}"
        file.write_text(text.replace(old, new), "utf-8")


@pytest.fixture
def copy(tmp_path: Path) -> Iterator[Copy]:
    """Return a copy of relance to follow an example in."""
    yield Copy(tmp_path / "relance")
    shutil.rmtree(tmp_path / "relance")


TYPED = r"^(?:echo .*\| )?relance (?:--config \S+ |--debug )?([a-z-]+)(.*)$"
ORDERED = (
    "Thank you for your order\n\nOrder #\n404-8816024-5530917\n\n"
    "* Zinc watering can\n  Quantity: 1\n  19.90 EUR\n\nTotal\n19.90 EUR\n"
)


def test_a_marketplace_is_added_as_told(copy: Copy) -> None:
    """The line, the file and the host: its mails are read, its orders have zone, currency and links."""
    line, file = _blocks("Add a marketplace", "toml")
    copy.change("parsers/amazon/lexicon/common.toml", "[marketplaces]\n", f"[marketplaces]\n{line}")
    (copy.folder / "config/marketplaces/amazon.zz.toml").write_text(file, "utf-8")
    copy.change("config/rules/channels.toml", '"amazon.fr",', '"amazon.fr", "amazon.zz",')
    (notice,) = copy.read("Amazon.zz <auto-confirm@amazon.zz>", "Ordered: Zinc watering can", ORDERED)["notices"]
    assert (notice["kind"], notice["marketplace"], notice["order_id"]) == (
        "confirmed",
        "amazon.zz",
        "404-8816024-5530917",
    )
    assert copy.run(LINKED).split()[:2] == ["Europe/Dublin", "EUR"]
    assert "https://www.amazon.zz/" in copy.run(LINKED)


def test_a_carrier_is_added_as_told(copy: Copy) -> None:
    """The lexicon alone makes the carrier's mail read as the JSON beside the sample says."""
    (lexicon,) = _blocks("Add a carrier, or a wording", "toml")
    (expected,) = _blocks("Add a carrier, or a wording", "json")
    mail = (
        "Colis Express <suivi@colis-express.example>",
        "Votre colis CE4017733592 est livré",
        "Bonjour,\n\nVotre colis CE4017733592 a été livré.\n",
    )
    assert copy.read(*mail) != json.loads(expected)
    (copy.folder / "parsers/carriers/lexicon/colis_express.toml").write_text(lexicon, "utf-8")
    assert copy.read(*mail) == json.loads(expected)


def test_a_changed_wording_is_added_as_told(copy: Copy) -> None:
    """The phrase of the example, put where the page says, makes the mail read as its JSON says; before it does not."""
    (expected,) = _blocks("Add a wording", "json")
    (line,) = _blocks("Add a wording", "toml")
    phrase = tomllib.loads(line)["delivered"][-1]
    wanted = json.loads(expected)
    number = wanted["notices"][0]["order_id"]
    text = f"Bonjour Zoé,\n\nN° de commande\n{number}\n\n* Arrosoir\n  Quantité : 1\n"
    mail = ("Amazon.fr <order-update@amazon.fr>", "Votre colis s'est posé : « Arrosoir »", text)
    assert copy.read(*mail) != wanted
    head, begun, rest = (copy.folder / "parsers/amazon/lexicon/fr.toml").read_text("utf-8").partition("\n[subject]\n")
    changed = re.sub(r"^delivered = \[", f'delivered = ["{phrase}", ', rest, count=1, flags=re.MULTILINE)
    (copy.folder / "parsers/amazon/lexicon/fr.toml").write_text(head + begun + changed, "utf-8")
    assert copy.read(*mail) == wanted


def test_what_a_trouble_needs_is_where_the_page_says() -> None:
    """Each function, class, table and macro that the recipe for a trouble names is in the file that it names."""
    page = _section("Add a trouble")
    code = {
        "daemon/anomalies/anomaly.py": ["class Code"],
        "daemon/anomalies/watch.py": ["def find", "def next_check"],
        "daemon/rulemodels.py": ["class Waits"],
        "templates/letters/fr/not_received/trouble.j2": ["macro named", "macro facts", "macro briefly"],
        "templates/cli/en/claims.toml": ["[problem]"],
        "templates/cli/en/why.toml": ["[why]", "[ask]"],
    }
    for path, names in code.items():
        text = (ROOT / path).read_text("utf-8")
        assert [name for name in names if name not in text] == [], path
        assert [name for name in names if name.split()[-1].strip("[]") not in page] == [], path
    for path in set(re.findall(r"`(daemon/[\w/]+\.py|config/rules/\w+\.toml)`", page)):
        assert (ROOT / path).exists(), path


@pytest.mark.parametrize("language", say.LANGUAGES)
def test_examples_of_the_help_are_commands(language: str) -> None:
    """Each example line that a help shows begins with a command that there is, and its options are known."""
    context = root.make_context("relance", ["status"])
    seen = 0
    for key, text in say.catalogue(language).items():
        if not key.endswith(".examples"):
            continue
        for name, rest in re.findall(TYPED, text, re.MULTILINE):
            command = root.get_command(context, name)
            assert command is not None, f"{key}: {name}"
            known = {option for one in command.params for option in one.opts}
            assert set(re.findall(r"(?<!\S)--[a-z-]+", rest.split("   ")[0])) <= known | {"--help"}, key
            seen += 1
    assert seen > 25
