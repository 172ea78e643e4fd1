"""schema.org in microdata: ``itemscope``, ``itemtype`` and ``itemprop`` of an HTML mail."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from parsers.shops.thing import LONGEST, MAX_DEPTH, MAX_THINGS, Thing, Value, local, written
from parsers.text import MAX_HTML

_DEEPEST = 1_000
"""Levels of HTML: an HTML parser's time grows with their square."""
_NEST = re.compile(r"<(/?)(?!br\b|hr\b|img\b|input\b|meta\b|link\b|area\b|base\b|col\b|wbr\b)[a-zA-Z]")
_SILENT = frozenset({"script", "style", "template", "noscript", "svg"})
_BREAKS = frozenset({"br", "dd", "div", "dt", "li", "p", "table", "td", "th", "tr"})
_SAID_BY = {
    "meta": "content", "link": "href", "a": "href", "area": "href", "img": "src", "time": "datetime",
    "data": "value", "meter": "value",
}  # fmt: skip
"""The attribute that holds an element's value; where it is missing, and for all others, the value is the text."""


@dataclass(slots=True)
class _Scope:
    """A thing whose element is not closed yet."""

    types: frozenset[str]
    props: dict[str, list[Value]] = field(default_factory=dict)


@dataclass(slots=True)
class _Text:
    """An element whose value is its text, and which is not closed yet."""

    scope: _Scope
    names: list[str]
    pieces: list[str] = field(default_factory=list)
    size: int = 0

    def add(self, text: str) -> None:
        if self.size < LONGEST * 4:
            self.pieces.append(text)
            self.size += len(text)


@dataclass(slots=True)
class _Reader:
    """What one walk through the page gathers."""

    found: list[Thing] = field(default_factory=list)
    scopes: list[_Scope] = field(default_factory=list)
    texts: list[_Text] = field(default_factory=list)
    left: int = MAX_THINGS

    def enter(self, node: LexborNode) -> _Scope | _Text | None:
        """Take note of an element; return what is to be closed behind its children."""
        attributes = node.attributes
        names = [local(name) for name in (attributes.get("itemprop") or "").split()[:5]]
        if "itemscope" in attributes and self.left > 0 and len(self.scopes) < MAX_DEPTH:
            self.left -= 1
            types = frozenset(local(one) for one in (attributes.get("itemtype") or "").split()[:20])
            scope = _Scope(types)
            thing = Thing(scope.types, scope.props)
            if names and self.scopes:
                self._say(self.scopes[-1], names, thing)
            else:
                self.found.append(thing)
            self.scopes.append(scope)
            return scope
        if not names or not self.scopes or self.left <= 0:
            return None
        self.left -= 1
        said = attributes.get("content") or attributes.get(_SAID_BY.get(node.tag or "", "content"))
        if said is not None:
            self._say(self.scopes[-1], names, written(said))
            return None
        self.texts.append(_Text(self.scopes[-1], names))
        return self.texts[-1]

    def leave(self, opened: _Scope | _Text) -> None:
        """Close what an element opened; an outer text holds the text of an inner one, too."""
        if isinstance(opened, _Scope):
            self.scopes.pop()
            return
        self.texts.pop()
        text = "".join(opened.pieces)
        self._say(opened.scope, opened.names, written(text))
        if self.texts:
            self.texts[-1].add(text)

    def _say(self, scope: _Scope, names: list[str], value: Value) -> None:
        if value:
            for name in names:
                scope.props.setdefault(name, []).append(value)


def things(html: str) -> list[Thing]:
    """Return the outermost things that the microdata of an HTML page describes, in their order."""
    html = html[:MAX_HTML]
    if "itemscope" not in html or _too_deep(html):
        return []
    root = LexborHTMLParser(html).root
    return [] if root is None else _walk(root)


def _too_deep(html: str) -> bool:
    depth = deepest = 0
    for closing in (match[1] for match in _NEST.finditer(html)):
        depth = max(0, depth - 1) if closing else depth + 1
        deepest = max(deepest, depth)
    return deepest > _DEEPEST


def _walk(root: LexborNode) -> list[Thing]:
    """Visit every node once, without recursion."""
    reader = _Reader()
    stack: list[LexborNode | _Scope | _Text] = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, _Scope | _Text):
            reader.leave(node)
            continue
        if (following := node.next) is not None:
            stack.append(following)
        tag = node.tag
        if tag == "-text":
            if reader.texts:
                reader.texts[-1].add(node.text_content or "")
            continue
        if tag is None or tag in _SILENT:
            continue
        if (opened := reader.enter(node)) is not None:
            stack.append(opened)
        elif reader.texts and tag in _BREAKS:
            reader.texts[-1].add(" ")
        if (child := node.child) is not None:
            stack.append(child)
    return reader.found
