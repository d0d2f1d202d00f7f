"""Keep mails before they are sent, so that a repeated job finds its own earlier mail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Text, bindparam, func, select, update
from sqlalchemy.orm import Session

from souk.kernel import clock
from souk.kernel.statement import Statement
from souk.kernel.write_rows import insert_once
from souk.notifications.compose import Draft
from souk.notifications.models import MailMessage

# Whoever may read the shop's mails must not be able to sign in as a customer or to spend somebody's gift card.
SECRET_KINDS = frozenset({"password_reset", "gift_card"})
REMOVED = "The text of this mail held a secret and was not kept."


@dataclass(frozen=True, slots=True)
class StoredMail:
    id: int
    dedupe_key: str
    kind: str
    order_id: int | None
    recipient: str
    subject: str
    text_body: str
    html_body: str
    status: str
    attempts: int
    sent_at: datetime | None
    created_at: datetime


_COLUMNS = tuple(getattr(MailMessage, name) for name in StoredMail.__slots__)
_CLAIM = Statement(
    update(MailMessage)
    .where(MailMessage.dedupe_key == bindparam("key"), MailMessage.status == "queued")
    .values(attempts=MailMessage.attempts + 1)
    .returning(*_COLUMNS),
    StoredMail,
)
_ENDED = (
    update(MailMessage)
    .where(MailMessage.id == bindparam("mail_id"), MailMessage.status == "queued")
    .values(status=bindparam("ended", type_=Text))
)
_MARK = Statement[Any](_ENDED, columns=("sent_at",))
_MARK_AND_FORGET = Statement[Any](_ENDED, columns=("sent_at", "text_body", "html_body"))


def store(session: Session, draft: Draft, dedupe_key: str) -> None:
    """Keep a mail under `dedupe_key`; when one is kept there already, that one stays."""
    values = {
        "dedupe_key": dedupe_key,
        "kind": draft.kind,
        "order_id": draft.order_id,
        "recipient": draft.recipient,
        "subject": draft.subject,
        "text_body": draft.text,
        "html_body": draft.html,
    }
    insert_once(session, MailMessage, values)


def claim(session: Session, dedupe_key: str) -> StoredMail | None:
    """Count one attempt and return the mail to send; None when it was sent, given up or never kept."""
    return _CLAIM.first(session, key=dedupe_key)


def mark(session: Session, mail: StoredMail, status: str) -> None:
    """End a mail as `sent` or `failed`; a secret link is forgotten with that."""
    sent_at = clock.now() if status == "sent" else None
    if mail.kind in SECRET_KINDS:
        _MARK_AND_FORGET.run(session, mail_id=mail.id, ended=status, sent_at=sent_at, text_body=REMOVED, html_body="")
    else:
        _MARK.run(session, mail_id=mail.id, ended=status, sent_at=sent_at)


def list_mails(
    session: Session, *, order_id: int | None = None, page: int = 1, limit: int = 50
) -> tuple[list[StoredMail], int]:
    """Return one page of the shop's mails, newest first, and the number of all; secrets are left out."""
    wanted = [] if order_id is None else [MailMessage.order_id == order_id]
    newest = select(*_COLUMNS).where(*wanted).order_by(MailMessage.id.desc())
    rows = session.execute(newest.limit(limit).offset((page - 1) * limit))
    total = session.execute(select(func.count(MailMessage.id)).where(*wanted)).scalar_one()
    return [_without_secret(StoredMail(*row)) for row in rows], total


def read_mail(session: Session, mail_id: int) -> StoredMail | None:
    """Return one mail, without its secret."""
    row = session.execute(select(*_COLUMNS).where(MailMessage.id == mail_id)).first()
    return None if row is None else _without_secret(StoredMail(*row))


def _without_secret(mail: StoredMail) -> StoredMail:
    if mail.kind not in SECRET_KINDS:
        return mail
    shown = {name: getattr(mail, name) for name in StoredMail.__slots__}
    return StoredMail(**shown | {"text_body": REMOVED, "html_body": ""})
