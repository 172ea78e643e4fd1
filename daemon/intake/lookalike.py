"""Tells senders that imitate a known one: by their domain, their display name, or where their links lead."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice
from urllib.parse import urlsplit

from daemon.intake import numbers
from daemon.intake.headers import Address
from daemon.intake.words import plain, table
from parsers import relay
from parsers.registry import known_sender

_TWINS = str.maketrans({"0": "o", "1": "l", "3": "e", "5": "s", "4": "a", "@": "a", "$": "s", "|": "l", "ı": "i"})
# Cyrillic and Greek letters that look Latin (Unicode's confusables, the part that spells brands).
_FOREIGN = str.maketrans("асеорхуіјѕԁһӏмнтвкгοαερτυνικ", "aceopxyijsdhlmhtbkroaeptuvik")
# Each pattern has an end that is near: without one, many beginnings would each be followed through the whole mail.
_ADDRESS_IN_NAME = re.compile(r"[\w.+-]{1,128}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_ANCHOR = re.compile(r"<a\b([^<>]{0,5000}+)>", re.I)
_HREF = re.compile(r"\bhref\s*+=\s*+[\"']?(https?://[^\"'\s>]{1,2000})", re.I)
_LABEL = re.compile(r"(.{0,400}?)</a", re.I | re.S)
_PLAIN_LINK = re.compile(r"https?://[^\s<>\"')\]]{4,2000}")
_ORDER_NUMBER = re.compile(r"\d{3}-\d{7}-\d{7}")
# The first three signs are found many times faster than a name in letters of either size.
_ANY_HOST = re.compile(r"://(?:(?<=(?i:http)://)|(?<=(?i:https)://))([^\s/\"'<>?#\\]{1,300}+)")
_SHOWN_HOST = re.compile(r"(?:https?://|\bwww\.)([\w.-]{4,100})", re.I)
_MAX_LINKS = 400
_MAX_ANCHORS = 5_000
"""Most anchors looked at, whether or not they are links."""


@dataclass(frozen=True, slots=True)
class Brand:
    """A name that is imitated."""

    word: str
    genuine: tuple[str, ...]
    link_hosts: tuple[str, ...]
    tlds: frozenset[str]
    innocent: frozenset[str]
    name_checked: bool
    links_checked: bool


@dataclass(frozen=True, slots=True)
class _Senders:
    brands: tuple[Brand, ...]
    seller_relays: tuple[str, ...]
    rewriters: tuple[str, ...]
    order_words: re.Pattern[str]


@cache
def _senders() -> _Senders:
    data = table("senders")
    brands = tuple(
        Brand(
            word=each["word"],
            genuine=tuple(each.get("genuine", ())),
            link_hosts=tuple(each.get("link_hosts", ())),
            tlds=frozenset(each.get("tlds", ())),
            innocent=frozenset(each.get("innocent", ())),
            name_checked=each.get("name_checked", False),
            links_checked=each.get("links_checked", False),
        )
        for each in data["brand"]
    )
    return _Senders(
        brands,
        tuple(data["seller_relays"]),
        tuple(data["rewriters"]),
        re.compile("|".join(map(re.escape, data["order_words"])), re.I),
    )


def is_seller_relay(address: str) -> bool:
    """Say whether an address is a marketplace's relay to one of its sellers."""
    return known_sender(address) and address.rpartition("@")[2].lower().startswith(_senders().seller_relays)


def relayed(address: Address) -> Address:
    """Return the original sender behind an address of Apple's Hide My Email, else the address itself.

    ``name_at_amazon_fr_code@privaterelay.appleid.com`` → ``name@amazon.fr``. Only known senders are made out.
    """
    original = relay.original(address.address, known_sender)
    return address if original == address.address else Address(address.name, original)


@lru_cache(maxsize=512)
def imitates(sender: Address) -> bool:
    """Say whether a sender that is not a known one bears a known one's name, in its domain or before it.

    So does an address of a relay that resembles a masked known one, and is not.
    """
    if not sender.address or relayed(sender) != sender:
        return False
    if known_sender(sender.address):
        return False
    return relay.pretends(sender.address, known_sender) or any(
        _domain_imitates(sender.domain, brand) or _name_imitates(sender.name, brand) for brand in _senders().brands
    )


def _domain_imitates(domain: str, brand: Brand) -> bool:
    if any(domain == own or domain.endswith("." + own) for own in brand.genuine):
        return False
    return any(_like(label, brand) for label in re.split(r"[.]", domain))


def _like(label: str, brand: Brand) -> bool:
    shape = _shape(label)
    if shape in brand.innocent:
        return False
    return brand.word in shape.replace("-", "") or any(_near(token, brand.word) for token in shape.split("-"))


def _name_imitates(name: str, brand: Brand) -> bool:
    if not brand.name_checked:
        return False
    if any(known_sender(address.lower()) for address in _ADDRESS_IN_NAME.findall(name)):
        return True
    return brand.word in re.split(r"[^a-z]+", _shape(name))


