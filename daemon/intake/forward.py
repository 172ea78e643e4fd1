"""Takes the mail that matters out of the one that carries it: attached, or inline below the owner's note."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo

from daemon.intake import blocks, html, note, when
from daemon.intake.blocks import Block, Mark
from daemon.intake.decode import Mail
from daemon.intake.headers import Address, parse_addresses
from daemon.intake.words import folded, words

MAX_FORWARDS = 10
"""How many forwards of forwards are unwrapped."""
_BLOCK_SIZE = 6_000
"""Characters of HTML in which a header block ends after its sender's address."""
_PREFIX = re.compile(r"\s*\[?\s*([^\W\d_]{1,12})\s*\]?\s*(?:\[\d+\]|\(\d+\))?\s*[:.]\s*:?")
_MAILTO = re.compile(r"<mailto:[^<>\s]{0,300}>|\[mailto:[^\[\]\s]{0,300}\]", re.I)
_STARS = re.compile(r"^\*|\*$")


@dataclass(frozen=True, slots=True)
class Inner:
    """The mail inside a forward, as far as the forward tells it."""

    sender: Address
    to: tuple[str, ...]
    subject: str
    date: datetime | None
    text: str
    html: str
    note: str


def prefix(subject: str) -> str:
    """Return ``forward``, ``reply`` or nothing, by the subject's first prefix."""
    found = _PREFIX.match(subject)
    word = folded(found[1]) if found else ""
    if word in words().forward_prefixes:
        return "forward"
    return "reply" if word in words().reply_prefixes else ""


def bare_subject(subject: str) -> str:
    """Return a subject without ``Fwd:``, ``TR:`` and their like, and without the replies' prefixes after them."""
    if prefix(subject) != "forward":
        return subject
    while prefix(subject):
        found = _PREFIX.match(subject)
        subject = subject[found.end() :].strip() if found else ""
    return subject


def inline(mail: Mail, final: Callable[[Address], bool], relays: Callable[[str], bool]) -> Inner | None:
    """Return the innermost mail of an inline forward, None when ``mail`` is no forward.

    ``final`` says of a sender that nothing below it is to be unwrapped (an order mail may quote another);
    ``relays`` whether an address is one of the owner's, whose words in a forward of a forward are notes too.
    """
    kind = prefix(mail.subject)
    zone = mail.date.tzinfo if mail.date and mail.date.tzinfo else UTC
    lines = mail.text.split("\n")
    found = _find(lines, kind)
    if found is not None:
        inner = _from_text(lines, found, zone, mail.subject)
        return _deeper(inner, _cut_html(mail.html, kind, inner.sender.address), zone, final, relays)
    spots = html.lines(mail.html) if mail.html else []
    found = _find([spot.text for spot in spots], kind)
    if found is None:
        return None
    texts = [spot.text for spot in spots]
    inner = _from_text(texts, found, zone, mail.subject)
    deep = _deeper(inner, mail.html[spots[found.end - 1].end :], zone, final, relays)
    # Parsers read the HTML better than these lines, which have lost their links.
    return replace(deep, text="") if deep.html else deep


def _find(lines: list[str], kind: str) -> Block | None:
    """Return the block of a forward. Above answers stands the same kind of block: there the subject decides."""
    block = blocks.find(lines)
    if block is None:
        return None
    if block.mark is Mark.FORWARD:
        return block if kind != "reply" or block.depth == 0 else None
    if block.mark is Mark.ATTRIBUTION:
        return block if kind == "forward" and parse_addresses(block.fields["line"]) else None
    return None if kind == "reply" else block


