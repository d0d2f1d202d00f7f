"""The plugins that a shop can ask about one subject: which are on, and how each failed last."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from plugins.api import Plugin
from plugins.enablement import enable, is_enabled
from plugins.loader import plugins as installed
from plugins.pauses import Pause, last_failures
from souk.kernel.tenancy import Scope


@dataclass(frozen=True, slots=True)
class AskedPlugin:
    plugin: Plugin
    enabled: bool
    failure: Pause | None


def asked_plugins(scope: Scope, subject: str, enabled: Sequence[str]) -> list[AskedPlugin]:
    """Return the installed plugins that have the hook `subject`; those of the ids `enabled` are on."""
    failures = last_failures(scope.pod, scope.tenant_id, subject)
    return [AskedPlugin(each, each.id in enabled, failures.get(each.id)) for each in installed().having(subject)]


def enabled_ids(session: Session, subject: str) -> list[str]:
    return [each.id for each in installed().having(subject) if is_enabled(session, each)]


def switch(session: Session, subject: str, wanted: Iterable[str]) -> None:
    """Let the shop use the plugins of these ids and no others of the subject; their settings stay."""
    chosen = frozenset(wanted)
    for each in installed().having(subject):
        if is_enabled(session, each) != (each.id in chosen):
            enable(session, each.id, enabled=each.id in chosen)


def installed_ids(subject: str) -> list[str]:
    return [each.id for each in installed().having(subject)]
