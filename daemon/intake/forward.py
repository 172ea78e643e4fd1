"""Takes the mail that matters out of the one that carries it: attached, or inline below the owner's note."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo

from daemon.intake import blocks, ending, html, labels, note, when
from daemon.intake.blocks import Block, Mark
from daemon.intake.decode import Mail
from daemon.intake.headers import Address, parse_addresses
from daemon.intake.words import folded, words

MAX_FORWARDS = 10
"""How many forwards of forwards are unwrapped."""
_BLOCK_SIZE = 6_000
"""Characters of HTML in which a header block ends after its sender's address."""
_PREFIX = re.compile(
    r"\s{0,20}+\[?\s{0,5}+([^\W\d_]{1,12})\s{0,5}+\]?\s{0,5}+(?:\[\d{1,4}\]|\(\d{1,4}\))?\s{0,5}+[:：.]\s{0,5}+[:：]?"
)
_TAG = re.compile(r"\s{0,20}+\[(?:ext|extern|externe|external|externo|esterno|spam|caution)[^\]\n]{0,10}\]", re.I)
_MAILTO = re.compile(r"<mailto:[^<>\s]{0,300}>|\[mailto:[^\[\]\s]{0,300}\]", re.I)
_STARS = re.compile(r"^\*|\*$")
_LIST_FIELDS = ("list-id", "list-post", "list-unsubscribe", "mailing-list")
_FOOTER_LINES = 16
"""Most lines of a mailing list's footer."""
_LIST_RULE = re.compile(r"[-_]{2,100}+\s{0,20}+$")


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
    kind: str = ""
    """What its own subject says it is: ``forward``, ``reply`` or nothing."""


def prefix(subject: str) -> str:
    """Return ``forward``, ``reply`` or nothing, by the subject's first prefix, behind a gateway's ``[EXT]``."""
    found = _prefix(subject)
    word = folded(found[1]) if found else ""
    if word in words().forward_prefixes:
        return "forward"
    return "reply" if word in words().reply_prefixes else ""


def _prefix(subject: str) -> re.Match[str] | None:
    tag = _TAG.match(subject)
    return _PREFIX.match(subject, tag.end() if tag else 0)


def bare_subject(subject: str) -> str:
    """Return a subject without ``Fwd:``, ``TR:`` and their like: the one that the forwarded mail had itself."""
    while prefix(subject) == "forward" and (found := _prefix(subject)):
        subject = subject[found.end() :].strip()
    return subject


def inline(mail: Mail, final: Callable[[Address], bool], relays: Callable[[str], bool]) -> Inner | None:
    """Return the mail inside an inline forward, of forwards of forwards the innermost, None when there is none.

    ``final`` says of a sender that nothing below it is to be unwrapped (an order mail may quote another);
    ``relays`` whether an address is one of the owner's, whose words in a forward of a forward are notes too.
    """
    kind = prefix(mail.subject)
    zone = mail.date.tzinfo if mail.date and mail.date.tzinfo else UTC
    lines = mail.text.split("\n")
    found = _find(lines, kind)
    if found is not None:
        chain = _chain(_from_text(_without_list_footer(lines, mail), found, zone, mail.subject), zone, final)
        return _chosen(chain, _cut_html(mail.html, kind, chain[0].sender.address), final, relays)
    spots = html.lines(mail.html) if mail.html else []
    texts = [spot.text for spot in spots]
    found = _find(texts, kind)
    if found is None:
        return None
    chain = _chain(_from_text(texts, found, zone, mail.subject), zone, final)
    deep = _chosen(chain, mail.html[spots[found.end - 1].end :], final, relays)
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
        says = kind == "forward" or (not kind and _begins(lines, block))
        return block if says and parse_addresses(block.fields["line"]) else None
    return None if kind == "reply" else block


def _begins(lines: list[str], block: Block) -> bool:
    """Say whether a mail is nothing but what it quotes: where no word is its writer's, it was forwarded."""
    return not note.of_reply(lines) and any(line.strip() for line in lines[block.end :])


def _chain(inner: Inner, zone: tzinfo, final: Callable[[Address], bool]) -> list[Inner]:
    """Return the mail inside a forward, and those inside it in turn, as far as header lines tell them."""
    chain = [inner]
    while len(chain) <= MAX_FORWARDS and not final(inner.sender) and inner.kind != "reply":
        lines = inner.text.split("\n")
        block = blocks.find(lines)
        if block is None or block.mark is Mark.ATTRIBUTION:
            break
        inner = _from_text(lines, block, zone, inner.subject)
        chain.append(inner)
    return chain


def _chosen(chain: list[Inner], source: str, final: Callable[[Address], bool], relays: Callable[[str], bool]) -> Inner:
    """Return the innermost mail that was forwarded; deeper ones were only quoted by it.

    A mail was forwarded by one whose subject says so or who is the owner, and in any case if it is an order mail.
    """
    inner, own = chain[0], chain[0].note
    for at, deeper in enumerate(chain[1:], 1):
        relayed = relays(inner.sender.address)
        if inner.kind != "forward" and not relayed and not any(final(each.sender) for each in chain[at:]):
            break
        own = own or (deeper.note if relayed else "")
        source = _cut_html(source, "forward", deeper.sender.address)
        inner = deeper
    return replace(inner, html=source, note=own)


def _without_list_footer(lines: list[str], mail: Mail) -> list[str]:
    """Leave out what a mailing list put below the outer mail."""
    if not any(name in mail.fields for name in _LIST_FIELDS):
        return lines
    for at in range(len(lines) - 1, max(-1, len(lines) - _FOOTER_LINES), -1):
        if _LIST_RULE.match(lines[at]) and ending.is_footer(lines[at + 1 :]):
            return lines[:at]
    return lines


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
    body, above = _dedented(_ended(lines, block), block.depth), note.tidy(lines[: block.start])
    if block.mark is Mark.ATTRIBUTION:
        sender = _attributed(block.fields["line"])
        return Inner(sender, (), bare_subject(outer_subject), when.parse(block.fields["line"], zone), body, "", above)
    subject = _value(block.fields.get("subject", ""))
    return Inner(
        _mailbox(block.fields["from"]),
        tuple(each.address for each in parse_addresses(_value(block.fields.get("to", "")))),
        bare_subject(subject) or bare_subject(outer_subject),
        when.parse(block.fields.get("date", ""), zone),
        body,
        "",
        above,
        prefix(subject),
    )


def _ended(lines: list[str], block: Block) -> list[str]:
    """Return the lines below a marker up to the one that ends the forward."""
    below = lines[block.end :]
    if block.mark is Mark.FORWARD or labels.is_framed(lines[block.start]):
        return list(itertools.takewhile(lambda line: not labels.ends_forward(line), below))
    return below


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
    """Return the mailbox of « Le 3 mars à 9:31, "Shop" <a@b.c> a écrit »: the name is behind date and verb."""
    whole = _mailbox(line)
    last = re.split(r"[,\d]\s*(?:[AP]M\b\W*)?", whole.name)[-1].split()
    verbs = [at for at, word in enumerate(last, 1) if folded(word.strip("\"',")) in words().before_names]
    return Address(" ".join(last[verbs[-1] if verbs else 0 :]).strip(" \"'„“”«»<,"), whole.address)


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
