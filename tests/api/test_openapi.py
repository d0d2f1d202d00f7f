from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from souk.web.api import access
from souk.web.api.definition import admin_api, shop_api
from souk.web.api.operations import Api
from tests.api.admin.apps import App
from tests.fixtures.stores import Store, read


def test_the_document_names_every_operation(store: Store) -> None:
    document = read(store.call("GET", "/api/v1/openapi.json"))

    assert document["openapi"] == "3.1.0"
    assert sorted(document["paths"]) == [
        "/metaobjects/{metaobject_type}",
        "/metaobjects/{metaobject_type}/{metaobject_handle}",
        "/orders",
        "/orders/{order_id}",
        "/orders/{order_id}/cancel",
        "/orders/{order_id}/documents",
        "/orders/{order_id}/documents/{document_id}/pdf",
        "/orders/{order_id}/pay",
        "/orders/{order_id}/returns",
        "/pickup-locations",
        "/products/search",
        "/products/{product_id}",
        "/products/{product_id}/reviews",
        "/queue",
        "/users/login",
        "/users/logout",
        "/users/payment_methods/{method_id}",
        "/users/profile",
        "/users/register",
    ]
    schemas = document["components"]["schemas"]
    assert schemas["PlaceOrder"]["additionalProperties"] is False
    quantity = schemas["OrderItem"]["properties"]["quantity"]
    assert (quantity["minimum"], quantity["maximum"]) == (1, 10_000)
    parameters = {one["name"]: one["schema"] for one in document["paths"]["/products/search"]["get"]["parameters"]}
    assert (parameters["limit"]["minimum"], parameters["limit"]["maximum"]) == (1, 100)


def test_a_page_shows_the_document_without_script(store: Store) -> None:
    page = store.call("GET", "/api/v1/docs")

    assert (page.status_code, page.mimetype) == (200, "text/html")
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert "POST</span> <code>/api/v1/orders</code>" in page.get_data(as_text=True)


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("api", [shop_api, admin_api], ids=["shop", "admin"])
def test_no_request_breaks_the_document(store: Store, api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "CALLS_PER_MINUTE", 1_000_000)
    token = App(store, "*").token if api is admin_api else store.new_user()["token"]
    headers = {"Host": store.host, "Authorization": f"Bearer {token}"}
    schema = schemathesis.openapi.from_wsgi(f"{api.prefix}/openapi.json", store.app, headers={"Host": store.host})
    checks = [
        not_a_server_error,
        status_code_conformance,
        content_type_conformance,
        response_schema_conformance,
    ]
    seen = 0

    for result in schema.get_all_operations():
        operation = result.ok()  # type: ignore[union-attr]

        @settings(max_examples=25, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy())
        def probe(case: schemathesis.Case[Any]) -> None:
            case.call_and_validate(headers=headers, checks=checks)

        probe()
        seen += 1

    assert seen == len(api.operations)
