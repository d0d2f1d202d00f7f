"""Translations through the admin API."""

from __future__ import annotations

from souk.kernel.db import transaction
from souk.kernel.settings import read_setting, write_setting
from tests.api.admin.apps import App
from tests.fixtures.stores import Store


def test_translations_are_read_and_written(store: Store, admin: App, other_admin: App) -> None:
    with transaction(store.scope) as session:
        write_setting(session, "shop", read_setting(session, "shop") | {"locales": ["de"]})
    product = admin.get("/products?limit=1")[1]["products"][0]
    at = f"/translations?resource_type=product&resource_id={product['id']}&locale=de"
    body = {"resource_type": "product", "resource_id": product["id"], "locale": "de"}

    def named(field: str, value: str) -> dict[str, object]:
        return body | {"translations": [{"field": field, "value": value}]}

    before = admin.get(at)[1]["translations"][0]
    status, written = admin.put("/translations", named("title", "Neu"))
    unknown = admin.put("/translations", named("handle", "Neu"))
    french = admin.get(at.replace("locale=de", "locale=fr"))
    strange = [
        other_admin.get(at)[0],
        other_admin.put("/translations", named("title", "X"))[0],
    ]
    theme = admin.get("/translations?resource_type=theme&locale=de")[1]

    assert (before["source"], before["value"], before["status"]) == (product["title"], None, "missing")
    assert (status, written["translations"][0]["value"], written["translations"][0]["status"]) == (
        200,
        "Neu",
        "translated",
    )
    assert (unknown[0], unknown[1]["code"]) == (422, "unknown_text")
    assert (french[0], french[1]["code"]) == (422, "unknown_language")
    assert strange[0] in {404, 422}
    assert strange[1] in {404, 422}
    assert admin.get(at)[1]["translations"][0]["value"] == "Neu"
    assert len(theme["translations"]) > 5
    assert App(store, "read_translations").put("/translations", named("title", "N"))[0] == 403
