"""Mail a staff member the link that sets a password, which is stored nowhere, and tell the shops of it."""

from __future__ import annotations

import structlog
from flask import url_for
from sqlalchemy.exc import DBAPIError

from souk.kernel.config import config
from souk.kernel.db import transaction
from souk.kernel.errors import SoukError
from souk.kernel.events import Event
from souk.kernel.outbox import publish
from souk.kernel.tenancy import control_scope
from souk.notifications.compose import staff_password_reset
from souk.notifications.send import send
from souk.notifications.transport import mail_transport
from souk.staff.memberships import shops_of

log = structlog.get_logger(__name__)


def mail_link(recipient: str, token: str) -> None:
    """Send the link; call it after the commit. A failure is logged and not shown, since the answer to the
    browser must not tell which addresses have an account.
    """
    origin = config().origin(f"admin.{config().base_domain}")
    draft = staff_password_reset(recipient, f"{origin}{url_for('dashboard.reset', token=token)}")
    try:
        send(mail_transport(config()), config(), draft, key=f"staff-reset:{token}", shop_name="Souk")
    except SoukError as error:
        log.warning("staff_reset_mail_failed", code=error.code, detail=error.detail)


def tell_shops(staff_id: int) -> None:
    """Tell each shop of this person what was asked for, without its secret; call it after the commit.

    A shop on another pod is another database: one that does not answer keeps nobody from a new password.
    """
    with transaction(control_scope(), read_only=True) as session:
        scopes = [shop.scope for shop in shops_of(session, staff_id)]
    for scope in scopes:
        try:
            with transaction(scope) as session:
                publish(session, Event("staff.password_reset_requested", staff_id))
        except (SoukError, DBAPIError) as error:
            log.warning("staff_reset_not_told", tenant_id=scope.tenant_id, error=type(error).__name__)
