"""An order is collected at a location: from its stock, taxed by its address, handed over there."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import insert, select

from souk.checkout.changes import Changes
from souk.checkout.complete import complete_checkout
from souk.checkout.draft_invoice import invoice_draft, price_draft
from souk.checkout.errors import RequirementsNotMet
from souk.checkout.read import CheckoutView, read_checkout
from souk.checkout.update import update_checkout
from souk.inventory.adjust import set_on_hand
from souk.inventory.audit import audit
from souk.inventory.errors import BadPickup, UnknownLocation
from souk.inventory.locations import list_locations
from souk.inventory.pickup import PickupTerms, end_pickup, offer_pickup
from souk.kernel.db import transaction
from souk.kernel.settings import read_setting, write_setting
from souk.kernel.tenancy import TenantScope
from souk.notifications.facts import order_facts
from souk.orders.cancel import cancel_order
from souk.orders.collect import picked_up, ready_for_pickup
from souk.orders.documents.issue import issue_packing_slip
from souk.orders.drafting.errors import BadDraft
from souk.orders.drafting.save import create_draft, read_draft
from souk.orders.errors import CannotFulfill
from souk.orders.events import timeline
from souk.orders.fulfill import fulfill_order
from souk.orders.models import Order, OrderDocument, OrderLine
from souk.orders.read import OrderView, read_order
from souk.shipping.errors import UnknownShippingRate
from souk.tax.models import TaxRate
from tests.factories.catalog import make_product
from tests.factories.commerce import ADDRESS, APPROVED, events, open_for_business, ready_checkout
from tests.inventory.stocking import level, new_location

PLACE = {"line1": "5 Harbor Road", "city": "Portland", "state": "OR", "postal_code": "97201", "country": "US"}
NOBODY = {"name": "", "line1": "", "city": "", "state": "", "postal_code": "", "country": "US"}


@pytest.fixture(scope="module")
def store(shop: TenantScope, other_shop: TenantScope) -> int:
    """Return a second location where orders are handed over for 1.00, in a state without the others' 10 %."""
    open_for_business(shop)
    open_for_business(other_shop)
    place = new_location(shop, "Harbor")
    with transaction(shop) as session:
        session.execute(insert(TaxRate).values(country="US", province="OR", name="OR", rate=Decimal("0.05")))
        offer_pickup(session, place, PickupTerms(100, "Ring twice", 2), PLACE)
    return place


def goods(scope: TenantScope, main: int | None, at: dict[int, int] | None = None) -> int:
    with transaction(scope) as session:
        variant_id = make_product(session, stock=main, price=1_000)[0]
        for place, units in (at or {}).items():
            set_on_hand(session, variant_id, place, units, "count", "system")
    return variant_id


def tell(scope: TenantScope, token: str, **told: Any) -> CheckoutView:
    with transaction(scope) as session:
        return update_checkout(session, token, Changes(**told))


def collected(scope: TenantScope, store: int, variant_id: int, quantity: int = 2) -> OrderView:
    token = ready_checkout(scope, [(variant_id, quantity)])
    tell(scope, token, shipping_code=f"pickup:{store}", shipping_address={**NOBODY, "name": "Ada"})
    done = complete_checkout(scope, token, APPROVED)
    assert done.order_id is not None
    return order_of(scope, done.order_id)


def order_of(scope: TenantScope, order_id: int) -> OrderView:
    with transaction(scope, read_only=True) as session:
        assert audit(session) == []
        return read_order(session, order_id)


def test_only_places_with_every_line_on_the_shelf_are_offered(shop: TenantScope, store: int) -> None:
    both, here, elsewhere = goods(shop, 9, {store: 3}), goods(shop, None, {store: 1}), goods(shop, 9)
    offered = {}
    for name, items in {
        "all": [(both, 3), (here, 1)],
        "too many": [(both, 4)],
        "not all": [(both, 1), (elsewhere, 1)],
    }.items():
        with transaction(shop) as session:
            token = ready_checkout(shop, items, shipping_code=None)
            offered[name] = [one.location_id for one in read_checkout(session, token).pickups]

    assert offered == {"all": [store], "too many": [], "not all": []}