def _shape(label: str) -> str:
    """Return a label as the eye reads it: punycode decoded, digits and foreign letters as what they look like."""
    if label.startswith("xn--"):
        try:
            label = label[4:].encode("ascii").decode("punycode") if len(label) <= 63 else label
        except (UnicodeError, OverflowError):
            return label
    label = plain(unicodedata.normalize("NFKC", label[:100]))
    return label.translate(_FOREIGN).translate(_TWINS).replace("rn", "m").replace("vv", "w")


def _near(token: str, word: str) -> bool:
    """One letter left out, put in or exchanged."""
    if token == word or abs(len(token) - len(word)) > 1 or token in (word + "e", word + "s"):
        return token == word
    short, long = sorted((token, word), key=len)
    at = next((i for i, letter in enumerate(short) if letter != long[i]), len(short))
    return short[at:] == long[at + 1 :] or short[at + 1 :] == long[at + 1 :]


def lies(sender: Address, subject: str, text: str, html: str) -> bool:
    """Say whether a mail in a brand's name betrays itself: by where its links lead, or by the orders that it names."""
    if _checked(sender) is None:
        return False
    return links_lie(sender, text, html) or numbers.malformed(subject, text, html)


def links_lie(sender: Address, text: str, html: str) -> bool:
    """Say whether a mail in a brand's name leads astray.

    Either an order link leads to who imitates the brand, shows another address than it has, or takes an order's number
    to strangers; or there are order links, and none of them leads to the brand.
    """
    brand = _checked(sender)
    if brand is None or not _leads_away(html, text, brand):
        return False
    led_away, led_home = False, False
    for url, label, host in _order_links(html, text):
        home = _leads_home(host, brand)
        if not home and _is_false(url, label, host, brand):
            return True
        led_home, led_away = led_home or home, led_away or not home
    return led_away and not led_home


def _checked(sender: Address) -> Brand | None:
    """Return the brand in whose name a mail comes, if its links are looked at: sellers may write what they like."""
    if is_seller_relay(sender.address):
        return None
    return next((each for each in _senders().brands if each.links_checked and _own(sender.domain, each)), None)


def _leads_away(html: str, text: str, brand: Brand) -> bool:
    """Say whether any address in a mail leads elsewhere: in most genuine mails none does, and that is soon seen."""
    return any(not _leads_home(host.lower(), brand) for host in {*_ANY_HOST.findall(html), *_ANY_HOST.findall(text)})


def _is_false(url: str, label: str, host: str, brand: Brand) -> bool:
    """Say whether one link away from the brand is enough to convict a mail; to known carriers it may well lead."""
    if _domain_imitates(host, brand):
        return True
    shown = _SHOWN_HOST.search(label)
    if shown and _own(shown[1].lower(), brand):
        return True
    return _ORDER_NUMBER.search(url) is not None and not known_sender(f"x@{host}")


def _own(domain: str, brand: Brand) -> bool:
    labels = domain.split(".")
    return any(label == brand.word and ".".join(labels[at + 1 :]) in brand.tlds for at, label in enumerate(labels))


def _leads_home(host: str, brand: Brand) -> bool:
    """Say whether a host is the brand's; a gateway that rewrites links tells nothing, so it is no reason to accuse."""
    if any(host == each or host.endswith("." + each) for each in _senders().rewriters):
        return True
    if _own(host, brand):
        return True
    return any(_under(host, each) for each in brand.link_hosts)


def _under(host: str, own: str) -> bool:
    if own.endswith("."):
        return re.search(
            rf"(?:^|\.){re.escape(own)}[a-z]{{2,3}}(?:\.[a-z]{{2}})?$", host
        ) is not None and not own.startswith("amazon.")
    return host == own or host.endswith("." + own)


def _order_links(html: str, text: str) -> Iterator[tuple[str, str, str]]:
    """Yield address, label and host of the links that speak of an order; those of the plain text if HTML has none."""
    found = False
    for url, label in islice(_links(html), _MAX_LINKS):
        found = True
        yield from _order_link(url, label)
    if not found:
        for match in islice(_PLAIN_LINK.finditer(text), _MAX_LINKS):
            yield from _order_link(match[0], "")


def _links(html: str) -> Iterator[tuple[str, str]]:
    """Yield address and label of the links to the web, in order."""
    at = 0
    for anchor in islice(_ANCHOR.finditer(html), _MAX_ANCHORS):
        if anchor.start() < at or (href := _HREF.search(anchor[1])) is None:
            continue
        if label := _LABEL.match(html, anchor.end()):
            at = label.end()
            yield href[1], label[1]


def _order_link(url: str, label: str) -> Iterator[tuple[str, str, str]]:
    said = f"{label} {url[:500]}"
    if (_senders().order_words.search(said) or _ORDER_NUMBER.search(said)) and (host := _host(url)):
        yield url, label, host


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""
