"""What a theme must pass before a shop takes it: the validator, and a trial of every page."""

from __future__ import annotations

from dataclasses import replace

from souk.kernel.errors import Invalid
from themes.files import ThemeFiles
from themes.render import render_page
from themes.sandbox.budget import Limits
from themes.snapshot import page, route
from themes.theme import Theme
from themes.validate import Finding, check, errors

# One address for each template of the storefront.
TRIALS = (
    "/", "/products/oak-bowl", "/collections/all", "/collections", "/search", "/cart", "/pages/about", "/password",
    "/nothing",
)  # fmt: skip
# A page must pass with half of what it may use later: a shop has more than the example has.
TRIAL = replace(Limits(), ops=Limits().ops // 2, chars=Limits().chars // 2, captured=Limits().captured // 2)


class ThemeRefused(Invalid):
    """`findings` says all that is wrong."""

    code = "theme_refused"

    def __init__(self, findings: list[Finding]) -> None:
        first = findings[0]
        super().__init__(
            f"The theme has {len(findings)} error{'' if len(findings) == 1 else 's'}, first {first.file}:{first.line}:"
            f" {first.message}",
            findings=[f"{each.file}:{each.line}: {each.message} [{each.rule}]" for each in findings[:100]],
        )
        self.findings = findings


def check_upload(files: ThemeFiles) -> list[Finding]:
    """Return the warnings of a theme that may be used; raise ThemeRefused for one that may not."""
    findings = check(files)
    wrong = errors(findings) or _trial(files)
    if wrong:
        raise ThemeRefused(wrong)
    return findings


def _trial(files: ThemeFiles) -> list[Finding]:
    theme = Theme("trial", files)
    failed = {}
    for path in TRIALS:
        found = route(path, "oak")
        result = render_page(theme, found.template, replace(page(found, path, design_mode=True), limits=TRIAL))
        for name in result.failed_sections:
            message = f"On the example page {path} the part {name} fails; `souk theme dev` shows why."
            failed[found.template, name] = Finding(f"templates/{found.template}.json", 1, "trial", "error", message)
    return list(failed.values())
