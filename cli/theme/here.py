"""A shop on the platform whose stores this machine reaches: what operators use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cli.edge import attach
from cli.theme.target import Push

if TYPE_CHECKING:
    from souk.kernel.tenancy import TenantScope
    from souk.media.storage import MediaStorage
    from themes.installations import Installed


def scope_of(slug: str) -> TenantScope:
    from souk.kernel.db import transaction
    from souk.kernel.tenancy import control_scope
    from tenants.queries import tenant_by_slug

    attach()
    with transaction(control_scope(), read_only=True) as session:
        return tenant_by_slug(session, slug).scope


def _storage() -> MediaStorage:
    from souk.kernel.config import config
    from souk.media.configured import media_storage

    return media_storage(config())


class LocalShop:
    def __init__(self, slug: str) -> None:
        self._scope = scope_of(slug)

    def themes(self) -> list[dict[str, Any]]:
        from souk.kernel.db import transaction
        from themes.installations import list_themes

        with transaction(self._scope, read_only=True) as session:
            found = list_themes(session)
        return [
            {
                "id": each.id,
                "name": each.name,
                "role": each.role,
                "version": each.base_version,
                "files": len(each.files) or each.base_handle,
                "published_at": each.published_at,
            }
            for each in found
        ]

    def push(self, sent: Push) -> int:
        from souk.kernel.db import transaction
        from themes.installations import add_theme
        from themes.overwrite import replace_files
        from themes.publishing import publish_theme
        from themes.stored import keep_files
        from themes.work import read_theme

        kept, theme_id = keep_files(_storage(), sent.files), sent.theme_id
        with transaction(self._scope) as session:
            if theme_id is None:
                theme_id = add_theme(session, sent.name, sent.version, kept)
            else:
                found = read_theme(session, theme_id)
                # What was pulled is what shoppers see: of a draft over it nobody outside the shop has seen anything.
                seen = sent.force or (sent.seen == found.version and not found.drafted)
                replace_files(session, theme_id, sent.version, kept, seen=seen)
            if sent.live:
                publish_theme(session, theme_id)
        return theme_id

    def pull(self, theme_id: int | None) -> dict[str, bytes]:
        from souk.kernel.db import transaction
        from themes.installations import list_themes, theme_by_id

        with transaction(self._scope, read_only=True) as session:
            live = [each for each in list_themes(session) if each.role == "main"]
            chosen = theme_by_id(session, theme_id) if theme_id is not None else next(iter(live), None)
        return _files_of(chosen)

    def live(self) -> int | None:
        return next((each["id"] for each in self.themes() if each["role"] == "main"), None)

    def version(self, theme_id: int) -> int:
        from souk.kernel.db import transaction
        from themes.work import read_theme

        with transaction(self._scope, read_only=True) as session:
            return read_theme(session, theme_id).version

    def publish(self, theme_id: int) -> None:
        from souk.kernel.db import transaction
        from themes.publishing import publish_theme

        with transaction(self._scope) as session:
            publish_theme(session, theme_id)


def _files_of(chosen: Installed | None) -> dict[str, bytes]:
    from themes.merge import with_changes
    from themes.stored import FALLBACK, read_files
    from themes.theme import load_builtin

    if chosen is None:
        return dict(load_builtin(FALLBACK).files)
    files = read_files(_storage(), chosen.files) if chosen.files else dict(load_builtin(chosen.base_handle).files)
    return with_changes(files, chosen.settings, chosen.templates)
