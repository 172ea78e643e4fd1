"""Addresses as browsers read them, and where those lead that mail gateways and search engines rewrote."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from urllib.parse import SplitResult, parse_qsl, unquote, urljoin, urlsplit

from daemon.intake.brands import under, visible
from daemon.intake.words import table

_UNWRAPPED = 4
"""How often a link is unwrapped: gateways stand behind one another."""
_WEB = re.compile(r"(https?):[\\/]{0,20}+(.*)", re.I | re.S)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]{0,30}+:", re.I)
_DROPPED = dict.fromkeys([*range(0x20), 0x7F])
_INNER = re.compile(r"https?:/{1,2}+[^\s\"'<>]{4,2000}", re.I)


@dataclass(frozen=True, slots=True)
class _Rewriter:
    hosts: tuple[str, ...]
    path: str
    names: tuple[str, ...]


@cache
def _rewriters() -> tuple[_Rewriter, ...]:
    rows = table("senders")["rewriter"]
    return tuple(_Rewriter(tuple(row["hosts"]), row.get("path", ""), tuple(row["names"])) for row in rows)


def address(url: str, base: str) -> str:
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


def end(url: str) -> tuple[str, str]:
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
        url = address(inner, "")
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
