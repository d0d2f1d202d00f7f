"""The two APIs; their operations are added by the modules that handle them."""

from __future__ import annotations

from souk.web.api.operations import Api

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
    version="1",
    prefix="/api/v1/admin",
    description=(
        "Read and change a shop with a token that its merchant made for an app, on the shop's own host. A token has"
        " scopes; `write_x` holds `read_x`. Lists answer newest first with `next_cursor`, to be sent as `after`, until"
        " it is null. Money is a JSON number in major units with `currency` beside it. A PATCH changes what it names."
        " Every request that changes something takes an `Idempotency-Key`. Errors are RFC 9457 problem details with a"
        " stable `code`. A token may send 600 requests a minute."
    ),
)
