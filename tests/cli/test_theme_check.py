"""`souk theme check` shows what the server's validator finds, for people and for programs, and needs no shop."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from cli.main import COMMANDS, main
from tests.themes.small import small_theme


def folder_of(tmp_path: Path, **changed: str | bytes | None) -> str:
    for path, content in small_theme(**changed).items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)
    return str(tmp_path)


def test_a_sound_theme_passes(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["theme", "check", folder_of(tmp_path)])

    assert (result.exit_code, result.output) == (0, "No findings: the theme can be published.\n")


def test_an_error_is_shown_with_file_line_rule_and_cure(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, **{"snippets/card.html": "\n{{ itm.title }}"})

    result = CliRunner().invoke(main, ["theme", "check", folder])

    assert result.exit_code == 1
    assert result.output == (
        "snippets/card.html\n"
        "     2  error  There is no object 'itm' (did you mean 'item'?); give it in the render tag.  [unknown-object]\n"
        "1 error, 0 warnings.\n"
    )


def test_json_is_a_list_of_findings(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, **{"snippets/old.html": ""})

    result = CliRunner().invoke(main, ["theme", "check", folder, "--json"])

    assert result.exit_code == 0
    assert json.loads(result.output) == [
        {
            "file": "snippets/old.html",
            "line": 1,
            "rule": "unused-snippet",
            "severity": "warning",
            "message": "No file renders this snippet; remove it.",
        }
    ]


def test_warnings_can_be_left_out(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, **{"snippets/old.html": ""})

    result = CliRunner().invoke(main, ["theme", "check", folder, "--no-warnings", "--json"])

    assert (result.exit_code, result.output) == (0, "[]\n")


def test_a_folder_that_does_not_exist_is_refused() -> None:
    result = CliRunner().invoke(main, ["theme", "check", "/nowhere"])

    assert result.exit_code == 2
    assert "does not exist" in result.output


def test_the_tools_of_developers_need_no_stores() -> None:
    assert not COMMANDS["theme"].needs_stores
