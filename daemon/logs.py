"""The log: JSON on stderr under systemd and in pipes, readable at a terminal, and without anybody's words in it.

Code logs events with numbers, states and hashes. In case something else slips in, ``masked`` blots out what stands
under telling keys and whatever looks like a mail address; tracebacks go without the exceptions' messages.
"""

from __future__ import annotations

import logging
import os
import re
import sys
import traceback
from collections.abc import Mapping, MutableMapping
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, ExcInfo, Processor

MASK = "[…]"
ADDRESS = "[address]"

_TELLING = frozenset(
    {"subject", "sender", "from", "to", "cc", "bcc", "recipient", "address", "addresses"}
    | {"body", "text", "html", "raw", "content", "note", "title", "items", "phone", "chat"}
    | {"password", "passwd", "secret", "token", "username", "login", "authorization"}
)
_MAIL_ADDRESS = re.compile(r"(?<!\S)[^\s@]*+@\S+")
_QUIET = ("imapclient", "alembic", "mailparser", "sqlalchemy", "asyncio", "faker", "urllib3")


def masked(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Blot out what must not be in a log: a structlog processor, run last but for the renderer."""
    return {key: value if key in ("level", "timestamp") else _safe(key, value) for key, value in event.items()}


def _safe(key: str, value: Any) -> Any:  # noqa: ANN401 - a log takes anything
    if isinstance(value, bool | int | float) or value is None:
        return value
    if _TELLING & set(re.split(r"[^a-z]+", key.lower())):
        return MASK
    if isinstance(value, Mapping):
        return {str(name): _safe(str(name), inner) for name, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_safe("", inner) for inner in value]
    if isinstance(value, bytes | bytearray | memoryview):
        return MASK
    return _MAIL_ADDRESS.sub(ADDRESS, str(value))


def traceback_without_words(exc_info: ExcInfo) -> str:
    """Return a traceback with every exception's type and place, and without its message: that may quote a mail."""
    chain: list[BaseException] = []
    error: BaseException | None = exc_info[1]
    while error is not None and error not in chain:
        chain.append(error)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    parts = ["".join(traceback.format_tb(one.__traceback__)) + type(one).__qualname__ for one in reversed(chain)]
    return "\n".join(parts)


def configure(level: str = "info", stream: TextIO | None = None, *, as_json: bool | None = None) -> None:
    """Send structlog's events, libraries' records and warnings to ``stream`` (stderr).

    ``as_json`` defaults to True unless ``stream`` is a terminal that systemd did not open (``$JOURNAL_STREAM``).
    Libraries are heard from ``warning`` upwards only: their finer words can hold what passes through them.
    """
    out = stream or sys.stderr
    if as_json is None:
        as_json = not out.isatty() or "JOURNAL_STREAM" in os.environ
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.ExceptionRenderer(traceback_without_words),
        masked,
    ]
    threshold = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[*shared, _renderer(out, as_json)],
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        logger_factory=structlog.PrintLoggerFactory(out),
        cache_logger_on_first_use=False,
    )
    _libraries(out, shared, _renderer(out, as_json), threshold)


def _renderer(out: TextIO, as_json: bool) -> Processor:
    if as_json:
        return structlog.processors.JSONRenderer(ensure_ascii=False, default=str)
    # A traceback with local variables would show mails: ours is made before masking.
    return structlog.dev.ConsoleRenderer(colors=out.isatty(), exception_formatter=structlog.dev.plain_traceback)


def _libraries(out: TextIO, shared: list[Processor], renderer: Processor, threshold: int) -> None:
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[_library_name, *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, masked, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(max(threshold, logging.WARNING))
    for name in _QUIET:
        logging.getLogger(name).setLevel(max(threshold, logging.WARNING))
    logging.captureWarnings(True)


def _library_name(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Name the library that speaks, and drop its own copy of the record's arguments."""
    record = event.get("_record")
    if isinstance(record, logging.LogRecord):
        event["logger"] = record.name
    return event
