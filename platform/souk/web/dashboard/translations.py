"""Translations of what the merchant wrote: how far each language is, and each text beside its source."""

from __future__ import annotations

from typing import Any

from flask import Response, g, request
from flask_login import current_user

from souk.kernel.db import transaction
from souk.kernel.errors import SoukError
from souk.kernel.localized import ENTRY, LABEL, MENU, THEME
from souk.kernel.tenancy import TenantScope
from souk.staff.memberships import ShopAccess
from souk.staff.roles import Permission
from souk.translating.save import save_translations
from souk.translating.sources import KINDS, ROWS, Resource, count_resources, read_resources
from souk.translating.state import read_translations
from souk.translating.transfer import MAX_BYTES, MAX_LINES, Report, read_csv, write_csv
from souk.web.dashboard.access import Answer, in_shop
from souk.web.dashboard.frame import blueprint
from souk.web.dashboard.pages import PER_PAGE, asked, done, page, page_number
from souk.web.language_prefix import NAMES, published_languages
from souk.web.theme_texts import NoTranslationFile, known_language, one_resource, theme_resource

TITLES = {
    "product": "Products", "collection": "Collections", "page": "Pages and policies", "article": "Posts",
    ENTRY: "Custom entries", MENU: "Menus", LABEL: "Options, categories and delivery", THEME: "Theme",
}  # fmt: skip
FIELDS = {
    "title": "Title", "description_html": "Description", "content_html": "Text", "excerpt": "Excerpt",
    "seo_title": "Title for search engines", "seo_description": "Description for search engines",
}  # fmt: skip


@blueprint.url_value_preprocessor
def take_translation_files(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Let people who are signed in send the texts of a whole shop; this runs before anything reads the form."""
    if endpoint == "dashboard.import_translations" and current_user.is_authenticated:
        request.max_content_length = MAX_BYTES + 64 * 1024


@blueprint.get("/shops/<slug>/translations")
@in_shop(Permission.CATALOG)
def translations(access: ShopAccess) -> Answer:
    """List the things of `?kind=` with how far they are in `?language=`."""
    return _list_page(access)


def _list_page(access: ShopAccess, error: SoukError | None = None, report: Report | None = None) -> str:
    languages = published_languages(g.shop_settings)[1:]
    language = asked("language", languages) or next(iter(languages), "")
    kind, words, todo = asked("kind", KINDS) or "product", asked("q"), asked("todo") == "1"
    number = page_number(request.args.get("page"))
    resources, total = _resources(access.scope, kind, words, language if todo else "", number)
    with transaction(access.scope, read_only=True) as session:
        rows = read_translations(session, resources, language)
    return page(
        "translations.html", rows=rows, kind=kind, kinds=TITLES, languages=languages, names=NAMES, language=language,
        words=words, todo=todo, number=number, per_page=PER_PAGE, total=total, error=error, report=report,
    )  # fmt: skip


def _resources(scope: TenantScope, kind: str, words: str, undone: str, number: int) -> tuple[list[Resource], int]:
    if kind == THEME:
        return [theme_resource(scope)], 1
    with transaction(scope, read_only=True) as session:
        found = read_resources(
            session, kind, words=words, undone=undone, limit=PER_PAGE, offset=(number - 1) * PER_PAGE
        )
        total = count_resources(session, kind, words=words, undone=undone) if kind in (*ROWS, ENTRY) else len(found)
    return found, total


@blueprint.route("/shops/<slug>/translations/<resource_type>/<int:resource_id>", methods=["GET", "POST"])
@in_shop(Permission.CATALOG)
def translation(access: ShopAccess, resource_type: str, resource_id: int) -> Answer:
    """Show each text of one thing beside its translation, and keep what is sent."""
    languages = published_languages(g.shop_settings)[1:]
    language = asked("language", languages) or next(iter(languages), "")
    resource, error = one_resource(access.scope, resource_type, resource_id), None
    if request.method == "POST":
        try:
            _save(access, resource, known_language(g.shop_settings, asked("language")))
        except SoukError as refused:
            error = refused
        else:
            where = {"resource_type": resource_type, "resource_id": resource_id, "language": language}
            return done("The translations are saved.", "translation", access, **where)
    with transaction(access.scope, read_only=True) as session:
        (row,) = read_translations(session, [resource], language)
    sent: dict[str, Any] = {name[2:]: value for name, value in request.form.items() if name.startswith("t-")}
    shown = page("translation.html", row=row, languages=languages, names=NAMES, language=language, sent=sent,
                 fields=FIELDS, kind_title=TITLES[resource_type], error=error)  # fmt: skip
    return (shown, error.status) if error else shown


def _save(access: ShopAccess, resource: Resource, language: str) -> None:
    named = enumerate(resource.texts)
    values = {text.field: request.form[f"t-{place}"] for place, text in named if f"t-{place}" in request.form}
    with transaction(access.scope) as session:
        save_translations(session, resource, language, values)


@blueprint.get("/shops/<slug>/translations/export")
@in_shop(Permission.CATALOG)
def export_translations(access: ShopAccess) -> Answer:
    """Answer every text of the shop with its translation into `?language=`, as CSV."""
    language = known_language(g.shop_settings, asked("language"))
    theme = theme_resource(access.scope)
    with transaction(access.scope, read_only=True) as session:
        found = [
            each for kind in (*ROWS, ENTRY, MENU, LABEL) for each in read_resources(session, kind, limit=MAX_LINES)
        ]
        text = write_csv(read_translations(session, [*found, theme], language), language)
    headers = {"Content-Disposition": f'attachment; filename="translations-{language}.csv"'}
    return Response(text, content_type="text/csv; charset=utf-8", headers=headers)


@blueprint.post("/shops/<slug>/translations/import")
@in_shop(Permission.CATALOG)
def import_translations(access: ShopAccess) -> Answer:
    """Keep the translations of a CSV file, and say what could not be kept."""
    theme = theme_resource(access.scope)
    try:
        sent = request.files.get("file")
        if sent is None or not sent.filename:
            raise NoTranslationFile
        with transaction(access.scope) as session:

            def find(kind: str, number: int) -> Resource | None:
                return theme if kind == THEME else next(iter(read_resources(session, kind, ids=[number])), None)

            report = read_csv(session, sent.read(MAX_BYTES + 1), published_languages(g.shop_settings)[1:], find)
    except SoukError as error:
        return _list_page(access, error), error.status
    if report.problems:
        return _list_page(access, report=report)
    return done(f"{report.saved} translations are kept.", "translations", access)
