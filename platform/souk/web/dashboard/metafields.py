"""Define the shop's own fields of products, variants and collections."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import request

from souk.catalog.handles import slugify
from souk.catalog.metafields.change import change_definition
from souk.catalog.metafields.define import (
    OWNERS,
    DefinitionDraft,
    define_metafield,
    delete_definition,
    list_definitions,
    read_definition,
)
from souk.catalog.metaobjects.define import list_entry_types
from souk.kernel.db import transaction
from souk.kernel.errors import SoukError
from souk.search.metafield_facets import offer_metafield
from souk.staff.memberships import ShopAccess
from souk.staff.roles import Permission
from souk.web.dashboard.access import Answer, in_shop
from souk.web.dashboard.entry_form import limits_of
from souk.web.dashboard.frame import blueprint
from souk.web.dashboard.metafield_types import CHOICES, NAMES
from souk.web.dashboard.pages import done, page


@blueprint.get("/shops/<slug>/metafields")
@in_shop(Permission.CATALOG)
def metafields(access: ShopAccess) -> Answer:
    return _metafields_page(access)


def _metafields_page(access: ShopAccess, error: SoukError | None = None) -> str:
    with transaction(access.scope, read_only=True) as session:
        rows, kinds = list_definitions(session), list_entry_types(session)
    return page(
        "metafields.html", rows=rows, kinds=kinds, owners=tuple(OWNERS), types=CHOICES, names=NAMES, error=error
    )


@blueprint.post("/shops/<slug>/metafields")
@in_shop(Permission.CATALOG)
def add_metafield(access: ShopAccess) -> Answer:
    try:
        draft = _draft(request.form)
        with transaction(access.scope) as session:
            made = define_metafield(session, draft)
            offer_metafield(session, read_definition(session, made), offered="filterable" in request.form)
    except SoukError as error:
        return _metafields_page(access, error), error.status
    return done("The metafield is defined; it stands in the editor now.", "metafields", access)


@blueprint.post("/shops/<slug>/metafields/<int:definition_id>")
@in_shop(Permission.CATALOG)
def change_metafield(access: ShopAccess, definition_id: int) -> Answer:
    typed = _draft(request.form)
    changes: dict[str, Any] = {name: getattr(typed, name) for name in ("name", "description", "storefront")}
    try:
        with transaction(access.scope) as session:
            found = read_definition(session, definition_id)
            kept = {name: value for name, value in found.validations.items() if name == "metaobject"}
            changes["validations"] = {**typed.validations, **kept}
            change_definition(session, definition_id, changes)
            offer_metafield(session, found, offered="filterable" in request.form)
    except SoukError as error:
        return _metafields_page(access, error), error.status
    return done("The metafield is changed.", "metafields", access)


@blueprint.post("/shops/<slug>/metafields/<int:definition_id>/delete")
@in_shop(Permission.CATALOG)
def remove_metafield(access: ShopAccess, definition_id: int) -> Answer:
    with transaction(access.scope) as session:
        found = read_definition(session, definition_id)
        delete_definition(session, definition_id)
        offer_metafield(session, found, offered=False)
    return done("The metafield and its values are gone.", "metafields", access)


def _draft(form: Mapping[str, str]) -> DefinitionDraft:
    name = " ".join(form.get("name", "").replace("\0", "").split())
    return DefinitionDraft(
        owner_type=form.get("owner_type", ""),
        name=name,
        key=form.get("key", "").strip() or slugify(name, "field").replace("-", "_"),
        namespace=form.get("namespace", "").strip() or "custom",
        type=form.get("type", ""),
        description=form.get("description", "").replace("\0", "")[:300],
        validations=limits_of(form),
        storefront="storefront" in form,
    )
