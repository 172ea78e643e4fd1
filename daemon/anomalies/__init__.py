"""Anomalies: what is wrong with an order now, and when to look again."""

from daemon.anomalies.watch import TooEarly, find, next_check, too_early

__all__ = ["TooEarly", "find", "next_check", "too_early"]
