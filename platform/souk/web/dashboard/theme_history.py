"""What shoppers saw from when on, who changed it and how, and the way back."""

from __future__ import annotations

from flask import request
from flask_login import current_user

from souk.kernel.config import config
from souk.kernel.db import transaction
from souk.media.configured import media_storage
from souk.staff.memberships import ShopAccess
from souk.staff.roles import Permission
from souk.web.dashboard.access import Answer, in_shop
from souk.web.dashboard.frame import blueprint
from souk.web.dashboard.pages import done, page, page_number
from souk.web.dashboard.themes import people
from themes.changes import difference
from themes.publishing import (
    count_publications,
    list_publications,
    publication_before,
    read_publication,
    roll_back,
)
from themes.release import files_of

PER_PAGE = 25


@blueprint.get("/shops/<slug>/themes/history")
@in_shop(Permission.THEMES)
def theme_history(access: ShopAccess) -> Answer:
    number = page_number(request.args.get("page"))
    with transaction(access.scope, read_only=True) as session:
        total = count_publications(session)
        rows = list_publications(session, PER_PAGE, (number - 1) * PER_PAGE)
    return page(
        "theme_history.html", rows=rows, total=total, number=number, per_page=PER_PAGE,
        names=people(each.actor for each in rows),
    )  # fmt: skip


@blueprint.get("/shops/<slug>/themes/history/<int:publication_id>")
@in_shop(Permission.THEMES)
def theme_publication(access: ShopAccess, publication_id: int) -> Answer:
    """Show what a publication changed against the one before it."""
    with transaction(access.scope, read_only=True) as session:
        found = read_publication(session, publication_id)
        before = publication_before(session, publication_id)
        newest = list_publications(session, 1)[0].id == publication_id
    storage = media_storage(config())
    changes = difference(files_of(storage, before.work), files_of(storage, found.work)) if before else None
    return page(
        "theme_publication.html", found=found, before=before, changes=changes, newest=newest,
        names=people([found.actor]),
    )  # fmt: skip


@blueprint.post("/shops/<slug>/themes/history/<int:publication_id>/restore")
@in_shop(Permission.THEMES)
def restore_theme(access: ShopAccess, publication_id: int) -> Answer:
    with transaction(access.scope) as session:
        roll_back(session, publication_id, actor=current_user.record.actor)
    return done("Shoppers see again what they saw then.", "theme_history", access)
