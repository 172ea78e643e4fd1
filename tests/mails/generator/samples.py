"""The mails that are committed: of every language, each kind in each template, each marketplace at least once."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.mails.generator import letters, mail, style
from tests.mails.generator.book import TEMPLATES, Book, Template, book
from tests.mails.generator.mail import Mail
from tests.mails.generator.style import Style

FOLDER = Path(__file__).parents[1] / "amazon"
_SEVERAL = {"two_orders": (2, 1), "two_days": (1, 2)}
_BUSINESS = "business"


class Sample(NamedTuple):
    """One mail by its name: ``new_confirmed``, ``new_confirmed_two_orders``, ``old_shipped``, ``seller_asks``."""

    language: str
    name: str

    @property
    def path(self) -> Path:
        """Where the mail is committed; its expectation lies beside it."""
        return FOLDER / self.language / f"{self.name}.eml"


def names(words: Book) -> Iterator[str]:
    """Yield the names of every mail that a book can make."""
    for template in TEMPLATES:
        yield from (f"{template}_{kind}" for kind in words.kinds(template))
    yield from (f"new_confirmed_{variant}" for variant in (*_SEVERAL, _BUSINESS))
    yield from ("new_shipped_two_orders", "old_confirmed_two_orders", "old_shipped_business")
    yield from letters.names(words)


def make(rng: random.Random, words: Book, name: str, host: str = "", look: Style | None = None) -> Mail:
    """Return the mail of a name, drawn anew; ``host`` and ``look`` too when they are not given."""
    first, _, rest = name.partition("_")
    if first not in TEMPLATES:
        return letters.make(rng, words, name, host=host, look=look)
    template: Template = "new" if first == "new" else "old"
    kind = max((each for each in words.kinds(template) if rest == each or rest.startswith(f"{each}_")), key=len)
    variant = rest.removeprefix(kind).lstrip("_")
    orders, parts = _SEVERAL.get(variant, (1, 1))
    if variant == _BUSINESS:
        look = (look or style.draw(rng, words))._replace(links=_BUSINESS)
    return mail.make(rng, words, template, kind, host=host, look=look, orders=orders, parts=parts)


def samples(language: str) -> list[Sample]:
    """Return every sample of a language that has a book."""
    return [Sample(language, name) for name in names(book(language))]


def made(sample: Sample) -> Mail:
    """Return the committed form of a sample: always the same, the language's sites in turn."""
    words = book(sample.language)
    at = list(names(words)).index(sample.name)
    rng = random.Random(f"{sample.language}/{sample.name}")
    return make(rng, words, sample.name, words.sites[at % len(words.sites)])


def written(found: Mail) -> str:
    """Return an expectation as its file holds it."""
    return json.dumps({"notices": found.notices}, ensure_ascii=False, indent=2) + "\n"
