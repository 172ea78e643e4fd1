"""The words of mail programs, from ``config/intake/*.toml``, made ready for comparing."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Any

from daemon import resources

_GAP = r"[^\n]{0,250}?"


@dataclass(frozen=True, slots=True)
class Words:
    """Everything that tells a forward's or a reply's parts from its writer's words."""

    forward_prefixes: frozenset[str]
    reply_prefixes: frozenset[str]
    markers: frozenset[str]
    originals: frozenset[str]
    attribution: re.Pattern[str]
    attribution_with_address: re.Pattern[str]
    labels: dict[str, str]
    """Header label, folded → field."""
    glued: re.Pattern[str]
    """A label in the middle of a line, as where line ends were lost."""
    months: dict[str, int]
    zones: dict[str, float]
    signatures: tuple[str, ...]
    delimiters: frozenset[str]
    closings: frozenset[str]


def folded(text: str) -> str:
    """Return text for comparing: no case, compatible forms, typographic apostrophes and spaces made plain."""
    if text.isascii():
        return " ".join(text.lower().split())
    text = unicodedata.normalize("NFKC", text).casefold().replace("’", "'").replace("\u0307", "")
    return " ".join(text.split())


def plain(text: str) -> str:
    """Return ``folded`` text without accents."""
    text = folded(text)
    if text.isascii():
        return text
    return "".join([c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c)])


def table(name: str) -> dict[str, Any]:
    """Return ``config/intake/<name>.toml``."""
    return tomllib.loads((resources.config() / "intake" / f"{name}.toml").read_text("utf-8"))


def _all(groups: dict[str, list[str]]) -> frozenset[str]:
    return frozenset(folded(word) for words in groups.values() for word in words)


def _attribution(patterns: list[str]) -> re.Pattern[str]:
    """Between the words of a pattern any white space, around its gaps perhaps none: ``<a@b.c>wrote:``."""
    forms = (
        re.escape(pattern).replace(r"\ \{\}\ ", rf"\s{_GAP}").replace(r"\{\}\ ", _GAP).replace(r"\ \{\}", rf"\s{_GAP}")
        for pattern in patterns
    )
    either = "|".join(form.replace(r"\{\}", _GAP).replace(r"\ ", r"\s+") for form in forms)
    return re.compile(rf"^\W{{0,6}}(?:{either})\s*(?::|:?\s?-{{3,}})\W{{0,3}}$", re.I)


def _glued(labels: dict[str, str]) -> re.Pattern[str]:
    long = sorted((label for label in labels if len(label) > 1), key=len, reverse=True)
    return re.compile(rf"(?:(?<=[>\s)\d\w]))({'|'.join(map(re.escape, [*long, 'à', 'a']))})\s?:\s", re.I)


@cache
def words() -> Words:
    """Return the words, read once."""
    forwards, headers, signatures = table("forwards"), table("headers"), table("signatures")
    labels = {folded(label): field for field, some in headers["labels"].items() for label in some}
    return Words(
        forward_prefixes=frozenset(map(folded, forwards["subjects"]["forward"])),
        reply_prefixes=frozenset(map(folded, forwards["subjects"]["reply"])),
        markers=_all(forwards["markers"]),
        originals=_all(forwards["originals"]),
        attribution=_attribution(forwards["attributions"]["all"]),
        attribution_with_address=_attribution(forwards["attributions"]["with_address"]),
        labels=labels,
        glued=_glued(labels),
        months={start: int(month) for month, starts in headers["months"].items() for start in starts},
        zones=headers["zones"],
        signatures=tuple(map(folded, signatures["starts"])),
        delimiters=frozenset(signatures["delimiters"]),
        closings=frozenset(map(folded, signatures["closings"])),
    )
