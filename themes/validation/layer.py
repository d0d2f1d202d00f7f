"""The rules on stored JSON alone: what a merchant's own layer must pass before shoppers see it.

The code under the layer was checked when it came; parsing it again would take seconds.
"""

from __future__ import annotations

from contextlib import suppress

from themes.files import ThemeFiles
from themes.tags.raw import split
from themes.validation.code import Codes
from themes.validation.finding import Finding, Inspection, TooManyFindings
from themes.validation.pages import check_pages
from themes.validation.schemas import check_schemas


def check_layer(files: ThemeFiles) -> list[Finding]:
    """Return the errors in templates, groups and settings of a theme whose code is known to be sound."""
    theme, codes = Inspection(files), Codes()
    for folder in ("sections", "blocks"):
        codes.parts |= {path: split(theme.text(path)) for path in theme.below(folder, ".html")}
    with suppress(TooManyFindings):
        check_pages(theme, check_schemas(theme, codes))
    return sorted(each for each in set(theme.findings) if each.severity == "error")
