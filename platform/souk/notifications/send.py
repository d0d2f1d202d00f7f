"""Turn a stored mail into a message and hand it to the transport."""

from __future__ import annotations

import hashlib
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from souk.kernel import clock
from souk.kernel.config import Config
from souk.notifications.compose import Draft
from souk.notifications.transport import MailTransport


def send(
    transport: MailTransport,
    config: Config,
    draft: Draft,
    *,
    key: str,
    shop_name: str,
    reply_to: str = "",
    unsubscribe: str = "",
) -> None:
    """Send one mail; `key` gives it the same Message-ID each time, by which mail programs drop a repetition.

    `unsubscribe` is where mail programs post to when their reader wants no more (RFC 8058).
    """
    message = EmailMessage()
    sender = config.mail_from
    message["From"] = Address(display_name=_one_line(shop_name), addr_spec=sender)
    message["To"] = draft.recipient
    if reply_to:
        message["Reply-To"] = reply_to
    message["Subject"] = draft.subject
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{sender.rpartition('@')[2]}>"
    if unsubscribe:
        message["List-Unsubscribe"] = f"<{unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(draft.text)
    message.add_alternative(draft.html, subtype="html")
    transport.send(message, key)


def _one_line(text: str) -> str:
    return " ".join(text.split())
