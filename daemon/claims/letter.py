"""Writing a letter: the text of one stage of one claim, from the templates of its language."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError

from daemon import resources
from daemon.anomalies.anomaly import Anomaly
from daemon.claims import tables
from daemon.claims.claim import BY_MAIL, Channel, Claim, Draft, Stage
from daemon.claims.context import Context
from daemon.claims.facts import Blanks, facts
from daemon.claims.tables import Ladder
from daemon.claims.words import one_line, words
from daemon.intake.lookalike import is_seller_relay
from daemon.orders.order import Order
from daemon.rules import Rules
from parsers.notice import Kind

Render = Callable[[str], str]
_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,128}@[A-Za-z0-9.-]{1,253}", re.ASCII)
_REPLY = re.compile(r"^\s*re\s*:", re.IGNORECASE)


class LetterError(Exception):
    """A letter cannot be written: a template is missing or broken, or the text is longer than its channel takes."""


def compose(
    claim: Claim,
    order: Order,
    anomaly: Anomaly | None,
    stage: Stage,
    now: datetime,
    rules: Rules,
    context: Context,
) -> Draft:
    """Return the draft of a stage, in the owner's language. ``anomaly`` is None once the trouble is over.

    Facts that are missing show as ``[À COMPLÉTER]`` or ``[TO COMPLETE]`` and are named in ``Draft.missing``. Raises
    ``LetterError``.
    """
    owner, language = context.owner, words(context.owner.language)
    steps = tables.ladder(rules)
    channel = _channel(claim, order, stage, context, steps)
    values = facts(claim, order, anomaly, stage, rules, owner)
    blanks = Blanks({key: text for key, text in values.items() if isinstance(text, str)}, language.placeholder)

    def render(part: str) -> str:
        return language.spaced(_rendered(owner.language, part, {**values, "need": blanks.need}))

    subject, body = _letter(render, claim, stage, values, steps.limits.form_characters)
    by_telephone = channel == Channel.AMAZON_CONTACT
    thread = order.seller_thread if channel == Channel.SELLER_MAIL else ()
    return Draft(
        claim=claim.ref,
        stage=stage,
        party=claim.party,
        channel=channel,
        language=owner.language,
        subject=_answering(order, subject) if channel == Channel.SELLER_MAIL else subject,
        body=body,
        chat=_chat(render, steps.limits.chat_lines) if by_telephone else None,
        phone=render("shared/phone.txt.j2").replace("\n\n", "\n") if by_telephone else None,
        to=order.seller_address if channel in BY_MAIL else None,
        in_reply_to=thread[-1] if thread else None,
        links=_links(channel, order, rules),
        missing=tuple(blanks.missing),
        evidence=anomaly.evidence if anomaly else (),
        created_at=now,
    )


def still_blank(draft: Draft) -> bool:
    """Say whether any text of a draft, edited since perhaps, still holds a blank to fill in."""
    placeholder = words(draft.language).placeholder
    return any(placeholder in (text or "") for text in (draft.subject, draft.body, draft.chat, draft.phone))


def _channel(claim: Claim, order: Order, stage: Stage, context: Context, steps: Ladder) -> Channel:
    try:
        channel = steps.step_of(claim.party, stage).channel
    except LookupError as problem:
        raise LetterError(str(problem)) from None
    if channel == Channel.SHOP_CONTACT and _ADDRESS.fullmatch(order.seller_address or ""):
        return Channel.SHOP_MAIL
    answerable = context.seller_mail and _is_relay(order.seller_address or "")
    return Channel.SELLER_MAIL if channel == Channel.SELLER_MESSAGE and answerable else channel


def _is_relay(address: str) -> bool:
    """Only Amazon's relay keeps an answer inside Amazon's messages; an address of another kind is never written to."""
    return _ADDRESS.fullmatch(address) is not None and is_seller_relay(address)


def _letter(render: Render, claim: Claim, stage: Stage, values: dict[str, Any], limit: int) -> tuple[str, str]:
    """Subject and body: a template's first line and the rest."""
    names = [
        f"{folder}/{stage.value}{party}.txt.j2"
        for folder in (values["scenario"], "shared")
        for party in (f".{claim.party.value}", "")
    ]
    subject, _, body = render(" ".join(names)).partition("\n")
    if stage == Stage.A_TO_Z and len(body.strip()) > limit:
        values["items"] = values["seller"] = ""
        subject, _, body = render(" ".join(names)).partition("\n")
        if len(body.strip()) > limit:
            raise LetterError(f"the form takes {limit} characters, the text has {len(body.strip())}")
    return one_line(subject), body.strip()


def _chat(render: Render, limit: int) -> str:
    lines = [line for line in render("shared/chat.txt.j2").splitlines() if line]
    if len(lines) > limit:
        raise LetterError(f"the chat text has {len(lines)} lines")
    return "\n".join(lines)


def _answering(order: Order, subject: str) -> str:
    """Return the subject of an answer in the seller's thread."""
    messages = [one for one in order.timeline if one.kind == Kind.SELLER_MESSAGE and one.subject]
    theirs = one_line(messages[-1].subject or "") if messages else ""
    if not theirs:
        return subject
    return theirs if _REPLY.match(theirs) else f"Re: {theirs}"


def _links(channel: Channel, order: Order, rules: Rules) -> tuple[tuple[str, str], ...]:
    by_url: dict[str, str] = {}
    for key in tables.ladder(rules).links[channel]:
        if url := rules.link(key, order):
            by_url.setdefault(url, key)
    return tuple((key, url) for url, key in by_url.items())


def _rendered(language: str, names: str, values: dict[str, Any]) -> str:
    """Return a template's text (the first of several names that exists), with no more than one empty line in a row."""
    try:
        text = _environment(language).select_template(names.split()).render(values)
    except TemplateError as problem:
        raise LetterError(f"{language}: {type(problem).__name__}: {problem}") from problem
    lines = "\n".join(" ".join(line.split(" ")).rstrip() for line in text.strip().splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines)


@cache
def _environment(language: str) -> Environment:
    return Environment(
        loader=FileSystemLoader(resources.templates() / "letters" / language),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - letters are plain text; what goes into a page is escaped there
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
    )
