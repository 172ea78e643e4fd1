"""A mail's text as simple HTML: headings, lists and boxes to copy from, everything escaped, nothing loaded."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from html import escape

FENCE = "- - - - - - - - - - - - - - - - - - - -"
"""The line above and below a text to copy."""
_BOX = "white-space:pre-wrap;font:inherit;background:#f4f4f2;border:1px solid #d5d5d0;border-radius:6px;padding:12px"
_BODY = "font:16px/1.5 system-ui,sans-serif;color:#222;max-width:42em;margin:1em auto;padding:0 1em"


def html(text: str, language: str, links: Collection[str]) -> str:
    """Return a text as a page. Only the addresses in ``links``, which relance built itself, become links."""
    parts = "\n".join(_parts(text.splitlines(), set(links)))
    return (
        f'<!doctype html>\n<html lang="{escape(language)}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"></head>\n<body style="{_BODY}">\n{parts}\n</body></html>\n'
    )


def plain(text: str) -> str:
    """Return a text as plain text: headings underlined."""
    lines: list[str] = []
    for line in text.splitlines():
        if line.startswith("## "):
            lines += [line[3:], "=" * len(line[3:])]
        else:
            lines.append(line)
    return "\n".join(lines)


def _parts(lines: list[str], links: set[str]) -> Iterator[str]:
    rest = iter(lines)
    for line in rest:
        if line == FENCE:
            box = "\n".join(_boxed(rest))
            yield f'<pre style="{_BOX}">{escape(box)}</pre>'
        elif line.startswith("## "):
            yield f"<h3>{escape(line[3:])}</h3>"
        elif line.startswith("- "):
            yield f'<p style="margin:.2em 0">• {_linked(line[2:], links)}</p>'
        elif line:
            yield f'<p style="margin:.4em 0">{escape(line)}</p>'


def _boxed(rest: Iterator[str]) -> Iterator[str]:
    for line in rest:
        if line == FENCE:
            return
        yield line


def _linked(line: str, links: set[str]) -> str:
    name, _, url = line.rpartition(" ")
    if url not in links:
        return escape(line)
    name = name.rstrip(" :\u00a0\u202f")
    return f'<a href="{escape(url)}">{escape(name)}</a>'
