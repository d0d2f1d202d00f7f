"""The one validator of themes: the server runs it at every upload and save, the terminal runs it offline."""

from __future__ import annotations

from contextlib import suppress

from themes.files import ThemeFiles
from themes.validation.bundles import check_bundles
from themes.validation.code import read_codes
from themes.validation.finding import Finding, Inspection, TooManyFindings
from themes.validation.graph import check_graph
from themes.validation.locales import check_locales
from themes.validation.manifest import check_manifest
from themes.validation.markup import check_markup
from themes.validation.names import check_names
from themes.validation.objects import check_objects
from themes.validation.pages import check_pages
from themes.validation.references import check_references
from themes.validation.schemas import check_schemas

__all__ = ["Finding", "check", "errors"]


def check(files: ThemeFiles) -> list[Finding]:
    """Return what is wrong with a theme, by file and line, 500 findings at most; nothing of it is run."""
    theme = Inspection(files)
    with suppress(TooManyFindings):
        _run(theme)
    return sorted(set(theme.findings))


def _run(theme: Inspection) -> None:
    check_names(theme)
    check_manifest(theme)
    codes = read_codes(theme)
    schemas = check_schemas(theme, codes)
    texts = check_locales(theme)
    check_objects(theme, codes, schemas)
    check_references(theme, codes, texts)
    check_graph(theme, codes)
    check_pages(theme, schemas)
    check_markup(theme, codes)
    check_bundles(theme, codes)


def errors(findings: list[Finding]) -> list[Finding]:
    """Return the findings that keep a theme from being published."""
    return [finding for finding in findings if finding.severity == "error"]
