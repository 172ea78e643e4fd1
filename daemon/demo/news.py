"""What relance has made of a step: everything that is new in its store, told once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import tzinfo

from daemon.application import Application
from daemon.claims.claim import BY_MAIL, Claim, Draft, DraftState
from daemon.orders.order import Order
from daemon.say import day, say, when
from daemon.wording import reason_of
from parsers.notice import Kind, Notice, Party

Tell = Callable[[str, str], None]
"""Told of a style and a text."""

_MESSAGES = frozenset({Kind.SELLER_MESSAGE, Kind.SUPPORT_MESSAGE})


class News:
    """Compares what relance knows with what was told before."""

    def __init__(self, tell: Tell, zone: tzinfo) -> None:
        self._tell = tell
        self._zone = zone
        self._told: set[str] = set()
        self._mails = 0
        self.troubles: set[tuple[str, str]] = set()
        """(order number, code) of everything that was wrong at some time."""

    def tell(self, application: Application, *, mail: bool) -> None:
        """Tell what is new; ``mail``: a mail came since the last time."""
        self._kept(application, mail)
        for one in application.quarantined():
            self._once(f"!{one.mail_id}", "red", "quarantined", reason=reason_of(one.reason))
        for summary in application.orders():
            self.troubles |= {(summary.order.order_id, anomaly.code.value) for anomaly in summary.anomalies}
            self.troubles |= {(claim.order_id, claim.code) for claim in summary.claims}
            self._order(summary.order)
            self._questions(application, summary.order)
            for claim in summary.claims:
                self._claim(claim)

    def _kept(self, application: Application, mail: bool) -> None:
        """A mail that cannot matter leaves nothing behind but the watermark."""
        status = application.status()
        kept = sum(status.mails.values()) + status.quarantined
        if mail and kept == self._mails:
            self._tell("dim", say("demo.ignored"))
        self._mails = kept

    def _order(self, order: Order) -> None:
        if order.items:
            facts = [sold(order)]
            if order.promised_latest is not None:
                facts.insert(0, say("demo.promised", day=day(order.promised_latest)))
            self._once(f"{order.order_id}+", "blue", "order", order=order.order_id, facts=", ".join(facts))
        for notice in order.timeline:
            self._notice(order, notice)

    def _notice(self, order: Order, notice: Notice) -> None:
        if notice.kind in _MESSAGES and notice.reply_means is not None:
            self._once(f"{notice.source}reply", "magenta", f"answer.{notice.reply_means.value}")
        if notice.order_id is None and notice.tracking_numbers:
            number = notice.tracking_numbers[0]
            self._once(f"{notice.source}parcel", "blue", "linked", order=order.order_id, number=number)

    def _questions(self, application: Application, order: Order) -> None:
        for question in application.order(order.order_id).questions:
            facts = {"order": named(order), "question": say(f"ask.{question}")}
            self._once(f"?{order.order_id}{question}", "magenta", "question", **facts)

    def _claim(self, claim: Claim) -> None:
        facts = {"ref": claim.ref, "code": say(f"problem.{claim.code}"), "party": say(f"party.{claim.party.value}")}
        self._once(f"{claim.ref}+", "bold green", "claim", **facts)
        why = f"{claim.order_id}{claim.why}"
        if why not in self._told:
            self._told.add(why)
            self._tell("dim", say(f"route.{claim.why}"))
        for draft in claim.drafts:
            self._draft(claim, draft)
        if claim.refund_announced_at:
            self._once(f"{claim.ref}refund", "green", "refund", ref=claim.ref)
        if claim.outcome:
            outcome = say(f"outcome.{claim.outcome.value}")
            self._once(f"{claim.ref}closed", "bold green", "closed", ref=claim.ref, outcome=outcome)

    def _draft(self, claim: Claim, draft: Draft) -> None:
        key = f"{claim.ref}{draft.stage}"
        facts = {"ref": claim.ref, "stage": say(f"stage.{draft.stage.value}")}
        where = "drafts" if draft.channel in BY_MAIL else "inbox"
        self._once(key, "green", f"ready.{draft.stage.value}", **facts, where=say(f"demo.where.{where}"))
        if draft.sent_at is not None and self._once(f"{key}sent", "green", "sent", **facts):
            for ahead in claim.follow_ups:
                self._tell(
                    "dim",
                    say("demo.next", stage=say(f"stage.{ahead.stage.value}"), at=when(ahead.due_at, None, self._zone)),
                )
        if draft.state == DraftState.WITHDRAWN:
            self._once(f"{key}gone", "green", "withdrawn", **facts)

    def _once(self, key: str, style: str, message: str, **facts: str) -> bool:
        """Tell a message unless it was told before; return whether it was told now."""
        if key in self._told:
            return False
        self._told.add(key)
        self._tell(style, say(f"demo.{message}", **facts))
        return True


def sold(order: Order) -> str:
    """Return who sells and who ships an order, in words: it decides whom a claim goes to."""
    if order.sold_by is None or order.shipped_by is None:
        return say("demo.sold.unknown")
    if order.sold_by.party == Party.AMAZON:
        return say("demo.sold.amazon")
    key = "fba" if order.shipped_by.party == Party.AMAZON else "seller"
    return say(f"demo.sold.{key}", seller=order.seller or "?")


def named(order: Order) -> str:
    """Return an order's items, shortened."""
    return ", ".join(short(item.title) for item in order.items) or "?"


def short(title: str, length: int = 34) -> str:
    """Return a title cut at a word to at most ``length`` characters."""
    return title if len(title) <= length else title[: length - 1].rsplit(" ", 1)[0].rstrip(" ,") + "…"
