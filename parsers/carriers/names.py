"""Who sent the parcel, as a carrier's mail names them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from parsers import tracking
from parsers.amazon import site
from parsers.carriers.data import carriers, name_words, shape_words, spoken
from parsers.carriers.mail import Mail, below
from parsers.text import Line, fold
from parsers.wording import Hit

_LONGEST_NAME = 80
_NAME_WORDS = 8
_DOMAIN = re.compile(r"[a-z0-9-]+\.[a-z]{2,3}")
_SENTENCE_END = re.compile(r"\w{4}[.!?] [^\W\d_a-z]")
"""An abbreviation such as Ltd., Sp. or St. ends no sentence."""
_SENTENCE = re.compile(r"[.!?] ")
_ABBREVIATED = 4
"""Signs of an abbreviation, its dot included: "Ltd." ends no name."""
_SHORTEST = 4
_DATE = re.compile(r"\d{1,2}[/.]\d{1,2}")
_NUMBERED = re.compile(r"n[o°º.]{0,2} ?\d|\w{0,9}\d{6}")
_CAPITALS = re.compile(r"[^\W\d_a-z]{4}")
"""How a word looks that is all capitals, at least."""
_SIGNS = " .,;:*\"'"


def shipper(mail: Mail) -> str | None:
    """Return the sender that the mail names, as written; where it is named twice, the fuller of both."""
    names = [name for words in _candidates(mail) if _is_name(mail, name := _bare(words.strip(_SIGNS)))]
    if not names:
        names = [name for words in _behind_nouns(mail) if _is_name(mail, name := _bare(words.strip(_SIGNS)))]
    first = names[0] if names else None
    longer = [name for name in names if first and f" {fold(first)} " in f" {fold(name)} "]
    return max(longer, key=len, default=first)


def _bare(name: str) -> str:
    """Return a name without what only tells that it is a sender's, nor an article before a firm's ("der Acme GmbH")."""
    words = name_words()
    first, _, rest = name.partition(" ")
    firm = fold(rest.rpartition(" ")[2]).rstrip(".") in words.behind
    article = fold(first) in words.articles and (firm or first.islower())
    lead = article or fold(first).removeprefix("l'") in words.leads
    return _bare(rest) if lead and rest[:1].isalpha() and not _is_small(rest) else name


def _is_name(mail: Mail, name: str) -> bool:
    return _like_a_name(name) and not _strange(mail, name)


def _candidates(mail: Mail) -> Iterator[str]:
    """Yield what the phrases take for a name: behind a label, under one, then inside a sentence."""
    phrases = mail.language.labels["from"].within(mail.held)
    # A phrase can take what is no name ("parcel no. 12 from …"): then another that fits the line may take the name.
    found = [(at, hit) for at, line in enumerate(mail.lines) for hit in phrases.all(line)]
    yield from (_taken(mail, at, hit) for at, hit in found if hit.name == "shipper")
    yield from (below(mail, at) for at, hit in found if hit.name == "shipper_below")
    yield from (_in_sentence(mail, at, hit.rest) for at, hit in found if hit.name == "shipper_open")


def _taken(mail: Mail, at: int, hit: Hit) -> str:
    """Return the name that a phrase took: all of it behind a label, else up to where its sentence goes on."""
    name = hit.taken.get("sender") or hit.taken.get("shop", "")
    if not name:
        return ""
    before = mail.lines[at].text.partition(name)[0].rstrip()
    if before and (before.endswith((":", "：", "】")) or " " not in before) and not hit.rest:
        return name
    # "Hello Jane, Acme is sending you …": a sentence that begins with a name can stand behind a greeting.
    greeting, _, rest = name.replace(" - ", ", ").replace("! ", ", ").rpartition(", ")
    name = rest if greeting and not before else name
    return "" if _is_fetched(mail, before) else _cut(name)


def _is_fetched(mail: Mail, before: str) -> bool:
    """Tell whether the sentence up to here tells where a parcel is fetched, not who sent it."""
    sentence = _SENTENCE.split(fold(before))[-1]
    return mail.language.labels["fetched"].find(Line(sentence, sentence)) is not None


def _cut(words: str) -> str:
    """Return a name without the words with which its sentence goes on: small ones, and those of a new sentence."""
    names, kept = name_words(), list[str]()
    small = words[:1].islower()
    for word in words.split():
        bare = fold(word.strip(',;:!?"()')).rstrip(".")
        if kept and _new_sentence(kept[-1], word):
            break
        goes_on = spoken(bare) or not small
        joins = (bare in names.within and word != "è") or bare in names.behind or "." in word
        if kept and ((_is_small(word) and goes_on and not joins) or _DATE.match(word)):
            break
        kept.append(word)
    while kept and kept[-1].islower() and fold(kept[-1]) in names.within | names.ends:
        kept.pop()
    return " ".join(kept)


def _is_capitals(word: str) -> bool:
    """Tell whether a word is a name in capitals, as shops' names are in sentences: "votre commande CAMIF …"."""
    return len(word) >= _SHORTEST and word.isalpha() and word.isupper()


