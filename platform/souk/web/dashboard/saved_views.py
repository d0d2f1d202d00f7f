"""Lists of products that a shop's staff look at again and again, under a name."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from souk.kernel.errors import Invalid
from souk.kernel.settings import read_setting, write_setting

SETTING = "product_views"
MAX_VIEWS = 30
MAX_NAME = 60


class BadView(Invalid):
    code = "invalid_view"


@dataclass(frozen=True, slots=True)
class View:
    """`address` is the query string of the list."""

    name: str
    address: str


def list_views(session: Session) -> list[View]:
    return [View(item["name"], item["address"]) for item in read_setting(session, SETTING).get("views", ())]


def save_view(session: Session, name: str, address: str) -> None:
    """Keep the list under `name`, in the place of the view that has it; raises BadView."""
    name = " ".join(name.split())
    if not 0 < len(name) <= MAX_NAME or not name.isprintable():
        raise BadView(f"Give the view a name of 1 to {MAX_NAME} characters.", field="name")
    views = {view.name: view.address for view in list_views(session)} | {name: address}
    if len(views) > MAX_VIEWS:
        raise BadView(f"A shop keeps {MAX_VIEWS} views; delete one of them first.", field="name")
    _write(session, [View(*pair) for pair in views.items()])


def delete_view(session: Session, name: str) -> None:
    """Forget a view; one that is gone already is no error."""
    _write(session, [view for view in list_views(session) if view.name != name])


def _write(session: Session, views: list[View]) -> None:
    write_setting(session, SETTING, {"views": [{"name": view.name, "address": view.address} for view in views]})
