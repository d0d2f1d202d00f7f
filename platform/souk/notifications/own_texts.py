"""A shop's own words in its mails: placeholders are filled in, nothing of them is ever run."""

from __future__ import annotations

import re
from collections.abc import Mapping

from sqlalchemy.orm import Session

from souk.kernel.errors import Invalid
from souk.kernel.settings import read_setting, write_setting

SETTING = "mail_texts"
PLACES = ("order", "shop", "customer", "amount", "answers")
# Which text of a mail a shop may say in its own words. Mails about accounts stay ours.
TEXT_OF: Mapping[str, str] = {
    "order_placed": "placed.text",
    "order_paid": "step.order_paid.text",
    "order_shipped": "shipped.text",
    "order_delivered": "step.order_delivered.text",
    "order_ready": "ready.text",
    "order_downloads": "downloads.text",
    "order_canceled": "canceled.text",
    "order_refunded": "refunded.text",
    "order_edited": "step.order_edited.text",
    "checkout_abandoned": "abandoned.text",
    "draft_invoiced": "step.draft_invoiced.text",
    "return_requested": "step.return_requested.text",
    "return_approved": "step.return_approved.text",
    "return_declined": "step.return_declined.text",
    "return_received": "step.return_received.text",
    "return_canceled": "step.return_canceled.text",
    "return_closed": "step.return_closed.text",
    "claim_approved": "step.claim_approved.text",
    "claim_closed": "step.claim_closed.text",
    "gift_card": "gift_card.text",
}
# What a shop may leave unsent. The others hold what a buyer needs: the order itself, its files, a link, a refusal.
OPTIONAL = (
    "order_paid", "order_shipped", "order_delivered", "order_ready", "order_refunded", "return_requested",
    "return_received", "return_closed", "claim_closed",
)  # fmt: skip
_UNSENT = "unsent"
MOST_SUBJECT = 150
MOST_TEXT = 2_000
_PLACE = re.compile(r"\{\{\s*(\w*)\s*\}\}")
# Anything that looks like a placeholder, so that `{{ order.name }}` is refused and not mailed as it stands.
_ANY_PLACE = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)


class UnknownMailKind(Invalid):
    code = "unknown_mail_kind"

    def __init__(self) -> None:
        super().__init__(f"There is no such mail; choose one of: {', '.join(TEXT_OF)}.", field="kind")


class UnknownPlaceholder(Invalid):
    code = "unknown_placeholder"

    def __init__(self, name: str) -> None:
        known = ", ".join(f"{{{{ {place} }}}}" for place in PLACES)
        super().__init__(f"“{name[:40]}” is no placeholder; these are filled in: {known}.", field="text")


def fill(text: str, values: Mapping[str, str]) -> str:
    """Put values into a text's placeholders; one without a value becomes nothing."""
    return _PLACE.sub(lambda found: values.get(found[1], ""), text)


def read_texts(session: Session) -> dict[str, dict[str, str]]:
    """Return mail kind -> {subject, text}, as far as the shop has words of its own."""
    return {kind: dict(own) for kind, own in read_setting(session, SETTING).items() if kind in TEXT_OF}


def write_text(session: Session, kind: str, subject: str, text: str) -> None:
    """Keep the shop's own words for a mail; empty ones bring ours back.

    Raises:
        UnknownMailKind, UnknownPlaceholder: nothing was changed.

    """
    own = checked(kind, subject, text)
    texts = read_setting(session, SETTING)
    write_setting(session, SETTING, {**texts, kind: own} if any(own.values()) else {**texts, kind: {}})


def read_unsent(session: Session) -> frozenset[str]:
    """Return the kinds of mail that the shop does not send."""
    return frozenset(read_setting(session, SETTING).get(_UNSENT, ())) & frozenset(OPTIONAL)


def set_sending(session: Session, kind: str, *, wanted: bool) -> None:
    """Send a kind of mail, or leave it unsent; a kind that is no OPTIONAL one is always sent."""
    unsent = read_unsent(session) - {kind} if wanted else read_unsent(session) | {kind}
    kept = sorted(unsent & frozenset(OPTIONAL))
    write_setting(session, SETTING, {**read_setting(session, SETTING), _UNSENT: kept})


def checked(kind: str, subject: str, text: str) -> dict[str, str]:
    """Return {subject, text}, trimmed; raises UnknownMailKind, UnknownPlaceholder."""
    if kind not in TEXT_OF:
        raise UnknownMailKind
    own = {"subject": " ".join(subject.split())[:MOST_SUBJECT], "text": text.strip()[:MOST_TEXT]}
    for value in own.values():
        for name in _ANY_PLACE.findall(value):
            if name.strip() not in PLACES:
                raise UnknownPlaceholder(name.strip())
    return own