def test_collecting_needs_no_address_and_is_taxed_at_the_place(shop: TenantScope, store: int) -> None:
    variant_id = goods(shop, 9, {store: 5})
    token = ready_checkout(shop, [(variant_id, 2)])

    nobody = tell(shop, token, shipping_code=f"pickup:{store}", shipping_address=NOBODY)
    business = tell(shop, token, shipping_address={**NOBODY, "name": "Ada", "company": "Engines"})
    somebody = tell(shop, token, shipping_address={**NOBODY, "name": "Ada"})
    back = tell(shop, token, shipping_code="", or_cheapest=True)

    missing = [[one.field for one in view.requirements] for view in (nobody, business, somebody)]
    assert missing[0][:-1] == ["shipping_address.name"]
    assert "shipping_address.line1" in missing[1]
    assert missing[2] == ["payment_provider"]
    # 20.00 of goods and 1.00 for the place, with the 10 % of the country and the 5 % of its state.
    assert (somebody.totals.shipping_total, somebody.totals.additional_tax_total) == (100, 315)
    assert (back.collects, back.shipping_rate["code"], back.totals.additional_tax_total) == (False, "standard", 250)


def test_an_order_takes_the_stock_of_its_place_and_is_handed_over_there(shop: TenantScope, store: int) -> None:
    variant_id = goods(shop, 9, {store: 5})
    order = collected(shop, store, variant_id)
    taken = level(shop, variant_id, store).committed, level(shop, variant_id).committed

    with transaction(shop) as session:
        parcel = ready_for_pickup(session, order.id, "staff:1")
        mail = order_facts(session, order.id, "https://x")
        issue_packing_slip(session, order.id, parcel, "staff:1")
        (slip,) = session.execute(select(OrderDocument.snapshot).where(OrderDocument.order_id == order.id)).scalars()
    waiting = order_of(shop, order.id)
    with pytest.raises(CannotFulfill), transaction(shop) as session:
        ready_for_pickup(session, order.id)
    with pytest.raises(CannotFulfill), transaction(shop) as session:
        fulfill_order(session, order.id)
    unshipped = level(shop, variant_id, store).on_hand
    with transaction(shop) as session:
        assert picked_up(session, order.id, "staff:1") == parcel
    done = order_of(shop, order.id)
    with pytest.raises(CannotFulfill), transaction(shop) as session:
        picked_up(session, order.id)

    goes = order.shipping_address
    assert (goes["company"], goes["city"], goes["tax_number"]) == ("Harbor", "Portland", "")
    assert (order.billing_address["country"], order.billing_address["name"]) == ("US", "Ada")
    assert order.shipping_line["pickup"]["instructions"] == "Ring twice"
    assert (taken, unshipped) == ((2, 0), 5)
    assert mail is not None
    assert (mail.pickup_lines[0], mail.pickup_note, mail.amounts[1][0]) == ("Harbor", "Ring twice", "pick_up")
    assert (slip["pick_up_at"]["company"], "ship_to" in slip, len(slip["lines"])) == ("Harbor", False, 1)
    assert (waiting.fulfillment_status, waiting.fulfillments[0].status) == ("in_progress", "pending")
    assert (done.fulfillment_status, done.fulfillments[0].status) == ("fulfilled", "delivered")
    left = level(shop, variant_id, store)
    assert (left.on_hand, left.committed, level(shop, variant_id).on_hand) == (3, 0, 9)
    assert events(shop, parcel, "fulfillment.ready_for_pickup", "fulfillment.created") == [
        "fulfillment.ready_for_pickup"
    ]
    with transaction(shop, read_only=True) as session:
        assert [one.type for one in timeline(session, order.id)][-3::2] == ["ready_for_pickup", "picked_up"]


def test_what_waits_goes_back_when_the_order_is_canceled(shop: TenantScope, store: int) -> None:
    variant_id = goods(shop, None, {store: 5})
    order = collected(shop, store, variant_id)
    with transaction(shop) as session:
        ready_for_pickup(session, order.id)

    cancel_order(shop, order.id, "customer", True, "staff:1")

    canceled = order_of(shop, order.id)
    assert (canceled.status, canceled.fulfillments[0].status) == ("canceled", "canceled")
    assert level(shop, variant_id, store).available == 5


def test_a_place_that_sold_out_meanwhile_is_not_swapped_for_another(shop: TenantScope, store: int) -> None:
    variant_id = goods(shop, 9, {store: 2})
    token = ready_checkout(shop, [(variant_id, 2)])
    tell(shop, token, shipping_code=f"pickup:{store}")
    collected(shop, store, variant_id, 1)

    with pytest.raises(RequirementsNotMet) as refused:
        complete_checkout(shop, token, APPROVED)

    assert [one["code"] for one in refused.value.extra["requirements"]] == ["pickup_missing"]
    assert level(shop, variant_id).committed == 0
    with pytest.raises(UnknownShippingRate):
        tell(shop, ready_checkout(shop, [(variant_id, 2)]), shipping_code=f"pickup:{store}")


