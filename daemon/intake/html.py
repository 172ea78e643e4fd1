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
# No pattern may look beyond the next tag: from each of many openings without an end it would go through all the rest.
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:]*+)[^<>]*+>|<[!?][^<>]*+>")
_HIDDEN = re.compile(r"<(style|script|head|title)\b", re.I)
_SHOWN = {name: re.compile(rf"</{name}\s*+>", re.I) for name in ("style", "script", "head", "title")}
_WIDE_TAG = re.compile(r"<([a-zA-Z][a-zA-Z0-9]{0,20}+)[^<>]{20000,}+")
_QUOTED = re.compile(r"\"[^\"]*+\"|'[^']*+'")
_MAX_ATTRIBUTES = 1_000
"""Most attributes of one tag: the library's time grows with their square."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text; ``end`` is the place in the HTML behind the tag that ended it."""

    text: str
    end: int


def cap_html(html: str) -> str:
    """Return HTML cut to ``MAX_HTML`` characters and before it nests deeper than ``MAX_DEPTH``."""
    html = _WIDE_TAG.sub(_narrower, html[:MAX_HTML])
    if html.count("<") <= MAX_DEPTH:
        return html
    depth = 0
    for tag in _TAG.finditer(_without_comments(html)):
        name = (tag[2] or "").lower()
        if not name or name in _VOID:
            continue
        depth = max(0, depth - 1) if tag[1] else depth + 1
        if depth > MAX_DEPTH:
            return html[: tag.start()]
    return html


def _narrower(tag: re.Match[str]) -> str:
    """Return a tag without what it holds where that is thousands of attributes; a picture in one is left alone."""
    return tag[0] if len(_QUOTED.sub("", tag[0]).split()) <= _MAX_ATTRIBUTES else f"<{tag[1]} "


def lines(html: str) -> list[Line]:
    """Return the lines of text in HTML; each level of ``<blockquote>`` puts ``>`` before them, as in plain text."""
    source = _without_comments(_without_hidden(html[:MAX_PROJECTED]))
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


def _without_hidden(html: str) -> str:
    """Return HTML of the same length with blanks for what is never shown."""
    out: list[str] = []
    at = 0
    endless: set[str] = set()
    for opening in _HIDDEN.finditer(html):
        name = opening[1].lower()
        if opening.start() < at or name in endless:
            continue
        closing = _SHOWN[name].search(html, opening.end())
        if closing is None:
            endless.add(name)
            continue
        out += (html[at : opening.start()], " " * (closing.end() - opening.start()))
        at = closing.end()
    return "".join(out) + html[at:]


def _without_comments(html: str) -> str:
    """Return HTML of the same length with nothing in its comments, which may hold tags."""
    out: list[str] = []
    at = 0
    while (start := html.find("<!--", at)) >= 0 and (end := html.find("-->", start + 4)) >= 0:
        out += (html[at:start], "<!", " " * (end - start), ">")
        at = end + 3
    return "".join(out) + html[at:]


def _flush(pieces: list[str], depth: int, end: int, out: list[Line], *, blank: bool) -> None:
    """End a line. Only ``<br>`` makes an empty one: nested blocks would make many."""
    text = " ".join(unescape("".join(pieces)).replace("\xa0", " ").split())
    pieces.clear()
    if text or blank:
        out.append(Line("> " * depth + text, end))
