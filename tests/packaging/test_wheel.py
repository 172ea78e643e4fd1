"""What is built is whole, the same by every way, and runs from anywhere."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path

import pytest

import daemon
from tests.packaging.conftest import Installed, build, succeed, tracked

pytestmark = pytest.mark.slow

PACKED = {"daemon": "daemon", "parsers": "parsers", "templates": "daemon/templates", "config": "daemon/config"}
"""Folders of the checkout, and where they lie in the wheel."""
MAIL = """\
From: "Amazon.fr" <confirmation-commande@amazon.fr>
To: camille@exemple.fr
Subject: =?utf-8?q?Commande_=3A_=C2=AB_Lampe_de_bureau_=C2=BB?=
Date: Tue, 03 Nov 2026 09:12:00 +0100
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

Bonjour Camille,
Merci pour votre commande.

N° de commande
404-7719035-2286641
"""


def contents(wheel: Path) -> dict[str, bytes]:
    """Return a wheel's files."""
    with zipfile.ZipFile(wheel) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def test_the_wheel_holds_the_service_its_templates_and_its_config(wheel: Path) -> None:
    """Every file of the four folders is in the wheel, templates/ and config/ inside daemon/, and nothing else is."""
    wanted = {
        f"{PACKED[top]}/{rest}"
        for top, _, rest in (name.partition("/") for name in tracked())
        if rest and top in PACKED
    }
    own = {name for name in contents(wheel) if not name.startswith(f"relance-{daemon.__version__}.dist-info/")}
    assert own == wanted
    assert any(name.startswith("daemon/templates/") for name in own)
    assert any(name.startswith("daemon/config/") for name in own)


def test_the_source_archive_builds_the_same_wheel(wheel: Path, sdist: Path, tmp_path: Path) -> None:
    """A wheel made from the source archive has the same files with the same bytes as one made from the checkout."""
    assert contents(build("wheel", sdist, tmp_path)) == contents(wheel)


def test_the_source_archive_can_be_tested(sdist: Path) -> None:
    """Tests, pinned requirements and units are in the source archive."""
    for name in ("tests/conftest.py", "requirements-dev.txt", "Makefile", "systemd/relance.service", "docs/install.md"):
        assert (sdist / name).is_file()


def test_the_command_runs_from_the_root_folder(installed: Installed) -> None:
    """The installed command knows its version, and its help names the commands of the main road."""
    assert installed.say("--version").split() == ["relance", daemon.__version__]
    said = installed.say("--help")
    for command in ("init", "check", "run", "orders", "drafts"):
        assert re.search(rf"^\s+{command}\b", said, re.MULTILINE), said


def test_the_installed_parsers_have_their_lexicons(installed: Installed, tmp_path: Path) -> None:
    """`relance parse --json` of the installed wheel, run from /, reads an order out of a mail."""
    mail = tmp_path / "mail.eml"
    mail.write_text(MAIL, "utf-8")
    (line,) = installed.say("parse", "--json", mail).splitlines()
    (notice,) = json.loads(line)["notices"]
    assert (notice["kind"], notice["order_id"]) == ("confirmed", "404-7719035-2286641")


def test_the_installed_code_is_the_wheels(installed: Installed) -> None:
    """The environment under test runs the installed files and finds its templates and config among them."""
    program = "import daemon; from daemon import resources as r; print(daemon.__file__, r.templates(), r.config())"
    said = succeed(installed.python, "-c", program, cwd=Path("/")).split()
    names = ("__init__.py", "templates", "config")
    assert [Path(path) for path in said] == [installed.packages / "daemon" / name for name in names]


def test_nobody_else_owns_our_import_names(installed: Installed) -> None:
    """`daemon` and `parsers` come from relance alone: python-daemon, which has the same name, is not there."""
    program = """if True:
        import json
        from importlib import metadata
        owners = metadata.packages_distributions()
        names = sorted({each.name.lower() for each in metadata.distributions()})
        print(json.dumps([owners["daemon"], owners["parsers"], names]))
    """
    ours, parsers, names = json.loads(succeed(installed.python, "-c", program, cwd=Path("/")))
    assert set(ours) == set(parsers) == {"relance"}
    assert "python-daemon" not in names


def test_nothing_of_ours_lies_loose_among_the_packages(installed: Installed) -> None:
    """Beside the two packages and the distribution's own record, the wheel puts nothing into site-packages."""
    found = {path.name for path in installed.packages.iterdir()} - {"borrowed.pth", "__pycache__"}
    assert found == {"daemon", "parsers", f"relance-{daemon.__version__}.dist-info"}
