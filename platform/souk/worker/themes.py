"""Publish the themes whose hour has come."""

from __future__ import annotations

import structlog

from souk.kernel.config import config
from souk.kernel.db import transaction
from souk.kernel.errors import SoukError
from souk.kernel.tenancy import TenantScope
from souk.media.configured import media_storage
from themes.library import due_themes, give_up_schedule
from themes.publishing import publish_theme
from themes.release import check_work
from themes.work import read_theme

log = structlog.get_logger(__name__)


def publish_due_themes(scope: TenantScope) -> int:
    """Publish what is due in one shop, each theme as it stands now; returns how many. Twice is harmless.

    A theme that cannot be shown leaves the shop as it is and says why in the library.
    """
    with transaction(scope, read_only=True) as session:
        due = due_themes(session)
    return sum(_publish(scope, theme_id, actor) for theme_id, actor in due)


def _publish(scope: TenantScope, theme_id: int, actor: str) -> bool:
    with transaction(scope, read_only=True) as session:
        theme = read_theme(session, theme_id)
    try:
        check_work(media_storage(config()), theme.work)
        with transaction(scope) as session:
            publish_theme(session, theme_id, actor=actor, kind="scheduled", expected=theme.version)
    except SoukError as error:
        log.warning("scheduled_theme_refused", tenant_id=scope.tenant_id, theme_id=theme_id, error=str(error))
        with transaction(scope) as session:
            give_up_schedule(session, theme_id, f"It was not published at its time: {error.detail}")
        return False
    return True
