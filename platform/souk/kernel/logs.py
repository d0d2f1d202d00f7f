"""Structured logs: one JSON object a line, with request and tenant ids, without secrets or card numbers."""

from __future__ import annotations

import logging
import re
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any, TextIO, cast

import structlog

from souk.kernel.card_numbers import scrub

_SECRET_WORDS = ("password", "token", "secret", "authorization", "cookie", "api_key")
# PostgreSQL quotes the row that broke a constraint, and an outbox row may hold the secret of a reset mail.
_ROW = re.compile(r"^(DETAIL|CONTEXT):.*$", re.MULTILINE)
# The tokens of customers and apps, and any text of 256 random bits, such as a reset link.
_TOKEN = re.compile(r"(?<![A-Za-z0-9_-])(?=[a-z_-]*[A-Z0-9])(?:souk_[a-z]*_?)?[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])")
REMOVED = "[removed]"


def scrub_event(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key, value in event.items():
        if any(word in key.lower() for word in _SECRET_WORDS):
            event[key] = REMOVED
        elif isinstance(value, str):
            event[key] = scrub(value)
    return event


def render_exception(error: BaseException) -> str:
    """Return the traceback without local variables, rows of the database and tokens."""
    lines = "".join(traceback.format_exception(error))
    return _TOKEN.sub(REMOVED, _ROW.sub(rf"\1: {REMOVED}", lines))


def _format_exception(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    # structlog's own renderers differ by what is installed, and rich's prints every local variable.
    given = event.pop("exc_info", None)
    error = sys.exc_info()[1] if given is True else given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        event["exception"] = render_exception(error)
    return event


class _StandardError:
    """The standard error of the moment: loggers are kept for ever, and who redirects it may have closed the old one."""

    def write(self, text: str) -> int:
        return sys.stderr.write(text)

    def flush(self) -> None:
        sys.stderr.flush()


def configure(level: str = "info") -> None:
    """Send everything to standard error as JSON; call once per process."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _format_exception,
            scrub_event,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(cast("TextIO", _StandardError())),
        cache_logger_on_first_use=True,
    )
