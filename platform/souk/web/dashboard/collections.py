"""Collections: groups of products, arranged by hand or kept by rules."""

from __future__ import annotations

from typing import Any

from flask import g, jsonify, request
from sqlalchemy import select
from sqlalchemy.orm import Session

from souk.catalog.collections import delete_collection, save_collection
from souk.catalog.drafts import CollectionDraft
from souk.catalog.errors import CollectionMissing
from souk.catalog.models import Collection
from souk.catalog.recompute import recompute
from souk.catalog.rules import FIELDS, Rules, check_rules, count_matching, rules_of
from souk.kernel.config import config
from souk.kernel.db import transaction
from souk.kernel.errors import SoukError
from souk.kernel.money import exponent
from souk.media.configured import media_storage
from souk.media.models import Media
from souk.media.store import KeptImage, keep_image, record_image
from souk.staff.memberships import ShopAccess
from souk.staff.roles import Permission
from souk.web.dashboard.access import Answer, in_shop
from souk.web.dashboard.collection_order import MAX_MEMBERS, find_others, members_of
from souk.web.dashboard.frame import blueprint
from souk.web.dashboard.metafield_inputs import save_inputs, stored_inputs, typed_inputs
from souk.web.dashboard.pages import asked, done, page, picture_url
from souk.web.dashboard.product_reads import list_collections
from souk.web.dashboard.rules_form import FIELD_TITLES, RELATIONS, rule_rows, rule_values, stored_rules, typed_rules
from themes.alternates import alternates

SORTS = {
    "manual": "By hand", "title-ascending": "Title", "price-ascending": "Lowest price",
    "price-descending": "Highest price", "created-descending": "Newest", "rating": "Best rated",
}  # fmt: skip
_TEXTS = ("title", "handle", "description_html", "sort_order", "seo_title", "seo_description", "template_suffix")


@blueprint.get("/shops/<slug>/collections")
@in_shop()
def collections(access: ShopAccess) -> Answer:
    with transaction(access.scope, read_only=True) as session:
        rows = list_collections(session)
    return page("collections.html", rows=rows)


@blueprint.route("/shops/<slug>/collections/new", methods=["GET", "POST"])
@in_shop(Permission.CATALOG)
def new_collection(access: ShopAccess) -> Answer:
    return _save(access, None) if request.method == "POST" else _form_page(access, None, {"published": True})


@blueprint.route("/shops/<slug>/collections/<int:collection_id>", methods=["GET", "POST"])
@in_shop(Permission.CATALOG)
def collection(access: ShopAccess, collection_id: int) -> Answer:
    if request.method == "POST":
        return _save(access, collection_id)
    with transaction(access.scope, read_only=True) as session:
        found = _read(session, collection_id)
    form = {name: getattr(found, name) for name in _TEXTS} | {"published": found.published_at is not None}
    return _form_page(access, collection_id, form, rules_of(found.rules) if found.rules else None)


@blueprint.post("/shops/<slug>/collections/preview")
@in_shop(Permission.CATALOG)
def preview_rules(access: ShopAccess) -> Answer:
    """Answer {"total", "titles"} of the products that the typed rules find, or {"error"}."""
    try:
        with transaction(access.scope, read_only=True) as session:
            total, titles = count_matching(session, typed_rules(request.form), _exponent())
    except SoukError as error:
        answer = jsonify(error=error.detail)
        answer.status_code = error.status
        return answer
    return jsonify(total=total, titles=titles)


@blueprint.post("/shops/<slug>/collections/<int:collection_id>/delete")
@in_shop(Permission.CATALOG)
def remove_collection(access: ShopAccess, collection_id: int) -> Answer:
    with transaction(access.scope) as session:
        delete_collection(session, collection_id)
    return done("The collection is gone; its products stay.", "collections", access)


def _save(access: ShopAccess, collection_id: int | None) -> Answer:
    form: dict[str, Any] = {name: request.form.get(name, "").replace("\0", "").strip() for name in _TEXTS}
    form["published"] = "published" in request.form
    rules = typed_rules(request.form) if request.form.get("kind") == "automated" else None
    if request.form.get("action") == "preview":
        return _form_page(access, collection_id, form, rules)
    try:
        kept = _keep_picture(access)
        with transaction(access.scope) as session:
            saved = _store(session, collection_id, form, rules, kept)
    except SoukError as error:
        return _form_page(access, collection_id, form, rules, error), error.status
    return done("The collection is saved.", "collection", access, collection_id=saved)


def _store(
    session: Session, collection_id: int | None, form: dict[str, Any], rules: Rules | None, kept: KeptImage | None
) -> int:
    if rules is not None:
        check_rules(rules)
    form["sort_order"] = form["sort_order"] if form["sort_order"] in SORTS else "manual"
    present = None if collection_id is None else _read(session, collection_id)
    media_id = record_image(session, kept).id if kept else None
    if media_id is None and present is not None and "drop_picture" not in request.form:
        media_id = present.media_id
    position = present.position if present is not None else 1
    draft = CollectionDraft(**form, media_id=media_id, position=position, rules=stored_rules(request.form))
    saved = save_collection(session, draft, collection_id)
    save_inputs(session, "collection", saved, request.form)
    if rules is not None:
        recompute(session, saved)
    return saved


def _keep_picture(access: ShopAccess) -> KeptImage | None:
    upload = request.files.get("picture")
    if upload is None or not upload.filename:
        return None
    return keep_image(media_storage(config()), access.tenant_id, upload.read(), upload.filename)


def _form_page(
    access: ShopAccess,
    collection_id: int | None,
    form: dict[str, Any],
    rules: Rules | None = None,
    error: SoukError | None = None,
) -> str:
    typing, words = request.method == "POST", asked("q")
    with transaction(access.scope, read_only=True) as session:
        members = members_of(session, collection_id) if collection_id else []
        others = find_others(session, collection_id, words) if collection_id and words else []
        found = _read(session, collection_id) if collection_id else None
        picture = _picture_key(session, found.media_id) if found is not None else None
        inputs = typed_inputs(session, "collection", request.form) if typing else stored_inputs(
            session, "collection", collection_id
        )  # fmt: skip
        preview, values = _preview(session, rules), rule_values(session)
        templates = alternates(session, "collection")
    return page(
        "collection.html", collection_id=collection_id, form=form, members=members, others=others, words=words,
        rules=rules, sorts=SORTS, rows=rule_rows(rules), relations=RELATIONS, fields=FIELD_TITLES, fits=FIELDS,
        rule_values=values, preview=preview, inputs=inputs, stored_picture=picture, picture=picture_url,
        most=MAX_MEMBERS, templates=templates, failed=str(error.extra.get("field", "")) if error else "", error=error,
    )  # fmt: skip


def _preview(session: Session, rules: Rules | None) -> tuple[int, list[str]] | None:
    """Return what the rules find; None while they mean nothing yet, which the form's own error tells."""
    if rules is None:
        return None
    try:
        return count_matching(session, rules, _exponent())
    except SoukError:
        return None


def _exponent() -> int:
    return exponent(str(g.shop_settings.get("currency", "USD")))


def _read(session: Session, collection_id: int) -> Collection:
    found = session.get(Collection, collection_id)
    if found is None:
        raise CollectionMissing
    return found


def _picture_key(session: Session, media_id: int | None) -> str | None:
    return session.execute(select(Media.storage_key).where(Media.id == media_id)).scalar_one_or_none()
