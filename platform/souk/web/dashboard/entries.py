"""Custom entries of one kind: the list, and the form of each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import request

from souk.catalog.metaobjects.define import EntryType, read_entry_type
from souk.catalog.metaobjects.delete import delete_entry
from souk.catalog.metaobjects.errors import MetaobjectMissing
from souk.catalog.metaobjects.models import STATUSES
from souk.catalog.metaobjects.queries import list_entries, read_entry
from souk.catalog.metaobjects.save import EntryDraft, save_entry
from souk.kernel.db import transaction
from souk.kernel.errors import SoukError
from souk.staff.memberships import ShopAccess
from souk.staff.roles import Permission
from souk.web.dashboard.access import Answer, in_shop
from souk.web.dashboard.frame import blueprint
from souk.web.dashboard.metafield_inputs import input_of, stored_input
from souk.web.dashboard.pages import PER_PAGE, asked, done, page, page_number

_TEXTS = ("title", "handle", "status")


@blueprint.get("/shops/<slug>/entries/<int:metaobject_definition_id>")
@in_shop(Permission.CATALOG)
def entries(access: ShopAccess, metaobject_definition_id: int) -> Answer:
    words, number = asked("q"), page_number(request.args.get("page"))
    with transaction(access.scope, read_only=True) as session:
        kind = read_entry_type(session, metaobject_definition_id)
        rows, total = list_entries(session, kind.id, words, offset=(number - 1) * PER_PAGE, limit=PER_PAGE)
    return page("entries.html", kind=kind, rows=rows, total=total, number=number, per_page=PER_PAGE, words=words)


@blueprint.route("/shops/<slug>/entries/<int:metaobject_definition_id>/new", methods=["GET", "POST"])
@in_shop(Permission.CATALOG)
def new_entry(access: ShopAccess, metaobject_definition_id: int) -> Answer:
    with transaction(access.scope, read_only=True) as session:
        kind = read_entry_type(session, metaobject_definition_id)
    if request.method == "POST":
        return _save(access, kind, None)
    return _entry_page(access, kind, None, {"status": "active"}, {})


@blueprint.route(
    "/shops/<slug>/entries/<int:metaobject_definition_id>/<int:metaobject_id>", methods=["GET", "POST"]
)  # fmt: skip
@in_shop(Permission.CATALOG)
def entry(access: ShopAccess, metaobject_definition_id: int, metaobject_id: int) -> Answer:
    with transaction(access.scope, read_only=True) as session:
        kind, found = read_entry_type(session, metaobject_definition_id), read_entry(session, metaobject_id)
    if found.definition_id != kind.id:
        raise MetaobjectMissing
    if request.method == "POST":
        return _save(access, kind, found.id)
    return _entry_page(access, kind, found.id, {name: getattr(found, name) for name in _TEXTS}, found.values)


@blueprint.post("/shops/<slug>/entries/<int:metaobject_definition_id>/<int:metaobject_id>/delete")
@in_shop(Permission.CATALOG)
def remove_entry(access: ShopAccess, metaobject_definition_id: int, metaobject_id: int) -> Answer:
    with transaction(access.scope) as session:
        if read_entry(session, metaobject_id).definition_id != metaobject_definition_id:
            raise MetaobjectMissing
        delete_entry(session, metaobject_id)
    return done("The entry is gone.", "entries", access, metaobject_definition_id=metaobject_definition_id)


def _save(access: ShopAccess, kind: EntryType, entry_id: int | None) -> Answer:
    form = {name: request.form.get(name, "").replace("\0", "").strip() for name in _TEXTS}
    names = {each.key: f"m-{each.as_definition().full_key}" for each in kind.fields}
    typed = {key: request.form[name] for key, name in names.items() if name in request.form}
    try:
        with transaction(access.scope) as session:
            saved = save_entry(session, kind, EntryDraft(**form, values=typed), entry_id)
    except SoukError as error:
        return _entry_page(access, kind, entry_id, form, typed, error=error), error.status
    names_of_page = {"metaobject_definition_id": kind.id, "metaobject_id": saved}
    return done("The entry is saved.", "entry", access, **names_of_page)


def _entry_page(
    access: ShopAccess,
    kind: EntryType,
    entry_id: int | None,
    form: Mapping[str, str],
    values: Mapping[str, Any],
    *,
    error: SoukError | None = None,
) -> str:
    """Show the form; `values` are the stored ones, or what was typed when there is an error."""
    with transaction(access.scope, read_only=True) as session:
        make = stored_input if error is None else input_of
        inputs = [make(session, each.as_definition(), values.get(each.key)) for each in kind.fields]
    failed = str(error.extra.get("field", "")) if error else ""
    return page(
        "entry.html", kind=kind, entry_id=entry_id, form=form, inputs=inputs, failed=failed, statuses=STATUSES,
        error=error,
    )  # fmt: skip
