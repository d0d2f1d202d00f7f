"""How many buyers a shop lets into the checkout at once: the settings group `admission`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy.orm import Session

from souk.checkout.admission.errors import BadAdmission
from souk.kernel.settings import read_setting, write_setting

GROUP = "admission"
SHOP = "shop"
MOST_BUYERS, MOST_PRODUCTS = 10_000, 20
LEAST_MINUTES, MOST_MINUTES = 2, 120


@dataclass(frozen=True, slots=True)
class Gate:
    """One queue: `limit` buyers at once, each for `stay`."""

    queue: str
    limit: int
    stay: timedelta


@dataclass(frozen=True, slots=True)
class Admission:
    """`limit` holds for every checkout of the shop, 0 for none; `products` maps product ids to limits of their own."""

    limit: int = 0
    minutes: int = 10
    products: Mapping[int, int] = field(default_factory=dict)

    @property
    def on(self) -> bool:
        return bool(self.limit or self.products)

    def gate_for(self, product_ids: Iterable[int]) -> Gate | None:
        """Return the narrowest gate before these goods, None where anybody may pass."""
        gates = [(self.products[one], f"product:{one}") for one in set(product_ids) if one in self.products]
        if self.limit:
            gates.append((self.limit, SHOP))
        if not gates:
            return None
        limit, queue = min(gates)
        return Gate(queue, limit, timedelta(minutes=self.minutes))


def read_admission(session: Session) -> Admission:
    known = read_setting(session, GROUP)
    if not known:
        return Admission()
    return Admission(known["limit"], known["minutes"], {int(key): limit for key, limit in known["products"].items()})


def save_admission(session: Session, admission: Admission) -> None:
    """Raises BadAdmission."""
    if not 0 <= admission.limit <= MOST_BUYERS:
        raise BadAdmission("limit")
    if not LEAST_MINUTES <= admission.minutes <= MOST_MINUTES:
        raise BadAdmission("minutes")
    if len(admission.products) > MOST_PRODUCTS:
        raise BadAdmission("products")
    for product_id, limit in admission.products.items():
        if not 1 <= limit <= MOST_BUYERS:
            raise BadAdmission(f"product-{product_id}")
    products = {str(product_id): limit for product_id, limit in admission.products.items()}
    write_setting(session, GROUP, {"limit": admission.limit, "minutes": admission.minutes, "products": products})
