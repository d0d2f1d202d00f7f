"""Take the listed orders out into a file that a spreadsheet opens and the import reads back."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Response, request
from werkzeug.wrappers import Response as BaseResponse

from souk.kernel import clock
from souk.kernel.db import transaction
from souk.orders.exporting import head, orders_after
from souk.staff.memberships import ShopAccess
from souk.staff.roles import Permission
from souk.web.dashboard.access import in_shop
from souk.web.dashboard.frame import blueprint
from souk.web.dashboard.order_query import order_query_of


@blueprint.get("/shops/<slug>/orders/export.csv")
@in_shop(Permission.ORDERS)
def export_orders(access: ShopAccess) -> BaseResponse:
    wanted = order_query_of(request.args).conditions()

    def rows() -> Iterator[str]:
        yield head()
        last: int | None = 0
        while last is not None:
            # A transaction for each batch: no reader holds one open while a slow browser takes the file.
            with transaction(access.scope, read_only=True) as session:
                text, last = orders_after(session, wanted, last)
            yield text

    answer = Response(rows(), content_type="text/csv; charset=utf-8")
    answer.headers.set("Content-Disposition", "attachment", filename=f"orders-{clock.now():%Y-%m-%d}.csv")
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
