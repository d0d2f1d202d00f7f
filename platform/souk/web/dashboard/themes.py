"""The theme library: what is live, what is worked on, and what can be done with whole themes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from flask import Response, redirect, request
from flask_login import current_user

from souk.kernel.config import config
from souk.kernel.db import transaction
from souk.kernel.errors import SoukError
from souk.kernel.tenancy import control_scope
from souk.media.configured import media_storage
from souk.staff.memberships import ShopAccess
from souk.staff.queries import names_of
from souk.staff.roles import Permission
from souk.web.dashboard.access import Answer, in_shop
from souk.web.dashboard.frame import blueprint
from souk.web.dashboard.pages import done, page, zone
from souk.web.hosts import preview_host
from themes.add_builtin import add_builtin
from themes.archive import pack
from themes.builtins import builtin_themes
from themes.installations import MAX_THEMES
from themes.library import BadPublishTime, delete_theme, duplicate_theme, rename_theme, schedule_theme
from themes.previews import revoke_preview, share_preview, shared_previews, staff_pass
from themes.publishing import count_publications, publish_theme
from themes.release import check_work, files_of
from themes.upload import ThemeRefused
from themes.validate import Finding
from themes.work import drop_draft, read_theme, read_themes


@blueprint.get("/shops/<slug>/themes")
@in_shop(Permission.THEMES)
def themes(access: ShopAccess) -> Answer:
    return themes_page(access)


def themes_page(access: ShopAccess, error: SoukError | None = None, findings: Iterable[Finding] = ()) -> str:
    """Draw the library; `findings` say why a theme was refused."""
    with transaction(access.scope, read_only=True) as session:
        rows, published = read_themes(session), count_publications(session)
    known = builtin_themes()
    return page(
        "themes.html", rows=rows, most=MAX_THEMES, published=published, builtins=known, findings=list(findings),
        names=people(each.edited_by for each in rows), frames={each.id: frame_url(access, each.id) for each in rows},
        updates={each.id: known[each.work.base_handle].version for each in rows
                 if each.work.base_files and each.work.base_handle in known
                 and known[each.work.base_handle].manifest != each.work.base_files},
        zone=str(zone()), error=error,
    )  # fmt: skip


def people(actors: Iterable[str]) -> dict[str, str]:
    """Return how to call whoever did something: staff by name, the rest in a word."""
    known = set(actors)
    staff = sorted(int(actor[6:]) for actor in known if actor.startswith("staff:"))
    with transaction(control_scope(), read_only=True) as session:
        names = {f"staff:{number}": name for number, name in names_of(session, staff).items()}
    return {actor: names.get(actor, "An app" if actor.startswith("app:") else "The platform") for actor in known}


def frame_url(access: ShopAccess, theme_id: int, *, design: bool = True) -> str:
    """Return the address of a theme's preview with a pass of this person."""
    token = staff_pass(config().secret_key, access.tenant_id, theme_id, design=design)
    origin = config().origin(preview_host(access.slug))
    return f"{origin}/?pt={token}" if design else f"{origin}/_preview/open/{token}"


@blueprint.get("/shops/<slug>/themes/<int:theme_id>")
@in_shop(Permission.THEMES)
def theme_details(access: ShopAccess, theme_id: int) -> Answer:
    return _details(access, theme_id)


def _details(access: ShopAccess, theme_id: int, error: SoukError | None = None, link: str = "") -> str:
    with transaction(access.scope, read_only=True) as session:
        theme = read_theme(session, theme_id)
        links = shared_previews(session, theme_id)
    refused = error.findings if isinstance(error, ThemeRefused) else []
    return page(
        "theme_details.html", theme=theme, links=links, link=link, error=error, findings=refused,
        frame=frame_url(access, theme_id), names=people([theme.edited_by, *(each.by for each in links)]),
        zone=str(zone()),
    )  # fmt: skip


@blueprint.get("/shops/<slug>/themes/<int:theme_id>/preview")
@in_shop(Permission.THEMES)
def preview_theme(access: ShopAccess, theme_id: int) -> Answer:
    with transaction(access.scope, read_only=True) as session:
        read_theme(session, theme_id)
    return redirect(frame_url(access, theme_id, design=False), 303)


@blueprint.get("/shops/<slug>/themes/<int:theme_id>/download")
@in_shop(Permission.THEMES)
def download_theme(access: ShopAccess, theme_id: int) -> Answer:
    with transaction(access.scope, read_only=True) as session:
        theme = read_theme(session, theme_id)
    content = pack(files_of(media_storage(config()), theme.work))
    name = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in theme.name.lower())
    headers = {"Content-Disposition": f'attachment; filename="{name}.zip"'}
    return Response(content, content_type="application/zip", headers=headers)


@blueprint.post("/shops/<slug>/themes/add")
@in_shop(Permission.THEMES)
def add_builtin_theme(access: ShopAccess) -> Answer:
    """Add one of the platform's themes as it comes."""
    try:
        with transaction(access.scope) as session:
            add_builtin(session, request.form.get("handle", ""), actor=current_user.record.actor)
    except SoukError as error:
        return themes_page(access, error), error.status
    return done("The theme is in the library; customise it and publish it when it is ready.", "themes", access)


