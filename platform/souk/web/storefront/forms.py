"""What the small forms of a shop's pages share: where they lead back to, and how often one visitor may send them."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import redirect, request
from werkzeug.wrappers import Response

from souk.kernel import ratelimit
from souk.kernel.errors import NotFound, SoukError
from souk.web.own_path import own_path
from souk.web.storefront.language import at, here
from souk.web.storefront.respond import View, draw, opened, this_shop
from souk.web.texts import explain

ATTEMPTS, SECONDS = 6, 3600
MAX_RETURN = 2_000


def limit(kind: str) -> None:
    shop = this_shop()
    key = f"{kind}:{shop.scope.tenant_id}:{request.remote_addr}"
    ratelimit.limit(key, attempts=ATTEMPTS, seconds=SECONDS, pod=shop.scope.pod)


def is_robot() -> bool:
    """Tell whether a field was filled in that people do not see."""
    return bool(request.form.get("website", ""))


def thanked(kind: str, page: str) -> Response:
    """Go back to the page of the form, or else to `page`, which then says thank you."""
    path = own_path(request.form.get("return_to", "")[:MAX_RETURN].partition("?")[0], at(page))
    return redirect(f"{path}?{urlencode({'sent': kind})}#{kind}", 303)


def form_page(kind: str, error: SoukError | None = None) -> Response:
    """Draw the form's own page; a theme that has none cannot show it."""
    with opened() as shop:
        if not shop.front.theme.has_template(kind):
            raise error or NotFound("This theme has no such page.")
        view = View(
            template=kind,
            page_type=kind,
            title=here()(f"titles.{kind}"),
            resource={},
            path=f"/{kind}",
            form_errors={kind: explain(error, here())} if error else {},
            form_values={kind: request.form.to_dict()} if error else {},
        )
        return draw(shop.front, shop.run, view, status=error.status if error else 200, whole=True)
