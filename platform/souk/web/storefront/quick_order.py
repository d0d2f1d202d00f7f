"""Quick order: many articles at once, by SKU on a page of its own or by quantities in a table of products."""

from __future__ import annotations

from flask import request
from werkzeug.wrappers import Response

from souk.cart.add import add_to
from souk.cart.create import KEPT_FOR
from souk.cart.order_list import MAX_SKU, MAX_WANTED, ListRefused, Problem, Wanted, add_list, read_lines, whole
from souk.kernel.db import transaction
from souk.kernel.errors import Invalid
from souk.web.cookies import CART, set_cookie
from souk.web.origin import refuse_cross_site
from souk.web.problems import wants_json
from souk.web.storefront.blueprint import blueprint
from souk.web.storefront.cart import answer, own_cart
from souk.web.storefront.cart_refusal import told_in_the_cart
from souk.web.storefront.language import here
from souk.web.storefront.prices import visit_groups
from souk.web.storefront.respond import View, draw, opened, this_shop

TEMPLATE = "quick-order"
MAX_TEXT = 20_000
_FIELD = "quantity["


class NothingWanted(Invalid):
    code = "nothing_wanted"

    def __init__(self) -> None:
        super().__init__("Fill in a quantity first.")


class ListTooLong(Invalid):
    code = "order_list_too_long"

    def __init__(self) -> None:
        super().__init__(f"A list holds at most {MAX_WANTED} lines; send it in parts.", maximum=MAX_WANTED)


@blueprint.get("/quick-order")
def quick_order_page() -> Response:
    with opened() as shop:
        if not shop.front.theme.has_template(TEMPLATE):
            raise shop.missing()
        return draw(shop.front, shop.run, _view())


def _view(error: str = "") -> View:
    return View(
        template=TEMPLATE,
        page_type=TEMPLATE,
        title=here()("titles.quick_order"),
        resource={},
        path="/quick-order",
        form_errors={"quick_order": error} if error else {},
        form_values={"quick_order": request.form.to_dict()} if error else {},
    )


@blueprint.post("/cart/order")
@told_in_the_cart
def order() -> Response:
    """Add a table's quantities (`quantity[ID]`, or one line that its button names) or a list of SKUs."""
    refuse_cross_site()
    by_number = any(name.startswith(_FIELD) for name in request.form)
    return _add_quantities() if by_number else _add_skus()


def _add_quantities() -> Response:
    chosen = _chosen()
    if not chosen:
        raise NothingWanted
    with transaction(this_shop().scope, durable=False, configured=True) as session:
        cart_id, token = own_cart(session)
        groups = visit_groups(session)
        for variant_id, quantity in chosen:
            add_to(session, cart_id, variant_id, quantity, groups)
    return _kept(token)


def _chosen() -> list[tuple[int, int]]:
    """Return (variant, quantity) of the filled rows, or of the one row whose button was pressed."""
    only = request.form.get("only", "")
    filled = []
    for name, value in request.form.items():
        variant_id = whole_id(name.removeprefix(_FIELD).removesuffix("]")) if name.startswith(_FIELD) else None
        text = value.strip() or ("1" if only else "")
        if variant_id is None or (only and only != str(variant_id)) or text in {"", "0"}:
            continue
        # What is no number is refused by the cart, in its own words.
        filled.append((variant_id, whole(text) or 0))
    if len(filled) > MAX_WANTED:
        raise ListTooLong
    return filled


def whole_id(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None  # noqa: PLR2004 - a bigint


def _add_skus() -> Response:
    wanted = _wanted()
    if not wanted:
        return _refused(here()("errors.nothing_wanted"))
    if len(wanted) > MAX_WANTED:
        return _refused(here()("errors.order_list_too_long", maximum=MAX_WANTED))
    try:
        with transaction(this_shop().scope, durable=False, configured=True) as session:
            cart_id, token = own_cart(session)
            add_list(session, cart_id, wanted, visit_groups(session))
    except ListRefused as refusal:
        if wants_json():
            raise
        return _refused("\n".join(_told(problem) for problem in refusal.problems))
    return _kept(token)


def _wanted() -> list[Wanted]:
    form = request.form
    numbers = [name.removeprefix("sku-") for name in form if name.startswith("sku-")]
    typed = [(_clean(form[f"sku-{number}"]), form.get(f"quantity-{number}", "").strip()) for number in numbers]
    rows = [Wanted(sku[:MAX_SKU], whole(quantity or "1")) for sku, quantity in typed if sku]
    return rows + read_lines(form.get("lines", "")[:MAX_TEXT].replace("\x00", ""))


def _clean(text: str) -> str:
    return text.replace("\x00", "").strip()


def _told(problem: Problem) -> str:
    reason = here()(f"quick_order.{problem.code}", available=problem.available)
    return f"{problem.name}: {reason}"


def _refused(error: str) -> Response:
    with opened() as shop:
        return draw(shop.front, shop.run, _view(error), status=422, whole=True)


def _kept(token: str) -> Response:
    response = answer(token)
    set_cookie(response, CART, token, max_age=int(KEPT_FOR.total_seconds()))
    return response