@blueprint.post("/shops/<slug>/themes/<int:theme_id>/duplicate")
@in_shop(Permission.THEMES)
def copy_theme(access: ShopAccess, theme_id: int) -> Answer:
    try:
        with transaction(access.scope) as session:
            duplicate_theme(session, theme_id, actor=current_user.record.actor)
    except SoukError as error:
        return themes_page(access, error), error.status
    return done("The copy stands among your drafts.", "themes", access)


@blueprint.post("/shops/<slug>/themes/<int:theme_id>/rename")
@in_shop(Permission.THEMES)
def name_theme(access: ShopAccess, theme_id: int) -> Answer:
    try:
        with transaction(access.scope) as session:
            rename_theme(session, theme_id, request.form.get("name", ""))
    except SoukError as error:
        return _details(access, theme_id, error), error.status
    return done("The theme has its new name.", "theme_details", access, theme_id=theme_id)


@blueprint.post("/shops/<slug>/themes/<int:theme_id>/delete")
@in_shop(Permission.THEMES)
def remove_theme(access: ShopAccess, theme_id: int) -> Answer:
    try:
        with transaction(access.scope) as session:
            delete_theme(session, theme_id)
    except SoukError as error:
        return themes_page(access, error), error.status
    return done("The theme is gone; what shoppers saw of it stays in the history.", "themes", access)


@blueprint.post("/shops/<slug>/themes/<int:theme_id>/publish")
@in_shop(Permission.THEMES)
def publish_draft(access: ShopAccess, theme_id: int) -> Answer:
    """Check what is worked on and show exactly that to shoppers."""
    try:
        publish_checked(access, theme_id)
    except ThemeRefused as refused:
        return themes_page(access, refused, refused.findings), refused.status
    except SoukError as error:
        return themes_page(access, error), error.status
    return done("Shoppers see the theme now.", "themes", access)


def publish_checked(access: ShopAccess, theme_id: int, expected: int | None = None) -> None:
    """Publish the version that was checked; raises ThemeRefused, ThemeChanged."""
    with transaction(access.scope, read_only=True) as session:
        theme = read_theme(session, theme_id)
    check_work(media_storage(config()), theme.work)
    with transaction(access.scope) as session:
        publish_theme(session, theme_id, actor=current_user.record.actor, expected=expected or theme.version)


@blueprint.post("/shops/<slug>/themes/<int:theme_id>/discard")
@in_shop(Permission.THEMES)
def discard_draft(access: ShopAccess, theme_id: int) -> Answer:
    with transaction(access.scope) as session:
        theme = read_theme(session, theme_id)
        if theme.live:
            drop_draft(session, theme_id, expected=theme.version, actor=current_user.record.actor)
    return done("The changes that were not published are gone.", "themes", access)


@blueprint.post("/shops/<slug>/themes/<int:theme_id>/schedule")
@in_shop(Permission.THEMES)
def set_schedule(access: ShopAccess, theme_id: int) -> Answer:
    """Publish at the typed time of the shop's own clock; an empty one takes the schedule back."""
    typed = request.form.get("publish_at", "").strip()
    try:
        with transaction(access.scope, read_only=True) as session:
            theme = read_theme(session, theme_id)
        if typed:
            check_work(media_storage(config()), theme.work)
        with transaction(access.scope) as session:
            schedule_theme(session, theme_id, _moment(typed), actor=current_user.record.actor)
    except SoukError as error:
        return _details(access, theme_id, error), error.status
    message = "The theme will be published at that time." if typed else "The theme is not scheduled any more."
    return done(message, "theme_details", access, theme_id=theme_id)


def _moment(typed: str) -> datetime | None:
    if not typed:
        return None
    try:
        return datetime.fromisoformat(typed).replace(tzinfo=zone())
    except ValueError:
        raise BadPublishTime from None


@blueprint.post("/shops/<slug>/themes/<int:theme_id>/share")
@in_shop(Permission.THEMES)
def share_theme(access: ShopAccess, theme_id: int) -> Answer:
    try:
        with transaction(access.scope) as session:
            token = share_preview(session, theme_id, actor=current_user.record.actor)
    except SoukError as error:
        return _details(access, theme_id, error), error.status
    # No redirect: the secret is shown by this answer alone and kept nowhere.
    return _details(access, theme_id, link=f"{config().origin(preview_host(access.slug))}/_preview/open/{token}")


@blueprint.post("/shops/<slug>/themes/<int:theme_id>/revoke")
@in_shop(Permission.THEMES)
def revoke_link(access: ShopAccess, theme_id: int) -> Answer:
    with transaction(access.scope) as session:
        closed = revoke_preview(session, theme_id, request.form.get("link", ""))
    message = "The link opens nothing any more." if closed else "That link was closed already."
    return done(message, "theme_details", access, theme_id=theme_id)