def _is_small(word: str) -> bool:
    """Tell whether a word begins small; "l'Eau" does not."""
    return word[:1].islower() and not (word[1:2] in "'’" and word[2:3].isupper())


def _new_sentence(before: str, word: str) -> bool:
    """Tell whether a sentence ended with the word before, and a common word begins the next ("… PRO. La")."""
    abbreviated = word.isupper() and fold(before.rstrip(".")) in name_words().behind
    return before[-1] in ".!?" and not abbreviated and word[:1].isupper() and spoken(fold(word.strip(",;:!?.")))


def _behind_nouns(mail: Mail) -> Iterator[str]:
    """Yield what stands behind "parcel 12345678 from" in any language; numbers may stand between."""
    shape = shape_words()
    for at, line in enumerate(mail.lines):
        noun = ""
        if not _CAPITALS.search(line.text) and shape.of.isdisjoint(line.plain.split()):
            continue
        for place, (word, written) in enumerate(zip(line.plain.split(), line.text.split(), strict=False)):
            bare = word.strip(",;:()")
            name = noun.islower() and _is_capitals(written)
            if bare.startswith(shape.nouns):
                noun = written
            elif noun and (bare in shape.of or name):
                yield _in_sentence(mail, at, " ".join(line.text.split()[place + (not name) :]))
                noun = ""
            elif not (any(map(str.isdigit, bare)) or bare in shape.number or bare.rstrip(".:") in shape.number):
                noun = ""


def _in_sentence(mail: Mail, at: int, rest: str) -> str:
    """Return the name that a sentence goes on with: capitals, and the small words between them."""
    line = mail.lines[at]
    if _is_fetched(mail, line.plain.removesuffix(fold(rest))):
        return ""
    names = name_words()
    kept: list[str] = []
    size = 0
    for word in rest.split():
        bare = word.strip(',;:!?()"').rstrip(".")
        behind = bool(kept) and fold(bare) in names.behind
        if kept and _new_sentence(kept[-1], word):
            break
        if (word[:1].isalpha() and not _is_small(word)) or word == "&" or behind:
            size = len(kept) + 1
        elif fold(bare) not in names.within or not kept:
            break
        kept.append(word)
        if _closes(word):
            break
    return " ".join(kept[:size])


def _closes(word: str) -> bool:
    """Tell whether a name ends with this word, as the signs behind it say; the dot of an abbreviation does not."""
    if word[-1] in ",;:!?)":
        return True
    return word.endswith(".") and len(word) > _ABBREVIATED and "." not in word[:-1]


def _like_a_name(name: str) -> bool:
    """Tell whether words begin with a capital (scripts without capitals are their own) and are few, or a domain."""
    capital = name[:1].isalpha() and name[:1] == name[:1].upper()
    few = len(name) <= _LONGEST_NAME and name.count(" ") < _NAME_WORDS
    return few and (capital or _DOMAIN.fullmatch(name) is not None)


def _strange(mail: Mail, name: str) -> bool:
    """Tell whether words cannot be a sender's name: a number, a sentence, the carrier itself, another label."""
    own = fold(mail.carrier.name)
    # "La Redoute", "The Range": an article with a capital belongs to the name that follows it.
    first, _, core = name.partition(" ")
    if core and fold(first.rstrip(".")) in name_words().persons:
        return True
    bare = core if fold(first) in name_words().within and core[:1].isupper() else name
    label = Line(bare, bare.lower())
    return (
        tracking.plausible(name)
        or spoken(fold(name))
        or any(map(_NUMBERED.match, fold(name).split()))
        or "@" in name
        or _SENTENCE_END.search(name) is not None
        or f"{fold(name)} ".startswith(f"{own} ")
        or fold(name) in _carriers_names()
        or mail.language.labels["no_shipper"].find(label) is not None
    )


@cache
def _carriers_names() -> frozenset[str]:
    """Return the names of all carriers, folded: one that hands a parcel on is not its sender.

    A shop that only brings what it sells knows no parcel numbers, and can be a sender.
    """
    known = (carrier for carrier in carriers() if carrier.forms)
    return frozenset(fold(name) for each in known for name in (each.name, *each.names, *each.brands))


def retailer(name: str | None) -> str | None:
    """Return the shop that a sender's name stands for."""
    if name is None:
        return None
    return "Amazon" if site.is_amazon(name) else name.title() if name.isupper() and len(name) > 4 else name
