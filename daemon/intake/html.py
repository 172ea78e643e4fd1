"""HTML of mails as lines of text, each with its place in the source, and with its depth of quoting.

One projection serves the search for a forward's header block in HTML: what is found in the lines can be
cut in the source. It is no renderer; parsers read HTML by themselves.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape

MAX_HTML = 2_000_000
"""Most characters of HTML kept."""
MAX_DEPTH = 5_000
"""Deepest nesting kept: the HTML parsers' time grows with its square."""
MAX_PROJECTED = 400_000
"""Most characters of HTML that are turned into lines."""

_VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "wbr"]
)
_BREAKING = frozenset(
    ["br", "div", "p", "tr", "table", "blockquote", "li", "ul", "ol", "hr", "h1", "h2", "h3", "h4", "pre", "body"]
)
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:]*)[^<>]*>|<!--.*?-->|<![^>]*>|<\?[^>]*>", re.S)
_HIDDEN = re.compile(r"<(style|script|head|title)\b.*?</\1\s*>", re.I | re.S)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text; ``end`` is the place in the HTML behind the tag that ended it."""

    text: str
    end: int


def cap_html(html: str) -> str:
    """Return HTML cut to ``MAX_HTML`` characters and before it nests deeper than ``MAX_DEPTH``."""
    html = html[:MAX_HTML]
    if html.count("<") <= MAX_DEPTH:
        return html
    depth = 0
    for tag in _TAG.finditer(html):
        name = (tag[2] or "").lower()
        if not name or name in _VOID:
            continue
        depth = max(0, depth - 1) if tag[1] else depth + 1
        if depth > MAX_DEPTH:
            return html[: tag.start()]
    return html


def lines(html: str) -> list[Line]:
    """Return the lines of text in HTML; each level of ``<blockquote>`` puts ``>`` before them, as in plain text."""
    source = _HIDDEN.sub(lambda hidden: " " * len(hidden[0]), html[:MAX_PROJECTED])
    out: list[Line] = []
    pieces: list[str] = []
    depth = at = 0
    for tag in _TAG.finditer(source):
        pieces.append(source[at : tag.start()])
        at = tag.end()
        name = (tag[2] or "").lower()
        if name == "td" and tag[1]:
            pieces.append(" ")
        if name not in _BREAKING:
            continue
        _flush(pieces, depth, at, out, blank=name == "br")
        if name == "blockquote":
            depth = max(0, depth - 1) if tag[1] else min(depth + 1, 50)
    pieces.append(source[at:])
    _flush(pieces, depth, len(source), out, blank=False)
    return out


def _flush(pieces: list[str], depth: int, end: int, out: list[Line], *, blank: bool) -> None:
    """End a line. Only ``<br>`` makes an empty one: nested blocks would make many."""
    text = " ".join(unescape("".join(pieces)).replace("\xa0", " ").split())
    pieces.clear()
    if text or blank:
        out.append(Line("> " * depth + text, end))
