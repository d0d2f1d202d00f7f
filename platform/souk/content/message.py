"""A shopper's message to the shop: checked here, sent as a mail to the shop's address, kept nowhere else."""

from __future__ import annotations

from sqlalchemy.orm import Session

from souk.content.errors import ContentInvalid
from souk.kernel.email_address import normalize_email
from souk.kernel.events import Event
from souk.kernel.outbox import publish
from souk.kernel.tokens import new_token

MAX_NAME, MAX_MESSAGE = 120, 5_000


class MessageInvalid(ContentInvalid):
    code = "message_invalid"


def send_message(session: Session, name: str, email: str, message: str) -> None:
    """Raises MessageInvalid for an empty or overlong text, BadEmail for an address that is none."""
    text = message.replace("\x00", "").strip()
    if not text or len(text) > MAX_MESSAGE:
        raise MessageInvalid("message", f"write 1 to {MAX_MESSAGE} characters.")
    sender = " ".join(name.replace("\x00", "").split())[:MAX_NAME]
    payload = {"name": sender, "reply_to": normalize_email(email), "message": text, "token": new_token()}
    publish(session, Event("message.sent", 0, payload))
