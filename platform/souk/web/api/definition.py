"""The two APIs; their operations are added by the modules that handle them."""

from __future__ import annotations

from souk.web.api.operations import Api

ADMIN_VERSION = "2026-10"

shop_api = Api(
    title="Shop API",
    version="1",
    prefix="/api/v1",
    description=(
        "Search and read products, register and sign in, place and follow orders. Money is a JSON number in major"
        " units with `currency` beside it, exact from minor units. Every POST takes an `Idempotency-Key`."
        " Errors are RFC 9457 problem details with a stable `code`."
    ),
)
admin_api = Api(
    title="Admin API",
    version=ADMIN_VERSION,
    prefix=f"/admin/api/{ADMIN_VERSION}",
    description="Read a shop's products and orders with a token that the shop issued to an app.",
)
