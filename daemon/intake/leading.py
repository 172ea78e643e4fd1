"""Where the links of a mail lead: what shows the shop's name, or a button of an order, must lead to the shop.

Links are taken as a browser takes them: entities, missing schemes, backslashes and a ``base`` count, and so do forms
and image maps. Those that mail gateways rewrote are judged by where they lead in the end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice
from urllib.parse import SplitResult, parse_qsl, unquote, urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from daemon.intake.brands import Brand, domain_imitates, under, visible
from daemon.intake.words import plain, table
from parsers.amazon import site
from parsers.registry import known_sender

_MOST_LINKS = 20_000
"""More than that no shop writes: behind so many one is hidden."""
_MOST_LINES = 20_000
_MOST_IN_LINE = 1_000
_LABEL = 400
_UNWRAPPED = 4
"""How often a link is unwrapped: gateways stand behind one another."""
_ORDER_NUMBER = re.compile(r"\d{3}-\d{7}-\d{7}")
_PLAIN_LINK = re.compile(r"(?:https?://|\bwww\.)[^\s<>\"')\]]{4,2000}", re.I)
_SHOWN_HOST = re.compile(r"(?:https?://|\bwww\.)([\w.-]{4,100})", re.I)
# The first three signs are found many times faster than a name in letters of either size.
_ANY_HOST = re.compile(r"://(?:(?<=(?i:http)://)|(?<=(?i:https)://))([^\s/\"'<>?#\\]{1,300}+)")
# Links as nearly all are written; what is written otherwise is looked at closely.
_USUAL = re.compile(r"href=[\"']https?://([a-z0-9.-]{1,200}+)[/?\"']")
_STRANGE = ("action=", "refresh")
_WEB = re.compile(r"(https?):[\\/]{0,20}+(.*)", re.I | re.S)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]{0,30}+:", re.I)
_DROPPED = dict.fromkeys([*range(0x20), 0x7F])
_SENTENCE = re.compile(r"[.!?…。]\s")
_INNER = re.compile(r"https?:/{1,2}+[^\s\"'<>]{4,2000}", re.I)
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


@dataclass(frozen=True, slots=True)
class _Rewriter:
    hosts: tuple[str, ...]
    path: str
    names: tuple[str, ...]


@cache
def _rewriters() -> tuple[_Rewriter, ...]:
    rows = table("senders")["rewriter"]
    return tuple(_Rewriter(tuple(row["hosts"]), row.get("path", ""), tuple(row["names"])) for row in rows)


@cache
def _elsewhere() -> tuple[str, ...]:
    return tuple(table("senders")["elsewhere"]["hosts"])


@cache
def _order_words() -> re.Pattern[str]:
    words = map(plain, table("senders")["order_words"])
    # Where words are written without spaces none can be asked for before them.
    return re.compile("|".join(rf"{'(?<![^ ])' if word.isascii() else ''}{re.escape(word)}" for word in words))


def lead_astray(brand: Brand, text: str, html: str) -> bool:
    """Say whether a mail in a brand's name leads astray.

    One link is enough that leads to an imitation, shows another address than it has, takes an order's number to
    strangers, or looks like a button of the order and leads to strangers: true ones beside it absolve nothing. Else
    the links that speak of an order by their address alone must not all lead to strangers.
    """
    if not _leads_away(brand, text, html):
        return False
    links = list(islice(_all_links(text, html), _MOST_LINKS + 1))
    if len(links) > _MOST_LINKS:
        return True
    away = [link for link in links if not _leads_home(link.host, brand)]
    if any(map(_is_false, away)):
        return True
    return any(map(_is_of_order, away)) and not any(
        _is_of_order(link) for link in links if link.host and _leads_home(link.host, brand)
    )


def _is_of_order(link: Link) -> bool:
    return _speaks_of_order(f"{link.label} {link.url[:500]}")


def _leads_away(brand: Brand, text: str, html: str) -> bool:
    """Say whether any address in a mail may lead elsewhere: in most genuine mails none does, and that is soon seen."""
    hosts = {*_ANY_HOST.findall(html), *_ANY_HOST.findall(text)}
    if not all(_leads_home(host.lower(), brand) for host in hosts):
        return True
    source = html.lower()
    # Programs make links of these, too; not of those within another address, behind a letter (``%2Fwww.``).
    bare = sum(each.count("www.") - each.count("://www.") - each.count("2fwww.") for each in (source, text.lower()))
    if bare or any(each in source for each in _STRANGE):
        return True
    return source.count("href") != sum(1 for _ in _USUAL.finditer(source))


def _is_false(link: Link) -> bool:
    """Say whether one link away from the brand is enough to convict a mail; to known carriers it may well lead."""
    if link.host and domain_imitates(link.host):
        return True
    shown = _SHOWN_HOST.search(link.label)
    if shown and _is_site(shown[1].lower().strip(".-")):
        return True
    if not link.host or known_sender(f"x@{link.host}"):
        return False
    if _ORDER_NUMBER.search(link.url) is not None:
        return True
    if any(under(link.host, each) for each in _elsewhere()):
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
    at = _address((base.attributes.get("href") if base else "") or "", "")
    for node in islice(tree.css(_LINKS), _MOST_LINKS + 1):
        if target := _target(node):
            url, host = _end(_address(target, at))
            yield Link(url, host, node=node, blind=node.tag in _BLIND)


def _target(node: LexborNode) -> str:
    given = node.attributes
    if node.tag in _UNLINKED:
        return ""
    if node.tag == "meta":
        found = (
            _REFRESH.search(given.get("content") or "")
            if (given.get("http-equiv") or "").lower() == "refresh"
            else None
        )
        return found[1].strip("\"' ") if found else ""
    return next((value for name in _TARGETS if (value := given.get(name))), "")


def _label(node: LexborNode) -> str:
    """Return what is seen of a link, or read out of the pictures in it."""
    told = [node.text(separator=" ")[:_LABEL]]
    for each in (node, *islice(node.css("img"), 5)):
        told.extend(value for name in ("alt", "title", "aria-label", "value") if (value := each.attributes.get(name)))
    return visible(" ".join(told)[: 2 * _LABEL])


def _plain_links(text: str) -> Iterator[Link]:
    """Yield the addresses that stand in plain text: the words before one, or above it, are its label."""
    above = ""
    for line in islice(text.split("\n"), _MOST_LINES):
        at = 0
        for match in islice(_PLAIN_LINK.finditer(line), _MOST_IN_LINE):
            said = line[at : match.start()].strip(" \t<([:-*>") or above
            url, host = _end(_address(match[0], ""))
            yield Link(url, host, visible(_SENTENCE.split(said[-_LABEL:])[-1]))
            at, above = match.end(), ""
        above = line[at:].strip() or above


def _address(url: str, base: str) -> str:
    """Return an address as browsers read it: blanks within are dropped, backslashes are slashes."""
    url = url.translate(_DROPPED).strip()
    if web := _WEB.match(url):
        return f"{web[1].lower()}://{_slashed(web[2])}"
    if url[:4].lower() == "www." and not base:
        return f"https://{_slashed(url)}"
    if url[:1] in "/\\" and url[1:2] in ("/", "\\"):
        return f"https://{_slashed(url.lstrip('/' + chr(92)))}"
    if _SCHEME.match(url) or not base:
        return url if _SCHEME.match(url) else ""
    try:
        return urljoin(base, _slashed(url))
    except ValueError:
        return ""


def _slashed(rest: str) -> str:
    """Return what follows ``https://`` with slashes for the backslashes before its query."""
    cut = min((at for mark in "?#" if (at := rest.find(mark)) >= 0), default=len(rest))
    return rest[:cut].replace("\\", "/") + rest[cut:]


