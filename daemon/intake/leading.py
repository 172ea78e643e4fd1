"""Where the links of a mail lead: what shows the shop's name, or a button of an order, must lead to the shop.

Links are taken as a browser takes them: entities, missing schemes, backslashes and a ``base`` count, and so do forms
and image maps. Those that mail gateways rewrote are judged by where they lead in the end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice

from selectolax.lexbor import LexborHTMLParser, LexborNode

from daemon.intake import gateways
from daemon.intake.brands import Brand, domain_imitates, under, visible
from daemon.intake.words import plain, table
from parsers.amazon import site
from parsers.registry import known_sender

_MOST_LINKS = 20_000
"""More than that no shop writes: behind so many one is hidden."""
_MOST_LINES = 20_000
_MOST_IN_LINE = 1_000
_LABEL = 400
_ORDER_NUMBER = re.compile(r"\d{3}-\d{7}-\d{7}")
_PLAIN_LINK = re.compile(r"(?:https?://|\bwww\.)[^\s<>\"')\]]{4,2000}", re.I)
_SHOWN_HOST = re.compile(r"(?:https?://|\bwww\.)([\w.-]{4,100})", re.I)
# The three signs are found sooner than letters of either size.
_ANY_HOST = re.compile(r"://(?:(?<=(?i:http)://)|(?<=(?i:https)://))([^\s/\"'<>?#\\]{1,300}+)")
# Links as nearly all are written; what is written otherwise is looked at closely.
_USUAL = re.compile(rb"href=[\"']https?://([a-z0-9.-]{1,200}+)[/?\"']")
_STRANGE = (b"action=", b"refresh")
_SENTENCE = re.compile(r"[.!?…。]\s")
_REFRESH = re.compile(r"\burl\s{0,20}+=\s{0,20}+(.*)", re.I | re.S)
# What one program shows and others take for a comment.
_CONDITION = re.compile(r"<!--\s{0,20}+\[if[^\[\]<>]{0,200}+\]>|<!\[endif\]\s{0,20}+-->", re.I)
_LINKS = "a, [href], form, button, input, meta"
_BLIND = frozenset({"area", "form", "button", "input", "meta"})
_UNLINKED = frozenset({"link", "base"})
_TARGETS = ("href", "xlink:href", "action", "formaction")


@dataclass(frozen=True, slots=True, eq=False)
class Link:
    """A link as it is seen and as it leads."""

    url: str
    """Without what gateways have put around it."""
    host: str
    """Empty for what leads nowhere, or behind a gateway that does not tell."""
    said: str = ""
    node: LexborNode | None = None
    blind: bool = False
    """A form, an image map or a page that goes on by itself: it leads there without saying so."""

    @property
    def label(self) -> str:
        """What is seen of it, and what is read out of its pictures; found out only for the few that are looked at."""
        return self.said if self.node is None else _label(self.node)


@cache
def _elsewhere() -> tuple[str, ...]:
    return tuple(table("senders")["elsewhere"]["hosts"])


@cache
def _partners() -> tuple[str, ...]:
    return tuple(table("senders")["partners"]["hosts"])


def _is_partners(host: str) -> bool:
    """Say whether a host is a carrier's, or of one who lends the shop's customers money."""
    return known_sender(f"x@{host}") or any(under(host, each) for each in _partners())


@cache
def _order_words() -> re.Pattern[str]:
    words = map(plain, table("senders")["order_words"])
    # Where words are written without spaces none can be asked for before them.
    return re.compile("|".join(rf"{'(?<![^ ])' if word.isascii() else ''}{re.escape(word)}" for word in words))


def lead_astray(brand: Brand, text: str, html: str, *, quoted: bool = False) -> bool:
    """Say whether a mail in a brand's name leads astray.

    One link is enough that leads to an imitation, shows another address than it has, takes an order's number to
    strangers, or looks like a button of the order and leads to strangers: true ones beside it absolve nothing. Else
    the links that speak of an order by their address alone must not all lead to strangers; carriers are none. In what
    a person has ``quoted`` only what imitates or shows another address counts: programs and people write links below.
    """
    if not _leads_away(brand, text, html):
        return False
    links = list(islice(_all_links(text, html), _MOST_LINKS + 1))
    if len(links) > _MOST_LINKS:
        return True
    away = [link for link in links if not _leads_home(link.host, brand)]
    if any(map(_deceives if quoted else _is_false, away)):
        return True
    return (
        not quoted
        and any(_is_of_order(link) for link in away if not _is_innocent(link.host))
        and not any(_is_of_order(link) for link in links if link.host and _leads_home(link.host, brand))
    )


def _is_of_order(link: Link) -> bool:
    return _speaks_of_order(f"{link.label} {link.url[:500]}")


def _leads_away(brand: Brand, text: str, html: str) -> bool:
    """Say whether any address in a mail may lead elsewhere: in most genuine mails none does, and that is soon seen."""
    hosts = {*_ANY_HOST.findall(html), *_ANY_HOST.findall(text)}
    if not all(_leads_home(host.lower(), brand) for host in hosts):
        return True
    # As bytes only ASCII's letters have two sizes, as in HTML itself, and that is many times faster.
    source, said = (each.encode("utf-8", "replace").lower() for each in (html, text))
    if _bare(source) or _bare(said) or any(each in source for each in _STRANGE):
        return True
    return source.count(b"href") != sum(1 for _ in _USUAL.finditer(source))


def _bare(source: bytes) -> bool:
    """Say whether programs would make links of hosts alone; not of those in another address (``%2Fwww.``)."""
    return source.count(b"www.") > source.count(b"://www.") + source.count(b"2fwww.")


def _deceives(link: Link) -> bool:
    """Say whether a link away from the brand leads to an imitation, or shows the brand's address."""
    shown = _SHOWN_HOST.search(link.label)
    return bool(link.host and domain_imitates(link.host)) or bool(shown and _is_site(shown[1].lower().strip(".-")))


