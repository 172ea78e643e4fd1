"""A mail's body as clean lines, whether it came as text/plain or as HTML.

Both become one form: the words of a line, the addresses that it links to, and
whether the line is the alternative text of a picture. HTML is read in the form
that webmail clients give a forwarded mail, so that one set of rules reads both.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

MAX_HTML = 2_000_000
MAX_DEPTH = 5_000
MAX_LINES = 6_000
STUB_WORDS = 40
"""Mails that tell of an order have a hundred words and more in their text parts."""

_SUP = "\ue000"  # marks the border of a superscript: prices are printed as 14<sup>95</sup>
_INVISIBLE = re.compile("[\u00ad\u034f\u061c\u180e\ufeff\u200b-\u200f\u202a-\u202e\u2060-\u206f]+")
_MARKDOWN = re.compile(r"\[([^\[\]\n]*)\]\((https?://[^\s()<>]+)\)")
_URL = re.compile(r"<(https?://[^\s<>]+)>|\((https?://[^\s<>()]+)\)|\[?(https?://[^\s<>\"\]]+)\]?")
_TAG = re.compile(r"</?(?:br|b|i|a|p|u|span|div|strong|em|font)\b[^<>]{0,2000}>", re.IGNORECASE)
_IMAGE = re.compile(r"^\[(?!asin\b)(?:image ?: ?)?([^\[\]]+)\]$", re.IGNORECASE)
_RULE = re.compile(r"^[_=\-*~·•.|\s]+$")
_ROUND = str.maketrans("[]", "()")
_NEST = re.compile(r"<(/?)(?!br|hr|img|input|meta|link|area|base|col|wbr)([a-zA-Z])")
_SUP_PRICE = re.compile(rf"(?<![\d.,])(\d[\d.,]{{0,15}}){_SUP}(\d\d){_SUP}")
_BREAKS = frozenset(
    re.findall(
        r"\w+",
        "address article aside blockquote body br center dd div dl dt fieldset footer form h1 h2 h3 h4 h5 h6 header hr "
        "li main nav ol p pre section table tbody td tfoot th thead tr ul",
    )
)
_SILENT = frozenset({"head", "style", "script", "title", "template", "noscript", "svg"})


class Line(NamedTuple):
    """One line: ``text`` as written, ``plain`` folded for matching (same length), and what it links to."""

    text: str
    plain: str
    urls: tuple[str, ...] = ()
    picture: bool = False


_NOTHING: tuple[str, tuple[str, ...], bool] = ("", (), False)


def _folding() -> dict[int, str]:
    table = {ord(quote): "'" for quote in "’‘ʼ`´"} | {ord(quote): '"' for quote in "“”„«»"}
    table |= {ord(dash): "-" for dash in "‐‑‒–—−"}
    for code in range(0xC0, 0x250):
        base = unicodedata.normalize("NFD", chr(code))[0].lower()
        if len(base) == 1:
            table[code] = base
    # Letters that Unicode does not take apart, and those of which only some languages make capitals with a dot.
    table |= {ord(letter): plain for letter, plain in zip("łŁđĐøØıİßẞ", "llddooiiss", strict=True)}
    # French keyboards have the one, Spanish ones the other: "Nº" is "N°".
    table |= {0xBA: "°"} | _full_width()
    return {code: sign.translate(table) for code, sign in table.items()}


def _full_width() -> dict[int, str]:
    """Return what stands for the wide and narrow forms of East Asian text: figures, letters and signs of ASCII."""
    table = {code: chr(code - 0xFEE0).lower() for code in range(0xFF01, 0xFF5F)}
    narrow = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0xFF66, 0xFF9E)}
    return table | narrow | {0x3000: " ", 0xFFE5: "¥", 0x301C: "~", 0xFF0D: "-", 0xFF0C: ",", 0x2015: "-", 0x212B: "a"}


_FOLD = _folding()


def fold(text: str) -> str:
    """Return the text in lower case without accents and with plain quotes and dashes; its length does not change."""
    folded = _fold_by_page(text)
    return _fold_any(text) if folded is None else folded


def _fold_by_page(text: str) -> str | None:
    """Return a text folded by the first code page that holds it, or None."""
    if text.isascii():
        return text.lower().replace("`", "'")
    for page, table in _PAGES:
        try:
            # By bytes it is several times faster, and each page holds what some languages are written with.
            return text.encode(page).translate(table).decode(page)
        except UnicodeError:
            continue
    return None


def _fold_any(text: str) -> str:
    folded = text.translate(_FOLD)
    lower = folded.lower()
    return lower if len(lower) == len(text) else "".join(c if len(c.lower()) != 1 else c.lower() for c in folded)


def _page(name: str) -> tuple[str, bytes]:
    """Return a code page with the folded form of each of its signs. All hold the letters without accents."""
    signs = [bytes([code]).decode(name, "ignore") for code in range(256)]
    return name, b"".join(_byte(sign, name) or bytes([code]) for code, sign in enumerate(signs))


def _byte(sign: str, page: str) -> bytes:
    return _fold_any(sign).encode(page, "ignore")


# Western, Polish, Turkish.
_PAGES = tuple(_page(name) for name in ("cp1252", "cp1250", "cp1254"))


def _visible(text: str) -> str:
    return text if text.isascii() else _INVISIBLE.sub("", unicodedata.normalize("NFC", text))


def clean(text: str) -> str:
    """Return one line without invisible characters (bidi marks, zero width), its white space made single blanks."""
    return " ".join(_visible(text).split())


def _unlinked(raw: str) -> tuple[str, tuple[str, ...]]:
    """Return a line without the addresses that it links to, and those."""
    raw = _MARKDOWN.sub(r"\1 \2", raw)
    urls = tuple(first or second or third for first, second, third in _URL.findall(raw))
    return " ".join(_URL.sub(" ", raw).split()), urls


@lru_cache(maxsize=3_000)
def _line(raw: str) -> tuple[str, tuple[str, ...], bool]:
    """Return the words of a line whose white space is single blanks, what it links to, and whether it is a picture."""
    urls: tuple[str, ...] = ()
    if "://" in raw:
        raw, urls = _unlinked(raw)
    if not raw or (not raw[0].isalnum() and _RULE.match(raw)):
        return "", urls, False
    picture = _IMAGE.match(raw) if raw[0] == "[" else None
    return (picture[1].strip(), urls, True) if picture else (raw, urls, False)


def _lines(body: str) -> list[Line]:
    out: list[tuple[str, tuple[str, ...], bool]] = []
    blank = True
    for raw in _visible(body).replace("\r", "\n").split("\n"):
        words = raw.split() if raw else None
        if words:
            line = _line(" ".join(words))
            out.append(line)
            blank = line == _NOTHING
        # Tables leave dozens of blank lines; one is enough to part two blocks.
        elif not blank:
            out.append(_NOTHING)
            blank = True
        if len(out) >= MAX_LINES:
            break
    plain = _folded([line[0] for line in out])
    return [Line(text, folded, urls, picture) for (text, urls, picture), folded in zip(out, plain, strict=True)]


def _folded(lines: list[str]) -> list[str]:
    """Return lines folded: all in one go where one code page holds them."""
    whole = _fold_by_page("\n".join(lines))
    return [fold(line) for line in lines] if whole is None or not lines else whole.split("\n")


def from_plain(text: str) -> list[Line]:
    """Return the lines of a text/plain body; an HTML page that calls itself text is read as HTML."""
    start = text[:400].lstrip().lower()
    if start.startswith(("<!doctype html", "<html")):
        return from_html(text)
    text = text[:MAX_HTML]
    if "<" in text:
        text = _TAG.sub(lambda m: "\n" if m[0][1:3].lower() == "br" else "", text)
    return _lines(text)


def is_stub(body: str) -> bool:
    """Tell whether a text/plain body has so few words, without its links, that what matters must be in the HTML."""
    first = body.split(None, 3 * STUB_WORDS)[: 3 * STUB_WORDS]
    return sum(["://" not in word for word in first]) < STUB_WORDS


def from_html(html: str) -> list[Line]:
    """Return the lines of an HTML body: words, ``<address>`` after a link, ``[image: …]`` for a picture's text."""
    html = html[:MAX_HTML]
    if _too_deep(html):
        return _lines(re.sub(r"(?:<[^<>]*>\s*)+", "\n", html))
    root = LexborHTMLParser(html).root
    joined = _walk(root) if root is not None else ""
    if _SUP in joined:
        joined = _SUP_PRICE.sub(_with_cents, joined).replace(_SUP, "")
    return _lines(joined)


