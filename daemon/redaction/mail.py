"""A raw mail in, a raw mail out that can be shown to others: the same wording, and nobody in it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from selectolax.lexbor import LexborHTMLParser, LexborNode

import parsers
from daemon.intake import open_mail
from daemon.intake.decode import Mail, decode
from daemon.redaction.numbers import is_currency
from daemon.redaction.owner import Owner
from daemon.redaction.pseudonyms import Pseudonyms
from daemon.redaction.text import Redactor
from parsers.registry import known_sender

_DROPPED = ("script", "style", "meta", "link", "base", "noscript", "template", "iframe", "object")
_LINKS = frozenset({"href", "src", "background", "action"})
_SAID = frozenset({"alt", "title", "aria-label"})
_KEPT = frozenset({"class", "style", "width", "height", "align", "colspan", "rowspan", "dir", "lang"})
_NAMING = frozenset({"class", "style"})
_STYLED_LINK = re.compile(r"url\([^)]{0,4000}\)?", re.I)
_MOST_NODES = 60_000
_MOST_LINES, _LINE = 2_000, 100
"""Lines of a body that are shown, and how many letters of a longer one count as a line."""
_WIDE = "\u3000"
"""From here on letters stand without spaces between words, and a name within them."""
_PRODUCT = re.compile(r"(?:/|%2f)(?:dp|gp(?:/|%2f)product)(?:/|%2f)", re.I)
_WHOLE, _CENTS = re.compile(r"\d{1,4}"), re.compile(r"\d{2}")


def redact(raw: bytes, names: Iterable[str], key: bytes) -> bytes:
    """Return a mail with names, addresses, numbers, goods and links replaced, each always by the same.

    ``names`` are the owner's names and whatever else must not be seen; ``key`` makes the replacements unguessable.
    Only sender, subject, date and the bodies are kept; of a forward, the forward. Attachments are left out.
    Raises ``UnreadableMail``.
    """
    mail = decode(raw)
    pseudonyms = Pseudonyms(key)
    names, written = list(names), [each.name for each in mail.to]
    owner = Owner([*names, *(name for name in written if name > _WIDE)])
    redactor = Redactor(pseudonyms, owner, [*names, *written, *_private_name(mail)], _goods(raw))
    page, text = _Page(mail.html), _fitting(mail.text)
    redactor.learn([mail.subject, *text, *page.lines()])
    redactor.learn_goods(page.goods())
    redactor.learn_subject(mail.subject)
    return _built(mail, text, redactor, pseudonyms, page).as_bytes(policy=SMTP)


def _goods(raw: bytes) -> list[str]:
    """Return the titles that the parsers find today, even where they do not understand the rest."""
    letters = open_mail(raw, received_at=datetime.now(UTC))
    return [item.title for letter in letters for notice in parsers.read(letter) for item in notice.items]


def _private_name(mail: Mail) -> list[str]:
    """Return the sender's name where it is a person's or a seller's; a shop's own name is no secret."""
    own = known_sender(mail.sender.address) and not mail.sender.domain.startswith("marketplace.")
    return [] if own else [mail.sender.name]


def _built(mail: Mail, text: list[str], redactor: Redactor, pseudonyms: Pseudonyms, page: _Page) -> EmailMessage:
    out = EmailMessage(policy=SMTP)
    local, _, domain = pseudonyms.address(mail.sender.address or "nobody@example.org").rpartition("@")
    out["From"] = Address(_printed(redactor.line(mail.sender.name)), _plain(local), _plain(domain))
    out["To"] = "owner@example.org"
    out["Subject"] = _printed(redactor.line(mail.subject))
    if mail.date is not None:
        out["Date"] = format_datetime(mail.date)
    identity = pseudonyms.token(mail.message_id.strip("<>").partition("@")[0][:24])
    out["Message-ID"] = f"<{_plain(identity)}@example.org>"
    if mail.text or not mail.html:
        out.set_content(_encodable("\n".join(redactor.lines(text))) + "\n")
    if mail.html:
        html = _encodable(page.redacted(redactor, pseudonyms))
        if mail.text:
            out.add_alternative(html, subtype="html")
        else:
            out.set_content(html, subtype="html")
    return out


def _fitting(text: str) -> list[str]:
    """Return the lines of a text, as many as no mail about an order has: the rest would take too long."""
    lines: list[str] = []
    room = _MOST_LINES
    for line in text.splitlines():
        room -= 1 + len(line) // _LINE
        if room < 0:
            return [*lines, line[: max(1, room + 1 + len(line) // _LINE) * _LINE] + " …"]
        lines.append(line)
    return lines


def _plain(part: str) -> str:
    """Return a part of an address as every mail program takes it: a hostile one may hold anything."""
    return re.sub(r"[^A-Za-z0-9.+_-]", "x", part)[:64].strip(".") or "x"


def _printed(words: str) -> str:
    # What looks like a broken encoded word is taken for one when the header is written, and breaks the library.
    shown = _encodable(words).replace("=?", "= ?")
    return " ".join("".join(char for char in shown if char.isprintable()).split())


def _encodable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")


class _Page:
    """The HTML of a mail, changed in place."""

    def __init__(self, html: str) -> None:
        self._tree = LexborHTMLParser(html) if html else None
        self._texts: list[LexborNode] = []
        self._tags: list[LexborNode] = []
        if self._tree is not None and self._tree.root is not None:
            self._tree.strip_tags(list(_DROPPED), recursive=True)
            self._sort(self._tree.root)

    def _sort(self, root: LexborNode) -> None:
        hidden: list[LexborNode] = []
        room = _MOST_LINES
        for count, node in enumerate(root.traverse(include_text=True)):
            if node.tag == "-text":
                room -= 1 + len(node.text_content or "") // _LINE
                (self._texts if room > 0 and count < _MOST_NODES else hidden).append(node)
            elif node.is_element_node:
                self._tags.append(node)
            elif count:
                hidden.append(node)
        # Comments, and whatever else a reader does not see.
        for node in hidden:
            node.decompose()

    def lines(self) -> list[str]:
        """Return the texts, one line each."""
        return [" ".join((node.text_content or "").split()) for node in self._texts]

    def goods(self) -> list[str]:
        """Return what links to a shop's articles say."""
        links = (node for node in self._tags if node.tag == "a" and _PRODUCT.search(node.attributes.get("href") or ""))
        return [said for link in links if (said := " ".join(link.text().split()))]

    def redacted(self, redactor: Redactor, pseudonyms: Pseudonyms) -> str:
        """Return the page without what is private."""
        for node, said in zip(self._texts, redactor.lines(_prices_joined(self.lines(), pseudonyms)), strict=True):
            before = node.text_content or ""
            if said:
                node.replace_with(f"{' ' * before[:1].isspace()}{said}{' ' * before[-1:].isspace()}")
        for node in self._tags:
            _attributes(node, redactor, pseudonyms)
        return self._tree.html or "" if self._tree is not None else ""


def _prices_joined(lines: list[str], pseudonyms: Pseudonyms) -> list[str]:
    """Replace the prices that HTML prints in pieces, ``48`` and a small ``90``, as they are where they stand whole."""
    out = list(lines)
    for at in range(len(lines) - 1):
        whole, cents = lines[at], lines[at + 1]
        beside = [*lines[max(0, at - 1) : at], *lines[at + 2 : at + 3]]
        if _WHOLE.fullmatch(whole) and _CENTS.fullmatch(cents) and any(is_currency(each) for each in beside):
            made = pseudonyms.number(whole + cents)
            out[at], out[at + 1] = made[:-2], made[-2:]
    return out


def _attributes(node: LexborNode, redactor: Redactor, pseudonyms: Pseudonyms) -> None:
    attributes = node.attrs
    for name, value in list(node.attributes.items()):
        if name in _LINKS:
            attributes[name] = pseudonyms.link(value or "") if (value or "").startswith("http") else ""
        elif name in _SAID:
            attributes[name] = redactor.line(value or "")
        elif name not in _KEPT:
            del attributes[name]
        elif name in _NAMING:
            attributes[name] = redactor.known(_STYLED_LINK.sub("", value or ""))