def test_a_shop_that_sends_by_itself_keeps_what_is_collected(shop: TenantScope, store: int) -> None:
    with transaction(shop) as session:
        settings = read_setting(session, "shop")
        write_setting(session, "shop", {**settings, "auto_fulfill": True})

    order = collected(shop, store, goods(shop, 9, {store: 5}))

    with transaction(shop) as session:
        write_setting(session, "shop", settings)
    assert events(shop, order.id, "fulfillment.requested") == []


@pytest.mark.parametrize(("hold_days", "amount", "shipping"), [(3, None, 100), (0, 0, 0)])
def test_a_draft_is_collected_where_staff_say(
    shop: TenantScope, store: int, hold_days: int, amount: int | None, shipping: int
) -> None:
    variant_id = goods(shop, 9, {store: 2})
    content = {
        "lines": [{"variant_id": variant_id, "quantity": 2, "unit_price": None}], "email": "bob@example.com",
        "shipping_address": {**ADDRESS, "name": "Bob"}, "pickup": store,
        "shipping": None if amount is None else {"title": "Given", "amount": amount},
    }  # fmt: skip
    with transaction(shop) as session:
        draft = create_draft(session, "USD", "staff:1", content)
        preview = price_draft(session, read_draft(session, draft).content, "USD").totals
        token = invoice_draft(session, draft, hold_days)
    held = level(shop, variant_id, store).reserved, level(shop, variant_id).reserved
    # Nothing that a buyer sends makes it go elsewhere.
    view = tell(shop, token, shipping_code="", or_cheapest=True)
    done = complete_checkout(shop, token, APPROVED)

    assert held == ((2, 0) if hold_days else (0, 0))
    assert (view.collects, view.only_pickup, view.rates, [one.location_id for one in view.pickups]) == (
        True, True, [], [store],
    )  # fmt: skip
    # The taxes of the place, 15 %, and not the 10 % of the customer's address.
    assert (preview.shipping_total, preview.total) == (shipping, 2_000 + shipping + (2_000 + shipping) * 15 // 100)
    order = order_of(shop, done.order_id or 0)
    assert (order.total, order.shipping_line["pickup"]["location_id"]) == (preview.total, store)
    assert (level(shop, variant_id, store).committed, level(shop, variant_id).committed) == (2, 0)


def test_a_draft_for_a_place_that_hands_over_nothing_is_refused(shop: TenantScope, store: int) -> None:
    variant_id = goods(shop, 9, {store: 2})
    content = {"lines": [{"variant_id": variant_id, "quantity": 1, "unit_price": None}], "shipping_address": {},
               "pickup": store}  # fmt: skip
    with transaction(shop) as session:
        draft = create_draft(session, "USD", "staff:1", content)
        end_pickup(session, store)
        with pytest.raises(BadDraft, match="choose another"):
            invoice_draft(session, draft)
        with pytest.raises(BadDraft, match="choose another"):
            create_draft(session, "USD", "staff:1", content)
        offer_pickup(session, store, PickupTerms(100, "Ring twice", 2), PLACE)
        assert read_draft(session, draft).status == "open"


def test_terms_are_checked_and_end(shop: TenantScope, store: int) -> None:
    for terms, address, field in (
        (PickupTerms(-1), PLACE, "price"),
        (PickupTerms(ready_hours=99_999), PLACE, "ready_hours"),
        (PickupTerms(), {**PLACE, "line1": ""}, "line1"),
        (PickupTerms(), {**PLACE, "postal_code": "1"}, "postal_code"),
    ):
        with pytest.raises(BadPickup) as refused, transaction(shop) as session:
            offer_pickup(session, store, terms, address)
        assert refused.value.extra["field"] == field
    with transaction(shop) as session:
        before = list_locations(session)
        end_pickup(session, store)
        assert not any(row.pickup for row in list_locations(session))
        offer_pickup(session, store, PickupTerms(100, "Ring twice", 2), PLACE)
        assert list_locations(session) == before


def test_another_shop_has_no_such_place(shop: TenantScope, other_shop: TenantScope, store: int) -> None:
    variant_id = goods(other_shop, 9)
    token = ready_checkout(other_shop, [(variant_id, 1)])
    order = collected(shop, store, goods(shop, 9, {store: 5}))

    with transaction(other_shop, read_only=True) as session:
        assert read_checkout(session, token).pickups == []
    with pytest.raises(UnknownShippingRate):
        tell(other_shop, token, shipping_code=f"pickup:{store}")
    with pytest.raises(UnknownLocation), transaction(other_shop) as session:
        offer_pickup(session, store, PickupTerms(), PLACE)
    with transaction(other_shop, read_only=True) as session:
        assert session.execute(select(Order.id).where(Order.id == order.id)).first() is None
        assert session.execute(select(OrderLine.id)).first() is None
