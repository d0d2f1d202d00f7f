"""Rules on the parts of a file that are bundled: they are served as they stand."""

from __future__ import annotations

import re

from themes.validation.code import Codes
from themes.validation.finding import Inspection

_MODULE = re.compile(r"^\s*(?:import\b(?!\s*\()|export\b)", re.MULTILINE)
_CODE = re.compile(r"\{\{|\{%")
MAX_PART = 64 * 1024


def check_bundles(theme: Inspection, codes: Codes) -> None:
    for path, parts in codes.parts.items():
        for name in ("stylesheet", "javascript"):
            text = parts.raw.get(name, "")
            line = parts.lines.get(name, 1)
            if len(text) > MAX_PART:
                theme.error(
                    path, line, "bundle", f"The {name} has more than {MAX_PART // 1024} KB; move it into assets."
                )
            found = _CODE.search(text)
            if found:
                at = line + text.count("\n", 0, found.start())
                theme.error(
                    path, at, "bundle", f"The {name} is served as it stands; use CSS variables or data attributes."
                )
        script = parts.raw.get("javascript", "")
        module = _MODULE.search(script)
        if module:
            at = parts.lines["javascript"] + script.count("\n", 0, module.end())
            theme.error(
                path, at, "bundle", "Scripts of sections are joined, so they cannot import or export; use an asset."
            )
