"""Define kinds of custom entries, such as size charts, authors and materials."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import request

from souk.catalog.handles import slugify
from souk.catalog.metaobjects.change import change_metaobject_definition, delete_metaobject_definition
from souk.catalog.metaobjects.define import (
    EntryTypeDraft,
    define_metaobject,
    list_entry_types,
    read_entry_type,
)
from souk.kernel.db import transaction
from souk.kernel.errors import SoukError
from souk.staff.memberships import ShopAccess
from souk.staff.roles import Permission
from souk.web.dashboard.access import Answer, in_shop
from souk.web.dashboard.entry_form import SPARE, FieldRow, fields_of, stored_rows, typed_rows
from souk.web.dashboard.frame import blueprint
from souk.web.dashboard.metafield_types import CHOICES, NAMES
from souk.web.dashboard.pages import done, page


@blueprint.get("/shops/<slug>/entries")
@in_shop(Permission.CATALOG)
def entry_types(access: ShopAccess) -> Answer:
    with transaction(access.scope, read_only=True) as session:
        rows = list_entry_types(session)
    return page("entry_types.html", rows=rows)


@blueprint.route("/shops/<slug>/entries/new", methods=["GET", "POST"])
@in_shop(Permission.CATALOG)
def new_entry_type(access: ShopAccess) -> Answer:
    if request.method == "GET":
        return _type_page(access, None, {"storefront": True}, stored_rows(()))
    form, rows = _typed(request.form), typed_rows(request.form)
    kind = form["type"] or slugify(form["name"], "entry", 64).replace("-", "_")
    draft = EntryTypeDraft(kind, form["name"], form["description"], fields_of(rows), form["storefront"])
    try:
        with transaction(access.scope) as session:
            made = define_metaobject(session, draft)
    except SoukError as error:
        return _type_page(access, None, form, rows, error), error.status
    return done("The entries are defined; add the first one.", "entries", access, metaobject_definition_id=made)


@blueprint.route("/shops/<slug>/entries/<int:metaobject_definition_id>/fields", methods=["GET", "POST"])
@in_shop(Permission.CATALOG)
def entry_type(access: ShopAccess, metaobject_definition_id: int) -> Answer:
    with transaction(access.scope, read_only=True) as session:
        found = read_entry_type(session, metaobject_definition_id)
    if request.method == "GET":
        form = {name: getattr(found, name) for name in ("name", "type", "description", "storefront")}
        return _type_page(access, found.id, form, stored_rows(found.fields))
    form, rows = _typed(request.form) | {"type": found.type}, typed_rows(request.form)
    changes = {name: form[name] for name in ("name", "description", "storefront")} | {"fields": fields_of(rows)}
    try:
        with transaction(access.scope) as session:
            change_metaobject_definition(session, found.id, changes)
    except SoukError as error:
        return _type_page(access, found.id, form, rows, error), error.status
    return done("The fields are saved.", "entry_type", access, metaobject_definition_id=found.id)


@blueprint.post("/shops/<slug>/entries/<int:metaobject_definition_id>/delete")
@in_shop(Permission.CATALOG)
def remove_entry_type(access: ShopAccess, metaobject_definition_id: int) -> Answer:
    try:
        with transaction(access.scope) as session:
            found = read_entry_type(session, metaobject_definition_id)
            delete_metaobject_definition(session, found.id)
    except SoukError as error:
        if error.status != 409:  # noqa: PLR2004 - something refers to it
            raise
        form = {name: getattr(found, name) for name in ("name", "type", "description", "storefront")}
        return _type_page(access, found.id, form, stored_rows(found.fields), error), error.status
    return done("The entries are gone.", "entry_types", access)


def _typed(form: Mapping[str, str]) -> dict[str, Any]:
    texts: dict[str, Any] = {
        name: " ".join(form.get(name, "").replace("\0", "").split())[:300] for name in ("name", "type", "description")
    }
    return texts | {"storefront": "storefront" in form}


def _type_page(
    access: ShopAccess,
    definition_id: int | None,
    form: Mapping[str, Any],
    rows: list[FieldRow],
    error: SoukError | None = None,
) -> str:
    with transaction(access.scope, read_only=True) as session:
        kinds = list_entry_types(session)
    free = SPARE - sum(not row.name for row in rows[-SPARE:])
    return page(
        "entry_type.html", definition_id=definition_id, form=form, rows=[*rows, *(FieldRow() for _ in range(free))],
        types=CHOICES, names=NAMES, kinds=kinds, error=error,
    )  # fmt: skip
