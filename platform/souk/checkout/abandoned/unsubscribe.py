"""Leave the owner of an abandoned checkout alone from now on."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from souk.checkout.abandoned.link import checkout_id_of
from souk.checkout.models import Checkout
from souk.customers.consents import withdraw_marketing
from souk.kernel.db import scope_of


def unsubscribe(session: Session, token: str) -> None:
    """Take back the consent of the address behind a reminder's link; said twice it changes nothing more.

    Raises RecoveryLinkGone for a link that is none of this shop.
    """
    checkout_id = checkout_id_of(scope_of(session).tenant_id, token, for_ever=True)
    email = session.execute(select(Checkout.email).where(Checkout.id == checkout_id)).scalar_one_or_none()
    if email:
        withdraw_marketing(session, email, "unsubscribe")
