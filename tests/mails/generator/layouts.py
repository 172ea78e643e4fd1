"""Which parts a mail has, in what order, and in which forms its day may be written, unless the book says otherwise."""

from __future__ import annotations

from tests.mails.generator.book import Book, Says, Template

_TAIL = ("recommendations", "footer")
# What stands once for each order of a mail; the rest stands once.
PER_ORDER = frozenset(
    ("number", "placed", "place", "button", "items", "goods", "amounts", "total", "charged", "arrival", "delay")
)
_BLOCKS: dict[Template, dict[str, str]] = {
    "new": {
        "confirmed": "nav headline progress sentences arrival place number button items amounts total",
        "shipped": "nav headline progress sentences arrival place number button items total",
        "out_for_delivery": "nav headline progress sentences arrival place number button items total",
        "delivered": "nav headline progress sentences delivered handed place number button goods",
        "attempted": "nav headline progress sentences place number button goods",
        "pickup_ready": "nav headline progress sentences deadline locker number button goods",
        "delayed": "nav headline progress sentences was delay place number button items",
        "cancelled": "nav headline progress sentences place number button goods",
        "returned_authorised": "headline sentences goods number button",
        "returned_received": "headline sentences refund_date goods number",
        "refunded": "headline sentences refund refund_by refund_date goods number",
        "invoiced": "headline sentences number total",
        "charged": "headline sentences number charged total",
        "payment_failed": "headline sentences number goods",
    },
    "old": {
        "confirmed": "headline number greeting sentences rule number placed arrival address items amounts total rule",
        "shipped": "headline number rule greeting sentences parcel rule arrival address items amounts total rule",
        "out_for_delivery": "greeting headline sentences arrival button number",
        "delivered": "greeting headline sentences delivered handed button rule number",
        "attempted": "greeting headline sentences button number",
        "pickup_ready": "headline greeting sentences deadline locker number",
        "delayed": "greeting headline sentences was delay number goods",
        "cancelled": "headline number greeting sentences rule placed items",
        "returned_authorised": "greeting headline sentences number goods",
        "returned_received": "greeting headline sentences number goods refund_date",
        "refunded": "greeting headline sentences number goods refund refund_by refund_date",
        "invoiced": "greeting headline sentences number items amounts total",
        "charged": "greeting headline sentences number charged total",
        "payment_failed": "greeting headline sentences number",
    },
}
_FORMS = {
    "confirmed": ("tomorrow", "weekday", "day", "full", "span"),
    "shipped": ("tomorrow", "weekday", "day", "full", "span", "window"),
    "out_for_delivery": ("today", "window"),
    "delayed": ("tomorrow", "weekday", "day", "full", "span"),
}


def base(kind: str, known: dict[str, str]) -> str:
    """Return the kind that a variant belongs to: ``refunded`` for ``refunded_advance``."""
    found = [name for name in known if kind == name or kind.startswith(f"{name}_")]
    if not found:
        raise ValueError(f"no layout for mails of the kind {kind!r}")
    return max(found, key=len)


def blocks(template: Template, kind: str, says: Says) -> tuple[str, ...]:
    """Return the names of a mail's parts. Raises ``ValueError`` for a kind that has none."""
    known = _BLOCKS[template]
    return says.blocks or (*known[base(kind, known)].split(), *_TAIL)


def forms(book: Book, template: Template, kind: str, says: Says) -> tuple[str, ...]:
    """Return the forms in which the promised day of such a mail may be written; none when it prints none."""
    parts = blocks(template, kind, says)
    table = book.delay[template] if "delay" in parts else book.arrival[template] if "arrival" in parts else {}
    usual = says.arrival or _FORMS.get(base(kind, _BLOCKS[template]), ())
    return tuple(form for form in usual if table.get(form))
