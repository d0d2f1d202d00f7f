"""Structured logs: one JSON object a line, with request and tenant ids, without secrets or card numbers."""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from souk.kernel.card_numbers import scrub

_SECRET_WORDS = ("password", "token", "secret", "authorization", "cookie", "api_key")
REMOVED = "[removed]"


def scrub_event(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key, value in event.items():
        if any(word in key.lower() for word in _SECRET_WORDS):
            event[key] = REMOVED
        elif isinstance(value, str):
            event[key] = scrub(value)
    return event


def configure(level: str = "info") -> None:
    """Send everything to standard error as JSON; call once per process."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            scrub_event,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
