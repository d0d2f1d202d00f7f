"""Let a buyer pay a draft order: its checkout, with staff's prices and held stock, and what it would cost."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from souk.addresses.fields import clean_address
from souk.cart.create import create_cart
from souk.cart.models import CartLine
from souk.cart.queries import CartItem
from souk.checkout.draft_terms import CODE
from souk.checkout.errors import CheckoutBusy
from souk.checkout.models import Checkout
from souk.checkout.pickup import PREFIX, PickUp, place_of
from souk.checkout.price import price
from souk.inventory.pickup import pickup_place
from souk.inventory.release import release
from souk.inventory.reserve import reserve
from souk.kernel import clock
from souk.kernel.events import Event
from souk.kernel.outbox import publish
from souk.kernel.settings import read_setting
from souk.kernel.tokens import new_token
from souk.orders.draft import Priced
from souk.orders.drafting.errors import BadDraft, DraftEnded
from souk.orders.drafting.save import read_draft
from souk.orders.goods import Goods, goods_for, goods_of
from souk.orders.markets import draft_market
from souk.orders.models import DraftOrder
from souk.pricing.rules import Market, read_rules

PAYABLE_FOR = timedelta(days=30)
LONGEST_HOLD = 90


def price_draft(session: Session, content: Mapping[str, Any], currency: str) -> Priced:
    """Return what a draft costs for its address as it stands now; shipping that the buyer chooses is not in it."""
    goods = _goods(session, content, draft_market(session, content, currency))
    items = []
    for line in content["lines"]:
        one = goods[line["variant_id"]].priced(line["unit_price"])
        each = one.price
        items.append(
            CartItem(
                variant_id=one.variant_id, product_id=one.product_id, handle="", title=one.title,
                variant_title=one.variant_title, sku=one.sku, vendor=one.vendor, image_key=one.image_key,
                quantity=line["quantity"], unit_price=each, shown_price=each, requires_shipping=one.requires_shipping,
                taxable=one.taxable, tax_class=one.tax_class, weight_grams=one.weight_grams, for_sale=True,
                components=one.components or None, price_steps=one.price_steps,
            )
        )  # fmt: skip
    place = _place(session, content, currency)
    if place is not None:
        return price(session, items, currency, place.address, place.to_json(), claim=None)
    rate = {} if content["shipping"] is None else {"code": CODE, "provider": CODE, **content["shipping"]}
    return price(session, items, currency, content["shipping_address"], rate, claim=None)


def _place(session: Session, content: Mapping[str, Any], currency: str) -> PickUp | None:
    row = pickup_place(session, content["pickup"]) if content.get("pickup") else None
    if row is None:
        return None
    usual = read_rules(session).price(row.pickup["price"], currency)
    return place_of(row._asdict(), usual if content["shipping"] is None else content["shipping"]["amount"])


def _goods(session: Session, content: Mapping[str, Any], market: Market) -> dict[int, Goods]:
    return goods_for(session, {line["variant_id"]: line["quantity"] for line in content["lines"]}, market)


def invoice_draft(session: Session, draft_id: int, hold_days: int = 0) -> str:
    """Make the draft payable and return the secret of its checkout; the mail with the link goes out.

    `hold_days`: how long its stock is held for the buyer; 0 holds nothing. A draft that was invoiced before gets a
    new checkout, and the link of before ends.

    Raises:
        UnknownDraft, DraftEnded, BadDraft, BadAddress, CheckoutBusy: nothing was changed.
        OutOfStock: roll back.

    """
    draft = reopen_draft(session, draft_id)
    content = draft.content
    if not content["lines"]:
        raise BadDraft("Put something into the draft first.")
    if not 0 <= hold_days <= LONGEST_HOLD:
        raise BadDraft(f"Stock is held for at most {LONGEST_HOLD} days.")
    place = content.get("pickup")
    if place and pickup_place(session, place) is None:
        raise BadDraft("Nothing can be picked up at the draft's place any more; choose another one, or have it sent.")
    now = clock.now()
    until = now + timedelta(days=hold_days) if hold_days else None
    market = draft_market(session, content, draft.currency)
    terms = {
        "draft_id": draft_id,
        "groups": sorted(market.groups),
        "prices": {
            str(line["variant_id"]): line["unit_price"] for line in content["lines"] if line["unit_price"] is not None
        },
        "shipping": content["shipping"],
        "pickup": place,
        "reserved_until": until.isoformat() if until else None,
    }
    checkout_id, token = _insert(session, draft, terms, market)
    values = {"status": "invoiced", "checkout_id": checkout_id, "reserved_until": until, "updated_at": now}
    session.execute(update(DraftOrder).where(DraftOrder.id == draft_id).values(**values))
    publish(session, Event("draft_order.invoiced", draft_id, {"token": token}))
    if until is not None:
        goods = goods_of(session, [line["variant_id"] for line in content["lines"]])
        taken = [part for line in content["lines"] for part in goods[line["variant_id"]].from_shelf(line["quantity"])]
        reserve(session, checkout_id, taken, until, place)
    return token


def _insert(session: Session, draft: Any, terms: Mapping[str, Any], market: Market) -> tuple[int, str]:
    content, now, token = draft.content, clock.now(), new_token()
    address = clean_address(content["shipping_address"]) if content["shipping_address"] else {}
    cart = create_cart(session, draft.currency, country=market.country)
    goods = _goods(session, content, market)
    rows = [
        {
            "cart_id": cart.id,
            "variant_id": line["variant_id"],
            "quantity": line["quantity"],
            "unit_price": goods[line["variant_id"]].priced(line["unit_price"]).price,
            "created_at": now,
        }
        for line in content["lines"]
    ]
    session.execute(insert(CartLine), rows)
    row = insert(Checkout).values(
        token=token,
        cart_id=cart.id,
        email=content["email"],
        currency=draft.currency,
        locale=read_setting(session, "shop").get("locale", "en"),
        shipping_address=address,
        billing_address=address,
        shipping_rate=_rate(content),
        terms=dict(terms),
        note=content["note"],
        source="draft",
        expires_at=now + PAYABLE_FOR,
        updated_at=now,
    )
    return int(session.execute(row.returning(Checkout.id)).scalar_one()), token


def _rate(content: Mapping[str, Any]) -> dict[str, str]:
    if content.get("pickup"):
        return {"code": f"{PREFIX}{content['pickup']}"}
    return {"code": CODE} if content["shipping"] else {}


def reopen_draft(session: Session, draft_id: int) -> Any:
    """End the link of an invoiced draft, so that it can be changed; returns the open draft.

    Raises:
        UnknownDraft, DraftEnded, CheckoutBusy: nothing was changed.

    """
    _end_checkout(session, read_draft(session, draft_id))
    draft = read_draft(session, draft_id, lock=True)
    if draft.status not in {"open", "invoiced"}:
        raise DraftEnded(draft.status)
    values = {"status": "open", "checkout_id": None, "reserved_until": None, "updated_at": clock.now()}
    session.execute(update(DraftOrder).where(DraftOrder.id == draft_id).values(**values))
    return draft


def cancel_draft(session: Session, draft_id: int) -> None:
    """End a draft and let go of its stock; raises UnknownDraft, DraftEnded, CheckoutBusy."""
    reopen_draft(session, draft_id)
    session.execute(update(DraftOrder).where(DraftOrder.id == draft_id).values(status="canceled"))


def _end_checkout(session: Session, draft: Any) -> None:
    if draft.checkout_id is None or draft.status != "invoiced":
        return
    # The checkout is locked before the draft, as the payment of one does.
    found = select(Checkout.status).where(Checkout.id == draft.checkout_id).with_for_update()
    status = session.execute(found).scalar_one_or_none()
    if status in {"completing", "completed"}:
        raise CheckoutBusy
    session.execute(update(Checkout).where(Checkout.id == draft.checkout_id).values(status="expired"))
    release(session, draft.checkout_id)


def checkout_token(session: Session, draft: Any) -> str | None:
    """Return the secret of a draft's checkout, None while it has none."""
    if draft.checkout_id is None:
        return None
    return session.execute(select(Checkout.token).where(Checkout.id == draft.checkout_id)).scalar_one_or_none()
