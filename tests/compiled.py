"""Prints every regular expression that the program compiles, as JSON: python -m tests.compiled."""

from __future__ import annotations

import importlib
import inspect
import json
import pkgutil
import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
_compile: Any = re._compile  # type: ignore[attr-defined]
_found: dict[tuple[str, str | bytes, int], None] = {}


def _recorded(pattern: object, flags: int) -> object:
    frame = sys._getframe(1)
    while frame.f_code.co_filename == re.__file__ and frame.f_back is not None:
        frame = frame.f_back
    place = Path(frame.f_code.co_filename)
    if isinstance(pattern, (str, bytes)) and place.is_relative_to(ROOT):
        name = place.relative_to(ROOT).as_posix()
        if name.startswith(("daemon/", "parsers/")):
            _found.setdefault((name, pattern, int(flags)))
    return _compile(pattern, flags)


def load() -> None:
    """Import every module, and make every table that is made once."""
    for package in ("daemon", "parsers"):
        root = importlib.import_module(package)
        for module in pkgutil.walk_packages(root.__path__, f"{package}."):
            # Migrations are run by their library, and a program's own start is no module.
            if ".migrations" not in module.name and not module.name.endswith("__main__"):
                importlib.import_module(module.name)
    for name, loaded in list(sys.modules.items()):
        if name.partition(".")[0] in ("daemon", "parsers"):
            for value in list(vars(loaded).values()):
                if hasattr(value, "cache_parameters") and not inspect.signature(value).parameters:
                    value()


def read() -> None:
    """Read every sample mail, and make it shareable."""
    import parsers
    from daemon.intake import open_mail
    from daemon.redaction import redact

    for at, path in enumerate(sorted((ROOT / "tests" / "mails").rglob("*.eml"))):
        raw = path.read_bytes()
        for letter in open_mail(raw, received_at=datetime(2026, 3, 3, tzinfo=UTC)):
            parsers.read(letter)
        if at % 20 == 0:
            redact(raw, ["Lou Martel"], b"key")


if __name__ == "__main__":
    re._compile = _recorded  # type: ignore[attr-defined]
    load()
    read()
    plain = [
        (place, pattern.decode("latin-1") if isinstance(pattern, bytes) else pattern, flags, isinstance(pattern, bytes))
        for place, pattern, flags in _found
    ]
    json.dump(plain, sys.stdout)
