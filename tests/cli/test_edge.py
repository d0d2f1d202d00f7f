"""Commands find the stores of the platform that runs in SOUK_HOME, and never override what is configured."""

from __future__ import annotations

import json
import os
from pathlib import Path

import psycopg
import pytest
import redis
from click.testing import CliRunner

from cli.edge import RUNNING_FILE, attach, explain
from cli.main import main
from tenants.errors import UnknownTenant

RUNNING = {"DATABASE_URL": "postgresql://embedded/", "REDIS_URL": "unix://embedded", "SOUK_PORT": "8123"}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in RUNNING:
        # setenv first: what attach() writes is then taken back at the end of the test.
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    monkeypatch.setenv("SOUK_HOME", str(tmp_path))
    (tmp_path / RUNNING_FILE).write_text(json.dumps(RUNNING))
    return tmp_path


def test_the_stores_of_a_running_platform_are_found(home: Path) -> None:
    attach()

    assert {name: os.environ.get(name) for name in RUNNING} == RUNNING


def test_configured_stores_win(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://mine/")

    attach()

    assert os.environ["DATABASE_URL"] == "postgresql://mine/"
    assert "REDIS_URL" not in os.environ


def test_nothing_runs_and_nothing_is_set(home: Path) -> None:
    (home / RUNNING_FILE).unlink()

    attach()

    assert "DATABASE_URL" not in os.environ


def test_known_errors_become_sentences_and_bugs_keep_their_traceback() -> None:
    database = explain(psycopg.OperationalError("connection refused\nIs it running?"))
    queue = explain(redis.ConnectionError("refused"))
    shop = explain(UnknownTenant("tea"))
    bug = explain(KeyError("tea"))

    assert database == "PostgreSQL does not answer (connection refused). Start `souk up`, or check DATABASE_URL."
    assert queue == "Redis does not answer (refused). Start `souk up`, or check REDIS_URL."
    assert shop == "No shop is called 'tea'; `souk tenant list` shows them all."
    assert bug is None


def test_a_port_that_is_no_number_is_refused_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOUK_PORT", "eighty")

    result = CliRunner().invoke(main, ["up"])

    assert result.exit_code == 1
    assert result.output == "Error: SOUK_PORT is 'eighty'; set it to a number from 0 to 65535.\n"
