"""A theme as the admin API shows it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from souk.kernel import ids
from souk.kernel.db import transaction
from souk.web.api.operations import Call
from souk.web.api.schemas.admin_themes import ThemeView
from themes.validation.finding import Finding
from themes.work import Edited, read_theme

_SAME = ("name", "role", "version", "updated_at", "published_at", "publish_at")


def theme_view(theme: Edited) -> ThemeView:
    same: dict[str, Any] = {name: getattr(theme, name) for name in _SAME}
    return ThemeView(
        **same,
        id=ids.encode(ids.THEME, theme.id),
        base_handle=theme.work.base_handle,
        base_version=theme.work.base_version,
        has_draft=theme.drafted,
    )


def named_theme(call: Call) -> Edited:
    """Read the theme that the address names in a transaction of its own, so that its files can be read after it."""
    with transaction(call.scope, read_only=True) as session:
        return read_theme(session, ids.decode(ids.THEME, call.path["theme_id"]))


def remarks(findings: Iterable[Finding]) -> list[str]:
    return [f"{each.file}:{each.line}: {each.message} [{each.rule}]" for each in findings]
