"""The demo: the real service on a sample mailbox, through three weeks of quickened time."""

from daemon.demo.play import main

__all__ = ["main"]