def _end(url: str) -> tuple[str, str]:
    """Return where an address leads behind gateways, and its host: none behind a gateway that does not tell."""
    for _ in range(_UNWRAPPED):
        parts = _split(url)
        host = _host(parts)
        path = parts.path if parts else ""
        rewriter = next((each for each in _rewriters_at(host) if each.path in ("", path)), None)
        if parts is None or rewriter is None:
            return url, host
        inner = _inner(parts, rewriter)
        if not inner:
            return url, ""
        url = _address(inner, "")
    return url, ""


@lru_cache(maxsize=512)
def _rewriters_at(host: str) -> tuple[_Rewriter, ...]:
    return tuple(each for each in _rewriters() if any(under(host, one) for one in each.hosts))


def _inner(parts: SplitResult, rewriter: _Rewriter) -> str:
    """Return the address that a gateway leads to; nothing when it does not tell."""
    try:
        query = {name.lower(): value for name, value in parse_qsl(parts.query, max_num_fields=50)}
    except ValueError:
        query = {}
    for name in rewriter.names:
        value = query.get(name, "")
        # One of them writes "https-3A__www.example.org_path".
        plain_value = unquote(value.replace("-", "%").replace("_", "/")) if "-3A__" in value else unquote(value)
        if _WEB.match(plain_value):
            return plain_value
    found = _INNER.search(unquote(parts.path))
    if found is None:
        # Some name the domain alone.
        domain = query.get("domain") or query.get("d") or ""
        return f"https://{domain}" if re.fullmatch(r"[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}", domain) else ""
    return re.sub(r"^(https?):/+", r"\1://", found[0])


def _split(url: str) -> SplitResult | None:
    try:
        return urlsplit(url)
    except ValueError:
        return None


def _host(parts: SplitResult | None) -> str:
    """Return the host of a web address, in small letters and without what cannot be seen; nothing for other schemes."""
    if parts is None or parts.scheme not in ("http", "https"):
        # A page within the address itself: nobody's.
        return "data:" if parts is not None and parts.scheme == "data" else ""
    try:
        return visible(unquote(parts.hostname or "")).lower().strip(".")
    except ValueError:
        return ""
