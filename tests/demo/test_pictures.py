"""The README's pictures are what the demo shows today.

A picture that no longer is fails here. Look at what changed, then write them anew:
``RELANCE_PICTURES=write make test PYTEST_ARGS=tests/demo/test_pictures.py``.
"""

from __future__ import annotations

import io
import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import click
import pytest
from rich.console import Console
from rich.text import Text

from daemon import say
from daemon.cli import show_order
from daemon.demo.play import Player, Stage
from daemon.demo.story import Story
from daemon.demo.telling import Teller

FOLDER = Path(__file__).parents[2] / "docs" / "images"
WIDTH = 100
STAGES = {"story": "relance demo", "draft": "relance demo", "order": "relance show 171-4420981-6635508"}
"""Each picture and its title: the command that shows it."""
CELL = 12.2
"""Width of one letter in a picture."""
UNTIL = datetime(2026, 3, 13, 16, tzinfo=ZoneInfo("Europe/Paris"))
"""When the order is looked at: its reminder is ready, A-to-z is still ahead."""
FROM, TO = "jeu. 5 mars 2026", "mar. 10 mars 2026"
"""The days of the story that are shown, the latter not included."""


def _console() -> Console:
    return Console(
        record=True, width=WIDTH, file=io.StringIO(), force_terminal=True, color_system="truecolor", emoji=False
    )


def _picture(name: str, text: str) -> str:
    """Return text with its colours as an SVG that fetches nothing: the reader's own monospaced font is used."""
    console = _console()
    console.print(Text.from_ansi(text), end="")
    svg = console.export_svg(title=STAGES[name], unique_id=f"relance-{name}")
    svg = re.sub(r"\s*@font-face \{.*?\}", "", svg, flags=re.DOTALL)
    svg = re.sub(r'x="([\d.]+)" y="([\d.]+)" textLength="([\d.]+)"([^>]*)>((?:&#160;)+)', _moved, svg)
    # Without its font the lettering's width is stated anyway (textLength); only the family's name is left to mend.
    svg = svg.replace("Fira Code, monospace", "'DejaVu Sans Mono', Menlo, Consolas, monospace")
    svg = svg.replace("<!-- Generated with Rich https://www.textualize.io -->\n", "")
    return "\n".join(line.rstrip() for line in svg.splitlines()) + "\n"


def _moved(found: re.Match[str]) -> str:
    """Put text that begins with spaces where its first letter is: some viewers drop such spaces."""
    x, y, length, rest, spaces = found.groups()
    gone = spaces.count(";") * CELL
    return f'x="{round(float(x) + gone, 1)}" y="{y}" textLength="{round(float(length) - gone, 1)}"{rest}>'


def _printed(show: Callable[[], None]) -> str:
    """Return what a command prints at a terminal."""
    out = io.StringIO()
    with click.Context(click.Command("show")) as context, redirect_stdout(out):
        context.color = True
        show()
    return out.getvalue()


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Play the demo in French, at its story's own time, and return what the pictures show."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", "Europe/Paris")
        time.tzset()
        say.use("fr")
        yield _played(tmp_path_factory.mktemp("demo"))
        say.use(None)
    time.tzset()


def _played(folder: Path) -> dict[str, str]:
    story, console = Story.load(), _console()
    stage, teller = Stage(story, folder), Teller(console, story, live=False)
    with stage.running():
        player = Player(stage, teller, pause=0.0)
        player.play(UNTIL)
        view = stage.application.order(story.orders["chaises"].id)
        order = _printed(lambda: show_order.tell(view))
        player.play()
        told = console.export_text(styles=True)
        claim = stage.application.order(story.orders["casque"].id).claims[0]
        teller.draft(claim, claim.drafts[0])
        draft = console.export_text(styles=True)
    days = re.search(rf"^\S*{FROM}.*?(?=^\S*{TO})", told, re.DOTALL | re.MULTILINE)
    assert days is not None
    return {"story": days.group(), "draft": draft, "order": order}


@pytest.mark.parametrize("name", STAGES)
def test_a_picture_shows_what_the_demo_shows(texts: dict[str, str], name: str) -> None:
    """The committed picture is, byte for byte, the one that is made of the demo played now."""
    picture, path = _picture(name, texts[name]), FOLDER / f"{name}.svg"
    if os.environ.get("RELANCE_PICTURES") == "write":
        path.write_text(picture, "utf-8")
    assert path.read_text("utf-8") == picture, f"{path.name} is out of date; this module's first lines say what to do"


@pytest.mark.parametrize("name", STAGES)
def test_a_picture_fetches_nothing(name: str) -> None:
    """A picture names no address to be fetched: no font, no style sheet, no image, no script, no link."""
    picture = (FOLDER / f"{name}.svg").read_text("utf-8")
    tree = ElementTree.fromstring(picture)
    assert "@import" not in picture
    assert not re.search(r"url\((?!#)", picture)
    names = {element.tag.rpartition("}")[2] for element in tree.iter()}
    assert names <= {"svg", "style", "defs", "clipPath", "rect", "text", "g", "circle"}
    assert not [key for element in tree.iter() for key in element.attrib if key.endswith(("href", "src"))]


def test_no_other_picture_is_kept() -> None:
    """Every picture in docs/images is made by this test."""
    assert {path.name for path in FOLDER.iterdir()} == {f"{name}.svg" for name in STAGES}
