"""What all commands share at their edge: the stores of a running platform, and errors as sentences."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import click

from souk.kernel.errors import SoukError

# Written by `souk up` below SOUK_HOME while it runs.
RUNNING_FILE = "running.json"
LARGEST_PORT = 65_535


def attach() -> None:
    """Let this command use the stores of the `souk up` that runs in SOUK_HOME, where none are configured.

    What the environment says goes first, so that a configured platform never meets an embedded store by mistake.
    """
    if os.environ.get("DATABASE_URL"):
        return
    path = Path(os.environ.get("SOUK_HOME", ".souk"), RUNNING_FILE)
    try:
        running = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return
    for variable, value in running.items():
        os.environ.setdefault(variable, value)


def check_environment() -> None:
    """Refuse numbers that are none before anything starts with them."""
    for variable in ("SOUK_PORT", "SOUK_PUBLIC_PORT"):
        value = os.environ.get(variable)
        if value is not None and not (value.isdecimal() and int(value) <= LARGEST_PORT):
            raise click.ClickException(f"{variable} is {value!r}; set it to a number from 0 to {LARGEST_PORT}.")


def explain(error: Exception) -> str | None:
    """Return the sentence that an operator needs; None for what we do not know, which is a bug of ours."""
    if isinstance(error, SoukError):
        return error.detail
    if _is(error, "psycopg", "OperationalError") or _is(error, "sqlalchemy.exc", "OperationalError"):
        return f"PostgreSQL does not answer ({_first_line(error)}). Start `souk up`, or check DATABASE_URL."
    if _is(error, "redis", "RedisError"):
        return f"Redis does not answer ({_first_line(error)}). Start `souk up`, or check REDIS_URL."
    return None


def _is(error: Exception, module: str, name: str) -> bool:
    # An error of a library that was never imported cannot have been raised: `souk up` imports none of them.
    loaded = sys.modules.get(module)
    return loaded is not None and isinstance(error, getattr(loaded, name))


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
