"""schema.org in JSON-LD: the scripts of an HTML mail, also those whose JSON is a little broken."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from decimal import Decimal
from html import unescape
from typing import Any

from parsers.shops.thing import MAX_DEPTH, MAX_THINGS, Thing, Value, local, written

MAX_BLOCKS = 20
"""Scripts that are read of one mail."""
MAX_BLOCK = 200_000
"""Characters of a script that is read; a longer one is no order."""
MAX_ALL = 400_000
"""Characters of all scripts together."""
_DEEPEST = 64

# No pattern may go through the rest of a text from many places: each stops at the next tag or quotation mark.
_OPENING = re.compile(r"<!--|<script\b[^<>]*+>", re.IGNORECASE)
_CLOSING = re.compile(r"</script", re.IGNORECASE)
_WRAPPING = re.compile(r"(?:\s|\ufeff|<!--|//|<!\[CDATA\[|/\*|\*/)*+")
_TOKEN = re.compile(r'("(?:[^"\\]++|\\.)*+"|\\.)|,(?=\s*+[}\]])|//[^\n]*+', re.DOTALL)
_BRACKET = re.compile(r'"(?:[^"\\]++|\\.)*+"|\\.|([\[{])|([\]}])', re.DOTALL)


def things(html: str) -> list[Thing]:
    """Return the things that the JSON-LD scripts of an HTML page describe, those of a list or ``@graph`` one by one."""
    found: list[Thing] = []
    budget = [MAX_THINGS]
    for block in _blocks(html):
        for value in _values(block):
            known = _by_id(value)
            made = _made(value, known, budget, 0)
            found += [one for one in made if isinstance(one, Thing)]
    return found


def _blocks(html: str) -> Iterator[str]:
    """Yield the content of each script of linked data; what stands in a comment is not part of the page."""
    at = count = 0
    left = MAX_ALL
    while count < MAX_BLOCKS and (opening := _OPENING.search(html, at)):
        if opening[0] == "<!--":
            at = html.find("-->", opening.end()) + 3
            if at < opening.end():
                return
            continue
        closing = _CLOSING.search(html, opening.end())
        if closing is None:
            return
        at = closing.end()
        size = closing.start() - opening.end()
        if "ld+json" in opening[0].lower() and size <= min(MAX_BLOCK, left):
            count, left = count + 1, left - size
            yield html[opening.end() : closing.start()]


def _values(block: str) -> list[Any]:
    """Return the JSON values of a script, mended as far as that needs no guessing; none when that does not suffice."""
    # Scripts are often wrapped in the marks of a comment or of CDATA; what stands behind the JSON is not read.
    text = _WRAPPING.sub("", block, count=1)
    for mend in (_as_it_is, unescape, _without_extras, lambda one: _without_extras(unescape(one))):
        mended = mend(text)
        if _deepest(mended) > _DEEPEST:
            break
        with suppress(ValueError, RecursionError, ArithmeticError):
            return _decoded(mended)
    return []


def _as_it_is(text: str) -> str:
    return text


def _without_extras(text: str) -> str:
    """Return JSON without commas before a closing bracket and without line comments; strings stay as they are."""
    return _TOKEN.sub(lambda token: token[1] or "", text)


def _deepest(text: str) -> int:
    depth = deepest = 0
    for token in _BRACKET.finditer(text):
        depth += bool(token[1]) - bool(token[2])
        deepest = max(deepest, depth)
    return deepest


def _decoded(text: str) -> list[Any]:
    """Return the values that a text begins with: one, or several one behind the other. Raises ``ValueError``."""
    decoder = json.JSONDecoder(strict=False, parse_float=Decimal, parse_constant=lambda _: None)
    values: list[Any] = []
    at = 0
    while at < len(text) and len(values) < MAX_BLOCKS:
        try:
            value, at = decoder.raw_decode(text, at)
        except ValueError:
            if values:
                break
            raise
        values.append(value)
        while at < len(text) and (text[at].isspace() or text[at] in ",;"):
            at += 1
    return values


def _by_id(value: Any) -> Mapping[str, Any]:  # noqa: ANN401 - any JSON value
    """Return the nodes that others may refer to by their ``@id``."""
    known: dict[str, Any] = {}
    stack, left = [value], MAX_THINGS
    while stack and left:
        left -= 1
        one = stack.pop()
        if isinstance(one, dict):
            if isinstance(key := one.get("@id"), str) and len(one) > 1:
                known.setdefault(key, one)
            stack += one.values()
        elif isinstance(one, list):
            stack += one
    return known


def _made(value: Any, known: Mapping[str, Any], budget: list[int], depth: int) -> Iterator[Value]:  # noqa: ANN401
    """Yield what a JSON value says: a thing, a text, each of a list, nothing for what is too deep or too much."""
    budget[0] -= 1
    if depth > MAX_DEPTH or budget[0] < 0:
        return
    if isinstance(value, list):
        for one in value:
            yield from _made(one, known, budget, depth + 1)
    elif isinstance(value, dict):
        yield from _of_node(value, known, budget, depth)
    elif isinstance(value, str):
        if text := written(value):
            yield text
    elif isinstance(value, int | Decimal) and not isinstance(value, bool):
        with suppress(ValueError):
            yield str(value)[:40]


def _of_node(node: Mapping[str, Any], known: Mapping[str, Any], budget: list[int], depth: int) -> Iterator[Value]:
    if set(node) == {"@id"} and isinstance(node["@id"], str):
        if node["@id"] in known:
            yield from _made(known[node["@id"]], known, budget, depth + 1)
        else:
            yield written(node["@id"])
        return
    for wrapper in ("@value", "@list", "@set", "@graph"):
        if wrapper in node:
            yield from _made(node[wrapper], known, budget, depth + 1)
            if wrapper != "@graph" or "@type" not in node:
                return
    types = node.get("@type", node.get("type", ()))
    types = types if isinstance(types, list) else [types]
    props: dict[str, list[Value]] = {}
    for name, value in node.items():
        if not name.startswith("@"):
            props.setdefault(local(name), []).extend(_made(value, known, budget, depth + 1))
    yield Thing(frozenset(local(one) for one in types[:20] if isinstance(one, str)), props)
