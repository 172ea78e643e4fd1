"""Texts on which a regular expression that backtracks takes longest, made from the expression itself.

For each of its repetitions: the least text that leads to it, then what it repeats, over and over, and no end.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

LEAST = 30
"""Times that something may be repeated for it to be looked at."""
_SIGNS = "a1 -.:/,Aé@\n\"'(<>_=#あ€　*+%&;[{|~\x00"
_NEVER = "\x01"


def texts(expression: re.Pattern[Any], length: int) -> Iterator[str]:
    """Give texts of a length that nearly match an expression."""
    pattern = expression.pattern
    tree = parser.parse(pattern.decode("latin-1") if isinstance(pattern, bytes) else pattern, expression.flags)
    whole = _example(tree)
    for piece in dict.fromkeys((whole, whole[:-1], f"{whole} ", f"{whole}{_NEVER}")):
        if piece:
            yield _filled(piece, length)
    for before, pump in dict.fromkeys(_pumps(tree, "")):
        yield before + _filled(pump, length - len(before))
        yield _filled(before + pump * 3, length)


def skeleton(expression: re.Pattern[Any]) -> str:
    """Return what an expression is built like, whatever the letters in it: phrases of a lexicon have few of these."""
    pattern = expression.pattern
    tree = parser.parse(pattern.decode("latin-1") if isinstance(pattern, bytes) else pattern, expression.flags)
    return re.sub(r"(?:LITERAL \d+\s{0,200})+", "L", re.sub(r"\s+", " ", str(tree).replace("(LITERAL,", "LITERAL ")))


def _filled(piece: str, length: int) -> str:
    return (piece * (length // len(piece) + 1))[: length - 1] + _NEVER


def _parts(argument: object) -> Iterator[Any]:
    """Give the sequences inside a node's argument: branches, groups, what is repeated, assertions."""
    if isinstance(argument, parser.SubPattern):
        yield argument
    elif isinstance(argument, (tuple, list)):
        for each in argument:
            yield from _parts(each)


def _pumps(tree: Iterable[Any], before: str) -> Iterator[tuple[str, str]]:
    for code, argument in tree:
        if code in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT) and argument[1] >= LEAST:
            for pump in _variants(argument[2]):
                yield before, pump
        for part in _parts(argument):
            yield from _pumps(part, before)
        before += _of(code, argument)


def _variants(tree: Any) -> list[str]:
    """Return what one round of a repetition may be: of a class of signs, several of them."""
    nodes = list(tree)
    if len(nodes) == 1 and nodes[0][0] in (codes.IN, codes.ANY, codes.NOT_LITERAL):
        return _matching(*nodes[0])[:4]
    example = _example(tree)
    return [example] if example else []


def _example(tree: Iterable[Any]) -> str:
    return "".join(_of(code, argument) for code, argument in tree)


def _of(code: Any, argument: Any) -> str:
    """Return the least text that a node matches."""
    if code is codes.LITERAL:
        return chr(int(argument))
    if code in (codes.IN, codes.ANY, codes.NOT_LITERAL):
        return str(_matching(code, argument)[0])
    if code in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
        return _example(argument[2]) * min(int(argument[0]), 40)
    if code is codes.BRANCH:
        return _example(argument[1][0])
    if code in (codes.SUBPATTERN, codes.ATOMIC_GROUP):
        return _example(next(_parts(argument)))
    return ""


def _matching(code: Any, argument: Any) -> list[str]:
    if code is codes.ANY:
        return list("a 1")
    if code is codes.NOT_LITERAL:
        return [sign for sign in _SIGNS if ord(sign) != argument][:4]
    told = [sign for sign in _SIGNS if _holds(argument, sign)]
    first = next((chr(each if isinstance(each, int) else each[0]) for kind, each in argument
                  if kind in (codes.LITERAL, codes.RANGE)), "a")  # fmt: skip
    return told or [first]


_CATEGORIES: dict[Any, Callable[[str], bool]] = {
    codes.CATEGORY_DIGIT: str.isdecimal,
    codes.CATEGORY_SPACE: str.isspace,
    codes.CATEGORY_WORD: lambda sign: sign.isalnum() or sign == "_",
}
_OPPOSITES: dict[Any, Any] = {
    codes.CATEGORY_NOT_DIGIT: codes.CATEGORY_DIGIT,
    codes.CATEGORY_NOT_SPACE: codes.CATEGORY_SPACE,
    codes.CATEGORY_NOT_WORD: codes.CATEGORY_WORD,
}


def _holds(members: Iterable[Any], sign: str) -> bool:
    """Say whether a class of signs holds one."""
    held, negated = False, False
    for kind, each in members:
        if kind is codes.NEGATE:
            negated = True
        elif kind is codes.LITERAL:
            held = held or ord(sign) == each
        elif kind is codes.RANGE:
            held = held or each[0] <= ord(sign) <= each[1]
        elif each in _OPPOSITES:
            held = held or not _CATEGORIES[_OPPOSITES[each]](sign)
        else:
            held = held or _CATEGORIES[each](sign)
    return held is not negated
