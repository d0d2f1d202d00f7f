"""The methods that customers let their provider keep: its tokens with a label, never card data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from souk.customers.models import CustomerPaymentMethod
from souk.kernel.errors import NotFound

_METHOD = CustomerPaymentMethod
_COLUMNS: tuple[Any, ...] = (
    _METHOD.id, _METHOD.provider, _METHOD.provider_reference, _METHOD.provider_customer, _METHOD.label,
    _METHOD.created_at,
)  # fmt: skip


class UnknownSavedMethod(NotFound):
    code = "unknown_saved_method"

    def __init__(self) -> None:
        super().__init__("This way to pay is not saved in your account any more; choose another one.")


def keep_method(
    session: Session, customer_id: int, provider: str, *, reference: str, customer: str, label: str
) -> None:
    """Keep a method; one that looks the same is there already and stays as it is."""
    same = select(_METHOD.id).where(
        _METHOD.customer_id == customer_id, _METHOD.provider == provider, _METHOD.label == label
    )
    if session.execute(same.limit(1)).first() is not None:
        return
    row = insert(_METHOD).values(
        customer_id=customer_id, provider=provider, provider_reference=reference, provider_customer=customer,
        label=label,
    )  # fmt: skip
    session.execute(row.on_conflict_do_nothing())


def list_methods(session: Session, customer_id: int, providers: Sequence[str] | None = None) -> Sequence[Any]:
    """Return (id, provider, provider_reference, provider_customer, label, created_at), the newest first."""
    where = [_METHOD.customer_id == customer_id]
    if providers is not None:
        where.append(_METHOD.provider.in_(providers))
    return session.execute(select(*_COLUMNS).where(*where).order_by(_METHOD.id.desc())).all()


def read_method(session: Session, customer_id: int, method_id: int) -> Any:
    """Return a customer's own method; raises UnknownSavedMethod."""
    own = select(*_COLUMNS).where(_METHOD.id == method_id, _METHOD.customer_id == customer_id)
    row = session.execute(own).first()
    if row is None:
        raise UnknownSavedMethod
    return row


def drop_method(session: Session, customer_id: int, method_id: int) -> None:
    """Forget a method that its provider has let go of; one that is gone changes nothing."""
    session.execute(delete(_METHOD).where(_METHOD.id == method_id, _METHOD.customer_id == customer_id))


def provider_customer_of(session: Session, customer_id: int, provider: str) -> str:
    """Return how the provider calls a customer, empty when it knows none."""
    known = select(_METHOD.provider_customer).where(_METHOD.customer_id == customer_id, _METHOD.provider == provider)
    return session.execute(known.order_by(_METHOD.id.desc()).limit(1)).scalar_one_or_none() or ""
