"""What a decision changed, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from daemon.cli import output
from daemon.say import known, say

if TYPE_CHECKING:
    from daemon.application import Change
    from daemon.application.results import Effect

_NAMED = {"party": "party", "stage": "stage", "outcome": "outcome", "question": "ask"}
_WORDS = {"note_means": "word", "sold_by": "sells", "shipped_by": "sells"}
_SHOWN = 12
"""Characters of a mail's number that are shown."""


def tell(change: Change) -> None:
    """Print what was decided, what followed from it, and how to take it back."""
    if change.undone is not None:
        what = decided(change.undone, change.subject, change.stage, change.said)
        output.line(say("cli.change.undo", what=what))
    else:
        facts = {"subject": _short(change.what, change.subject), "stage": _stage(change.stage)}
        output.line(say(f"cli.change.{change.what}", said=_said(change.said), **facts))
    for effect in change.effects:
        output.line("  → " + say(f"effect.{effect.key}", **_facts(effect)))
    if change.decision_id is not None and change.undone is None:
        output.line(say("cli.change.how_to_undo", id=change.decision_id))


def how_to_answer(question: str, order: str) -> str:
    """Return the commands that answer a question about an order, and no others."""
    key = f"cli.answer.{question}"
    return say(key if known(key) else "cli.answer.parcel", order=order)


def _facts(effect: Effect) -> dict[str, str]:
    facts = _readable(effect.facts)
    if "question" in effect.facts:
        facts["answer"] = how_to_answer(effect.facts["question"], effect.facts["order"])
    return facts


def decided(what: str, subject: str, stage: str | None, said: Mapping[str, str]) -> str:
    """Return in a few words what a decision was, for whoever looks back at it."""
    return say(f"cli.decided.{what}", subject=_short(what, subject), stage=_stage(stage), said=_said(said))


def _short(what: str, subject: str) -> str:
    return subject[:_SHOWN] if what == "drop" else subject


def _stage(stage: str | None) -> str:
    return say(f"stage.{stage}") if stage else ""


def _said(said: Mapping[str, str]) -> str:
    """Return the owner's word; of one that an older relance wrote down only that there was one."""
    told = [say(f"cli.said.{name}", word=say(f"{_WORDS[name]}.{said[name]}")) for name in _WORDS if name in said]
    if "note" in said:
        told.append(say("cli.show.note", note=said["note"]))
    return ", ".join(told) or say("means.none")


def _readable(facts: Mapping[str, str]) -> dict[str, str]:
    from daemon.wording import readable  # noqa: PLC0415 - brings pydantic

    out = {}
    for name, value in facts.items():
        key = f"{_NAMED.get(name, '')}.{value}"
        out[name] = say(key) if known(key) else readable(value)
    return out
