"""The senders that are imitated: Amazon and every carrier that a parser knows, and what only looks like their names.

Whom a name belongs to is the parsers' data; ``config/intake/senders.toml`` holds what imitations are made of.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

from daemon.intake.alignment import aligned
from daemon.intake.words import plain, table
from parsers.amazon import site
from parsers.carriers import data as carriers
from parsers.registry import known_sender

_NO_LETTER = re.compile(r"[\W_]+")
_LONG = 9
"""Letters from which a carrier's name is its alone, whatever stands beside it."""
_SHORT = 3
"""Letters up to which a carrier's name is part of too many others' (``push-ups``)."""
_COUNTRY = 2
_SHORTEST_PAIR = 7
_MOST_TOKENS = 8
# The end is near: without one, many beginnings would each be followed through the whole name.
_ADDRESS_IN_NAME = re.compile(r"[\w.+-]{1,128}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_WORDS = re.compile(r"[a-z]+")
_RUNS = re.compile(r"[^\W_]+")
# A letter of no name, in the place of what cannot be seen.
_MARK_OF_UNSEEN = "ø"
_UNSEEN = ("Cf", "Cc", "Mn", "Me")
"""Unicode's categories of what has no width of its own: joiners, soft hyphens, marks."""


@dataclass(frozen=True, slots=True)
class Brand:
    """The name of Amazon, or of another sender whose name is no ordinary word."""

    word: str
    genuine: tuple[str, ...]
    """Domains of the same house, and of its partners, that are no known senders."""
    link_hosts: tuple[str, ...]
    innocent: frozenset[str]
    """Words that only look like the name."""
    innocent_names: frozenset[str]
    """Those that people bear, and that as a domain would be an imitation."""
    name_checked: bool
    links_checked: bool


@dataclass(frozen=True, slots=True)
class _Baits:
    namesakes: tuple[str, ...]
    lures: frozenset[str]
    ends: frozenset[str]


@cache
def brands() -> tuple[Brand, ...]:
    """Return the names that are looked for anywhere in a domain."""
    return tuple(
        Brand(
            word=each["word"],
            genuine=tuple(each.get("genuine", ())),
            link_hosts=tuple(each.get("link_hosts", ())),
            innocent=frozenset(each.get("innocent", ())),
            innocent_names=frozenset(each.get("innocent_names", ())),
            name_checked=each.get("name_checked", False),
            links_checked=each.get("links_checked", False),
        )
        for each in table("senders")["brand"]
    )


@cache
def _baits() -> _Baits:
    data = table("senders")["baits"]
    lures = frozenset(map(shape, data["lures"]))
    return _Baits(tuple(data["namesakes"]), lures, frozenset(data["ends"]))


@cache
def _carriers() -> frozenset[str]:
    """Return the carriers' names, as one word each: the ways in which their parsers know them."""
    names = {name for each in carriers.carriers() for name in (each.name, *each.names)}
    return frozenset(_one_word(name) for name in names) - {_one_word(each.word) for each in brands()}


@cache
def _domains() -> frozenset[str]:
    """Return the domains of all known senders, as far as they are whole domains."""
    senders = {sender for each in carriers.carriers() for sender in each.senders if "@" not in sender}
    return frozenset(senders | set(site.sites()))


def _one_word(name: str) -> str:
    return _NO_LETTER.sub("", shape(name))


def visible(text: str) -> str:
    """Return text without the characters that nobody sees: joiners, soft hyphens, direction and other marks."""
    if text.isascii():
        return text
    return "".join(each for each in unicodedata.normalize("NFKC", text) if unicodedata.category(each) not in _UNSEEN)


@lru_cache(maxsize=2_000)
def shape(label: str) -> str:
    """Return a name as the eye reads it: punycode decoded, digits and foreign letters as what they look like."""
    return _read(label).translate(_digits()).replace("rn", "m").replace("vv", "w")


def _read(label: str) -> str:
    """Return a name in plain small letters, foreign ones as those that they look like."""
    if label.startswith("xn--"):
        try:
            label = label[4:].encode("ascii").decode("punycode") if len(label) <= 63 else label
        except (UnicodeError, OverflowError):
            return label
    label = visible(label[:200].casefold()).translate(_letters())
    return plain(label).translate(_letters())


@cache
def _letters() -> dict[int, str]:
    return {ord(foreign): latin for latin, row in table("senders")["letters"].items() for foreign in row}


@cache
def _digits() -> dict[int, str]:
    return str.maketrans(table("senders")["digits"])


def domain_imitates(domain: str) -> bool:
    """Say whether a domain bears the name of a known sender, or nearly, and is not theirs."""
    domain = domain.lower().strip(".")
    if not domain or known_sender(f"x@{domain}") or any(under(domain, own) for own in _allowed()):
        return False
    labels = domain.split(".")[-12:]
    return any(_bears(label, brand) for label in labels[:-1] for brand in brands()) or _like_a_carrier(labels)


@cache
def _allowed() -> tuple[str, ...]:
    return (*_baits().namesakes, *_houses())


@cache
def _houses() -> tuple[str, ...]:
    # ``amazonpay.`` stands for any country, also where nobody but a stranger has the name: enough for links alone.
    return tuple(own for brand in brands() for own in (*brand.genuine, *brand.link_hosts) if not own.endswith("."))


def of_the_house(domain: str) -> bool:
    """Say whether a domain rightly has a known sender's name before it, though it writes no order mails."""
    return any(under(domain.lower().strip("."), own) for own in _houses())


def under(host: str, own: str) -> bool:
    """Say whether a host is a domain or lies below it; ``amazonpay.`` stands for that name under any country."""
    if own.endswith("."):
        return re.search(rf"(?:^|\.){re.escape(own)}[a-z]{{2,3}}(?:\.[a-z]{{2}})?$", host) is not None
    return host == own or host.endswith("." + own)


def _bears(label: str, brand: Brand) -> bool:
    seen = shape(label)
    if seen in brand.innocent:
        return False
    return brand.word in seen.replace("-", "") or any(_near(token, brand.word) for token in seen.split("-"))


def _near(token: str, word: str) -> bool:
    """One letter left out, put in or exchanged, or two that changed places."""
    if abs(len(token) - len(word)) > 1 or token == word + "s":
        return False
    short, long = sorted((token, word), key=len)
    at = next((i for i, letter in enumerate(short) if letter != long[i]), len(short))
    swapped = len(short) == len(long) and short[at : at + 2] == long[at : at + 2][::-1]
    return (
        short[at:] == long[at + 1 :]
        or short[at + 1 :] == long[at + 1 :]
        or (swapped and short[at + 2 :] == long[at + 2 :])
    )


def _like_a_carrier(labels: Sequence[str]) -> bool:
    """Say whether a domain lies below what looks like a carrier's, or bears its name beside what baits.

    Carriers' names are short, and ordinary words to others (``ups`` in ``upstart``): alone they prove nothing.
    """
    if _holds_a_domain(labels):
        return True
    tokens = [shape(token) for label in _owned(labels)[:1] for token in label.split("-")]
    lured, cheap = not _baits().lures.isdisjoint(tokens), labels[-1] in _baits().ends
    return any(_pretends(label.split("-")[:_MOST_TOKENS], lured, cheap) for label in labels[:-1])


def _holds_a_domain(labels: Sequence[str]) -> bool:
    """``ups.com.example.org``; but ``ups.com.mx`` is a name that somebody has under ``com.mx``."""
    below = len(labels) - len(_owned(labels))
    pieces = ((at, end) for at in range(below) for end in range(at + 2, len(labels)))
    return any(".".join(labels[at:end]) in _domains() for at, end in pieces)


def _owned(labels: Sequence[str]) -> Sequence[str]:
    """Return the labels of the domain that somebody has registered."""
    ends = (labels[-count:] for count in (2, 3) if len(labels) >= count)
    return next((each for each in ends if aligned(".".join(each), ".".join(each))), labels)


def _pretends(tokens: Sequence[str], lured: bool, cheap: bool) -> bool:
    runs = ((at, end) for at in range(len(tokens)) for end in range(at + 1, len(tokens) + 1))
    return any(
        _is_bait("".join(tokens[at:end]), [shape(each) for each in (*tokens[:at], *tokens[end:])], lured, cheap)
        for at, end in runs
    )


def _is_bait(raw: str, beside: Sequence[str], lured: bool, cheap: bool) -> bool:
    """Say whether a word in a domain is a carrier's name in disguise, or one with what makes it an imitation.

    A ``cheap`` ending is enough for a name that stands alone, or beside a country, and is not as short as ``ups``.
    """
    seen = shape(raw)
    lured = lured or not _baits().lures.isdisjoint(beside)
    if seen in _carriers():
        alone = len(seen) > _SHORT and all(len(each) <= _COUNTRY for each in beside)
        return raw != seen or lured or (cheap and alone) or (bool(beside) and len(seen) >= _LONG)
    near = (lured or cheap) and len(seen) >= _LONG
    slipped = near and any(_near(seen, name) for name in _carriers() if len(name) >= _LONG)
    return slipped or any(_glued(seen, name) for name in _carriers())


def _glued(seen: str, name: str) -> bool:
    lures = _baits().lures
    return (seen.startswith(name) and seen[len(name) :] in lures) or (
        seen.endswith(name) and seen[: -len(name)] in lures
    )


def name_holds_address(name: str) -> bool:
    """Say whether a known sender's address stands in a display name."""
    return any(known_sender(address.lower()) for address in _ADDRESS_IN_NAME.findall(visible(name)))


def name_says(name: str) -> bool:
    """Say whether a display name bears Amazon's name. Shops rightly write *Colissimo* before their own address."""
    words = _WORDS.findall(shape(visible(name)))
    return any(brand.name_checked and _says(words, brand) for brand in brands())


def name_hides(name: str) -> bool:
    """Say whether a display name hides a known sender's behind others: no honest one has letters of other alphabets."""
    words = _WORDS.findall(shape(visible(name)))
    whole = {brand.word for brand in brands()}
    if len(words) > 1 and "".join(words) in {brand.word for brand in brands() if brand.name_checked}:
        return True
    hidden = _joined(words) - _joined(_RUNS.findall(plain(_MARK_OF_UNSEEN.join(_seen_parts(name)))))
    return not hidden.isdisjoint(_carriers() | whole)


def _seen_parts(name: str) -> list[str]:
    """Return the pieces of a name between characters that nobody sees."""
    return "".join(each if visible(each) else "\0" for each in name).split("\0")


def _says(words: Sequence[str], brand: Brand) -> bool:
    named = (word for word in words if brand.word in word)
    return any(word not in brand.innocent | brand.innocent_names for word in named)


def _joined(words: Sequence[str]) -> set[str]:
    """Return words, and neighbours as one: ``mondial relay``. Short neighbours make other words by chance."""
    pairs = (f"{one}{other}" for one, other in pairwise(words))
    return {*words, *(pair for pair in pairs if len(pair) >= _SHORTEST_PAIR)}
