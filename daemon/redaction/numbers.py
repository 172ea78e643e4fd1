"""Numbers in a text: those that tell a day, an hour, a share or how many stay; all others are replaced."""

from __future__ import annotations

import re
from functools import cache

from daemon.redaction.labels import data
from daemon.redaction.pseudonyms import Pseudonyms, longest_first

_AMOUNT = r"\d{1,3}(?:[ \u00a0\u202f.,']\d{3}){0,3}(?:[.,]\d{1,2})?|\d{1,9}(?:[.,]\d{1,2})?"
_YEAR = r"(?:19|20)\d\d"
_DAY = r"\d{1,2}(?:st|nd|rd|th|er|º|°|\.)?"
_MONTH = r"[^\W\d_]{3,12}"
_KEPT = "|".join(
    (
        rf"{_YEAR} ?[年년]",
        rf"(?<!\d){_YEAR}(?P<ymd>[-/.])\d{{1,2}}(?P=ymd)\d{{1,2}}(?!\d)",
        rf"(?<![\d.])\d{{1,2}}(?P<dmy>[-/.])\d{{1,2}}(?P=dmy)(?:{_YEAR}|\d\d)(?![\d.]\d)",
        r"(?<![\d.])\d{1,2}[:.h/]\d\d(?:[:.]\d\d)?(?![\d.]*\d)",
        rf"(?<!\d){_DAY},? (?:de |of )?{_MONTH}\.?,?(?: del?)? {_YEAR}(?!\d)",
        rf"(?<!\w){_MONTH}\.? {_DAY},? {_YEAR}(?!\d)",
        r"\d+ ?[%％]",
        r"\d{1,4} ?[x×](?!\w)|(?<!\w)[x×] ?\d{1,4}(?!\w)",
    )
)
_HIDDEN = "|".join(
    (
        r"(?<![A-Za-z0-9_-])(?:\d{3}|D\d{2})-\d{7}-\d{7}(?![A-Za-z0-9_-])",
        r"(?<![A-Za-z0-9])[A-Z]{2}\d\d(?: ?[A-Z0-9]{4}){2,8}(?: ?\d{1,3})?(?![A-Za-z0-9])",
        r"\+\d[\d ().-]{7,20}\d",
        r"(?<![A-Za-z0-9.,:/-])\d{2,12}(?:[ .\u00a0-]\d{2,12}){1,9}(?![A-Za-z0-9])",
        r"(?<![A-Za-z0-9])(?=[A-Za-z]{0,35}\d)(?=(?:[A-Za-z]{0,9}\d){3})[A-Za-z0-9]{3,40}(?![A-Za-z0-9])",
        r"\d{3,40}",
    )
)
_ACCOUNT = re.compile(r"[A-Z]{2}\d\d[A-Z0-9]{11,30}", re.ASCII)


@cache
def _numbers() -> re.Pattern[str]:
    signs, many = ("|".join(map(re.escape, longest_first(data()[key]))) for key in ("currencies", "quantities"))
    amount = rf"(?:{signs})[ \u00a0\u202f]?(?:{_AMOUNT})|(?:{_AMOUNT})[ \u00a0\u202f]?(?:{signs})(?!\w)"
    kept = rf"{_KEPT}|(?<!\w)(?i:{many}) ?[:：]? ?\d{{1,4}}(?!\w)"
    doors = "|".join(map(re.escape, longest_first(data()["codes"])))
    told = "|".join(map(re.escape, longest_first(data()["codes_with_colon"])))
    opens = rf"(?:(?i:{doors})\W{{1,4}}|(?i:{told})[ \u00a0]?[:：][ \u00a0]?(?=[A-Za-z#*]{{0,11}}\d))"
    door = rf"(?P<door>(?<!\w){opens})(?P<code>[A-Za-z0-9#*]{{2,12}})"
    return re.compile(rf"{door}|(?P<kept>{kept})|(?P<amount>{amount})|(?P<hidden>{_HIDDEN})")


def hidden_numbers(text: str, pseudonyms: Pseudonyms) -> str:
    """Return a text with its numbers replaced, save dates, hours, shares and quantities."""
    return _numbers().sub(lambda found: _replaced(found, pseudonyms), text)


def _replaced(found: re.Match[str], pseudonyms: Pseudonyms) -> str:
    if found["kept"]:
        return found[0]
    if found["amount"]:
        return re.sub(_AMOUNT, lambda amount: pseudonyms.number(amount[0]), found[0])
    if found["door"]:
        return found["door"] + pseudonyms.words(found["code"])
    return pseudonyms.words(found[0]) if _is_account(found[0]) else pseudonyms.code(found[0])


def _is_account(text: str) -> bool:
    """Tell whether a number is an IBAN, by its check digits (ISO 13616); its letters may name a bank."""
    bare = text.replace(" ", "")
    if not _ACCOUNT.fullmatch(bare):
        return False
    return int("".join(str(int(sign, 36)) for sign in bare[4:] + bare[:4])) % 97 == 1


def is_currency(text: str) -> bool:
    """Tell whether a text is nothing but a currency's sign."""
    return text in data()["currencies"]
