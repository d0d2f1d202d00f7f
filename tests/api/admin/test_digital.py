"""Files of products and downloads of orders, by an app."""

from __future__ import annotations

import base64

from souk.checkout.complete import complete_checkout
from souk.kernel import ids
from tests.api.admin.apps import App
from tests.api.admin.test_products import made
from tests.factories.commerce import APPROVED, ready_checkout
from tests.factories.digital import digital_variant


def test_a_file_is_added_limited_and_taken_out(admin: App, other_admin: App) -> None:
    product = made(admin)
    path = f"/products/{product['id']}"
    file = {"filename": "pattern.pdf", "content": base64.b64encode(b"stitches").decode()}

    status, added = admin.post(f"{path}/files", file)
    _, limited = admin.put(f"{path}/download-limits", {"times": 2})

    assert (status, [(one["filename"], one["byte_size"]) for one in added["files"]]) == (201, [("pattern.pdf", 8)])
    assert (limited["times"], limited["days"]) == (2, None)
    assert admin.get(path)[1]["variants"][0]["requires_shipping"] is False
    assert admin.post(f"{path}/files", file | {"content": "no base64"})[0] == 422
    assert admin.put(f"{path}/download-limits", {"times": 0})[0] == 422
    assert other_admin.get(f"{path}/files")[0] == 404
    assert admin.delete(f"{path}/files/{added['files'][0]['id']}")[0] == 200
    assert admin.get(f"{path}/files")[1]["files"] == []


def test_a_download_is_renewed(admin: App, other_admin: App) -> None:
    token = ready_checkout(admin.store.scope, [(digital_variant(admin.store.scope), 1)], None)
    order = ids.encode(ids.ORDER, complete_checkout(admin.store.scope, token, APPROVED).order_id or 0)

    _, listed = admin.get(f"/orders/{order}/downloads")
    (one,) = listed["downloads"]
    renewed = admin.post(f"/orders/{order}/downloads/{one['id']}/renew", {"reset": True, "extend_days": 5})

    assert (one["filename"], one["status"], one["used"], one["limit"]) == ("book.pdf", "open", 0, 5)
    assert (renewed[0], renewed[1]["downloads"][0]["expires_at"] > one["expires_at"]) == (200, True)
    assert other_admin.get(f"/orders/{order}/downloads")[0] == 404
    assert admin.post(f"/orders/{order}/downloads/download_999/renew", {"reset": True})[0] == 404
