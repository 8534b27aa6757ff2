"""Structured logs that can carry nothing but ids, codes and counts (ADR 0007)."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any, TextIO

import structlog

# An allow-list: what is not named here never reaches a line, whoever logs it.
ALLOWED = frozenset(
    {
        "event", "level", "timestamp", "logger", "case", "rule", "channel", "count", "error",
        "inbox", "outbox", "alert", "role", "mailbox", "outcome", "state", "seconds", "version",
        "method", "status", "route", "attempt", "port", "host",
    }
)  # fmt: skip


def configure_logs(stream: TextIO | None = None, level: int = logging.INFO) -> None:
    """Send one JSON object a line to stderr; of what libraries log only who spoke."""
    out = stream or sys.stderr
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            only_allowed,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.PrintLoggerFactory(out),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    root.handlers[:] = [_LibraryHandler()]
    root.setLevel(logging.WARNING)


def only_allowed(
    logger: object, method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    del logger, method
    return {key: value for key, value in event.items() if key in ALLOWED}


class _LibraryHandler(logging.Handler):
    """Libraries put what they please into messages, so only that they spoke is kept."""

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else ""
        log = structlog.get_logger()
        log.warning("library", logger=record.name, error=error)
