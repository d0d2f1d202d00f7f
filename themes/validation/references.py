"""Rules on what templates name: snippets and their graph, sections, groups, assets and translations."""

from __future__ import annotations

import re

from jinja2 import nodes

from themes.sandbox.grammar import near
from themes.tags.language import RENDER, SECTION, SECTIONS
from themes.validation.code import Code, Codes, literal
from themes.validation.finding import Inspection
from themes.validation.locales import Texts

_TEXT_FILTERS = ("t", "translate")
_TYPED = re.compile(r"[\w-]+\.(?:css|js|mjs|svg|png|jpe?g|webp|avif|gif|woff2?|ico)")


def check_references(theme: Inspection, codes: Codes, texts: Texts) -> None:
    for code in codes.by_path.values():
        for tag, folder, ending, rule in (
            (RENDER, "snippets", "html", "missing-snippet"),
            (SECTION, "sections", "html", "missing-section"),
            (SECTIONS, "sections", "json", "missing-group"),
        ):
            for call in code.calls(tag):
                _check_file(theme, code, call, f"{folder}/{literal(call.node)}.{ending}", rule)
        _check_assets(theme, code)
        _check_texts(theme, code, texts)
    _check_layouts(theme, codes)


def _check_file(theme: Inspection, code: Code, call: nodes.Filter, path: str, rule: str) -> None:
    if path not in theme.files:
        theme.error(
            code.path, call.lineno, rule, f"There is no {path}{near(path, theme.files)}; add it or correct the name."
        )


def _check_assets(theme: Inspection, code: Code) -> None:
    for name in ("asset_url", "inline_asset_content"):
        for call in code.calls(name):
            asset = literal(call.node)
            if asset is not None and _TYPED.fullmatch(asset):
                _check_file(theme, code, call, f"assets/{asset}", "missing-asset")


def _check_texts(theme: Inspection, code: Code, texts: Texts) -> None:
    for name in _TEXT_FILTERS:
        for call in code.calls(name):
            key = literal(call.node)
            if key is not None and not texts.has(key):
                message = f"{texts.path} has no text {key!r}{near(key, texts.keys)}; add it or correct the key."
                theme.error(code.path, call.lineno, "missing-translation", message)


def _check_layouts(theme: Inspection, codes: Codes) -> None:
    for path, code in codes.by_path.items():
        if code.folder == "layout":
            names = {node.name for node in code.tree.find_all(nodes.Name)}
            for needed in ("content_for_header", "content_for_layout"):
                if needed not in names:
                    theme.error(path, 1, "layout-object", f"A layout prints {{{{ {needed} }}}}; add it.")