def _with_cents(match: re.Match[str]) -> str:
    """Return a price whose cents were raised, with another decimal sign than the one of its thousands."""
    return f"{match[1]}{',' if '.' in match[1] else '.'}{match[2]}"


def _too_deep(html: str) -> bool:
    if html.count("<") <= MAX_DEPTH:
        return False
    depth = deepest = 0
    for closing in (match[1] for match in _NEST.finditer(html)):
        depth = max(0, depth - 1) if closing else depth + 1
        deepest = max(deepest, depth)
    return deepest > MAX_DEPTH


def _walk(root: LexborNode) -> str:
    """Visit every node once, without recursion: a mail may be nested thousands of levels deep."""
    out: list[str] = []
    # What is still to come: nodes, and the words that stand behind the children of those entered.
    stack: list[LexborNode | str] = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, str):
            out.append(node)
            continue
        following = node.next
        if following is not None:
            stack.append(following)
        tag = node.tag
        if tag == "-text":
            out.append((node.text_content or "").replace("\n", " "))
        elif tag is not None:
            _enter(node, tag, out, stack)
    return "".join(out)


def _enter(node: LexborNode, tag: str, out: list[str], stack: list[LexborNode | str]) -> None:
    """Write what stands before a node's children; lay up what stands behind them, and the first of them."""
    if tag in _BREAKS:
        out.append("\n")
        stack.append("\n")
    elif tag == "sup":
        out.append(_SUP)
        stack.append(_SUP)
    elif tag == "a":
        href = node.attributes.get("href") or ""
        if href.startswith(("http://", "https://")):
            stack.append(f" <{''.join(href.split())}> ")
    elif tag == "img":
        alt = " ".join((node.attributes.get("alt") or "").split())
        if alt:
            out.append(f"\n[image: {alt.translate(_ROUND)}]\n")
    child = None if tag in _SILENT else node.child
    if child is not None:
        stack.append(child)
