"""Tables for people, and what becomes of them in a pipe."""

from __future__ import annotations

import pytest

from cli.tables import show


def test_a_table_in_a_pipe_breaks_no_name_apart(capsys: pytest.CaptureFixture[str]) -> None:
    row = {"id": 7, "filename": "products-of-the-winter-catalogue.csv", "status": "applied", "error": "x" * 90}

    show([row], list(row), as_json=False)

    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2
    assert all(str(value) in lines[1] for value in row.values())
