"""Mail a staff member the link that sets a password. It goes out at once and is stored nowhere."""

from __future__ import annotations

import structlog
from flask import url_for

from souk.kernel.config import config
from souk.kernel.errors import SoukError
from souk.notifications.compose import staff_password_reset
from souk.notifications.send import send
from souk.notifications.transport import mail_transport

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
