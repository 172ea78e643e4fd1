"""Where templates/ and config/ are: beside the packages in a checkout, inside daemon/ in a wheel.

The one place that knows.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

_HERE = Path(__file__).resolve().parent


@cache
def folder(name: str) -> Path:
    """Return the folder ``templates`` or ``config``. Raises ``FileNotFoundError`` for a broken installation."""
    for candidate in (_HERE / name, _HERE.parent / name):
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError(f"relance is not installed whole: its folder {name!r} is missing; install it again")


def templates() -> Path:
    """Return the folder of letters, pages and messages."""
    return folder("templates")


def config() -> Path:
    """Return the folder of rules, marketplaces and the example configuration."""
    return folder("config")
