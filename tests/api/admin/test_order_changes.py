"""An app edits orders, takes goods back, drafts orders and fetches documents; a customer asks and pays."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.api.admin.apps import PREFIX, App
from tests.api.test_orders import order_of
from tests.fixtures.stores import ADDRESS, Store, read
from tests.web.test_storefront import counted

CARD = {"payment_method": {"type": "test", "token": "tok_approved"}}


@pytest.fixture
def bought(admin: App) -> tuple[str, dict[str, Any]]:
    """Return (the customer's token, a paid order of two bowls at 19.99)."""
    token = admin.store.new_user()["token"]
    placed = read(admin.store.call("POST", "/api/v1/orders", order_of(admin.store, quantity=2), token=token))
    return token, dict(admin.get(f"/orders/{placed['order_id']}")[1])


def test_an_edit_is_tried_made_and_paid(admin: App, other_admin: App, bought: tuple[str, dict[str, Any]]) -> None:
    token, order = bought
    path, line = f"/orders/{order['id']}/edits", order["line_items"][0]["id"]
    body = {"line_items": [{"line_item_id": line, "quantity": 3}], "version": order["version"]}

    tried = admin.post(path, {**body, "dry_run": True})
    assert admin.get(f"/orders/{order['id']}")[1] == order
    done = admin.post(path, body)
    stale = admin.post(path, body)
    small = admin.post(path, {"line_items": [{"line_item_id": line, "quantity": 99_999}]})

    assert (tried[0], tried[1]["confirmed"], tried[1]["difference"]) == (200, False, Decimal("21.99"))
    assert (done[0], done[1]["confirmed"], done[1]["to_collect"]) == (200, True, Decimal("21.99"))
    assert (stale[0], stale[1]["code"]) == (409, "stale_edit")
    assert small[0] == 422
    assert other_admin.post(path, body)[0] == 404
    changed = admin.get(f"/orders/{order['id']}")[1]
    assert (changed["financial_status"], changed["line_items"][0]["quantity"]) == ("partially_paid", 3)
    paid = admin.store.call("POST", f"/api/v1/orders/{order['id']}/pay", CARD, token=token)
    again = admin.store.call("POST", f"/api/v1/orders/{order['id']}/pay", CARD, token=token)
    stranger = admin.store.call(
        "POST", f"/api/v1/orders/{order['id']}/pay", CARD, token=admin.store.new_user()["token"]
    )
    assert (paid.status_code, again.status_code, stranger.status_code) == (200, 409, 404)
    assert admin.get(f"/orders/{order['id']}")[1]["financial_status"] == "paid"


def test_goods_come_back_by_api(admin: App, other_admin: App, bought: tuple[str, dict[str, Any]]) -> None:
    token, order = bought
    line = {"line_item_id": order["line_items"][0]["id"], "quantity": 1, "reason": "damaged"}
    early = admin.store.call("POST", f"/api/v1/orders/{order['id']}/returns", {"line_items": [line]}, token=token)
    admin.post(f"/orders/{order['id']}/fulfillments")

    asked = read(admin.store.call("POST", f"/api/v1/orders/{order['id']}/returns", {"line_items": [line]}, token=token))
    path = f"/returns/{asked['id']}"

    assert early.status_code == 409
    assert (asked["status"], admin.get("/returns?status=requested")[1]["returns"]) == ("requested", [asked])
    assert other_admin.get(path)[0] == other_admin.post(f"{path}/steps", {"step": "approve"})[0] == 404
    assert other_admin.get("/returns")[1]["returns"] == []
    assert admin.post(f"{path}/steps", {"step": "receive"})[0] == 409
    assert admin.post(f"{path}/steps", {"step": "approve"})[1]["status"] == "approved"
    inspected = [{"line_item_id": line["line_item_id"], "restock": 1}]
    closed = admin.post(f"{path}/settle", {"line_items": inspected})
    assert (closed[0], closed[1]["status"]) == (200, "closed")
    after = admin.get(f"/orders/{order['id']}")[1]
    assert [one["amount"] for one in after["refunds"]] == [Decimal("21.99")]


def test_documents_and_marks(admin: App, other_admin: App, bought: tuple[str, dict[str, Any]]) -> None:
    token, order = bought
    issued = admin.post(f"/orders/{order['id']}/documents", {"kind": "invoice"})[1]
    mine = read(admin.store.call("GET", f"/api/v1/orders/{order['id']}/documents", token=token))
    paths = [f"/api/v1/orders/{order['id']}/documents/{issued['id']}/pdf", f"{PREFIX}/documents/{issued['id']}/pdf"]
    stranger = admin.store.new_user()["token"]

    assert mine["documents"] == [issued]
    for path, bearer in zip(paths, (token, admin.token), strict=True):
        assert admin.store.call("GET", path, token=bearer).data[:5] == b"%PDF-"
    assert admin.store.call("GET", paths[0], token=stranger).status_code == 404
    assert other_admin.send("GET", f"/documents/{issued['id']}/pdf").status_code == 404
    assert admin.post(f"/orders/{order['id']}/documents", {"kind": "credit_note", "refund_id": "refund_999"})[0] == 409
    held = admin.post(f"/orders/{order['id']}/hold", {"reason": "other"})[1]
    marked = admin.post(f"/orders/{order['id']}/marks", {"tags": ["vip"], "note": "x"})[1]
    freed = admin.post(f"/orders/{order['id']}/hold", {})[1]
    assert (held["fulfillment_status"], marked["tags"], freed["hold_reason"]) == ("on_hold", ["vip"], "")


def test_a_draft_is_made_and_paid(admin: App, other_admin: App, store: Store) -> None:
    bowl = f"variant_{store.variants['Oak Bowl'][0]}"
    body = {"line_items": [{"variant_id": bowl, "quantity": 1, "price": 10}], "email": "bob@example.com",
            "shipping_address": ADDRESS, "shipping_price": 2}  # fmt: skip
    made = admin.post("/draft-orders", body)
    draft = made[1]["id"]
    changed = admin.put(f"/draft-orders/{draft}", {**body, "note": "soon"})
    sent = admin.post(f"/draft-orders/{draft}/invoice", {"hold_days": 2})

    assert (made[0], made[1]["total"], made[1]["status"]) == (201, Decimal("13.20"), "open")
    assert (changed[1]["note"], sent[1]["status"]) == ("soon", "invoiced")
    assert sent[1]["checkout_path"].startswith("/checkout/")
    assert store.client().get(sent[1]["checkout_path"], base_url=f"http://{store.host}").status_code == 200
    assert other_admin.get(f"/draft-orders/{draft}")[0] == 404
    assert other_admin.get("/draft-orders")[1]["draft_orders"] == []
    assert admin.post(f"/draft-orders/{draft}/cancel")[1]["status"] == "canceled"
    assert admin.post(f"/draft-orders/{draft}/invoice")[0] == 409
    placing = f"/draft-orders/{admin.post('/draft-orders', body)[1]['id']}/place"
    assert other_admin.post(placing)[0] == 404
    placed = admin.post(placing, key="place")
    assert (placed[0], placed[1]["financial_status"], placed[1]["source"]) == (201, "pending", "draft")
    assert admin.post(placing, key="place") == placed
    assert admin.post(placing)[1]["code"] == "draft_order_ended"
    unknown = {"line_items": [{"variant_id": "variant_999999", "quantity": 1}]}
    assert admin.post("/draft-orders", unknown)[0] == 422
    few = _statements_of_list(admin)
    for units in range(2, 5):
        admin.post("/draft-orders", {**body, "line_items": [{"variant_id": bowl, "quantity": units}]})
    assert _statements_of_list(admin) == few


def _statements_of_list(admin: App) -> int:
    """Count what a list of all drafts asks of the database; prices are kept, so they are as many for any number."""
    with counted() as statements:
        drafts = admin.get("/draft-orders")[1]["draft_orders"]
    assert {draft["total"] > 0 for draft in drafts} == {True}
    # Which shop a host belongs to is remembered for a while, and may have to be read again in between.
    own = [text for text in statements if "control.tenants" not in text]
    return len(own)
