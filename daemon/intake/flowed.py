"""Text whose lines a mail program broke for the eye alone (format=flowed, RFC 3676): put together again."""

from __future__ import annotations

from email.message import Message

_SIGNATURE = "-- "
"""The line above a signature: it ends in a blank, and yet nothing goes on (4.3)."""


def is_flowed(part: Message) -> bool:
    """Say whether a part calls itself ``format=flowed``."""
    return _param(part, "format") == "flowed"


def deletes_space(part: Message) -> bool:
    """Say whether the blank at a soft break is no part of the text (``delsp=yes``), as where words have none."""
    return _param(part, "delsp") == "yes"


def unflowed(text: str, *, delete_space: bool = False) -> str:
    """Return a text, its lines ended by line feeds, without its soft breaks.

    A line that ends in a blank goes on in the next one of the same depth of quoting. One blank before a line, put there
    so that it looks like no quotation, is taken away (4.4); behind quote marks there is always one.
    """
    out: list[list[str]] = []
    depth, goes_on = -1, False
    for raw in text.split("\n"):
        quotes = len(raw) - len(raw.lstrip(">"))
        line = raw[quotes:].removeprefix(" ")
        signature = line == _SIGNATURE
        soft = line.endswith(" ") and not signature
        piece = line[:-1] if soft and delete_space else line
        if goes_on and quotes == depth and not signature:
            out[-1].append(piece)
        else:
            out.append([f"{'>' * quotes} {piece}" if quotes else piece])
        depth, goes_on = quotes, soft
    return "\n".join(["".join(pieces) for pieces in out])


def _param(part: Message, name: str) -> str:
    value = part.get_param(name)
    # RFC 2231 gives a triple of charset, language and value.
    return str(value[2] if isinstance(value, tuple) else value or "").strip().lower()
