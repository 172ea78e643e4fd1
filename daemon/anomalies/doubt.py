"""Mails that nobody proves: what they seem to settle, or to tell, is asked; nothing ends or begins by them alone.

What each kind of notice changes, and what one in doubt (``orders.timeline.doubted``) changes:

=================  =====================================================  ============================================
notice             believed                                               in doubt
=================  =====================================================  ============================================
refunded           ends a trouble; a claim waits for the money            the trouble rests, its owner is asked
cancelled          ends a trouble and closes its claim                    the trouble rests, its owner is asked
delivered          ends lateness and closes its claim; with the           lateness rests, its owner is asked; with the
                   owner's word, or contradicted, it is a trouble         owner's word it is a trouble all the same
later promise      moves the day from which an order is late              a trouble there was rests, its owner is asked
returned           ends lateness that only mails show                     the trouble rests, its owner is asked
attempted, ready,  a doubt: the owner is asked                            the same
under way
party's answer     holds the ladder until the owner says more             the same, and the owner is asked
"received"         ends a trouble and closes its claim                    the trouble rests, its owner is asked
"credited"         closes the claim                                       the trouble rests, its owner is asked
"not received"     confirms a trouble                                     the owner is asked
who sold, shipped  leads to the party; a contradiction is asked           only where no other tells; closes no claim
seller's address   a draft is addressed to it                             never
goods, total       shown, and told in letters                             the same
=================  =====================================================  ============================================


Whoever can be proven decides: the owner's sure word that the goods are missing answers everything in doubt that came
before it, and further mails of the same kind are then ignored. So forged mails cost at most one question a kind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from daemon.anomalies.anomaly import Anomaly, Certainty
from daemon.anomalies.signs import moment
from daemon.anomalies.words import is_settling
from daemon.orders.belief import believing, rested_on, without
from daemon.orders.order import Order
from daemon.orders.timeline import doubted, last_day
from daemon.rules import Rules
from parsers.notice import Kind, NoteMeaning, Notice, ReplyMeaning

Look = Callable[[Order], list[Anomaly]]

_SURE = Certainty.CONFIRMED
_SETTLING = frozenset({Kind.REFUNDED, Kind.CANCELLED, Kind.OWNER_REPORT})
_ANSWERING = frozenset({Kind.SELLER_MESSAGE, Kind.SUPPORT_MESSAGE})
_GROUPS = ("refunded", "cancelled", "delivered", "returned", "received", "delayed")
"""What a mail can say to silence a trouble, the weightiest first: ``why.unproven_<group>`` explains it."""
_ASKED = {"refunded": "unproven_refunded", "cancelled": "unproven_cancelled", "answer": "unproven_answer"}
"""Keys of the questions; for all others it is whether the parcel has come."""


def weighed(order: Order, look: Look, rules: Rules) -> list[Anomaly]:
    """Return what ``look`` finds, save that mails in doubt neither confirm a trouble nor silence one."""
    if not any(map(doubted, order.timeline)):
        return look(order)
    found = _heard(order, look, rules)
    for one in _sure(order, look):
        found = _with(order, found, one, rules)
    return [_answered(order, one, rules) for one in found]


def _sure(order: Order, look: Look) -> list[Anomaly]:
    """Return the troubles that are confirmed as long as mails in doubt do not silence them, those without any first."""
    _, believed, unsilenced = ([one for one in look(known) if one.certainty is _SURE] for known in variants(order))
    return believed + [one for one in unsilenced if not any(_near(one, each) for each in believed)]


def variants(order: Order) -> list[Order]:
    """Return the order as it is told, and as it is without mails in doubt: all of them, or those that silence."""
    if not any(map(doubted, order.timeline)):
        return [order]
    said = _said_missing(order)

    def silences(one: Notice) -> bool:
        late = said is not None and one.at > said
        return doubted(one) and not rested_on(order, one) and (late or one.kind in _SETTLING)

    return [order, believing(order), without(order, silences)]


def _said_missing(order: Order) -> datetime | None:
    """Return when the owner last said, for sure, that something has not come."""
    missing = [one.at for one in order.timeline if one.note_means is NoteMeaning.NOT_RECEIVED and not doubted(one)]
    return max(missing, default=None)


def _heard(order: Order, look: Look, rules: Rules) -> list[Anomaly]:
    """Return what is found; what only words in doubt confirm is asked."""
    shown = look(order)
    unsaid = without(order, lambda one: one.kind is Kind.OWNER_REPORT and doubted(one))
    if unsaid is order:
        return shown
    sure = [one for one in look(unsaid) if one.certainty is Certainty.CONFIRMED]
    return [
        one
        if one.certainty is Certainty.SUSPECTED or any(each.code is one.code and _near(each, one) for each in sure)
        else _rested(order, one, _words(order, one), "missing", rules)
        for one in shown
    ]


def _words(order: Order, one: Anomaly) -> list[Notice]:
    known = [each for each in order.timeline if each.source in one.evidence]
    return [each for each in known if each.kind is Kind.OWNER_REPORT and doubted(each)] or known


def _with(order: Order, found: list[Anomaly], one: Anomaly, rules: Rules) -> list[Anomaly]:
    """Return what was found with a trouble that mails in doubt may have silenced."""
    beside = [each for each in found if _near(each, one)]
    if any(each.code is one.code and each.certainty is Certainty.CONFIRMED for each in beside):
        return found
    same = any(each.code is one.code for each in beside)
    silencing = _silencing(order, one)
    if beside and ((same and silencing) or (not same and not order.pursued.evidence)):
        return found
    kept = one if beside or not silencing else _rested(order, one, silencing[1], silencing[0], rules)
    return [*(each for each in found if each not in beside), kept]


def _silencing(order: Order, one: Anomaly) -> tuple[str, list[Notice]] | None:
    """Return what mails in doubt say against a trouble, and the first that does; None when its owner has answered."""
    own = {each.source for each in order.timeline if each.source in one.evidence and each.kind not in _SETTLING}
    fresh_ones = (each for each in order.timeline if doubted(each) and not rested_on(order, each))
    against = [each for each in fresh_ones if each.source not in own or each.kind in _SETTLING]
    for group in _GROUPS:
        if fresh := _unanswered(order, [each for each in against if _group(each) == group]):
            return group, fresh
    return None


def _unanswered(order: Order, mails: list[Notice]) -> list[Notice]:
    """Return the first of the mails, nothing when the owner has said since that the goods are missing."""
    said = _said_missing(order)
    return mails[:1] if mails and (said is None or mails[0].at > said) else []


def _group(notice: Notice) -> str | None:
    if notice.kind is Kind.OWNER_REPORT:
        return "received" if is_settling(notice) else None
    if notice.kind.value in _GROUPS:
        return notice.kind.value
    return "delayed" if last_day(notice) else None


def _answered(order: Order, one: Anomaly, rules: Rules) -> Anomaly:
    """Return a trouble; one that was written about rests when an answer came that nobody proves."""
    since = order.pursued.written_at
    if since is None or one.certainty is Certainty.SUSPECTED:
        return one
    answers = (each for each in order.timeline if each.kind in _ANSWERING and each.at > since and doubted(each))
    mails = [each for each in answers if each.reply_means is not ReplyMeaning.AUTOMATIC]
    fresh = _unanswered(order, mails)
    return _rested(order, one, fresh, "answer", rules) if fresh else one


def _rested(order: Order, one: Anomaly, mails: Iterable[Notice], group: str, rules: Rules) -> Anomaly:
    """Return a trouble as a question about mails in doubt."""
    told = list(mails)
    since = max([one.since, *(each.at for each in told)])
    sources = {*one.evidence, *(each.source for each in told)}
    return one.model_copy(
        update={
            "certainty": Certainty.SUSPECTED,
            "since": since,
            "claim_from": max(one.claim_from, since),
            "evidence": tuple(dict.fromkeys(each.source for each in order.timeline if each.source in sources)),
            "reason": f"unproven_{group}",
            "facts": {"seen": moment(told[-1].at, rules.zone(order))},
            "ask": _ASKED.get(group, "received"),
        }
    )


def _near(one: Anomaly, other: Anomaly) -> bool:
    """Whether two troubles may be of one parcel: ``""`` is the whole order."""
    return one.parcel == other.parcel or not one.parcel or not other.parcel
