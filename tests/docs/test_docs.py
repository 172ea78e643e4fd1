"""What the documentation says is there: files, headings, keys, commands, benchmarks."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from daemon.cli.main import root
from daemon.configuration import read
from daemon.settings import ClaimSettings, ImapMailbox, MaildirMailbox, Owner, Secret, Settings

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
NAMES = [str(page.relative_to(ROOT)) for page in PAGES]


def _prose(text: str) -> str:
    """Return a page without its blocks of code."""
    return re.sub(r"^ *```.*?^ *```", "", text, flags=re.DOTALL | re.MULTILINE)


def _anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as forges make them."""
    headings = re.findall(r"^#+ (.*)$", _prose(page.read_text("utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def _links(page: Path) -> Iterator[str]:
    yield from re.findall(r"\]\(([^)\s]+)\)", _prose(page.read_text("utf-8")))


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_every_link_leads_to_a_file(page: Path) -> None:
    """Each relative link of a page names a file or folder of the project, and each anchor a heading in it."""
    for link in _links(page):
        if link.startswith("https://"):
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        assert target.exists(), f"{link} leads nowhere"
        assert target.is_relative_to(ROOT)
        assert not anchor or anchor in _anchors(target), f"{link} names no heading"


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_files_that_are_named_exist(page: Path) -> None:
    """A path of the project that a page names in code type exists; those of the worked examples are invented."""
    invented = ("amazon.zz", "colis_express", "/damaged/", "<what>", "*", "{")
    named = re.findall(
        r"`((?:daemon|parsers|tests|config|templates|benchmarks|docs|tools)/[^`\s]*)`", page.read_text("utf-8")
    )
    missing = [one for one in named if not any(part in one for part in invented) and not (ROOT / one).exists()]
    assert missing == []


def test_the_architecture_names_functions_that_exist() -> None:
    """Each function and class in the table of docs/architecture.md is defined in the file beside it."""
    text, where, seen = (ROOT / "docs/architecture.md").read_text("utf-8"), "", 0
    for row in re.findall(r"^\| (`[^|]*`|) ?\| ([^|]*) \|", text, re.MULTILINE):
        where = row[0].strip("`") or where
        if not where.startswith(("daemon/", "parsers/")):
            continue
        path = ROOT / where
        code = "".join(one.read_text("utf-8") for one in (path.glob("*.py") if path.is_dir() else [path]))
        for name in re.findall(r"`(\w+)", row[1]):
            assert re.search(rf"^(def|class) {name}\b", code, re.MULTILINE), f"{name} is not in {where}"
            seen += 1
    assert seen > 15


def _keys(*models: type[BaseModel]) -> set[str]:
    return {name for model in models for name in model.model_fields}


def test_every_key_of_the_configuration_is_explained() -> None:
    """docs/configuration.md names each key that the configuration knows, and each place for a secret."""
    text = (ROOT / "docs/configuration.md").read_text("utf-8")
    keys = _keys(Settings, ClaimSettings, ImapMailbox, MaildirMailbox, Owner, Secret) - {"mailboxes", "owner", "claims"}
    assert [key for key in sorted(keys) if not re.search(rf"`{key}`|\b{key} =", text)] == []


@pytest.mark.parametrize("name", ["README.md", "docs/configuration.md"])
def test_the_least_configuration_works(name: str, tmp_path: Path) -> None:
    """The first configuration that a page shows can be read as it stands."""
    block = next(iter(re.findall(r"```toml\n(.*?)```", (ROOT / name).read_text("utf-8"), re.DOTALL)))
    path = tmp_path / "relance.toml"
    path.write_text(block, "utf-8")
    assert read(path).mailboxes[0].owner.name == "Zoé Martin"


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_toml_that_is_shown_is_toml(page: Path) -> None:
    """Each block of TOML can be read, except where one key is shown with several values to choose from."""
    for indent, block in re.findall(r"^( *)```toml\n(.*?)^ *```", page.read_text("utf-8"), re.DOTALL | re.MULTILINE):
        lines = [line.removeprefix(indent) for line in block.splitlines()]
        keys = [line.partition(" =")[0] for line in lines if " = " in line and not line.startswith("#")]
        choices = len(set(keys)) == 1
        for part in lines if choices else ["\n".join(lines)]:
            assert tomllib.loads(part) is not None


def test_every_command_is_listed() -> None:
    """docs/cli.md has a row for each command; what README's examples type are commands."""
    listed = (ROOT / "docs/cli.md").read_text("utf-8")
    commands = set(root.list_commands(root.make_context("relance", ["status"])))
    assert {name for name in commands if not re.search(rf"^\| `{name}\b", listed, re.MULTILINE)} == set()
    typed = re.findall(r"^(?:\.venv/bin/)?relance (\w+)", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE)
    assert typed
    assert set(typed) <= commands


def test_every_benchmark_has_its_command_and_figures() -> None:
    """docs/performance.md names each benchmark's command, and each command is a benchmark."""
    text = (ROOT / "docs/performance.md").read_text("utf-8")
    there = {path.stem for path in (ROOT / "benchmarks").glob("*.py")} - {"__init__", "common", "fixtures"}
    assert set(re.findall(r"-m benchmarks\.(\w+)", text)) == there
