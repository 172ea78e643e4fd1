"""One order, for people: what is known and from which mail, what is wrong and why, what to do."""

from __future__ import annotations

from collections.abc import Iterable

from daemon.anomalies.anomaly import Anomaly
from daemon.application import OrderView
from daemon.application.heard import heard_only
from daemon.cli import output
from daemon.cli.changes import how_to_answer
from daemon.cli.telling import MARK, amount, claim_line, items, told, unproven, unverified
from daemon.orders.order import Order, Parcel, PartyFact
from daemon.say import day, say, when
from daemon.wording import explained
from parsers.notice import Kind, Notice


def tell(view: OrderView) -> None:
    """Print an order."""
    numbers = _numbers(view.order.timeline)
    output.line(say("cli.show.order", order=view.order.order_id))
    for name, value in _facts(view.order, numbers):
        output.line(f"{say(f'cli.show.{name}')}{say('cli.heading.colon')} {_hanging(value)}", 2)
    for parcel in view.suspected:
        output.line(f"{say('cli.show.suspected')}{say('cli.heading.colon')} {_parcel(parcel)}", 2)
    output.heading(say("cli.show.timeline"))
    for notice in view.order.timeline:
        output.line(_told(notice, view, numbers), 2)
    for footnote in _footnotes(view.order.timeline):
        output.line(footnote, 2)
    _troubles(view, numbers)
    if view.next_check is not None:
        output.line()
        output.line(say("cli.show.next_check", at=when(view.next_check)))


def _hanging(value: str) -> str:
    return value.replace("\n", "\n    ")


def _numbers(timeline: Iterable[Notice]) -> dict[str, str]:
    """Number the mails in the order of the timeline, so that facts can point to them; the unverified bear a mark."""
    proven: dict[str, bool] = {}
    for notice in timeline:
        proven[notice.source] = proven.get(notice.source, True) and not unverified(notice)
    return {source: f"[{place}]{'' if proven[source] else MARK}" for place, source in enumerate(proven, 1)}


def _footnotes(timeline: Iterable[Notice]) -> Iterable[str]:
    """Explain the mark: of mails whose sender nothing proves, and of words that may not be the owner's."""
    owners = {notice.kind is Kind.OWNER_REPORT for notice in timeline if unverified(notice)}
    if False in owners:
        yield say("cli.show.footnote")
    if True in owners:
        yield say("cli.show.footnote_owner")


def _facts(order: Order, numbers: dict[str, str]) -> Iterable[tuple[str, str]]:
    found = [
        ("retailer", " ".join(word for word in (order.retailer, order.marketplace) if word)),
        ("items", items(order)),
        ("total", amount(order.total, order.currency)),
        ("seller", order.seller or ""),
        ("sold_by", _party(order.sold_by, numbers)),
        ("shipped_by", _party(order.shipped_by, numbers)),
        ("promised", _promised(order)),
        ("parcels", "\n".join(_parcel(parcel) for parcel in order.parcels)),
        ("cancelled", when(order.cancelled_at) if order.cancelled_at else ""),
        ("refunded", _refund(order)),
        ("credited", when(order.credited_at) if order.credited_at else ""),
    ]
    return [(name, value) for name, value in found if value]


def _party(fact: PartyFact | None, numbers: dict[str, str]) -> str:
    if fact is None:
        return ""
    where = _where(fact.sources, numbers)
    told = f"{say(f'sells.{fact.party.value}')} ({say(f'confidence.{fact.confidence.value}')} {where})"
    return f"{told} {say('cli.show.contradicted')}" if fact.contradicted else told


def _where(sources: Iterable[str], numbers: dict[str, str]) -> str:
    """Return the numbers of the mails that something rests on, in the timeline's order."""
    given = set(sources)
    return "".join(number for source, number in numbers.items() if source in given)


def _promised(order: Order) -> str:
    if order.promised_first is None:
        return ""
    if order.promised_latest in (None, order.promised_first):
        return day(order.promised_first)
    assert order.promised_latest is not None
    return say("cli.show.promise_moved", first=day(order.promised_first), latest=day(order.promised_latest))


def _parcel(parcel: Parcel) -> str:
    parts = [parcel.key, parcel.carrier or ""]
    if parcel.shipped_at:
        parts.append(say("cli.show.shipped_at", at=when(parcel.shipped_at)))
    if parcel.delivered_at:
        parts.append(say("cli.show.delivered_at", at=when(parcel.delivered_at)))
    parts.append(parcel.delivered_to or "")
    return ", ".join(part for part in parts if part)


def _refund(order: Order) -> str:
    if order.refunded_at is None:
        return ""
    return f"{when(order.refunded_at)} {amount(order.refund_amount, order.currency)}".rstrip()


def _told(notice: Notice, view: OrderView, numbers: dict[str, str]) -> str:
    line = f"{numbers[notice.source]} {when(notice.at)}  {told(notice)}"
    if unverified(notice):
        line += f"  ({say('cli.show.not_verified')}{MARK})"
    if notice.note:
        line += "  " + say("cli.show.note", note=notice.note)
    mail = view.mails.get(notice.source)
    if mail is None:
        return f"{line}\n    {say('cli.show.your_word')}" if notice.source.startswith("report:") else line
    from_whom = say("cli.show.mail", sender=mail.sender or "?", subject=mail.subject)
    if not unverified(notice):
        from_whom += f" ({say(f'trust.{mail.trust.value}')})"
    return f"{line}\n    {from_whom}"


def _troubles(view: OrderView, numbers: dict[str, str]) -> None:
    output.heading(say("cli.show.wrong"))
    for anomaly in view.anomalies:
        output.line(_trouble(anomaly, view.order, numbers), 2)
    told_of = {source for anomaly in view.anomalies for source in anomaly.evidence}
    heard = [one for one in heard_only(view.order.timeline) if one.source not in told_of]
    for one in heard:
        assert one.note_means is not None
        output.line(say("cli.show.heard_only", at=when(one.at), said=say(f"word.{one.note_means.value}")), 2)
    if not view.anomalies and not heard:
        output.line(say("cli.show.fine"), 2)
    if view.questions:
        output.heading(say("cli.show.questions"))
        for question in view.questions:
            output.line(say(f"ask.{question}"), 2)
        for way in dict.fromkeys(how_to_answer(one, view.order.order_id) for one in view.questions):
            output.line(way, 2)
    if view.claims:
        output.heading(say("cli.show.claims"))
        for claim in view.claims:
            output.line(claim_line(claim), 2)


def _trouble(anomaly: Anomaly, order: Order, numbers: dict[str, str]) -> str:
    head = f"{say(f'problem.{anomaly.code.value}')} ({say(f'certainty.{anomaly.certainty.value}')})"
    where = _where(anomaly.evidence, numbers)
    lines = [head, f"  {explained(anomaly)} {where}", "  " + say("cli.show.claim_from", at=when(anomaly.claim_from))]
    if unproven(order, anomaly):
        lines.append("  " + say("cli.show.unverified"))
    return "\n".join(lines)
