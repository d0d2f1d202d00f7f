"""The discounts of a demo shop: one of each kind, of which buyers of the past have used some."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from cli.demo.catalog import Shop
from souk.catalog.models import Collection
from souk.customers.models import Customer
from souk.customers.tags import set_tags
from souk.discounts.bulk_codes import generate_codes
from souk.discounts.drafts import DiscountDraft
from souk.discounts.save import save_discount
from souk.kernel import clock
from souk.payments.gift_cards.issue import NewCard, grant_credit, issue_card

WELCOME = "WELCOME10"
# Older than the first order of the replayed past.
_AGO = timedelta(days=40)


def install_promotions(session: Session, shop: Shop) -> None:
    """Make the discounts; the last customer of the shop is put into the group `vip`."""
    began, large = clock.now() - _AGO, 40_000
    save_discount(session, DiscountDraft(
        title="Welcome", code=WELCOME, rules={"value": "10"}, per_customer=1, combines_with=["shipping"],
        starts_at=began,
    ))  # fmt: skip
    save_discount(session, DiscountDraft(
        title="Free delivery", code="FREESHIP", kind="shipping", value_type="free_shipping",
        combines_with=["order", "product"], starts_at=began,
    ))  # fmt: skip
    save_discount(session, DiscountDraft(
        title="For regulars", code="VIP15", rules={"value": "15", "customers": {"tags": ["vip"]}}, budget=large,
        starts_at=began,
    ))  # fmt: skip
    save_discount(session, DiscountDraft(
        title="Buy two, the third is a gift", method="automatic", kind="product", value_type="buy_x_get_y",
        rules={"value": "100", "buys": {"quantity": 2, **_first_collection(session)},
               "gets": {"quantity": 1, **_first_collection(session)}},
        starts_at=clock.now() + timedelta(days=7), ends_at=clock.now() + timedelta(days=14),
    ))  # fmt: skip
    letters = save_discount(session, DiscountDraft(
        title="Newsletter", value_type="fixed_amount", rules={"value": 500, "minimum": {"subtotal": 3_000}},
        starts_at=began,
    ))  # fmt: skip
    generate_codes(session, letters, 25, "NEWS")
    issue_card(session, NewCard(
        amount=5_000, currency=shop.currency, recipient={"name": shop.customers[0].name}, note="Won at the spring fair",
    ), "system")  # fmt: skip
    regular = select(Customer.id).where(Customer.email == shop.customers[-1].email)
    customer_id = session.execute(regular).scalar_one()
    set_tags(session, customer_id, ["vip"])
    grant_credit(session, customer_id, 1_500, shop.currency, "system", "A parcel came late")


def _first_collection(session: Session) -> dict[str, list[int]]:
    first = select(Collection.id).order_by(Collection.position, Collection.id).limit(1)
    return {"collections": list(session.scalars(first))}
