"""What is wrong, in words: an anomaly's reason with its facts as people write them, and why a mail was set aside."""

from __future__ import annotations

from datetime import date, datetime, tzinfo

from daemon.anomalies.anomaly import Anomaly
from daemon.say import day, known, say, when


def explained(anomaly: Anomaly, language: str | None = None, zone: tzinfo | None = None) -> str:
    """Return why this is thought to be wrong, naming the mails; moments are told in ``zone``."""
    facts = {key: readable(value, language, zone) for key, value in anomaly.facts.items()}
    return say(f"why.{anomaly.reason}", language, **facts)


def reason_of(kept: str, language: str | None = None) -> str:
    """Return why a mail is in quarantine, in words, with what the program itself has to add in brackets."""
    kind, _, detail = kept.partition(": ")
    told = say(f"quarantine.reason.{kind}", language) if known(f"quarantine.reason.{kind}") else kind
    return f"{told} ({detail})" if detail else told


def readable(value: str, language: str | None = None, zone: tzinfo | None = None) -> str:
    """Return a fact as people write it: ISO days and moments are spelt out, anything else stays as it is."""
    try:
        if "T" in value:
            return when(datetime.fromisoformat(value), language, zone)
        return day(date.fromisoformat(value), language)
    except ValueError:
        return value