def _is_innocent(host: str) -> bool:
    return _is_partners(host) or any(under(host, each) for each in _elsewhere())


def _is_false(link: Link) -> bool:
    """Say whether one link away from the brand is enough to convict a mail; to known carriers it may well lead."""
    if _deceives(link):
        return True
    if not link.host or _is_partners(link.host):
        return False
    if _ORDER_NUMBER.search(link.url) is not None:
        return True
    if _is_innocent(link.host):
        return False
    return link.blind or _speaks_of_order(link.label)


def _speaks_of_order(said: str) -> bool:
    words = re.sub(r"[^\w$]+", " ", plain(said))
    return _order_words().search(f" {words} ") is not None or _ORDER_NUMBER.search(said) is not None


def _is_site(host: str) -> bool:
    return site.of_address(f"x@{host}") is not None


def _leads_home(host: str, brand: Brand) -> bool:
    """Say whether a host is the brand's; what leads nowhere, or does not tell where, is no reason to accuse."""
    return not host or _is_site(host) or any(under(host, each) for each in brand.link_hosts)


def _all_links(text: str, html: str) -> Iterator[Link]:
    """Yield the links of a mail; those of the plain text if HTML has none."""
    found = False
    if html.strip():
        tree = LexborHTMLParser(_CONDITION.sub("", html))
        for link in _links(tree):
            found = True
            yield link
        body = tree.body
        text = text if body is None or (text.strip() and not found) else body.text(separator="\n")
    yield from _plain_links(text)


def _links(tree: LexborHTMLParser) -> Iterator[Link]:
    """Yield what can be clicked in HTML, and where a page goes by itself."""
    base = tree.css_first("base[href]")
    at = gateways.address((base.attributes.get("href") if base else "") or "", "")
    for node in islice(tree.css(_LINKS), _MOST_LINKS + 1):
        if target := _target(node):
            url, host = gateways.end(gateways.address(target, at))
            yield Link(url, host, node=node, blind=node.tag in _BLIND)


def _target(node: LexborNode) -> str:
    given = node.attributes
    if node.tag in _UNLINKED:
        return ""
    if node.tag == "meta":
        refreshes = (given.get("http-equiv") or "").lower() == "refresh"
        found = _REFRESH.search(given.get("content") or "") if refreshes else None
        return found[1].strip("\"' ") if found else ""
    return next((value for name in _TARGETS if (value := given.get(name))), "")


def _label(node: LexborNode) -> str:
    """Return what is seen of a link, or read out of the pictures in it."""
    told = [node.text(separator=" ")[:_LABEL]]
    for each in (node, *islice(node.css("img"), 5)):
        told.extend(value for name in ("alt", "title", "aria-label", "value") if (value := each.attributes.get(name)))
    return visible(" ".join(told)[: 2 * _LABEL])


def _plain_links(text: str) -> Iterator[Link]:
    """Yield the addresses that stand in plain text: the words before one, or right above it, are its label."""
    above = ""
    for line in islice(text.split("\n"), _MOST_LINES):
        at = 0
        for match in islice(_PLAIN_LINK.finditer(line), _MOST_IN_LINE):
            said = line[at : match.start()].strip(" \t<([:-*>") or above
            url, host = gateways.end(gateways.address(match[0], ""))
            yield Link(url, host, visible(_SENTENCE.split(said[-_LABEL:])[-1]))
            at, above = match.end(), ""
        above = line[at:].strip() or (above if above.endswith((":", "：")) else "")