def _deeper(
    inner: Inner, source: str, zone: tzinfo, final: Callable[[Address], bool], relays: Callable[[str], bool]
) -> Inner:
    for _ in range(MAX_FORWARDS):
        if final(inner.sender):
            break
        lines = inner.text.split("\n")
        block = blocks.find(lines)
        if block is None or block.mark is Mark.ATTRIBUTION:
            break
        if block.mark is not Mark.FORWARD and prefix(inner.subject) == "reply":
            break
        deeper = _from_text(lines, block, zone, inner.subject)
        own = inner.note or (deeper.note if relays(inner.sender.address) else "")
        source = _cut_html(source, prefix(inner.subject) or "forward", deeper.sender.address)
        inner = Inner(deeper.sender, deeper.to, deeper.subject, deeper.date, deeper.text, "", own)
    return Inner(inner.sender, inner.to, inner.subject, inner.date, inner.text, source, inner.note)


def _cut_html(source: str, kind: str, address: str) -> str:
    """Return the HTML below the header block, or nothing: rather none than the wrong one.

    The block holds the ``address`` of the inner sender: a little more than what stands before it is tried first.
    """
    near = source.find(address) if address else -1
    sizes = (near + _BLOCK_SIZE, len(source)) if 0 <= near < len(source) - _BLOCK_SIZE else (len(source),)
    for size in sizes:
        spots = html.lines(source[:size])
        block = _find([spot.text for spot in spots], kind)
        if block is not None and block.end < len(spots):
            return source[spots[block.end - 1].end :]
    return ""


def _from_text(lines: list[str], block: Block, zone: tzinfo, outer_subject: str) -> Inner:
    to: tuple[str, ...] = ()
    if block.mark is Mark.ATTRIBUTION:
        sender = _attributed(block.fields["line"])
        subject, date = bare_subject(outer_subject), when.parse(block.fields["line"], zone)
    else:
        sender = _mailbox(block.fields["from"])
        subject = bare_subject(_value(block.fields.get("subject", ""))) or bare_subject(outer_subject)
        date = when.parse(block.fields.get("date", ""), zone)
        to = tuple(each.address for each in parse_addresses(_value(block.fields.get("to", ""))))
    return Inner(
        sender, to, subject, date, _dedented(lines[block.end :], block.depth), "", note.tidy(lines[: block.start])
    )


def _value(raw: str) -> str:
    return _STARS.sub("", _MAILTO.sub("", raw).replace("\u2068", "").replace("\u2069", "").strip()).strip()


def _mailbox(raw: str) -> Address:
    """Return name and address of a header line such as ``"Shop" <a@b.c>``, ``Shop [mailto:a@b.c]``."""
    value = _value(raw)
    if "@" not in value:
        value = re.sub("mailto:", "", raw, flags=re.I)
    found = re.search(r"[<\[(]?([^\s<>\[\]()\"',;:]{1,128}@[^\s<>\[\]()\"',;:]{1,250})[>\])]?", value)
    if found is None:
        return Address(_value(raw).strip("\"' "), "")
    name = re.sub(r"\s+", " ", value[: found.start()]).strip(" \"'„“”«»<")
    return Address("" if folded(name) == folded(found[1]) else name, found[1].lower().strip("."))


def _attributed(line: str) -> Address:
    """Return the mailbox of « Le 3 mars à 9:31, "Shop" <a@b.c> a écrit »: the name is behind the last comma."""
    whole = _mailbox(line)
    pieces = re.split(r"[,\d]\s*(?:[AP]M\b\W*)?", whole.name)
    return Address(pieces[-1].strip(" \"'„“”«»<,"), whole.address)


def _dedented(lines: list[str], depth: int) -> str:
    """Return the lines below a block, without the marks of its own depth of quoting."""
    if depth == 0:
        full = [line for line in lines if line.strip()]
        quoted = sum(1 for line in full if line.lstrip().startswith(">"))
        depth = 1 if full and quoted == len(full) else 0
    return "\n".join([_shallower(line, depth) for line in lines] if depth else lines).strip("\n")


def _shallower(line: str, depth: int) -> str:
    for _ in range(depth):
        found = re.match(r"[ \t]{0,3}> ?", line)
        if found is None:
            return line
        line = line[found.end() :]
    return line
