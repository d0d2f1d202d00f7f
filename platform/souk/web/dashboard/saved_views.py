"""Lists of products or orders that a shop's staff look at again and again, under a name."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from souk.kernel.errors import Invalid
from souk.kernel.settings import read_setting, write_setting

PRODUCTS = "product_views"
ORDERS = "order_views"
MAX_VIEWS = 30
MAX_NAME = 60


class BadView(Invalid):
    code = "invalid_view"


@dataclass(frozen=True, slots=True)
class View:
    """`address` is the query string of the list."""

    name: str
    address: str


def list_views(session: Session, of: str = PRODUCTS) -> list[View]:
    """Return the views of a list, `of` PRODUCTS or ORDERS."""
    return [View(item["name"], item["address"]) for item in read_setting(session, of).get("views", ())]


def save_view(session: Session, name: str, address: str, of: str = PRODUCTS) -> None:
    """Keep the list under `name`, in the place of the view that has it; raises BadView."""
    name = " ".join(name.split())
    if not 0 < len(name) <= MAX_NAME or not name.isprintable():
        raise BadView(f"Give the view a name of 1 to {MAX_NAME} characters.", field="name")
    views = {view.name: view.address for view in list_views(session, of)} | {name: address}
    if len(views) > MAX_VIEWS:
        raise BadView(f"A shop keeps {MAX_VIEWS} views; delete one of them first.", field="name")
    _write(session, of, [View(*pair) for pair in views.items()])


def delete_view(session: Session, name: str, of: str = PRODUCTS) -> None:
    """Forget a view; one that is gone already is no error."""
    _write(session, of, [view for view in list_views(session, of) if view.name != name])


def _write(session: Session, of: str, views: list[View]) -> None:
    write_setting(session, of, {"views": [{"name": view.name, "address": view.address} for view in views]})
