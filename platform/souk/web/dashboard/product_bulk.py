"""One action for many products of the list."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from flask import redirect, request, url_for
from sqlalchemy.orm import Session

from souk.catalog.delete_product import delete_product
from souk.catalog.errors import ProductInOrders, TooManyProducts, VariantOwed
from souk.catalog.place_products import find_collection, place_products, take_products_out
from souk.catalog.set_status import set_status
from souk.catalog.tag_products import tag_products, untag_products
from souk.kernel.db import transaction
from souk.kernel.errors import Invalid, SoukError
from souk.shipping.profiles import set_profile
from souk.staff.memberships import ShopAccess
from souk.staff.roles import Permission
from souk.web.dashboard.access import Answer, in_shop
from souk.web.dashboard.frame import blueprint
from souk.web.dashboard.pages import done
from souk.web.dashboard.product_query import query_of
from souk.web.dashboard.product_reads import matching_ids
from souk.web.dashboard.products import products_page

MOST = 5_000
MOST_IN_GRID = 100
# What many rows may take; one statement changes up to 5,000 products with their copies.
TIMEOUT_MS = 20_000


class NothingChosen(Invalid):
    code = "nothing_chosen"

    def __init__(self) -> None:
        super().__init__("Tick the products first, and choose what to do with them.")


class DeletionNotConfirmed(Invalid):
    code = "not_confirmed"

    def __init__(self) -> None:
        super().__init__("Tick the box that says yes; deleted products cannot be brought back.", field="confirm")


@blueprint.post("/shops/<slug>/products/bulk")
@in_shop(Permission.CATALOG)
def bulk(access: ShopAccess) -> Answer:
    ticked = tuple(int(item) for item in request.form.getlist("ids") if item.isascii() and item.isdecimal())
    action = request.form.get("action", "")
    try:
        if action == "edit":
            return redirect(url_for("dashboard.bulk_edit", slug=access.slug, ids=_few(ticked)))
        with transaction(access.scope, timeout_ms=TIMEOUT_MS) as session:
            said = _apply(session, action, _chosen(session, ticked))
    except SoukError as error:
        return products_page(access, error, ticked), error.status
    return done(said, "products", access, **query_of(request.args).arguments())


def _few(ticked: Sequence[int]) -> Sequence[int]:
    if not ticked:
        raise NothingChosen
    if len(ticked) > MOST_IN_GRID:
        raise TooManyProducts(MOST_IN_GRID)
    return ticked


def _chosen(session: Session, ticked: Sequence[int]) -> list[int]:
    """Return the ticked ones, or all that the list's filters match."""
    ids = matching_ids(session, query_of(request.args), MOST + 1) if "all_matching" in request.form else list(ticked)
    if len(ids) > MOST:
        raise TooManyProducts(MOST)
    if not ids:
        raise NothingChosen
    return ids


def _apply(session: Session, action: str, ids: list[int]) -> str:
    if action not in _ACTIONS:
        raise NothingChosen
    return _ACTIONS[action](session, ids)


def _status(status: str) -> Callable[[Session, list[int]], str]:
    return lambda session, ids: f"{_products(len(set_status(session, ids, status)))} {status} now."


def _tags() -> list[str]:
    return request.form.get("tags", "").split(",")


def _collection(session: Session) -> int:
    """Return what the list or, where it would be too long, the words name; raises CollectionMissing."""
    words = request.form.get("collection", "").replace("\0", "").strip()
    if words:
        return find_collection(session, words)
    number = request.form.get("collection_id", "")
    return int(number) if number.isascii() and number.isdecimal() and len(number) < 16 else 0  # noqa: PLR2004 - a bigint


def _profile() -> str:
    return request.form.get("profile", "").replace("\0", "")


def _delete(session: Session, ids: list[int]) -> str:
    if "confirm" not in request.form:
        raise DeletionNotConfirmed
    kept = 0
    for product_id in ids:
        try:
            delete_product(session, product_id)
        except (ProductInOrders, VariantOwed):
            kept += 1
    said = f"{_products(len(ids) - kept)} deleted."
    return f"{said} {_products(kept)} kept, because orders name them; archive them instead." if kept else said


def _products(count: int) -> str:
    return f"{count:,} product is" if count == 1 else f"{count:,} products are"


_ACTIONS: Mapping[str, Callable[[Session, list[int]], str]] = {
    "active": _status("active"),
    "draft": _status("draft"),
    "archived": _status("archived"),
    "tag": lambda session, ids: f"{_products(len(tag_products(session, ids, _tags())))} tagged.",
    "untag": lambda session, ids: f"{_products(len(untag_products(session, ids, _tags())))} untagged.",
    "join": lambda session, ids: (
        f"{_products(place_products(session, _collection(session), ids))} new in the collection."
    ),
    "leave": lambda session, ids: (
        f"{_products(take_products_out(session, _collection(session), ids))} out of the collection."
    ),
    "profile": lambda session, ids: f"{_products(len(set_profile(session, ids, _profile())))} sent by other zones now.",
    "delete": _delete,
}
