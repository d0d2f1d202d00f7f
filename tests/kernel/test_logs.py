"""Tracebacks tell where something broke, and no secret that was at hand there."""

from __future__ import annotations

import json
import sys
from io import StringIO

import pytest
import structlog
from sqlalchemy import text

from souk.kernel import logs
from souk.kernel.db import transaction
from souk.kernel.tenancy import TenantScope
from souk.kernel.tokens import new_token


def test_a_traceback_names_no_local_variable(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure()
    secret = new_token()

    def breaks() -> None:
        raise RuntimeError(f"it broke with {secret}")

    try:
        breaks()
    except RuntimeError:
        structlog.get_logger("test").exception("broken", order=7)

    line = json.loads(capsys.readouterr().err.splitlines()[-1])
    assert (line["event"], line["order"]) == ("broken", 7)
    assert "test_a_traceback_names_no_local_variable" in line["exception"]
    assert line["exception"].endswith(f"RuntimeError: it broke with {logs.REMOVED}\n")
    assert secret not in line["exception"]


def test_an_error_of_the_database_names_no_value(shop: TenantScope) -> None:
    with pytest.raises(Exception, match="CheckViolation") as caught, transaction(shop) as session:
        session.execute(
            text("INSERT INTO customers (email, name) VALUES (:email, :name)"), {"email": "ADA@x.org", "name": "Ada"}
        )

    shown = logs.render_exception(caught.value)
    assert "ck_customers_email_lower" in shown
    assert "ADA@x.org" not in shown


@pytest.mark.parametrize("text_", ["souk_cust_" + "aB3" * 14 + "x", "Z9" * 21 + "y"])
def test_tokens_leave_a_traceback(text_: str) -> None:
    assert logs.render_exception(ValueError(text_)) == f"ValueError: {logs.REMOVED}\n"


def test_names_and_hashes_stay_in_a_traceback() -> None:
    said = "a_function_with_a_name_of_forty_three_chars " + "ab" * 32

    assert logs.render_exception(ValueError(said)) == f"ValueError: {said}\n"


def test_a_kept_logger_follows_a_redirected_standard_error(monkeypatch: pytest.MonkeyPatch) -> None:
    logs.configure()
    log, first, second = structlog.get_logger("kept").bind(), StringIO(), StringIO()

    monkeypatch.setattr(sys, "stderr", first)
    log.warning("one")
    first.close()
    monkeypatch.setattr(sys, "stderr", second)
    log.warning("two")

    assert json.loads(second.getvalue())["event"] == "two"
