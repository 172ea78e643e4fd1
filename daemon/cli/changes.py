"""What a decision changed, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daemon.cli import output
from daemon.say import known, say

if TYPE_CHECKING:
    from daemon.application import Change

_NAMED = {"party": "party", "stage": "stage", "outcome": "outcome"}


def tell(change: Change) -> None:
    """Print what was decided, what followed from it, and how to take it back."""
    stage = say(f"stage.{change.stage}") if change.stage else ""
    output.line(say(f"cli.change.{change.what}", subject=change.subject, stage=stage))
    for effect in change.effects:
        output.line("  → " + say(f"effect.{effect.key}", **_readable(effect.facts)))
    if change.what != "undo":
        output.line(say("cli.change.how_to_undo", id=change.decision_id))


def _readable(facts: dict[str, str]) -> dict[str, str]:
    from daemon.wording import readable  # noqa: PLC0415 - brings pydantic

    out = {}
    for name, value in facts.items():
        key = f"{_NAMED.get(name, '')}.{value}"
        out[name] = say(key) if known(key) else readable(value)
    return out
