"""The mails that relance writes to its owner: a text to send by the web, a question, or that all is over."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from daemon import resources
from daemon.anomalies.anomaly import Anomaly, Code
from daemon.claims.claim import Channel, Claim, ClaimParty, Draft, Outcome, Stage
from daemon.claims.match import first_sent_at, sent_draft
from daemon.claims.tables import ladder
from daemon.claims.windows import deadlines
from daemon.claims.words import one_line, shortened, words
from daemon.orders.order import Order
from daemon.outbox.ids import message_id, question_ref
from daemon.outbox.message import add_html, address, new_message, set_text
from daemon.outbox.page import FENCE, html, plain
from daemon.rules import Rules
from daemon.say import countdown, say
from daemon.settings import Owner
from daemon.wording import explained
from parsers.letter import Trust
from parsers.notice import Kind, Notice

NAME = "relance"
_ABOUT_PARTY = "who_"
_SUBJECT_SHOWN = 90


def draft_notice(
    draft: Draft,
    claim: Claim,
    order: Order,
    anomaly: Anomaly | None,
    owner: Owner,
    rules: Rules,
    now: datetime,
    revision: int = 1,
) -> bytes:
    """Return the mail that brings the owner a text to send: what is wrong, whom to write to, the text, what next."""
    values = {
        **_common(order, rules, owner, anomaly, claim.code),
        **_whom(claim, order, owner),
        **_when(draft, claim, order, anomaly, rules, now, owner),
        **_texts(draft, order, rules, owner),
        "resolved": say(f"told.{(claim.outcome or Outcome.DELIVERED).value}", owner.language),
        "a_to_z_sent": sent_draft(claim, Stage.A_TO_Z) is not None,
        "checks": claim.code == Code.NOT_RECEIVED and draft.stage == Stage.FIRST,
    }
    return notice_mail(
        "draft.txt.j2", values, owner, now, message_id(claim.ref, draft.stage, "notice", revision, owner), draft.links
    )


def question_notice(order: Order, anomaly: Anomaly, ask: str, owner: Owner, rules: Rules, now: datetime) -> bytes:
    """Return the mail that asks the owner what only they can know (``templates/cli``, ``ask.<ask>``)."""
    links = _pages(("order", "tracking"), order, rules)
    values = {
        **_common(order, rules, owner, anomaly, anomaly.code.value),
        "ask": ask,
        "question": say(f"ask.{ask}", owner.language),
        "about_party": ask.startswith(_ABOUT_PARTY),
        "links": _link_names(links, owner),
    }
    ref = question_ref(order.order_id, anomaly.parcel)
    return notice_mail("question.txt.j2", values, owner, now, message_id(ref, ask, "question", 1, owner), links)


def closing_notice(claim: Claim, order: Order, owner: Owner, rules: Rules, now: datetime) -> bytes:
    """Return the mail that tells that nothing is left to do for a closed claim whose text the owner had been shown."""
    outcome = (claim.outcome or Outcome.GONE).value
    sent = first_sent_at(claim)
    values = {
        **_common(order, rules, owner, None, claim.code),
        "ref": claim.ref,
        "party": say(f"party.{claim.party.value}", owner.language),
        "outcome": say(f"outcome.{outcome}", owner.language),
        "told": say(f"told.{outcome}", owner.language),
        "sent": words(owner.language).on(sent, rules.zone(order)) if sent else "",
    }
    return notice_mail("closing.txt.j2", values, owner, now, message_id(claim.ref, "closing", "closing", 1, owner), ())


def _common(order: Order, rules: Rules, owner: Owner, anomaly: Anomaly | None, code: str) -> dict[str, Any]:
    sources = set(anomaly.evidence) if anomaly else set()
    return {
        "order_id": order.order_id,
        "problem": say(f"problem.{code}", owner.language),
        "why": explained(anomaly, owner.language, rules.zone(order)) if anomaly else "",
        "evidence": [_evidence(one, order, rules, owner) for one in order.timeline if one.source in sources],
        "fence": FENCE,
    }


def _evidence(notice: Notice, order: Order, rules: Rules, owner: Owner) -> dict[str, Any]:
    language, own = words(owner.language), notice.kind == Kind.OWNER_REPORT
    return {
        "date": language.on(notice.at, rules.zone(order)),
        "own": own,
        "text": shortened((notice.note if own else notice.subject) or "", _SUBJECT_SHOWN),
        "kind": language.mail(notice, rules.zone(order)) or notice.kind.value,
        "unverified": notice.trust is Trust.UNVERIFIED,
    }


def _whom(claim: Claim, order: Order, owner: Owner) -> dict[str, Any]:
    return {
        "ref": claim.ref,
        "claim_party": claim.party.value,
        "party": say(f"party.{claim.party.value}", owner.language),
        "seller": one_line(order.seller or ""),
        "route": say(f"route.{claim.why}", owner.language),
        "recommended": claim.recommended,
        "has_alternative": claim.party == ClaimParty.FBA_SELLER or claim.why == "shipped_by_amazon",
    }


def _when(
    draft: Draft, claim: Claim, order: Order, anomaly: Anomaly | None, rules: Rules, now: datetime, owner: Owner
) -> dict[str, Any]:
    language, zone = words(owner.language), rules.zone(order)
    windows = deadlines(claim, order, rules)
    early = anomaly.claim_from if anomaly and draft.stage == Stage.FIRST and anomaly.claim_from > now else None

    def at(moment: datetime | None) -> str:
        return language.at(moment, zone) if moment else ""

    # The window ends at a midnight: people are told the day before it.
    last_day = windows.a_to_z_until - timedelta(seconds=1) if windows.a_to_z_until else None
    ended = draft.stage == Stage.WITHDRAWAL
    safe = windows.a_to_z_safe_from if windows.a_to_z_safe_from != windows.a_to_z_from else None
    return {
        "not_before": at(early),
        "countdown": countdown(early, now, owner.language) if early else "",
        "a_to_z_from": "" if ended else at(windows.a_to_z_from),
        "a_to_z_safe_from": at(safe),
        "a_to_z_until": language.on(last_day, zone) if last_day else "",
        "contacted": first_sent_at(claim) is not None,
    }


def _texts(draft: Draft, order: Order, rules: Rules, owner: Owner) -> dict[str, Any]:
    phone = rules.phone(order) if draft.channel == Channel.AMAZON_CONTACT else None
    return {
        "stage": draft.stage.value,
        "channel": draft.channel.value,
        "subject": draft.subject,
        "body": draft.body,
        "chat": draft.chat or "",
        "phone": draft.phone or "",
        "to": draft.to or "",
        "phone_number": phone.value.national if phone else "",
        "phone_abroad": (phone.value.from_abroad or "") if phone else "",
        "missing": [say(f"fact.{name}", owner.language) for name in draft.missing],
        "placeholder": words(draft.language).placeholder,
        "links": _link_names(draft.links, owner),
        "time": words(owner.language).time(ladder(rules).step_of(draft.party, draft.stage).grants_hours),
    }


def _pages(keys: Iterable[str], order: Order, rules: Rules) -> tuple[tuple[str, str], ...]:
    return tuple((key, url) for key in keys if (url := rules.link(key, order)))


def _link_names(links: Iterable[tuple[str, str]], owner: Owner) -> list[tuple[str, str]]:
    return [(say(f"link.{key}", owner.language), url) for key, url in links]


def notice_mail(
    template: str, values: dict[str, Any], owner: Owner, now: datetime, fixed_id: str, links: Iterable[tuple[str, str]]
) -> bytes:
    """Return a mail from the owner to the owner, made from ``templates/owner``: it never leaves their mailbox."""
    language = words(owner.language)
    text = _environment(owner.language.value).get_template(template).render(values).strip()
    subject, _, body = language.spaced(text).partition("\n")
    body = _tidy(body)
    message = new_message(
        message_id=fixed_id,
        at=now,
        subject=subject,
        sender=address(owner.addresses[0], NAME),
        to=address(owner.addresses[0], owner.name),
    )
    message["Auto-Submitted"] = "auto-generated"
    set_text(message, plain(body))
    add_html(message, html(body, owner.language.value, {url for _, url in links}))
    return message.as_bytes()


def _tidy(text: str) -> str:
    """No more than one empty line in a row."""
    lines: list[str] = []
    for line in text.strip().splitlines():
        if line.strip() or (lines and lines[-1]):
            lines.append(line.rstrip())
    return "\n".join(lines)


@cache
def _environment(language: str) -> Environment:
    return Environment(
        loader=FileSystemLoader(resources.templates() / "owner" / language),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - plain text; the HTML is made from it by page.html, which escapes everything
        trim_blocks=True,
        lstrip_blocks=True,
    )
