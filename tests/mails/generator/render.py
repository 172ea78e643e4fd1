"""Shows a mail's elements as text and as HTML, in the manner of either template."""

from __future__ import annotations

import html
from collections.abc import Sequence

from tests.mails.generator.writer import Element, Writer, cut

_RULE = "=" * 60
_PAD = "&#847; &zwnj; &shy;" * 6


def as_text(elements: Sequence[Element], writer: Writer) -> str:
    """Return the text/plain part, its lines ended by LF."""
    out: list[str] = []
    gap = [""] * writer.style.gap
    for element in elements:
        out += [*_text(element, writer), *gap]
    return "\n".join(out).rstrip("\n") + "\n"


def _text(element: Element, writer: Writer) -> list[str]:
    new = writer.template == "new"
    lines = element.words.text.split("\n")
    match element.role:
        case "headline":
            return [f"    {line}" for line in lines] if new else lines
        case "progress":
            return [part for step in element.more for part in (step.text, "")]
        case "rule":
            return [_RULE]
        case "nav" | "link":
            return [*lines, "", element.url] if element.role == "nav" else [*lines, element.url]
        case "product":
            return _product_lines(element, new=new)
        case "aside":
            return [*lines, *(each.text for each in element.more)]
        case "amount" if not new and len(lines) == 1 and ": " in lines[0]:
            label, _, amount = lines[0].rpartition(": ")
            return [f"     {label}: {' ' * max(0, 40 - len(label))}{amount}"]
        case "label" if not new and len(lines) > 1:
            return [lines[0], *(f"     {line}" for line in lines[1:])]
        case "line" if writer.style.stray and not new:
            return [*lines[:-1], f"{lines[-1]}<br/>"]
    return lines


def _product_lines(element: Element, *, new: bool) -> list[str]:
    """Return an article's lines: newer mails print the price last, older ones below the title."""
    more = [line for each in element.more for line in each.text.split("\n")]
    price = [element.price.text] if element.price else []
    title = element.words.text
    if new:
        return [f"* {title}", *(f"  {line}" for line in [*more, *price])]
    return [f"     {line}" for line in [title, *price, *more]]


def as_html(elements: Sequence[Element], writer: Writer) -> str:
    """Return the text/html part."""
    headline = next((each.words.html for each in elements if each.role == "headline"), "")
    head = "<!doctype html><html><head><style>.rio-text{color:#111} td{padding:0}</style></head>"
    hidden = f'<div style="display:none">{headline}{_PAD}</div>' if writer.template == "new" else ""
    body = "\n".join(_html(element, writer) for element in elements)
    whole = f"{head}\n<body>{hidden}\n{body}\n</body></html>"
    return whole.replace("\n", "") if writer.style.one_line else f"{whole}\n"


def _html(element: Element, writer: Writer) -> str:
    lines = element.words.html.split("\n")
    joined = "<br/>".join(lines)
    match element.role:
        case "headline":
            return f'<table><tr><td><span class="rio-text"><h1>{joined}</h1></span></td></tr></table>'
        case "progress":
            return _progress(element)
        case "rule" | "heading":
            return f"<h3>{joined}</h3>" if joined else "<hr/>"
        case "nav" | "link":
            return f"<td>{_link(element.url, joined, writer)}</td>"
        case "product":
            return _product(element, writer)
        case "aside":
            price = "".join(f"<div>{each.html}</div>" for each in element.more)
            return f"<div>{_link(element.url, joined, writer)}</div><div>-15 %</div>{price}"
        case "amount":
            return _amount(lines)
        case "label":
            return _label(lines, writer)
    return "".join(f"<p>{line}</p>" for line in lines if line)


def _label(lines: list[str], writer: Writer) -> str:
    if writer.style.cells and all(_is_pair(line) for line in lines):
        rows = (line.replace(": ", ":</td><td>") for line in lines)
        return f"<table>{''.join(f'<tr><td>{row}</td></tr>' for row in rows)}</table>"
    if len(lines) == 2:
        return f'<div class="rio-card"><span>{lines[0]}</span> <span>{lines[1]}</span></div>'
    return "".join(f'<div class="rio-card"><span class="rio-text"><b>{line}</b></span></div>' for line in lines)


def _is_pair(line: str) -> bool:
    """Tell whether a line is one label and its value; a label is no sentence and more."""
    return line.count(": ") == 1 and ". " not in line.partition(": ")[0].replace("Nr. ", "")


def _link(url: str, inner: str, writer: Writer) -> str:
    return f'<a href="{html.escape(writer.links.wrapped(url))}">{inner}</a>'


def _progress(element: Element) -> str:
    picture = '<tr><td><img alt="" src="x.png"></td></tr>'
    word = '<tr><td><span class="rio-text">{}</span></td></tr>'
    steps = (f"<td><table>{picture}{word.format(each.html)}</table></td>" for each in element.more)
    return f"<table><tr>{''.join(steps)}</tr></table>"


def _amount(lines: list[str]) -> str:
    label, amount = lines if len(lines) == 2 else lines[0].rpartition(": ")[::2]
    if len(lines) != 2:
        label += ":" if label else ""
    return f"<table><tr><td>{label}</td><td>{amount}</td></tr></table>"


def _product(element: Element, writer: Writer) -> str:
    """Return an article's row: the picture names the title whole, the link may cut it."""
    new, column = writer.template == "new", writer.style.columns
    title = element.words.text
    shown = html.escape(cut(title), quote=False) if new else element.words.html
    more = "".join(f"<div>{line}</div>" for each in element.more for line in each.html.split("\n"))
    price = f"<div><span>{element.price.html}</span></div>" if element.price else ""
    details = f"{more}</td><td>{price}" if column else f"{more}{price}" if new else f"{price}{more}"
    picture = f'<img class="productImage" alt="{html.escape(title)}" src="p.jpg">' if new else ""
    image = f"<td>{_link(element.url, picture, writer)}</td>" if picture else ""
    return f"<table><tr>{image}<td><div>{_link(element.url, shown, writer)}</div>{details}</td></tr></table>"
