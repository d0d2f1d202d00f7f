"""The theme that a request asks for instead of the live one; see souk.web.preview."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import g, request
from markupsafe import Markup

from souk.kernel.config import config

# What a preview's address holds beside what the page itself reads.
PASS, TEMPLATE = "pt", "_template"
OWN_ARGUMENTS = frozenset([PASS, TEMPLATE, "sections"])
_EDITOR = Markup('<script type="module" src="/_preview/frame/bridge.js" data-editor="{}" data-template="{}"></script>')
_BAR = Markup('<script type="module" src="/_preview/frame/bar.js"></script>')


@dataclass(frozen=True, slots=True)
class Chosen:
    """`design` is the editor's frame. `settings` and `templates` lie over what is saved: they are not saved yet."""

    theme_id: int
    design: bool = False
    settings: Mapping[str, Any] | None = None
    templates: Mapping[str, Any] = field(default_factory=dict)

    @property
    def asset_base(self) -> str:
        return f"/_preview/assets/{self.theme_id}"


def chosen() -> Chosen | None:
    """Return what this request chose; None on a shop's own hosts."""
    found: Chosen | None = g.get("chosen")
    return found


def template_of(template: str) -> str:
    """Return the template to draw: the editor may look at an alternate of the page's own, such as product.gift."""
    wanted = request.args.get(TEMPLATE, "") if chosen() else ""
    return wanted if wanted.partition(".")[0] == template.partition(".")[0] else template


def head_of(template: str) -> Markup:
    """Return what a previewed page loads beside its own: the editor's other half, or a note that this is a preview."""
    choice = chosen()
    if choice is None:
        return Markup()
    return _EDITOR.format(config().origin(f"admin.{config().base_domain}"), template) if choice.design else _BAR
